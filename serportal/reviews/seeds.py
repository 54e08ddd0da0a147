"""The timetables SER starts with; brought in after each migration where a kind has none."""

from dataclasses import asdict
from datetime import date

from serportal.reviews.kinds import kinds
from serportal.reviews.models import Timetable

FROM = date(2000, 1, 1)


def seed_timetables(**kwargs) -> None:
    """Bring in the timetable of each kind that has none yet."""
    known = set(Timetable.objects.values_list("kind", flat=True))
    Timetable.objects.bulk_create(
        Timetable(kind=key, effective_from=FROM, **asdict(kind.days))
        for key, kind in kinds().items()
        if key not in known
    )
