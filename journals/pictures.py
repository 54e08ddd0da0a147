"""Where the bars of the journal begin and end: percent across, pixels down. Templates only write them out."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from journals import terms
from journals.rules import YearSum
from journals.standing import Journal
from serportal.ui.words import number

HEIGHT = 200
BASE = 250


def _percent(value: Decimal) -> str:
    return f"{value:.2f}%"


def _parts(uploaded: Decimal, total: Decimal) -> tuple[Decimal, Decimal]:
    """Return (what is uploaded and stays, what is still to be uploaded); a correction that waits takes of the first."""
    stays = max(Decimal(0), min(uploaded, total))
    return stays, max(Decimal(0), total - stays)


def fifty_bar(journal: Journal) -> dict:
    """Return the parts of the 50-credit bar; more than the goal fills it and no more."""
    goal = journal.progress.goal
    edges = [Decimal(0)]
    for value in (*_parts(journal.progress.uploaded, journal.progress.total), journal.asked):
        edges.append(min(goal, edges[-1] + value))
    spans = [
        {"x": _percent(start * 100 / goal), "width": _percent((end - start) * 100 / goal), "any": end > start}
        for start, end in pairwise(edges)
    ]
    ticks = [{"x": _percent(n * goal * 100 / 5 / goal), "label": int(n * goal / 5)} for n in range(1, 5)]
    return {"have": spans[0], "coming": spans[1], "asked": spans[2], "ticks": ticks}


def year_bars(journal: Journal, today: date) -> dict:
    """Return one bar for each certification year, on a scale that holds the tallest and the least.

    A year that needs less by arrangement has a mark of its own (R-PER-3).
    """
    years, usual = journal.progress.years, journal.policy.year_credits
    top = max([one.total for one in years] + [one.least for one in years] + [usual, Decimal(1)]) * Decimal("1.05")
    width = Decimal(100) / len(years)

    def y(credits: Decimal) -> int:
        return round(BASE - credits * HEIGHT / top)

    bars = []
    for n, one in enumerate(years):
        stays, coming = _parts(one.uploaded, one.total)
        bars.append(
            {
                "sum": one,
                "x": _percent(width * (n + Decimal("0.15"))),
                "width": _percent(width * Decimal("0.7")),
                "middle": _percent(width * (n + Decimal("0.5"))),
                "have_y": y(stays),
                "have_height": BASE - y(stays),
                "coming_y": y(stays + coming),
                "coming_height": y(stays) - y(stays + coming),
                "label_y": y(stays + coming) - 8,
                "label": _label(one),
                "span": f"{one.year.first.year}–{one.year.last:%y}",
                "current": one.year.first <= today <= one.year.last,
                "over": one.year.last < today,
                "own_least_y": y(one.least) if one.least != usual else None,
                "right": _percent(width * (n + Decimal("0.85"))),
                "notes": terms.about_year(one, today),
            }
        )
    return {"bars": bars, "least_y": y(usual), "base": BASE}


def _label(one: YearSum) -> str:
    """“2”, “2 + 4” with credits that wait for their upload, “10 − 4” with a correction that does."""
    if not one.waiting:
        return number(one.uploaded)
    return f"{number(one.uploaded)} {'+' if one.waiting > 0 else '−'} {number(abs(one.waiting))}"
