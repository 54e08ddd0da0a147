"""Text as people type it, made safe to keep: one Unicode form, no control characters, nothing invisible alone."""

import re
import unicodedata

KEPT_CONTROLS = {"\n", "\t"}
MOST_CHARACTERS = 20_000
# Control characters but newline and tab; signs that turn the direction of reading, or take no room at all.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S*|\bwww\.\S*|\S+@\S+\.\S+", re.IGNORECASE)
TIGHT_DOT = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]{2})")


def clean_text(value: str) -> str:
    """Return ``value`` in NFC without NUL, control characters or lone surrogates; only invisible signs become ""."""
    value = str(value)[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(
        sign for sign in value if sign in KEPT_CONTROLS or unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"}
    )
    value = unicodedata.normalize("NFC", value)
    if all(unicodedata.category(sign) in {"Cf", "Zs", "Cc", "Mn"} for sign in value):
        return ""
    return value.strip()


def one_line(value: str) -> str:
    """Return ``value`` cleaned and on a single line, fit for a heading or a mail header."""
    return " ".join(clean_text(value).split())


def as_key(value: str) -> int | None:
    """Return the number of a row as a browser sent it; None for what cannot be one (“²” is a digit, and no number)."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def seen(value: str) -> str:
    """Return ``value`` without control characters and without signs that only turn or hide what stands beside them."""
    return UNSEEN.sub("", str(value).replace("\r\n", "\n"))


def without_addresses(value: str) -> str:
    """Return a name or title as one line of plain words, from which no mail program makes a link (RELIABILITY C21b).

    An address becomes “…”; “evil.example” gets a space after its dot, as “St.John” does.
    """
    words = seen(" ".join(str(value).split()))
    return TIGHT_DOT.sub(". ", ADDRESS.sub("…", words))


def tidy(text: str) -> str:
    """Close the gap that an empty placeholder on a line of its own leaves in a letter."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
