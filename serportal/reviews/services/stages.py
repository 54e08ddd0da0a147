"""What begins and what ends a review: screening, gates, withdrawal, closing (R-REV-3, R-APP-11)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import InfoRequest, ReviewCase
from serportal.reviews.services import polls
from serportal.reviews.services.moving import illegal, lock, lock_for, move, needed, owe_to_author
from serportal.reviews.states import CaseState, Move, Step
from serportal.ui.text import clean_text

OVER_WITH_THE_CASE = [
    "seat-invitation",
    "seat-reconfirm",
    "seat-split",
    "poll-invitation",
    "poll-reconfirm",
    "case-question",
    "case-proof",
]
# Where a case waits that was screened and is kept from its review.
KEPT = frozenset({Step.GATES, Step.HELD})


def _complete(case: ReviewCase) -> Move:
    kind = kind_of(case)
    return Move.OPEN if kind.asks_all else Move.READY if kind.has_panel else Move.CLEAR


def _blocked(case: ReviewCase) -> Move:
    """Return how a case waits: what keeps one from the whole committee is the coordinator’s to settle."""
    return Move.KEEP if kind_of(case).asks_all else Move.HOLD


@transaction.atomic
def screen(case_id: int, *, by, at: datetime | None = None) -> ReviewCase:
    """Record that the coordinator found the submission complete (R-REV-3).

    A kind with gates waits for what is still to come, and is ready once nothing is (R-APP-11). What the case asks a
    whole committee is asked now (R-REV-10, R-SPO-6).
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    blocks = kind_of(case).blocks(case)
    what = Move.SCREEN if blocks is None else _blocked(case) if blocks else _complete(case)
    move(case, what, by=by, at=at)
    if case.step not in KEPT:
        polls.ask_committee(case, by=by, at=at)
    return case


@transaction.atomic
def settle_gates(case_id: int, *, by=None, at: datetime | None = None) -> ReviewCase:
    """Let a screened case be ready as soon as nothing blocks it, and wait again where something does (R-APP-11)."""
    at = at or timezone.now()
    case = lock(case_id)
    blocks = kind_of(case).blocks(case)
    held = case.step in KEPT
    if (held and not blocks) or (case.state == CaseState.READY and blocks):
        move(case, _complete(case) if held else Move.HOLD, by=by, at=at)
        if held:
            polls.ask_committee(case, by=by, at=at)
    return case


def open_held(at: datetime | None = None) -> int:
    """Ask the committee about every case kept from it that nothing keeps from it any more; return how many.

    A member who joined the committee is why; any tick finds it.
    """
    at, opened = at or timezone.now(), 0
    for case_id in list(ReviewCase.objects.filter(step=Step.HELD).values_list("pk", flat=True)):
        opened += settle_gates(case_id, at=at).step == Step.POLL
    return opened


@transaction.atomic
def withdraw(case_id: int, *, by, reason: str = "", at: datetime | None = None) -> ReviewCase:
    """Withdraw a case before it is decided; its author may at any time. Asked again, it stays withdrawn.

    Nothing filed is deleted. Seats and questions end with it, and what was owed about them is not sent.
    """
    at = at or timezone.now()
    case = lock(case_id)
    if case.filed_by_id != by.pk:
        raise ReviewCase.DoesNotExist(f"{case_id} is not a case of {by.pk}")
    if case.state == CaseState.WITHDRAWN:
        return case
    move(case, Move.WITHDRAW, by=by, at=at, note=clean_text(reason))
    InfoRequest.objects.filter(case=case, closed_at__isnull=True).update(closed_at=at)
    polls.end_all(case, at=at)
    outbox.cancel(about=case.reference, template__in=OVER_WITH_THE_CASE, at=at)
    owe_to_author(case, kind_of(case).withdrawn_letter, key=f"withdrawn:{case.pk}", at=at)
    kind_of(case).ended(case, at=at)
    return case


@transaction.atomic
def close(case_id: int, *, by, reason: str, at: datetime | None = None) -> ReviewCase:
    """End a case that stays incomplete before its review (R-APP-11); who filed it reads why, and may file anew.

    Raises Refusal where it waits for nothing, where its kind has it wait all the same, or for no reason.
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    if not kind_of(case).may_close(case):
        raise illegal(case)
    reason = needed(reason, _("The reason is missing. Whoever filed it reads it in a letter."))
    move(case, Move.CLOSE, by=by, at=at, note=reason)
    owe_to_author(case, kind_of(case).closed_letter, key=f"closed:{case.pk}", at=at, reason=reason)
    kind_of(case).ended(case, at=at)
    return case
