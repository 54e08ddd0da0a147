"""A filed application as its readers see it: section by section, each answer beside what was asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications import asks
from applications.states import Listed, Section
from serportal.ui.asks import Ask, parse_day
from serportal.ui.words import day_text


@dataclass(frozen=True)
class Fact:
    """One answer: what was asked, and what was typed, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Block:
    """What stands together: the answers of a section, or one row of its list with a name of its own.

    ``line`` says all of a course or degree in one line, for there are many of them.
    """

    facts: tuple[Fact, ...]
    name: str = ""
    key: str = ""
    line: str = ""


@dataclass(frozen=True)
class Chapter:
    """One section with its blocks, in the order of the form; none where nothing was typed."""

    section: Section
    blocks: tuple[Block, ...]

    @property
    def label(self) -> str:
        return str(self.section.label)


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
                    tuple(_facts(table, row)),
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


def blocks_of(table: Sequence[Ask], typed: dict) -> list[Block]:
    """Return the answers of one section as what stands together; nothing where nothing was typed."""
    facts = tuple(_facts(table, typed))
    return [Block(facts)] if facts else []


def rows_with_files(found: Iterable[Chapter]) -> dict[str, str]:
    """Return what the files of single rows belong to, by their purpose: a proof says which prior learning it is of."""
    with_files = {asks.LISTED[one.section]: one for one in found if asks.LISTED.get(one.section) in asks.WITH_FILES}
    return {
        f"{listed}:{block.key}": f"{str(listed.label).capitalize()}: {block.name}"
        for listed, chapter in with_files.items()
        for block in chapter.blocks
    }


def told(found: Iterable[Chapter]) -> list[list[str]]:
    """Return chapters as [section, label, text], kept with each version of an application (R-REV-6)."""
    return [
        [str(chapter.section), f"{block.name}: {fact.label}" if block.name else fact.label, fact.text]
        for chapter in found
        for block in chapter.blocks
        for fact in block.facts
    ]


def _name(row: dict, steps: dict[str, str], number: int) -> str:
    return (
        row.get("title")
        or steps.get(str(row.get("step", "")))
        or row.get("institution")
        or _("No. {number}").format(number=number)
    )


def _facts(table: Sequence[Ask], typed: dict) -> Iterator[Fact]:
    for ask in table:
        text = _text(ask, typed.get(ask.name))
        if text:
            yield Fact(str(ask.title), text)


def _text(ask: Ask, value) -> str:
    if not value:
        return ""
    if ask.kind == "many":
        return ", ".join(_label(ask, one) for one in value)
    if ask.kind == "choice":
        return _label(ask, value)
    if ask.kind == "tick":
        return _("yes")
    if ask.kind == "day":
        day = parse_day(value)
        return day_text(day) if day else str(value)
    return str(value)


def _in_a_line(listed: str, table: Sequence[Ask], row: dict) -> str:
    """Return all that one course or degree says beside its name, in one line; "" for every other row."""
    said = _by_name(table, row)
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
    said = _by_name(table, row)
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
    said = _by_name(table, row)
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


def _by_name(table: Sequence[Ask], typed: dict) -> dict[str, str]:
    told = {ask.name: _text(ask, typed.get(ask.name)) for ask in table}
    return {name: text for name, text in told.items() if text}


def _label(ask: Ask, value) -> str:
    """Return what the choice ``value`` is called; one that is not offered any more stays as it was typed."""
    return next((str(label) for key, label in ask.choices if key == value), str(value))
