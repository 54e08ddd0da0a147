"""“If I also do …”: planned activities worked out by the rules that judge real claims, one after the other."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cecs import rules as claims
from cecs import services as cecs
from journals import rules, wording
from journals.rules import fold
from journals.services import Rows
from journals.states import SERVICE, SHARED, Activity, Level, Measure
from preapprovals.models import Occurrence
from serportal.certifications.rules import anniversary
from serportal.home.plan.ground import Ground

# Rows of one name within these days are about one event: a claim about a conference has as many days at most.
ONE_EVENT = timedelta(days=claims.MOST_DAYS)


@dataclass(frozen=True)
class Planned:
    """One activity that somebody means to do: any of the schedule’s, or a date of what is pre-approved (``run``).

    ``number`` is its row on the page. ``day`` is the day on which it would be complete (R-DATE).
    """

    number: int
    activity: str
    day: date
    hours: Decimal | None = None
    event: str = ""
    level: str = ""
    run: Occurrence | None = None

    @property
    def label(self) -> str:
        what = str(Activity(self.activity).label)
        return f"{what}: {self.event}" if self.event else what


@dataclass(frozen=True)
class Weighed:
    """What a planned activity would count, with the sentences that say why."""

    planned: Planned
    claim: rules.Claim
    credit: rules.Credit

    @property
    def credited(self) -> rules.Credited:
        """What the ones after it find of it."""
        return rules.as_credited(self.claim, self.amount)

    @property
    def amount(self) -> Decimal:
        return self.credit.amount

    @property
    def sentence(self) -> str:
        return wording.sentence(self.credit.reasons)

    @property
    def counts_in(self) -> str:
        if not self.amount:
            return ""
        return wording.counts_in(self.credit.year, self.planned.activity, self.planned.day)

    @property
    def line(self) -> rules.Line:
        return rules.Line(self.planned.day, self.amount, uploaded=False)


def claim_about(one: Planned, rows: Rows, event: Hashable = None) -> rules.Claim:
    """Return the claim that ``one`` would become; ``event`` is the key of the event that it shares with others.

    What nobody can know yet is taken for granted: that a course is passed, that volunteering is for a not-for-profit
    and that what is taught is no regular college course.
    """
    content = listed(one, rows) if one.run else typed(one)
    claim = cecs.as_written(content, event=one.run.event if one.run else None)
    return claim if event is None else replace(claim, event=event)


def typed(one: Planned) -> cecs.Answers:
    """Return what somebody typed as the answers of a claim; of a role, the year that ends on its day."""
    serves = one.activity in SERVICE
    return cecs.Answers(
        activity=one.activity,
        title=one.event,
        provider="",
        first_day=year_until(one.day) if serves else one.day,
        last_day=one.day,
        rows=(cecs.Row(one.day, "", one.hours),) if one.hours else (),
        level=one.level if serves else "",
        unit=one.event if one.activity == Activity.BOARD and one.level != Level.SER else "",
    )


def listed(one: Planned, rows: Rows) -> cecs.Answers:
    """Return all of something pre-approved as the answers of a claim by its code."""
    offering = one.run.offering
    return cecs.Answers(
        activity=one.activity,
        title=offering.title,
        provider="",
        first_day=one.day if on_demand(one.run) else one.run.first_day,
        last_day=one.day,
        rows=(cecs.Row(one.day, "", hours_of(one.run, rows)),),
        delivery=offering.delivery,
        approval_code=offering.code,
        occurrence=one.run,
    )


def year_until(last: date) -> date:
    """Return the first day of the year of service that ends on ``last`` (R-ROLE)."""
    return anniversary(last + timedelta(days=1), -1)


def on_demand(run: Occurrence) -> bool:
    return cecs.Stands(run.offering, None).on_demand


def hours_of(run: Occurrence, rows: Rows) -> Decimal:
    """Return the contact time of all of an offering; of one with its credits alone, what these stand for."""
    offering = run.offering
    minutes = offering.minutes or cecs.minutes_for(offering, rows.rate_on(offering.category, run.last_day).as_rate())
    return claims.in_hours([minutes])[0]


def weigh(ground: Ground, planned: Iterable[Planned]) -> list[Weighed]:
    """Return what each of ``planned`` would count, in the order of their days: each finds what those before leave."""
    planned = sorted(planned, key=lambda one: (one.day, one.number))
    keys = events_of(ground, planned)
    found: list[Weighed] = []
    for one in planned:
        claim = claim_about(one, ground.rows, keys.get(one.number))
        found.append(Weighed(one, claim, ground.credit(claim, [each.credited for each in found])))
    return found


def after(ground: Ground, weighed: Iterable[Weighed]) -> rules.Progress:
    """Return the sums as they would be with all of ``weighed`` approved."""
    return ground.progress_with([one.line for one in weighed])


def events_of(ground: Ground, planned: Sequence[Planned]) -> dict[int, Hashable]:
    """Return the key of the event of each row that names one, by its number (R-CAP).

    It is one of the person’s own around that day, else that of an earlier row with the same name.
    """
    named = [(one, name_of(one)) for one in planned if name_of(one)]
    typed = [one for one, _name in named if one.run is None]
    own = list(cecs.own_events(ground.person, typed[0].day, typed[-1].day)) if typed else []
    keys, earlier = {}, {}
    for one, name in named:
        key, last = earlier.get(name, (None, date.min))
        if key is None or one.day - last >= ONE_EVENT:
            key = ("planned", one.number)
        if one.run is not None and one.run.event is not None:
            key = one.run.event.root_id
        elif held := next((event for event in own if event.name_key == name and is_near(event, one.day)), None):
            key = held.root_id
        keys[one.number] = key
        earlier[name] = key, one.day
    return keys


def name_of(one: Planned) -> str:
    """Return the name of the event of a row as names are compared; "" where it has none that others could share."""
    if one.activity not in SHARED or (one.run is not None and on_demand(one.run)):
        return ""
    return fold(one.run.offering.title if one.run else one.event)[:200]


def is_near(event, day: date) -> bool:
    return event.first_day - cecs.NEAR <= day <= event.last_day + cecs.NEAR


def counted_by_hours(activity: str, day: date, rows: Rows) -> bool:
    """Whether ``activity`` is measured in hours on ``day``; the others count one by one (R-CAT)."""
    return rows.rate_on(activity, day).measure == Measure.HOURS
