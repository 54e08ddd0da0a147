"""Periods and certification years (R-PER): pure calendar arithmetic on days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from serportal.certifications.states import Ending, Standing

YEARS = 5
RENEWAL_OPENS = timedelta(days=180)
GRACE = timedelta(days=90)


def anniversary(start: date, years: int) -> date:
    """Return the day ``years`` after ``start``, counted from the start itself; 29 February falls on 28 (R-PER-2)."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)


def last_day(start: date, years: int = YEARS) -> date:
    """Return the last day of ``years`` years that begin on ``start``: 2021-03-15 → 2026-03-14 (R-PER-1, R-PER-2)."""
    return anniversary(start, years) - timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """One certification year: its number from 1, its first and its last day."""

    number: int
    first: date
    last: date


def years(start: date, end: date) -> Iterator[Year]:
    """Yield the certification years from ``start`` to ``end`` without gap or overlap (R-PER-2).

    There are five at most: a period that was extended has a longer fifth year (R-PER-3).
    """
    number = 1
    first = start
    while first <= end and number <= YEARS:
        following = anniversary(start, number)
        last = end if number == YEARS else min(following - timedelta(days=1), end)
        yield Year(number, first, last)
        first, number = following, number + 1


def year_of(day: date, start: date, end: date) -> Year | None:
    """Return the certification year that holds ``day``, or None outside the period (R-DATE)."""
    return next((year for year in years(start, end) if year.first <= day <= year.last), None)


def standing(period_end: date, lapsed_on: date | None, day: date) -> Standing:
    """Return where a certification stands on ``day`` whose period ends on ``period_end`` (R-PER-6).

    It lapses on a day that is written down, for nobody lapses who was not told in time.
    """
    if lapsed_on is not None and day >= lapsed_on:
        return Standing.LAPSED
    if day > period_end:
        return Standing.GRACE
    return Standing.RENEWAL_DUE if day > period_end - RENEWAL_OPENS else Standing.ACTIVE


def renewal_opens(period_end: date) -> date:
    """Return the day from which on a period can be renewed (R-PER-6)."""
    return period_end - RENEWAL_OPENS + timedelta(days=1)


def lapses(period_end: date) -> date:
    """Return the first day after the grace of a period that ends on ``period_end`` (R-PER-6)."""
    return period_end + GRACE + timedelta(days=1)


def reinstated_until(lapsed_on: date) -> date:
    """Return the last day of the twelve months in which what lapsed on ``lapsed_on`` can be reinstated (R-PER-6)."""
    return last_day(lapsed_on, 1)


def state_of(ending: str, period_end: date | None, lapsed_on: date | None, day: date) -> Standing | Ending:
    """Return what is true of a certification on ``day``: how it ended, or where its last period stands.

    One without any period has lapsed.
    """
    if ending:
        return Ending(ending)
    return standing(period_end, lapsed_on, day) if period_end else Standing.LAPSED
