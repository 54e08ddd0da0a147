"""What can be wrong with the days and times of a date, by the clock of its own zone."""

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST_DAYS = 366


class Trouble(StrEnum):
    """One thing that is wrong with the days and times of a date."""

    BACKWARDS = "last day before the first"
    TOO_LONG = "more than a year"
    ONE_TIME = "only one of the two times"
    OVER_MIDNIGHT = "ends before it begins"
    NO_LENGTH = "ends as it begins"
    SKIPPED = "a time that the clocks leave out"
    TWICE = "a time that comes twice"


def trouble_with(
    first: date, last: date, starts: time | None, ends: time | None, zone: str
) -> tuple[Trouble, date, time] | None:
    """Return (what is wrong, the day, the time) of the first thing that is, or None.

    ``starts`` is by the clock of ``zone`` on the first day, ``ends`` on the last.
    """
    if last < first:
        return Trouble.BACKWARDS, last, time()
    if (last - first).days >= LONGEST_DAYS:
        return Trouble.TOO_LONG, last, time()
    if (starts is None) != (ends is None):
        return Trouble.ONE_TIME, first, starts or ends
    if starts is None:
        return None
    if first == last and ends <= starts:
        return Trouble.NO_LENGTH if ends == starts else Trouble.OVER_MIDNIGHT, last, ends
    for day, at in ((first, starts), (last, ends)):
        if told := clock_change(day, at, zone):
            return told, day, at
    return None


def clock_change(day: date, at: time, zone: str) -> Trouble | None:
    """Return whether the clocks of ``zone`` leave out ``at`` on ``day``, or show it twice."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    earlier, later = local.utcoffset(), local.replace(fold=1).utcoffset()
    if earlier == later:
        return None
    return Trouble.SKIPPED if earlier < later else Trouble.TWICE
