"""What somebody enters to see where they stand, without an account: figures for the rules, and their sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy

from applications import rules
from applications.rules.experience import FULL_TIME
from applications.states import PARTS, Area, Phase, Ready, Unit

FIRST_YEAR = 2000
FULL_WEEK = Decimal(FULL_TIME)

SPEAKS = {
    Ready.CERP: gettext_lazy("What you entered speaks for CERP: the knowledge and the experience are there."),
    Ready.CERPIT: gettext_lazy("What you entered speaks for CERPIT: one of the two sides is there."),
    Ready.NEITHER: gettext_lazy("What you entered speaks for neither yet. What is missing stands below."),
}


@dataclass(frozen=True)
class Spell:
    """So many whole months of one job after another."""

    months: int
    weekly_hours: Decimal
    restoration: int


@dataclass(frozen=True)
class Standing:
    """Both sheets of what was entered, and what they speak for."""

    knowledge: rules.Sheet
    experience: rules.Experience

    @property
    def ready(self) -> Ready:
        return rules.ready_as(self.knowledge, self.experience)

    @property
    def sentence(self) -> str:
        return str(SPEAKS[self.ready])


def jobs_of(spells: Iterable[Spell]) -> list[rules.Job]:
    """Lay spells end to end over whole calendar months, as of somebody who held one job at a time."""
    jobs, month = [], 0
    for spell in spells:
        first = _month(month)
        month += spell.months
        last = date.fromordinal(_month(month).toordinal() - 1)
        jobs.append(rules.Job(first, last, spell.weekly_hours, spell.restoration))
    return jobs


def _month(offset: int) -> date:
    return date(FIRST_YEAR + offset // 12, offset % 12 + 1, 1)


def projects_of(count: int, phases: Iterable[Phase]) -> list[rules.Project]:
    """Return so many projects that cover ``phases`` together."""
    rest = [rules.Project(frozenset())] * (count - 1)
    return [rules.Project(frozenset(phases)), *rest] if count else []


def courses_of(unit: Unit, credits: Mapping[str, Decimal]) -> list[rules.Course]:
    """Return one course for each area with what was entered for it; ``credits`` is by the names of areas and parts."""
    courses = []
    for area in Area:
        whole = credits.get(area) or Decimal(0)
        parts = [(part, credits.get(part) or Decimal(0)) for part in PARTS[area]]
        rest = whole - sum((more for _part, more in parts), Decimal(0))
        shares = [rules.Share(area, more, part) for part, more in [*parts, (None, rest)] if more]
        courses.append(rules.Course(unit, whole, shares))
    return courses
