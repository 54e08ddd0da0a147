"""Placeholders, retry times, and which reminder is told: pure, so that all can be tested by table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from serportal.outbox.placeholders import described
from serportal.ui.text import seen, without_addresses

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LONE_BRACE = re.compile(r"\{[^{}\n]{0,24}\}?|[^\s{}]{0,24}\}")
MOST_ATTEMPTS = 10


def placeholders(text: str) -> set[str]:
    """Return the names in braces that ``text`` wants filled."""
    return set(PLACEHOLDER.findall(text))


def lone_braces(text: str) -> list[str]:
    """Return each brace of ``text`` that belongs to no placeholder, with the words beside it."""
    return LONE_BRACE.findall(PLACEHOLDER.sub("", text))


def fill(text: str, context: Mapping[str, str]) -> str:
    """Put the values of ``context`` where ``text`` names them; nothing else is read, run or looked up.

    People’s own words lose what a mail program would turn into a link, every value what cannot be seen (C21b). Raises
    KeyError with the name that has no value.
    """

    def value(match: re.Match) -> str:
        name = match[1]
        return (without_addresses if described(name).typed else seen)(context[name])

    return PLACEHOLDER.sub(value, text)


def pause_after(attempts: int) -> timedelta:
    """Return how long a message rests after its n-th refused try: 1 minute, doubling, at most 6 hours."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), timedelta(hours=6))


@dataclass(frozen=True)
class Due:
    """A reminder as an app says it is due: to whom, about what, since when, and what fills the template of its line."""

    person: int
    purpose: str
    object: str
    step: str
    due_on: date
    deadline: date
    about: str
    context: Mapping[str, str]

    @property
    def key(self) -> tuple[int, str, str, str]:
        return self.person, self.purpose, self.object, self.step


def to_tell(pending: Iterable[Due]) -> list[Due]:
    """Return the latest step of each object for each person, the most urgent first; earlier steps are passed over.

    Of two steps of one day the one given later is told.
    """
    latest: dict[tuple[int, str, str], Due] = {}
    for one in pending:
        who = one.key[:3]
        if who not in latest or one.due_on >= latest[who].due_on:
            latest[who] = one
    return sorted(latest.values(), key=lambda one: (one.deadline, one.about, one.purpose, one.person))
