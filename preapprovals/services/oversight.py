"""What SER does about an offering whose sponsor does not keep the rules: warn, take it back, terminate (R-SPO-6).

The list, the calendar, the code and the logo follow at once, for they ask the offering where it stands.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals import rules
from preapprovals.models import Notice, Offering
from preapprovals.services import telling
from preapprovals.states import STANDING, Act, OfferingState
from serportal.outbox.services import render
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day

TEMPLATES = {
    Act.WARNED: "offering-warned",
    Act.CLEARED: "offering-warning-over",
    Act.TERMINATED: "offering-terminated",
}
# Where an offering may stand before each act, and where it stands after it (SPEC 3).
FROM = {
    Act.WARNED: frozenset({OfferingState.ACTIVE}),
    Act.CLEARED: frozenset({OfferingState.WARNED}),
    Act.TERMINATED: STANDING,
}
TO = {
    Act.WARNED: OfferingState.WARNED,
    Act.CLEARED: OfferingState.ACTIVE,
    Act.TERMINATED: OfferingState.TERMINATED,
}


def possible(offering: Offering, day: date) -> list[Act]:
    """Return what can be done about ``offering`` on ``day``; nothing about what has expired or is off the list."""
    if offering.valid_to < day or not offering.is_preapproved:
        return []
    return [act for act, states in FROM.items() if offering.state in states]


def preview(offering: Offering, act: Act, *, reason: str, at: datetime | None = None) -> tuple[str, str]:
    """Return (subject, text) of the letter that ``act`` would send now; changes nothing. Raises Refusal."""
    at = at or timezone.now()
    _check(offering, act, reason, at)
    name = offering.sponsor.name
    return render(TEMPLATES[act], {**_context(offering, reason, at), "name": name})


@transaction.atomic
def act_on(offering_id: int, *, act: Act, reason: str, by, at: datetime | None = None) -> Notice:
    """Warn the sponsor of an offering, take the warning back, or terminate the offering, with a letter to its contacts.

    A termination can be appealed until the 30th day after it. Credits for earlier occurrences stand (R-SPO-8). Raises
    Refusal without a reason, where the offering does not stand so, and for a coordinator with a part in it.
    """
    at = at or timezone.now()
    offering = Offering.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=offering_id)
    if not Offering.objects.coordinated_by(by).filter(pk=offering_id).exists():
        raise Refusal("closed", _("You have a part in this, so it is closed to you. Another coordinator takes it."))
    reason = clean_text(reason)
    _check(offering, act, reason, at)
    offering.state = TO[act]
    offering.save(update_fields=["state"])
    until = rules.appeal_until(programme_day(at)) if act == Act.TERMINATED else None
    notice = Notice.objects.create(offering=offering, act=act, reason=reason, at=at, by=by, appeal_until=until)
    telling.tell_contacts(
        offering, key=f"notice:{notice.pk}", template=TEMPLATES[act], context=_context(offering, reason, at), at=at
    )
    return notice


def _check(offering: Offering, act: Act, reason: str, at: datetime) -> None:
    if act not in possible(offering, programme_day(at)):
        raise Refusal(
            "not-possible",
            _("“{title}” is now “{state}”, so this cannot be done to it. Its page shows where it stands.").format(
                title=offering.title,
                state=_("expired") if offering.valid_to < programme_day(at) else offering.get_state_display(),
            ),
        )
    if not clean_text(reason):
        raise Refusal("no-reason", _("The reason is missing. The sponsor reads it in the letter."))


def _context(offering: Offering, reason: str, at: datetime) -> dict[str, str]:
    return {
        "title": offering.title,
        "sponsor": offering.sponsor.name,
        "code": offering.code,
        "reason": reason,
        "today": day_text(programme_day(at)),
        "due": day_text(rules.appeal_until(programme_day(at))),
        "answer_link": settings.SITE_URL + reverse("preapprovals:appeal", args=[offering.pk]),
        "link": telling.page_of(offering),
    }


def ended_on(code: str) -> date | None:
    """Return the day on which the offering with ``code`` was terminated, if it is; later days count no more."""
    read = rules.read_code(code)
    notice = (
        Notice.objects.filter(offering__code=read, offering__state=OfferingState.TERMINATED, act=Act.TERMINATED).last()
        if read
        else None
    )
    return programme_day(notice.at) if notice else None
