"""What a decision about a request means: an offering on the list with its code and dates, or none (R-SPO-2)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from journals.states import Delivery
from preapprovals import rules
from preapprovals.models import AgendaSession, Notice, Offering, PreapprovalRequest
from preapprovals.services.offerings import add_occurrence, list_offering
from preapprovals.states import Act, OfferingState
from serportal.reviews.models import Decision
from serportal.ui.asks import parse_day
from serportal.ui.words import programme_day, programme_zone


def holds(request: PreapprovalRequest, decided_on: date) -> tuple[date, date]:
    """Return the first and last day of an approval of ``request`` that is decided on a day (R-SPO-2)."""
    first = rules.valid_from(decided_on, request.first_planned)
    recurs = request.recurring or request.delivery == Delivery.ON_DEMAND
    return first, rules.last_valid_day(first, recurring=recurs, last_planned=request.last_planned)


@transaction.atomic
def approve(*, request: PreapprovalRequest, decision: Decision, at: datetime) -> Offering:
    """Put what was approved on the list. Decided anew after a reopening, its offering keeps code and days.

    One that was terminated stays so: an appeal is the way out (R-SPO-6).
    """
    there = Offering.objects.select_for_update().filter(request=request).first()
    if there is None:
        return _list(request, decision, at)
    there.credits = decision.credits
    if there.state == OfferingState.WITHDRAWN:
        there.state = OfferingState.ACTIVE
        Notice.objects.create(offering=there, act=Act.APPROVED, at=at, by=decision.decided_by)
    there.save(update_fields=["credits", "state"])
    return there


@transaction.atomic
def take_back(*, request: PreapprovalRequest, decision: Decision, at: datetime) -> None:
    """Take an offering from the list whose request was denied after a reopening; nothing to do where there is none."""
    there = Offering.objects.select_for_update().standing().filter(request=request).first()
    if there is None:
        return
    there.state = OfferingState.WITHDRAWN
    there.save(update_fields=["state"])
    reason = _("{reference} was decided anew.").format(reference=decision.case.reference)
    Notice.objects.create(offering=there, act=Act.WITHDRAWN, reason=reason, at=at, by=decision.decided_by)


def _list(request: PreapprovalRequest, decision: Decision, at: datetime) -> Offering:
    first, last = holds(request, programme_day(at))
    said, register = request.content.get("offering", {}), request.content.get("register", {})
    before = request.renews if request.renews and not hasattr(request.renews, "renewed_by") else None
    offering = list_offering(
        sponsor=request.sponsor,
        title=request.title,
        category=request.category,
        delivery=request.delivery,
        valid_from=first,
        valid_to=last,
        credits=decision.credits,
        code=request.code,
        by=decision.decided_by,
        at=at,
        act=Act.RENEWED if before else Act.APPROVED,
        request=request,
        renews=before,
        part_of=request.part_of,
        description=said.get("description", ""),
        objectives=said.get("objectives", ""),
        areas=request.areas,
        language=said.get("language", ""),
        instructors="\n".join(one.name for one in request.instructors.all()),
        minutes=request.minutes,
        recurring=request.recurring,
        registration_name=register.get("contact_name", ""),
        registration_email=register.get("contact_email", ""),
        url=register.get("url", ""),
        price=register.get("price", "")[:100],
    )
    agenda = rules.read_agenda(request.content.get("agenda", {}))
    AgendaSession.objects.bulk_create(
        AgendaSession(
            offering=offering,
            number=number,
            day=row.day,
            starts=row.starts,
            ends=row.ends,
            title=row.what[:200],
            minutes=row.minutes,
        )
        for number, row in enumerate(agenda.sessions, start=1)
    )
    _add_dates(request, offering, decision, at)
    return offering


def _add_dates(request: PreapprovalRequest, offering: Offering, decision: Decision, at: datetime) -> None:
    """Put the planned dates into the calendar; what is on demand can be taken on all days of the approval."""
    given = {"offering_id": offering.pk, "by": decision.decided_by, "at": at}
    if offering.delivery == Delivery.ON_DEMAND:
        zone = str(programme_zone())
        add_occurrence(**given, first_day=offering.valid_from, last_day=offering.valid_to, zone=zone, url=offering.url)
        return
    for row in request.content.get("date", []):
        first, last = parse_day(row.get("first_day")), parse_day(row.get("last_day") or row.get("first_day"))
        if first and last and offering.valid_from <= first <= last <= offering.valid_to:
            starts, ends = rules.read_time(row.get("starts", "")), rules.read_time(row.get("ends", ""))
            add_occurrence(
                **given,
                first_day=first,
                last_day=last,
                starts=starts if ends else None,
                ends=ends if starts else None,
                zone=row.get("zone") or str(programme_zone()),
                place=row.get("place", ""),
                country=row.get("country", ""),
                url=row.get("url", ""),
            )
