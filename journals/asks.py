"""What the form of an arrangement asks (R-PER-3); DOMAIN, Fields each form must have."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import terms
from journals.services import arranging
from journals.services.arranging import ASKED, REASON, Facts
from journals.states import Shape
from serportal.drafts.answers import Check
from serportal.drafts.forms import AnswersForm
from serportal.ui.asks import Ask, choice_of, long_text
from serportal.ui.words import span_text

SHAPES = (
    (Shape.REDUCED, gettext_lazy("A lower minimum for one year")),
    (Shape.MAKE_UP, gettext_lazy("More time, to make up later what one year lacks")),
    (Shape.EXTENSION, gettext_lazy("A longer period, for all that is missing")),
)
SHAPE = choice_of(
    "shape",
    gettext_lazy("What would help you?"),
    SHAPES,
    gettext_lazy("Nothing is ticked. Tick what would help you."),
    gettext_lazy("This is none of the three. Tick what would help you."),
)
NO_DAY = gettext_lazy("This is no day that can be meant. Choose it in the calendar, or write it like 2027-03-14.")
WHAT = (
    Ask(
        "credits",
        gettext_lazy("Credits the year would need"),
        kind="number",
        most=Decimal(100),
        help=gettext_lazy("In steps of 0.25; 0 if you could earn none."),
        refused=gettext_lazy("Write the credits as a plain number, such as 2 or 2.5."),
        only_if="shape-reduced",
    ),
    Ask(
        "day",
        gettext_lazy("Made up until"),
        kind="day",
        help=gettext_lazy("A day after that year, within your period. What you make up counts for that year alone."),
        refused=gettext_lazy(
            "This is no day that can be meant. Choose it in the calendar, or write it like 2027-03-14."
        ),
        only_if="shape-make-up",
    ),
    Ask(
        "ends",
        gettext_lazy("New last day of your period"),
        kind="day",
        refused=gettext_lazy(
            "This is no day that can be meant. Choose it in the calendar, or write it like 2027-03-14."
        ),
        only_if="shape-extension",
    ),
)
WHY = long_text(
    "reason",
    gettext_lazy("What happened, and how you will go on"),
    gettext_lazy("The reason is missing. Write what happened, in your own words."),
    help=gettext_lazy(
        "In your own words. Only the coordinator reads it. Say from when to when, and what you plan to do about the "
        "credits; leave out what you would rather not tell."
    ),
    lines=8,
    length=8000,
)
ANSWER = long_text("answer", gettext_lazy("Your answer to the coordinator"), lines=4, length=4000)
# What belongs to another shape than the one that is ticked.
UNUSED = {
    Shape.REDUCED: ("day", "ends"),
    Shape.MAKE_UP: ("credits", "ends"),
    Shape.EXTENSION: ("year", "credits", "day"),
}
NAMES = ("shape", "year", "credits", "day", "ends", "reason", "answer")


def table_of(facts: Facts, today: date, parts: Sequence[str] | None = None) -> list[Ask]:
    """Return what is asked: everything, or only the ``parts`` of a question with the answer to it (R-REV-8)."""
    asked = [SHAPE, _year(facts, today), *WHAT] if parts is None or ASKED in parts else []
    asked += [WHY] if parts is None or REASON in parts else []
    return asked if parts is None else [ANSWER, *asked]


def _year(facts: Facts, today: date) -> Ask:
    begun = [one.year for one in facts.progress.years if one.year.first <= today]
    text = _("Year {number}, {span}")
    years = [(str(one.number), text.format(number=one.number, span=span_text(one.first, one.last))) for one in begun]
    refused = _("This is no year of your period that has begun. Choose one of the list.")
    return choice_of(
        "year", _("Year of your period"), [("", "—"), *years], None, refused, widget="list", only_if="shape-year"
    )


class TermsForm(AnswersForm):
    """Says nothing about fields that belong to another shape than the one ticked; they keep what was typed."""

    def clean(self):
        data = super().clean()
        for name in UNUSED.get(self.data.get("shape"), ()):
            self.errors.pop(name, None)
        return data


def form_for(facts: Facts, data: dict, *, today: date, judged: bool, parts=None) -> TermsForm:
    """Return the form with what was typed; judged, it says what keeps it from being filed."""
    table = table_of(facts, today, parts)
    return TermsForm(table, data, check=_check(facts, data) if SHAPE in table else None, today=today, judged=judged)


def _check(facts: Facts, data: dict) -> Check:
    def found(values: Mapping, today: date):
        wanted = arranging.read_terms(data)
        problem = facts.obstacle(wanted, today) if wanted.shape in Shape.values else None
        if problem is not None:
            field = "ends" if problem.field == "day" and wanted.shape == Shape.EXTENSION else problem.field
            yield field or "shape", problem.code, terms.obstacle_text(problem)

    return found
