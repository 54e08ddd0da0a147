"""How cases move and how ballots decide (R-REV): tables and pure functions."""

from serportal.reviews.rules.ballots import (
    OFFER_STANDS,
    QUARTER,
    SEATS,
    Outcome,
    Vote,
    floor_quarter,
    not_met,
    split,
    tally,
)
from serportal.reviews.rules.changes import Change, changes
from serportal.reviews.rules.clock import Clock, clock
from serportal.reviews.rules.moves import HOLDERS, MOVES, after, resumed, steps_held_by
from serportal.reviews.rules.people import Candidate, propose, shared_ground
from serportal.reviews.rules.polls import Count, count, majority, result

__all__ = [
    "HOLDERS",
    "MOVES",
    "OFFER_STANDS",
    "QUARTER",
    "SEATS",
    "Candidate",
    "Change",
    "Clock",
    "Count",
    "Outcome",
    "Vote",
    "after",
    "changes",
    "clock",
    "count",
    "floor_quarter",
    "majority",
    "not_met",
    "propose",
    "result",
    "resumed",
    "shared_ground",
    "split",
    "steps_held_by",
    "tally",
]
