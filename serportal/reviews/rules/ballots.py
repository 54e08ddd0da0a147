"""How ballots decide (R-REV-3, R-REV-4): pure functions of the ballots alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from serportal.reviews.states import APPROVING, Choice, Judgement

SEATS = 3
QUARTER = Decimal("0.25")
# How long an offer of the lower level stands (SPEC 3).
OFFER_STANDS = timedelta(days=60)
DENIED, OFFERED, APPROVED = range(3)


@dataclass(frozen=True)
class Vote:
    """One ballot as the tally sees it: a choice, and the credits where it grants fewer."""

    choice: Choice
    credits: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """What the ballots decide: approved or not, the credits granted (0 when denied), or the lower level offered."""

    approved: bool
    credits: Decimal
    offer: bool = False


def floor_quarter(value: Decimal) -> Decimal:
    """Round down to a quarter credit (R-STEP)."""
    return (value / QUARTER).to_integral_value(rounding=ROUND_FLOOR) * QUARTER


def tally(votes: Iterable[Vote], *, most: Decimal, quorum: int = SEATS) -> Outcome | None:
    """Return what the ballots decide, or None while fewer than ``quorum`` deciding ballots are in (R-REV-3, R-REV-4).

    Two agreeing ballots carry, and of deny < offer < approve the middle one (R-APP-9); abstentions decide nothing. The
    credits are the median of the approving ballots (of two: their mean), a plain approval meaning ``most``, rounded
    down to 0.25 and never above ``most``.
    """
    deciding = [vote for vote in votes if vote.choice != Choice.ABSTAIN]
    if len(deciding) < quorum:
        return None
    ranks = sorted(rank(vote.choice) for vote in deciding)
    carrying = ranks[(len(ranks) - 1) // 2]
    if carrying < APPROVED:
        return Outcome(approved=False, credits=Decimal(0), offer=carrying == OFFERED)
    amounts = sorted(
        min(most if vote.credits is None else vote.credits, most) for vote in deciding if vote.choice in APPROVING
    )
    middle = len(amounts) // 2
    median = amounts[middle] if len(amounts) % 2 else (amounts[middle - 1] + amounts[middle]) / 2
    return Outcome(approved=True, credits=floor_quarter(median))


def split(votes: Iterable[Vote]) -> bool:
    """Whether the deciding ballots are not all on one side, so that the panel is opened to itself (R-REV-3)."""
    return len({rank(vote.choice) for vote in votes if vote.choice != Choice.ABSTAIN}) > 1


def rank(choice: Choice) -> int:
    """Return where a deciding ballot stands among deny < offer < approve (R-APP-9)."""
    return APPROVED if choice in APPROVING else OFFERED if choice == Choice.OFFER else DENIED


def not_met(keys: Iterable[str], said: Sequence[Mapping[str, str]]) -> list[str]:
    """Return which of the criteria ``keys`` most of the reviewers judged as not met, in the order of ``keys``.

    ``said`` holds the judgements of each ballot by criterion.
    """
    return [key for key in keys if sum(one.get(key) == Judgement.NOT_MET for one in said) > SEATS // 2]
