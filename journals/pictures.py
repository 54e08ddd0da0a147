"""Where the bars of the journal begin and end: percent across, pixels down. Templates only write them out."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from journals.standing import Journal

HEIGHT = 200
BASE = 250


def _percent(value: Decimal) -> str:
    return f"{value:.2f}%"


def fifty_bar(journal: Journal) -> dict:
    """Return the parts of the 50-credit bar; more than the goal fills it and no more."""
    goal = journal.progress.goal
    edges = [Decimal(0)]
    for value in (journal.progress.uploaded, journal.progress.waiting, journal.asked):
        edges.append(min(goal, edges[-1] + value))
    spans = [
        {"x": _percent(start * 100 / goal), "width": _percent((end - start) * 100 / goal), "any": end > start}
        for start, end in pairwise(edges)
    ]
    ticks = [{"x": _percent(n * goal * 100 / 5 / goal), "label": int(n * goal / 5)} for n in range(1, 5)]
    return {"have": spans[0], "coming": spans[1], "asked": spans[2], "ticks": ticks}


def year_bars(journal: Journal, today: date) -> dict:
    """Return one bar for each certification year, on a scale that holds the tallest and the least."""
    years = journal.progress.years
    top = max([one.total for one in years] + [one.least for one in years] + [Decimal(1)]) * Decimal("1.05")
    width = Decimal(100) / len(years)

    def y(credits: Decimal) -> int:
        return round(BASE - credits * HEIGHT / top)

    bars = [
        {
            "sum": one,
            "x": _percent(width * (n + Decimal("0.15"))),
            "width": _percent(width * Decimal("0.7")),
            "middle": _percent(width * (n + Decimal("0.5"))),
            "have_y": y(one.uploaded),
            "have_height": BASE - y(one.uploaded),
            "coming_y": y(one.total),
            "coming_height": y(one.uploaded) - y(one.total),
            "label_y": y(max(one.total, Decimal(0))) - 8,
            "current": one.year.first <= today <= one.year.last,
            "over": one.year.last < today,
        }
        for n, one in enumerate(years)
    ]
    return {"bars": bars, "least_y": y(years[0].least), "base": BASE}
