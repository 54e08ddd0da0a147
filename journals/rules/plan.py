"""What is only planned or asked for, as later claims would find it."""

from decimal import Decimal

from journals.rules.credit import Claim, Credited


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
