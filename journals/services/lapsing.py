"""Whose period is over: told of their grace, held while something is undecided, or lapsed (R-PER-4, R-PER-6)."""

from datetime import datetime

from serportal.certifications import services as certifications
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase


def keep_periods(*, at: datetime | None = None) -> dict[str, int]:
    """Tell whose grace begins, and let lapse whose grace is over; return how many of each. Any tick may run it.

    What was filed in time and is still undecided holds the status as it is: claims, arrangements, renewals.
    """
    holding = [key for key, kind in kinds().items() if kind.holds]
    undecided = ReviewCase.objects.open().filter(kind__in=holding)
    return {
        "told": certifications.tell_grace(at=at),
        "lapsed": certifications.lapse_due(undecided=undecided, at=at),
    }
