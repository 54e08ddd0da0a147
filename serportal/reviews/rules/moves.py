"""How cases move: the one table of legal moves, and who holds a case at each step (SPEC 3, R-REV-3)."""

from collections.abc import Mapping
from types import MappingProxyType

from serportal.reviews.rules.ballots import SEATS
from serportal.reviews.states import CaseState, Holder, Move, Step

S, T, M = CaseState, Step, Move
PANEL_STEPS = (T.VOTE, T.FILL, T.SETTLE, T.DECIDE)
Place = tuple[CaseState, Step]

MOVES: Mapping[tuple[CaseState, Step, Move], Place] = MappingProxyType(
    {
        # From filing to the panel
        (S.SUBMITTED, T.SCREEN, M.SCREEN): (S.SUBMITTED, T.SEAT),
        (S.SUBMITTED, T.SEAT, M.SEAT): (S.IN_REVIEW, T.VOTE),
        (S.IN_REVIEW, T.SEAT, M.SEAT): (S.IN_REVIEW, T.VOTE),
        (S.IN_REVIEW, T.FILL, M.SEAT): (S.IN_REVIEW, T.VOTE),
        # Kinds with gates: complete at once, or first when the last gate is settled (R-APP-11)
        (S.SUBMITTED, T.SCREEN, M.HOLD): (S.SCREENING, T.GATES),
        (S.SUBMITTED, T.SCREEN, M.READY): (S.READY, T.SEAT),
        (S.SCREENING, T.GATES, M.READY): (S.READY, T.SEAT),
        (S.READY, T.SEAT, M.HOLD): (S.SCREENING, T.GATES),
        (S.READY, T.SEAT, M.SEAT): (S.IN_REVIEW, T.VOTE),
        # Kinds without a panel: the coordinator decides once nothing is missing (R-APP-11)
        (S.SUBMITTED, T.SCREEN, M.CLEAR): (S.READY, T.ALONE),
        (S.SCREENING, T.GATES, M.CLEAR): (S.READY, T.ALONE),
        (S.READY, T.ALONE, M.HOLD): (S.SCREENING, T.GATES),
        (S.READY, T.ALONE, M.APPROVE): (S.APPROVED, T.DONE),
        (S.READY, T.ALONE, M.DENY): (S.DENIED, T.DONE),
        # The panel
        **{(S.IN_REVIEW, step, move): (S.IN_REVIEW, step) for step in (T.VOTE, T.FILL) for move in (M.DECLARE, M.VOTE)},
        **{
            (S.IN_REVIEW, step, move): (S.IN_REVIEW, T.FILL)
            for step in (T.VOTE, T.FILL)
            for move in (M.RECUSE, M.DECLINE, M.REPLACE)
        },
        (S.IN_REVIEW, T.VOTE, M.ABSTAIN): (S.IN_REVIEW, T.FILL),
        (S.IN_REVIEW, T.VOTE, M.COMPLETE): (S.IN_REVIEW, T.DECIDE),
        (S.IN_REVIEW, T.VOTE, M.SPLIT): (S.IN_REVIEW, T.SETTLE),
        (S.IN_REVIEW, T.SETTLE, M.VOTE): (S.IN_REVIEW, T.SETTLE),
        (S.IN_REVIEW, T.SETTLE, M.SETTLE): (S.IN_REVIEW, T.DECIDE),
        # The coordinator’s ways out (R-REV-3)
        **{(S.IN_REVIEW, step, M.TWO): (S.IN_REVIEW, T.DECIDE) for step in (T.VOTE, T.FILL)},
        **{(S.IN_REVIEW, step, M.REASSIGN): (S.IN_REVIEW, T.SEAT) for step in PANEL_STEPS},
        # Decisions: of the panel, of the coordinator alone (R-REV-7), on the proof (R-DATE)
        **{
            (state, step, move): place
            for state, step in [(S.SUBMITTED, T.SCREEN), (S.SUBMITTED, T.SEAT), (S.IN_REVIEW, T.DECIDE)]
            for move, place in [
                (M.APPROVE, (S.APPROVED, T.DONE)),
                (M.DENY, (S.DENIED, T.DONE)),
                (M.ADVANCE, (S.IN_ADVANCE, T.PROOF)),
            ]
        },
        # An offer of the lower level is the applicant’s to take (R-APP-9)
        (S.IN_REVIEW, T.DECIDE, M.OFFER): (S.OFFERED, T.OFFER),
        (S.OFFERED, T.OFFER, M.ACCEPT): (S.APPROVED, T.DONE),
        (S.OFFERED, T.OFFER, M.REFUSE): (S.DENIED, T.DONE),
        (S.OFFERED, T.OFFER, M.LAPSE): (S.DENIED, T.DONE),
        (S.IN_ADVANCE, T.PROOF, M.OVER): (S.AWAITING_PROOF, T.PROOF),
        (S.AWAITING_PROOF, T.PROOF, M.PROVE): (S.AWAITING_PROOF, T.CONFIRM),
        (S.AWAITING_PROOF, T.PROOF, M.DENY): (S.DENIED, T.DONE),
        (S.AWAITING_PROOF, T.CONFIRM, M.APPROVE): (S.APPROVED, T.DONE),
        (S.AWAITING_PROOF, T.CONFIRM, M.DENY): (S.DENIED, T.DONE),
        # Questions to the member; an answer leads back by ``resumed``
        **{(S.SUBMITTED, step, M.ASK): (S.ASKED, T.ANSWER) for step in (T.SCREEN, T.SEAT)},
        (S.SCREENING, T.GATES, M.ASK): (S.ASKED, T.ANSWER),
        (S.READY, T.SEAT, M.ASK): (S.ASKED, T.ANSWER),
        (S.READY, T.ALONE, M.ASK): (S.ASKED, T.ANSWER),
        **{(S.IN_REVIEW, step, M.ASK): (S.ASKED, T.ANSWER) for step in (T.SEAT, *PANEL_STEPS)},
        (S.AWAITING_PROOF, T.CONFIRM, M.ASK): (S.ASKED, T.ANSWER),
        # Appeals: a question to the whole committee decides; what keeps one from it the coordinator settles (R-SPO-6)
        (S.SUBMITTED, T.SCREEN, M.KEEP): (S.SCREENING, T.HELD),
        (S.SUBMITTED, T.SCREEN, M.OPEN): (S.IN_REVIEW, T.POLL),
        (S.SCREENING, T.HELD, M.OPEN): (S.IN_REVIEW, T.POLL),
        **{(S.IN_REVIEW, T.POLL, move): (S.IN_REVIEW, T.DECIDE) for move in (M.CARRY, M.FALL)},
        # Ends that are not decisions, and the way back
        (S.SCREENING, T.GATES, M.CLOSE): (S.WITHDRAWN, T.DONE),
        (S.SCREENING, T.HELD, M.CLOSE): (S.WITHDRAWN, T.DONE),
        **{
            (state, step, M.WITHDRAW): (S.WITHDRAWN, T.DONE)
            for state, step in [
                (S.SUBMITTED, T.SCREEN),
                (S.SUBMITTED, T.SEAT),
                (S.SCREENING, T.GATES),
                (S.SCREENING, T.HELD),
                (S.READY, T.SEAT),
                (S.READY, T.ALONE),
                (S.IN_REVIEW, T.SEAT),
                *((S.IN_REVIEW, step) for step in PANEL_STEPS),
                (S.IN_REVIEW, T.POLL),
                (S.ASKED, T.ANSWER),
                (S.IN_ADVANCE, T.PROOF),
                (S.AWAITING_PROOF, T.PROOF),
                (S.AWAITING_PROOF, T.CONFIRM),
            ]
        },
        **{
            (state, step, M.REOPEN): (S.IN_REVIEW, T.SEAT)
            for state, step in [
                (S.APPROVED, T.DONE),
                (S.DENIED, T.DONE),
                (S.OFFERED, T.OFFER),
                (S.IN_ADVANCE, T.PROOF),
                (S.AWAITING_PROOF, T.PROOF),
                (S.AWAITING_PROOF, T.CONFIRM),
            ]
        },
    }
)

HOLDERS: Mapping[Step, Holder] = MappingProxyType(
    {
        T.SCREEN: Holder.COORDINATOR,
        T.GATES: Holder.SUBMITTER,
        T.HELD: Holder.COORDINATOR,
        T.SEAT: Holder.COORDINATOR,
        T.ALONE: Holder.COORDINATOR,
        T.VOTE: Holder.COMMITTEE,
        T.FILL: Holder.COORDINATOR,
        T.SETTLE: Holder.COMMITTEE,
        T.POLL: Holder.COMMITTEE,
        T.DECIDE: Holder.COORDINATOR,
        T.ANSWER: Holder.SUBMITTER,
        T.PROOF: Holder.SUBMITTER,
        T.CONFIRM: Holder.COORDINATOR,
        T.OFFER: Holder.SUBMITTER,
        T.DONE: Holder.NOBODY,
    }
)


def after(state: str, step: str, move: Move) -> Place | None:
    """Return (state, step) that ``move`` leads to, or None where it is not a legal move."""
    return MOVES.get((CaseState(state), Step(step), move))


def steps_held_by(holder: str) -> list[Step]:
    """Return the steps in which ``holder`` has to act."""
    return [step for step, one in HOLDERS.items() if one == holder]


def resumed(state: str, step: str, *, answered: bool, seats: int) -> Place:
    """Return where a case goes on after a question that was asked in (state, step).

    A question taken back changes nothing, except that somebody may have stepped out meanwhile. An answer is screened
    again before the panel, and read by the panel after it: ``seats`` is how many seats count.
    """
    place = CaseState(state), Step(step)
    if place[0] == S.IN_REVIEW and place[1] in {T.VOTE, T.FILL}:
        return S.IN_REVIEW, T.VOTE if seats == SEATS else T.FILL
    if not answered or place[0] == S.AWAITING_PROOF or (place[1] == T.SEAT and place[0] == S.IN_REVIEW):
        return place
    if place[0] in {S.SUBMITTED, S.SCREENING, S.READY}:
        return S.SUBMITTED, T.SCREEN
    return S.IN_REVIEW, T.VOTE if seats == SEATS else T.FILL
