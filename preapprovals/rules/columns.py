"""Which column of a list of attendees means what, by its heading or by what stands in it."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from preapprovals.rules import cells
from preapprovals.rules.names import words_of

# How many lines of a list may stand above its headings.
TITLES = 10


class Meaning(StrEnum):
    """What a column of a list can hold."""

    NAME = "name"
    FIRST = "first"
    LAST = "last"
    EMAIL = "email"
    CERTIFICATE = "certificate"
    HOURS = "hours"
    MINUTES = "minutes"
    COMPLETED = "completed"
    GRADE = "grade"
    DAY = "day"


M = Meaning
# Headings as people write them, folded; the first meaning that knows a heading has it.
HEADINGS = {
    M.EMAIL: "email|e mail|mail|email address|e mail address|attendee email|participant email|user email|contact email|"
    "email 1|work email|primary email|registrant email|invitee email",
    M.FIRST: "first name|given name|forename|firstname|first|given names|first names",
    M.LAST: "last name|surname|family name|lastname|last|family names|second name",
    M.NAME: "name|full name|fullname|attendee|attendee name|participant|participant name|name of participant|"
    "name of attendee|person|student|student name|member|member name|names|name original name|display name|"
    "name and surname|registrant|learner|learner name|trainee",
    M.CERTIFICATE: "certificate|certificate number|certificate no|cerp number|cerp no|cerp|cerpit number|cerp cerpit|"
    "cerp cerpit number|ser number|ser no|ser certificate|ser certificate number|certification|certification number|"
    "certification no|ser certification number|certificant number|certification id|cerp id|number|no",
    M.MINUTES: "minutes|mins|min|duration minutes|time in session minutes|total duration minutes|contact minutes|"
    "minutes attended|attended minutes|time minutes|duration min|instructional minutes",
    M.HOURS: "hours|hrs|h|hour|contact hours|hours attended|attended hours|total hours|hours of attendance|time|"
    "attendance hours|hours of instruction|instructional hours|duration|duration hours|duration h|in meeting duration|"
    "time attended|attendance duration|hours completed|number of hours|no of hours|ce hours|cec hours|credit hours|"
    "length",
    M.COMPLETED: "completed|complete|attended|attendance|present|completion|finished|completed y n|attended y n|"
    "completed yes no|attended yes no|completion status|attendance status|status|passed|participated|was present|"
    "signed in",
    M.GRADE: "grade|mark|result|score|final grade|grade result",
    M.DAY: "date|day|completed on|completion date|date completed|date of completion|day completed|day of completion|"
    "attended on|attendance date|finished on",
}
KNOWN = {heading: meaning for meaning, told in HEADINGS.items() for heading in told.split("|")}

AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "msc", "bsc", "md", "dr", "cerp", "cerpit", "esq"})


def folded(heading: str) -> str:
    text = unicodedata.normalize("NFKD", heading.casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", text))


def meaning_of(heading: str) -> Meaning | None:
    """Return what a column with this heading holds, None where that cannot be told."""
    text = folded(heading)
    if text in KNOWN:
        return KNOWN[text]
    # “Full name (as on the certificate)”, “E-mail (required)”.
    bare = folded(re.sub(r"\([^)]*\)", " ", heading))
    return KNOWN.get(bare) or (M.EMAIL if {"email", "mail"} & set(text.split()) else None)


def headings_at(rows: list[list[str]]) -> int | None:
    """Return the place of the row that holds the headings, below any title; None where the list has none."""
    for place, row in enumerate(rows[:TITLES]):
        known = {meaning_of(cell) for cell in row} - {None}
        alone = len(row) == 1 and bool(known & {M.NAME, M.EMAIL})
        if (len(known) >= 2 or alone) and not any("@" in cell for cell in row):
            return place
    return None


def mapping_of(headings: list[str]) -> dict[str, int]:
    """Return which column holds what, by its heading; the first that means something has it."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if (meaning := meaning_of(heading)) and meaning.value not in found:
            found[meaning.value] = place
    return found


def mapping_by_content(rows: list[list[str]]) -> dict[str, int]:
    """Return which column holds what in a list without headings, by what stands in most of its lines."""
    found: dict[str, int] = {}
    for place in range(max(map(len, rows), default=0)):
        held = [row[place] for row in rows if place < len(row) and row[place]]
        meaning = next((one for one, is_it in LOOKS.items() if held and sum(map(is_it, held)) * 2 > len(held)), None)
        if meaning and meaning.value not in found:
            found[meaning.value] = place
    return found


def said_by(row: list[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """Return the text of each column of one line by its meaning; two columns of a name are put together."""

    def text(meaning: Meaning) -> str:
        place = mapping.get(meaning.value)
        return row[place] if place is not None and place < len(row) else ""

    parts = " ".join(part for part in (text(M.FIRST), text(M.LAST)) if part)
    minutes = text(M.MINUTES)
    bare = bool(re.fullmatch(cells.NUMBER, minutes, re.ASCII))
    return {
        M.NAME.value: in_order(text(M.NAME)) or parts,
        M.EMAIL.value: text(M.EMAIL),
        M.CERTIFICATE.value: text(M.CERTIFICATE),
        M.HOURS.value: text(M.HOURS) or (f"{minutes} min" if bare else minutes),
        M.COMPLETED.value: text(M.COMPLETED),
        M.GRADE.value: text(M.GRADE),
        M.DAY.value: text(M.DAY),
    }


def in_order(name: str) -> str:
    """Return “Okafor, Amara” as “Amara Okafor”; what follows a name, as in “Amara Okafor, PhD”, stays there."""
    last, comma, first = name.partition(",")
    if not comma or "," in first or first.strip(" .").casefold() in AFTER_NAMES:
        return name
    return f"{first.strip()} {last.strip()}".strip()


def looks_like_name(text: str) -> bool:
    return bool(words_of(text)) and not any(sign.isdigit() for sign in text)


LOOKS = {
    M.EMAIL: lambda text: bool(cells.address_in(text)),
    M.CERTIFICATE: lambda text: bool(cells.certificate_in(text)),
    M.DAY: lambda text: cells.day_in(text) is not None,
    M.COMPLETED: lambda text: text not in {"0", "1"} and cells.completed(text) is not None,
    M.HOURS: lambda text: cells.minutes_in(text) is not None,
    M.NAME: looks_like_name,
}
