"""Measure the pages. Tells, and never judges: neither a time nor a budget changes how this command ends."""

import signal
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test.utils import override_settings

from serportal.accounts.models import User
from serportal.demo.bench import inside
from serportal.demo.bench.client import BadAnswer
from serportal.demo.bench.figures import Inside
from serportal.demo.bench.listed import list_more
from serportal.demo.bench.load import Book, Load, one_round, run_rounds
from serportal.demo.bench.pages import FLOOR, PUBLIC, Page, again, pages
from serportal.demo.bench.posting import measure_posting, measure_summing
from serportal.demo.bench.procfs import postmaster_of
from serportal.demo.bench.report import about, keep, rows_of, told
from serportal.demo.bench.server import Server, ServerFailed
from serportal.demo.bench.static import quick_storage
from serportal.demo.bench.subjects import make_subjects

CONCURRENCIES = (1, 4)
POSTING = "upload of 100,000"


class Command(BaseCommand):
    help = "Measure the pages on an empty database: make bench. Loads the demonstration data, then its own server."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, help="How many times the demonstration's volume.")
        parser.add_argument("--offerings", type=int, default=0, help="How many more to put on the public list.")
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--seconds", type=float, default=0.5, help="How long each page is loaded in each round.")
        parser.add_argument("--json", type=Path, help="Keep every figure in this file.")
        parser.add_argument("--only", default="", help=f"Names of pages or “{POSTING}”, with commas between them.")
        parser.add_argument("--profile", default="", help="Instead of load: queries and CPU profile of these pages.")

    def handle(self, *args, scale, offerings, rounds, seconds, json, only, profile, **options):
        if not (1 <= rounds <= 20 and 0.1 <= seconds <= 20):
            raise CommandError("Give 1 to 20 rounds and 0.1 to 20 seconds.")
        self.began = time.monotonic()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, exit_in_order)
        refuse_a_lived_in_database()
        with tempfile.TemporaryDirectory(prefix="serportal-bench-") as folder:
            static = str(Path(folder) / "static")
            with override_settings(STATIC_ROOT=static):
                every, missing = self.prepare(scale, offerings)
                chosen = choose(every, profile or only)
                if profile:
                    self.profile(chosen)
                    return
                environment = {"STATIC_ROOT": static, "PORTAL_MODE": settings.PORTAL_MODE}
                before = about()
                try:
                    with Server(Path(folder), environment) as server:
                        figures = self.measure(server, every, chosen, rounds=rounds, seconds=seconds)
                except (ServerFailed, BadAnswer) as failure:
                    raise CommandError(str(failure)) from None
        report = {
            "scale": scale,
            "offerings": offerings,
            "rounds": rounds,
            "seconds": seconds,
            **before,
            **figures,
            **self.many(only),
            "missing": missing,
        }
        self.stdout.write(told(report))
        if json:
            keep(json, report)
            self.stdout.write(f"\nEvery figure is kept in {json}.")

    def step(self, text: str) -> None:
        self.stderr.write(f"{time.monotonic() - self.began:5.0f} s  {text}")

    def prepare(self, scale: int, offerings: int) -> tuple[list[Page], list[str]]:
        """Fill the empty database; return the pages to measure and a sentence for each that does not exist."""
        self.step("tables and static files")
        call_command("migrate", interactive=False, verbosity=0)
        with override_settings(STORAGES=quick_storage()):
            call_command("collectstatic", interactive=False, verbosity=0)
        self.step(f"demonstration data at scale {scale}")
        call_command("seed_demo", scale=scale, stdout=self.stderr)
        self.step("people and cases to measure with")
        subjects = make_subjects()
        list_more(offerings)
        with connection.cursor() as cursor:
            # A table that was just filled has no statistics, and the planner guesses; cleaning up may take a while.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        return pages(subjects)

    def many(self, only: str) -> dict[str, dict | None]:
        """Measure what is done to a hundred thousand when the server is gone: it is not one of the pages."""
        if only and POSTING not in names_in(only):
            return {"posting": None, "summing": None}
        self.step("an upload of many entries")
        posting = asdict(measure_posting())
        self.step("sums of many members")
        return {"posting": posting, "summing": asdict(measure_summing())}

    def profile(self, chosen: list[Page]) -> None:
        for page in chosen:
            try:
                self.stdout.write(f"{inside.profile(page)}\n\n")
            except Exception as error:
                self.stderr.write(f"{page.name} does not work: {type(error).__name__}: {error}")

    def measure(self, server: Server, every: list[Page], chosen: list[Page], *, rounds: int, seconds: float) -> dict:
        floor = next(page for page in every if page.name == FLOOR)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            load = Load(server, postmaster_of(cursor.fetchone()[0]), seconds)
        self.step("queries and sizes")
        book = Book()
        views, working = look_at([floor, *chosen], book)
        looped = [page for page in working if not page.once and page is not floor]
        run_rounds(load, book, looped, floor, rounds=rounds, concurrencies=CONCURRENCIES, tell=self.step)
        now, most = server.memory()
        for page in working:
            if page.once:
                self.step(page.name)
                one_round(load, book, [page], floor, CONCURRENCIES[0])
        return {
            "cold_start_s": server.cold_start,
            "worker_memory_mb": {"now": now, "most": most},
            "tables": {str(c): rows_of(book, working, views, c) for c in CONCURRENCIES},
            "refused": book.refused,
        }


def exit_in_order(number: int, _frame) -> None:
    """End like any other program, so that the server is stopped."""
    raise SystemExit(128 + number)


def refuse_a_lived_in_database() -> None:
    """The bench wears its database out: thousands of ballots that nobody meant."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if User._meta.db_table in tables and User.objects.exists():
        raise CommandError("There are people in this database, and the bench fills one of its own. Run `make bench`.")


def names_in(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def choose(every: list[Page], names: str) -> list[Page]:
    """Return the pages named, or all but the floor, which is measured anyway."""
    wanted = [name for name in names_in(names) if name != POSTING]
    known = {page.name: page for page in every}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise CommandError(f"No page is called {', '.join(unknown)}. There are: {', '.join([*known, POSTING])}.")
    return [known[name] for name in wanted] if names else [page for page in every if page.name != FLOOR]


def look_at(chosen: list[Page], book: Book) -> tuple[dict[str, Inside], list[Page]]:
    """Return what one request of each page does, and the pages that work; one with an ETag is also asked for again."""
    views, working = {}, []
    for page in chosen:
        try:
            view = views[page.name] = inside.look_inside(page)
        except Exception as error:
            book.give_up(page, f"{type(error).__name__}: {error}")
            continue
        working.append(page)
        if view.etag and not page.bare:
            hit = again(page, view.etag)
            views[hit.name] = inside.look_inside(hit)
            working.append(hit)
        elif page.budget is PUBLIC:
            book.give_up(again(page, ""), "the page carries no ETag, so a visitor who has it loads it all again.")
    return views, working
