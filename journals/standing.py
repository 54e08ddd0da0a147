"""Where a certificant stands: the sums of a period, for their journal, the dashboard and the pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject

from journals import rules, services
from journals.models import Arrangement, Entry, PolicyRow
from journals.states import Shape
from serportal.certifications.models import Period
from serportal.certifications.rules import standing
from serportal.certifications.states import Standing
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase


@dataclass(frozen=True)
class ToldArrangement:
    """An arrangement that is open or was agreed, as it came with its period; ``later`` says that one replaced it."""

    reference: str
    headline: str
    due_on: date
    year: int | None
    shape: str
    credits: Decimal | None
    day: date | None
    open: bool
    later: bool

    @property
    def about_a_year(self) -> bool:
        return self.shape in {Shape.REDUCED, Shape.MAKE_UP} and not self.later


TOLD = JSONObject(
    reference="case__reference",
    headline="case__headline",
    due_on="case__due_on",
    year="year",
    shape="agreed_shape",
    credits=Cast("agreed_credits", TextField()),
    day="agreed_day",
    open="open",
    later=ExpressionWrapper(Q(replaced_by__isnull=False), BooleanField()),
)


def periods_of(person) -> list[Period]:
    """Return the periods of ``person``, the latest first, each with its arrangements, in one query."""
    rows = Arrangement.objects.filter(period=OuterRef("pk")).filter(Q(open=True) | ~Q(agreed_shape=""))
    told = ArraySubquery(rows.order_by("-pk").values(told=TOLD))
    return list(Period.objects.of(person).annotate(told_arrangements=told))


def arrangements_in(period: Period) -> list[ToldArrangement]:
    """Return the arrangements that came with ``period``; needs ``periods_of``."""
    return [_told(row) for row in period.told_arrangements]


def _told(row: dict) -> ToldArrangement:
    credits = None if row["credits"] is None else Decimal(row["credits"])
    day = None if row["day"] is None else date.fromisoformat(row["day"])
    return ToldArrangement(**{**row, "credits": credits, "day": day, "due_on": date.fromisoformat(row["due_on"])})


def arranged_in(period: Period) -> list[rules.Arranged]:
    """Return what is agreed about single years of ``period``; asked of the database where it did not come with it."""
    if not hasattr(period, "told_arrangements"):
        return Arrangement.objects.filter(period=period).arranged()
    told = [one for one in arrangements_in(period) if one.about_a_year]
    return [rules.Arranged(one.reference, one.year, one.credits, one.day) for one in told]


@dataclass(frozen=True)
class Journal:
    """One period of one person on one day."""

    day: date
    period: Period
    standing: Standing
    policy: PolicyRow
    progress: rules.Progress
    in_review: Sequence[ReviewCase]
    next_upload: date
    this_year: rules.YearSum | None
    following: Period | None = None

    @property
    def asked(self) -> Decimal:
        """Credits that open claims may bring; they count for nothing yet."""
        return sum((case.amount or Decimal(0) for case in self.in_review), Decimal(0))

    @property
    def short_years(self) -> list[rules.YearSum]:
        """Years that are over and did not reach their least; they block a renewal until arranged (R-PER-4).

        So does one that is to be made up, until it is.
        """
        return [one for one in self.progress.years if one.missing and one.year.last < self.day]

    @property
    def asked_years(self) -> set[int]:
        """Numbers of the years about which a request is being read; needs ``periods_of``."""
        return {one.year for one in arrangements_in(self.period) if one.open and one.year}


def journal_of(person, today: date, *, in_review: Sequence[ReviewCase] | None = None) -> Journal | None:
    """Return the journal of ``person``’s current (or last) period, or None for someone never certified.

    ``in_review`` spares looking for their open cases where the caller has them.
    """
    periods = periods_of(person)
    if not periods:
        return None
    period = current(periods, today)
    lines = lines_of(period)
    if in_review is None:
        in_review = list(asked_by(person))
    return told(period, lines, today, in_review=in_review, following=following(period, periods))


def asked_by(person):
    """Return the open cases of ``person`` that may still bring credits into the journal; a course’s brings none."""
    entered = [key for key, kind in kinds().items() if kind.enters]
    return ReviewCase.objects.open().filter(filed_by=person, kind__in=entered, amount__isnull=False)


def lines_of(period: Period) -> list[rules.Line]:
    """Return the entries of ``period`` as the sums see them."""
    entries = Entry.objects.filter(period=period).values_list("earned_on", "credits", "upload")
    return [rules.Line(day, credits, upload is not None) for day, credits, upload in entries]


def current(periods: Sequence[Period], today: date) -> Period:
    """Return the period that holds ``today``, else the latest; ``periods`` begin with the latest."""
    return next((one for one in periods if one.starts_on <= today <= one.ends_on), periods[0])


def following(period: Period, periods: Sequence[Period]) -> Period | None:
    """Return the period that begins after ``period``, where it was renewed already."""
    return min((one for one in periods if one.starts_on > period.ends_on), key=lambda one: one.starts_on, default=None)


def told(
    period: Period,
    lines: Iterable[rules.Line],
    today: date,
    *,
    in_review: Sequence[ReviewCase],
    following: Period | None = None,
) -> Journal:
    """Return what ``lines`` come to in ``period``, by the policy of ``today`` and by what was arranged (R-PER-3)."""
    policy = services.policy_on(today)
    progress = rules.progress(
        lines,
        years=period.years(),
        goal=policy.period_credits,
        yearly=policy.year_credits,
        arranged=arranged_in(period),
    )
    return Journal(
        day=today,
        period=period,
        standing=standing(period.ends_on, period.certification.lapsed_on, today),
        policy=policy,
        progress=progress,
        in_review=in_review,
        next_upload=rules.next_upload(today, a_year=policy.uploads_a_year),
        this_year=next((one for one in progress.years if one.year.first <= today <= one.year.last), None),
        following=following,
    )
