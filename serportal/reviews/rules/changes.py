"""What changed between two versions of a submission, word by word (R-REV-6)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Change:
    """One answer before and after: pieces of ("same" | "gone" | "new", text) in reading order."""

    label: str
    pieces: tuple[tuple[str, str], ...]


def changes(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[Change]:
    """Compare two versions, each a list of [part, label, text]; answers that read the same are left out."""
    old, new = _by_label(before), _by_label(after)
    labels = list(dict.fromkeys([*new, *old]))
    return [
        Change(label, tuple(_pieces(old.get(label, ""), new.get(label, ""))))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def _by_label(told: Sequence[Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for _part, label, text in told:
        found[label] = f"{found[label]}\n{text}" if label in found else text
    return found


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(old[i1:i2])
            continue
        if i2 > i1:
            yield "gone", "".join(old[i1:i2])
        if j2 > j1:
            yield "new", "".join(new[j1:j2])
