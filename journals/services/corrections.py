"""Taking credits back: previewed to the last figure, then done once, with a letter (R-UPL-4)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.urls import reverse as address_of
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import rules, wording
from journals.models import Arrangement, Entry, PolicyRow
from journals.permissions import can_correct
from journals.services.rows import policy_on
from journals.states import EVENTS, Activity, Source
from serportal.outbox import services as outbox
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, in_credits, number, programme_day, span_text

REVERSAL_LETTER = "entry-reversed"


@dataclass(frozen=True)
class Correction:
    """What taking an entry back would change now. ``digest`` names exactly these figures and this reason."""

    entry: Entry
    year: int
    before: rules.Progress
    after: rules.Progress
    short: tuple[str, ...]
    freed: tuple[str, ...]
    letter: dict[str, str]
    digest: str

    @property
    def year_before(self) -> rules.YearSum:
        return self.before.years[self.year - 1]

    @property
    def year_after(self) -> rules.YearSum:
        return self.after.years[self.year - 1]


def preview_reversal(entry: Entry, *, reason: str = "", at: datetime | None = None) -> Correction:
    """Work out what taking ``entry`` back would change; changes nothing.

    Raises Refusal for a correction, and for an entry that is taken back already.
    """
    at = at or timezone.now()
    if entry.reverses_id:
        raise Refusal("a-correction", _("This line is itself a correction. Enter the credit again instead."))
    made = Entry.objects.filter(reverses=entry).first()
    if made is not None:
        day = day_text(programme_day(made.approved_at))
        raise Refusal("taken-back", _("These credits were taken back on {day}; nothing is left to do.").format(day=day))
    policy = policy_on(programme_day(at))
    years = entry.period.years()
    rows = Entry.objects.filter(period=entry.period_id).values_list("earned_on", "credits", "upload")
    lines = [rules.Line(day, credits, upload is not None) for day, credits, upload in rows]
    taken = rules.Line(entry.earned_on, -entry.credits, uploaded=False)
    arranged = Arrangement.objects.filter(period=entry.period_id).arranged()
    before, after = (
        rules.progress(some, years=years, goal=policy.period_credits, yearly=policy.year_credits, arranged=arranged)
        for some in (lines, [*lines, taken])
    )
    year = entry.period.year_of(entry.earned_on).number
    short = tuple(wording.now_short(before, after, year))
    letter = _letter(entry, before, after, year, short, reason.strip(), at)
    freed = tuple(str(sentence) for sentence in _freed(entry, policy))
    digest = hashlib.sha256(json.dumps([letter, freed]).encode()).hexdigest()
    return Correction(entry, year, before, after, short, freed, letter, digest)


def _freed(entry: Entry, policy: PolicyRow):
    """Yield what a later claim may get again; what was granted for other claims stays as it is."""
    standing = Entry.objects.standing().filter(person=entry.person_id)
    if entry.event_id and entry.activity in EVENTS:
        rows = standing.annotate(root=Coalesce("event__same_as_id", "event_id")).filter(root=entry.event.root_id)
        yield wording.event_freed(entry.event.name, _total(rows), entry.credits, policy.event_cap)
    if entry.activity == Activity.VOLUNTEERING:
        rows = standing.filter(activity=entry.activity, period=entry.period_id)
        yield wording.volunteering_freed(_total(rows), entry.credits, policy.volunteer_cap)
    for key in ("course_key", "code_key", "role_key"):
        if getattr(entry, key):
            yield wording.FREED[key]


def _total(entries) -> Decimal:
    return entries.aggregate(total=Coalesce(Sum("credits"), Decimal(0)))["total"]


def _letter(entry: Entry, before, after, year: int, short, reason: str, at: datetime) -> dict[str, str]:
    today = programme_day(at)
    upload = rules.next_upload(today, a_year=policy_on(today).uploads_a_year)
    day = day_text(entry.earned_on)
    one_before, one_after = before.years[year - 1], after.years[year - 1]
    return {
        "name": entry.person.name,
        "title": entry.description,
        "day": day,
        "credits": in_credits(entry.credits),
        "reason": reason,
        "period": span_text(entry.period.starts_on, entry.period.ends_on),
        "goal": number(after.goal),
        "before": number(before.total),
        "after": number(after.total),
        "year": str(year),
        "least": number(one_after.least),
        "year_before": number(one_before.total),
        "year_after": number(one_after.total),
        "short": " ".join(short),
        "upload": day_text(upload),
        "today": day_text(today),
        "reference": _reference(entry) or _("the day of this letter"),
        "link": settings.SITE_URL + address_of("journals:journal") + f"?period={entry.period.starts_on.isoformat()}",
    }


def _reference(entry: Entry) -> str:
    return entry.decision.case.reference if entry.decision_id else ""


@transaction.atomic
def reverse(
    entry_id: int, *, reason: str, by, at: datetime | None = None, digest: str = "", tell: bool = True
) -> Entry:
    """Take an entry back by one with the same amount below zero (R-UPL-4); asked again, return that one.

    The member gets a letter, unless another letter tells it (``tell``). Raises Refusal without a reason, for an entry
    that is itself a correction, for someone who has a part in it, and where the preview named by ``digest`` would read
    differently by now.
    """
    at = at or timezone.now()
    person_id = Entry.objects.values_list("person", flat=True).get(pk=entry_id)
    get_user_model().objects.select_for_update(no_key=True).get(pk=person_id)
    made = Entry.objects.filter(reverses=entry_id).first()
    if made is not None:
        return made
    entry = Entry.objects.select_related("person", "period", "event", "decision__case").get(pk=entry_id)
    if not can_correct(by, entry):
        raise Refusal("not-yours", _("You have a part in this, so you cannot take it back. Ask another coordinator."))
    correction = preview_reversal(entry, reason=reason, at=at)
    if not reason.strip():
        raise Refusal("no-reason", _("Taking credits back needs a reason. The member reads it in the journal."))
    if digest and digest != correction.digest:
        raise Refusal(
            "changed-preview",
            _("Something changed since you read the preview. Nothing was done. Read the new one below, then confirm."),
        )
    made = Entry.objects.create(
        reverses=entry,
        person=entry.person,
        period=entry.period,
        source=Source.REVERSAL,
        entered_by=by,
        activity=entry.activity,
        description=entry.description,
        earned_on=entry.earned_on,
        credits=-entry.credits,
        sentence=reason.strip(),
        approved_at=at,
    )
    if tell:
        outbox.owe(
            key=f"reversal:{made.pk}",
            template=REVERSAL_LETTER,
            person=entry.person,
            context=correction.letter,
            about=_reference(entry),
            at=at,
        )
    return made
