"""How a list of archived webinars is read: its headings in any order, and what its cells say."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from journals.rules import fold

MOST_MINUTES = 200 * 60
WHOLE = re.compile(r"([0-9]{1,5})(?:[.,]0+)?(?: ?min(?:utes|\.)?)?", re.IGNORECASE | re.ASCII)
NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?", re.ASCII)
YES, NO = frozenset({"yes", "y", "x", "true", "1"}), frozenset({"no", "n", "false", "0"})
PARTED = re.compile(r"[;\n|]")


class Column(StrEnum):
    """What a column of the list can hold."""

    TITLE = "title"
    SPONSOR = "sponsor"
    KIND = "kind of sponsor"
    DESCRIPTION = "description"
    URL = "web page"
    MINUTES = "minutes"
    CREDITS = "credits"
    APPROVED = "pre-approved"
    CODE = "approval code"
    LANGUAGE = "language"
    AREAS = "knowledge areas"
    INSTRUCTORS = "instructors"
    RECORDED = "recorded on"
    FROM = "holds from"
    UNTIL = "holds until"


# Other words for a column, folded; its own name is always one.
NAMES = {
    Column.TITLE: {"name", "webinar", "course", "offering"},
    Column.SPONSOR: {"organiser", "organizer", "organisation", "organization", "provider", "chapter", "host"},
    Column.KIND: {"kind", "sponsor kind", "type of sponsor", "sponsor type"},
    Column.DESCRIPTION: {"about", "abstract", "summary"},
    Column.URL: {"url", "link", "address", "webpage", "website", "watch at"},
    Column.MINUTES: {"length", "duration", "length in minutes", "contact minutes", "contact time", "duration minutes"},
    Column.CREDITS: {"cecs", "cec", "credit", "ceus", "ceu"},
    Column.APPROVED: {"preapproved", "approved"},
    Column.CODE: {"code", "ser code"},
    Column.LANGUAGE: {"languages"},
    Column.AREAS: {"areas", "area", "knowledge area"},
    Column.INSTRUCTORS: {"instructor", "speakers", "speaker", "presenters", "presenter", "teachers"},
    Column.RECORDED: {"recorded", "recording date", "date", "day"},
    Column.FROM: {"valid from", "from"},
    Column.UNTIL: {"valid until", "valid to", "until", "expires", "expires on"},
}
KNOWN = {fold(name): column for column, names in NAMES.items() for name in {column.value, *names}}


def columns_of(cells: Sequence[str]) -> dict[Column, int]:
    """Return which column stands where, by the headings of a list; the first of two that mean the same."""
    found: dict[Column, int] = {}
    for place, heading in enumerate(cells):
        column = KNOWN.get(fold(heading))
        if column is not None:
            found.setdefault(column, place)
    return found


def said(cells: Sequence[str], places: Mapping[Column, int]) -> dict[Column, str]:
    """Return what a row says, by column; what it does not have is empty."""
    return {one: cells[places[one]] if one in places and places[one] < len(cells) else "" for one in Column}


def read_minutes(text: str) -> int | None:
    """Read a length: 90, 90 min, 1:30; None for anything else, or for longer than anyone would listen."""
    hours = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", text, re.ASCII)
    whole = WHOLE.fullmatch(text)
    if not hours and not whole:
        return None
    minutes = int(hours[1]) * 60 + int(hours[2]) if hours else int(whole[1])
    return minutes if 0 < minutes <= MOST_MINUTES else None


def read_credits(text: str) -> Decimal | None:
    """Read a number of credits above nothing: 1.5 or 1,5; None for anything else."""
    amount = Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None
    return amount or None


def read_yes(text: str) -> bool | None:
    """Read yes or no; None for anything else."""
    return True if text.casefold() in YES else False if text.casefold() in NO else None


def parts(text: str) -> list[str]:
    """Return the names in a cell, parted by semicolons."""
    return [part.strip() for part in PARTED.split(text) if part.strip()]
