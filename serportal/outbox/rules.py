"""Placeholders and retry times: pure, so that both can be tested by table."""

import re
from collections.abc import Mapping
from datetime import timedelta

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
MOST_ATTEMPTS = 10


def placeholders(text: str) -> set[str]:
    """Return the names in braces that ``text`` wants filled."""
    return set(PLACEHOLDER.findall(text))


def fill(text: str, context: Mapping[str, str]) -> str:
    """Put the values of ``context`` where ``text`` names them; nothing else is read, run or looked up.

    Raises KeyError with the name that has no value.
    """
    return PLACEHOLDER.sub(lambda match: context[match[1]], text)


def pause_after(attempts: int) -> timedelta:
    """Return how long a message rests after its n-th refused try: 1 minute, doubling, at most 6 hours."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), timedelta(hours=6))
