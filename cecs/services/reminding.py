"""What members are reminded of about claims they never sent (SPEC 5)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse

from cecs import rules
from cecs.models import Draft
from serportal.outbox.rules import Due
from serportal.outbox.states import Family
from serportal.ui.words import day_text, programme_day, programme_zone

PURPOSE = "reminder-draft"


def due(day: date, *, today: date | None = None, person: int | None = None) -> list[Due]:
    """Return whose draft has lain untouched for ``rules.IDLE_DAYS`` by ``day``, told already or not.

    What is inside stays the member’s own: the line tells no title. Whoever saves a draft again is reminded again; one
    left for twice as long ``today`` is not mentioned any more. ``person`` asks for one alone.
    """
    first = _begin_of((today or day) - timedelta(days=2 * rules.IDLE_DAYS))
    last = _begin_of(day - timedelta(days=rules.IDLE_DAYS - 1))
    drafts = Draft.objects.unsent().claims().filter(saved_at__gte=first, saved_at__lt=last, owner__is_active=True)
    if person is not None:
        drafts = drafts.filter(owner=person)
    return [_due(draft) for draft in drafts.order_by("pk").only("pk", "owner_id", "saved_at")]


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=programme_zone())


def _due(draft: Draft) -> Due:
    saved_on = programme_day(draft.saved_at)
    due_on = saved_on + timedelta(days=rules.IDLE_DAYS)
    return Due(
        person=draft.owner_id,
        purpose=PURPOSE,
        object=f"draft:{draft.pk.hex}",
        step=str(saved_on),
        due_on=due_on,
        deadline=due_on,
        about="",
        context={
            "since": day_text(saved_on),
            "link": settings.SITE_URL + reverse("cecs:draft", args=[draft.pk]),
        },
        family=Family.DRAFTS,
    )
