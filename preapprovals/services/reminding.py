"""What sponsors are reminded of: completion to confirm, records, approvals that end, requests never sent (SPEC 5)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from preapprovals.models import Contact, Draft, Occurrence, Offering, PreapprovalRequest, Visit
from preapprovals.querysets import EDITORS, REQUESTS
from preapprovals.services.visiting import records_address
from preapprovals.states import OfferingState
from serportal.outbox.rules import Due
from serportal.outbox.states import Family
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED
from serportal.ui.words import day_text, programme_day, programme_zone

CONFIRM, EXPIRY, DRAFT = "reminder-completion", "reminder-expiry", "reminder-preapproval-draft"
RECORDS = "reminder-records"
CONFIRM_STEPS, EXPIRY_STEPS, IDLE_DAYS = (20, 30), (60, 14), 30
# Days from the one by which records were asked for: a week before it, and once it is over.
RECORDS_STEPS = (-7, 1)
# A date whose completion nobody confirmed for so long is the coordinator’s to ask about.
CONFIRM_ENDS = timedelta(days=90)


def due(day: date, *, today: date | None = None, person: int | None = None) -> list[Due]:
    """Return whom what is due by ``day`` as things stand ``today`` (the same day, if none is given), told or not.

    What is done or gone is not among it. ``person`` asks for one alone.
    """
    today = today or day
    of_sponsors = [*_confirmations(day, today, person), *_records(day, person), *_expiries(day, today, person)]
    return [*of_sponsors, *_drafts(day, today, person)]


def _confirmations(day: date, today: date, person: int | None) -> Iterator[Due]:
    """R-SPO-4: 20 and 30 days after a date, while its completion is not confirmed."""
    first = CONFIRM_STEPS[0]
    runs = Occurrence.objects.to_confirm(day).filter(
        last_day__lte=day - timedelta(days=first), last_day__gte=today - CONFIRM_ENDS
    )
    runs = list(_of(person, runs, "offering__sponsor").select_related("offering").order_by("pk"))
    readers, cases = _readers((run.offering for run in runs), person), _cases(run.offering for run in runs)
    for run in runs:
        for step in CONFIRM_STEPS:
            due_on = run.last_day + timedelta(days=step)
            if due_on > day:
                continue
            for person in readers[run.offering.sponsor_id]:
                yield Due(
                    person=person,
                    purpose=CONFIRM,
                    object=f"occurrence:{run.pk}",
                    step=str(step),
                    due_on=due_on,
                    deadline=run.confirm_by,
                    about=cases[run.offering_id],
                    context={
                        "title": run.offering.title,
                        "day": day_text(run.last_day),
                        "due": day_text(run.confirm_by),
                        "link": settings.SITE_URL + reverse("preapprovals:date", args=[run.pk]),
                    },
                    family=Family.COURSES,
                )


def _records(day: date, person: int | None) -> Iterator[Due]:
    """R-SPO-5: a week before and the day after the day by which SER asked for records, while they are not sent.

    What is asked for within less than a week is in the letter that asks, so the first one is left out.
    """
    asked = Visit.objects.unanswered().filter(asked_until__lte=day - timedelta(days=RECORDS_STEPS[0]))
    asked = list(_of(person, asked, "offering__sponsor").select_related("offering").order_by("pk"))
    readers, cases = _readers((one.offering for one in asked), person), _cases(one.offering for one in asked)
    for one in asked:
        for step in RECORDS_STEPS:
            due_on = one.asked_until + timedelta(days=step)
            if not one.on_day < due_on <= day:
                continue
            for person in readers[one.offering.sponsor_id]:
                yield Due(
                    person=person,
                    purpose=RECORDS,
                    object=f"visit:{one.pk}",
                    step=str(step),
                    due_on=due_on,
                    deadline=one.asked_until,
                    about=cases[one.offering_id],
                    context={
                        "title": one.offering.title,
                        "due": day_text(one.asked_until),
                        "link": records_address(one),
                    },
                )


def _expiries(day: date, today: date, person: int | None) -> Iterator[Due]:
    """R-SPO-2: 60 and 14 days before the last day of what recurs, unless it is renewed or asked for again."""
    asked = PreapprovalRequest.objects.filter(renews=OuterRef("pk")).exclude(case__state__in=ENDED)
    soon = Offering.objects.expiring(today, within=(day - today).days + EXPIRY_STEPS[0]).filter(
        ~Exists(asked), state=OfferingState.ACTIVE, code__isnull=False, recurring=True, renewed_by__isnull=True
    )
    soon = list(_of(person, soon, "sponsor").order_by("pk"))
    readers, cases = _readers(soon, person), _cases(soon)
    for one in soon:
        for step in EXPIRY_STEPS:
            due_on = one.valid_to - timedelta(days=step)
            if due_on > day:
                continue
            for person in readers[one.sponsor_id]:
                yield Due(
                    person=person,
                    purpose=EXPIRY,
                    object=f"offering:{one.pk}",
                    step=str(step),
                    due_on=due_on,
                    deadline=one.valid_to,
                    about=cases[one.pk],
                    context={
                        "title": one.title,
                        "day": day_text(one.valid_to),
                        "link": settings.SITE_URL + reverse("preapprovals:offering", args=[one.pk]),
                    },
                    family=Family.COURSES,
                )


def _drafts(day: date, today: date, person: int | None) -> Iterator[Due]:
    """Whose request has lain untouched for 30 days; one left for twice as long is not mentioned any more."""
    first = _begin_of(today - timedelta(days=2 * IDLE_DAYS))
    last = _begin_of(day - timedelta(days=IDLE_DAYS - 1))
    drafts = Draft.objects.filter(
        sent_at__isnull=True, request__isnull=True, saved_at__gte=first, saved_at__lt=last, owner__is_active=True
    )
    if person is not None:
        drafts = drafts.filter(owner=person)
    for draft in drafts.order_by("pk").only("pk", "owner_id", "saved_at"):
        saved_on = programme_day(draft.saved_at)
        due_on = saved_on + timedelta(days=IDLE_DAYS)
        yield Due(
            person=draft.owner_id,
            purpose=DRAFT,
            object=f"draft:{draft.pk.hex}",
            step=str(saved_on),
            due_on=due_on,
            deadline=due_on,
            about="",
            context={
                "since": day_text(saved_on),
                "link": settings.SITE_URL + reverse("preapprovals:draft", args=[draft.pk]),
            },
            family=Family.DRAFTS,
        )


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=programme_zone())


def _of(person: int | None, rows, to_sponsor: str):
    """Return those of ``rows`` that one person may act for; all of them for nobody in particular."""
    if person is None:
        return rows
    own = Contact.objects.current().filter(person=person, role__in=EDITORS)
    return rows.filter(**{f"{to_sponsor}__in": own.values("sponsor")})


def _readers(offerings, person: int | None) -> dict[int, list[int]]:
    """Return who may act for each sponsor of ``offerings``; those who were only invited have no account to remind."""
    contacts = Contact.objects.current().filter(
        sponsor__in={one.sponsor_id for one in offerings}, role__in=EDITORS, person__is_active=True
    )
    if person is not None:
        contacts = contacts.filter(person=person)
    found = defaultdict(list)
    for sponsor, person in contacts.order_by("pk").values_list("sponsor", "person"):
        found[sponsor].append(person)
    return found


def _cases(offerings) -> dict[int, str]:
    """Return the reference of the case that each of ``offerings`` came from; "" where none did (R-REV-5)."""
    rows = Offering.objects.filter(pk__in={one.pk for one in offerings}).values_list("pk", *REQUESTS)
    keys = {pk: next((key for key in chain if key), None) for pk, *chain in rows}
    cases = ReviewCase.objects.filter(pk__in={key for key in keys.values() if key})
    references = dict(cases.values_list("pk", "reference"))
    return {pk: references.get(key, "") for pk, key in keys.items()}
