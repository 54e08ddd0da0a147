"""What somebody enters to see where they stand, without an account: figures for the rules, and their sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications import rules
from applications.rules.experience import FULL_TIME
from applications.states import PARTS, Area, Phase, Ready, Unit
from serportal.ui.words import number

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


def lacking_in_knowledge(sheet: rules.Sheet) -> list[str]:
    """Say what is missing in each area, and in each part of one (R-APP-4)."""
    said = []
    for line in sheet.missing:
        values = {"area": _begin(line.area.label), "n": number(line.missing)}
        one, many = _("{area}: 1 more semester credit is needed."), _("{area}: {n} more semester credits are needed.")
        if line.part is not None:
            values["part"] = line.part.label
            one = _("{area}: 1 more of its credits is needed in {part}.")
            many = _("{area}: {n} more of its credits are needed in {part}.")
        said.append((one if line.missing == 1 else many).format(**values))
    return said


def lacking_in_experience(experience: rules.Experience) -> list[str]:
    """Say what is missing in months, projects and phases (R-APP-5)."""
    said = []
    if experience.months_missing:
        one, many = _("1 more month of full-time work is needed."), _("{n} more months of full-time work are needed.")
        lacks = experience.months_missing
        said.append((one if lacks == 1 else many).format(n=number(lacks)))
    if experience.projects_missing:
        text = ngettext("One more project is needed.", "{n} more projects are needed.", experience.projects_missing)
        said.append(text.format(n=experience.projects_missing))
    if experience.phases_missing:
        phases = ", ".join(str(phase.label) for phase in experience.phases_missing)
        said.append(_("Not covered by any project: {phases}.").format(phases=phases))
    return said


def _begin(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
