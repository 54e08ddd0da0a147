"""Where a case stands in time, in whole programme days (R-REV-1, R-REV-2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from serportal.reviews.rules.ballots import QUARTER


@dataclass(frozen=True)
class Clock:
    """Where a case stands in time, in whole programme days."""

    day: int
    of: int
    late: int

    @property
    def share(self) -> Decimal:
        """Return the part of the time that has passed, in percent from 0 to 100."""
        return min(Decimal(100), max(Decimal(0), Decimal(self.day) * 100 / max(self.of, 1))).quantize(QUARTER)


def clock(*, filed_on: date, due_on: date, today: date) -> Clock:
    """Return the day of the case, out of how many, and how many days late it is (R-REV-1)."""
    return Clock((today - filed_on).days, (due_on - filed_on).days, max(0, (today - due_on).days))
