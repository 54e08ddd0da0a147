"""Quarters of the calendar, in which credits are uploaded (R-UPL-1): pure arithmetic on days."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

WRITTEN = re.compile(r"(20[0-9]{2})-([1-4])", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, from January (1) to October (4)."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """Return the quarter written like “2026-3”, or None."""
        parts = WRITTEN.fullmatch(text)
        return cls(int(parts[1]), int(parts[2])) if parts else None

    def __str__(self):
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return self.after(1).first - timedelta(days=1)

    def after(self, n: int) -> "Quarter":
        """Return the quarter ``n`` quarters later, or earlier where ``n`` is below zero."""
        place = self.year * 4 + self.number - 1 + n
        return Quarter(place // 4, place % 4 + 1)

    def begins(self, zone: tzinfo) -> datetime:
        """Return the instant with which the quarter begins in ``zone``."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=zone)


EARLIEST = Quarter(2000, 1)


def between(first: Quarter, last: Quarter) -> list[Quarter]:
    """Return every quarter from ``first`` to ``last``, both included."""
    return [first.after(n) for n in range((last.year - first.year) * 4 + last.number - first.number + 1)]
