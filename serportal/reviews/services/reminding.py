"""What reviewers, coordinators and authors are to be reminded of (SPEC 5): asked here, dated by ``deadlines``.

A line holds a reference, a day and a link, never a title or a name: its reader may not have declared yet (R-REV-5).
What has moved to a later day is another thing to be reminded of, so an object is named with its day.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.outbox.rules import Due
from serportal.reviews import deadlines
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Conflict, InfoRequest, Party, ReviewCase, Seat, Voter
from serportal.reviews.states import Purpose
from serportal.ui.words import day_text, programme_day

BALLOT, CASE, QUESTION, PROOF = "reminder-ballot", "reminder-case", "reminder-question", "reminder-proof"
VOTE = "reminder-vote"
STANDING = {
    deadlines.HALF: gettext_lazy("is due on {due}; half of its time has passed"),
    deadlines.OVERDUE: gettext_lazy("was due on {due} and is late"),
}


def due(day: date, *, today: date | None = None, person: int | None = None) -> list[Due]:
    """Return what is due by ``day`` as things stand, told already or not; the outbox asks again before it tells.

    What is late stays due, so ``today`` changes nothing. ``person`` asks for one alone.
    """
    return [*_ballots(day, person), *_votes(day, person), *_cases(day, person), *_requests(day, person)]


def seat_moments(seat: Seat) -> list[deadlines.Moment]:
    return deadlines.of_reviewer(given_on=programme_day(seat.invited_at), due_on=seat.ballot_due_on)


def case_moments(case: ReviewCase) -> list[deadlines.Moment]:
    return deadlines.of_coordinator(filed_on=case.clock_on, due_on=case.due_on)


def _ballots(day: date, person: int | None) -> Iterator[Due]:
    for seat in _of(person, _silent_seats(), "member").select_related("panel__case").order_by("pk"):
        case, until = seat.panel.case, seat.ballot_due_on
        link = settings.SITE_URL + reverse("reviews:case", args=[case.reference])
        for moment in seat_moments(seat):
            if moment.due_on <= day:
                yield _due(BALLOT, seat.member_id, f"seat:{seat.pk} {until}", moment, until, case, link)


def _silent_seats():
    """Seats whose ballot can be cast now, of people without any conflict with the case (R-REV-5)."""
    return _clear(Seat.objects.awaiting_ballots(), "panel__case")


def _clear(rows, to_case: str):
    """Return those of ``rows`` whose active member has no conflict with the case (R-REV-5)."""
    member, case = OuterRef("member"), OuterRef(to_case)
    return rows.filter(
        ~Exists(Conflict.objects.filter(case=case, member=member)),
        ~Exists(Party.objects.filter(case=case, person=member)),
        member__is_active=True,
    ).exclude(**{f"{to_case}__filed_by": F("member")})


def _votes(day: date, person: int | None) -> Iterator[Due]:
    """Questions to a whole committee that can be answered now and are not."""
    awaited = _of(person, _clear(Voter.objects.awaited(), "poll__case"), "member")
    for voter in awaited.select_related("poll__case").order_by("pk"):
        poll, case = voter.poll, voter.poll.case
        link = settings.SITE_URL + reverse("reviews:question", args=[case.reference, poll.number])
        for moment in deadlines.of_reviewer(given_on=programme_day(voter.invited_at), due_on=poll.due_on):
            if moment.due_on <= day:
                yield _due(VOTE, voter.member_id, f"voter:{voter.pk} {poll.due_on}", moment, poll.due_on, case, link)


def _cases(day: date, person: int | None) -> Iterator[Due]:
    for case in _coordinated_cases(person):
        link = settings.SITE_URL + reverse("admin:reviews_reviewcase_change", args=[case.pk])
        for moment in case_moments(case):
            if moment.due_on <= day:
                yield _due(CASE, case.coordinator, f"case:{case.pk} {case.due_on}", moment, case.due_on, case, link)


def _of(person: int | None, rows, column: str):
    """Return those of ``rows`` that are one person’s; all of them for nobody in particular."""
    return rows if person is None else rows.filter(**{column: person})


def _coordinated_cases(person: int | None):
    """Every case that owes a letter once for each coordinator who may work on it, in one statement.

    One approved in advance owes none before its proof is here.
    """
    each = [
        ReviewCase.objects.owing_a_letter().coordinated_by(one).annotate(coordinator=Value(one.pk)).order_by()
        for one in _of(person, get_user_model().objects.coordinators(), "pk")
    ]
    return each[0].union(*each[1:], all=True) if each else []


def _requests(day: date, person: int | None) -> Iterator[Due]:
    """What is open to authors: a question, or the wish for proof."""
    requests = _of(person, InfoRequest.objects.filter(closed_at__isnull=True), "case__filed_by")
    for one in requests.select_related("case").order_by("pk"):
        case, asked_on = one.case, programme_day(one.asked_at)
        proof = one.purpose == Purpose.PROOF
        if proof:
            moments = deadlines.of_proof(asked_on=asked_on, due_on=case.due_on)
        else:
            moments = deadlines.of_question(asked_on=asked_on)
        link = settings.SITE_URL + kind_of(case).request_url(one)
        for moment in moments:
            if moment.due_on <= day:
                yield _due(
                    PROOF if proof else QUESTION,
                    case.filed_by_id,
                    f"request:{one.pk} {case.due_on}",
                    moment,
                    case.due_on,
                    case,
                    link,
                    since=day_text(asked_on),
                )


def _due(
    purpose, person: int, about: str, moment: deadlines.Moment, until: date, case: ReviewCase, link: str, **more
) -> Due:
    standing = STANDING.get(moment.step) or _("is due on {due}")
    return Due(
        person=person,
        purpose=purpose,
        object=about,
        step=moment.step,
        due_on=moment.due_on,
        deadline=until,
        about=case.reference,
        context={"reference": case.reference, "standing": standing.format(due=day_text(until)), "link": link, **more},
    )
