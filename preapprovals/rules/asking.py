"""What somebody looks for on the list of courses, and how words are compared there."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_WORDS = 8
# Of a shorter word, one letter more or less is another word: seed and speed, soil and spoil.
LEAST_LETTERS, MOST_LETTERS = 5, 20


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


def slips_of(word: str) -> str:
    """Return a pattern of the words that ``word`` may be meant for: one letter missing, too many, or two swapped.

    The first letter is trusted, and the end as well but for a plural. Empty where the word is too short to tell, or no
    word. PostgreSQL reads it; ``\\m`` and ``\\M`` are its beginning and end of a word.
    """
    if not word.isalpha() or not LEAST_LETTERS <= len(word) <= MOST_LETTERS:
        return ""
    stem = word.removesuffix("s") if len(word) > LEAST_LETTERS else word
    within = range(1, len(stem))
    missing = [rf"{stem[:n]}\w{stem[n:]}" for n in within]
    many = [stem[:n] + stem[n + 1 :] for n in within]
    swapped = [stem[:n] + stem[n + 1] + stem[n] + stem[n + 2 :] for n in within[:-1]]
    return rf"\m(?:{'|'.join(dict.fromkeys([*missing, *many, *swapped]))})(?:e?s)?\M"
