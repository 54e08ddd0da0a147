"""What entries add up to, and the days of the uploads (R-PER, R-UPL)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from serportal.certifications.rules import Year


@dataclass(frozen=True)
class Line:
    """One journal entry as the sums see it."""

    day: date
    credits: Decimal
    uploaded: bool


@dataclass(frozen=True)
class YearSum:
    """One certification year: credits uploaded, approved and waiting, and the least it needs (R-PER-2)."""

    year: Year
    uploaded: Decimal
    waiting: Decimal
    least: Decimal

    @property
    def total(self) -> Decimal:
        return self.uploaded + self.waiting

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.least - self.total)


@dataclass(frozen=True)
class Progress:
    """A period against its 50 and its years against their 5; approved credits count, uploaded or not (R-PER-4)."""

    years: tuple[YearSum, ...]
    goal: Decimal

    @property
    def uploaded(self) -> Decimal:
        return sum((one.uploaded for one in self.years), Decimal(0))

    @property
    def waiting(self) -> Decimal:
        return sum((one.waiting for one in self.years), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.uploaded + self.waiting

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.goal - self.total)


def progress(lines: Iterable[Line], *, years: Sequence[Year], goal: Decimal, yearly: Decimal) -> Progress:
    """Sum ``lines`` by certification year; lines outside the period count for nothing (R-DATE)."""
    sums = {year: [Decimal(0), Decimal(0)] for year in years}
    for line in lines:
        year = next((year for year in years if year.first <= line.day <= year.last), None)
        if year is not None:
            sums[year][0 if line.uploaded else 1] += line.credits
    return Progress(tuple(YearSum(year, *sums[year], yearly) for year in years), goal)


def upload_days(around: date, *, a_year: int) -> list[date]:
    """Return the upload days of three years: 1 January, April, July and October, or two of them (R-UPL-1)."""
    months = range(1, 13, 12 // a_year)
    return [date(year, month, 1) for year in (around.year - 1, around.year, around.year + 1) for month in months]


def next_upload(day: date, *, a_year: int) -> date:
    """Return the first upload day after ``day``: credits approved on ``day`` reach the journal then (R-UPL-2)."""
    return next(one for one in upload_days(day, a_year=a_year) if one > day)


def last_upload(day: date, *, a_year: int) -> date:
    """Return the latest upload day up to and including ``day``."""
    return next(one for one in reversed(upload_days(day, a_year=a_year)) if one <= day)
