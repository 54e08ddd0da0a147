"""References and certificate numbers: no gaps in what the portal issues, no number twice."""

from django.db import transaction

from serportal.numbers.models import Counter


def take(series: str, year: int = 0) -> str:
    """Return the next number of ``series``: “CEC-2026-0001” with a year, “CERP-0001” without.

    Must run inside the transaction that uses the number: the counter's row stays locked until it ends, so a number
    is gone only if the row that carries it exists. Grows past 9999 without padding.
    """
    return take_many(series, 1, year)[0]


def take_many(series: str, count: int, year: int = 0) -> list[str]:
    """Return the next ``count`` numbers of ``series`` in order, under one lock; otherwise like ``take``."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A number is taken inside the transaction that uses it.")
    Counter.objects.get_or_create(series=series, year=year)
    counter = Counter.objects.select_for_update().get(series=series, year=year)
    issued = range(counter.last + 1, counter.last + count + 1)
    counter.last += count
    counter.save(update_fields=["last"])
    return [f"{series}-{year}-{number:04d}" if year else f"{series}-{number:04d}" for number in issued]
