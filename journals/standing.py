"""Where a certificant stands: the period, its sums, what is on its way, ready for pages and pictures."""

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
    """One person’s journal on one day."""

    day: date
    period: Period
    standing: Standing
    policy: PolicyRow
    progress: rules.Progress
    entries: list[Entry]
    in_review: list[ReviewCase]
    next_upload: date
    this_year: rules.YearSum | None

    @property
    def asked(self) -> Decimal:
        """Credits that open claims may bring; they count for nothing yet."""
        return sum((case.amount or Decimal(0) for case in self.in_review), Decimal(0))

    @property
    def by_year(self) -> list[tuple[rules.YearSum, list[Entry]]]:
        """The entries of the period by certification year, the latest year first."""
        return [
            (one, [entry for entry in self.entries if one.year.first <= entry.earned_on <= one.year.last])
            for one in reversed(self.progress.years)
        ]

    @property
    def short_years(self) -> list[rules.YearSum]:
        """Years that are over and did not reach their least; they block a renewal until arranged (R-PER-4)."""
        return [one for one in self.progress.years if one.missing and one.year.last < self.day]

    @property
    def waiting(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.upload_id is None]


def journal_of(person, today: date, *, in_review: list[ReviewCase] | None = None) -> Journal | None:
    """Return the journal of ``person``’s current (or last) period, or None for someone never certified.

    ``in_review`` spares looking for their open cases where the caller has them.
    """
    periods = list(Period.objects.of(person))
    if not periods:
        return None
    period = next((one for one in periods if one.starts_on <= today <= one.ends_on), periods[0])
    policy = services.policy_on(today)
    entries = list(Entry.objects.of(person).filter(period=period).select_related("decision__case"))
    years = period.years()
    progress = rules.progress(
        [rules.Line(entry.earned_on, entry.credits, entry.upload_id is not None) for entry in entries],
        years=years,
        goal=policy.period_credits,
        yearly=policy.year_credits,
    )
    return Journal(
        day=today,
        period=period,
        standing=standing(period.ends_on, today),
        policy=policy,
        progress=progress,
        entries=entries,
        in_review=list(ReviewCase.objects.open().filter(filed_by=person)) if in_review is None else in_review,
        next_upload=rules.next_upload(today, a_year=policy.uploads_a_year),
        this_year=next((one for one in progress.years if one.year.first <= today <= one.year.last), None),
    )
