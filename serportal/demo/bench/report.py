"""What the bench says in the end: figures for the terminal and for a file. Budgets stand beside them, as a remark."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.utils import timezone

from serportal.demo.bench.figures import Inside, Row, row
from serportal.demo.bench.load import Book
from serportal.demo.bench.pages import FLOOR, Page
from serportal.demo.bench.posting import Posting, Summing
from serportal.demo.bench.server import WORKERS
from serportal.demo.bench.table import table

COLD_START = 1.5
MEMORY = 100
POSTING, POSTING_MEMORY = 1.5, 200
COUNTED = (
    "accounts.User",
    "reviews.ReviewCase",
    "reviews.Ballot",
    "reviews.CaseEvent",
    "journals.Entry",
    "outbox.Message",
)
LEGEND = f"""
Times in ms, of one request. Python, PG: CPU of the {WORKERS} workers and of all of PostgreSQL. Share: of the floor's
requests per second right before and after. gzip: kB, ~ where the server does not compress. First: kB of the page as
sent, with all it links. Figures drift with whatever else this machine does; shares and queries drift least."""


def rows_of(book: Book, chosen: Sequence[Page], views: dict[str, Inside], concurrency: int) -> list[Row]:
    floors = book.floors[concurrency]
    rows = [
        row(f"{FLOOR}, {when}", [one[n] for one in floors], inside=views.get(FLOOR))
        for when, n in (("before", 0), ("after", -1))
    ]
    for page in chosen:
        measured = book.measured.get((page.name, concurrency))
        if measured:
            samples, shares = [one.sample for one in measured], [one.share for one in measured]
            rows.append(row(page.name, samples, shares=shares, inside=views.get(page.name), budget=page.budget))
    return rows


def about() -> dict:
    """Return what the figures depend on beside the pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    models = [apps.get_model(name) for name in COUNTED]
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "machine": {
            "cpus": os.cpu_count(),
            "load": os.getloadavg(),
            "python": platform.python_version(),
            "django": django.get_version(),
            "postgresql": version,
            "waits_for_the_disk": fsync == "on",
        },
        "rows": {str(model._meta.verbose_name_plural): model.objects.count() for model in models},
    }


def told(report: dict) -> str:
    cold, (now, most) = report["cold_start_s"], report["worker_memory_mb"].values()
    parts = [f"\n{table(f'concurrency {concurrency}', rows)}" for concurrency, rows in report["tables"].items()]
    parts += [LEGEND, f"Cold start {cold:.2f} s{remark(cold, COLD_START, 's')}."]
    parts.append(f"Largest worker {now:.0f} MB, at its most {most:.0f} MB{remark(most, MEMORY, 'MB')}.")
    if report["posting"]:
        parts += [of_posting(Posting(**report["posting"])), of_summing(Summing(**report["summing"]))]
    parts.append(f"Rows: {', '.join(f'{count:,} {name}' for name, count in report['rows'].items())}.")
    parts += [f"Not measured: {name}: {why}" for name, why in report["refused"].items()]
    parts += [f"Not measured: {sentence}" for sentence in report["missing"]]
    return "\n".join(parts)


def of_posting(found: Posting) -> str:
    """Say how long an upload of many entries took, beside the bare SQL of the same run."""
    sizes = f"{found.entries:,} entries of {found.members:,} members"
    rates = f"{found.entries / found.upload:,.0f} rows/s, typed by hand {found.entries / found.by_hand:,.0f} rows/s"
    return (
        f"Upload of {sizes}: {found.upload:.2f} s, {rates}; {found.times:.2f} times the UPDATE by hand"
        f"{remark(found.times, POSTING, 'times')}. The same again {1000 * found.again:.0f} ms."
        f" Memory grew by {found.memory_mb:.0f} MB{remark(found.memory_mb, POSTING_MEMORY, 'MB')}."
    )


def of_summing(found: Summing) -> str:
    """Say how long it took to find who will fall short."""
    took = f"{found.seconds:.2f} s, {found.members / found.seconds:,.0f} a second"
    return f"Who of {found.members:,} members will fall short: {took}; {found.short:,}."


def remark(value: float, budget: float, unit: str) -> str:
    return f" (budget {budget} {unit}{', over' if value > budget else ''})"


def keep(path: Path, report: dict) -> None:
    tables = {
        concurrency: [{**asdict(row), "cpu_ms": row.cpu_ms, "over": row.over} for row in rows]
        for concurrency, rows in report["tables"].items()
    }
    path.write_text(json.dumps({**report, "tables": tables}, indent=1, ensure_ascii=False))
