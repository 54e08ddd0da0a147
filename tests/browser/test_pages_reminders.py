"""A member’s reminders: what comes, what is put off, what is stopped; signed in and by the link in a digest."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from serportal.certifications.rules import anniversary
from serportal.outbox.services import links
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press
from tests.browser.test_pages_outbox import ring_tomorrow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def amara():
    """Somebody whose last year ends short in 80 days."""
    last = programme_day() + timedelta(days=80)
    person = factories.certificant(name="Amara Okafor", since=anniversary(last + timedelta(days=1), -5))
    factories.imported(person, credits="2.5", earned_on=programme_day() - timedelta(days=20))
    factories.imported(person, credits="41", earned_on=programme_day() - timedelta(days=700))
    return person


def test_reminders_are_seen_put_off_and_stopped(open_page, amara):
    page = open_page(amara)
    album = Album(page, "reminders")
    album.visit("/accounts/profile/", "profile")
    page.get_by_role("link", name="What comes, what to put off").click()
    album.look("ahead")
    page.get_by_label("Remind me again on").first.fill((programme_day() + timedelta(days=79)).isoformat())
    page.locator("form:has(input[name=what])").first.evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Put off").first.click()
    expect(page.get_by_role("heading", name="One answer needs you")).to_be_visible()
    album.look("too late", status=422)
    page.get_by_label("Remind me again on").first.fill((programme_day() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Put off").first.click()
    expect(page.get_by_text("You are reminded of it again on")).to_be_visible()
    press(page, "Stop all of these")
    album.look("stopped")
    album.close()


def test_the_link_in_a_digest(open_page, amara):
    ring_tomorrow()
    day = programme_day(timezone.now() + timedelta(days=1))
    page = open_page()
    album = Album(page, "reminders")
    album.visit(f"/accounts/reminders/{links.token_of(amara.pk, day)}/", "by link")
    album.close()
