"""Names and addresses folded so far that one person is found under two spellings."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

TITLES = frozenset(
    {"dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "mx", "phd", "msc", "bsc", "cerp", "cerpit"}
)
# Letters that Unicode does not take apart into a plain letter and an accent.
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
# How like two names are that differ by a slip of the pen.
NEAR = 0.9


@lru_cache(16_384)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in order of the alphabet, without case, accents, punctuation and titles."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign)).translate(PLAIN)
    words = re.findall(r"[^\W_]+", re.sub(r"[.'’]", " ", folded).replace("  ", " "))
    return tuple(sorted(word for word in words if word not in TITLES)) or tuple(sorted(words))


def alike(one: str, other: str) -> bool:
    """Whether two names can be one person’s: each word of the shorter stands in the longer, whole or as its initial.

    One word at least stands whole in both, and nobody is alike to a name of nothing.
    """
    shorter, longer = sorted((words_of(one), words_of(other)), key=len)
    left, whole = list(longer), 0
    for word in sorted(shorter, key=len, reverse=True):
        if word in left:
            whole += len(word) > 1
            left.remove(word)
        elif initial := next((word_ for word_ in left if is_initial(word, word_)), None):
            left.remove(initial)
        else:
            return False
    return whole > 0


def is_initial(one: str, other: str) -> bool:
    return 1 in {len(one), len(other)} and one[0] == other[0]


def near(one: str, other: str) -> bool:
    """Whether two names look like two spellings of one: alike, or apart by a slip of the pen."""
    return (
        alike(one, other) or SequenceMatcher(None, " ".join(words_of(one)), " ".join(words_of(other))).ratio() >= NEAR
    )


def mailbox(email: str) -> str:
    """Return an address without what most mailboxes ignore: case, dots and a “+tag” before the @."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"
