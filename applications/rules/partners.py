"""When a college that was asked about its graduates is reminded (R-APP-7, SPEC 5)."""

from collections.abc import Iterable
from datetime import date, timedelta

REMIND_AFTER = (7, 14, 28)


def reminder_due(asked: Iterable[date], *, last: date | None, today: date) -> bool:
    """Whether a college gets a letter today about those it was asked about on the days ``asked``, all unanswered.

    A letter tells of everyone who waits, so the one of the day ``last`` told every step there was by then.
    """
    steps = [day + timedelta(days=after) for day in asked for after in REMIND_AFTER]
    return any(step <= today and (last is None or step > last) for step in steps)
