"""Sponsors, and the people who act for them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journals.rules import fold
from preapprovals.models import Contact, Sponsor
from preapprovals.states import ContactRole


@transaction.atomic
def add_sponsor(
    *, name: str, kind: str, by, website: str = "", country: str = "", at: datetime | None = None
) -> Sponsor:
    """Add a sponsor; ``by`` manages it. Two of one name stay two until the coordinator says otherwise."""
    at = at or timezone.now()
    sponsor = Sponsor.objects.create(
        name=name, name_key=fold(name)[:200], kind=kind, website=website, country=country, made_at=at
    )
    Contact.objects.create(
        sponsor=sponsor,
        email=by.email,
        person=by,
        role=ContactRole.MANAGER,
        invited_at=at,
        invited_by=by,
        joined_at=at,
    )
    return sponsor
