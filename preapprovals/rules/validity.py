"""How long an approval holds, and how long it can be appealed against (R-SPO-2, R-SPO-6)."""

from datetime import date, timedelta

from serportal.certifications.rules import anniversary

YEARS = 2
APPEAL = timedelta(days=30)


def valid_from(decided_on: date, first_planned: date | None) -> date:
    """Return the first day on which an approval holds: the decision’s, or an earlier planned one (R-SPO-2)."""
    return min(decided_on, first_planned or decided_on)


def last_valid_day(starts: date, *, recurring: bool, last_planned: date | None) -> date:
    """Return the last day: two years for what recurs, else the last planned day within them (R-SPO-2)."""
    end = anniversary(starts, YEARS) - timedelta(days=1)
    return end if recurring or last_planned is None else max(starts, min(last_planned, end))


def appeal_until(told_on: date) -> date:
    """Return the last day on which a termination can be appealed, told on ``told_on``: the 30th after it (R-SPO-6)."""
    return told_on + APPEAL
