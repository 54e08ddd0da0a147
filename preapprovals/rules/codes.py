"""Approval codes as people type them (SPEC 9)."""

import unicodedata
from collections.abc import Callable

# Digits and capitals without I, L, O and U: none looks like another, and none spells a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX, LENGTH = "SER", 8
MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def write_code(draw: Callable[[int], int]) -> str:
    """Return a code of signs that ``draw`` chooses: it is given how many there are and returns the place of one."""
    signs = "".join(ALPHABET[draw(len(ALPHABET))] for _n in range(LENGTH))
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def read_code(text: str) -> str | None:
    """Return the code that ``text`` means, as “SER-7F3K-9QXM”, or None.

    Case, spaces and dashes do not matter, nor whether the first three letters are there; letters that no code has are
    read as what they look like (O as 0, I and L as 1).
    """
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isascii() and sign.isalnum())
    if len(signs) == len(PREFIX) + LENGTH and signs.startswith(PREFIX):
        signs = signs[len(PREFIX) :]
    signs = signs.translate(MEANT)
    if len(signs) != LENGTH or not set(signs) <= set(ALPHABET):
        return None
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"
