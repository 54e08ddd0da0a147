"""What every page knows: who is signed in and which parts of the portal are theirs."""

from django.conf import settings
from django.db.models import Exists
from django.utils.functional import SimpleLazyObject

from applications.models import Partner
from preapprovals.models import Contact, Draft
from serportal.accounts.models import CommitteeTerm, User
from serportal.accounts.querysets import covering
from serportal.certifications.models import Period
from serportal.fees.models import Bill
from serportal.reviews.models import Seat
from serportal.ui.words import programme_day


def menu_of(user) -> dict:
    """Return which doors the menu shows; one query for a signed-in person, none for the public."""
    if not user.is_authenticated:
        return {}
    own = User.objects.filter(pk=user.pk).values_list(
        Exists(CommitteeTerm.objects.filter(covering(programme_day()), member=user)),
        Exists(Seat.objects.filter(member=user)),
        Exists(Period.objects.filter(person=user)),
        Exists(Bill.objects.filter(person=user)),
        Exists(Partner.objects.filter(contact=user)),
        Exists(Contact.objects.current().filter(person=user)),
        Exists(Draft.objects.open_of(user)),
    )
    serving, seated, certificant, billed, partner, contact, asking = own[0]
    return {
        "reviewer": serving or seated,
        "certificant": certificant,
        "billed": billed,
        "partner": partner,
        "contact": contact,
        "sponsor": contact or asking,
        "coordinator": user.is_coordinator,
    }


def portal(request) -> dict:
    user = getattr(request, "user", None)
    return {
        "demo": settings.DEMO,
        "contact_email": settings.CONTACT_EMAIL,
        "menu": SimpleLazyObject(lambda: menu_of(user)) if user is not None else {},
    }
