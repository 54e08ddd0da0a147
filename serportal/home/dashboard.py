"""A person’s front page: what needs them, what waits on others, where they stand (EXPERIENCE, Behaviour)."""

from django.db.models import Count, F, Min

from applications.models import Graduate
from cecs.models import Draft
from journals.standing import journal_of
from serportal.fees.models import Bill
from serportal.reviews import wording
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Step
from serportal.ui.words import programme_day

SHOWN = 10
DECIDED = 3


def dashboard_of(user, *, reviewer: bool, billed: bool, partner: bool) -> dict:
    """Return everything the dashboard of ``user`` shows, in a fixed number of queries.

    ``reviewer`` says whether a committee term of theirs holds today, ``billed`` whether they ever got a bill,
    ``partner`` whether a college answers through them; others have no seats, bills or graduates to look for.
    """
    today = programme_day()
    open_first = F("decided_at").desc(nulls_first=True)
    own = list(ReviewCase.objects.filter(filed_by=user).order_by(open_first, "-filed_at", "-pk")[: SHOWN * 3])
    decided = [case for case in own if case.step == Step.DONE]
    waiting = [case for case in own if case.step != Step.DONE]
    standing = [(case, wording.standing(case, today)) for case in waiting]
    return {
        "today": today,
        "seats": list(Seat.objects.on_the_desk_of(user)[:SHOWN]) if reviewer else [],
        "bills": list(Bill.objects.of(user).due()[:SHOWN]) if billed else [],
        "graduates": waiting_for(user) if partner else None,
        "drafts": list(Draft.objects.of(user).unsent().claims()[:SHOWN]),
        "asked": [(case, stand) for case, stand in standing if stand.yours],
        "waiting": [(case, stand) for case, stand in standing if not stand.yours][:SHOWN],
        "decided": decided[:DECIDED],
        "journal": journal_of(user, today, in_review=waiting),
    }


def waiting_for(contact) -> dict | None:
    """Return how many graduates wait for the answer of ``contact``, and since when; None where none does."""
    counted = Graduate.objects.of_contact(contact).unanswered().aggregate(n=Count("pk"), since=Min("asked_at"))
    return counted if counted["n"] else None
