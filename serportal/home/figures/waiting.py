"""Days from the start of the clock to the decision, against what SER promises (R-REV-1, R-REV-2, R-APP-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Aggregate, Case, Count, DateField, F, FloatField, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, ExtractDay, Greatest, TruncDate, TruncQuarter
from django.utils.translation import gettext as _

from serportal.home.figures.asking import Asked, quarter_text
from serportal.home.figures.quarters import Quarter
from serportal.home.figures.tables import Bar, Figure
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Extension, InfoRequest, ReviewCase
from serportal.reviews.states import Purpose
from serportal.ui.words import programme_zone

# The kinds that are promised the day of their window instead of a number of days (R-APP-2).
WINDOWED = frozenset({"application"})
ALWAYS = ("cec", "preapproval", "application")


class Percentile(Aggregate):
    """PostgreSQL’s ``percentile_cont``: this share of the rows is at most that."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression, *, share: float, **extra):
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True)
class Took:
    """How long so many decisions took: half of them at most ``median`` days, nine of ten at most ``most``."""

    n: int = 0
    median: float | None = None
    most: float | None = None
    in_time: int = 0
    waited: int = 0

    @property
    def cells(self) -> list:
        """Return the numbers of a table’s line; nothing but the count where nothing was decided."""
        if not self.n:
            return [0, None, None, None, None]
        share = _("{n} %").format(n=round(self.in_time * 100 / self.n))
        return [self.n, round(self.median, 1), round(self.most, 1), share, round(self.waited / self.n, 1)]


def waiting(user, asked: Asked) -> list[Figure]:
    """Return, for each kind, how long the decisions took that ``user`` may know of, by the quarter of the decision.

    Days are the programme’s. They count from the day on which the clock last began: filing, the window’s close, the
    proof after an activity, an opening again. The clock runs on while the submitter is asked something (R-REV-8), and
    the days of that are told beside. An answer to an offer of CERPIT is the applicant’s decision, and not counted.
    """
    zone = programme_zone()
    span = (asked.first.begins(zone), asked.last.after(1).begins(zone))
    cases = ReviewCase.objects.coordinated_by(user).decided()
    cases = cases.filter(decided_at__gte=span[0], decided_at__lt=span[1], decisions__decided_at=F("decided_at"))
    by_quarter = _took(cases, "kind", "quarter")
    in_all = _took(cases, "kind")
    return [
        _figure(kind, asked, by_quarter, in_all.get((key,), Took()))
        for key, kind in kinds().items()
        if key in ALWAYS or (key,) in in_all
    ]


def _took(cases, *by: str) -> Mapping[tuple, Took]:
    """Return what was decided and how fast, by the columns of ``by``, in two queries."""
    zone = programme_zone()
    day = TruncDate("decided_at", tzinfo=zone)
    dated = cases.annotate(
        quarter=TruncQuarter("decided_at", tzinfo=zone), day=day, days=Greatest(0, ExtractDay(day - F("clock_on")))
    )
    counted = dated.order_by().values_list(*by)
    found = counted.annotate(
        n=Count("pk"),
        median=Percentile("days", share=0.5),
        most=Percentile("days", share=0.9),
        in_time=Count("pk", filter=_in_time()),
    )
    asked = InfoRequest.objects.filter(purpose=Purpose.QUESTION, closed_at__isnull=False, case__in=dated.values("pk"))
    began, ended = TruncDate("asked_at", tzinfo=zone), TruncDate("closed_at", tzinfo=zone)
    asked = asked.annotate(
        kind=F("case__kind"), quarter=TruncQuarter("case__decided_at", tzinfo=zone), began=began, ended=ended
    ).filter(began__gte=F("case__clock_on"))
    waited = asked.order_by().values_list(*by).annotate(days=Sum(ExtractDay(F("ended") - F("began"))))
    days = {_key(row[: len(by)]): row[-1] for row in waited}
    return {_key(row[: len(by)]): Took(*row[len(by) :], waited=days.get(_key(row[: len(by)]), 0)) for row in found}


def _key(columns: Sequence) -> tuple:
    return tuple(Quarter.of(one) if isinstance(one, date) else one for one in columns)


def _in_time() -> Q:
    """Return what keeps the promise: the promised days, or the window’s date, whatever a letter said since."""
    fixed = Q()
    for key, kind in kinds().items():
        if key not in WINDOWED:
            fixed |= Q(kind=key, days__lte=kind.promised_days)
    return fixed | Q(kind__in=WINDOWED, day__lte=_promised())


def _promised():
    """Return the day that was promised before any letter put it off (R-REV-3)."""
    letters = Extension.objects.filter(case=OuterRef("pk"), at__date__gte=OuterRef("clock_on")).order_by("at")
    first = Subquery(letters.values("from_due")[:1])
    return Case(When(kind__in=WINDOWED, then=Coalesce(first, F("due_on"))), output_field=DateField())


def _figure(kind, asked: Asked, by_quarter, in_all: Took) -> Figure:
    windowed = kind.key in WINDOWED
    took = {one: by_quarter.get((kind.key, one), Took()) for one in asked.quarters}
    promise = (
        _("The promise is the day of the window; days count from its close.")
        if windowed
        else _("The promise is {n} days.").format(n=kind.promised_days)
    )
    return Figure(
        f"waiting-{kind.key}",
        _("{kind}: days to the decision").format(kind=kind.label),
        promise,
        [
            _("Decided in"),
            _("Decided"),
            _("Median days"),
            _("90 % within"),
            _("In time"),
            _("Of them with the submitter"),
        ],
        [[quarter_text(one), *took[one].cells] for one in asked.quarters],
        total=[_("All"), *in_all.cells],
        bars=[_bar(quarter_text(one), took[one]) for one in asked.quarters],
        line=None if windowed else (kind.promised_days, _("promised: {n} days").format(n=kind.promised_days)),
        picture=_("{kind}: median days in each quarter, nine of ten outlined").format(kind=kind.label),
    )


def _bar(label: str, took: Took) -> Bar:
    if not took.n:
        return Bar(label, 0, told=_("none"))
    median, most = round(took.median, 1), round(took.most, 1)
    return Bar(
        label, median, most - median, told=_("{median:g}, 90 % within {most:g}").format(median=median, most=most)
    )
