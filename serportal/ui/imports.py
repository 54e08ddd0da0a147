"""A list that is brought in: each row is new, known already, or bad with all that is wrong about it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

NEW, KNOWN, BAD = "new", "known", "bad"
# The rows that a sentence about many of them names.
NAMED = 12


@dataclass(frozen=True)
class Line:
    """One row of a list, counted as its reader counts, and what becomes of it."""

    number: int
    cells: Sequence[str]
    title: str
    outcome: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a list would do, row by row; ``headings`` are its own."""

    headings: Sequence[str]
    lines: Sequence[Line]

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def wrong(self) -> list[tuple[str, int, str]]:
        """The same wrong in many rows is said once: (sentence, how many, the first of their numbers)."""
        rows = defaultdict(list)
        for line in self.lines:
            if line.outcome == BAD:
                for sentence in line.sentences:
                    rows[sentence].append(str(line.number))
        told = [(sentence, len(found), ", ".join(found[:NAMED])) for sentence, found in rows.items()]
        return sorted(told, key=lambda one: -one[1])

    def bad_rows(self) -> Iterator[Sequence[str]]:
        """Yield the rows that were refused as they were given, each with what is wrong; first the headings."""
        width = len(self.headings)
        yield [*self.headings, _("what is wrong")]
        for line in self.lines:
            if line.outcome == BAD:
                yield [*[*line.cells, *[""] * width][:width], " ".join(line.sentences)]
