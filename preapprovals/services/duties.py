"""What a sponsor owes, with its days: confirmations, records that were asked for, renewals (R-SPO-4, R-SPO-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import Max

from preapprovals.models import Occurrence, Offering, Sponsor, Visit
from preapprovals.states import OfferingState

RENEWED_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class Owed:
    """One thing that is owed until ``due_on``, that day included; ``what`` is confirm, records or renew."""

    what: str
    due_on: date
    day: date
    offering: Offering
    run: Occurrence | None = None
    visit: Visit | None = None

    @property
    def days_left(self) -> int:
        return (self.due_on - self.day).days


def owed_by(sponsor: Sponsor, day: date) -> list[Owed]:
    """Return what ``sponsor`` owes on ``day``, the most urgent first."""
    of = {"offering__sponsor": sponsor}
    unconfirmed = Occurrence.objects.to_confirm(day).filter(**of).select_related("offering")
    asked = Visit.objects.filter(**of, asked_until__isnull=False, answered_at__isnull=True).select_related("offering")
    ending = Offering.objects.filter(
        sponsor=sponsor,
        state=OfferingState.ACTIVE,
        recurring=True,
        code__isnull=False,
        renewed_by__isnull=True,
        valid_to__range=(day, day + RENEWED_BEFORE),
    )
    owed = [Owed("confirm", run.confirm_by, day, run.offering, run) for run in unconfirmed]
    owed += [Owed("records", one.asked_until, day, one.offering, visit=one) for one in asked]
    owed += [Owed("renew", one.valid_to, day, one) for one in ending]
    return sorted(owed, key=lambda one: (one.due_on, one.what, one.offering.title))


def records_kept_until(sponsor: Sponsor, day: date) -> date | None:
    """Return the last day on which records of what took place by ``day`` must still be there (R-SPO-5)."""
    held = Occurrence.objects.held().filter(offering__sponsor=sponsor, offering__code__isnull=False, last_day__lte=day)
    last = held.aggregate(last=Max("last_day"))["last"]
    return last and last + relativedelta(years=settings.FILE_RETENTION_YEARS)
