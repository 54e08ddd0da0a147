"""Wrong keys tried from one address: after many, nothing more is told for a while, be the next one right or wrong.

The count lives in the cache; where that cannot be reached, nobody is held up.
"""

from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache

MOST = 30
SECONDS = 300


def too_many(request, what: str) -> bool:
    """Whether so many wrong keys of the kind ``what`` came from this address that nothing more is told."""
    return cache.get(_key(request, what), 0) >= MOST


def count(request, what: str) -> None:
    """Count one wrong key."""
    key = _key(request, what)
    cache.add(key, 0, SECONDS)
    with suppress(ValueError):  # it ran out a moment ago
        cache.incr(key)


def _key(request, what: str) -> str:
    return f"guesses:{what}:{get_adapter().get_client_ip(request)}"
