"""What a sponsor owes, with its days, and what SER did that it should answer (R-SPO-4, R-SPO-5, R-SPO-6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import BigIntegerField, DateField, Exists, F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Cast, TruncDate

from preapprovals.models import Notice, Occurrence, Offering, PreapprovalRequest, Sponsor, Visit
from preapprovals.querysets import CONFIRMED_WITHIN, EDITORS
from preapprovals.states import Act, OfferingState
from serportal.reviews.states import ENDED
from serportal.ui.words import programme_zone

RENEWED_BEFORE = timedelta(days=60)
OF_ITS_OFFERING = {"offering_key": F("offering_id"), "titled": F("offering__title"), "part": F("pk")}
COLUMNS = ("what", "due_on", "offering_key", "titled", "part", "first", "last")


@dataclass(frozen=True)
class Owed:
    """One thing that is owed until ``due_on``, that day included; a warning has no such day.

    ``what`` is confirm, records, renew, warned or appeal. ``part`` is the key of the date or the request for records,
    ``first`` and ``last`` are the days of the date; for what SER did, ``first`` is the day on which it did.
    """

    what: str
    due_on: date | None
    day: date
    offering: int
    title: str
    part: int | None
    first: date | None
    last: date | None

    @property
    def days_left(self) -> int:
        return (self.due_on - self.day).days


def owed_by(sponsor: Sponsor, day: date) -> list[Owed]:
    """Return what ``sponsor`` owes on ``day``, the most urgent first."""
    return _owed(Offering.objects.filter(sponsor=sponsor), day)


def owed_to_do(person, day: date, *, most: int) -> list[Owed]:
    """Return what the sponsors owe for which ``person`` may do it, the most urgent first."""
    return _owed(Offering.objects.of(person, EDITORS), day, most=most)


def records_kept_until(sponsor: Sponsor, day: date) -> date | None:
    """Return the last day on which records of what took place by ``day`` must still be there (R-SPO-5)."""
    held = Occurrence.objects.held().filter(offering__sponsor=sponsor, offering__code__isnull=False, last_day__lte=day)
    last = held.aggregate(last=Max("last_day"))["last"]
    return last and last + relativedelta(years=settings.FILE_RETENTION_YEARS)


def _owed(offerings, day: date, *, most: int | None = None) -> list[Owed]:
    """Return what is owed about ``offerings``, in one query."""
    runs = _part(
        Occurrence.objects.to_confirm(day).filter(offering__in=offerings.values("pk")),
        "confirm",
        due_on=Cast(F("last_day") + CONFIRMED_WITHIN, DateField()),
        **OF_ITS_OFFERING,
        first=F("first_day"),
        last=F("last_day"),
    )
    asked = _part(
        Visit.objects.unanswered().filter(offering__in=offerings.values("pk")),
        "records",
        due_on=F("asked_until"),
        **OF_ITS_OFFERING,
    )
    renewals = PreapprovalRequest.objects.filter(renews=OuterRef("pk")).exclude(case__state__in=ENDED)
    ending = offerings.filter(
        ~Exists(renewals),
        state=OfferingState.ACTIVE,
        recurring=True,
        code__isnull=False,
        renewed_by__isnull=True,
        valid_to__range=(day, day + RENEWED_BEFORE),
    )
    ending = _part(ending, "renew", due_on=F("valid_to"))
    warnings = Notice.objects.filter(offering=OuterRef("pk"), act=Act.WARNED).order_by("-at")
    warned = offerings.filter(state=OfferingState.WARNED, valid_to__gte=day)
    warned = _part(warned, "warned", first=TruncDate(Subquery(warnings.values("at")[:1]), tzinfo=programme_zone()))
    ended = Notice.objects.filter(
        offering__in=offerings.values("pk"),
        offering__state=OfferingState.TERMINATED,
        appeal_until__gte=day,
        appeal__isnull=True,
    )
    on = TruncDate("at", tzinfo=programme_zone())
    ended = _part(ended, "appeal", due_on=F("appeal_until"), **OF_ITS_OFFERING, first=on)
    rows = runs.union(asked, ending, warned, ended, all=True)
    rows = rows.order_by(F("due_on").asc(nulls_first=True), "what", "titled", "first")
    return [Owed(what, due, day, *rest) for what, due, *rest in rows[:most]]


def _part(rows, what: str, **said):
    """Return ``rows`` as one part of the union; what an offering says of itself, or nobody, needs no naming."""
    nothing = {name: Cast(Value(None), DateField()) for name in ("due_on", "first", "last")}
    own = {"offering_key": F("pk"), "titled": F("title"), "part": Cast(Value(None), BigIntegerField())}
    columns = {"what": Value(what), **nothing, **own, **said}
    return rows.order_by().annotate(**columns).values_list(*COLUMNS)
