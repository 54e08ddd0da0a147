"""What certificants are reminded of: a year that ends short, and the renewal of their period (SPEC 5, R-PER-4).

Whatever the number of members, each question is asked once: periods that end soon, then all their entries.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from journals import rules
from journals.models import Arrangement, Entry, PolicyRow, Renewal
from journals.services.rows import policy_on, rate_on
from journals.states import Activity, Shape
from serportal.certifications.models import Period
from serportal.certifications.rules import YEARS, anniversary, renewal_opens
from serportal.outbox.rules import Due
from serportal.outbox.states import Family
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase
from serportal.ui.words import day_text, number

YEAR, RENEWAL = "reminder-year", "reminder-renewal"
# Days before a year ends. The renewal has one step more before these: the day on which it opens (R-PER-6).
YEAR_STEPS, RENEWAL_STEPS = (90, 30), (60, 14)
OPENS = "180"
PLAN_PAGE, RENEWAL_PAGE = "plan:plan", "journals:renew"
MINUTES = 60


@dataclass(frozen=True)
class Facts:
    """What holds for everybody on the day the question is asked."""

    policy: PolicyRow
    rate: Decimal
    asked: dict[int, Decimal]


def due(day: date, *, today: date | None = None, person: int | None = None) -> list[Due]:
    """Return what is due by ``day`` as things stand ``today`` (the same day, if none is given), told already or not.

    Those whose certification ended, lapsed or was renewed are not among it, nor is a year that has what it needs.
    ``person`` asks for one alone.
    """
    today = today or day
    soon = _ending(day, today)
    if person is not None:
        soon = soon.filter(person=person)
    periods = list(_not_renewed(soon).select_related("certification").order_by("pk"))
    if not periods:
        return []
    lines, arranged, facts = _lines(soon), _arranged(soon), _facts(soon, today)
    found = []
    for period in periods:
        progress = rules.progress(
            lines[period.pk],
            years=period.years(),
            goal=facts.policy.period_credits,
            yearly=facts.policy.year_credits,
            arranged=arranged[period.pk],
        )
        found += _of_years(period, progress, facts, day, today)
        if not period.asked:
            found += _of_renewal(period, progress, facts, day, today)
    return found


def _ending(day: date, today: date):
    """Periods that run ``today`` of people who may be reminded, with an end by ``day`` or soon after it.

    A little more than is needed: days are counted exactly from each period’s own start.
    """
    soon, far = timedelta(days=YEAR_STEPS[0] + 1), timedelta(days=int(OPENS))
    made_up = Arrangement.objects.in_force().filter(agreed_shape=Shape.MAKE_UP, agreed_day__range=(today, day + soon))
    ends = Q(ends_on__lte=day + far) | Q(pk__in=made_up.values("period"))
    for years in range(1, YEARS):
        ends |= Q(starts_on__range=(anniversary(today, -years), anniversary(day + soon, -years) + timedelta(days=1)))
    return Period.objects.holding(today).filter(
        ends, certification__ended_as="", certification__lapsed_on__isnull=True, person__is_active=True
    )


def _not_renewed(periods):
    """Leave out periods that another follows; the others carry whether a renewal is ``asked`` for and still open."""
    following = Period.objects.filter(person=OuterRef("person"), starts_on__gt=OuterRef("ends_on"))
    renewals = Renewal.objects.filter(period=OuterRef("pk"), open=True)
    return periods.filter(~Exists(following)).annotate(asked=Exists(renewals))


def _lines(periods) -> dict[int, list[rules.Line]]:
    found = defaultdict(list)
    rows = Entry.objects.filter(period__in=periods.values("pk")).order_by()
    for period, day, credits in rows.values_list("period", "earned_on", "credits"):
        found[period].append(rules.Line(day, credits, uploaded=False))
    return found


def _arranged(periods) -> dict[int, list[rules.Arranged]]:
    """Return what is agreed about single years of each of ``periods`` (R-PER-3)."""
    found = defaultdict(list)
    rows = Arrangement.objects.in_force().filter(period__in=periods.values("pk")).exclude(agreed_shape=Shape.EXTENSION)
    columns = ("period", "case__reference", "year", "agreed_credits", "agreed_day")
    for period, *agreed in rows.order_by("pk").values_list(*columns):
        found[period].append(rules.Arranged(*agreed))
    return found


def _facts(periods, today: date) -> Facts:
    kinds_that_enter = [key for key, kind in kinds().items() if kind.enters]
    cases = ReviewCase.objects.open().filter(filed_by__in=periods.values("person"), kind__in=kinds_that_enter)
    asked = cases.filter(amount__gt=0).order_by().values_list("filed_by").annotate(Sum("amount"))
    return Facts(policy_on(today), rate_on(Activity.TRAINING, today).rate, dict(asked))


def _of_years(period: Period, progress: rules.Progress, facts: Facts, day: date, today: date) -> Iterator[Due]:
    """Yield the steps of each year that is short and not over; one that is made up later is over on that day."""
    for one in progress.years:
        until = one.arranged.until if one.arranged and one.arranged.until else one.year.last
        if not one.missing or until < today:
            continue
        text = _("ends on {day}") if until == one.year.last else _("can be made up until {day}")
        context = {
            "number": period.certification.number,
            "year": str(one.year.number),
            "standing": text.format(day=day_text(until)),
            "approved": number(one.total),
            "least": number(one.least),
            "needed": number(one.missing),
            "pending": _pending(facts.asked.get(period.person_id)),
            "example": _example(one.missing, facts),
            "link": settings.SITE_URL + reverse(PLAN_PAGE),
        }
        for step in YEAR_STEPS:
            due_on = until - timedelta(days=step)
            if due_on <= day:
                about = f"year:{period.pk}:{one.year.number} {until}"
                yield _due(YEAR, period, about, str(step), due_on, until, context)


def _of_renewal(period: Period, progress: rules.Progress, facts: Facts, day: date, today: date) -> Iterator[Due]:
    """Yield the steps of a period that nobody has asked to renew: short or not, it ends."""
    last = period.ends_on
    steps = {OPENS: renewal_opens(last)} | {str(step): last - timedelta(days=step) for step in RENEWAL_STEPS}
    context = {
        "number": period.certification.number,
        "day": day_text(last),
        "renewable": _("cannot be renewed yet") if _short(progress) else _("can be renewed"),
        "gap": _gap(progress, today),
        "pending": _pending(facts.asked.get(period.person_id)) if _short(progress) else "",
        "renewal_act": _("What is missing, and what you can do about it:") if _short(progress) else _("Renew it here:"),
        "link": settings.SITE_URL + reverse(RENEWAL_PAGE),
    }
    for step, due_on in steps.items():
        if due_on <= day:
            yield _due(RENEWAL, period, f"period:{period.pk} {last}", step, due_on, last, context)


def _due(purpose: str, period: Period, about: str, step: str, due_on: date, until: date, context: dict) -> Due:
    return Due(
        person=period.person_id,
        purpose=purpose,
        object=about,
        step=step,
        due_on=due_on,
        deadline=until,
        about="",
        context=context,
        family=Family.JOURNAL,
    )


def _short(progress: rules.Progress) -> bool:
    return bool(progress.missing or any(one.missing for one in progress.years))


def _gap(progress: rules.Progress, today: date) -> str:
    """Say what is missing of the period and of each of its years, or that nothing is."""
    if not _short(progress):
        text = _("Nothing is missing: {total} of {goal} credits are approved, and every year has what it needs.")
        return text.format(total=number(progress.total), goal=number(progress.goal))
    text = _("{total} of {goal} credits are approved.")
    if progress.missing:
        text = _("{total} of {goal} credits are approved, {missing} are missing.")
    values = {"total": number(progress.total), "goal": number(progress.goal), "missing": number(progress.missing)}
    return " ".join([text.format(**values), *(_short_year(one, today) for one in progress.years if one.missing)])


def _short_year(one: rules.YearSum, today: date) -> str:
    values = {"n": one.year.number, "missing": number(one.missing), "least": number(one.least)}
    if one.arranged and one.arranged.until and one.arranged.until >= today:
        text = _("Year {n} lacks {missing} of its {least}, which can be made up until {day}.")
        return text.format(**values, day=day_text(one.arranged.until))
    if one.year.last >= today:
        return _("Year {n} lacks {missing} of its {least}.").format(**values)
    return _("Year {n} ended {missing} short of its {least}, which needs an arrangement.").format(**values)


def _pending(asked: Decimal | None) -> str:
    """Say what open claims may bring; whether their days count here is decided with them."""
    return _("Claims that are being reviewed ask for {n} more.").format(n=number(asked)) if asked else ""


def _example(missing: Decimal, facts: Facts) -> str:
    """Say how long a workshop is that would bring ``missing`` (R-CAT-2, R-MIN)."""
    if missing > facts.policy.event_cap:
        return ""
    hours = max(missing * facts.rate, Decimal(facts.policy.least_minutes) / MINUTES)
    return _("A workshop or webinar with {n} h of instruction would bring as much.").format(n=number(hours))
