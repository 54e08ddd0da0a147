"""What is on the list: an offering with its code, put there when it is approved or brought in (R-SPO-2, R-SPO-3)."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import services as journals
from preapprovals.models import Notice, Occurrence, Offering, PreapprovalRequest, Sponsor
from preapprovals.models.requests import fresh_code
from preapprovals.rules import as_searched
from preapprovals.states import Act
from serportal.ui.refusal import Refusal
from serportal.ui.words import span_text


@transaction.atomic
def list_offering(
    *,
    sponsor: Sponsor,
    title: str,
    category: str,
    delivery: str,
    valid_from: date,
    valid_to: date,
    by,
    credits: Decimal | None = None,
    code: str = "",
    at: datetime | None = None,
    act: Act = Act.APPROVED,
    **more,
) -> Offering:
    """Put an offering on the list: with ``credits`` it is pre-approved and gets its code, without it is only listed.

    ``code`` is one that was kept for it, or that SER issued before.
    """
    at = at or timezone.now()
    offering = Offering(
        sponsor=sponsor,
        title=title,
        category=category,
        delivery=delivery,
        valid_from=valid_from,
        valid_to=valid_to,
        credits=credits,
        code=(code or new_code()) if credits else None,
        listed_at=at,
        **more,
    )
    offering.search = search_text(offering)
    offering.save()
    Notice.objects.create(offering=offering, act=act, at=at, by=by)
    return offering


def new_code() -> str:
    """Return a code that nobody has and nobody can guess (SPEC 9)."""
    while True:
        code = fresh_code()
        taken = Offering.objects.filter(code=code).exists() or PreapprovalRequest.objects.filter(code=code).exists()
        if not taken:
            return code


def search_text(offering: Offering) -> str:
    """Return what the list is searched by: what a person may remember of the offering."""
    said = [offering.title, offering.part_of, offering.sponsor.name, *offering.instructors.splitlines()]
    return as_searched(" ".join(said))


@transaction.atomic
def add_occurrence(
    *,
    offering_id: int,
    first_day: date,
    last_day: date,
    zone: str,
    by,
    starts: time | None = None,
    ends: time | None = None,
    place: str = "",
    country: str = "",
    url: str = "",
    at: datetime | None = None,
) -> Occurrence:
    """Add a dated run of an offering. Raises Refusal for days outside its approval (R-SPO-2).

    Its claims share one event, which is the larger conference where the offering is a session of one (R-CAP).
    """
    at = at or timezone.now()
    offering = Offering.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=offering_id)
    check_days(offering, first_day, last_day)
    event = journals.event_for(
        name=offering.part_of or offering.title, organiser=offering.sponsor.name, first=first_day, last=last_day
    )
    return Occurrence.objects.create(
        offering=offering,
        first_day=first_day,
        last_day=last_day,
        starts=starts,
        ends=ends,
        zone=zone,
        place=place,
        country=country,
        url=url,
        event=event,
        made_at=at,
        changed_at=at,
    )


def check_days(offering: Offering, first_day: date, last_day: date) -> None:
    """Raise Refusal for days on which the approval does not hold (R-SPO-2)."""
    if not offering.valid_from <= first_day <= last_day <= offering.valid_to:
        sentence = _("The approval holds {span}. Choose days within it, or ask for a new pre-approval.")
        raise Refusal("outside-approval", sentence.format(span=span_text(offering.valid_from, offering.valid_to)))
