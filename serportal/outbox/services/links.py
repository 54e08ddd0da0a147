"""The link in a digest: its reader puts a reminder off or stops some of them by it, without signing in, and no more.

It is signed and stored nowhere. It names one person and the day of the digest, so it opens nothing of anybody else.
"""

import re
from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _

from serportal.outbox.models import Message
from serportal.outbox.rules import HIDDEN

DIGEST = "reminder-digest"
NAMED = re.compile(r"([0-9]{1,18})\.([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


def token_of(person_id: int, day: date) -> str:
    """Return what the links in the digest of ``day`` to this person bear."""
    return _signer().sign(f"{person_id}.{day.isoformat()}")


def reader_of(token: str):
    """Return (person, day of the digest) that ``token`` was signed for; None where it was not, or nobody is active."""
    try:
        named = NAMED.fullmatch(_signer().unsign(token))
    except BadSignature:
        return None
    person = get_user_model().objects.filter(pk=named[1], is_active=True).first()
    return (person, date.fromisoformat(named[2])) if person else None


def invitation() -> str:
    """Return the sentence with the link as it stands in a stored letter: its mail holds the token (``HIDDEN``)."""
    link = settings.SITE_URL + reverse("reminders:by-link", args=[HIDDEN])
    return _("Put a reminder off, or choose which you get: {link}").format(link=link)


def one_click(message: Message) -> dict[str, str]:
    """Return the headers by which a mail program stops reminders with one press (RFC 8058); none for other letters."""
    if message.template != DIGEST or not message.secret:
        return {}
    stop = settings.SITE_URL + reverse("reminders:stop", args=[message.secret])
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _signer() -> Signer:
    return Signer(salt="reminders", sep=".")
