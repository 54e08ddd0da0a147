"""What people choose about their reminders: which they get, and which come again later.

Decisions, receipts, questions and bills are letters of their own and always go, the letter about grace among them
(R-PER-6: nobody lapses who was not told). Ballots, cases and what SER asks a sponsor for are duties: nobody stops them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import rules
from serportal.outbox.models import PutOff, Reminder, Stopped
from serportal.outbox.rules import Due
from serportal.outbox.services.reminding import digest_key, due_by, lines_of, planned
from serportal.outbox.states import Family
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

DAYS_AHEAD = 90
SUGGESTED = timedelta(days=14)


@dataclass(frozen=True)
class Ahead:
    """A line that somebody will be told on ``day``, or was told already where there is none.

    ``latest`` is the last day until which it can be put off, None where it cannot be.
    """

    due: Due
    line: str
    day: date | None
    latest: date | None
    suggested: date | None

    @property
    def what(self) -> str:
        """What it is about, as a form names it."""
        return f"{self.due.purpose} {self.due.object}"


def ahead_of(person, *, at: datetime | None = None) -> list[Ahead]:
    """Return what ``person`` is reminded of in the next 90 days if nothing changes, by day; what was told comes last.

    Only the next telling of a thing can be put off.
    """
    today = programme_day(at)
    due = due_by(today + timedelta(days=DAYS_AHEAD), today=today, person=person.pk)
    lines, found, seen = lines_of(due), [], set()
    for day, told in planned(due, today, DAYS_AHEAD + 1):
        for one in told:
            found.append(_ahead(one, lines[one.key], day, today, one.key[:3] not in seen))
            seen.add(one.key[:3])
    told = rules.to_tell(one for one in due if one.due_on <= today and one.key[:3] not in seen)
    return found + [_ahead(one, lines[one.key], None, today, True) for one in told]


def _ahead(one: Due, line: str, day: date | None, today: date, is_next: bool) -> Ahead:
    latest = rules.latest_again(one) if is_next else None
    soonest = day or today
    if latest is None or latest <= soonest:
        return Ahead(one, line, day, None, None)
    return Ahead(one, line, day, latest, min(soonest + SUGGESTED, latest))


def told_in(person, day: date) -> set[tuple[str, str]]:
    """Return the (purpose, object) of each line in the digest that ``person`` had on ``day``."""
    rows = Reminder.objects.filter(message__key=digest_key(person.pk, day), person=person)
    return set(rows.values_list("purpose", "object"))


def stopped_by(person) -> set[str]:
    """Return the families of reminders that ``person`` does not get."""
    return set(Stopped.objects.filter(person=person).values_list("family", flat=True))


@transaction.atomic
def put_off(*, what: str, until: date, by, at: datetime | None = None) -> PutOff:
    """Let the thing named ``what`` be told to ``by`` again on the day ``until``, and not before.

    What was put off can be put off anew, or told sooner. Raises Refusal for what is done, over, or a duty; for a day on
    which it would be told anyway; and for one that leaves less than a week before the deadline.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    found = next((one for one in ahead_of(by, at=at) if one.what == what), None)
    if found is None:
        raise Refusal("gone", _("Nothing was put off: that is done or over, and no reminder of it is due any more."))
    deadline = day_text(found.due.deadline)
    if found.latest is None:
        text = _("This reminder cannot be put off: {day} is too near, or it is a duty. Choose below what you get.")
        raise Refusal("too-near", text.format(day=deadline))
    if until > found.latest:
        text = _("{until} is too late: the deadline is {day}. Choose {latest}, a week before it, or an earlier day.")
        raise Refusal("too-late", text.format(until=day_text(until), day=deadline, latest=day_text(found.latest)))
    chosen_before = found.due.step.startswith(rules.AGAIN)
    soonest = programme_day(at) if chosen_before else found.day or programme_day(at)
    if until <= soonest:
        raise Refusal("not-later", _("Choose a day after {day}: it is not told before.").format(day=day_text(soonest)))
    chosen, _made = PutOff.objects.update_or_create(
        person=by,
        purpose=found.due.purpose,
        object=found.due.object,
        defaults={"until": until, "chosen_at": at or timezone.now()},
    )
    return chosen


@transaction.atomic
def choose(*, wanted: Collection[str], by, at: datetime | None = None) -> None:
    """Let ``by`` be reminded of the families in ``wanted`` alone; asked twice, it is the same as asked once."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    Stopped.objects.filter(person=by, family__in=wanted).delete()
    rows = [Stopped(person=by, family=one, since=at or timezone.now()) for one in Family.values if one not in wanted]
    Stopped.objects.bulk_create(rows, ignore_conflicts=True)
