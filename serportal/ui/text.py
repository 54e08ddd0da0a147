"""Text as people type it, made safe to keep: one Unicode form, no control characters, nothing invisible alone."""

import unicodedata

KEPT_CONTROLS = {"\n", "\t"}
MOST_CHARACTERS = 20_000


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
