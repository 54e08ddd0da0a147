"""The HTML twin of a letter: made from exactly its text, in one quiet shell, so that the coordinator edits text only.

An address becomes a link where the portal made it, or where a coordinator wrote it into a template. Whatever else looks
like one came from somebody’s own words and stays plain text (RELIABILITY C21b).
"""

import re
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

ADDRESS = re.compile(r"https?://[^\s<>\"“”„«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
CLOSING = ".,;:!?)]}’'"
BEGINS, ENDS = "<!--letter-->\n", "\n<!--end-->"


@lru_cache(64)
def addresses(text: str) -> frozenset[str]:
    """Return the web and e-mail addresses in ``text``, without the punctuation that follows them."""
    return frozenset(found.rstrip(CLOSING) for found in ADDRESS.findall(text))


def fragment(text: str, *, words: str = "") -> SafeString:
    """Return ``text`` as paragraphs with line breaks and links; ``words`` are the template’s, before it was filled."""
    ours = addresses(words) | {settings.CONTACT_EMAIL}
    paragraphs = PARAGRAPHS.split(text.strip())
    return mark_safe("\n".join(f"<p>{_linked(one, ours)}</p>" for one in paragraphs))  # noqa: S308  (escaped piecewise)


def document(subject: str, text: str, *, words: str = "") -> str:
    """Return the whole HTML part of a mail: the fragment in the shell ``outbox/letter.html``."""
    letter = BEGINS + fragment(text, words=words) + ENDS
    return render_to_string("outbox/letter.html", {"subject": subject, "letter": mark_safe(letter)})  # noqa: S308


def shown(html: str) -> SafeString:
    """Return the fragment of a document made here, for a page that has a shell of its own."""
    return mark_safe(html.partition(BEGINS)[2].partition(ENDS)[0])  # noqa: S308  (nobody but ``document`` writes it)


def _linked(text: str, ours: frozenset[str]) -> str:
    """Escape ``text`` piece by piece, with links for addresses of the portal and for ``ours``."""
    pieces, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(CLOSING)
        if address in ours or f"{address}/".startswith(f"{settings.SITE_URL}/"):
            scheme = "" if "://" in address else "mailto:"
            pieces += [_escaped(text[end : match.start()]), format_html('<a href="{0}{1}">{1}</a>', scheme, address)]
            end = match.start() + len(address)
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
