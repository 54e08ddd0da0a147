"""A member’s private calendar of deadlines: its address is made, made anew and taken away by the member alone."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals.models import DeadlineFeed
from serportal.certifications.models import Period
from serportal.ui.refusal import Refusal


@transaction.atomic
def open_feed(*, by, at: datetime | None = None) -> DeadlineFeed:
    """Return the calendar of ``by``, made where there is none yet; asked twice, it is the same address.

    Raises Refusal for someone without a journal.
    """
    check_has_journal(by)
    feed, _made = DeadlineFeed.objects.get_or_create(person=by, defaults=fresh(at))
    return feed


@transaction.atomic
def renew_feed(*, by, at: datetime | None = None) -> DeadlineFeed:
    """Give the calendar of ``by`` a new address; the one before leads nowhere from now on."""
    check_has_journal(by)
    feed, _made = DeadlineFeed.objects.update_or_create(person=by, defaults=fresh(at))
    return feed


@transaction.atomic
def close_feed(*, by) -> None:
    """Take the address away; asked twice, it is the same as asked once."""
    DeadlineFeed.objects.filter(person=by).delete()


def fresh(at: datetime | None) -> dict:
    return {"key": secrets.token_urlsafe(32), "made_at": at or timezone.now()}


def check_has_journal(person) -> None:
    if not Period.objects.filter(person=person).exists():
        sentence = _("A calendar of deadlines needs a journal, and this account holds no certification yet.")
        raise Refusal("no-journal", sentence)
