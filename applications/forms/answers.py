"""One section or one row of an application as a form."""

from collections.abc import Sequence
from datetime import date

from applications import asks
from applications.answers import CHECKS
from serportal.drafts.forms import AnswersForm
from serportal.ui.asks import Ask

# Fields that stand side by side where there is room.
PAIRS = (
    ("first_day", "last_day"),
    ("weekly_hours", "restoration"),
    ("code", "term"),
    ("unit", "credits"),
    *((f"area{number}", f"credits{number}") for number in asks.SHARES),
)


def answers_form(where: str, table: Sequence[Ask], data: dict, *, today: date, judged: bool) -> AnswersForm:
    return AnswersForm(table, data, check=CHECKS.get(where), today=today, judged=judged, pairs=PAIRS)
