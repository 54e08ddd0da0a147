"""Who may file a claim, for which days, what its days and hours may say, when a code counts (R-CEC, R-DATE, R-MIN)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from cecs.states import Grade
from journals.states import SERVICE, Activity
from serportal.certifications.rules import anniversary, reinstated_until, standing
from serportal.certifications.states import CURRENT, Standing

MOST_DAYS = 14
DAY_HOURS = Decimal(24)
MOST_HOURS = Decimal(2000)
EARLIEST = date(1990, 1, 1)
FURTHEST = 2  # years an activity may lie ahead
IDLE_DAYS = 30  # after which a draft is mentioned
MINUTES = 60
HUNDREDTH = Decimal("0.01")
NOT_PASSED = frozenset({"f", "fail", "failed", "fx", "nc", "no", "notpassed", "np", "u", "unsatisfactory"})


@dataclass(frozen=True)
class Held:
    """One certification period of the person who files: its first and last day, and when its certification lapsed."""

    first: date
    last: date
    lapsed_on: date | None = None


def refusal(periods: Sequence[Held], *, last_day: date | None, today: date) -> tuple[str, dict[str, date]] | None:
    """Return (code, days for its sentence) why no claim can be filed, or None (R-CEC).

    People certified today file; in grace, and for twelve months after it while reinstatement is open (R-PER-6), only
    activities of the period that has ended. Before the activity's last day is known only the person is judged.
    """
    if not periods:
        return "never-certified", {}
    latest = max(periods, key=lambda one: one.last)
    where = standing(latest.last, latest.lapsed_on, today)
    if where == Standing.LAPSED and today > reinstated_until(latest.lapsed_on):
        return "lapsed", {"last": latest.last}
    if last_day is not None and where not in CURRENT and last_day > latest.last:
        code = "grace-old-days-only" if where == Standing.GRACE else "lapsed-old-days-only"
        return code, {"last": latest.last}
    return None


def days_problem(activity: str, first: date, last: date, *, today: date) -> str | None:
    """Return the code of what is wrong with the two days of an activity, or None."""
    if last < first:
        return "last-before-first"
    if activity == Activity.CONFERENCE and (last - first).days >= MOST_DAYS:
        return "too-many-days"
    if activity in SERVICE and last >= anniversary(first, 1):
        return "over-a-year"
    if last > anniversary(today, FURTHEST):
        return "too-far-ahead"
    return None


def days_between(first: date | None, last: date | None) -> list[date]:
    """Return the days of an activity of at most two weeks, each of which has its own row of hours; else none."""
    if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
        return []
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def hours_problem(hours: Decimal, *, days: int) -> str | None:
    """Return the code of what is wrong with the hours of ``days`` days together, or None."""
    return None if 0 < hours <= min(MOST_HOURS, DAY_HOURS * days) else "more-than-the-days-have"


@dataclass(frozen=True)
class Run:
    """One date of what a code stands for: its days, and those between which the approval holds (R-SPO-2).

    ``ended_on`` is the day on which the approval was ended early, None while it stands.
    """

    first: date
    last: date
    valid_from: date
    valid_to: date
    ended_on: date | None = None
    cancelled: bool = False


def run_problem(run: Run, *, today: date) -> str | None:
    """Return the code of why ``run`` cannot be claimed on ``today``, or None.

    What was over on the day on which an approval was ended, or before, stands (R-SPO-8); an approval that has run out
    keeps its days.
    """
    if run.cancelled:
        return "cancelled"
    if not run.valid_from <= run.first <= run.last <= run.valid_to:
        return "outside-approval"
    if run.ended_on is not None and run.last > run.ended_on:
        return "approval-ended"
    return "not-over" if run.last > today else None


def in_hours(minutes: Sequence[int]) -> list[Decimal]:
    """Return each of ``minutes`` as hours with two decimals that add up to the hours of their sum.

    Three talks of 20 minutes are an hour, not 0.99 of one (R-MIN).
    """
    told, reached, hours = Decimal(0), 0, []
    for one in minutes:
        reached += one
        together = (Decimal(reached) / MINUTES).quantize(HUNDREDTH, ROUND_HALF_UP)
        hours.append(together - told)
        told = together
    return hours


def side_by_side(spans: Sequence[tuple]) -> tuple[int, int] | None:
    """Return the places of the first two of ``spans``, (day, start, end), of which nobody can have attended both."""
    for place, (day, start, end) in enumerate(spans):
        for other in range(place + 1, len(spans)):
            that_day, that_start, that_end = spans[other]
            if day == that_day and start < that_end and that_start < end:
                return place, other
    return None


def grade_of(told: str) -> Grade:
    """Return what the grade on a roster means: none was given, not passed, or passed (R-QUAL)."""
    word = re.sub(r"[^a-z]", "", told.casefold())
    if not told.strip():
        return Grade.NONE
    return Grade.FAILED if word in NOT_PASSED else Grade.PASSED


def differs(*, claimed: Decimal | None, told: int | None) -> bool:
    """Whether a roster confirms fewer than the hours that are claimed: a minute of rounding is none."""
    return claimed is not None and told is not None and told + 1 < claimed * MINUTES
