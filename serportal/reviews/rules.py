"""How cases move and how ballots decide (R-REV): tables and pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType

from serportal.reviews.states import APPROVING, CaseState, Choice, Holder, Move, Step

SEATS = 3
QUARTER = Decimal("0.25")

MOVES: Mapping[tuple[CaseState, Step, Move], tuple[CaseState, Step]] = MappingProxyType(
    {
        (CaseState.SUBMITTED, Step.SCREEN, Move.SCREEN): (CaseState.SUBMITTED, Step.SEAT),
        (CaseState.SUBMITTED, Step.SEAT, Move.SEAT): (CaseState.IN_REVIEW, Step.VOTE),
        (CaseState.IN_REVIEW, Step.VOTE, Move.DECLARE): (CaseState.IN_REVIEW, Step.VOTE),
        (CaseState.IN_REVIEW, Step.FILL, Move.DECLARE): (CaseState.IN_REVIEW, Step.FILL),
        (CaseState.IN_REVIEW, Step.VOTE, Move.RECUSE): (CaseState.IN_REVIEW, Step.FILL),
        (CaseState.IN_REVIEW, Step.FILL, Move.RECUSE): (CaseState.IN_REVIEW, Step.FILL),
        (CaseState.IN_REVIEW, Step.FILL, Move.SEAT): (CaseState.IN_REVIEW, Step.VOTE),
        (CaseState.IN_REVIEW, Step.VOTE, Move.VOTE): (CaseState.IN_REVIEW, Step.VOTE),
        (CaseState.IN_REVIEW, Step.FILL, Move.VOTE): (CaseState.IN_REVIEW, Step.FILL),
        (CaseState.IN_REVIEW, Step.VOTE, Move.ABSTAIN): (CaseState.IN_REVIEW, Step.FILL),
        (CaseState.IN_REVIEW, Step.VOTE, Move.COMPLETE): (CaseState.IN_REVIEW, Step.DECIDE),
        (CaseState.IN_REVIEW, Step.DECIDE, Move.APPROVE): (CaseState.APPROVED, Step.DONE),
        (CaseState.IN_REVIEW, Step.DECIDE, Move.DENY): (CaseState.DENIED, Step.DONE),
    }
)

HOLDERS: Mapping[Step, Holder] = MappingProxyType(
    {
        Step.SCREEN: Holder.COORDINATOR,
        Step.SEAT: Holder.COORDINATOR,
        Step.VOTE: Holder.COMMITTEE,
        Step.FILL: Holder.COORDINATOR,
        Step.DECIDE: Holder.COORDINATOR,
        Step.DONE: Holder.NOBODY,
    }
)


def after(state: str, step: str, move: Move) -> tuple[CaseState, Step] | None:
    """Return (state, step) that ``move`` leads to, or None where it is not a legal move."""
    return MOVES.get((CaseState(state), Step(step), move))


@dataclass(frozen=True)
class Vote:
    """One ballot as the tally sees it: a choice, and the credits where it grants fewer."""

    choice: Choice
    credits: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """What the ballots decide: approved or not, and the credits granted (0 when denied)."""

    approved: bool
    credits: Decimal


def floor_quarter(value: Decimal) -> Decimal:
    """Round down to a quarter credit (R-STEP)."""
    return (value / QUARTER).to_integral_value(rounding=ROUND_FLOOR) * QUARTER


def tally(votes: Iterable[Vote], *, most: Decimal) -> Outcome | None:
    """Return what the ballots decide, or None while fewer than three deciding ballots are in (R-REV-3, R-REV-4).

    Two agreeing ballots carry; abstentions decide nothing. The credits are the median of the approving ballots (of
    two: their mean), a plain approval meaning ``most``, rounded down to 0.25 and never above ``most``.
    """
    deciding = [vote for vote in votes if vote.choice != Choice.ABSTAIN]
    if len(deciding) < SEATS:
        return None
    amounts = sorted(
        min(most if vote.credits is None else vote.credits, most) for vote in deciding if vote.choice in APPROVING
    )
    if len(amounts) * 2 <= len(deciding):
        return Outcome(approved=False, credits=Decimal(0))
    middle = len(amounts) // 2
    median = amounts[middle] if len(amounts) % 2 else (amounts[middle - 1] + amounts[middle]) / 2
    return Outcome(approved=True, credits=floor_quarter(median))


@dataclass(frozen=True)
class Clock:
    """Where a case stands in time, in whole programme days."""

    day: int
    of: int
    late: int

    @property
    def share(self) -> Decimal:
        """Return the part of the time that has passed, in percent from 0 to 100."""
        return min(Decimal(100), max(Decimal(0), Decimal(self.day) * 100 / max(self.of, 1))).quantize(QUARTER)


def clock(*, filed_on: date, due_on: date, today: date) -> Clock:
    """Return the day of the case, out of how many, and how many days late it is (R-REV-1)."""
    return Clock((today - filed_on).days, (due_on - filed_on).days, max(0, (today - due_on).days))


@dataclass(frozen=True)
class Candidate:
    """Someone who may sit on a panel, with what the choice needs to know."""

    person: int
    open_seats: int
    seats_this_year: int
    hint: str = ""


def propose(candidates: Sequence[Candidate], *, places: int) -> list[int]:
    """Return whom to seat: those without a hint of conflict first, then the least burdened (R-REV-3, R-REV-5)."""
    ranked = sorted(candidates, key=lambda one: (bool(one.hint), one.open_seats, one.seats_this_year, one.person))
    return [one.person for one in ranked[:places]]


PUBLIC_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "qq.com",
        "163.com",
        # Set aside for examples, so they say nothing of an employer.
        "example.com",
        "example.net",
        "example.org",
    ]
)


def shared_ground(one_mail: str, one_employer: str, other_mail: str, other_employer: str) -> str:
    """Return "employer", "domain" or "": a hint that two people may know each other (R-REV-5)."""
    if one_employer.strip() and one_employer.strip().casefold() == other_employer.strip().casefold():
        return "employer"
    one, other = (mail.rpartition("@")[2].casefold() for mail in (one_mail, other_mail))
    return "domain" if one == other and one not in PUBLIC_MAIL else ""
