"""What a coordinator may know of what is owed: a conflict hides a bill as it hides the case it is about (R-REV-5)."""

from django.db.models import Exists, OuterRef

from serportal.fees.models import Bill
from serportal.reviews.models import ReviewCase


def bills_visible_to(user):
    """Bills of others that are about no case, or about one that ``user`` may work on."""
    hidden = ReviewCase.objects.closed_to(user).filter(reference=OuterRef("about"))
    return Bill.objects.exclude(person=user).filter(~Exists(hidden))
