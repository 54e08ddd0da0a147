"""Who may file a claim, for which days, and what a conference claim may say (R-CEC, R-DATE)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from serportal.certifications.rules import standing
from serportal.certifications.states import CURRENT, Standing

MOST_DAYS = 14
DAY_HOURS = Decimal(24)
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Held:
    """One certification period of the person who files: its first and last day."""

    first: date
    last: date


def refusal(periods: Sequence[Held], *, last_day: date | None, today: date) -> tuple[str, dict[str, date]] | None:
    """Return (code, days for its sentence) why no claim can be filed, or None (R-CEC).

    Only people certified today file; in grace, only activities of the period that has just ended. Before the
    activity's last day is known only the person is judged.
    """
    if not periods:
        return "never-certified", {}
    latest = max(periods, key=lambda one: one.last)
    where = standing(latest.last, today)
    if where == Standing.LAPSED:
        return "lapsed", {"last": latest.last}
    if last_day is not None and where not in CURRENT and last_day > latest.last:
        return "grace-old-days-only", {"last": latest.last}
    return None


def last_day_problem(first: date, last: date, *, today: date) -> str | None:
    """Return the code of what is wrong with a conference's two days, or None."""
    if last < first:
        return "last-before-first"
    if (last - first).days >= MOST_DAYS:
        return "too-many-days"
    if last > today:
        return "not-yet"
    return None


def days_between(first: date | None, last: date | None) -> list[date]:
    """Return the days of a conference, as far as its two days make sense."""
    if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
        return []
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
