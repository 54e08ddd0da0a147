"""Days as PostgreSQL sees them in an exclusion constraint."""

from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models


def days_overlap() -> tuple[models.Func, str]:
    """Rows clash when their ``starts_on`` … ``ends_on`` share a day, both ends included; an empty end is open."""
    both_ends = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    days = models.Func("starts_on", "ends_on", both_ends, function="DATERANGE", output_field=DateRangeField())
    return days, RangeOperators.OVERLAPS
