"""Days, moments and numbers as text, for pages and letters alike."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

ZONE_NAMES = {"America/New_York": "Eastern Time"}


def day_text(value: date) -> str:
    """“14 December 2026”; day and month never part at a line's end."""
    return written(value, "j\xa0F Y", get_language())


@lru_cache(4096)
def written(value: date, pattern: str, language: str | None) -> str:
    """Write a day in the language at hand; the same few days stand on every page."""
    return date_format(value, pattern)


def span_text(first: date, last: date) -> str:
    """“12 to 15 October 2026”, with as little repeated as possible."""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        begin = str(first.day)
    else:
        begin = written(first, "j\xa0F" if first.year == last.year else "j\xa0F Y", get_language())
    return _("{first} to {last}").format(first=begin, last=day_text(last))


def programme_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def programme_day(at: datetime | None = None) -> date:
    """Return the programme's calendar day at the instant ``at`` (now, if none is given)."""
    return timezone.localtime(at or timezone.now(), programme_zone()).date()


def moment_text(value: datetime) -> str:
    """“16 November 2026, 10:58 Eastern Time; 16:58 where you are” (the second half only where it differs)."""
    ours = timezone.localtime(value, programme_zone())
    text = _("{day}, {time} {zone}").format(
        day=day_text(ours.date()),
        time=ours.strftime("%H:%M"),
        zone=ZONE_NAMES.get(settings.TIME_ZONE, settings.TIME_ZONE),
    )
    theirs = timezone.localtime(value)
    if theirs.utcoffset() == ours.utcoffset():
        return text
    time = theirs.strftime("%H:%M")
    if theirs.date() != ours.date():
        time = date_format(theirs.date(), "j\xa0F, ") + time
    return _("{text}; {time} where you are").format(text=text, time=time)


def number(value: Decimal) -> str:
    """Write a number without trailing zeros or exponent: 10, 7.5, 0.75."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal) -> str:
    """Write a number that may be below zero: 2.5, −2.5."""
    return number(value).replace("-", "−")


def in_credits(value: Decimal) -> str:
    """Write a number of credits with its noun: 1 credit, 7.5 credits, −1 credits."""
    return ngettext("{n} credit", "{n} credits", 1 if value == 1 else 2).format(n=signed(value))


def money(value: Decimal) -> str:
    """Write an amount of US dollars: USD 250.00, USD 1,250.50."""
    return f"USD\xa0{Decimal(value):,.2f}"


def letter(number: int) -> str:
    """Name the n-th file as its readers know it: A, B … Z, AA."""
    more, place = divmod(number - 1, 26)
    return (letter(more) if more else "") + chr(ord("A") + place)


def zone_text(name: str) -> str:
    """“Eastern Time” for our own zone, “Europe/Amsterdam” for others."""
    return ZONE_NAMES.get(name, name).replace("_", " ")


def length_text(minutes: int) -> str:
    """“6 h”, “45 min”, “6 h 30 min”."""
    hours, rest = divmod(minutes, 60)
    parts = [_("{n} h").format(n=hours)] if hours or not rest else []
    return " ".join([*parts, *([_("{n} min").format(n=rest)] if rest else [])])
