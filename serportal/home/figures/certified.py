"""Certificants by state, level and country; renewals ahead; arrangements (R-PER)."""

from collections import Counter
from datetime import date

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _
from django_countries import countries

from journals.models import Arrangement
from journals.states import Shape
from serportal.certifications.models import Period
from serportal.certifications.rules import RENEWAL_OPENS
from serportal.certifications.states import LISTED, Ending, Level, Standing
from serportal.certifications.wording import BRIEF
from serportal.home.figures.asking import Asked, quarter_text
from serportal.home.figures.quarters import Quarter
from serportal.home.figures.tables import Bar, Figure, crossed

AHEAD = 4
# An upgraded CERPIT goes on as CERP, and its holder is counted there.
STATES = (*Standing, Ending.RETIRED, Ending.REVOKED)


def certified(user, asked: Asked) -> list[Figure]:
    """Return the figures about people, and about the arrangements that ``user`` may know of."""
    counted = _counted(asked)
    return [_by_state(counted), _by_country(counted), _renewals(asked), _arrangements(user, asked)]


def latest_periods():
    """The last period of everyone who was ever certified: each person once."""
    later = Period.objects.filter(person=OuterRef("person"), starts_on__gt=OuterRef("starts_on"))
    return Period.objects.filter(~Exists(later)).order_by()


def running_periods(day: date):
    """Those of them that ``day`` has not passed, of certifications that neither ended nor lapsed."""
    stands = Q(certification__lapsed_on__isnull=True) | Q(certification__lapsed_on__gt=day)
    return latest_periods().filter(stands, certification__ended_as="", ends_on__gte=day)


def _counted(asked: Asked) -> list[tuple[str, str, str, int]]:
    """Return (state, level, country, how many people)."""
    rows = latest_periods().filter(**asked.of_certification(level="certification__level", country="person__country"))
    rows = rows.values_list(state_on(asked.today), "certification__level", "person__country")
    return list(rows.annotate(n=Count("pk")))


def state_on(day: date) -> Case:
    """Return, for a last period, what is true of its certification on ``day``, as ``rules.state_of`` says (R-PER-6)."""
    return Case(
        When(~Q(certification__ended_as=""), then=F("certification__ended_as")),
        When(certification__lapsed_on__lte=day, then=Value(Standing.LAPSED.value)),
        When(ends_on__lt=day, then=Value(Standing.GRACE.value)),
        When(ends_on__lt=day + RENEWAL_OPENS, then=Value(Standing.RENEWAL_DUE.value)),
        default=Value(Standing.ACTIVE.value),
        output_field=CharField(),
    )


def _by_state(counted) -> Figure:
    n = Counter()
    for state, level, _country, people in counted:
        n[state, level] += people
    rows = [(str(BRIEF[state]), [n[state, level] for level in Level.values]) for state in STATES]
    return Figure(
        "certificants",
        _("Certificants by state and level"),
        _("Everyone who was ever certified, once, by the last period; an upgraded CERPIT counts as CERP."),
        **crossed(rows, heading=_("State"), columns=Level.values),
        bars=[Bar(label, sum(values)) for label, values in rows],
        picture=_("People in each state"),
    )


def _by_country(counted) -> Figure:
    n, names = Counter(), dict(countries)
    for state, level, country, people in counted:
        if state in LISTED:
            n[country, level] += people
    found = {country for country, _level in n}
    rows = [(names.get(one, _("not given")), [n[one, level] for level in Level.values]) for one in found]
    rows.sort(key=lambda row: (-sum(row[1]), row[0]))
    return Figure(
        "countries",
        _("Certificants by country"),
        _("Those who are certified today, renewal pending included, by the country in their profile."),
        **crossed(rows, heading=_("Country"), columns=Level.values),
        bars=[Bar(label, sum(values)) for label, values in rows[:10]],
        picture=_("The countries with most certificants"),
    )


def _renewals(asked: Asked) -> Figure:
    now = Quarter.of(asked.today)
    quarters = [now.after(n) for n in range(AHEAD + 1)]
    rows = running_periods(asked.today).filter(
        ends_on__lte=quarters[-1].last,
        **asked.of_certification(level="certification__level", country="person__country"),
    )
    found = rows.values_list(TruncQuarter("ends_on"), "certification__level").annotate(n=Count("pk"))
    n = {(Quarter.of(first), level): people for first, level, people in found}
    lines = [(quarter_text(one), [n.get((one, level), 0) for level in Level.values]) for one in quarters]
    return Figure(
        "renewals",
        _("Renewals ahead"),
        _("Periods that end in the rest of this quarter and in the four after it, and are not renewed yet."),
        **crossed(lines, heading=_("Period ends in"), columns=Level.values),
        bars=[Bar(label, sum(values)) for label, values in lines],
        picture=_("Periods that end in each quarter"),
    )


def _arrangements(user, asked: Asked) -> Figure:
    """Count the arrangements whose case ``user`` coordinates."""
    held = asked.of_certification(level="period__certification__level", country="period__person__country")
    rows = Arrangement.objects.coordinated_by(user).filter(**held).order_by()
    running = Q(replaced_by__isnull=True, period__ends_on__gte=asked.today)
    opened = dict(rows.filter(open=True).values_list("shape").annotate(n=Count("pk")))
    agreed = {
        shape: counts
        for shape, *counts in rows.exclude(agreed_shape="")
        .values_list("agreed_shape")
        .annotate(running=Count("pk", filter=running), all=Count("pk"))
    }
    lines = [[str(one.label), opened.get(one, 0), *agreed.get(one, [0, 0])] for one in Shape]
    return Figure(
        "arrangements",
        _("Arrangements"),
        _("Requests by what was asked for; agreed ones by what was agreed, in force where their period still runs."),
        [_("Arrangement"), _("Open"), _("In force"), _("Agreed so far")],
        lines,
        total=[_("All"), *(sum(column) for column in list(zip(*lines, strict=True))[1:])],
        bars=[Bar(line[0], line[2]) for line in lines],
        picture=_("Arrangements in force"),
    )
