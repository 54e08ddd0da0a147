"""What entries add up to, and the days of the uploads (R-PER, R-UPL)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from serportal.certifications.rules import Year


@dataclass(frozen=True)
class Line:
    """One journal entry as the sums see it."""

    day: date
    credits: Decimal
    uploaded: bool


@dataclass(frozen=True)
class Arranged:
    """What was agreed about one year (R-PER-3): the ``least`` it needs now, or the day until which it is made up."""

    reference: str
    year: int
    least: Decimal | None = None
    until: date | None = None


@dataclass(frozen=True)
class YearSum:
    """One certification year: credits uploaded, approved and waiting, and the least it needs (R-PER-2).

    By arrangement it may need less, or have credits ``made_up`` in later years, which those ``gave`` and do not count.
    """

    year: Year
    uploaded: Decimal
    waiting: Decimal
    least: Decimal
    made_up: Decimal = Decimal(0)
    gave: Decimal = Decimal(0)
    arranged: Arranged | None = None

    @property
    def total(self) -> Decimal:
        return self.uploaded + self.waiting

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.least - self.total)


@dataclass(frozen=True)
class Progress:
    """A period against its 50 and its years against their 5; approved credits count, uploaded or not (R-PER-4)."""

    years: tuple[YearSum, ...]
    goal: Decimal

    @property
    def uploaded(self) -> Decimal:
        return sum((one.uploaded for one in self.years), Decimal(0))

    @property
    def waiting(self) -> Decimal:
        return sum((one.waiting for one in self.years), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.uploaded + self.waiting

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.goal - self.total)


def progress(
    lines: Iterable[Line],
    *,
    years: Sequence[Year],
    goal: Decimal,
    yearly: Decimal,
    arranged: Iterable[Arranged] = (),
) -> Progress:
    """Sum ``lines`` by certification year; lines outside the period count for nothing (R-DATE).

    What was ``arranged`` lowers the least of its year, or lets later credits count for it instead (R-PER-3).
    """
    agreed = {one.year: one for one in arranged}
    tallies = []
    for year in years:
        own = agreed.get(year.number)
        tallies.append(_Tally(year, yearly if own is None or own.least is None else own.least, own))
    for line in lines:
        tally = next((one for one in tallies if one.year.first <= line.day <= one.year.last), None)
        if tally is not None:
            tally.add(line)
    for tally in tallies:
        if tally.arranged is not None and tally.arranged.until is not None:
            _make_up(tally, tallies)
    return Progress(tuple(one.sum() for one in tallies), goal)


class _Tally:
    """One year while it is summed: what each of its days brought and did not give away, and what was made up."""

    def __init__(self, year: Year, least: Decimal, arranged: Arranged | None):
        self.year, self.least, self.arranged = year, least, arranged
        self.days: dict[date, list[Decimal]] = {}
        self.came, self.gave = [Decimal(0), Decimal(0)], Decimal(0)

    def add(self, line: Line) -> None:
        self.days.setdefault(line.day, [Decimal(0), Decimal(0)])[0 if line.uploaded else 1] += line.credits

    @property
    def total(self) -> Decimal:
        return sum((sum(parts) for parts in self.days.values()), Decimal(0)) + sum(self.came)

    def give(self, day: date, most: Decimal, to: "_Tally") -> None:
        """Let up to ``most`` of the credits of ``day`` count in ``to`` and no longer here, the uploaded ones first."""
        parts = self.days[day]
        left = max(Decimal(0), min(most, sum(parts)))
        for n, part in enumerate(parts):
            moved = min(left, max(Decimal(0), part))
            parts[n], to.came[n] = part - moved, to.came[n] + moved
            left, self.gave = left - moved, self.gave + moved

    def sum(self) -> YearSum:
        uploaded, waiting = (
            sum((parts[n] for parts in self.days.values()), self.came[n]) for n in range(len(self.came))
        )
        return YearSum(self.year, uploaded, waiting, self.least, sum(self.came), self.gave, self.arranged)


def _make_up(short: _Tally, tallies: Sequence[_Tally]) -> None:
    """Let credits earned after the ``short`` year, up to its make-up date, count for it: only there, as many as lack.

    What other years have beyond their least goes first, and the latest days before earlier ones.
    """
    days = [(day, one) for one in tallies for day in one.days if short.year.last < day <= short.arranged.until]
    for surplus_only in (True, False):
        for day, one in sorted(days, key=lambda found: found[0], reverse=True):
            most = short.least - short.total
            if surplus_only:
                most = min(most, one.total - one.least)
            if most > 0:
                one.give(day, most, short)


def upload_days(around: date, *, a_year: int) -> list[date]:
    """Return the upload days of three years: 1 January, April, July and October, or two of them (R-UPL-1)."""
    months = range(1, 13, 12 // a_year)
    return [date(year, month, 1) for year in (around.year - 1, around.year, around.year + 1) for month in months]


def next_upload(day: date, *, a_year: int) -> date:
    """Return the first upload day after ``day``: credits approved on ``day`` reach the journal then (R-UPL-2)."""
    return next(one for one in upload_days(day, a_year=a_year) if one > day)


def last_upload(day: date, *, a_year: int) -> date:
    """Return the latest upload day up to and including ``day``."""
    return next(one for one in reversed(upload_days(day, a_year=a_year)) if one <= day)
