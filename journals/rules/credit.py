"""The order of crediting of SPEC 2.1: one function of a claim and of what is already credited to its person.

Claims take effect in the order of their approval. Every step after the raw credit only ever takes away, so nothing
granted before is touched: a later claim gets what the caps leave.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from journals.states import EVENTS, Activity, Measure, Ruling
from serportal.certifications.rules import Year, anniversary

MINUTES = 60


@dataclass(frozen=True)
class Rate:
    """One row of the credit schedule: hours for one credit, or credits for each (R-CAT)."""

    activity: str
    amount: Decimal
    measure: str = Measure.HOURS


@dataclass(frozen=True)
class Policy:
    """The figures in force: R-CAP, R-VOL, R-MIN (minutes), R-ROLE (months of a year of service), R-STEP."""

    event_cap: Decimal
    volunteer_cap: Decimal
    least_minutes: int
    least_months: int
    step: Decimal


@dataclass(frozen=True)
class Service:
    """Time served in one role: the organisational level, which role it was, first and last day (R-ROLE)."""

    level: str
    role: str
    first: date
    last: date

    def months(self) -> frozenset[tuple[int, int]]:
        """Return the calendar months of which at least half of the days were served."""
        return frozenset(_served_months(self.first, self.last))


@dataclass(frozen=True)
class Claim:
    """What is claimed. A fact that an activity does not have keeps its default, which changes nothing.

    ``completed_on`` is the last day, the acceptance of a publication, or the last day of a year of service (R-DATE).
    ``event``, ``course`` and ``code`` are keys: what shares them is the same event (R-CAP), the same regular college
    course (R-ONCE), the same thing that counts once (R-DUP). ``approved`` is the most a pre-approval lets it bring.
    """

    activity: str
    completed_on: date
    hours: Decimal | None = None
    passed: bool = True
    not_for_profit: bool = True
    event: Hashable = None
    course: str = ""
    taught_before: date | None = None
    code: str = ""
    code_per_period: bool = False
    service: Service | None = None
    asked: Decimal | None = None
    approved: Decimal | None = None
    lowered: Decimal | None = None
    rulings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Credited:
    """One credit a person already has, anywhere in their journal: what later claims must know of it."""

    activity: str
    day: date
    credits: Decimal
    event: Hashable = None
    course: str = ""
    code: str = ""
    service: Service | None = None


@dataclass(frozen=True)
class Span:
    """The certification years of the period that may hold the claim."""

    years: tuple[Year, ...]

    def year_of(self, day: date) -> Year | None:
        return next((year for year in self.years if year.first <= day <= year.last), None)

    def holds(self, day: date) -> bool:
        return bool(self.years) and self.years[0].first <= day <= self.years[-1].last


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


@dataclass(frozen=True)
class _Sum:
    """What every step of one sum may look at."""

    claim: Claim
    policy: Policy
    span: Span
    held: tuple[Credited, ...]
    raw: Decimal


def credit(claim: Claim, *, rate: Rate, policy: Policy, span: Span, held: Iterable[Credited] = ()) -> Credit:
    """Work out what ``claim`` is worth beside what is already ``held``, in the order of crediting of SPEC 2.1."""
    held = tuple(one for one in held if one.credits > 0)
    year = span.year_of(claim.completed_on)
    refusal = next(_refusals(claim, policy, span, held), None)
    if refusal is not None:
        return Credit(Decimal(0), (refusal,), year)
    amount, first = _raw(claim, rate)
    of = _Sum(claim, policy, span, held, raw=amount)
    reasons = [first]
    for step in (_asked, _approved, _lowered, _event_cap, _role, _volunteer_cap, _rounded):
        found = step(amount, of)
        if found is not None:
            amount, reason = found
            reasons.append(reason)
    return Credit(amount, tuple(reasons), year)


def _raw(claim: Claim, rate: Rate) -> tuple[Decimal, Reason]:
    if rate.measure == Measure.EACH:
        return rate.amount, Reason("each", {"activity": str(claim.activity), "credits": plain(rate.amount)})
    amount = claim.hours / rate.amount
    values = {
        "activity": str(claim.activity),
        "hours": plain(claim.hours),
        "per": plain(rate.amount),
        "credits": plain(amount),
    }
    return amount, Reason("rate", values)


def _refusals(claim: Claim, policy: Policy, span: Span, held: Sequence[Credited]) -> Iterator[Reason]:
    """Yield why the claim brings nothing at all: grade, R-MIN, R-ONCE, not-for-profit, R-DATE, R-DUP, in this order."""
    if not claim.passed:
        yield Reason("not-passed")
    if claim.hours is not None and claim.hours * MINUTES < policy.least_minutes:
        yield Reason("under-minimum", {"minutes": plain(claim.hours * MINUTES), "least": str(policy.least_minutes)})
    if claim.course:
        if any(one.course == claim.course for one in held):
            yield Reason("course-credited")
        if claim.taught_before is not None:
            yield Reason("taught-before", {"day": claim.taught_before.isoformat()})
    if not claim.not_for_profit:
        yield Reason("not-for-profit")
    if not span.holds(claim.completed_on):
        yield _outside(claim.completed_on, span)
    if Ruling.SAME in claim.rulings or any(_counted(claim, one, span) for one in held):
        yield Reason("ruled-same" if Ruling.SAME in claim.rulings else "counted-once")
    yield from _role_refusals(claim, policy, held)


def _outside(day: date, span: Span) -> Reason:
    early = bool(span.years) and day < span.years[0].first
    edge = span.years[0].first if early else span.years[-1].last
    return Reason("before-period" if early else "after-period", {"day": day.isoformat(), "edge": edge.isoformat()})


def _counted(claim: Claim, one: Credited, span: Span) -> bool:
    """Whether ``one`` is the credit of the same code, occurrence and activity (R-DUP)."""
    same = bool(claim.code) and claim.code == one.code and claim.activity == one.activity
    return same and (span.holds(one.day) or not claim.code_per_period)


def _asked(amount: Decimal, of: _Sum):
    asked = of.claim.asked
    return (asked, Reason("asked", {"credits": plain(asked)})) if asked is not None and asked < amount else None


def _approved(amount: Decimal, of: _Sum):
    """At most what the pre-approval says, however long it took."""
    most = of.claim.approved
    return (most, Reason("approved", {"credits": plain(most)})) if most is not None and most < amount else None


def _lowered(amount: Decimal, of: _Sum):
    lowered = of.claim.lowered
    return (
        (lowered, Reason("lowered", {"credits": plain(lowered)})) if lowered is not None and lowered < amount else None
    )


def _event_cap(amount: Decimal, of: _Sum):
    """At most ``event_cap`` for one event, attending, teaching and organising together (R-CAP)."""
    if of.claim.activity not in EVENTS:
        return None
    same = [one for one in of.held if of.claim.event is not None and one.event == of.claim.event]
    return _cap(amount, of.policy.event_cap, _total(same), "event-cap")


def _volunteer_cap(amount: Decimal, of: _Sum):
    """At most ``volunteer_cap`` from volunteering in a period (R-VOL)."""
    if of.claim.activity != Activity.VOLUNTEERING:
        return None
    same = [one for one in of.held if one.activity == Activity.VOLUNTEERING and of.span.holds(one.day)]
    return _cap(amount, of.policy.volunteer_cap, _total(same), "volunteer-cap")


def _cap(amount: Decimal, cap: Decimal, already: Decimal, code: str):
    left = max(Decimal(0), cap - already)
    if amount <= left:
        return None
    if not already:
        return left, Reason(code, {"cap": plain(cap)})
    return left, Reason(f"{code}-left", {"cap": plain(cap), "already": plain(already), "left": plain(left)})


def _role_refusals(claim: Claim, policy: Policy, held: Sequence[Credited]) -> Iterator[Reason]:
    """Yield why a year of service brings nothing: too few months, the same year again, the board has them (R-ROLE)."""
    service = claim.service
    if service is None:
        return
    months = service.months()
    if len(months) < policy.least_months:
        yield Reason("few-months", {"months": str(len(months)), "least": str(policy.least_months)})
    if Ruling.SEPARATE in claim.rulings:
        return
    for one in held:
        if one.service and one.service.role == service.role and _same_year(one.service, service):
            yield Reason("service-year", {"day": one.service.first.isoformat()})
    if claim.activity == Activity.COMMITTEE:
        left = months - _board_months(held, service.level)
        if len(left) < policy.least_months:
            values = {"covered": len(months - left), "months": len(months), "left": len(left)}
            values["least"] = policy.least_months
            yield Reason("board-covers", {name: str(value) for name, value in values.items()})


def _role(amount: Decimal, of: _Sum):
    """Board service gets its credits less those of committee service that it takes below the months of a year."""
    service = of.claim.service
    if of.claim.activity != Activity.BOARD or service is None or Ruling.SEPARATE in of.claim.rulings:
        return None
    covered, least = _board_months(of.held, service.level), of.policy.least_months
    already = Decimal(0)
    for one in of.held:
        if one.activity == Activity.COMMITTEE and one.service and one.service.level == service.level:
            before = one.service.months() - covered
            if len(before) >= least > len(before - service.months()):
                already += one.credits
    left = max(Decimal(0), of.raw - already)
    if amount <= left:
        return None
    return left, Reason("committee-credited", {"already": plain(min(already, of.raw)), "credits": plain(of.raw)})


def _board_months(held: Iterable[Credited], level: str) -> frozenset[tuple[int, int]]:
    boards = (one.service for one in held if one.activity == Activity.BOARD and one.service)
    return frozenset().union(*(board.months() for board in boards if board.level == level))


def _same_year(one: Service, other: Service) -> bool:
    """Whether two stretches in one role begin within the same twelve months, and so are one year of service."""
    first, second = sorted([one.first, other.first])
    return anniversary(first, 1) > second


def _served_months(first: date, last: date) -> Iterator[tuple[int, int]]:
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=31)).replace(day=1)
        served = (min(last, following - timedelta(days=1)) - max(first, start)).days + 1
        if served * 2 >= (following - start).days:
            yield start.year, start.month
        start = following


def _rounded(amount: Decimal, of: _Sum):
    """Round down to whole steps, once, at the end (R-STEP)."""
    step = of.policy.step
    rounded = (amount / step).to_integral_value(rounding=ROUND_FLOOR) * step
    return None if rounded == amount else (rounded, Reason("rounded", {"step": plain(step), "credits": plain(rounded)}))


def _total(credits: Iterable[Credited]) -> Decimal:
    return sum((one.credits for one in credits), Decimal(0))


def plain(value: Decimal) -> str:
    """Write a number without trailing zeros, cut (never rounded up) after four decimals."""
    text = f"{value.quantize(Decimal('0.0001'), rounding=ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".")
