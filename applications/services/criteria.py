"""The criteria in force, as dated rows: what a new version changes, and what it leaves alone (R-APP-4, R-APP-5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications import rules
from applications.models import Criteria
from applications.selfcheck import (
    FULL_WEEK,
    Spell,
    courses_of,
    jobs_of,
    projects_of,
)
from applications.states import Phase, Unit
from applications.wording import shortfall
from serportal.dated import services as dated
from serportal.dated.services import DatedRows, held_by
from serportal.reviews.models import ReviewCase
from serportal.ui.words import number

FIGURES = {
    "biological": gettext_lazy("Biological science: {new} semester credits instead of {old}."),
    "ecology": gettext_lazy("Biological science: {new} of its credits in ecology instead of {old}."),
    "physical": gettext_lazy("Physical science: {new} semester credits instead of {old}."),
    "earth": gettext_lazy("Physical science: {new} of its credits in soils, hydrology or climate instead of {old}."),
    "resource": gettext_lazy("Resource management and conservation: {new} semester credits instead of {old}."),
    "ecological": gettext_lazy(
        "Resource management and conservation: {new} of its credits in ecological dimensions instead of {old}."
    ),
    "human": gettext_lazy(
        "Resource management and conservation: {new} of its credits in human dimensions instead of {old}."
    ),
    "quantitative": gettext_lazy("Quantitative science: {new} semester credits instead of {old}."),
    "restoration": gettext_lazy("Ecological restoration: {new} semester credits instead of {old}."),
    "months": gettext_lazy("Experience: {new} months of full-time work instead of {old}."),
    "projects": gettext_lazy("Experience: at least {new} projects instead of {old}."),
    "references_least": gettext_lazy("References: at least {new} instead of {old}."),
    "references_most": gettext_lazy("References: at most {new} instead of {old}."),
}


def criteria_on(day: date) -> Criteria:
    """Return the version of the criteria in force on ``day``; an application keeps the one it was filed under."""
    return Criteria.objects.in_force(day)[0]


def criteria_around(day: date) -> tuple[Criteria, list[tuple[date, list[str]]]]:
    """Return the criteria in force on ``day``, and (from when, what changes) of those stored for later. One query."""
    held, later = dated.around(Criteria, day)
    return held[0], [(row.effective_from, changes(before, row)) for before, row in later]


def changes(before: Criteria, after: Criteria) -> list[str]:
    """Say what ``after`` changes of what ``before`` says."""
    said = []
    for name, text in FIGURES.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            said.append(str(text).format(old=number(old), new=number(new)))
    return said


@dataclass(frozen=True)
class Example:
    """An applicant worked out by the rules, before and after a change."""

    what: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def examples(before: Criteria, after: Criteria) -> Iterator[Example]:
    """Yield who has exactly what is asked until then, and who has exactly what is asked from then on."""
    for row, credits, work in (
        (before, _("exactly the credits asked until then"), _("exactly the months and projects asked until then")),
        (after, _("exactly the credits asked from then on"), _("exactly the months and projects asked from then on")),
    ):
        yield Example(credits, *(_knowledge_under(one, row) for one in (before, after)))
        yield Example(work, *(_experience_under(one, row) for one in (before, after)))


def _knowledge_under(criteria: Criteria, holder: Criteria) -> str:
    """Say how ``criteria`` judge the courses of somebody who has exactly what ``holder`` asks."""
    credits = {}
    for area, least in holder.least().items():
        credits |= {area: least.credits, **least.parts}
    return _told(shortfall(rules.sheet(criteria.least(), courses_of(Unit.SEMESTER, credits)), None))


def _experience_under(criteria: Criteria, holder: Criteria) -> str:
    """Say how ``criteria`` judge the work of somebody who has exactly what ``holder`` asks."""
    spells = [Spell(holder.months, FULL_WEEK, 100)] if holder.months else []
    projects = projects_of(max(holder.projects, 1), Phase)
    return _told(shortfall(None, rules.experience(criteria.demands(), jobs_of(spells), projects)))


def _told(lacks: list[str]) -> str:
    return " ".join(lacks) or _("enough")


class CriteriaRows(DatedRows):
    turn = "applications criteria"

    def changes(self, before, after) -> list[str]:
        return changes(before, after)

    def examples(self, before, after):
        return list(examples(before, after))

    def stays(self, before, row, by) -> list[str]:
        filed = held_by(before, hidden=ReviewCase.objects.hidden_from(by).values("pk") if by else None)
        return [
            ngettext(
                "One application was filed under the row that holds until then, and is judged by it.",
                "{n} applications were filed under the row that holds until then, and are judged by it.",
                filed,
            ).format(n=filed),
            _("Drafts that nobody has filed are judged by the criteria of the day on which they are filed."),
        ]

    def in_use(self, count: int) -> str:
        return ngettext(
            "{n} application was filed under this row, so it stays. Store a row that follows it.",
            "{n} applications were filed under this row, so it stays. Store a row that follows it.",
            count,
        ).format(n=count)


CRITERIA = CriteriaRows()
