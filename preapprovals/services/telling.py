"""Letters to the people who act for a sponsor."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from preapprovals.models import Offering
from preapprovals.querysets import REQUESTS
from serportal.outbox import services as outbox
from serportal.reviews.models import ReviewCase


def tell_contacts(
    offering: Offering,
    *,
    key: str,
    template: str,
    context: dict[str, str],
    at: datetime,
    roles=None,
    about: ReviewCase | None = None,
) -> int:
    """Owe each current contact of an offering’s sponsor one letter; return how many. ``key`` names the occasion.

    Of a letter ``about`` a case, whoever filed that has their own, and whoever it is hidden from gets none (R-REV-5).
    """
    reference = about.reference if about else reference_of(offering)
    contacts = offering.sponsor.contacts.current().select_related("person")
    if about is not None:
        hidden = {about.filed_by_id, *about.conflicts.values_list("member", flat=True)}
        contacts = contacts.exclude(person__in=hidden)
    contacts = list(contacts.filter(role__in=roles) if roles else contacts)
    for one in contacts:
        outbox.owe(
            key=f"{key}:{one.pk}",
            template=template,
            to="" if one.person else one.email,
            person=one.person,
            context={**context, "name": one.person.get_short_name() if one.person else offering.sponsor.name},
            about=reference,
            at=at,
        )
    return len(contacts)


def reference_of(offering: Offering) -> str:
    """Return the reference of the case that approved an offering, or what it renews; "" for one brought in.

    Mail about it is hidden from whoever that case is hidden from (R-REV-5).
    """
    keys = [key for key in Offering.objects.filter(pk=offering.pk).values_list(*REQUESTS)[0] if key]
    return ReviewCase.objects.get(pk=keys[0]).reference if keys else ""


def page_of(offering: Offering) -> str:
    """Return the address of the page on which a sponsor keeps one offering."""
    return settings.SITE_URL + reverse("preapprovals:offering", args=[offering.pk])
