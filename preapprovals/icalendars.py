"""Dates as calendar programs read them (RFC 5545, RFC 7986): stable ids, named time zones, updates, cancellations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from preapprovals.listing import Run, counted, limits
from preapprovals.models import Occurrence
from preapprovals.states import STANDING
from serportal.ui.text import seen

EVERY = timedelta(hours=6)
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Happening:
    """One date as it is told: the same facts make the same lines, so that they are made once in a process."""

    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    run: Run
    title: str
    about: str
    page: str
    url: str
    off: bool


def calendar(rows: Iterable[Occurrence], *, name: str, day: date) -> bytes:
    """Return a calendar of ``rows``, which come from ``followed``."""
    happenings = [happening(one, day) for one in rows]
    head = Calendar()
    head.add("prodid", "-//Society for Ecological Restoration//Certification//EN")
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("method", "PUBLISH")
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(EVERY))
    timed = [one.run for one in happenings if one.run.starts]
    years = {zone: [] for zone in sorted({run.zone for run in timed if run.zone != "UTC"})}
    for run in timed:
        if run.zone in years:
            years[run.zone] += [run.first_day.year, run.last_day.year]
    zones = [zone_lines(zone, min(of), max(of)) for zone, of in years.items()]
    return b"".join([head.to_ical().removesuffix(END), *zones, *map(event_lines, happenings), END])


def happening(one: Occurrence, day: date) -> Happening:
    """Return what is told of a date: of a terminated or withdrawn offering, no more than that it is off.

    What expired keeps its past dates in the calendars that have them, without the page that is gone.
    """
    offering, turns = one.offering, one.turns or 0
    standing = offering.state in STANDING
    listed = standing and offering.valid_to >= day
    page = settings.SITE_URL + reverse("courses:one", args=[offering.pk]) if listed else ""
    said = [limits(offering), counted(offering) if offering.is_preapproved else "", page] if listed else []
    return Happening(
        uid=str(one.uid),
        sequence=one.sequence + turns,
        made_at=one.made_at,
        changed_at=max(one.changed_at, one.turned_at or one.changed_at),
        run=Run.of(one),
        title=seen(offering.title),
        about=seen("\n".join(text for text in said if text)),
        page=page,
        url=one.url if listed else "",
        off=not standing or one.cancelled_at is not None,
    )


@lru_cache(4096)
def event_lines(one: Happening) -> bytes:
    """Return the lines of one event."""
    event, run = Event(), one.run
    event.add("uid", one.uid)
    event.add("dtstamp", one.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("created", one.made_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", one.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", one.sequence)
    event.add("status", "CANCELLED" if one.off else "CONFIRMED")
    event.add("summary", _("Cancelled: {title}").format(title=one.title) if one.off else one.title)
    if run.starts is None:
        event.add("dtstart", run.first_day)
        event.add("dtend", run.last_day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", moment(run.first_day, run.starts, run.zone))
        event.add("dtend", moment(run.last_day, run.ends, run.zone))
    if run.where and not one.off:
        event.add("location", seen(run.where))
    if one.about and not one.off:
        event.add("description", one.about)
    if one.page:
        event.add("url", one.url or one.page)
    return event.to_ical()


def moment(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))


@lru_cache(256)
def zone_lines(zone: str, first: int, last: int) -> bytes:
    """Return the definition of a time zone for the years from ``first`` to ``last``."""
    made, here = Timezone(), ZoneInfo(zone)
    made.add("tzid", zone)
    at = datetime(first - 1, 12, 30, tzinfo=UTC)
    made.add_component(observance(at.astimezone(here), before=at.astimezone(here).utcoffset()))
    while at.year <= last:
        following = at + timedelta(days=1)
        before, after = at.astimezone(here), following.astimezone(here)
        if before.utcoffset() != after.utcoffset():
            change = changes_at(at, following, here)
            made.add_component(observance(change.astimezone(here), before=before.utcoffset()))
        at = following
    return made.to_ical()


def changes_at(early: datetime, late: datetime, here: ZoneInfo) -> datetime:
    """Return the first minute between two instants at which the clocks of a zone show another offset."""
    before = early.astimezone(here).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + timedelta(minutes=(late - early) // timedelta(minutes=2))
        early, late = (middle, late) if middle.astimezone(here).utcoffset() == before else (early, middle)
    return late


def observance(at: datetime, *, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """Return what holds from ``at`` on; its beginning is written by the clock that held until then."""
    made = TimezoneDaylight() if at.dst() else TimezoneStandard()
    made.add("dtstart", (at.astimezone(UTC) + before).replace(tzinfo=None))
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", at.utcoffset())
    made.add("tzname", at.tzname())
    return made
