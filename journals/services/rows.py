"""The dated rows in force on a day: schedule, policy, knowledge areas (R-CAT)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from journals.announcements import DatedRow
from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.states import CATEGORIES, Activity
from serportal.dated import services as dated


def policy_on(day) -> PolicyRow:
    """Return the policy in force on ``day``."""
    return PolicyRow.objects.in_force(day)[0]


def rate_on(activity: str, day) -> ScheduleRow:
    """Return the line of the credit schedule for an activity completed on ``day`` (R-CAT)."""
    return ScheduleRow.objects.in_force(day).filter(activity=activity)[0]


@dataclass(frozen=True)
class Rows:
    """Every row of schedule and policy, the latest first: read once, to work out many claims of many days."""

    schedule: Sequence[ScheduleRow]
    policies: Sequence[PolicyRow]

    @classmethod
    def read(cls) -> "Rows":
        newest = "-effective_from"
        return cls(list(ScheduleRow.objects.order_by(newest)), list(PolicyRow.objects.order_by(newest)))

    def policy_on(self, day: date) -> PolicyRow:
        return _in_force(self.policies, day)

    def rate_on(self, activity: str, day: date) -> ScheduleRow:
        return _in_force([row for row in self.schedule if row.activity == activity], day)


def _in_force(rows: Sequence, day: date):
    """Return which of ``rows`` holds on ``day``; before the first of them, that one."""
    return next((row for row in rows if row.effective_from <= day), rows[-1])


def schedule_on(day: date) -> list[tuple[int, str, list[ScheduleRow]]]:
    """Return (category, its name, its lines) of the credit schedule in force on ``day``, in its own order."""
    return _by_category(
        ScheduleRow.objects.filter(effective_from__lte=day).order_by("activity", "-effective_from").distinct("activity")
    )


def areas_on(day: date) -> dict[str, KnowledgeArea]:
    """Return the knowledge areas as they are called on ``day``, those no longer offered included, by their key."""
    return _by_place(
        KnowledgeArea.objects.filter(effective_from__lte=day).order_by("key", "-effective_from").distinct("key")
    )


@dataclass(frozen=True)
class Around:
    """What holds on a day, and (what holds before it, the row) for every row that is stored for a later day."""

    policy: PolicyRow
    schedule: list[tuple[int, str, list[ScheduleRow]]]
    areas: dict[str, KnowledgeArea]
    later: list[tuple[DatedRow | None, DatedRow]]


def around(day: date) -> Around:
    """Return what holds on ``day`` and what is stored for later, in one query for each kind of row."""
    held, later = {}, []
    for model in (PolicyRow, ScheduleRow, KnowledgeArea):
        held[model], coming = dated.around(model, day)
        later += coming
    return Around(held[PolicyRow][0], _by_category(held[ScheduleRow]), _by_place(held[KnowledgeArea]), later)


def _by_category(rows: Iterable[ScheduleRow]) -> list[tuple[int, str, list[ScheduleRow]]]:
    order = list(Activity)
    rows = sorted(rows, key=lambda row: (row.category, order.index(row.activity)))
    return [
        (category, name, lines)
        for category, name in CATEGORIES.items()
        if (lines := [row for row in rows if row.category == category])
    ]


def _by_place(areas: Iterable[KnowledgeArea]) -> dict[str, KnowledgeArea]:
    return {area.key: area for area in sorted(areas, key=lambda one: (one.place, one.key))}
