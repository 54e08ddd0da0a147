"""A filed application as its readers see it: section by section, each answer beside what was asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications import asks
from applications.states import Section
from serportal.ui.asks import Ask, parse_day
from serportal.ui.words import day_text


@dataclass(frozen=True)
class Fact:
    """One answer: what was asked, and what was typed, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Block:
    """What stands together: the answers of a section, or one row of its list with a name of its own."""

    facts: tuple[Fact, ...]
    name: str = ""
    key: str = ""


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
                Block(tuple(_facts(table, row)), _name(row, names, number), row.get("id", ""))
                for number, row in enumerate(content.get(str(listed), []), start=1)
            ]
        else:
            facts = tuple(_facts(table, content.get(str(section), {})))
            blocks = [Block(facts)] if facts else []
        if blocks:
            found.append(Chapter(section, tuple(blocks)))
    return found


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
    names = {str(key): str(label) for key, label in ask.choices}
    if ask.kind == "many":
        return ", ".join(names.get(one, one) for one in value)
    if ask.kind == "choice":
        return names.get(str(value), str(value))
    if ask.kind == "tick":
        return _("yes")
    if ask.kind == "day":
        day = parse_day(value)
        return day_text(day) if day else str(value)
    return str(value)
