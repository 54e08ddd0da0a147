"""What somebody looks for on the list of courses, and how words are compared there."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; whatever is empty narrows nothing.

    ``country``, ``first`` and ``last`` are about one and the same date of an offering, all else about the offering.
    """

    q: str = ""
    category: str = ""
    country: str = ""
    delivery: str = ""
    first: date | None = None
    last: date | None = None
    credits: Decimal | None = None
    area: str = ""
    language: str = ""
    approved: bool = False
    sort: str = ""


def as_searched(text: str) -> str:
    """Return ``text`` as it is compared: small letters without accents, one space between words."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())


def words_of(text: str) -> list[str]:
    """Return the words that each have to be found; beyond the first eight, more words find nothing more."""
    return as_searched(text).split()[:MOST_WORDS]
