"""A filed application as its readers see it: section by section, each answer beside what was asked."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from applications import asks
from applications.states import Listed, Section
from serportal.drafts.reading import Block, Chapter, blocks_of, facts_of, said_of
from serportal.ui.asks import Ask

UNREAD = frozenset({Section.REFERENCES, Section.FEE})


def chapters(
    kind: str, content: dict, *, steps: Sequence = (), programmes: Iterable[tuple[str, str]] = ()
) -> list[Chapter]:
    """Return the sections of an application of ``kind``; references and fee have pages of their own.

    ``steps`` are the next steps that an upgrade answers, ``programmes`` the names behind the keys that were chosen.
    """
    found = []
    for section in asks.sections_of(kind, steps=bool(steps)):
        if section in UNREAD:
            continue
        listed = asks.LISTED.get(section)
        table = asks.asked_of(listed or section, kind, programmes=tuple(programmes))
        if listed:
            names = {str(step.pk): step.text for step in steps}
            blocks = [
                Block(
                    tuple(facts_of(table, row)),
                    title_of(listed, table, row) if listed == Listed.PRIOR else _name(row, names, number),
                    row.get("id", ""),
                    _in_a_line(listed, table, row),
                )
                for number, row in enumerate(content.get(str(listed), []), start=1)
            ]
        else:
            blocks = blocks_of(table, content.get(str(section), {}))
        if blocks:
            found.append(Chapter(section, tuple(blocks)))
    return found


def rows_with_files(found: Iterable[Chapter]) -> dict[str, str]:
    """Return what the files of single rows belong to, by their purpose: a proof says which prior learning it is of."""
    with_files = {asks.LISTED[one.section]: one for one in found if asks.LISTED.get(one.section) in asks.WITH_FILES}
    return {
        f"{listed}:{block.key}": f"{str(listed.label).capitalize()}: {block.name}"
        for listed, chapter in with_files.items()
        for block in chapter.blocks
    }


def _name(row: dict, steps: dict[str, str], number: int) -> str:
    return (
        row.get("title")
        or steps.get(str(row.get("step", "")))
        or row.get("institution")
        or _("No. {number}").format(number=number)
    )


def _in_a_line(listed: str, table: Sequence[Ask], row: dict) -> str:
    """Return all that one course or degree says beside its name, in one line; "" for every other row."""
    said = said_of(table, row)
    if listed == Listed.DEGREE:
        return ", ".join(said[name] for name in ("degree", "field", "country", "year") if name in said)
    if listed != Listed.COURSE:
        return ""
    found = [
        ", ".join(said[name] for name in ("code", "institution", "term") if name in said),
        line_of(listed, table, row),
        _("grade {grade}").format(grade=said["grade"]) if "grade" in said else "",
        _("not passed") if row.get("passed") == asks.NO else "",
        said.get("basis", ""),
    ]
    return "; ".join(text for text in found if text)


def title_of(listed: str, table: Sequence[Ask], row: dict, steps: dict[str, str] | None = None) -> str:
    """Return what one row of a draft is called in its list."""
    said = said_of(table, row)
    titles = {
        Listed.DEGREE: ("degree", "field", "institution"),
        Listed.COURSE: ("title", "institution"),
        Listed.PRIOR: ("area",),
        Listed.JOB: ("title", "employer"),
        Listed.PROJECT: ("title", "place"),
    }
    if listed == Listed.STEP:
        return (steps or {}).get(str(row.get("step", "")), "")
    return ", ".join(said[name] for name in titles[Listed(listed)] if name in said) or _("Not named yet")


def line_of(listed: str, table: Sequence[Ask], row: dict) -> str:
    """Return the figures that one row of a draft adds, in few words."""
    said = said_of(table, row)
    if listed == Listed.COURSE:
        credits = " ".join(said[name] for name in ("credits", "unit") if name in said)
        shares = [
            " ".join(said[name] for name in (f"credits{n}", f"area{n}") if name in said)
            for n in asks.SHARES
            if f"area{n}" in said
        ]
        told = [credits, *shares]
    elif listed == Listed.JOB:
        hours = _("{n} hours a week").format(n=said["weekly_hours"]) if "weekly_hours" in said else ""
        percent = _("{n} % restoration").format(n=said["restoration"]) if "restoration" in said else ""
        told = [_days(said), hours, percent]
    elif listed == Listed.PROJECT:
        told = [_days(said), said.get("phases")]
    else:
        names = {Listed.DEGREE: ("country", "year"), Listed.PRIOR: ("credits", "learned"), Listed.STEP: ("evidence",)}
        told = [said.get(name) for name in names[Listed(listed)]]
    return "; ".join(text for text in told if text)


def _days(said: dict[str, str]) -> str:
    if "first_day" not in said:
        return ""
    if "last_day" not in said:
        return _("since {first}").format(first=said["first_day"])
    return _("{first} to {last}").format(first=said["first_day"], last=said["last_day"])
