"""Where what a roster says and what a member claims meet: one row for one person at one date (ARCHITECTURE 11)."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cecs.models import CecSubmission
from journals.states import Delivery
from preapprovals.models import Attendance, Occurrence
from preapprovals.states import AttendanceState
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState
from serportal.ui.refusal import Refusal

GIVEN_UP = frozenset({CaseState.DENIED, CaseState.WITHDRAWN})


class AlreadyClaimed(Refusal):
    """The same person claimed the same date before; ``case`` is that claim."""

    def __init__(self, case: ReviewCase):
        sentence = _("You have claimed this already: it is {reference}. Nothing more was filed.")
        super().__init__("already-claimed", sentence.format(reference=case.reference))
        self.case = case


def addresses_of(person) -> list[str]:
    """Return the addresses that ``person`` has shown to be theirs."""
    proved = EmailAddress.objects.filter(user=person, verified=True)
    return list(proved.annotate(low=Lower("email")).values_list("low", flat=True))


def attended(occurrence: Occurrence, person, day: date) -> Attendance:
    """Return the locked row of ``person`` at ``occurrence``, with what rosters say under any of their addresses.

    It is new and unsaved where nothing is known yet. Raises AlreadyClaimed where a claim about it is open or approved;
    what is taken on demand may be claimed again in another period (R-DUP). Call with the person’s row locked.
    """
    Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
    theirs = Q(person=person) | Q(person=None, email__in=addresses_of(person))
    found = Attendance.objects.known().select_for_update(of=("self",)).select_related("case", "occurrence__offering")
    rows = list(found.filter(theirs, occurrence=occurrence))
    own = next((row for row in rows if row.person_id), None)
    if own is not None and own.case is not None and own.case.state not in GIVEN_UP and _same_period(own, day):
        raise AlreadyClaimed(own.case)
    told = [row for row in rows if row.person_id is None]
    if own is None:
        own = told.pop() if told else _unknown(occurrence, person)
    for row in told:
        take_over(own, row)
    own.person = person
    return own


def _same_period(own: Attendance, day: date) -> bool:
    if own.occurrence.offering.delivery != Delivery.ON_DEMAND:
        return True
    period = CecSubmission.objects.select_related("period").get(pk=own.case_id).period
    return period.starts_on <= day <= period.ends_on


def _unknown(occurrence: Occurrence, person) -> Attendance:
    """Return a row that the next roster will find: by the account, else by its address where that is free."""
    taken = Attendance.objects.known().filter(occurrence=occurrence, email__iexact=person.email).exists()
    return Attendance(occurrence=occurrence, person=person, name=person.name, email="" if taken else person.email)


def take_over(own: Attendance, told: Attendance) -> None:
    """Move what a roster said in ``told`` to the row of the same person; ``told`` counts no more."""
    token, told.token_hash, told.state = told.token_hash, "", AttendanceState.UNDONE
    told.save(update_fields=["token_hash", "state"])
    own.token_hash = own.token_hash or token
    if own.minutes is None:
        own.minutes, own.grade, own.told_at = told.minutes, told.grade, told.told_at
        own.name, own.certificate = told.name, told.certificate
    own.save()
    told.rows.update(attendance=own)


def claim_attendance(own: Attendance, case: ReviewCase, *, day: date, at: datetime) -> None:
    """Note that ``case`` is the claim about it."""
    own.case, own.state, own.answered_at = case, AttendanceState.CLAIMED, at
    if own.occurrence.offering.delivery == Delivery.ON_DEMAND:
        own.on_demand_day = day
    own.save()
