"""What may be agreed where circumstances are extenuating, and what keeps it from changing anything (R-PER-3)."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journals.rules.sums import Progress, YearSum
from journals.states import Shape
from serportal.certifications.rules import anniversary, reinstated_until

STEP = Decimal("0.25")
# No single arrangement makes a period longer than this.
MOST_YEARS_LONGER = 2


@dataclass(frozen=True)
class Terms:
    """What is asked for or agreed: a ``year`` with its lower number of credits or its make-up day, or a later end."""

    shape: str
    year: int | None = None
    credits: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True)
class Obstacle:
    """Why terms cannot be agreed: a code for tests, the field it is about, and the values of its sentence."""

    code: str
    field: str = ""
    values: dict = dataclasses.field(default_factory=dict)


def period_obstacle(
    *, ended: bool, ends_on: date, lapsed_on: date | None, following: date | None, today: date
) -> Obstacle | None:
    """Return why nothing can be agreed about a period any more, or None (R-PER-6).

    ``ended`` says that its certification did before its time, ``following`` is the first day of a later period.
    """
    if ended:
        return Obstacle("ended")
    if following is not None:
        return Obstacle("renewed", values={"day": following})
    if lapsed_on is not None and today > reinstated_until(lapsed_on):
        return Obstacle("too-late", values={"day": ends_on, "last": reinstated_until(lapsed_on)})
    return None


def obstacle(terms: Terms, *, progress: Progress, ends_on: date, today: date) -> Obstacle | None:
    """Return why ``terms`` cannot be agreed in a period that stands like ``progress``, or None (R-PER-3)."""
    if terms.shape == Shape.EXTENSION:
        return _of_extension(terms.day, ends_on)
    held = next((one for one in progress.years if one.year.number == terms.year), None)
    if held is None:
        return Obstacle("no-year", "year")
    values = {"number": held.year.number, "first": held.year.first, "last": held.year.last, "least": held.least}
    if held.year.first > today:
        return Obstacle("not-begun", "year", values)
    if held.year.last < today and not held.missing:
        return Obstacle("not-short", "year", values)
    reduces = terms.shape == Shape.REDUCED
    code = _of_reduction(terms.credits, held) if reduces else _of_day(terms.day, held, ends_on)
    return Obstacle(code, "credits" if reduces else "day", {**values, "ends": ends_on}) if code else None


def _of_extension(day: date | None, ends_on: date) -> Obstacle | None:
    longest = anniversary(ends_on, MOST_YEARS_LONGER)
    values = {"ends": ends_on, "longest": longest}
    code = "no-end" if day is None else "not-later" if day <= ends_on else "too-long" if day > longest else ""
    return Obstacle(code, "day", values) if code else None


def _of_reduction(credits: Decimal | None, held: YearSum) -> str:
    if credits is None:
        return "no-credits"
    if credits % STEP:
        return "no-quarters"
    return "" if 0 <= credits < held.least else "not-fewer"


def _of_day(day: date | None, held: YearSum, ends_on: date) -> str:
    if held.year.last >= ends_on:
        return "last-year"
    if day is None:
        return "no-day"
    return "in-the-year" if day <= held.year.last else "after-the-period" if day > ends_on else ""
