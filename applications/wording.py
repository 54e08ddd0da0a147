"""Both sheets in words: the same lines and sentences on the form, the ballot, the status page and in the letter."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.rules import Experience, Line, Sheet
from applications.states import Kind, Phase, Ready
from serportal.ui.words import number


@dataclass(frozen=True)
class Told:
    """One line of a sheet: what it is about, how much there is, how much is needed, and the sentence that says so."""

    label: str
    has: str
    least: str
    sentence: str
    met: bool
    part: bool = False


def knowledge_lines(sheet: Sheet) -> list[Told]:
    """Return a line for every area, and after it for each of its parts (R-APP-4)."""
    return [
        Told(
            _label(line), number(line.total), number(line.least), _line_sentence(line), line.met, line.part is not None
        )
        for line in sheet.lines
    ]


def _label(line: Line) -> str:
    return str(line.part.label) if line.part else str(line.area.label).capitalize()


def _line_sentence(line: Line) -> str:
    """“12 of 15 credits in biological science; 3 more are needed.”, or “20 credits in …; 15 are needed.”"""
    where = str((line.part or line.area).label)
    text = _("{has} credits in {where}; {least} are needed.")
    if not line.met:
        text = _("{has} of {least} credits in {where}; {missing} more are needed.")
    values = {"has": number(line.total), "least": number(line.least), "missing": number(line.missing), "where": where}
    said = text.format(**values)
    if line.prior:
        said += " " + _("{prior} of them are asked for as prior learning.").format(prior=number(line.prior))
    return said


def knowledge_sentences(sheet: Sheet) -> list[str]:
    """Return a sentence for each area and part, and one more where a school’s own unit was estimated."""
    said = [_line_sentence(line) for line in sheet.lines]
    if sheet.estimated:
        said.append(
            _("Some credits are the applicant’s own estimate: the school counts in a unit of its own; see its basis.")
        )
    return said


def experience_lines(sheet: Experience) -> list[Told]:
    """Return a line for months, projects and phases (R-APP-5)."""
    demands = sheet.demands
    phases = len(sheet.phases)
    return [
        Told(
            _("Months of full-time work"),
            number(sheet.shown),
            number(Decimal(demands.months)),
            _months_sentence(sheet),
            not sheet.months_missing,
        ),
        Told(
            _("Projects"),
            str(sheet.projects),
            str(demands.projects),
            _projects_sentence(sheet),
            not sheet.projects_missing,
        ),
        Told(_("Phases"), str(phases), str(len(Phase)), _phases_sentence(sheet), not sheet.phases_missing),
    ]


def sheet_lines(knowledge: Sheet | None, experience: Experience | None) -> list[Told]:
    """Return the lines of both sheets, as far as they were asked for."""
    lines = knowledge_lines(knowledge) if knowledge else []
    return [*lines, *(experience_lines(experience) if experience else [])]


def experience_sentences(sheet: Experience) -> list[str]:
    return [line.sentence for line in experience_lines(sheet)]


def _months_sentence(sheet: Experience) -> str:
    text = _("{has} months of full-time work; {least} are needed.")
    if sheet.months_missing:
        text = _("{has} of {least} months of full-time work; {missing} more are needed.")
    said = text.format(has=number(sheet.shown), least=sheet.demands.months, missing=number(sheet.months_missing))
    if sheet.halved:
        said += " " + ngettext(
            "{n} month counts half, for less than half of its hours were restoration.",
            "{n} months count half, for less than half of their hours were restoration.",
            sheet.halved,
        ).format(n=sheet.halved)
    return said


def _projects_sentence(sheet: Experience) -> str:
    text = _("{has} projects; {least} are needed.")
    if sheet.projects_missing:
        text = ngettext(
            "{has} of {least} projects; {missing} more is needed.",
            "{has} of {least} projects; {missing} more are needed.",
            sheet.projects_missing,
        )
    return text.format(has=sheet.projects, least=sheet.demands.projects, missing=sheet.projects_missing)


def _phases_sentence(sheet: Experience) -> str:
    if not sheet.phases_missing:
        return _("All four phases of restoration work are shown.")
    missing = ", ".join(str(phase.label) for phase in sheet.phases_missing)
    return _("No project shows: {missing}.").format(missing=missing)


def result(ready: str, kind: str) -> str:
    """Say what the figures speak for, and what that means for an application of ``kind`` (R-APP-1, R-APP-9)."""
    if not ready:
        return _("The written list of next steps guides the review. The figures count only what was added to it.")
    if ready == Ready.CERP:
        if kind == Kind.CERPIT:
            return _("Ready for CERPIT. The figures would do for CERP too: both sides are complete.")
        return _("Ready for CERP: both sides are complete by the figures. The committee judges the rest.")
    if ready == Ready.CERPIT:
        if kind == Kind.CERPIT:
            return _("Ready for CERPIT: one side is complete by the figures. The committee judges the rest.")
        if kind == Kind.UPGRADE:
            return _("Not yet ready for CERP: only one side is complete by the figures.")
        return _(
            "Ready for CERPIT, not yet for CERP: only one side is complete by the figures. You may be offered CERPIT, "
            "and are free to decline."
        )
    return _("Not yet ready: neither side is complete by the figures.")


def shortfall(knowledge: Sheet | None, experience: Experience | None) -> list[str]:
    """Return the sentences about what is still missing, and nothing else."""
    return [line.sentence for line in sheet_lines(knowledge, experience) if not line.met]
