"""RELIABILITY C21b: what people type about themselves becomes neither link nor markup, in text and in HTML."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.loader import get_template

from serportal.outbox import services, twin
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.placeholders import PLACEHOLDERS, described, samples
from serportal.outbox.templatetags.letters import as_letter
from tests import factories

pytestmark = pytest.mark.django_db

EVIL = [
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE/x?y=1#z",
    "Amara https://evil.example/claim-your-prize",
    "www.evil.example",
    "evil.example",
    "mallory@evil.example",
    "<script>alert(1)</script>",
    '"><a href="http://evil.example">click</a>',
    "[click](http://evil.example)",
    "Amara\r\nBcc: everyone@evil.example",
    "Amara\n\nYour prize: http://evil.example",
    "ht\u200btp://evil.example",
    "\u202egro.elpmaxe.live//:ptth",
    "Amara\x00\x07\x1b[31m",
    "http://127.0.0.1:8000@evil.example/",
    "http://127.0.0.1:8000.evil.example/",
    "{link}{due}{name}",
]


class Links(HTMLParser):
    """Collects the addresses and the tags of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.addresses, self.tags = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src"}]


QUIET = {"html", "head", "meta", "title", "body", "div", "p", "br", "a"}


def ours(address: str) -> bool:
    return address.startswith(settings.SITE_URL + "/") or address == f"mailto:{settings.CONTACT_EMAIL}"


def letters():
    return [path.stem for path in (settings.BASE_DIR / "templates" / "letters").glob("*.txt")]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("key", letters())
def test_no_name_or_title_adds_a_link_a_tag_or_a_line_to_any_letter(key, evil):
    row = LetterTemplate.objects.get(key=key)
    plain = services.written(row, samples(row.known))
    typed = {name: evil for name in row.known if described(name).typed}
    letter = services.written(row, {**samples(row.known), **typed})
    found = Links(letter.html)
    assert found.addresses == Links(plain.html).addresses and all(ours(address) for address in found.addresses)
    assert found.tags <= QUIET
    assert letter.text.count("\n") == plain.text.count("\n") and "\n" not in letter.subject
    assert "://evil" not in letter.text.casefold() and "@evil" not in letter.text and ".example" not in letter.text
    assert not {"\u202e", "\u200b", "\x00", "\x1b"} & set(letter.text + letter.subject)


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("key", ["reasons", "sum"])
def test_an_address_in_the_reasons_stays_plain_text(key, evil):
    row = LetterTemplate(subject="S", body="{name}: {" + key + "}\n\n{link}", known=["name", key, "link"])
    letter = services.written(row, {**samples(row.known), key: evil})
    assert [one for one in Links(letter.html).addresses if "evil" in one.casefold()] == []
    assert Links(letter.html).tags <= QUIET
    if evil == "http://evil.example":
        assert "http://evil.example" in letter.text and "http://evil.example" in letter.html


@pytest.mark.parametrize("evil", [one for one in EVIL if "\n" not in one and "\x00" not in one])
@pytest.mark.parametrize("mail", ["email_confirmation_signup", "email_confirmation", "password_reset_key"])
def test_no_name_adds_a_link_to_a_sign_in_mail(mail, evil):
    """Whoever signs up with somebody else’s address chooses the name in the mail that goes there."""
    link = settings.SITE_URL + "/accounts/confirm-email/key/"
    context = {"user": factories.PersonFactory.build(name=evil), "activate_url": link, "password_reset_url": link}
    template = get_template(f"account/email/{mail}_message.txt")
    text = template.render({**context, "contact_email": settings.CONTACT_EMAIL})
    services.owe_ready(key="m", to="amara@example.org", subject="Confirm", text=text)
    found = Links(Message.objects.get().html)
    assert set(found.addresses) == {link, f"mailto:{settings.CONTACT_EMAIL}"} and found.tags <= QUIET
    assert "://evil" not in text.casefold() and "@evil" not in text and ".example" not in text


def test_every_sign_in_mail_that_names_a_person_takes_the_addresses_out_of_the_name():
    folder = settings.BASE_DIR / "templates"
    named = [path for path in folder.rglob("*/email/*.txt") if "user.get_" in path.read_text()]
    assert named and all("user.get_short_name|without_addresses" in path.read_text() for path in named)


def test_an_address_a_coordinator_wrote_into_a_template_is_a_link_in_that_letter_and_in_ready_ones():
    LetterTemplate.objects.filter(key="cec-denied").update(body="Read https://www.ser.org/guide (help@ser.org). {name}")
    row = LetterTemplate.objects.get(key="cec-denied")
    found = Links(services.written(row, samples(row.known)).html)
    assert found.addresses == ["https://www.ser.org/guide", "mailto:help@ser.org"]
    services.owe_ready(
        key="m", to="a@example.org", subject="S", text="See https://www.ser.org/guide, https://x.example/"
    )
    assert Links(Message.objects.get().html).addresses == ["https://www.ser.org/guide"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\n\n three", "<p>One<br>\ntwo</p>\n<p>three</p>"),
        ("a < b & \"c\" 'd'", "<p>a &lt; b &amp; &quot;c&quot; &#x27;d&#x27;</p>"),
        (
            "(http://127.0.0.1:8000/x?a=1&b=2).",
            '<p>(<a href="http://127.0.0.1:8000/x?a=1&amp;b=2">http://127.0.0.1:8000/x?a=1&amp;b=2</a>).</p>',
        ),
        ("http://127.0.0.1:8000", '<p><a href="http://127.0.0.1:8000">http://127.0.0.1:8000</a></p>'),
        ("http://127.0.0.1:80001/", "<p>http://127.0.0.1:80001/</p>"),
        ("javascript://127.0.0.1:8000/", "<p>javascript://127.0.0.1:8000/</p>"),
        ("<!--end-->", "<p>&lt;!--end--&gt;</p>"),
        ("", "<p></p>"),
    ],
)
def test_text_becomes_paragraphs_breaks_and_links(text, html):
    assert twin.fragment(text) == html
    assert twin.shown(twin.document("S", text)) == html


def test_the_shell_has_styles_of_its_own_only_and_no_colour_picture_or_script():
    html = twin.document("<S> & T", "Text.")
    assert "<title>&lt;S&gt; &amp; T</title>" in html and html.startswith("<!DOCTYPE html>")
    assert Links(html).tags <= QUIET
    assert "65ch" in html and 'content="light dark"' in html
    assert "color:" not in html and "background" not in html and "url(" not in html


def test_a_page_shows_the_html_that_went_out_and_the_text_where_there_was_none():
    sent = Message(subject="S", text="Text.", html=twin.document("S", "As it *was*."))
    assert as_letter(sent) == "<p>As it *was*.</p>"
    assert as_letter(Message(text="<Only> text, http://x.example")) == "<p>&lt;Only&gt; text, http://x.example</p>"


def test_every_placeholder_of_every_template_has_a_sample():
    for row in LetterTemplate.objects.all():
        assert set(row.known) <= set(PLACEHOLDERS), row.key
