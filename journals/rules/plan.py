"""What is only planned, on top of what is credited: the sums it would make, and what later claims would find of it."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from journals.rules.credit import Claim, Credited
from journals.rules.sums import Line, Progress


def added(progress: Progress, lines: Iterable[Line]) -> Progress:
    """Return ``progress`` as it would be with ``lines`` approved too; what lies in none of its years adds nothing."""
    lines = list(lines)
    years = (
        replace(one, waiting=one.waiting + _within(lines, one.year.first, one.year.last)) for one in progress.years
    )
    return replace(progress, years=tuple(years))


def _within(lines: Iterable[Line], first, last) -> Decimal:
    return sum((line.credits for line in lines if first <= line.day <= last), Decimal(0))


def as_credited(claim: Claim, amount: Decimal) -> Credited:
    """Return what later claims would know of ``claim`` if it brought ``amount``."""
    return Credited(
        activity=claim.activity,
        day=claim.completed_on,
        credits=amount,
        event=claim.event,
        course=claim.course,
        code=claim.code,
        service=claim.service,
    )
