"""Who may file a claim, for which days, and what its days and hours may say (R-CEC, R-DATE, R-MIN)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from journals.states import SERVICE, Activity
from serportal.certifications.rules import GRACE, anniversary, standing
from serportal.certifications.states import CURRENT, Standing

MOST_DAYS = 14
DAY_HOURS = Decimal(24)
MOST_HOURS = Decimal(2000)
EARLIEST = date(1990, 1, 1)
FURTHEST = 2  # years an activity may lie ahead
IDLE_DAYS = 30  # after which a draft is mentioned


@dataclass(frozen=True)
class Held:
    """One certification period of the person who files: its first and last day."""

    first: date
    last: date


def refusal(periods: Sequence[Held], *, last_day: date | None, today: date) -> tuple[str, dict[str, date]] | None:
    """Return (code, days for its sentence) why no claim can be filed, or None (R-CEC).

    People certified today file; in grace, and for twelve months after it while reinstatement is open (R-PER-6), only
    activities of the period that has ended. Before the activity's last day is known only the person is judged.
    """
    if not periods:
        return "never-certified", {}
    latest = max(periods, key=lambda one: one.last)
    where = standing(latest.last, today)
    if where == Standing.LAPSED and today > anniversary(latest.last + GRACE, 1):
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
