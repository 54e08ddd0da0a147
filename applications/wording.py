"""Both sheets in words: the same lines and sentences on the form, the ballot, the status page and in the letter."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import asks
from applications.rules import Experience, Line, Sheet
from applications.states import Kind, Listed, Phase, Ready, Section
from serportal.ui.asks import parse_day
from serportal.ui.words import day_text, number


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
    """“12 of 15 credits in biological science; 3 more are needed.”"""
    where = str((line.part or line.area).label)
    text = _("{has} of {least} credits in {where}.")
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


def experience_sentences(sheet: Experience) -> list[str]:
    return [line.sentence for line in experience_lines(sheet)]


def _months_sentence(sheet: Experience) -> str:
    text = _("{has} of {least} months of full-time work.")
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
    text = _("{has} of {least} projects.")
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
    lines = [line for line in knowledge_lines(knowledge) if not line.met] if knowledge else []
    lines += [line for line in experience_lines(experience) if not line.met] if experience else []
    return [line.sentence for line in lines]


# What was typed, as it is read ----------------------------------------
@dataclass(frozen=True)
class RowTold:
    """One row as it is read: what it is called, and its answers as (label, text)."""

    id: str
    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class PartTold:
    """One section as it is read: its own answers, or its rows."""

    section: str
    title: str
    facts: list[tuple[str, str]]
    rows: list[RowTold]


def parts(kind: str, content: dict, *, programmes=(), steps=None) -> list[PartTold]:
    """Return every section of ``content`` in the order of the form.

    ``programmes`` are (key, name) of those on offer, ``steps`` the text of each next step by its key.
    """
    told = []
    for section in Section:
        listed = asks.LISTED.get(section)
        where = listed or section
        if where not in content:
            continue
        table = asks.asked_of(where, kind, programmes=tuple(programmes))
        title = str(section.label)
        if listed:
            rows = [row_told(listed, table, row, steps=steps or {}) for row in content[where]]
            told.append(PartTold(section, title, [], rows))
        else:
            told.append(PartTold(section, title, facts(table, content[where]), []))
    return told


def row_told(listed: str, table, row: dict, *, steps: dict | None = None) -> RowTold:
    said = dict(facts(table, row, by_name=True))
    titles = {
        Listed.DEGREE: ["degree", "field", "institution"],
        Listed.COURSE: ["title", "institution"],
        Listed.PRIOR: ["area"],
        Listed.JOB: ["title", "employer"],
        Listed.PROJECT: ["title", "place"],
    }
    if listed == Listed.STEP:
        title = (steps or {}).get(row.get("step"), "")
    else:
        title = ", ".join(said[name] for name in titles[listed] if name in said)
    return RowTold(row.get("id", ""), title or _("Not named yet"), facts(table, row))


def facts(table, data: dict, *, by_name: bool = False) -> list[tuple[str, str]]:
    """Return (label, text) of every answer that ``data`` has; (name, text) for those who look one up."""
    told = [(ask.name if by_name else str(ask.title), answer(ask, data.get(ask.name))) for ask in table]
    return [(label, text) for label, text in told if text]


def answer(ask, value) -> str:
    """Return what was typed in answer to ``ask`` as it is read; what cannot be read stays as it was typed."""
    if not value:
        return ""
    if ask.kind == "tick":
        return _("yes")
    if ask.kind == "many":
        names = dict(ask.choices)
        return ", ".join(str(names.get(one, one)) for one in value)
    if ask.kind == "choice":
        return str(dict(ask.choices).get(value, value))
    if ask.kind == "day":
        day = parse_day(value)
        return day_text(day) if day else value
    return str(value)


def told(kind: str, content: dict, **names) -> list[list[str]]:
    """Return ``content`` as [part, label, text], as its versions are kept and compared (R-REV-6)."""
    lines = []
    for part in parts(kind, content, **names):
        lines += [[part.section, label, text] for label, text in part.facts]
        lines += [[part.section, f"{row.title}: {label}", text] for row in part.rows for label, text in row.facts]
    return lines


def row_line(listed: str, table, row: dict) -> str:
    """Return the second line of a row in its list: the figures it adds, in few words."""
    said = dict(facts(table, row, by_name=True))
    if listed == Listed.COURSE:
        shares = [
            " ".join(filter(None, [said.get(f"credits{n}"), said[f"area{n}"]]))
            for n in asks.SHARES
            if f"area{n}" in said
        ]
        credits = " ".join(filter(None, [said.get("credits"), said.get("unit")]))
        return "; ".join(filter(None, [credits, *shares]))
    if listed == Listed.JOB:
        hours = _("{n} hours a week").format(n=said["weekly_hours"]) if "weekly_hours" in said else ""
        percent = _("{n} % restoration").format(n=said["restoration"]) if "restoration" in said else ""
        return "; ".join(filter(None, [_span(said), hours, percent]))
    if listed == Listed.PROJECT:
        return "; ".join(filter(None, [_span(said), said.get("phases")]))
    names = {Listed.DEGREE: ["country", "year"], Listed.PRIOR: ["credits", "learned"], Listed.STEP: ["evidence"]}
    return "; ".join(said[name] for name in names[listed] if name in said)


def _span(said: dict) -> str:
    if "first_day" not in said:
        return ""
    if "last_day" not in said:
        return _("since {first}").format(first=said["first_day"])
    return _("{first} to {last}").format(first=said["first_day"], last=said["last_day"])
