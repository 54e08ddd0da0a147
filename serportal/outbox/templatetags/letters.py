from django import template
from django.utils.safestring import SafeString

from serportal.outbox import twin

register = template.Library()


@register.filter
def as_letter(message) -> SafeString:
    """Write a message’s letter as paragraphs: its HTML as it went out, or its text where it went as text only."""
    return twin.shown(message.html) if message.html else twin.fragment(message.text)
