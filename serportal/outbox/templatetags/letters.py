from django import template
from django.utils.safestring import SafeString

from serportal.outbox import twin

register = template.Library()


@register.filter
def as_letter(message) -> SafeString:
    """Write a message’s letter as paragraphs: its HTML as it went out, or its text where it went as text only."""
    return twin.shown(message.html) if message.html else twin.fragment(message.text)


@register.filter
def as_line(line: str) -> SafeString:
    """Write one line of a digest with the portal’s own addresses as links, as its mail has them (C21b)."""
    return twin.fragment(line)
