"""What the coordinator decides otherwise about a claim’s credit, always with a reason (R-CAP, R-ROLE, R-DUP)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs.models import CecSubmission, RulingOnClaim
from journals import services as journals
from journals.models import Event
from journals.states import Ruling
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Move
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text

NEAR = timedelta(days=7)


@transaction.atomic
def rule(case_id: int, *, code: Ruling, holds: bool, reason: str, by, at: datetime | None = None) -> RulingOnClaim:
    """Let a claim count apart, or say that it is the same as something credited; or take that back.

    Raises Refusal without a reason, and once the claim is decided.
    """
    at = at or timezone.now()
    case = _open_case(case_id, by)
    reason = clean_text(reason)
    if not reason:
        raise Refusal("no-reason", _("A ruling needs a reason. It stays in the history of the case."))
    made = RulingOnClaim.objects.create(submission_id=case.pk, code=code, holds=holds, reason=reason, at=at, by=by)
    claim = CecSubmission.objects.get(pk=case.pk)
    claim.rulings = sorted({*claim.rulings, str(code)} if holds else {*claim.rulings} - {str(code)})
    claim.save(update_fields=["rulings"])
    what = Ruling(code).label if holds else _("taken back: {0}").format(Ruling(code).label)
    reviews.log(case, Move.RULE, by=by, at=at, note=f"{what}. {reason}")
    return made


@transaction.atomic
def link_event(case_id: int, *, event_id: int, by, at: datetime | None = None) -> Event:
    """Say that a claim is about the same event as another one: their caps and precedents are one from now on "
    "(R-CAP)."""
    at = at or timezone.now()
    case = _open_case(case_id, by)
    claim = CecSubmission.objects.select_related("event").get(pk=case.pk)
    other = _known_events(by).filter(pk=event_id).first()
    if claim.event is None or other is None:
        raise Refusal("no-event", _("There is no such event to link this claim to."))
    if claim.event.root_id != other.root_id:
        journals.link_events(claim.event, other)
        reviews.log(case, Move.RULE, by=by, at=at, note=_("The same event as “{0}”.").format(other.name))
    return other


def similar_events(claim: CecSubmission, *, by) -> list[Event]:
    """Return events around the claim’s days whose name looks like its own, for the coordinator ``by`` to link."""
    if claim.event is None:
        return []
    around = _known_events(by).around(claim.first_day - NEAR, claim.last_day + NEAR).like(claim.title).with_root()
    return list(around.exclude(root=claim.event.root_id)[:10])


def _known_events(by):
    """Events but those of which only claims hidden from ``by`` tell (R-REV-5)."""
    hidden = ReviewCase.objects.hidden_from(by).values("pk")
    about = CecSubmission.objects.filter(event=OuterRef("pk"))
    return Event.objects.exclude(Exists(about.filter(case__in=hidden)), ~Exists(about.exclude(case__in=hidden)))


def _open_case(case_id: int, by):
    case = reviews.lock_for(case_id, by)
    if case.state in ENDED:
        raise Refusal(
            "decided", _("{0} is decided. Open it again first if its credit must change.").format(case.reference)
        )
    return case
