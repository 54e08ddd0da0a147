"""Worked examples before and after a change, by the rules that judge real claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import rules, wording
from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.services.rows import areas_on, policy_on, rate_on
from journals.states import Activity, Measure
from serportal.certifications.rules import Year
from serportal.ui.words import day_text, number

HOURS = [Decimal("1.5"), Decimal(8), Decimal(22)]
# One claim for each figure of the policy that a sum may meet.
CLAIMS = [
    (gettext_lazy("22 hours of sessions at one conference"), Activity.CONFERENCE, Decimal(22)),
    (gettext_lazy("A workshop of 7 hours and 20 minutes"), Activity.TRAINING, Decimal("7.33")),
    (gettext_lazy("A webinar of 45 minutes"), Activity.TRAINING, Decimal("0.75")),
    (gettext_lazy("30 hours of volunteering"), Activity.VOLUNTEERING, Decimal(30)),
]


@dataclass(frozen=True)
class Example:
    """One case, as it comes out before and after."""

    what: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def examples(before, after) -> list[Example]:
    """Return worked examples of what ``after`` changes, which takes the place of ``before`` (None: of nothing)."""
    work = {ScheduleRow: _schedule, PolicyRow: _policy, KnowledgeArea: _areas}[type(after)]
    return list(work(before, after))


def _credit(claim: rules.Claim, rate: ScheduleRow, policy: PolicyRow) -> str:
    day = claim.completed_on
    span = rules.Span((Year(1, day, day),))
    return wording.sentence(rules.credit(claim, rate=rate.as_rate(), policy=policy.as_policy(), span=span).reasons)


def _schedule(before: ScheduleRow, after: ScheduleRow) -> Iterator[Example]:
    day, policy = after.effective_from, policy_on(after.effective_from)
    for hours in HOURS if after.measure == Measure.HOURS else [None]:
        claim = rules.Claim(after.activity, day, hours)
        what = wording.measured(after.activity, number(hours)) if hours else _("One of them")
        yield Example(what, _credit(claim, before, policy), _credit(claim, after, policy))


def _policy(before: PolicyRow, after: PolicyRow) -> Iterator[Example]:
    day = after.effective_from
    for what, activity, hours in CLAIMS:
        claim, rate = rules.Claim(activity, day, hours), rate_on(activity, day)
        yield Example(str(what), _credit(claim, rate, before), _credit(claim, rate, after))
    first = day.replace(day=1)
    service = rules.Service("ser", "committee", first, first + timedelta(days=7 * 30))
    claim, rate = rules.Claim(Activity.COMMITTEE, day, service=service), rate_on(Activity.COMMITTEE, day)
    yield Example(_("Seven months on a committee"), _credit(claim, rate, before), _credit(claim, rate, after))
    has = Decimal(45)
    yield Example(
        _("A period with 45 credits"), _missing(before.period_credits, has), _missing(after.period_credits, has)
    )
    yield Example(_("A year with 4 credits"), *(_missing(row.year_credits, Decimal(4)) for row in (before, after)))
    uploads = (day_text(rules.next_upload(day, a_year=row.uploads_a_year)) for row in (before, after))
    yield Example(_("What is approved on {day}").format(day=day_text(day)), *map(_("Uploads on {}.").format, uploads))


def _missing(least: Decimal, has: Decimal) -> str:
    if has >= least:
        return _("Has the {least} it needs.").format(least=number(least))
    return _("Needs {missing} more to reach {least}.").format(missing=number(least - has), least=number(least))


def _areas(before: KnowledgeArea | None, after: KnowledgeArea) -> Iterator[Example]:
    held = areas_on(after.effective_from)
    now = {**held, after.key: before} if before else {key: area for key, area in held.items() if key != after.key}
    yield Example(_("A claim form offers"), _list(now.values()), _list({**held, after.key: after}.values()))


def _list(areas) -> str:
    offered = sorted((area for area in areas if area.offered), key=lambda area: (area.place, area.key))
    return ", ".join(area.name for area in offered)
