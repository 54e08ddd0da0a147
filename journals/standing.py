"""Where a certificant stands: the sums of a period, for their journal, the dashboard and the pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journals import rules, services
from journals.models import Entry, PolicyRow
from serportal.certifications.models import Period
from serportal.certifications.rules import standing
from serportal.certifications.states import Standing
from serportal.reviews.models import ReviewCase


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

    @property
    def asked(self) -> Decimal:
        """Credits that open claims may bring; they count for nothing yet."""
        return sum((case.amount or Decimal(0) for case in self.in_review), Decimal(0))

    @property
    def short_years(self) -> list[rules.YearSum]:
        """Years that are over and did not reach their least; they block a renewal until arranged (R-PER-4)."""
        return [one for one in self.progress.years if one.missing and one.year.last < self.day]


def journal_of(person, today: date, *, in_review: Sequence[ReviewCase] | None = None) -> Journal | None:
    """Return the journal of ``person``’s current (or last) period, or None for someone never certified.

    ``in_review`` spares looking for their open cases where the caller has them.
    """
    periods = list(Period.objects.of(person))
    if not periods:
        return None
    period = current(periods, today)
    lines = lines_of(period)
    if in_review is None:
        in_review = list(ReviewCase.objects.open().filter(filed_by=person, amount__isnull=False))
    return told(period, lines, today, in_review=in_review)


def lines_of(period: Period) -> list[rules.Line]:
    """Return the entries of ``period`` as the sums see them."""
    entries = Entry.objects.filter(period=period).values_list("earned_on", "credits", "upload")
    return [rules.Line(day, credits, upload is not None) for day, credits, upload in entries]


def current(periods: Sequence[Period], today: date) -> Period:
    """Return the period that holds ``today``, else the latest; ``periods`` begin with the latest."""
    return next((one for one in periods if one.starts_on <= today <= one.ends_on), periods[0])


def told(period: Period, lines: Iterable[rules.Line], today: date, *, in_review: Sequence[ReviewCase]) -> Journal:
    """Return what ``lines`` come to in ``period``, by the policy of ``today``."""
    policy = services.policy_on(today)
    progress = rules.progress(lines, years=period.years(), goal=policy.period_credits, yearly=policy.year_credits)
    return Journal(
        day=today,
        period=period,
        standing=standing(period.ends_on, today),
        policy=policy,
        progress=progress,
        in_review=in_review,
        next_upload=rules.next_upload(today, a_year=policy.uploads_a_year),
        this_year=next((one for one in progress.years if one.year.first <= today <= one.year.last), None),
    )
