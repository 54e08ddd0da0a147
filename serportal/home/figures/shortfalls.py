"""Who will fall short: members whose year or period ends soon without the credits it needs (R-PER-2, R-PER-4).

The database finds them by its own sums. Those with an arrangement about a year, which may move credits from one year
to another (R-PER-3), it leaves to the rules; so are the numbers of every row that is shown. Claims that are hidden
from the reader count for nothing here, as everywhere (R-REV-5).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, DateField, DecimalField, Exists, F, Func, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.functional import cached_property

from journals import rules
from journals import services as journals
from journals.models import Arrangement, Entry
from journals.states import Shape
from serportal.certifications.models import Period
from serportal.certifications.rules import YEARS
from serportal.home.figures.asking import Asked
from serportal.home.figures.certified import running_periods
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase

YEAR_ENDS_WITHIN, PERIOD_ENDS_WITHIN = timedelta(days=90), timedelta(days=180)
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Shortfall:
    """What one period lacks: years that are short, and how many credits of the whole; ``asked`` may still come."""

    period: Period
    progress: rules.Progress
    years: Sequence[rules.YearSum]
    missing: Decimal
    asked: Decimal

    def __bool__(self):
        return bool(self.years or self.missing)


def shortfall(period: Period, progress: rules.Progress, today: date, asked: Decimal = Decimal(0)) -> Shortfall:
    """Return what ``period`` lacks: in the year that ends within 90 days, and within 180 days of its end in all."""
    ends = period.ends_on <= today + PERIOD_ENDS_WITHIN
    soon = today + YEAR_ENDS_WITHIN
    years = [
        one for one in progress.years if one.missing and (ends or one.year.first <= today <= one.year.last <= soon)
    ]
    return Shortfall(period, progress, years, progress.missing if ends else Decimal(0), asked)


class YearEnd(Func):
    """The last day of a year of a period, counted from its first day as ``certifications.rules`` do (R-PER-2)."""

    template = "((%(expressions)s + make_interval(years => %(number)s))::date - 1)"
    output_field = DateField()


class Shortfalls:
    """Everyone who will fall short, as far as ``user`` may know, the earliest end first."""

    def __init__(self, user, asked: Asked):
        self.user, self.today = user, asked.today
        self.chosen = asked.of_certification(level="certification__level", country="person__country")
        self.policy = journals.policy_on(asked.today)

    @cached_property
    def keys(self) -> list[int]:
        """The keys of their periods, in the order of the list."""
        arranged = list(self._ending().filter(Exists(self._arrangements().filter(period=OuterRef("pk")))))
        plain = self._summed().exclude(pk__in=[one.pk for one in arranged]).filter(self._is_short())
        found = list(plain.values_list("year_end", "person__name", "pk"))
        short = (one.period for one in self._weighed(arranged, {}) if one)
        found += [(period.year_end, period.person.name, period.pk) for period in short]
        return [key for _end, _name, key in sorted(found)]

    def rows(self, keys: Sequence[int]) -> list[Shortfall]:
        """Return the shortfalls of ``keys`` in their order, by the rules."""
        periods = Period.objects.select_related("certification", "person").in_bulk(keys)
        found = [periods[key] for key in keys]
        return list(self._weighed(found, self._asked([one.person_id for one in found])))

    def every(self) -> Iterator[Shortfall]:
        """Yield all of them, many at a time."""
        for n in range(0, len(self.keys), ROWS_AT_ONCE):
            yield from self.rows(self.keys[n : n + ROWS_AT_ONCE])

    def _ending(self):
        """Return last periods in force that end within 180 days, or of which a year ends within 90."""
        ends = {f"end_{n}": Least(YearEnd("starts_on", number=n), "ends_on") for n in range(1, YEARS)}
        running = [When(**{f"{end}__gte": self.today}, then=F(end)) for end in ends]
        periods = running_periods(self.today).select_related("person").alias(**ends, **{f"end_{YEARS}": F("ends_on")})
        periods = periods.annotate(year_end=Case(*running, default=F("ends_on"), output_field=DateField()))
        return periods.filter(
            Q(ends_on__lte=self.today + PERIOD_ENDS_WITHIN) | Q(year_end__lte=self.today + YEAR_ENDS_WITHIN),
            starts_on__lte=self.today,
            person__is_active=True,
            **self.chosen,
        )

    def _summed(self):
        """Return the same with the credits of each year, and of all."""
        hidden = list(Entry.objects.hidden_from(self.user).values_list("pk", flat=True))
        known = ~Q(entries__pk__in=hidden) if hidden else Q()
        nothing = Value(Decimal(0), output_field=DecimalField())
        sums = {}
        for n in range(1, YEARS + 1):
            after = Q(entries__earned_on__gt=F(f"end_{n - 1}")) if n > 1 else Q(entries__earned_on__gte=F("starts_on"))
            within = after & Q(entries__earned_on__lte=F(f"end_{n}")) & known
            sums[f"sum_{n}"] = Coalesce(Sum("entries__credits", filter=within), nothing)
        in_all = sum((F(name) for name in sums), nothing)
        return self._ending().alias(**sums).alias(in_all=in_all)

    def _is_short(self) -> Q:
        """Return the condition that ``shortfall`` tests, for periods without an arrangement about a year."""
        any_year, this_year = Q(), Q()
        for n in range(1, YEARS + 1):
            short = Q(**{f"sum_{n}__lt": self.policy.year_credits})
            if n > 1:
                short &= Q(**{f"end_{n - 1}__lt": F("ends_on")})
            any_year |= short
            this_year |= short & Q(year_end=F(f"end_{n}"))
        ends = Q(ends_on__lte=self.today + PERIOD_ENDS_WITHIN)
        soon = Q(year_end__lte=self.today + YEAR_ENDS_WITHIN)
        return (ends & (any_year | Q(in_all__lt=self.policy.period_credits))) | (soon & this_year)

    def _weighed(self, periods: Sequence[Period], asked: Mapping[int, Decimal]) -> Iterator[Shortfall]:
        """Yield what the rules say of ``periods``, whose people have ``asked`` for so many credits."""
        lines, agreed = defaultdict(list), defaultdict(list)
        entries = Entry.objects.known_to(self.user).filter(period__in=periods)
        for period, day, credits in entries.order_by().values_list("period", "earned_on", "credits"):
            lines[period].append(rules.Line(day, credits, uploaded=True))
        rows = self._arrangements().filter(period__in=periods).order_by("pk")
        for period, *terms in rows.values_list("period", "case__reference", "year", "agreed_credits", "agreed_day"):
            agreed[period].append(rules.Arranged(*terms))
        for period in periods:
            progress = rules.progress(
                lines[period.pk],
                years=period.years(),
                goal=self.policy.period_credits,
                yearly=self.policy.year_credits,
                arranged=agreed[period.pk],
            )
            yield shortfall(period, progress, self.today, asked.get(period.person_id, Decimal(0)))

    def _arrangements(self):
        """What is agreed about single years, but for cases that are hidden."""
        hidden = ReviewCase.objects.hidden_from(self.user)
        in_force = Arrangement.objects.in_force().exclude(agreed_shape=Shape.EXTENSION)
        return in_force.exclude(case__in=hidden.values("pk"))

    def _asked(self, people: Sequence[int]) -> dict[int, Decimal]:
        """Return how many credits the open claims of ``people`` may bring, those that ``user`` coordinates."""
        entered = [key for key, kind in kinds().items() if kind.enters]
        open_cases = ReviewCase.objects.coordinated_by(self.user).open().filter(kind__in=entered, filed_by__in=people)
        rows = open_cases.filter(amount__isnull=False).order_by().values_list("filed_by").annotate(n=Sum("amount"))
        return dict(rows)
