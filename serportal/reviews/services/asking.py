"""Questions to the author of a case: only the questioned parts open, and voters see what changed (R-REV-6, R-REV-8)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Conflict, InfoRequest, ReviewCase, Seat, Voter
from serportal.reviews.services import polls
from serportal.reviews.services.moving import keep_revision, lock_for, move, needed, owe_to_author
from serportal.reviews.services.panel import current_panel, fill, forget
from serportal.reviews.states import Move, Purpose, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day

LEAST_DAYS = timedelta(days=3)
BEFORE_THE_PANEL = frozenset({Step.SCREEN, Step.GATES, Step.SEAT, Step.ALONE})


def open_request(case: ReviewCase) -> InfoRequest | None:
    """Return the question, or the wish for proof, that is open to the author of ``case``."""
    return case.requests.filter(closed_at__isnull=True).first()


def days_waited(case: ReviewCase, at: datetime) -> int:
    """Return how many whole days the author was waited for; the clock kept running (R-REV-8)."""
    spans = case.requests.filter(purpose=Purpose.QUESTION).values_list("asked_at", "closed_at")
    return sum((programme_day(end or at) - programme_day(start)).days for start, end in spans)


@transaction.atomic
def ask(case_id: int, *, parts: Iterable[str], question: str, by, at: datetime | None = None) -> InfoRequest:
    """Ask the author about ``parts`` of the case, which open to them again; everything else stays as filed.

    Raises Refusal without a question or a part that the kind has, and where a question is open already.
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    question = needed(question, _("The question is empty. Write what the member should answer or add."))
    known = [key for key, _name in kind_of(case).parts(case)]
    chosen = [key for key in known if key in set(parts)]
    if not chosen:
        raise Refusal("no-part", _("No part is ticked. Tick what the member may change to answer."))
    state, step = case.state, case.step
    move(case, Move.ASK, by=by, at=at, note=question)
    made = InfoRequest.objects.create(
        case=case,
        purpose=Purpose.QUESTION,
        parts=chosen,
        question=question,
        asked_at=at,
        asked_by=by,
        from_state=state,
        from_step=step,
    )
    owe_to_author(
        case,
        "case-question",
        key=f"question:{made.pk}",
        at=at,
        question=question,
        due=day_text(case.due_on),
        answer_link=settings.SITE_URL + kind_of(case).request_url(made),
    )
    return made


@transaction.atomic
def retract(case_id: int, *, by, at: datetime | None = None) -> ReviewCase:
    """Take an open question back; the case goes on where it stood, and what the author typed meanwhile is not used."""
    at = at or timezone.now()
    case = lock_for(case_id, by)
    request = open_request(case)
    if case.step != Step.ANSWER or request is None:
        raise Refusal(
            "nothing-asked", _("No question is open on {0}; it may have been answered.").format(case.reference)
        )
    request.closed_at = at
    request.save(update_fields=["closed_at"])
    seats = Seat.objects.filter(panel__case=case, counts=True).count()
    place = rules.resumed(request.from_state, request.from_step, answered=False, seats=seats)
    move(case, Move.RETRACT, by=by, at=at, to=place)
    _give_time(case, request, at)
    polls.ask_again(case, **_time(request, at), answered=False, at=at)
    fill(case, at=at)
    if not outbox.cancel(key=f"question:{request.pk}", at=at):
        owe_to_author(case, "case-question-closed", key=f"question-closed:{request.pk}", at=at)
    return case


def answered(request: InfoRequest, *, case: ReviewCase, answer: str, by, at: datetime) -> ReviewCase:
    """Close ``request`` with the author’s answer and go on; called by the kind, in the transaction that stored it.

    ``case`` is locked by the caller. The case gets its next version; ballots cast on the one before are asked to be
    confirmed (R-REV-6).
    """
    request.closed_at, request.answered, request.answer = at, True, clean_text(answer)
    request.save(update_fields=["closed_at", "answered", "answer"])
    case.revision += 1
    if request.purpose == Purpose.PROOF:
        case.clock_on = programme_day(at)
        case.due_on = case.clock_on + timedelta(days=case.timetable.answer_days)
        move(case, Move.PROVE, by=by, at=at, also=("revision", "clock_on", "due_on"))
    else:
        _ask_again(case, request, by=by, at=at)
    keep_revision(case, at=at)
    return case


def _ask_again(case: ReviewCase, request: InfoRequest, *, by, at: datetime) -> None:
    """Lead the case back, and ask everyone who voted on the earlier version to confirm or change the ballot."""
    panel = current_panel(case) if request.from_step not in BEFORE_THE_PANEL else None
    _step_out_the_named(case, at)
    seats = Seat.objects.filter(panel=panel, counts=True).select_related("member")
    place = rules.resumed(request.from_state, request.from_step, answered=True, seats=len(seats))
    move(case, Move.ANSWER, by=by, at=at, to=place, note=request.answer, also=("revision",))
    polls.ask_again(case, **_time(request, at), answered=True, at=at)
    if case.step != Step.SCREEN:
        polls.ask_committee(case, by=None, at=at)
    if panel is None:
        return
    case.ballots_in = 0
    case.save(update_fields=["ballots_in"])
    panel.quorum, panel.closed_at, panel.split_until = rules.SEATS, None, None
    panel.save(update_fields=["quorum", "closed_at", "split_until"])
    for seat in seats.filter(state=SeatState.VOTED):
        _owe_reconfirmation(case, seat, at)
    seats.filter(state=SeatState.VOTED).update(state=SeatState.DECLARED, settled=False)
    _give_time(case, request, at)
    fill(case, at=at)


def _step_out_the_named(case: ReviewCase, at: datetime) -> None:
    """Whoever the answer names for the first time gives up the seat; the case is hidden from them (R-REV-5).

    So does whoever stepped aside as a coordinator after voting: nobody with a conflict votes on another version.
    """
    named = Q(member__in=case.parties.filter(person__isnull=False).values("person"))
    aside = Q(member__in=case.conflicts.values("member"))
    for voter in Voter.objects.filter(named | aside, poll__case=case, poll__closed_at__isnull=True):
        polls.step_out(case, voter.member, at=at)
    seats = Seat.objects.filter(named | aside, panel__case=case, counts=True)
    for seat in seats.select_related("panel__case", "member"):
        seat.state, seat.counts = SeatState.RECUSED, False
        seat.save(update_fields=["state", "counts"])
        forget(seat, at=at)
        note = _("Named in the member’s answer.")
        Conflict.objects.get_or_create(case=case, member=seat.member, defaults={"note": note, "declared_at": at})


def _give_time(case: ReviewCase, request: InfoRequest, at: datetime) -> None:
    """Move the ballots’ due day by the days the member was waited for; nobody is silent who could not vote."""
    waited, least = _time(request, at).values()
    for seat in Seat.objects.filter(panel__case=case, counts=True, state__in=[SeatState.INVITED, SeatState.DECLARED]):
        seat.ballot_due_on = max(seat.ballot_due_on + waited, least)
        seat.save(update_fields=["ballot_due_on"])


def _time(request: InfoRequest, at: datetime) -> dict:
    """Return for how many days the author was waited for, and the first day on which anything may be due again."""
    waited = programme_day(at) - programme_day(request.asked_at)
    return {"waited": waited, "least": programme_day(at) + LEAST_DAYS}


def _owe_reconfirmation(case: ReviewCase, seat: Seat, at: datetime) -> None:
    outbox.owe(
        key=f"reconfirm:{seat.pk}:{case.revision}",
        at=at,
        template="seat-reconfirm",
        person=seat.member,
        about=case.reference,
        context={
            "name": seat.member.get_short_name(),
            "reference": case.reference,
            "link": settings.SITE_URL + reverse("reviews:case", args=[case.reference]),
        },
    )
