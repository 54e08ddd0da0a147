"""Filing a case and moving it along the table of legal moves, one locked row at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.files.models import Folder
from serportal.numbers import services as numbers
from serportal.reviews import rules
from serportal.reviews.kinds import Kind
from serportal.reviews.models import CaseEvent, Party, ReviewCase
from serportal.reviews.states import Move
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


def lock(case_id: int) -> ReviewCase:
    """Lock and return the case; everything that moves it goes through this row first."""
    return ReviewCase.objects.select_for_update().get(pk=case_id)


def move(case: ReviewCase, what: Move, *, by, at: datetime, note: str = "", also: tuple[str, ...] = ()) -> None:
    """Move a locked case along one legal edge and write the event; raises Refusal where there is no such edge.

    ``also`` names further fields of ``case`` that the caller has set.
    """
    found = rules.after(case.state, case.step, what)
    if found is None:
        raise Refusal(
            "illegal-move",
            _(
                "{reference} is now “{state}, {step}”, so this cannot be done to it any more. "
                "The page below shows where it stands."
            ).format(reference=case.reference, state=case.get_state_display(), step=case.get_step_display()),
        )
    if case.step != found[1]:
        case.step_since = at
    case.state, case.step = found
    case.save(update_fields=["state", "step", "step_since", *also])
    CaseEvent.objects.create(case=case, move=what, by=by, at=at, note=note)


def file_case(
    *,
    kind: Kind,
    by,
    headline: str,
    folder: Folder,
    parties: Iterable[Party],
    topic: str = "",
    party: str = "",
    amount: Decimal | None = None,
    at: datetime | None = None,
) -> ReviewCase:
    """Open the case of a submission: reference, clock (R-REV-1, R-REV-2), parties, first event.

    Called inside the transaction in which the kind stores its content; ``parties`` come without their case.
    """
    at = at or timezone.now()
    filed_on = programme_day(at)
    case = ReviewCase.objects.create(
        reference=numbers.take(kind.series, filed_on.year),
        kind=kind.key,
        headline=headline,
        topic=topic,
        party=party,
        amount=amount,
        filed_by=by,
        filed_at=at,
        filed_on=filed_on,
        due_on=filed_on + timedelta(days=kind.answer_days),
        step_since=at,
        folder=folder,
    )
    for one in parties:
        one.case = case
    Party.objects.bulk_create(parties)
    CaseEvent.objects.create(case=case, move=Move.FILE, by=by, at=at)
    return case


@transaction.atomic
def screen(case_id: int, *, by, at: datetime | None = None) -> ReviewCase:
    """Record that the coordinator found the submission complete (R-REV-3)."""
    case = lock(case_id)
    move(case, Move.SCREEN, by=by, at=at or timezone.now())
    return case
