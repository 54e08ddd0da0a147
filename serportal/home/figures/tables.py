"""One figure: a table with its sentence, the same as a picture, and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from serportal.ui.words import signed

ROW, BAR, GAP = 42, 14, 20


@dataclass(frozen=True)
class Bar:
    """One line of a picture: what it is, how much, and (outlined) how much more some of it is."""

    label: str
    value: Decimal | int | float
    more: Decimal | int | float = 0
    told: str = ""


@dataclass(frozen=True)
class Figure:
    """A table under its ``title``; ``key`` names its file. The first cell of each row says what the row is.

    ``note`` says what is counted. ``line`` is a mark across all ``bars``, with its words.
    """

    key: str
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence]
    total: Sequence | None = None
    bars: Sequence[Bar] = ()
    line: tuple[int, str] | None = None
    picture: str = ""

    @property
    def shown(self) -> list[list[str]]:
        return [[told(cell) for cell in row] for row in self.rows]

    @property
    def shown_total(self) -> list[str]:
        return [told(cell) for cell in self.total or ()]

    @property
    def drawn(self) -> dict | None:
        """Return the bars in percent across and pixels down; templates only write them out. None where all are 0."""
        top = max((one.value + one.more for one in self.bars), default=0)
        if not top:
            return None
        top = max(float(top), self.line[0] if self.line else 0)
        return {
            "height": len(self.bars) * ROW + (GAP if self.line else 4),
            "base": len(self.bars) * ROW,
            "line": f"{self.line[0] * 100 / top:.2f}%" if self.line else None,
            "bars": [
                {
                    "label": one.label,
                    "told": one.told or told(one.value),
                    "y": n * ROW + ROW - BAR - 6,
                    "label_y": n * ROW + ROW - BAR - 12,
                    "width": f"{max(0.0, float(one.value)) * 100 / top:.2f}%",
                    "more": f"{float(one.more) * 100 / top:.2f}%" if one.more else "",
                }
                for n, one in enumerate(self.bars)
            ],
        }

    @property
    def file_rows(self) -> list[Sequence]:
        """Return what the file holds: the rows as they are, and the sum below them."""
        return [*self.rows, *([self.total] if self.total else [])]


def told(cell) -> str:
    """Write one cell: numbers without trailing zeros, nothing known as a dash."""
    if cell is None:
        return "–"
    return signed(Decimal(str(cell))) if isinstance(cell, Decimal | float | int) else str(cell)


def crossed(rows: Sequence[tuple[str, Sequence]], *, heading: str, columns: Sequence[str]) -> dict:
    """Return columns, rows and total of a table that sums ``rows`` of numbers both ways."""
    sums = [sum(column) for column in zip(*(values for _label, values in rows), strict=True)] or [0] * len(columns)
    return {
        "columns": [heading, *columns, _("All")],
        "rows": [[label, *values, sum(values)] for label, values in rows],
        "total": [_("All"), *sums, sum(sums)],
    }
