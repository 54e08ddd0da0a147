"""Letters about attendance: what a list says of its attendees, with their Confirmation of Completion (R-SPO-4)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from preapprovals.models import Attendance, Occurrence
from preapprovals.services.worth import credits_for
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.ui.words import day_text, length_text, number, span_text

OFFERED, INVITED, MET, TAKEN_BACK = (
    "attendance-offered",
    "attendance-invited",
    "attendance-met",
    "attendance-taken-back",
)
# Where somebody without an account sees what a list says of them, by the link in their letter.
BY_LINK = "/cecs/attendance/{token}/"


def draw_token() -> tuple[str, str]:
    """Return (a token of 32 random bytes for a letter, its SHA-256 to keep)."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def tell_offered(told: Iterable[tuple[Attendance, str]], run: Occurrence, *, confirmed: bool, at: datetime) -> None:
    """Owe a letter to everyone of whom a list says that they attended ``run``; the text is the token of their link.

    ``confirmed`` letters are the Confirmation of Completion of their readers.
    """
    letters, worth = [], {}
    for one, token in told:
        context = _context(one, run, worth, confirmed=confirmed)
        accept = settings.SITE_URL + (reverse("cecs:list") if one.person_id else BY_LINK.format(token=outbox.HIDDEN))
        letters.append(
            {
                "key": f"{OFFERED}:{one.pk}",
                "template": OFFERED if one.person_id else INVITED,
                "person": one.person,
                "to": one.person.email if one.person_id else one.email,
                "about": run.offering.code,
                "secret": token,
                "context": {**context, "accept_link": accept},
            }
        )
    outbox.owe_all(letters, at=at)


def tell_met(met: Iterable[Attendance], run: Occurrence, *, confirmed: bool, at: datetime) -> None:
    """Tell those who had claimed already that the sponsor’s list has them, and with how many hours."""
    worth: dict[int, str] = {}
    outbox.owe_all(
        [
            {
                "key": f"{MET}:{one.pk}:{at.isoformat()}",
                "template": MET,
                "person": one.person,
                "about": one.case.reference,
                "context": {
                    **_context(one, run, worth, confirmed=confirmed),
                    "reference": one.case.reference,
                    "link": settings.SITE_URL + reverse("cecs:case", args=[one.case.reference]),
                },
            }
            for one in met
        ],
        at=at,
    )


def tell_taken_back(rows: list[Attendance], run: Occurrence, *, by, at: datetime) -> None:
    """Cancel the letters that did not go out yet; tell those whose letter did that it no longer holds."""
    keys = [f"{OFFERED}:{one.pk}" for one in rows]
    outbox.cancel(key__in=keys, by=by, at=at)
    silent = set(Message.objects.filter(key__in=keys, state=MessageState.CANCELLED).values_list("key", flat=True))
    outbox.owe_all(
        [
            {
                "key": f"{TAKEN_BACK}:{one.pk}",
                "template": TAKEN_BACK,
                "person": one.person,
                "to": one.person.email if one.person_id else one.email,
                "about": run.offering.code,
                "context": {
                    "name": one.name,
                    "sponsor": run.offering.sponsor.name,
                    "title": run.offering.title,
                    "days": span_text(run.first_day, run.last_day),
                },
            }
            for one in rows
            if f"{OFFERED}:{one.pk}" not in silent
        ],
        at=at,
    )


def _context(one: Attendance, run: Occurrence, worth: dict[int, str], *, confirmed: bool) -> dict[str, str]:
    offering = run.offering
    days = day_text(one.on_demand_day) if one.on_demand_day else span_text(run.first_day, run.last_day)
    if one.minutes not in worth:
        worth[one.minutes] = number(credits_for(offering, one.minutes, one.on_demand_day or run.last_day))
    words = {"name": one.name, "hours": length_text(one.minutes), "code": offering.code, "days": days}
    given = _(
        "This letter is your Confirmation of Completion: {name}, {hours} of instruction, {days}, approval code {code}. "
        "Keep it."
    )
    return {
        **words,
        "sponsor": offering.sponsor.name,
        "title": offering.title,
        "credits": worth[one.minutes],
        "confirmation": given.format(**words) if confirmed else "",
    }
