"""One section or one row of a request as a form; the agenda is a table of lines."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from preapprovals import asks
from preapprovals.answers import CHECKS
from preapprovals.rules.agenda import MOST_ROWS, PARTS
from preapprovals.states import Item
from serportal.drafts.answers import Problem
from serportal.drafts.forms import AnswersForm
from serportal.ui.asks import Ask

# Fields that stand side by side where there is room.
PAIRS = (("first_day", "last_day"), ("starts", "ends"))
FIRST_LINES, BLANK_LINES = 6, 3
MORE_LINES = 8
LABELS = {
    "day": _("Day"),
    "from": _("From"),
    "to": _("To"),
    "what": _("What"),
    "item": _("What kind"),
    "track": _("Side by side"),
}


def answers_form(where: str, table: Sequence[Ask], data: dict, *, today: date, judged: bool) -> AnswersForm:
    return AnswersForm(table, data, check=CHECKS.get(where), today=today, judged=judged, pairs=PAIRS)


class AgendaForm:
    """The lines of an agenda as they were typed, with blank ones to fill, or the minutes of a webinar.

    ``problems`` are what is said of it; each stands beside its field once it was ``judged``.
    """

    items = Item.choices

    def __init__(self, data: dict, problems: Sequence[Problem], *, judged: bool, lines: int = 0):
        self.data, self.problems, self.judged = data, problems, judged
        filled = max((n for n in range(MOST_ROWS) if data.get(f"what-{n}") or data.get(f"from-{n}")), default=-1) + 1
        self.count = min(MOST_ROWS, max(FIRST_LINES, filled + BLANK_LINES, lines))

    @property
    def style(self) -> str:
        return self.data.get("style", asks.AGENDA)

    @property
    def minutes(self) -> str:
        return self.data.get("minutes", "")

    @property
    def can_grow(self) -> bool:
        return self.count < MOST_ROWS

    @property
    def more(self) -> int:
        """How many lines there are once more were asked for."""
        return min(MOST_ROWS, self.count + MORE_LINES)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What is said beside each field."""
        found: dict[str, list[str]] = {}
        for problem in self.problems if self.judged else ():
            found.setdefault(problem.field, []).append(problem.sentence)
        return found

    @property
    def lines(self) -> list[dict]:
        """Return each line with its cells; a blank one begins on the day of the line before it."""
        found, day, wrong = [], "1", self.wrong
        for number in range(self.count):
            typed = {part: self.data.get(f"{part}-{number}", "") for part in PARTS}
            day = typed["day"] = typed["day"] or day
            typed["item"] = typed["item"] or Item.INSTRUCTION
            names = {part: f"{part}-{number}" for part in PARTS}
            cells = [
                {"part": part, "label": LABELS[part], "name": name, "typed": typed[part], "errors": wrong.get(name, [])}
                for part, name in names.items()
            ]
            found.append({"place": number + 1, "cells": cells, "wrong": any(cell["errors"] for cell in cells)})
        return found

    def summary(self) -> list[tuple[str, str]]:
        """Return (id of the field, sentence) for everything that needs the person."""
        return [(f"id_{problem.field}", problem.sentence) for problem in self.problems]
