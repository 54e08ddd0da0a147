"""What must be settled before an application is reviewed, and who holds it (R-APP-11)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import rules
from applications.models import Application, Reference, Window
from applications.states import WATCHED, Confirmed, Document, Gate, Kind, ReferenceState
from serportal.accounts.models import Signature
from serportal.files.models import StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Move, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, money, programme_day


@dataclass(frozen=True)
class Block:
    """One gate that is not settled: the sentence that says what is missing, and who holds it.

    ``yours`` says that the applicant does, ``ours`` that the coordinator does.
    """

    gate: Gate
    sentence: str
    holder: str
    yours: bool = False
    ours: bool = False


@dataclass(frozen=True)
class Facts:
    """What lies beside the row of an application and settles its gates."""

    references: list[Reference]
    signed: bool
    purposes: set[str]


def facts_of(applications: Iterable[Application]) -> dict[int, Facts]:
    """Return the facts of each of ``applications`` by its key, in three queries however many there are."""
    cases = {one.pk: one.case.reference for one in applications}
    references, purposes = defaultdict(list), defaultdict(set)
    asked = Reference.objects.filter(draft__case__in=cases, draft__request__isnull=True)
    for one in asked.defer("data", "declined_because").annotate(about=F("draft__case")).order_by("pk"):
        references[one.about].append(one)
    files = StoredFile.objects.filter(folder__case__in=cases, removed_at__isnull=True)
    for case_id, purpose in files.values_list("folder__case", "purpose"):
        purposes[case_id].add(purpose)
    signed = set(Signature.objects.filter(about__in=cases.values()).values_list("about", flat=True))
    return {pk: Facts(references[pk], reference in signed, purposes[pk]) for pk, reference in cases.items()}


def look_over(application: Application, facts: Facts | None = None) -> list[tuple[Gate, Block | None]]:
    """Return every gate of ``application`` in the order it is told, with what still keeps it shut (R-APP-11)."""
    look = {
        Gate.FEE: _fee,
        Gate.REFERENCES: _references,
        Gate.AGREEMENT: _agreement,
        Gate.DOCUMENTS: _documents,
        Gate.COURSE: _course,
        Gate.PARTNER: _partner,
    }
    facts = facts or facts_of([application])[application.pk]
    return [(gate, look[gate](application, facts)) for gate in rules.GATES[Kind(application.kind)]]


def blocks_of(application: Application, facts: Facts | None = None) -> list[Block]:
    """Return what still stands before the review of ``application``, in the order it is told (R-APP-11)."""
    return [block for _gate, block in look_over(application, facts) if block is not None]


def purposes_in(folder_id) -> set[str]:
    """Return for what there are files in a folder."""
    return set(StoredFile.objects.filter(folder=folder_id, removed_at__isnull=True).values_list("purpose", flat=True))


def _fee(application: Application, facts: Facts) -> Block | None:
    bill = application.bill
    if bill is None or bill.is_settled:
        return None
    if bill.asked_at:
        text = _("The fee of {amount} ({invoice}): a smaller one was asked for, and waits for an answer.")
        return Block(Gate.FEE, text.format(amount=money(bill.amount), invoice=bill.number), _coordinator(), ours=True)
    text = _("The fee of {amount} is not paid yet ({invoice}).")
    said = text.format(amount=money(bill.amount), invoice=bill.number)
    return Block(Gate.FEE, said, _applicant(), yours=True)


def _references(application: Application, facts: Facts) -> Block | None:
    least = application.criteria.references_least
    received = sum(one.state == ReferenceState.RECEIVED for one in facts.references)
    if received >= least:
        return None
    waiting = [one.name for one in facts.references if one.state in {ReferenceState.INVITED, ReferenceState.OPENED}]
    said = ngettext("{received} of {n} reference is in.", "{received} of {n} references are in.", least).format(
        received=received, n=least
    )
    if received + len(waiting) >= least:
        return Block(Gate.REFERENCES, said, _("the referees: {names}").format(names=", ".join(waiting)))
    return Block(Gate.REFERENCES, f"{said} " + _("Name and invite more referees."), _applicant(), yours=True)


def _agreement(application: Application, facts: Facts) -> Block | None:
    if facts.signed:
        return None
    return Block(Gate.AGREEMENT, _("The agreement is not signed."), _applicant(), yours=True)


def _documents(application: Application, facts: Facts) -> Block | None:
    needed = rules.documents_of(Kind(application.kind), application.sides)
    missing = [str(one.label) for one in needed if one not in facts.purposes]
    if not missing:
        return None
    text = _("A document is missing: {what}.")
    return Block(Gate.DOCUMENTS, text.format(what=", ".join(missing)), _applicant(), yours=True)


def _course(application: Application, facts: Facts) -> Block | None:
    if application.course_verified_at:
        return None
    if Document.COURSE in facts.purposes:
        return Block(Gate.COURSE, _("The e-learning certificate is not verified yet."), _coordinator(), ours=True)
    text = _("The certificate of the e-learning course is not here yet.")
    return Block(Gate.COURSE, text, _applicant(), yours=True)


def _partner(application: Application, facts: Facts) -> Block | None:
    graduate = getattr(application, "graduate", None)
    if graduate is not None and graduate.state != Confirmed.PENDING:
        return None
    partner = graduate.programme.partner.name if graduate else _("the college")
    return Block(Gate.PARTNER, _("The college has not answered yet."), partner)


def _applicant() -> str:
    return _("the applicant")


def _coordinator() -> str:
    return _("the coordinator")


def settle(case_id: int, *, at: datetime | None = None) -> ReviewCase:
    """Look at the gates of a case again: ready where none is open, incomplete where one is (R-APP-11).

    It is complete when nothing is left but what the coordinator does: being late with that moves nobody. An application
    that became complete too late for its window counts for the next one, and its applicant is told.
    """
    at = at or timezone.now()
    with transaction.atomic():
        before = reviews.lock(case_id)
        if before.state not in WATCHED:
            return before
        case = reviews.settle_gates(case_id, at=at)
        application = Application.objects.select_related("window").get(pk=case.pk)
        blocked = Application.objects.held_up_by_others().filter(pk=case.pk).exists()
        application.complete_at = None if blocked else application.complete_at or at
        _count_for_its_window(application, case, at)
        application.save(update_fields=["complete_at", "window"])
        return case


def settle_all(at: datetime | None = None) -> int:
    """Settle every application whose gates say something else than its state; return how many became ready.

    Any tick finds them; those that only wait cost nothing but the one question.
    """
    at, ready = at or timezone.now(), 0
    held = Q(pk__in=Application.objects.held_up().values("pk"))
    is_ready = Q(state=CaseState.READY, applications_application__isnull=False)
    watched = Q(state__in=WATCHED, applications_application__isnull=False)
    others = Q(pk__in=Application.objects.held_up_by_others().values("pk"))
    unnoted = Q(watched, ~others, applications_application__complete_at__isnull=True)
    waiting = ReviewCase.objects.filter(Q(Q(step=Step.GATES), ~held) | Q(is_ready, held) | unnoted | late_ones(at))
    for case_id in list(waiting.values_list("pk", flat=True)):
        before = ReviewCase.objects.values_list("state", flat=True).get(pk=case_id)
        ready += settle(case_id, at=at).state == CaseState.READY != before
    return ready


def late_ones(at: datetime) -> Q:
    """Applications that are not complete although the days after their window’s close are over."""
    return Q(
        state__in=[CaseState.SUBMITTED, CaseState.SCREENING],
        applications_application__window__closes_on__lt=programme_day(at) - rules.COMPLETE_WITHIN,
        applications_application__complete_at__isnull=True,
    )


def _count_for_its_window(application: Application, case: ReviewCase, at: datetime) -> None:
    """Move an application to the next window where it can no longer count for its own; its dates go with it."""
    own = application.window
    if own is None:
        return
    windows = {one.as_rule(): one for one in Window.objects.filter(closes_on__gte=own.closes_on)}
    complete_on = programme_day(application.complete_at or at)
    found = rules.window_of(list(windows), received_on=min(case.filed_on, own.closes_on), complete_on=complete_on)
    if found is None or windows[found] == own:
        return
    application.window = windows[found]
    case.clock_on, case.due_on = found.closes_on, max(found.decided_by, case.due_on)
    case.save(update_fields=["clock_on", "due_on"])
    note = _("Complete too late for its window; it counts for the one that closes on {day}.")
    reviews.log(case, Move.WINDOW, by=None, at=at, note=note.format(day=day_text(found.closes_on)))
    reviews.owe_to_author(
        case,
        "application-next-window",
        key=f"next-window:{case.pk}:{found.closes_on}",
        at=at,
        window=day_text(found.closes_on),
        blocks="\n".join(kind_of(case).blocks(case) or [_("Nothing is missing.")]),
    )


@transaction.atomic
def verify_course(*, application_id: int, by, at: datetime | None = None) -> Application:
    """Note that the coordinator ``by`` verified the e-learning certificate; done already, change nothing (R-APP-3)."""
    return _course_settled(application_id, "", by=by, at=at or timezone.now())


@transaction.atomic
def waive_course(*, application_id: int, reason: str, by, at: datetime | None = None) -> Application:
    """Let an application go on without the e-learning course, with a reason that stays in its history (R-APP-3).

    Raises Refusal for a graduate of a partner, of whom SER always asks the course (R-APP-7).
    """
    reason = clean_text(reason)
    if not reason:
        raise Refusal("no-reason", _("Waiving the course needs a reason. It stays in the history of the case."))
    if Application.objects.get(pk=application_id).kind == Kind.PARTNER:
        raise Refusal("partner-course", _("Graduates of a partner need the course; it cannot be waived."))
    return _course_settled(application_id, reason, by=by, at=at or timezone.now())


def _course_settled(application_id: int, waived: str, *, by, at: datetime) -> Application:
    case = reviews.lock_for(application_id, by)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.course_verified_at:
        return application
    if case.state not in WATCHED | {CaseState.ASKED}:
        raise Refusal("too-late", _("{0} is past its gates, so this changes nothing any more.").format(case.reference))
    if not waived and Document.COURSE not in purposes_in(case.folder_id):
        raise Refusal(
            "no-certificate", _("There is no e-learning certificate with it. Ask for one, or waive the course.")
        )
    application.course_verified_at, application.course_verified_by, application.course_waived = at, by, waived
    application.save(update_fields=["course_verified_at", "course_verified_by", "course_waived"])
    note = _("The e-learning course is waived: {reason}").format(reason=waived)
    reviews.log(case, Move.COURSE, by=by, at=at, note=note if waived else _("The e-learning certificate is verified."))
    settle(case.pk, at=at)
    return application
