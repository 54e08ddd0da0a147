"""Filters every template may use: days, moments and credits, written the same way everywhere."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from serportal.ui.text import without_addresses
from serportal.ui.words import (
    day_text,
    in_credits,
    length_text,
    letter,
    moment_text,
    money,
    number,
    signed,
    span_text,
    written,
    zone_text,
)

register = template.Library()
register.filter(without_addresses)
register.filter(signed)
register.filter(money)
register.filter(letter)
register.filter(length_text)
register.filter(zone_text)


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day in full, as “14 December 2026”, with its machine-readable twin; instants in programme time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value, timezone.get_default_timezone()).date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


@register.filter
def short_day(value: date) -> str:
    """Write day and month only, as “14 December”."""
    return written(value, "j\xa0F", get_language())


@register.filter
def span(first: date, last: date) -> str:
    """Write two days as one stretch, as “12 to 15 October 2026”."""
    return span_text(first, last)


@register.filter
def moment(value: datetime | None) -> str:
    """Write an instant in programme time and, where it differs, in the reader's own zone."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment_text(value))


@register.filter
def credits(value: Decimal | None) -> str:
    """Write a number of credits without trailing zeros: 10, 7.5, 0.75."""
    return "" if value is None else number(value)


register.filter(in_credits)


@register.filter
def grammatical(value: Decimal) -> int:
    """Return the whole number whose plural a fraction takes: 1 is one credit, 0.75 and 2 are credits."""
    return 1 if value == 1 else 2


@register.filter
def late(days: int) -> int:
    """Turn days left, once negative, into days late."""
    return -days


@register.filter
def kilobytes(size: int) -> str:
    """Write a file's size as people read it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


@register.filter
def what_for(file, rows: dict[str, str] | str) -> str:
    """What a file is for: the row it belongs to, where ``rows`` name it by its purpose."""
    return (rows or {}).get(file.purpose) or file.purpose_label


@register.filter
def grouped(digest: str) -> str:
    """Break a SHA-256 into groups of eight so that two can be compared by eye."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


@register.simple_tag(takes_context=True)
def menu_link(context, view: str, label: str) -> str:
    """Return a line of the main menu; the page one is on, or below, says so."""
    url = reverse(view)
    here = context["request"].path.startswith(url)
    return format_html('<li><a href="{}"{}>{}</a></li>', url, mark_safe(' aria-current="page"') if here else "", label)


@register.simple_tag
def contact() -> str:
    return format_html('<a href="mailto:{0}">{0}</a>', settings.CONTACT_EMAIL)
