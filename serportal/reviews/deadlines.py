"""When people are reminded of a ballot, a case or an answer (SPEC 5): pure, so that the rest is tested against it.

No database, no clock, no settings: given the dates of a seat or a case, it says which steps there are and on which day
each falls due. Steps that would fall on or before the day it began do not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

HALF, OVERDUE = "half", "overdue"
BEFORE_A_BALLOT = (7, 3, 1)
BEFORE_A_LETTER = (7, 1)
AFTER_A_QUESTION = (7, 14)
BEFORE_THE_PROOF = (14, 3)


@dataclass(frozen=True)
class Moment:
    """One step of reminding, and the programme’s day on which it falls due."""

    step: str
    due_on: date


def of_reviewer(*, given_on: date, due_on: date) -> list[Moment]:
    """Return when a reviewer hears of a ballot due on ``due_on``, whose seat was given on ``given_on``."""
    return _after(given_on, _around(due_on, BEFORE_A_BALLOT))


def of_coordinator(*, filed_on: date, due_on: date) -> list[Moment]:
    """Return when a coordinator hears of a case; half its time has passed on the first day that leaves no more."""
    half = Moment(HALF, filed_on + timedelta(days=((due_on - filed_on).days + 1) // 2))
    return _after(filed_on, [half, *_around(due_on, BEFORE_A_LETTER)])


def of_question(*, asked_on: date) -> list[Moment]:
    """Return when an author hears again of a question asked on ``asked_on`` that has no answer yet."""
    return [Moment(str(days), asked_on + timedelta(days=days)) for days in AFTER_A_QUESTION]


def of_proof(*, asked_on: date, due_on: date) -> list[Moment]:
    """Return when an author hears again of the proof due on ``due_on`` after an activity approved in advance."""
    return _after(asked_on, _around(due_on, BEFORE_THE_PROOF))


def _around(due_on: date, days_before: Iterable[int]) -> list[Moment]:
    before = [Moment(str(days), due_on - timedelta(days=days)) for days in days_before]
    return [*before, Moment(OVERDUE, due_on + timedelta(days=1))]


def _after(begin: date, moments: Iterable[Moment]) -> list[Moment]:
    """Return what falls after ``begin``, in the order of days."""
    return sorted((one for one in moments if one.due_on > begin), key=lambda one: one.due_on)
