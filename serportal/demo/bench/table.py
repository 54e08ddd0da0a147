"""The table on the terminal: one line a page, each figure beside what was promised."""

from collections.abc import Sequence

from serportal.demo.bench.figures import Row

TIMES = ["rps", "p50", "p95", "Python", "PG", "≤ CPU"]
COSTS = ["queries", "≤", "SQL ms", "kB", "gzip", "first"]
HEADINGS = ["", *TIMES, *COSTS, "share", "≥", "over"]


def number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def cells(row: Row) -> list[str]:
    inside, budget = row.inside, row.budget
    # What the server does not compress is shown as what it would weigh.
    about = "" if inside is None or inside.server_compresses else "~"
    heavy = inside is not None and inside.size > 100
    return [
        row.name,
        number(row.rps, 0 if row.rps >= 100 else 1),
        number(row.p50_ms),
        number(row.p95_ms),
        number(row.python_ms),
        "?" if row.postgres_ms is None else number(row.postgres_ms),
        number(budget.cpu_ms, 0),
        "" if inside is None else str(inside.queries),
        "" if budget.queries is None else str(budget.queries),
        "" if inside is None else number(inside.sql_ms),
        number(inside.size / 1000) if heavy else "",
        f"{about}{inside.gzipped / 1000:.1f}" if heavy else "",
        number(inside.first_visit / 1000, 0) if heavy and inside.linked else "",
        number(row.share, 2),
        number(budget.share, 2),
        ", ".join(row.over),
    ]


def table(title: str, rows: Sequence[Row]) -> str:
    lines = [[title, *HEADINGS[1:]], *(cells(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
    last = len(HEADINGS) - 1
    made = [
        "  ".join(cell.ljust(width) if n in {0, last} else cell.rjust(width) for n, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in lines)
    ]
    made.insert(1, "─" * max(map(len, made)))
    return "\n".join(line.rstrip() for line in made)
