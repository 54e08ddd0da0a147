"""How a list of earlier journal lines is read, in the columns of the membership system (R-UPL-5)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from journals.rules.keys import fold

QUARTER = Decimal("0.25")
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
NUMBER = re.compile(r"[-−]?[0-9]{1,4}(?:[.,][0-9]{1,4})?", re.ASCII)
PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?) ?(%?)", re.ASCII)
CLOCK = re.compile(r"[ T]+[0-9]{1,2}:[0-9]{2}\S*(?: ?[AP]M)?$", re.ASCII | re.IGNORECASE)
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})", re.ASCII)
EITHER_ORDER = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})", re.ASCII)
DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})", re.ASCII)
MONTH_NAMED = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.ASCII)
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


class Column(StrEnum):
    """The columns, as the membership system names them."""

    MEMBER = "ID"
    CERTIFICATE = "CertificationName"
    DAY = "EntryDate"
    DESCRIPTION = "Description"
    CREDITS = "CEUsEarned"
    EXPIRES = "CEUsExpireDate"
    CODE = "CreditTypeCode"
    SCORE = "ScorePercent"


NEEDED = (Column.MEMBER, Column.DAY, Column.DESCRIPTION, Column.CREDITS)
# Other words for a column; its own name is always one.
NAMES = {
    Column.MEMBER: {"member id", "membership id", "member", "e-mail address", "email"},
    Column.CERTIFICATE: {"certification", "certificate", "certificate number", "certification id"},
    Column.DAY: {"date", "day", "activity date", "completed on"},
    Column.DESCRIPTION: {"title", "activity"},
    Column.CREDITS: {"credits", "cecs", "ceus", "credit", "credits earned"},
    Column.EXPIRES: {"expires", "expiration date", "expire date", "expiry"},
    Column.CODE: {"credit type", "type", "code", "type code"},
    Column.SCORE: {"score", "percent"},
}
KNOWN = {fold(name): column for column, names in NAMES.items() for name in {column.value, *names}}


class Unread(StrEnum):
    """Why a cell that should be a day is none."""

    SHAPE = "shape"
    NO_SUCH_DAY = "no such day"
    EITHER = "either"


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
    return {one: cells[places[one]].strip() if places.get(one, len(cells)) < len(cells) else "" for one in Column}


def month_first(texts: Iterable[str]) -> bool | None:
    """Return whether days like 05/31/2024 in a list put the month first; None where none of them tells, or both do."""
    found = set()
    for text in texts:
        parts = EITHER_ORDER.fullmatch(CLOCK.sub("", text.strip()))
        if parts and int(parts[1]) > 12 >= int(parts[3]):
            found.add(False)
        if parts and int(parts[3]) > 12 >= int(parts[1]):
            found.add(True)
    return found.pop() if len(found) == 1 else None


def read_day(text: str, *, month_first: bool | None = None) -> date | Unread:
    """Read a day in any shape that spreadsheets write; one that may be two days is refused unless its list tells."""
    text = CLOCK.sub("", text.strip()).casefold()
    if parts := YEAR_FIRST.fullmatch(text):
        return _day(parts[1], parts[3], parts[4])
    if parts := DOTTED.fullmatch(text):
        return _day(parts[3], parts[2], parts[1])
    if parts := DAY_NAMED.fullmatch(text):
        return _day(parts[3], _month(parts[2]), parts[1])
    if parts := MONTH_NAMED.fullmatch(text):
        return _day(parts[3], _month(parts[1]), parts[2])
    parts = EITHER_ORDER.fullmatch(text)
    if not parts:
        return Unread.SHAPE
    one, other, year = parts[1], parts[3], parts[4]
    if int(one) > 12 or int(other) > 12 or one == other:
        return _day(year, one, other) if int(other) > 12 else _day(year, other, one)
    if month_first is None:
        return Unread.EITHER
    return _day(year, one, other) if month_first else _day(year, other, one)


def _month(name: str) -> int:
    """Return the number of a month by its name, or the first three letters and more of it; 0 for any other word."""
    return next((number for number, month in enumerate(MONTHS, start=1) if month.startswith(name)), 0)


def _day(year: str, month: str | int, day: str) -> date | Unread:
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return Unread.NO_SUCH_DAY if 1 <= int(month) <= 12 else Unread.SHAPE
    return found if EARLIEST <= found <= LATEST else Unread.SHAPE


def read_number(text: str) -> Decimal | None:
    """Read a number of credits, which may be below zero: 1.5 or 1,5; None for anything else."""
    return Decimal(text.replace(",", ".").replace("−", "-")) if NUMBER.fullmatch(text) else None


def read_score(text: str) -> Decimal | None:
    """Read a score in percent: “90 %”, and 0.9 for the same; None for anything else, or more than the whole."""
    parts = PERCENT.fullmatch(text)
    if not parts:
        return None
    score = Decimal(parts[1].replace(",", "."))
    score *= 1 if parts[2] or score > 1 else 100
    return score if score <= 100 else None
