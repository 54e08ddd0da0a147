"""Experience: full-time months of restoration work, and its breadth over projects and phases (R-APP-5)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from applications.states import Phase

FULL_TIME = 40  # hours a week
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Demands:
    """What a version of the criteria asks: months of full time, projects, and that all phases are covered."""

    months: int
    projects: int


@dataclass(frozen=True)
class Job:
    """Employment: both days included, hours a week, and the percentage of them that was restoration."""

    first: date
    last: date
    weekly_hours: Decimal
    restoration: int


@dataclass(frozen=True)
class Project:
    """One project, by the phases in which the applicant worked."""

    phases: frozenset[Phase]


@dataclass(frozen=True)
class Month:
    """One calendar month: its full-time share before and after the halving of months with little restoration."""

    year: int
    number: int
    worked: Fraction
    counted: Fraction


@dataclass(frozen=True)
class Experience:
    """Full-time months (exact, and rounded down to a tenth for reading), projects and phases beside what is asked."""

    months: Fraction
    halved: int
    projects: int
    phases: frozenset[Phase]
    demands: Demands

    @property
    def shown(self) -> Decimal:
        return Decimal(self.months * 10 // 1) / 10

    @property
    def months_missing(self) -> Decimal:
        """What is missing in months, rounded up to a tenth."""
        lacks = max(self.demands.months - self.months, Fraction(0))
        return Decimal(-(-lacks * 10 // 1)) / 10

    @property
    def projects_missing(self) -> int:
        return max(self.demands.projects - self.projects, 0)

    @property
    def phases_missing(self) -> list[Phase]:
        return [phase for phase in Phase if phase not in self.phases]

    @property
    def met(self) -> bool:
        return not (self.months_missing or self.projects_missing or self.phases_missing)


def experience(demands: Demands, jobs: Iterable[Job], projects: Sequence[Project]) -> Experience:
    """Add up what was worked; neither the order of jobs nor how one is split into several changes the sum."""
    counted = list(months(jobs))
    return Experience(
        months=sum((month.counted for month in counted), Fraction(0)),
        halved=sum(1 for month in counted if month.counted < month.worked),
        projects=len(projects),
        phases=frozenset().union(*(project.phases for project in projects)),
        demands=demands,
    )


def months(jobs: Iterable[Job]) -> Iterator[Month]:
    """Yield every calendar month in which something was worked, in order.

    A month counts min(1, Σ weekly hours × the share of its days that each job covers ÷ 40), half of that where
    restoration was under half of all hours worked in it.
    """
    hours: dict[tuple[int, int], Fraction] = {}
    restoring: dict[tuple[int, int], Fraction] = {}
    for job in jobs:
        for key, share in _months_of(job):
            worked = Fraction(job.weekly_hours) * share
            hours[key] = hours.get(key, Fraction(0)) + worked
            restoring[key] = restoring.get(key, Fraction(0)) + worked * Fraction(job.restoration, 100)
    for key in sorted(hours):
        if hours[key]:
            worked = min(Fraction(1), hours[key] / FULL_TIME)
            yield Month(*key, worked, worked if restoring[key] >= hours[key] * HALF else worked * HALF)


def _months_of(job: Job) -> Iterator[tuple[tuple[int, int], Fraction]]:
    """Yield each calendar month that ``job`` touches with the share of its days."""
    year, month = job.first.year, job.first.month
    while (year, month) <= (job.last.year, job.last.month):
        days = monthrange(year, month)[1]
        first = max(job.first, date(year, month, 1))
        last = min(job.last, date(year, month, days))
        yield (year, month), Fraction((last - first).days + 1, days)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
