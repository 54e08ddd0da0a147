"""Answers as their readers see them: section by section, each answer beside what was asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

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

    ``line`` says all of a row in one line, where there are many of them.
    """

    facts: tuple[Fact, ...]
    name: str = ""
    key: str = ""
    line: str = ""


@dataclass(frozen=True)
class Chapter:
    """One section with its blocks, in the order of the form; none where nothing was typed."""

    section: TextChoices
    blocks: tuple[Block, ...]

    @property
    def label(self) -> str:
        return str(self.section.label)


def facts_of(table: Sequence[Ask], typed: dict) -> Iterator[Fact]:
    for ask in table:
        text = _text(ask, typed.get(ask.name))
        if text:
            yield Fact(str(ask.title), text)


def blocks_of(table: Sequence[Ask], typed: dict) -> list[Block]:
    """Return the answers of one section as what stands together; nothing where nothing was typed."""
    facts = tuple(facts_of(table, typed))
    return [Block(facts)] if facts else []


def said_of(table: Sequence[Ask], typed: dict) -> dict[str, str]:
    """Return {name: what was answered, in words}, without what was left empty."""
    told = {ask.name: _text(ask, typed.get(ask.name)) for ask in table}
    return {name: text for name, text in told.items() if text}


def told(found: Iterable[Chapter]) -> list[list[str]]:
    """Return chapters as [section, label, text], kept with each version of a submission (R-REV-6)."""
    return [
        [str(chapter.section), f"{block.name}: {fact.label}" if block.name else fact.label, fact.text]
        for chapter in found
        for block in chapter.blocks
        for fact in block.facts
    ]


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


def _label(ask: Ask, value) -> str:
    """Return what the choice ``value`` is called; one that is not offered any more stays as it was typed."""
    return next((str(label) for key, label in ask.choices if key == value), str(value))
