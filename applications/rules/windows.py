"""Review windows: which one an application falls into, and by when it is decided (R-APP-2, R-APP-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

COMPLETE_WITHIN = timedelta(days=21)


@dataclass(frozen=True)
class Window:
    """Applications received by the end of ``closes_on`` are reviewed after it and decided by ``decided_by``."""

    closes_on: date
    decided_by: date


def window_of(windows: Sequence[Window], *, received_on: date, complete_on: date | None = None) -> Window | None:
    """Return the window an application counts for, or None where none is known that late.

    It is the first whose last day is not over when the application is received, and in which it is complete, at the
    latest 21 days after that day. ``complete_on`` None: it is not complete yet, so the window is where it would count
    if it were completed in time.
    """
    for window in sorted(windows, key=lambda one: one.closes_on):
        if received_on > window.closes_on:
            continue
        if complete_on is None or complete_on <= window.closes_on + COMPLETE_WITHIN:
            return window
    return None


def standard_windows(year: int) -> list[Window]:
    """Return the two windows of a year as SER has them: closed 30 April and 31 October (R-APP-2)."""
    return [
        Window(date(year, 4, 30), date(year, 6, 30)),
        Window(date(year, 10, 31), date(year, 12, 31)),
    ]
