"""Cases that no coordinator may work on: nobody would find them, so the portal says that there is one (R-REV-5)."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from serportal.outbox import services as outbox
from serportal.reviews.models import ReviewCase
from serportal.ui.words import day_text


def alarm_of_orphans(*, at: datetime | None = None) -> int:
    """Tell every superuser once of each open case that no coordinator may see; return how many such cases there are.

    The letter names the day and not the case: its readers have a conflict with it too.
    """
    at, people = at or timezone.now(), get_user_model().objects
    cases = ReviewCase.objects.open()
    for one in people.coordinators():
        cases = cases.closed_to(one)
    orphans = list(cases)
    if orphans:
        managers = list(people.filter(is_superuser=True, is_active=True))
        for case in orphans:
            for one in managers:
                _tell(case, one, at)
    return len(orphans)


def _tell(case: ReviewCase, person, at: datetime) -> None:
    outbox.owe(
        key=f"orphan:{case.pk}:{person.pk}",
        at=at,
        template="case-orphaned",
        person=person,
        about="",
        context={
            "name": person.get_short_name(),
            "due": day_text(case.due_on),
            "link": settings.SITE_URL + reverse("admin:accounts_user_changelist"),
        },
    )
