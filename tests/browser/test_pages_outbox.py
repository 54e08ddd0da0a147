"""The coordinator’s pages of messages, reminders and letter templates."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_messages(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "messages")
    case = factories.decided(ruth, committee, owner=amara, title="Prairie Talks")
    mails = list(Message.objects.filter(about=case.reference).order_by("pk"))
    album.visit(f"/admin/outbox/message/{mails[0].pk}/change/", "owed", stock=True)
    outbox.drain()
    Message.objects.filter(pk=mails[1].pk).update(state="failed", sent_at=None, error="550 no such mailbox")
    Message.objects.filter(pk=mails[2].pk).update(state="uncertain", sent_at=None, error="The mail server fell silent")
    album.visit("/admin/outbox/message/?template=seat-invitation", "list", stock=True)
    album.visit(f"/admin/outbox/message/{mails[-1].pk}/change/", "sent", stock=True)
    album.visit(f"/admin/outbox/message/{mails[2].pk}/change/", "uncertain", stock=True)
    press(page, "Send again …")
    album.look("asked about one", stock=True)
    page.goto("/admin/outbox/message/")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("again")
    press(page, "Go")
    album.look("asked about several", stock=True)
    press(page, "Send again")
    expect(page.get_by_text("2 messages are owed again.")).to_be_visible()
    album.close()


def test_what_goes_out(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "coming")
    album.visit("/admin/outbox/message/coming/", "nothing", stock=True)
    for days in (3, 10, 26):
        factories.seated(ruth, committee, owner=amara, at=timezone.now() - timedelta(days=days))
    album.visit("/admin/outbox/message/coming/", "week", stock=True)
    album.visit("/admin/outbox/message/", "from the list", stock=True)
    ring_tomorrow()
    page.goto("/admin/outbox/message/?template=reminder-digest")
    page.locator("#result_list tbody th a").last.click()
    album.look("digest", stock=True)
    album.close()


def ring_tomorrow() -> None:
    """Let the beats of tomorrow noon ring."""
    tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=17)
    outbox.note_due(at=tomorrow)
    assert outbox.send_digests(at=tomorrow)


def test_a_letter_template(open_page, ruth):
    page = open_page(ruth)
    album = Album(page, "template")
    row = LetterTemplate.objects.get(key="cec-denied")
    album.visit("/admin/outbox/lettertemplate/", "list", stock=True)
    album.visit(f"/admin/outbox/lettertemplate/{row.pk}/change/", "as it came", stock=True)
    page.get_by_label("Subject").fill("{referenz}: not approved")
    press(page, "Preview")
    album.look("unknown placeholder", status=422, stock=True)
    page.get_by_label("Subject").fill("{reference}: not approved this time")
    press(page, "Preview")
    expect(page.get_by_role("article", name="As HTML")).to_contain_text("Amara Okafor")
    press(page, "Send a test to me")
    expect(page.get_by_text(f"A test of this letter is on its way to {ruth.email}.")).to_be_visible()
    press(page, "Save")
    page.get_by_text("SER’s original words").click()
    page.get_by_text("Until ").click()
    album.look("edited", stock=True)
    outbox.edit_template(
        row.pk, subject="Theirs", body="Theirs", seen=LetterTemplate.objects.get(pk=row.pk).fingerprint, by=ruth
    )
    page.get_by_label("Subject").fill("Mine")
    press(page, "Save")
    album.look("stale", status=409, stock=True)
    album.close()
