"""The rows SER starts with; brought in after each migration where they are missing, never over an edited one."""

from datetime import date
from decimal import Decimal

from journals.models import CreditTypeCode, KnowledgeArea, PolicyRow, ScheduleRow

FROM = date(2000, 1, 1)
SCHEDULE = [
    # activity, category, measure, rate, unit, can be pre-approved (R-CAT-1 to R-CAT-7)
    ("course", 1, "hours", 1, "classroom hour", True),
    ("training", 2, "hours", 1, "hour", True),
    ("conference", 3, "hours", 2, "hours", True),
    ("instruction", 4, "hours", 1, "hour of instruction", True),
    ("book", 5, "each", 10, "book", False),
    ("chapter", 5, "each", 5, "chapter", False),
    ("paper", 5, "each", 5, "paper", False),
    ("material", 5, "each", 1, "item", False),
    ("board", 6, "each", 5, "year of service", False),
    ("committee", 6, "each", 3, "year of service", False),
    ("event", 6, "each", 2, "event", False),
    ("volunteering", 7, "hours", 4, "contact hours", False),
]
AREAS = [
    ("biological", "Biological science"),
    ("physical", "Physical science"),
    ("management", "Resource management and conservation"),
    ("quantitative", "Quantitative science"),
    ("restoration", "Ecological restoration"),
]


def seed_rows(**kwargs) -> None:
    """Bring in the credit schedule, the knowledge areas, the policy and the type codes where no row exists yet."""
    if not PolicyRow.objects.exists():
        PolicyRow.objects.create(
            effective_from=FROM,
            event_cap=10,
            volunteer_cap=5,
            least_minutes=60,
            step=Decimal("0.25"),
            period_credits=50,
            year_credits=5,
        )
    known = set(ScheduleRow.objects.values_list("activity", flat=True))
    ScheduleRow.objects.bulk_create(
        ScheduleRow(
            activity=activity,
            category=category,
            measure=measure,
            rate=rate,
            unit=unit,
            pre_approvable=pre_approvable,
            effective_from=FROM,
        )
        for activity, category, measure, rate, unit, pre_approvable in SCHEDULE
        if activity not in known
    )
    if not KnowledgeArea.objects.exists():
        KnowledgeArea.objects.bulk_create(
            KnowledgeArea(key=key, name=name, place=place, effective_from=FROM)
            for place, (key, name) in enumerate(AREAS, start=1)
        )
    named = set(CreditTypeCode.objects.values_list("activity", flat=True))
    CreditTypeCode.objects.bulk_create(
        CreditTypeCode(activity=activity, code=str(category))
        for activity, category, *_rest in SCHEDULE
        if activity not in named
    )
