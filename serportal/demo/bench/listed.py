"""More offerings than the demonstration has, to measure how the public list grows."""

from datetime import timedelta

from preapprovals.models import Occurrence, Offering
from serportal.ui.words import programme_day

A_PIECE = 1000
RUNS = 2


def list_more(count: int) -> None:
    """Put ``count`` offerings on the list, as like those of the demonstration as rows made in bulk can be."""
    today = programme_day()
    like = list(Offering.objects.public(today).filter(code__isnull=False).order_by("pk"))
    for first in range(0, count, A_PIECE):
        numbers = range(first, min(first + A_PIECE, count))
        made = Offering.objects.bulk_create([_copy(like[n % len(like)], n) for n in numbers])
        Occurrence.objects.bulk_create(
            [_run(one, today + timedelta(days=n % 300)) for n, one in enumerate(made * RUNS)]
        )


def _copy(one: Offering, n: int) -> Offering:
    facts = {field.attname: getattr(one, field.attname) for field in Offering._meta.concrete_fields}
    title = f"{one.title} {n}"
    own = {"id": None, "request_id": None, "renews_id": None, "code": f"SER-{n:04d}-MORE", "title": title}
    return Offering(**{**facts, **own, "search": f"{one.search} {n}"})


def _run(offering: Offering, day) -> Occurrence:
    at = offering.listed_at
    when = {"first_day": day, "last_day": day, "made_at": at, "changed_at": at}
    return Occurrence(offering=offering, zone="America/New_York", place="Ithaca", country="US", **when)
