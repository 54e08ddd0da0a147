"""A claim as the rules of credit see it, and what in the same journal looks like it (SPEC 2.1)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from cecs.models import CecSubmission
from cecs.services.codes import counts_on_demand, met, offering_of
from cecs.states import Answer, Grade
from journals import rules
from journals import services as journals
from journals.models import Entry, Event
from journals.rules import fold
from journals.states import SERVICE, SHARED, Activity, Delivery, Level
from preapprovals.models import Occurrence
from preapprovals.rules import read_code
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState
from serportal.ui.words import programme_day

NEAR = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """The hours of one day, or of one part of an activity longer than two weeks."""

    day: date | None
    what: str
    hours: Decimal


@dataclass(frozen=True)
class Answers:
    """A claim as the form read it, in types; what the activity does not ask stays empty."""

    activity: str
    title: str
    provider: str
    first_day: date
    last_day: date
    learned: str = ""
    rows: tuple[Row, ...] = ()
    areas: tuple[str, ...] = ()
    place: str = ""
    delivery: str = ""
    verification: str = ""
    approval_code: str = ""
    course_no: str = ""
    grade: str = ""
    instructor: str = ""
    instructor_basis: str = ""
    audience: str = ""
    regular: str = ""
    first_taught_on: date | None = None
    with_people: str = ""
    citation: str = ""
    role: str = ""
    level: str = ""
    unit: str = ""
    not_for_profit: str = ""
    admin_name: str = ""
    admin_contact: str = ""
    objectives: str = ""
    asked: Decimal | None = None
    part_of: int | None = None
    occurrence: Occurrence | None = None

    @property
    def hours(self) -> Decimal | None:
        return sum((row.hours for row in self.rows), Decimal(0)) if self.rows else None


def course_key(content) -> str:
    """Return the key of a regular college course, without its person; "" for anything else (R-ONCE)."""
    if content.activity != Activity.INSTRUCTION or content.regular != Answer.YES:
        return ""
    return fold(content.provider, content.course_no or content.title)[:300]


def claim_of(person, content, *, event: Event | None, case: ReviewCase | None = None, **more) -> rules.Claim:
    """Return ``content`` (answers, or a filed claim) of ``person`` as the rules see it.

    ``case`` is the claim’s own, which is no earlier teaching of itself; ``more`` are the facts that come later:
    ``lowered`` and ``rulings``.
    """
    course = course_key(content)
    before = taught_before(person, content, course, case) if course else None
    return replace(as_written(content, event=event), taught_before=before, **more)


def as_written(content, *, event: Event | None) -> rules.Claim:
    """Return ``content`` as the rules see it by itself, without asking what its person claimed before."""
    service = None
    if content.activity in SERVICE and content.level:
        service = rules.Service(content.level, role_key(content), content.first_day, content.last_day)
    on_demand = content.delivery == Delivery.ON_DEMAND
    occurrence = "" if on_demand else content.first_day.isoformat()
    return rules.Claim(
        activity=content.activity,
        completed_on=content.last_day,
        hours=content.hours,
        passed=content.grade != Grade.FAILED,
        not_for_profit=content.not_for_profit != Answer.NO,
        event=event.root_id if event else None,
        course=course_key(content),
        code=fold(read_code(content.approval_code) or content.approval_code, occurrence)[:100]
        if content.approval_code
        else "",
        code_per_period=on_demand,
        service=service,
        asked=content.asked,
        approved=content.occurrence.offering.credits if content.occurrence else None,
    )


def open_claims(person) -> list[CecSubmission]:
    """Return the claims of ``person`` that are not decided yet, with all that the rules ask of them; in one query.

    One that was decided and opened again is left out while its credits stand: they are in the journal already.
    """
    cases = ReviewCase.objects.open().filter(filed_by=person)
    standing = Entry.objects.standing().filter(decision__case=OuterRef("case"))
    rows = CecSubmission.objects.filter(~Exists(standing), case__in=cases)
    return list(rows.select_related("case", "event", "occurrence__offering").order_by("case__filed_at", "case"))


def role_key(content) -> str:
    """Return which role a year of service is one of: the board of a unit, or one committee of it (R-ROLE)."""
    body = content.title if content.activity == Activity.COMMITTEE else ""
    return f"{content.activity}|{content.level}|{fold(content.unit)}|{fold(body)}"[:500]


def taught_before(person, content, course: str, case: ReviewCase | None) -> date | None:
    """Return the first day of an earlier teaching of the same course: said now, or claimed before, denied or not."""
    known = [content.first_taught_on] if content.first_taught_on else []
    claimed = CecSubmission.objects.filter(case__filed_by=person, course_key=course).exclude(
        case__state=CaseState.WITHDRAWN
    )
    if case is not None:
        claimed = claimed.exclude(case=case)
    for first, said in claimed.values_list("first_day", "first_taught_on"):
        known += [day for day in (first, said) if day]
    earlier = [day for day in known if day < content.first_day]
    return min(earlier, default=None)


def own_event(content, own: Iterable[Event]) -> Event | None:
    """Return which of the claimant’s ``own`` events ``content`` is about: the one named, else the one of that name."""
    if content.activity not in SHARED:
        return None
    if content.part_of:
        return next((event for event in own if event.pk == content.part_of), None)
    return next((event for event in own if event.name_key == fold(content.title)[:200]), None)


def event_of(person, content: Answers) -> Event | None:
    """Return the event that ``content`` is about: of its date, one of the claimant’s own, or written alike."""
    if content.occurrence is not None:
        return content.occurrence.event
    if content.activity not in SHARED:
        return None
    own = own_event(content, own_events(person, content.first_day, content.last_day))
    return own or journals.event_for(
        name=content.title, organiser=content.provider, first=content.first_day, last=content.last_day
    )


def own_events(person, first: date, last: date):
    """Return the events around these days that ``person`` claimed or was credited for."""
    claimed = CecSubmission.objects.filter(case__filed_by=person, event__isnull=False)
    credited = Entry.objects.standing().filter(person=person, event__isnull=False)
    return Event.objects.around(first - NEAR, last + NEAR).filter(
        Q(pk__in=claimed.values("event")) | Q(pk__in=credited.values("event"))
    )


def work_out(
    *,
    person,
    content: Answers,
    own: Iterable[Event] = (),
    case: ReviewCase | None = None,
    at: datetime | None = None,
) -> journals.Work:
    """Return what ``content`` of ``person`` is worth now, with the sentences that say why.

    ``own`` are the events on these days for which ``person`` may have credits; no other event can bear on the sum.
    ``case`` is the claim’s own, where it is filed already.
    """
    content = met(content, today=programme_day(at))
    event = content.occurrence.event if content.occurrence else own_event(content, own)
    claim = claim_of(person, content, event=event, case=case)
    return journals.work_out(person=person, claim=claim, case=case, at=at)


def lookalikes(person, content, *, case: ReviewCase | None = None) -> list[ReviewCase]:
    """Return earlier claims of ``person`` that look like ``content``: they change no number (R-DUP).

    Alike are the same activity on common days with a similar title or the same organiser.
    """
    found = ReviewCase.objects.filter(
        filed_by=person,
        cecs_cecsubmission__activity=content.activity,
        cecs_cecsubmission__first_day__lte=content.last_day,
        cecs_cecsubmission__last_day__gte=content.first_day,
    ).exclude(state__in=[CaseState.DENIED, CaseState.WITHDRAWN])
    if case is not None:
        found = found.exclude(pk=case.pk)
    alike = Q(headline__trigram_similar=content.title) | Q(party__iexact=content.provider)
    return list(found.filter(alike).order_by("-filed_at")[:5])


def flags_of(person, content, claim: rules.Claim, *, folder, case: ReviewCase | None = None) -> list[list]:
    """Return [code, values] of what readers should notice; worded in ``cecs.wording`` (R-DUP, R-REV-7, R-ROLE)."""
    flags = []
    alike = lookalikes(person, content, case=case)
    if alike:
        flags.append(["alike", {"references": ", ".join(one.reference for one in alike)}])
    twins = same_files(person, folder, case=case)
    if twins:
        flags.append(["same-file", {"references": ", ".join(twins)}])
    if content.approval_code and content.occurrence is None:
        known = offering_of(content.approval_code)
        if known is None or not counts_on_demand(known, content):
            flags.append(["code-elsewhere" if known else "code-unknown", {"code": content.approval_code}])
    if claim.service is not None:
        flags += role_flags(claim, journals.held_by(person, claim, case=case))
    return flags


def same_files(person, folder, *, case: ReviewCase | None = None) -> list[str]:
    """Return the references of the person’s other claims that hold a file of ``folder``, byte for byte."""
    digests = folder.files.filter(removed_at__isnull=True).values("sha256")
    found = ReviewCase.objects.filter(
        filed_by=person, folder__files__sha256__in=digests, folder__files__removed_at__isnull=True
    ).exclude(folder=folder)
    if case is not None:
        found = found.exclude(pk=case.pk)
    return list(found.order_by("pk").values_list("reference", flat=True).distinct()[:5])


def role_flags(claim: rules.Claim, held: list[rules.Credited]) -> list[list]:
    """Return what the coordinator may decide otherwise about a year of service (R-ROLE)."""
    flags = []
    for one in held:
        service = one.service
        common = service and service.level == claim.service.level and service.months() & claim.service.months()
        if not common or service.role == claim.service.role:
            continue
        if one.activity == claim.activity:
            flags.append(["two-committees" if claim.activity == Activity.COMMITTEE else "other-board", {}])
        elif service.role.split("|")[2] != claim.service.role.split("|")[2]:
            flags.append(["two-units", {"level": str(Level(service.level).label)}])
    return [flag for n, flag in enumerate(flags) if flag not in flags[:n]]
