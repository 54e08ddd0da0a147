"""What contact time is worth: as the schedule in force counts it, and as an approval bounds it (R-CAT, R-CAP)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journals import rules
from journals import services as journals
from journals.models import PolicyRow, ScheduleRow
from preapprovals.models import Offering
from serportal.certifications.rules import Year


@dataclass(frozen=True)
class Worth:
    """What an activity of so many minutes brings by itself, with the dated rows that say so."""

    credit: rules.Credit
    schedule_row: ScheduleRow
    policy_row: PolicyRow


def worth_of(category: str, minutes: int, day: date) -> Worth:
    """Return what ``minutes`` of contact time of a category bring one person for one event, by the rows of ``day``."""
    rows = journals.rate_on(category, day), journals.policy_on(day)
    return Worth(worth_by(category, minutes, day, *rows), *rows)


def worth_by(category: str, minutes: int, day: date, schedule_row: ScheduleRow, policy_row: PolicyRow) -> rules.Credit:
    """Return the same by exactly these rows."""
    claim = rules.Claim(activity=category, completed_on=day, hours=Decimal(minutes) / 60)
    span = rules.Span((Year(1, day, day),))
    return rules.credit(claim, rate=schedule_row.as_rate(), policy=policy_row.as_policy(), span=span)


def credits_for(
    offering: Offering, minutes: int, day: date, rows: tuple[ScheduleRow, PolicyRow] | None = None
) -> Decimal:
    """Return what attending ``minutes`` of an offering brings: all of it what was approved, a part never more.

    ``minutes`` beyond the agenda count nothing. ``rows`` are those of ``day``, where they are at hand already.
    """
    if minutes >= offering.minutes:
        return offering.credits
    rows = rows or (journals.rate_on(offering.category, day), journals.policy_on(day))
    return min(offering.credits, worth_by(offering.category, minutes, day, *rows).amount)
