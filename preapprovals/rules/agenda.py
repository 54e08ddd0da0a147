"""An agenda read as it was typed, and what it adds up to (R-MIN, R-CAT): instruction is contact time, breaks are not.

Times are those of the clock on the wall, so a night in which clocks change adds and takes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from preapprovals.states import INSTRUCTIVE, Item

MOST_ROWS = 80
MOST_DAYS = 30
DAY_MINUTES = 24 * 60
MOST_MINUTES = 200 * 60  # of what has no agenda: a webinar, or an estimate of what is taken on demand
PARTS = ("day", "from", "to", "what", "item", "track")
CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line of an agenda that could be read. ``number`` is its place in the form, from 0."""

    number: int
    day: int
    starts: time
    ends: time
    what: str
    item: Item
    track: str = ""

    @property
    def minutes(self) -> int:
        return _of_day(self.ends) - _of_day(self.starts)

    @property
    def instructive(self) -> bool:
        return self.item in INSTRUCTIVE


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one field of the agenda: its name in the form, a code and the values its sentence needs."""

    field: str
    code: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Agenda:
    """The lines that could be read, in their order of time, and what is wrong with the others."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]

    @property
    def minutes(self) -> int:
        """Contact time: what one person can take part in. Sessions side by side are one stretch of time (R-MIN)."""
        return sum(self.by_day.values())

    @property
    def by_day(self) -> dict[int, int]:
        """Contact time of each day that has any, in minutes."""
        stretches = defaultdict(list)
        for row in self.rows:
            if row.instructive:
                stretches[row.day].append((_of_day(row.starts), _of_day(row.ends)))
        return {day: _covered(stretches[day]) for day in sorted(stretches)}

    @property
    def sessions(self) -> tuple[Row, ...]:
        """The lines that are contact time, each of which may be attended alone (R-CAT-3)."""
        return tuple(row for row in self.rows if row.instructive)

    @property
    def side_by_side(self) -> int:
        """The minutes of sessions that run beside others, and so count once for whoever attends."""
        return sum(row.minutes for row in self.sessions) - self.minutes


def read_agenda(typed: Mapping[str, str]) -> Agenda:
    """Return what the rows of the form say: ``day-0``, ``from-0``, ``to-0``, ``what-0``, ``item-0``, ``track-0``, …

    A row in which nothing was typed but its day and its kind says nothing. A row that is wrong anywhere is left out of
    the sum, and what is wrong with it is told.
    """
    rows, wrong = [], []
    for number in range(MOST_ROWS):
        said = {part: str(typed.get(f"{part}-{number}") or "").strip() for part in PARTS}
        if not any(said[part] for part in ("from", "to", "what")):
            continue
        found = list(_wrong_with(number, said))
        wrong += found
        if not found:
            starts, ends = read_time(said["from"]), read_time(said["to"])
            item = Item(said["item"] or Item.INSTRUCTION)
            rows.append(Row(number, int(said["day"] or 1), starts, ends, said["what"], item, said["track"]))
    rows.sort(key=lambda row: (row.day, row.starts, row.ends, row.number))
    return Agenda(tuple(rows), (*wrong, *_overlaps(rows)))


def read_time(text: str) -> time | None:
    """Read a time of day as people type it: 9, 9:30, 09.30, 0930, 9h30, 2:30 pm; None for anything else.

    Midnight at the end of a day is 24:00, which no clock shows: it is the last instant of that day.
    """
    found = CLOCK.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute) == (24, 0):
        return time.max
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _wrong_with(number: int, said: Mapping[str, str]):
    row = {"row": number + 1}
    starts, ends = read_time(said["from"]), read_time(said["to"])
    for part, value in (("from", starts), ("to", ends)):
        if value is None:
            code = "no-time" if said[part] else f"{part}-missing"
            yield Wrong(f"{part}-{number}", code, {**row, "typed": said[part]})
    if starts and ends and starts == ends:
        yield Wrong(f"to-{number}", "no-minutes", {**row, "at": f"{starts:%H:%M}"})
    elif starts and ends and ends < starts:
        yield Wrong(f"to-{number}", "over-midnight", {**row, "from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}"})
    if not said["what"]:
        yield Wrong(f"what-{number}", "what-missing", row)
    day = said["day"] or "1"
    if not (day.isascii() and day.isdigit() and len(day) < 4 and 1 <= int(day) <= MOST_DAYS):
        yield Wrong(f"day-{number}", "no-day", {**row, "typed": day, "most": MOST_DAYS})
    if said["item"] and said["item"] not in Item.values:
        yield Wrong(f"item-{number}", "no-item", row)


def _overlaps(rows: Sequence[Row]):
    """Yield each row that begins before an earlier one of its day and track is over; people can be in one place."""
    last: dict[tuple[int, str], Row] = {}
    for row in rows:
        track = row.day, row.track.casefold()
        before = last.get(track)
        if before is not None and row.starts < before.ends:
            yield Wrong(f"from-{row.number}", "overlap", {"row": row.number + 1, "other": before.number + 1})
        if before is None or row.ends > before.ends:
            last[track] = row


def _covered(stretches: list[tuple[int, int]]) -> int:
    """Return how many minutes of a day are in at least one of ``stretches``."""
    covered = until = 0
    for starts, ends in sorted(stretches):
        covered += max(0, ends - max(starts, until))
        until = max(until, ends)
    return covered


def _of_day(at: time) -> int:
    return DAY_MINUTES if at == time.max else at.hour * 60 + at.minute
