"""Placeholders, retry times, and which reminder is told: pure, so that all can be tested by table."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from serportal.outbox.placeholders import described
from serportal.ui.text import seen, without_addresses

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Stands in a letter as it is stored and shown, where its mail holds the message’s secret; fit for a web address.
HIDDEN = "(for-the-reader-alone)"
LONE_BRACE = re.compile(r"\{[^{}\n]{0,24}\}?|[^\s{}]{0,24}\}")
MOST_ATTEMPTS = 10
LEAST_NOTICE = timedelta(days=7)


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
    """A reminder as an app says it is due: to whom, about what, since when, and what fills the template of its line.

    ``family`` names what its reader may choose not to hear of; a duty has none (``states.Family``).
    """

    person: int
    purpose: str
    object: str
    step: str
    due_on: date
    deadline: date
    about: str
    context: Mapping[str, str]
    family: str = ""

    @property
    def key(self) -> tuple[int, str, str, str]:
        return self.person, self.purpose, self.object, self.step


# The step of what its reader put off, with the day that was chosen.
AGAIN = "again"


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


def as_chosen(
    due: Iterable[Due],
    day: date,
    *,
    stopped: Collection[tuple[int, str]],
    put_off: Mapping[tuple[int, str, str], date],
) -> list[Due]:
    """Return ``due`` by ``day`` without what its reader does not want to hear, by (person, family), or not yet.

    What was put off is told on the day that was chosen, as a step of its own; steps that fall due later stay.
    """
    kept, waiting = [], {}
    for one in due:
        until = put_off.get(one.key[:3])
        if one.family and (one.person, one.family) in stopped:
            continue
        if until is None or one.due_on > until:
            kept.append(one)
        else:
            waiting[one.key[:3]] = replace(one, step=f"{AGAIN} {until}", due_on=until)
    return kept + [one for one in waiting.values() if one.due_on <= day]


def latest_again(one: Due) -> date | None:
    """Return the last day until which ``one`` can be put off: a week before its deadline; None for a duty."""
    return one.deadline - LEAST_NOTICE if one.family else None
