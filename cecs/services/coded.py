"""The short form of a claim: an approval code fills it, and only the proof is left to add (SPEC 8)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs import asks, rules
from cecs.models import Draft
from cecs.services.codes import Stands, check_run, claimable, minutes_of, offering_of, stands
from cecs.services.drafts import start, unfiled
from cecs.services.filing import file_claim
from cecs.services.worth import Answers, Row
from preapprovals.models import AgendaSession, Occurrence, Offering
from preapprovals.services.offerings import add_occurrence
from serportal.drafts import services as drafts
from serportal.drafts.services import Seen
from serportal.reviews.models import ReviewCase
from serportal.ui.text import clean_text
from serportal.ui.words import number, programme_day

KEPT = ("run", "completed_on", "hours_attended", "grade", "attested")
MOST_LISTED = 200


@transaction.atomic
def begin(*, owner, of: Stands, key: uuid.UUID, at: datetime | None = None) -> Draft:
    """Start the short form for a code under ``key``; the same key again returns the draft that is there.

    What most people answer is answered already: the only date there is, all of its sessions. Raises Refusal for
    someone who may not file claims at all (R-CEC).
    """
    draft = start(owner=owner, key=key, activity=of.offering.category, at=at)
    if not draft.by_code and draft.version == 1:
        draft.data = {**draft.data, **prefilled(of, programme_day(at))}
        draft.save(update_fields=["data"])
    return draft


def prefilled(of: Stands, today: date) -> dict:
    """Return the answers with which the short form begins."""
    offering = of.offering
    runs = [] if of.on_demand else claimable(of, today)
    sessions = list(offering.sessions.all())
    return {
        "by_code": offering.code,
        "approval_code": offering.code,
        "title": offering.title,
        "provider": offering.sponsor.name,
        "delivery": offering.delivery,
        "instructor": offering.instructors,
        "objectives": offering.objectives,
        "areas": list(offering.areas),
        "run": str(runs[0].pk) if len(runs) == 1 else "",
        "sessions": [] if overlap(sessions) else [str(one.number) for one in sessions],
        "hours_attended": number(rules.in_hours([minutes_of(offering)])[0]),
    }


def overlap(sessions: Sequence[AgendaSession]) -> tuple[AgendaSession, AgendaSession] | None:
    """Return the first two of ``sessions`` that run at the same time."""
    found = rules.side_by_side([(one.day, one.starts, one.ends) for one in sessions])
    return (sessions[found[0]], sessions[found[1]]) if found else None


@transaction.atomic
def save_coded(*, draft_id: uuid.UUID, owner, posted, seen: Seen, at: datetime | None = None) -> Draft:
    """Keep what was typed into the short form. Raises StaleDraft where another page saved in between."""
    draft = unfiled(draft_id, owner)
    drafts.keep(draft, with_typed(draft, posted), seen=seen, at=at or timezone.now())
    return draft


def with_typed(draft: Draft, posted) -> dict:
    """Return the answers of ``draft`` with those of a posted short form in their place."""
    said = {name: clean_text(posted.get(name, ""))[:40] for name in KEPT}
    sessions = [clean_text(value)[:20] for value in posted.getlist("sessions")][:MOST_LISTED]
    return {**draft.data, **said, "sessions": sessions}


@transaction.atomic
def turn(*, draft_id: uuid.UUID, owner, code: str = "", at: datetime | None = None) -> Draft:
    """Ask about the same activity in the short form of ``code``, or without one in the form that asks everything.

    What was typed stays.
    """
    draft = unfiled(draft_id, owner)
    offering = offering_of(code)
    if draft.request_id or draft.by_code == (offering.code if offering else ""):
        return draft
    data = {**draft.data, "by_code": ""}
    if offering is not None:
        data |= {"activity": offering.category, **prefilled(stands(offering), programme_day(at))}
    draft.data, draft.version, draft.saved_at, draft.page = data, draft.version + 1, at or timezone.now(), None
    draft.save(update_fields=["data", "version", "saved_at", "page"])
    return draft


@dataclass(frozen=True)
class Part:
    """What was attended: of a day of the date, from 1, or of no single day; what it was; its minutes."""

    day: int | None
    what: str
    minutes: int


def parts_of(sessions: Sequence[AgendaSession]) -> tuple[Part, ...]:
    """Return the sessions that were attended, together by day."""
    days: dict[int, list[AgendaSession]] = {}
    for one in sessions:
        days.setdefault(one.day, []).append(one)
    return tuple(
        Part(day, "\n".join(one.title for one in those), sum(one.minutes for one in those))
        for day, those in sorted(days.items())
    )


def whole(offering: Offering, sessions: Sequence[AgendaSession]) -> tuple[Part, ...]:
    """Return all of an offering, by its sessions where they add up to it."""
    minutes = minutes_of(offering)
    if sum(one.minutes for one in sessions) == minutes:
        return parts_of(sessions)
    return (Part(None, _("All of it"), minutes),)


def answers_about(
    of: Stands,
    occurrence: Occurrence,
    parts: Sequence[Part],
    *,
    day: date | None = None,
    grade: str = "",
) -> Answers:
    """Return the claim that a code, one of its dates and what was attended of it make."""
    offering = of.offering
    occurrence.offering = offering
    first, last = day or occurrence.first_day, day or occurrence.last_day
    hours = rules.in_hours([one.minutes for one in parts])
    return Answers(
        activity=offering.category,
        title=offering.title,
        provider=offering.sponsor.name,
        first_day=first,
        last_day=last,
        rows=tuple(
            Row(_day_of(part, first, last, one), part.what, one) for part, one in zip(parts, hours, strict=True)
        ),
        areas=tuple(offering.areas),
        place=place_of(occurrence),
        delivery=offering.delivery,
        approval_code=offering.code,
        instructor=offering.instructors,
        objectives=offering.objectives,
        grade=grade,
        occurrence=occurrence,
    )


def _day_of(part: Part, first: date, last: date, hours) -> date | None:
    """Return the day on which a part was, where it is one; more hours than a day has were on several."""
    if hours > rules.DAY_HOURS:
        return None
    if part.day is None:
        return last if first == last else None
    day = first + timedelta(days=part.day - 1)
    return day if day <= last else None


def place_of(occurrence: Occurrence) -> str:
    """Return where it was held: “Ithaca, United States of America”, or its address online."""
    named = ", ".join(text for text in (occurrence.place, str(occurrence.country.name)) if text)
    return (named or occurrence.url)[:200]


def run_on_demand(of: Stands, day: date) -> Occurrence:
    """Return the time in which ``day`` lies and something on demand may be taken; made where none was named."""
    held = of.offering.occurrences.held().filter(first_day__lte=day, last_day__gte=day)
    found = held.select_related("event").order_by("pk").first()
    if found is not None:
        return found
    whole_time = Occurrence(offering=of.offering, first_day=of.offering.valid_from, last_day=of.offering.valid_to)
    whole_time.zone = settings.TIME_ZONE
    return whole_time


@transaction.atomic
def file_coded(*, draft_id: uuid.UUID, owner, answers: Answers, version: int, at: datetime | None = None) -> ReviewCase:
    """File the short form. Filed twice, it is the same case.

    What it says is kept in the words of the form that asks everything, in which a question about it is answered.
    Raises StaleDraft and Refusal as ``file_claim`` does, and Refusal where the date cannot be claimed (any more).
    """
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft_id, owner=owner)
    if draft.sent_at:
        return draft.case
    hold_still(answers.occurrence.pk, answers.occurrence.offering_id)
    of = stands(Offering.objects.select_related("sponsor").get(pk=answers.occurrence.offering_id))
    occurrence = settled(of, answers.occurrence, by=owner, at=at)
    check_run(of, occurrence, today=today, day=answers.last_day if of.on_demand else None)
    case = file_claim(
        draft_id=draft_id, owner=owner, answers=replace(answers, occurrence=occurrence), version=version, at=at
    )
    Draft.objects.filter(pk=draft_id).update(data=typed(answers))
    return case


def hold_still(occurrence_id: int | None, offering_id: int | None = None) -> None:
    """Lock a date, then its offering, so that nobody moves the one or ends the approval of the other meanwhile.

    Whoever changes a date locks both in this order.
    """
    if occurrence_id is not None:
        run = Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence_id)
        offering_id = run.offering_id
    Offering.objects.select_for_update(no_key=True).filter(pk=offering_id).first()


def settled(of: Stands, occurrence: Occurrence, *, by, at: datetime | None) -> Occurrence:
    """Return the date as it is stored now; the whole time of something on demand is made by its first claim."""
    if occurrence.pk is not None:
        return of.offering.occurrences.select_related("event", "offering__sponsor").get(pk=occurrence.pk)
    held = of.offering.occurrences.held().filter(first_day=occurrence.first_day, last_day=occurrence.last_day)
    days = {"first_day": occurrence.first_day, "last_day": occurrence.last_day, "zone": occurrence.zone}
    return held.order_by("pk").first() or add_occurrence(offering_id=of.offering.pk, by=by, at=at, **days)


def typed(answers: Answers) -> dict:
    """Return ``answers`` as they would be typed into the form that asks everything."""
    data = {"activity": answers.activity, "attested": "on"}
    for ask in asks.FORMS[answers.activity].asks():
        value = getattr(answers, ask.name)
        if ask.kind == "many":
            data[ask.name] = list(value)
        elif value:
            data[ask.name] = value.isoformat() if isinstance(value, date) else value
    for number_of_row, row in enumerate(answers.rows):
        place = (row.day - answers.first_day).days if row.day else number_of_row
        data |= {f"what-{place}": row.what, f"hours-{place}": str(row.hours)}
    return data
