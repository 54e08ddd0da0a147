"""What an activity is worth and when it counts: pure, exact, able to say why (SPEC 2.1, 2.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from serportal.certifications.rules import Year

MINUTES = 60


@dataclass(frozen=True)
class Rate:
    """One row of the credit schedule: this many hours of ``activity`` make one credit (R-CAT)."""

    activity: str
    hours_per_credit: Decimal


@dataclass(frozen=True)
class Policy:
    """The figures in force: credits of one event, minutes of contact, step of rounding (R-CAP, R-MIN, R-STEP)."""

    event_cap: Decimal
    least_minutes: int
    step: Decimal


@dataclass(frozen=True)
class Claim:
    """What is claimed: hours of contact, and the day on which the activity was complete (R-DATE)."""

    hours: Decimal
    completed_on: date


@dataclass(frozen=True)
class Span:
    """The certification years of the period that may hold the claim."""

    years: tuple[Year, ...]

    def year_of(self, day: date) -> Year | None:
        return next((year for year in self.years if year.first <= day <= year.last), None)


@dataclass(frozen=True)
class Reason:
    """One step of the sum: a code and the values its sentence needs; worded in ``journals.wording``."""

    code: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Credit:
    """What a claim is worth, in credits, the steps that led there and the certification year that holds it."""

    amount: Decimal
    reasons: tuple[Reason, ...]
    year: Year | None


def credit(claim: Claim, *, rate: Rate, policy: Policy, span: Span) -> Credit:
    """Work out what ``claim`` is worth, in the order of crediting of SPEC 2.1.

    Contact time under the minimum counts nothing (R-MIN); a day outside the period counts nothing (R-DATE); then
    the rate (R-CAT), the cap of one event (R-CAP) and the rounding down (R-STEP).
    """
    year = span.year_of(claim.completed_on)
    if year is None:
        early = bool(span.years) and claim.completed_on < span.years[0].first
        edge = span.years[0].first if early else span.years[-1].last
        code = "before-period" if early else "after-period"
        values = {"day": claim.completed_on.isoformat(), "edge": edge.isoformat()}
        return Credit(Decimal(0), (Reason(code, values),), None)
    if claim.hours * MINUTES < policy.least_minutes:
        values = {"minutes": _plain(claim.hours * MINUTES), "least": str(policy.least_minutes)}
        return Credit(Decimal(0), (Reason("under-minimum", values),), year)

    raw = claim.hours / rate.hours_per_credit
    reasons = [
        Reason("rate", {"hours": _plain(claim.hours), "per": _plain(rate.hours_per_credit), "credits": _plain(raw)})
    ]
    amount = raw
    if amount > policy.event_cap:
        amount = policy.event_cap
        reasons.append(Reason("event-cap", {"cap": _plain(policy.event_cap)}))
    rounded = (amount / policy.step).to_integral_value(rounding=ROUND_FLOOR) * policy.step
    if rounded != amount:
        amount = rounded
        reasons.append(Reason("rounded", {"step": _plain(policy.step), "credits": _plain(rounded)}))
    return Credit(amount, tuple(reasons), year)


def _plain(value: Decimal) -> str:
    """Write a number without trailing zeros, cut (never rounded up) after four decimals."""
    text = f"{value.quantize(Decimal('0.0001'), rounding=ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Line:
    """One journal entry as the sums see it."""

    day: date
    credits: Decimal
    uploaded: bool


@dataclass(frozen=True)
class YearSum:
    """One certification year: credits uploaded, approved and waiting, and the least it needs (R-PER-2)."""

    year: Year
    uploaded: Decimal
    waiting: Decimal
    least: Decimal

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


def progress(lines: Iterable[Line], *, years: Sequence[Year], goal: Decimal, yearly: Decimal) -> Progress:
    """Sum ``lines`` by certification year; lines outside the period count for nothing (R-DATE)."""
    sums = {year: [Decimal(0), Decimal(0)] for year in years}
    for line in lines:
        year = next((year for year in years if year.first <= line.day <= year.last), None)
        if year is not None:
            sums[year][0 if line.uploaded else 1] += line.credits
    return Progress(tuple(YearSum(year, *sums[year], yearly) for year in years), goal)


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
