"""Names as people spell them, folded so that two spellings of one thing are one key."""

import unicodedata


def fold(*parts: str) -> str:
    """Return ``parts`` as one key: “ENVR 101”, “envr101” and “Énvr-101” are the same (R-ONCE); empty parts give ""."""
    return "|".join(_fold(part) for part in parts) if any(_fold(part) for part in parts) else ""


def _fold(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())
