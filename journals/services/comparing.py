"""The next run beside the last one: what a coordinator compares before pressing the button (R-UPL-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, Sum, Window
from django.db.models.functions import Coalesce

from journals.models import HISTORY, Upload
from journals.states import Activity

SHOWN = 25


@dataclass(frozen=True)
class Line:
    """One activity: entries and credits of the last run, and of the next."""

    activity: str
    entries_before: int
    before: Decimal
    entries: int
    credits: Decimal

    @property
    def more(self) -> Decimal:
        return self.credits - self.before


@dataclass(frozen=True)
class Some:
    """How many there are, and the first of them."""

    count: int
    first: Sequence

    @property
    def rest(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True)
class Comparison:
    """What differs between ``last`` (None before the first run) and what waits now.

    ``new`` are members whom the last run did not touch, ``gone`` those whom it touched and the next does not,
    ``taken_back`` the corrections that wait.
    """

    last: Upload | None
    lines: Sequence[Line]
    new: Some
    gone: Some
    taken_back: Some


def compare(known) -> Comparison:
    """Return the next run beside the last one, of the entries that a coordinator may know (``known_to``, R-REV-5)."""
    runs = Upload.objects.filter(posted_at__isnull=False).exclude(key__startswith=HISTORY)
    last = runs.order_by("-posted_at", "-pk").first()
    waiting, moved = known.waiting(), known.filter(upload=last) if last else known.none()
    of_both = known.filter(Q(upload__isnull=True) | Q(upload=last)) if last else waiting
    now, then = Q(upload__isnull=True), Q(upload__isnull=False)
    sums = (
        of_both.order_by()
        .values("activity")
        .annotate(
            entries_before=Count("pk", filter=then),
            before=Coalesce(Sum("credits", filter=then), Decimal(0)),
            entries=Count("pk", filter=now),
            credits=Coalesce(Sum("credits", filter=now), Decimal(0)),
        )
    )
    found = {row["activity"]: row for row in sums}
    corrections = waiting.filter(reverses__isnull=False).select_related("person")
    return Comparison(
        last=last,
        lines=[Line(**{**found[one], "activity": one.label}) for one in Activity if one in found],
        new=_some(_people(waiting, but=moved)),
        gone=_some(_people(moved, but=waiting)),
        taken_back=_some(corrections.order_by("approved_at", "pk")),
    )


def _people(entries, *, but):
    """Return who has some of ``entries`` and none of ``but``, by name."""
    people = get_user_model().objects.filter(Exists(entries.filter(person=OuterRef("pk"))))
    return people.exclude(Exists(but.filter(person=OuterRef("pk")))).order_by("name", "email")


def _some(rows) -> Some:
    """Return how many ``rows`` there are and the first of them, in one query."""
    first = list(rows.annotate(of_them=Window(Count("pk")))[:SHOWN])
    return Some(first[0].of_them if first else 0, first)
