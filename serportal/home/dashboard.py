"""A person’s front page: what needs them, what waits on others, where they stand (EXPERIENCE, Behaviour)."""

from cecs.models import Draft
from journals.standing import journal_of
from serportal.reviews import wording
from serportal.reviews.models import ReviewCase, Seat
from serportal.ui.words import programme_day

SHOWN = 10


def dashboard_of(user) -> dict:
    """Return everything the dashboard of ``user`` shows, in a fixed number of queries."""
    today = programme_day()
    cases = list(ReviewCase.objects.filter(filed_by=user).order_by("-filed_at")[:SHOWN])
    return {
        "today": today,
        "seats": list(Seat.objects.on_the_desk_of(user)[:SHOWN]),
        "drafts": list(Draft.objects.of(user).unfiled()[:SHOWN]),
        "waiting": [(case, wording.standing(case, today)) for case in cases if case.step != "done"],
        "decided": [case for case in cases if case.step == "done"][:3],
        "journal": journal_of(user, today),
    }
