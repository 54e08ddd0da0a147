"""The dated rows in force on a day: schedule, policy, knowledge areas (R-CAT)."""

from datetime import date

from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.states import CATEGORIES, Activity


def policy_on(day) -> PolicyRow:
    """Return the policy in force on ``day``."""
    return PolicyRow.objects.in_force(day)[0]


def rate_on(activity: str, day) -> ScheduleRow:
    """Return the line of the credit schedule for an activity completed on ``day`` (R-CAT)."""
    return ScheduleRow.objects.in_force(day).filter(activity=activity)[0]


def schedule_on(day: date) -> list[tuple[int, str, list[ScheduleRow]]]:
    """Return (category, its name, its lines) of the credit schedule in force on ``day``, in its own order."""
    order = list(Activity)
    latest = (
        ScheduleRow.objects.filter(effective_from__lte=day).order_by("activity", "-effective_from").distinct("activity")
    )
    rows = sorted(latest, key=lambda row: (row.category, order.index(row.activity)))
    return [
        (category, name, lines)
        for category, name in CATEGORIES.items()
        if (lines := [row for row in rows if row.category == category])
    ]


def areas_on(day: date) -> dict[str, KnowledgeArea]:
    """Return the knowledge areas as they are called on ``day``, those no longer offered included, by their key."""
    latest = KnowledgeArea.objects.filter(effective_from__lte=day).order_by("key", "-effective_from").distinct("key")
    return {area.key: area for area in sorted(latest, key=lambda one: (one.place, one.key))}
