"""What a referee does with the link: open it, type, send, decline, ask for a new one. It takes no account (R-APP-6)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Reference
from applications.services import reference_letters as letters
from applications.services.references import ASKABLE, is_closed, renew
from applications.states import ReferenceState
from serportal.drafts import services as drafts
from serportal.drafts.services import Seen, StaleDraft
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

S = ReferenceState
OPEN, EXPIRED = "open", "expired"


def behind(token: str) -> Reference | None:
    """Return the reference that a link leads to. A link that is wrong, ended or of no use any more leads to nothing."""
    found = Reference.objects.select_related("draft__owner", "draft__case")
    reference = found.filter(token_hash=letters.hash_of(token)).first()
    return reference if reference is not None and _in_use(reference) else None


def granted(reference_id: int) -> Reference | None:
    """Return the reference whose form was opened before; None once it was replaced or needs no answer any more."""
    reference = Reference.objects.select_related("draft__owner", "draft__case").filter(pk=reference_id).first()
    return reference if reference is not None and _in_use(reference) else None


def state_of(reference: Reference, *, at: datetime | None = None) -> str:
    """Return open, expired, received or declined: what the page behind a link shows."""
    if reference.state in {S.RECEIVED, S.DECLINED}:
        return reference.state
    return EXPIRED if reference.expires_at <= (at or timezone.now()) else OPEN


@transaction.atomic
def open_form(*, token: str, at: datetime | None = None) -> Reference | None:
    """Open the form behind a link that works, and write down that it was; None for any other."""
    at = at or timezone.now()
    found = behind(token)
    if found is None or state_of(found, at=at) != OPEN:
        return None
    reference = _locked(found.pk)
    if reference.state == S.INVITED:
        reference.state, reference.opened_at = S.OPENED, at
        reference.save(update_fields=["state", "opened_at"])
    return reference


@transaction.atomic
def ask_anew(*, token: str, at: datetime | None = None) -> None:
    """Send a new link to the stored address where ``token`` has run out; nobody learns whether it did."""
    at = at or timezone.now()
    found = behind(token)
    if found is None:
        return
    reference = _locked(found.pk)
    # A second press finds that the first has drawn a new link.
    if reference.token_hash == letters.hash_of(token) and state_of(reference, at=at) == EXPIRED:
        renew(reference, at=at)


@transaction.atomic
def keep_answer(*, reference_id: int, data: dict, seen: Seen, at: datetime | None = None) -> Reference:
    """Keep what a referee types. Raises StaleDraft where another tab saved in between, Refusal once it is sent."""
    reference = _writable(reference_id)
    drafts.keep(reference, data, seen=seen, at=at or timezone.now())
    return reference


@transaction.atomic
def send_answer(*, reference_id: int, version: int, at: datetime | None = None) -> Reference:
    """Send what was typed, once and for good. Raises Refusal where it was sent before, StaleDraft where it changed."""
    at = at or timezone.now()
    reference = _writable(reference_id)
    if reference.version != version:
        raise StaleDraft(reference)
    reference.state, reference.received_at = S.RECEIVED, at
    reference.save(update_fields=["state", "received_at"])
    letters.forget_owed(reference)
    letters.owe_to_referee(reference, "reference-thanks", at=at)
    letters.owe_to_applicant(reference, "reference-received", at=at)
    return reference


@transaction.atomic
def decline(*, reference_id: int, because: str, tell: bool, at: datetime | None = None) -> Reference:
    """Give no reference, for a reason that the case’s readers see, the applicant only if ``tell``.

    What was typed goes.
    """
    at = at or timezone.now()
    reference = _writable(reference_id)
    reference.state, reference.declined_at, reference.declined_because = S.DECLINED, at, because
    reference.data = {}
    reference.save(update_fields=["state", "declined_at", "declined_because", "data"])
    letters.forget_owed(reference)
    told = _("The reason given: “{because}”").format(because=because) if tell else ""
    letters.owe_to_applicant(reference, "reference-declined", at=at, because=told)
    return reference


def _in_use(reference: Reference) -> bool:
    if reference.state in {S.NAMED, S.REPLACED}:
        return False
    return reference.state == S.RECEIVED or not is_closed(reference.draft)


def _locked(pk: int) -> Reference:
    found = Reference.objects.select_for_update(of=("self",)).select_related("draft__owner", "draft__case")
    return found.get(pk=pk)


def _writable(pk: int) -> Reference:
    """Lock and return a reference that waits for its answer; whoever opened its form may finish it, however late."""
    reference = _locked(pk)
    if reference.state == S.RECEIVED:
        raise Refusal(
            "received",
            _("Your reference was received on {day}. Nothing more was sent now, and nothing of it changed.").format(
                day=day_text(programme_day(reference.received_at))
            ),
        )
    if reference.state == S.DECLINED:
        raise Refusal("declined", _("You declined to give this reference, so nothing more is asked of you."))
    if reference.state not in ASKABLE or is_closed(reference.draft):
        raise Refusal("gone", _("This reference is not needed any more. Nothing was sent."))
    return reference
