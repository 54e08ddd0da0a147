"""What a claim is worth by the rows in force, and the entry it becomes; entries are added, never changed (R-UPL-4)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from journals import rules, wording
from journals.models import Entry, Event, KnowledgeArea, PolicyRow, ScheduleRow
from journals.states import CATEGORIES, Activity, Ruling, Source
from serportal.certifications.models import Period
from serportal.reviews.models import Decision, ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


def policy_on(day) -> PolicyRow:
    """Return the policy in force on ``day``."""
    return PolicyRow.objects.in_force(day)[0]


def rate_on(activity: str, day) -> ScheduleRow:
    """Return the line of the credit schedule for an activity completed on ``day`` (R-CAT)."""
    return ScheduleRow.objects.in_force(day).filter(activity=activity)[0]


def schedule_on(day: date) -> list[tuple[int, str, list[ScheduleRow]]]:
    """Return (category, its name, its lines) of the credit schedule in force on ``day``, in its own order."""
    order = list(Activity)
    latest = (
        ScheduleRow.objects.filter(effective_from__lte=day).order_by("activity", "-effective_from").distinct("activity")
    )
    rows = sorted(latest, key=lambda row: (row.category, order.index(row.activity)))
    return [
        (category, name, lines)
        for category, name in CATEGORIES.items()
        if (lines := [row for row in rows if row.category == category])
    ]


def areas_on(day: date) -> dict[str, KnowledgeArea]:
    """Return the knowledge areas as they are called on ``day``, those no longer offered included, by their key."""
    latest = KnowledgeArea.objects.filter(effective_from__lte=day).order_by("key", "-effective_from").distinct("key")
    return {area.key: area for area in sorted(latest, key=lambda one: (one.place, one.key))}


def period_for(person, day, today) -> Period | None:
    """Return the period of ``person`` that holds ``day``, else the one of ``today``, else the latest (R-DATE)."""
    periods = list(Period.objects.of(person))
    for wanted in (day, today):
        for period in periods:
            if period.starts_on <= wanted <= period.ends_on:
                return period
    return periods[0] if periods else None


@dataclass(frozen=True)
class Work:
    """What a claim is worth, in which period, and the dated rows that said so; a filed claim keeps them."""

    credit: rules.Credit
    period: Period
    schedule_row: ScheduleRow
    policy_row: PolicyRow


def work_out(*, person, claim: rules.Claim, case: ReviewCase | None = None, at: datetime | None = None) -> Work:
    """Work out what ``claim`` is worth for ``person`` now, by the rows in force on its day (R-CAT).

    ``case`` is the claim’s own, whose credits do not stand in its way. Raises Period.DoesNotExist for someone who was
    never certified (R-CEC).
    """
    period = period_for(person, claim.completed_on, programme_day(at))
    if period is None:
        raise Period.DoesNotExist(f"{person} has no certification period.")
    rows = rate_on(claim.activity, claim.completed_on), policy_on(claim.completed_on)
    return Work(credit_by(claim, period, *rows, held=held_by(person, claim, case=case)), period, *rows)


def credit_by(
    claim: rules.Claim, period: Period, schedule_row: ScheduleRow, policy_row: PolicyRow, *, held=()
) -> rules.Credit:
    """Return what ``claim`` is worth in ``period`` by exactly these rows, beside what is already ``held``."""
    return rules.credit(
        claim,
        rate=schedule_row.as_rate(),
        policy=policy_row.as_policy(),
        span=rules.Span(tuple(period.years())),
        held=held,
    )


def held_by(person, claim: rules.Claim, *, case: ReviewCase | None = None) -> list[rules.Credited]:
    """Return the standing credits of ``person`` that may bear on ``claim``; those of its own ``case`` do not.

    One query, and none at all for a claim that nothing can bear on.
    """
    asked = []
    if claim.activity == Activity.VOLUNTEERING:
        asked.append(Q(activity=Activity.VOLUNTEERING))
    if claim.event is not None:
        asked.append(Q(root=claim.event))
    if claim.course:
        asked.append(Q(course_key=claim.course))
    if claim.code:
        asked.append(Q(code_key=claim.code))
    if claim.service is not None:
        asked.append(Q(level=claim.service.level))
    if not asked:
        return []
    entries = Entry.objects.standing().filter(person=person).annotate(root=Coalesce("event__same_as_id", "event_id"))
    if case is not None:
        entries = entries.exclude(decision__case=case)
    return [credited(entry) for entry in entries.filter(reduce(or_, asked))]


def credited(entry: Entry) -> rules.Credited:
    """Return what the rules must know of ``entry``; its event is the one annotated as ``root``."""
    service = None
    if entry.level and entry.served_from:
        service = rules.Service(entry.level, entry.role_key, entry.served_from, entry.earned_on)
    return rules.Credited(
        activity=entry.activity,
        day=entry.earned_on,
        credits=entry.credits,
        event=entry.root,
        course=entry.course_key,
        code=entry.code_key,
        service=service,
    )


def enter(
    *,
    decision: Decision,
    claim: rules.Claim,
    description: str,
    credit: rules.Credit,
    period: Period,
    event: Event | None = None,
    at: datetime,
) -> Entry:
    """Add the entry of an approved claim, under a lock on the person’s row; asked again, return it.

    An entry of an earlier decision on the same case that still stands is taken back first.
    """
    service = None if Ruling.SEPARATE in claim.rulings else claim.service
    with transaction.atomic():
        person = get_user_model().objects.select_for_update(no_key=True).get(pk=period.person_id)
        entry, _created = Entry.objects.get_or_create(
            decision=decision,
            defaults={
                "person": person,
                "period": period,
                "source": Source.CLAIM,
                "activity": claim.activity,
                "description": description,
                "earned_on": claim.completed_on,
                "credits": decision.credits,
                "event": event,
                "course_key": claim.course,
                "code_key": claim.code,
                "level": service.level if service else "",
                "role_key": service.role if service else "",
                "served_from": service.first if service else None,
                "reasons": wording.stored(credit.reasons),
                "sentence": wording.sentence(credit.reasons),
                "approved_at": at,
            },
        )
    return entry


@transaction.atomic
def reverse(entry_id: int, *, reason: str, by, at: datetime) -> Entry:
    """Take an entry back by one with the same amount below zero (R-UPL-4); asked again, return that one.

    Raises Refusal without a reason, and for an entry that is itself a correction.
    """
    person_id = Entry.objects.values_list("person", flat=True).get(pk=entry_id)
    get_user_model().objects.select_for_update(no_key=True).get(pk=person_id)
    entry = Entry.objects.get(pk=entry_id)
    if entry.reverses_id:
        raise Refusal("a-correction", _("This line is itself a correction. Enter the credit again instead."))
    if not reason.strip():
        raise Refusal("no-reason", _("Taking credits back needs a reason. The member reads it in the journal."))
    made, _created = Entry.objects.get_or_create(
        reverses=entry,
        defaults={
            "person_id": entry.person_id,
            "period_id": entry.period_id,
            "source": Source.REVERSAL,
            "entered_by": by,
            "activity": entry.activity,
            "description": entry.description,
            "earned_on": entry.earned_on,
            "credits": -entry.credits,
            "sentence": reason.strip(),
            "approved_at": at,
        },
    )
    return made
