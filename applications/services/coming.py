"""Which reminders referees and colleges get in the days to come if nothing changes (SPEC 5)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import rules
from applications.models import Graduate, Reference
from applications.services import partner_reminders, reference_letters
from serportal.outbox.models import Message
from serportal.ui.words import programme_day


@dataclass(frozen=True)
class Coming:
    """One letter of one day. ``about`` are the cases it is about; there is none before an application is filed."""

    day: date
    to: str
    line: str
    about: frozenset[str]


def coming(*, days: int, at: datetime) -> list[Coming]:
    """Return the letters of the next ``days`` days, today among them, in three queries and one a college."""
    today = programme_day(at)
    span = [today + timedelta(days=n) for n in range(days)]
    return [*_to_referees(span), *_to_colleges(span)]


def _to_referees(span: list[date]) -> Iterator[Coming]:
    silent = list(Reference.objects.silent().filter(invited_at__isnull=False).select_related("draft__case"))
    steps = [(one, after) for one in silent for after in reference_letters.REMINDED_AFTER]
    keys = {reference_letters.reminder_key(one.pk, after) for one, after in steps}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for one, after in steps:
        day = programme_day(one.invited_at + timedelta(days=after))
        if day in span and reference_letters.reminder_key(one.pk, after) not in told:
            case = one.draft.case
            if case is None:
                yield Coming(day, one.name, _("Reminder of a reference for an application in preparation"), frozenset())
            else:
                line = _("Reminder of the reference for {reference}").format(reference=case.reference)
                yield Coming(day, one.name, line, frozenset({case.reference}))


def _to_colleges(span: list[date]) -> Iterator[Coming]:
    waiting = defaultdict(list)
    unanswered = Graduate.objects.unanswered().select_related("programme__partner", "application__case")
    for one in unanswered:
        waiting[one.programme.partner].append(one)
    for partner, graduates in waiting.items():
        asked, last = [programme_day(one.asked_at) for one in graduates], partner_reminders.last_told(partner)
        for day in span:
            if rules.reminder_due(asked, last=last, today=day):
                last = day
                line = ngettext("Reminder of one graduate", "Reminder of {n} graduates", len(graduates))
                about = frozenset(one.application.case.reference for one in graduates)
                yield Coming(day, partner.name, line.format(n=len(graduates)), about)
