"""Letters to colleges that were asked about graduates and are silent (SPEC 5): one a partner and day at most."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import rules
from applications.models import Graduate, Partner
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.ui.text import without_addresses
from serportal.ui.words import day_text, programme_day

REMINDER = "partner-reminder"


def remind(*, at: datetime | None = None) -> int:
    """Remind each college of which a reminder is due and not yet owed; return how many were. Any tick may run it."""
    at = at or timezone.now()
    silent = Graduate.objects.unanswered().values("programme__partner")
    return sum(_remind(partner, at) for partner in Partner.objects.filter(pk__in=silent).values_list("pk", flat=True))


@transaction.atomic
def _remind(partner_id: int, at: datetime) -> bool:
    """Owe a college its letter of the day; the lock lets one beat after the other look."""
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner_id)
    waiting = Graduate.objects.unanswered().filter(programme__partner=partner)
    waiting = list(waiting.select_related("programme", "application__case"))
    asked, today = [programme_day(one.asked_at) for one in waiting], programme_day(at)
    if not rules.reminder_due(asked, last=last_told(partner), today=today):
        return False
    outbox.owe(
        key=f"{_key(partner)}{today.isoformat()}",
        at=at,
        template=REMINDER,
        to=partner.contact_email,
        context={
            "name": partner.contact_name,
            "college": partner.name,
            "graduates": "\n".join(map(_line, waiting)),
            "link": settings.SITE_URL + reverse("applications:partner"),
            # Whom the letter is about: it is hidden from whoever one of these cases is hidden from (R-REV-5).
            "references": " ".join(one.application.case.reference for one in waiting),
        },
    )
    return True


def _key(partner: Partner) -> str:
    return f"{REMINDER}:{partner.pk}:"


def last_told(partner: Partner) -> date | None:
    """Return the day of the latest letter to a college; its key ends with it."""
    keys = Message.objects.filter(template=REMINDER, key__startswith=_key(partner)).order_by("-key")
    last = keys.values_list("key", flat=True).first()
    return date.fromisoformat(last.removeprefix(_key(partner))) if last else None


def _line(graduate: Graduate) -> str:
    return _("{name}, {programme}, asked on {day}").format(
        name=without_addresses(graduate.application.name_on_certificate),
        programme=graduate.programme.name,
        day=day_text(programme_day(graduate.asked_at)),
    )
