"""The knowledge base: credits by area against the least of a version of the criteria (R-APP-4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from applications.states import PARTS, Area, Part, Unit

CENT = Decimal("0.01")
SEMESTERS = {
    Unit.SEMESTER: Fraction(1),
    Unit.QUARTER: Fraction(2, 3),
    Unit.ECTS: Fraction(1, 2),
    Unit.OTHER: Fraction(1),
}


@dataclass(frozen=True)
class Least:
    """What one area needs: semester credits in all, and in some of its parts."""

    credits: Decimal
    parts: Mapping[Part, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """Credits of a course that count in one area, in the course’s own unit; ``part`` where the area has parts."""

    area: Area
    credits: Decimal
    part: Part | None = None


@dataclass(frozen=True)
class Course:
    """A course with its credits in its own unit, divided between areas; of a unit of its own, in semester credits."""

    unit: Unit
    credits: Decimal
    shares: Sequence[Share]
    passed: bool = True


@dataclass(frozen=True)
class Prior:
    """Semester credits of prior learning asked for in an area (PLAR, R-APP-1)."""

    area: Area
    credits: Decimal
    part: Part | None = None


@dataclass(frozen=True)
class Line:
    """One area, or a part of one: semester credits of courses and of prior learning, what it needs and lacks.

    Figures are rounded down to cents for reading; whether it is met was judged before rounding.
    """

    area: Area
    part: Part | None
    courses: Decimal
    prior: Decimal
    least: Decimal
    missing: Decimal

    @property
    def total(self) -> Decimal:
        return self.courses + self.prior

    @property
    def met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Sheet:
    """The knowledge base of one application, area by area, each followed by its parts."""

    lines: tuple[Line, ...]
    estimated: bool

    @property
    def met(self) -> bool:
        return all(line.met for line in self.lines)

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.met]


def shares_problem(course: Course) -> str | None:
    """Return the code of what is wrong with how a course’s credits are divided, or None."""
    if any(share.part is not None and share.part not in PARTS[share.area] for share in course.shares):
        return "part-of-other-area"
    if any(share.credits <= 0 for share in course.shares):
        return "empty-share"
    if sum(share.credits for share in course.shares) > course.credits:
        return "more-than-the-course"
    return None


def sheet(criteria: Mapping[Area, Least], courses: Iterable[Course], prior: Iterable[Prior] = ()) -> Sheet:
    """Add up courses that were passed, and prior learning, against ``criteria``.

    Exact to the end: 22.5 quarter credits are 15 semester credits. Credits outside an area’s parts count for the area
    alone. ``estimated`` says that some course was in a unit of its own.
    """
    taught: dict[tuple[Area, Part | None], Fraction] = {}
    shown: dict[tuple[Area, Part | None], Fraction] = {}
    estimated = False
    for course in courses:
        if not course.passed:
            continue
        estimated = estimated or course.unit == Unit.OTHER
        for share in course.shares:
            _add(taught, share.area, share.part, Fraction(share.credits) * SEMESTERS[course.unit])
    for claim in prior:
        _add(shown, claim.area, claim.part, Fraction(claim.credits))
    lines = []
    for area, least in criteria.items():
        for part, needed in [(None, least.credits), *least.parts.items()]:
            has, more = taught.get((area, part), Fraction(0)), shown.get((area, part), Fraction(0))
            lacks = max(Fraction(needed) - has - more, Fraction(0))
            lines.append(Line(area, part, _floor(has), _floor(more), needed, _ceiling(lacks)))
    return Sheet(tuple(lines), estimated)


def _add(sums: dict, area: Area, part: Part | None, credits: Fraction) -> None:
    for key in {(area, None), (area, part)}:
        sums[key] = sums.get(key, Fraction(0)) + credits


def _floor(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_FLOOR)


def _ceiling(value: Fraction) -> Decimal:
    """Round up, so that what is missing never reads as nothing."""
    cents = -(-value.numerator * 100 // value.denominator)
    return Decimal(cents) / 100
