"""How the public list says what an offering is, what it counts and when it takes place."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from preapprovals.models import Occurrence, Offering
from preapprovals.states import SponsorKind
from serportal.ui.words import day_text, number, programme_zone, span_text, zone_text


@dataclass(frozen=True)
class Run:
    """The days, hours and place of one date, as the list and the calendar say them."""

    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    zone: str
    place: str
    country: str

    @classmethod
    def of(cls, one: Occurrence) -> "Run":
        return cls(one.first_day, one.last_day, one.starts, one.ends, one.zone, one.place, one.country.code or "")

    @classmethod
    def read(cls, said: dict) -> "Run":
        """Return the date that the database told as JSON."""
        days = {name: date.fromisoformat(said[name]) for name in ("first_day", "last_day")}
        hours = {name: said[name] and time.fromisoformat(said[name]) for name in ("starts", "ends")}
        return cls(**{**said, **days, **hours})

    @property
    def span(self) -> str:
        return span_text(self.first_day, self.last_day)

    @property
    def where(self) -> str:
        return ", ".join(text for text in (self.place, countries.name(self.country)) if text)

    @property
    def hours(self) -> str:
        """“13:00 to 16:00 Africa/Nairobi”; of several days, when the first begins and the last ends."""
        if self.starts is None:
            return ""
        words = _("{starts} to {ends} {zone}")
        if self.last_day > self.first_day:
            words = _("begins at {starts}, ends on the last day at {ends} {zone}")
        return words.format(starts=clock(self.starts), ends=clock(self.ends), zone=zone_text(self.zone))

    @property
    def hours_here(self) -> str:
        """The same in the reader’s own zone, where that differs: “where you are, 14 March 2027, 06:00 to 09:00”.

        Of someone who is not signed in the zone is not known: they read it in the programme’s, by its name.
        """
        if self.starts is None:
            return ""
        begin, end = (
            datetime.combine(day, hour, tzinfo=ZoneInfo(self.zone))
            for day, hour in ((self.first_day, self.starts), (self.last_day, self.ends))
        )
        here, until = timezone.localtime(begin), timezone.localtime(end)
        if (here.utcoffset(), until.utcoffset()) == (begin.utcoffset(), end.utcoffset()):
            return ""
        first, last = clock(here.time()), clock(until.time())
        if here.date() != begin.date():
            first = f"{day_text(here.date())}, {first}"
        if until.date() != (end.date() if here.date() == begin.date() else here.date()):
            last = f"{day_text(until.date())}, {last}"
        if timezone.get_current_timezone() == programme_zone():
            return _("{first} to {last} {zone}").format(first=first, last=last, zone=zone_text(settings.TIME_ZONE))
        return _("where you are, {first} to {last}").format(first=first, last=last)


def clock(hour: time) -> str:
    return hour.strftime("%H:%M")


def counted(offering: Offering) -> str:
    """Return the sentence of how an offering counts; needs its ``request``.

    One whose credits are not what its request added up to, or that came without a request, says what was granted.
    """
    asked = offering.request
    if asked is not None and asked.credits == offering.credits:
        return asked.sentence
    words = ngettext(
        "{credits} credit was granted.", "{credits} credits were granted.", 1 if offering.credits == 1 else 2
    )
    granted = words.format(credits=number(offering.credits))
    if asked is not None:
        return f"{asked.sentence} {granted}"
    if not offering.minutes:
        return granted
    return _("{time} of instruction. {granted}").format(time=spoken_length(offering.minutes), granted=granted)


def spoken_length(minutes: int) -> str:
    """“90 minutes”, “6 hours 30 minutes”."""
    whole, rest = divmod(minutes, 60)
    if whole < 2:
        return _("{n} minutes").format(n=minutes)
    hours = _("{n} hours").format(n=whole)
    return _("{hours} {n} minutes").format(hours=hours, n=rest) if rest else hours


def limits(offering: Offering) -> str:
    """Say what of an offering is not pre-approved (R-SPO-7); nothing where all of it is.

    A single session of a conference is pre-approved alone (R-CAT-3).
    """
    if not offering.is_preapproved:
        if offering.sponsor.kind == SponsorKind.SER:
            return _(
                "Not pre-approved: a webinar or event of SER or a chapter is not pre-approved by itself. "
                "It can be claimed afterwards, and is then looked at by the committee."
            )
        return _("Not pre-approved. It can be claimed afterwards, and is then looked at by the committee.")
    if offering.part_of:
        return _("Only this part of {event} is pre-approved, not the rest of it.").format(event=offering.part_of)
    return ""
