"""Rounds of load: each page for a moment at one concurrency, the floor before and after, every answer checked."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from serportal.demo.bench.client import BadAnswer, Connection
from serportal.demo.bench.figures import Measured, Sample
from serportal.demo.bench.pages import Page
from serportal.demo.bench.procfs import cluster_seconds
from serportal.demo.bench.server import Server, ServerFailed

WARM_UP = 8
MOST = 20_000
# How many pages stand between two floors: the machine may change within a round.
A_GROUP = 6


@dataclass
class Book:
    """What was measured, by page and concurrency; the floor by concurrency; and why a page was given up."""

    measured: dict[tuple[str, int], list[Measured]] = field(default_factory=dict)
    floors: dict[int, list[list[Sample]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def give_up(self, page: Page, why: object) -> None:
        """A page that failed once has no figures at all: half a measurement is none."""
        self.refused[page.name] = str(why) or type(why).__name__
        for key in [key for key in self.measured if key[0] == page.name]:
            del self.measured[key]


@dataclass(frozen=True)
class Load:
    """Where the load goes, and what is read before and after it."""

    server: Server
    postmaster: int | None
    seconds: float

    def warm_up(self, page: Page) -> None:
        asyncio.run(self._send(page, len(page.scripts), seconds=10, most=min(WARM_UP, page.most or WARM_UP)))

    def measure(self, page: Page, concurrency: int) -> Sample:
        workers = self.server.workers()
        python, postgres = self.server.python_seconds(), cluster_seconds(self.postmaster)
        began = time.perf_counter()
        latencies = asyncio.run(self._send(page, concurrency, seconds=self.seconds, most=page.most or MOST))
        elapsed = time.perf_counter() - began
        if self.server.workers() != workers:
            raise ServerFailed(
                f"A worker ended under “{page.name}”. The end of the server's log:\n{self.server.tail()}"
            )
        return Sample(
            latencies,
            elapsed,
            self.server.python_seconds() - python,
            None if postgres is None else cluster_seconds(self.postmaster) - postgres,
        )

    async def _send(self, page: Page, concurrency: int, *, seconds: float, most: int) -> list[float]:
        deadline, sent, latencies = time.perf_counter() + seconds, 0, []

        async def visit(script) -> None:
            nonlocal sent
            connection = Connection(self.server.port)
            try:
                while sent < most and (time.perf_counter() < deadline or not latencies):
                    sent += 1
                    request = script.request()
                    began = time.perf_counter()
                    answer = await connection.ask(request)
                    latencies.append(time.perf_counter() - began)
                    script.check(answer)
            finally:
                connection.close()

        try:
            async with asyncio.TaskGroup() as group:
                for script in page.scripts[:concurrency]:
                    group.create_task(visit(script))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return latencies


def run_rounds(
    load: Load,
    book: Book,
    pages: Sequence[Page],
    floor: Page,
    *,
    rounds: int,
    concurrencies: Sequence[int],
    tell: Callable[[str], None],
) -> Book:
    """Measure every page in every round, so that what disturbs the machine for a while disturbs all of them alike."""
    for page in [floor, *pages]:
        attempt(book, page, lambda page=page: load.warm_up(page))
    for number in range(1, rounds + 1):
        for concurrency in concurrencies:
            tell(f"round {number} of {rounds}, concurrency {concurrency}")
            book.floors.setdefault(concurrency, []).append(one_round(load, book, pages, floor, concurrency))
    return book


def one_round(load: Load, book: Book, pages: Sequence[Page], floor: Page, concurrency: int) -> list[Sample]:
    """Measure each page once, and the floor before, after and every few pages; return the floors in order."""
    floors = [load.measure(floor, concurrency)]
    for start in range(0, len(pages), A_GROUP):
        group = [page for page in pages[start : start + A_GROUP] if page.name not in book.refused]
        samples = [(page, attempt(book, page, lambda page=page: load.measure(page, concurrency))) for page in group]
        floors.append(load.measure(floor, concurrency))
        for page, sample in samples:
            if sample is not None:
                book.measured.setdefault((page.name, concurrency), []).append(Measured(sample, *floors[-2:]))
    return floors


def attempt(book: Book, page: Page, what: Callable[[], Sample | None]) -> Sample | None:
    """Return what was measured; a page that answers wrongly is given up, and the others go on."""
    try:
        return what()
    except (BadAnswer, OSError, TimeoutError, EOFError) as error:
        book.give_up(page, error)
        return None
