"""Sponsors, and the people who act for them."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals.rules import fold
from preapprovals.models import Contact, Sponsor
from preapprovals.permissions import role_of
from preapprovals.states import ContactRole

# Whoever looks a sponsor up by its name and makes it, or joins two, takes turns: each sees what the one before did.
TURN = "SELECT pg_advisory_xact_lock(hashtext('sponsors by name'))"


def take_turn() -> None:
    """Wait until nobody else finds, makes or joins sponsors by their names; holds until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(TURN)


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


def why_not_ask(person, sponsor: Sponsor) -> str:
    """Say why ``person``, who only reads for ``sponsor``, cannot ask for it; "" for anybody else."""
    return who_lets_ask(sponsor) if role_of(person, sponsor) == ContactRole.READER else ""


def who_lets_ask(sponsor: Sponsor) -> str:
    """Say to somebody who only reads for ``sponsor`` who can let them ask for it."""
    names = ", ".join(one.person.name for one in sponsor.contacts.managing().select_related("person"))
    if not names:
        text = _("You only read for {sponsor}, and nobody manages it at present. Write to {mail} to be let ask for it.")
        return text.format(sponsor=sponsor, mail=settings.CONTACT_EMAIL)
    text = _(
        "You only read for {sponsor}. Who manages it can let you ask for pre-approvals, or ask themselves: {names}."
    )
    return text.format(sponsor=sponsor, names=names)
