"""What a certificant lets the public see (SPEC 4: the directory is opt-in)."""

from datetime import datetime

from django.utils import timezone

from serportal.certifications.models import Listing


def listing_of(person) -> Listing:
    """Return what ``person`` agreed to; an entry that says no to everything where they were never asked."""
    return Listing.objects.filter(person=person).first() or Listing(person=person)


def set_listing(
    *,
    person,
    listed: bool,
    show_country: bool = False,
    show_employer: bool = False,
    show_email: bool = False,
    at: datetime | None = None,
) -> Listing:
    """Store what ``person`` agrees to; it holds at once, on every public page."""
    agreed = {
        "listed": listed,
        "show_country": listed and show_country,
        "show_employer": listed and show_employer,
        "show_email": listed and show_email,
    }
    made, _new = Listing.objects.update_or_create(
        person=person, defaults={**agreed, "changed_at": at or timezone.now()}
    )
    return made
