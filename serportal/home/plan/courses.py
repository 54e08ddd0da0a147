"""Pre-approved offerings that close the gap: narrowed by the database, then worth what they bring this very person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils.translation import get_language, get_language_info

from journals import rules
from preapprovals.listing import Run
from preapprovals.models import Occurrence, Offering
from serportal.home.plan.ground import Ground
from serportal.home.plan.sandbox import Planned, Weighed, claim_about, on_demand

# How many of the nearest are worked out, since some bring nothing to this person, and how many of them are shown.
LOOKED_AT, SHOWN = 30, 6
NEAR_ZONES = 2  # hours between two clocks


@dataclass(frozen=True)
class Gap:
    """What is still to find once all that is planned is approved: this year’s, the period’s, and their last days."""

    year: rules.YearSum | None
    progress: rules.Progress
    ends_on: date

    @property
    def of_year(self) -> Decimal:
        return self.year.missing if self.year else Decimal(0)

    @property
    def open(self) -> bool:
        return bool(self.of_year or self.progress.missing)

    @property
    def first_day(self) -> date:
        """The day by which the first of the two has to be closed."""
        return self.year.year.last if self.of_year else self.ends_on

    @property
    def last_day(self) -> date:
        """The day by which the last of the two has to be closed."""
        return self.ends_on if self.progress.missing or not self.of_year else self.year.year.last

    @property
    def first(self) -> Decimal:
        return self.of_year or self.progress.missing


@dataclass(frozen=True)
class Fit:
    """One date, or something on demand, with what it would bring this person and where they would be with it."""

    key: str
    weighed: Weighed
    gap: Gap

    @property
    def run(self) -> Occurrence:
        return self.weighed.planned.run

    @property
    def offering(self) -> Offering:
        return self.run.offering

    @property
    def adds(self) -> str:
        """What the button says that puts it into the plan; on demand, with a day."""
        return f"{self.key}:{self.weighed.planned.day.isoformat()}" if self.on_demand else self.key

    @property
    def on_demand(self) -> bool:
        return on_demand(self.run)

    @property
    def told(self) -> Run:
        return Run.of(self.run)

    @property
    def this_year(self) -> bool:
        """Whether it counts toward a year that still needs something."""
        return bool(self.gap.of_year) and self.weighed.planned.day <= self.gap.year.year.last

    @property
    def total(self) -> Decimal:
        """Where the period would be with it."""
        return self.gap.progress.total + self.weighed.amount

    @property
    def year_total(self) -> Decimal:
        """Where this year would be with it."""
        return self.gap.year.total + self.weighed.amount

    @property
    def closes_year(self) -> bool:
        return self.this_year and self.weighed.amount >= self.gap.of_year

    @property
    def enough(self) -> bool:
        """Whether nothing would be left to find."""
        return self.weighed.amount >= self.gap.progress.missing and (self.closes_year or not self.gap.of_year)


def gap_of(ground: Ground, progress: rules.Progress) -> Gap:
    """Return what ``progress``, with all that is planned, leaves to find."""
    this = ground.journal.this_year
    year = next((one for one in progress.years if this and one.year == this.year), None)
    return Gap(year, progress, ground.journal.period.ends_on)


def fits(ground: Ground, gap: Gap, planned: Sequence[Weighed]) -> tuple[list[Fit], list[Fit]]:
    """Return (dates, what is on demand) that bring something before the gap has to be closed, the nearest first."""
    if not ground.running or not gap.open:
        return [], []
    person, day = ground.person, ground.day
    language = get_language_info(get_language() or settings.LANGUAGE_CODE)["name"]
    dated = Occurrence.objects.attendable(day, gap.last_day).nearest(
        LOOKED_AT,
        in_time=gap.first_day,
        country=person.country.code or "none",
        zones=zones_near(person.time_zone, day),
        language=language,
    )
    always = Offering.objects.on_demand(day, gap.last_day, language=language, gap=gap.first)
    before = [one.credited for one in planned]
    runs = [(f"run-{one.pk}", one) for one in dated]
    times = [(f"course-{one.pk}", whole_time(one)) for one in always[:LOOKED_AT]]
    return _worth_it(ground, gap, before, runs), _worth_it(ground, gap, before, times)


def _worth_it(ground: Ground, gap: Gap, before, found: Iterable[tuple[str, Occurrence]]) -> list[Fit]:
    """Return the first of ``found`` that bring this person anything."""
    weighed = ((key, weigh_alone(ground, run, before)) for key, run in found)
    return list(islice((Fit(key, one, gap) for key, one in weighed if one.amount), SHOWN))


def weigh_alone(ground: Ground, run: Occurrence, before: Iterable[rules.Credited]) -> Weighed:
    """Return what ``run`` would count beside all that is held, asked for and planned ``before`` it."""
    one = Planned(0, run.offering.category, day_for(run, ground.day), run=run)
    claim = claim_about(one, ground.rows)
    return Weighed(one, claim, ground.credit(claim, before))


def whole_time(offering: Offering) -> Occurrence:
    """Return the time in which something on demand can be taken, as a date that is not stored."""
    first, last = offering.valid_from, offering.valid_to
    return Occurrence(offering=offering, first_day=first, last_day=last, zone=settings.TIME_ZONE)


def day_for(run: Occurrence, today: date) -> date:
    """Return the day on which ``run`` would be complete: on demand, the first on which that can be."""
    return max(today, run.first_day) if on_demand(run) else run.last_day


@cache
def all_zones() -> frozenset[str]:
    """Return the time zones there are; asked anew, they are read from hundreds of files."""
    return frozenset(available_timezones())


@lru_cache(256)
def zones_near(zone: str, day: date) -> frozenset[str]:
    """Return the time zones whose clocks are at most two hours from those of ``zone`` on ``day``."""
    at = datetime.combine(day, time(12))
    here = ZoneInfo(zone).utcoffset(at)
    apart = ((name, abs(ZoneInfo(name).utcoffset(at) - here)) for name in all_zones())
    return frozenset(name for name, much in apart if much.total_seconds() <= NEAR_ZONES * 3600)
