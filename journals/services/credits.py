"""What a claim is worth by the rows in force, and the entry it becomes; entries are added, never changed (R-UPL-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from journals import rules, wording
from journals.models import Entry, Event, PolicyRow, ScheduleRow
from journals.services.rows import policy_on, rate_on
from journals.states import Activity, Ruling, Source
from serportal.certifications.models import Period
from serportal.reviews.models import Decision, ReviewCase
from serportal.ui.words import programme_day


def period_for(person, day, today) -> Period | None:
    """Return the period of ``person`` that holds ``day``, else the one of ``today``, else the latest (R-DATE)."""
    return period_among(list(Period.objects.of(person)), day, today)


def period_among(periods: Sequence[Period], day, today) -> Period | None:
    """Return the same of ``periods`` that are at hand, the latest first."""
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
    entries = _standing_of(person)
    if case is not None:
        entries = entries.exclude(decision__case=case)
    return [credited(entry) for entry in entries.filter(reduce(or_, asked))]


def all_held_by(person) -> list[rules.Credited]:
    """Return every standing credit of ``person``, whatever claims it may bear on; in one query."""
    entries = _standing_of(person).defer("description", "reasons", "sentence")
    return [credited(entry) for entry in entries]


def _standing_of(person):
    return Entry.objects.standing().filter(person=person).annotate(root=Coalesce("event__same_as_id", "event_id"))


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
    """Add the entry of an approved claim, under a lock on the person’s row; asked again, return it."""
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
