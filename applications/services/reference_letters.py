"""Letters about references: invitations and reminders with their links, thanks, and news for the applicant (SPEC 5)."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Draft, Reference
from applications.states import SILENT, Kind, ReferenceState
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.ui.words import day_text, programme_day

INVITATION, LINK, REMINDER = "reference-invitation", "reference-link", "reference-reminder"
WITH_LINK = [INVITATION, LINK, REMINDER]
REMINDED_AFTER = (14, 7)  # days since the invitation, the later step first


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def about_of(draft: Draft) -> str:
    """Return what letters of ``draft`` are about: its case, or the draft itself until ``take_over`` renames them."""
    return draft.case.reference if draft.case_id else str(draft.pk)


def take_over(*, draft: Draft, case: ReviewCase) -> None:
    """Let letters sent before filing belong to the case, so that whom a conflict keeps out sees none (R-REV-5)."""
    Message.objects.filter(about=str(draft.pk)).update(about=case.reference)


def cancel_all(draft: Draft) -> None:
    """Cancel what is still owed to the referees of a draft that is thrown away."""
    outbox.cancel(about=str(draft.pk))


def level_of(draft: Draft) -> str:
    if draft.kind == Kind.CERPIT:
        return _("Certified Ecological Restoration Practitioner-in-Training (CERPIT)")
    return _("Certified Ecological Restoration Practitioner (CERP)")


def link_key(reference: Reference) -> str:
    """Return the key of the letter that holds the newest link."""
    return f"reference:{reference.pk}:link:{reference.links}"


def owe_link(reference: Reference, template: str, *, at: datetime, key: str = "") -> None:
    """Draw a new link, which ends the one before, and owe it to the referee’s address alone."""
    token = secrets.token_urlsafe(32)
    reference.token_hash, reference.links = hash_of(token), reference.links + 1
    reference.expires_at = at + timedelta(days=settings.REFERENCE_LINK_DAYS)
    reference.save(update_fields=["token_hash", "links", "expires_at"])
    outbox.owe(
        key=key or link_key(reference),
        template=template,
        to=reference.email,
        about=about_of(reference.draft),
        secret=token,
        context=link_context(reference, at=at),
        at=at,
    )


def link_context(reference: Reference, *, at: datetime) -> dict[str, str]:
    """Return what fills a letter with a link; the link itself stays hidden."""
    draft, said = reference.draft, ""
    if reference.note:
        said = _("{name} writes: “{note}”").format(name=draft.owner.name, note=reference.note)
    return {
        **_parties(reference),
        "said": said,
        "since": day_text(programme_day(reference.invited_at or at)),
        "until": day_text(programme_day(at + timedelta(days=settings.REFERENCE_LINK_DAYS))),
        "link": settings.SITE_URL + reverse("references:link", args=[outbox.HIDDEN]),
    }


def preview(reference: Reference, template: str, *, at: datetime | None = None) -> tuple[str, str]:
    """Return (subject, text) of the letter that a press of the button sends now, its link hidden."""
    return outbox.render(template, link_context(reference, at=at or timezone.now()))


def preview_replaced(reference: Reference) -> tuple[str, str]:
    return outbox.render("reference-replaced", _parties(reference))


def owe_to_referee(reference: Reference, template: str, *, at: datetime) -> None:
    """Owe the referee a letter without a link, once."""
    outbox.owe(
        key=f"reference:{reference.pk}:{template}",
        template=template,
        to=reference.email,
        about=about_of(reference.draft),
        context=_parties(reference),
        at=at,
    )


def owe_to_applicant(reference: Reference, template: str, *, at: datetime, because: str = "") -> None:
    """Tell the applicant that a referee answered or declined, never what was said unless the referee allowed it."""
    draft = reference.draft
    outbox.owe(
        key=f"reference:{reference.pk}:{template}",
        template=template,
        person=draft.owner,
        about=about_of(draft),
        context={
            "name": draft.owner.get_short_name(),
            "referee": reference.name,
            "level": level_of(draft),
            "because": because,
            "link": settings.SITE_URL + page_of(draft),
        },
        at=at,
    )


def page_of(draft: Draft) -> str:
    """Return the address of the applicant’s page of references, before and after filing."""
    if draft.case_id:
        return reverse("applications:filed-references", args=[draft.case.reference])
    return reverse("applications:references", args=[draft.pk])


def forget_owed(reference: Reference) -> None:
    """Cancel letters to or about a referee whose reason is gone."""
    outbox.cancel(key__startswith=f"reference:{reference.pk}:")


def _parties(reference: Reference) -> dict[str, str]:
    draft = reference.draft
    return {"name": reference.name, "applicant": draft.owner.name, "level": level_of(draft)}


def remind_silent(at: datetime | None = None) -> int:
    """Remind referees who have been silent for 7 or 14 days, once each, with a link that works; return how many.

    Whoever is found late gets the later step only. A reminder’s link ends the one before, but whoever has the form
    open keeps it.
    """
    at = at or timezone.now()
    due = [(one.pk, step) for one in _waiting(at) for step in [_step(one, at)]]
    keys = {reminder_key(pk, step) for pk, step in due}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_remind(pk, step, at) for pk, step in due if reminder_key(pk, step) not in told)


def _waiting(at: datetime):
    first = at - timedelta(days=min(REMINDED_AFTER))
    return Reference.objects.silent().filter(invited_at__lte=first, expires_at__gt=at).order_by("pk")


def _step(reference: Reference, at: datetime) -> int:
    return next(days for days in REMINDED_AFTER if reference.invited_at + timedelta(days=days) <= at)


def reminder_key(pk: int, step: int) -> str:
    """Return the key of the letter that reminds a referee ``step`` days after the invitation."""
    return f"reference:{pk}:reminder:{step}"


@transaction.atomic
def _remind(pk: int, step: int, at: datetime) -> bool:
    """Owe one reminder unless another tick was faster, or the referee answered meanwhile."""
    found = Reference.objects.select_for_update(of=("self",)).select_related("draft__owner", "draft__case")
    reference = found.filter(pk=pk, state__in=SILENT).first()
    key = reminder_key(pk, step)
    if reference is None or Message.objects.filter(key=key).exists():
        return False
    owe_link(reference, REMINDER, at=at, key=key)
    return True


def end_old_links(at: datetime | None = None) -> int:
    """Mark references whose link has run out; return how many. Their referees can ask for a new one."""
    gone = Reference.objects.filter(state__in=SILENT, expires_at__lte=at or timezone.now())
    return gone.update(state=ReferenceState.EXPIRED)
