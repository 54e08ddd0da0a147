"""From samples to figures: medians of rounds, so that one disturbed round does not tell the story."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import truediv
from statistics import median


@dataclass(frozen=True)
class Budget:
    """What a page may cost; None where nothing was promised."""

    cpu_ms: float | None = None
    queries: int | None = None
    share: float | None = None
    rps: float | None = None
    first_kb: float | None = None
    later_kb: float | None = None


@dataclass(frozen=True)
class Sample:
    """One page in one round at one concurrency; times in seconds, ``postgres`` None where it cannot be seen."""

    latencies: Sequence[float]
    elapsed: float
    python: float
    postgres: float | None

    @property
    def rps(self) -> float:
        return len(self.latencies) / self.elapsed


@dataclass(frozen=True)
class Measured:
    """A sample with the floor right before and right after it."""

    sample: Sample
    before: Sample
    after: Sample

    @property
    def share(self) -> float:
        """Requests per second as a share of the mean of both floors."""
        return self.sample.rps / ((self.before.rps + self.after.rps) / 2)


@dataclass(frozen=True)
class Inside:
    """One request looked at from inside the process, without load; sizes in bytes, ``linked`` the static files."""

    queries: int
    sql_ms: float
    size: int
    gzipped: int
    server_compresses: bool
    linked: int = 0
    etag: str = ""

    @property
    def sent(self) -> int:
        return self.gzipped if self.server_compresses else self.size

    @property
    def first_visit(self) -> int:
        """What the page and everything it links weigh for someone whose browser has nothing of it yet."""
        return self.sent + self.linked


@dataclass(frozen=True)
class Row:
    """What the table says about one page at one concurrency."""

    name: str
    requests: int
    rps: float
    p50_ms: float
    p95_ms: float
    python_ms: float
    postgres_ms: float | None
    share: float | None
    inside: Inside | None
    budget: Budget

    @property
    def cpu_ms(self) -> float:
        return self.python_ms + (self.postgres_ms or 0)

    @property
    def over(self) -> list[str]:
        """Name what is over budget. Told, never asserted: a busy neighbour is no fault of the page."""
        budget, inside = self.budget, self.inside
        pairs = [
            ("CPU", budget.cpu_ms is not None and self.cpu_ms > budget.cpu_ms),
            ("queries", budget.queries is not None and inside is not None and inside.queries > budget.queries),
            ("share", budget.share is not None and self.share is not None and self.share < budget.share),
            ("rps", budget.rps is not None and self.rps < budget.rps),
            ("weight", inside is not None and _too_heavy(inside, budget)),
        ]
        return [name for name, is_over in pairs if is_over]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least ``percent`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def _too_heavy(inside: Inside, budget: Budget) -> bool:
    first, later = inside.first_visit / 1000, inside.sent / 1000
    return bool((budget.first_kb and first > budget.first_kb) or (budget.later_kb and later > budget.later_kb))


def row(
    name: str,
    rounds: Sequence[Sample],
    *,
    shares: Sequence[float] = (),
    inside: Inside | None = None,
    budget: Budget | None = None,
) -> Row:
    """Return the medians over ``rounds``; ``shares`` holds each round's share of the floor."""
    counts = [len(one.latencies) for one in rounds]
    seen = [one.postgres for one in rounds if one.postgres is not None]
    return Row(
        name=name,
        requests=sum(counts),
        rps=median(one.rps for one in rounds),
        p50_ms=1000 * median(percentile(one.latencies, 50) for one in rounds),
        p95_ms=1000 * median(percentile(one.latencies, 95) for one in rounds),
        python_ms=1000 * median(one.python / count for one, count in zip(rounds, counts, strict=True)),
        postgres_ms=1000 * median(map(truediv, seen, counts)) if len(seen) == len(counts) else None,
        share=median(shares) if shares else None,
        inside=inside,
        budget=budget or Budget(),
    )
