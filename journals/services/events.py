"""Which claims are about one event: the same name and organiser on the same days, or linked by the coordinator."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q

from journals.models import Event
from journals.rules import fold

NEAR = timedelta(days=1)

# Links take turns: what is under one event by now is known only when nobody else moves it.
TURN = "SELECT pg_advisory_xact_lock(hashtext('journals events linked'))"


def known_event(*, name: str, organiser: str, first: date, last: date) -> Event | None:
    """Return the event that a claim written like this is about, if somebody claimed it before (R-CAP)."""
    keys = {"name_key": fold(name)[:200], "organiser_key": fold(organiser)[:200]}
    return Event.objects.around(first - NEAR, last + NEAR).filter(**keys).order_by("pk").first()


def event_for(*, name: str, organiser: str, first: date, last: date) -> Event:
    """Return the event that a filed claim is about; the first claim of an event makes it, whoever files it."""
    keys = {"name_key": fold(name)[:200], "organiser_key": fold(organiser)[:200]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"event {keys}"])
    return known_event(name=name, organiser=organiser, first=first, last=last) or Event.objects.create(
        name=name, organiser=organiser, first_day=first, last_day=last, **keys
    )


@transaction.atomic
def link_events(one: Event, other: Event) -> Event:
    """Make two events one for every cap and precedent to come; what is credited already stays (R-CAP).

    Returns the one under which both now stand.
    """
    with connection.cursor() as cursor:
        cursor.execute(TURN)
    pair = Event.objects.filter(pk__in=[one.pk, other.pk]).with_root()
    root, *later = Event.objects.filter(pk__in={event.root for event in pair}).order_by("pk")
    for event in later:
        Event.objects.filter(Q(pk=event.pk) | Q(same_as=event)).update(same_as=root)
    return root
