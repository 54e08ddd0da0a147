"""The sponsor’s way in the browser: the agenda worked out while it is typed, and every page of the form looked at."""

import pytest
from playwright.sync_api import expect

from preapprovals.models import Draft
from preapprovals.services.replying import begin_reply
from serportal.reviews import services as reviews
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wanjiru():
    return factories.PersonFactory(name="Wanjiru Kamau", email="wanjiru@delta.example")


def test_the_agenda_is_worked_out_while_it_is_typed(open_page, wanjiru):
    page = open_page(wanjiru)
    page.goto("/preapprovals/new/")
    press(page, "Start a request")
    base = page.url
    page.goto(f"{base}offering/")
    page.get_by_label("Category 2").check()
    page.get_by_label("On demand").check()
    expect(page.get_by_label("Estimated hours of contact time")).to_be_visible()
    page.get_by_label("In person", exact=True).check()
    expect(page.get_by_label("Estimated hours of contact time")).to_be_hidden()
    press(page, "Save and go on")
    page.goto(f"{base}agenda/")
    for name, text in {"from-0": "9", "to-0": "12:30", "what-0": "Soils of the marsh"}.items():
        page.locator(f"[name={name}]").fill(text)
    expect(page.locator("#sheet")).to_contain_text("3.5 hours = 3.5.")
    page.locator("[name=from-1]").fill("12:00")
    page.locator("[name=to-1]").fill("12:00")
    page.locator("[name=what-1]").fill("Lunch")
    expect(page.locator("#sheet")).to_contain_text("Line 2: it begins and ends at 12:00.")
    album = Album(page, "request")
    press(page, "Save and work it out")
    album.look("agenda with a line that is wrong")
    page.get_by_label("As one number").check()
    page.get_by_label("Minutes of instruction").fill("90")
    expect(page.locator("#sheet")).to_contain_text("1.5 hours = 1.5.")
    album.close()


def test_pages_of_a_request(open_page, wanjiru):
    draft = factories.request_draft(wanjiru)
    page = open_page(wanjiru)
    album = Album(page, "request")
    base = f"/preapprovals/drafts/{draft.pk}/"
    album.visit("/preapprovals/new/", "door")
    for part in ("sponsor", "offering", "teachers", "agenda", "dates", "terms"):
        album.visit(f"{base}{part}/?check=1", part)
    for part in ("teachers", "dates"):
        page.goto(f"{base}{part}/")
        page.locator("ul.files a").first.click()
        album.look(f"one of {part}")
    album.visit(base, "draft")
    album.visit(f"{base}check/", "check")
    press(page, "Send my request")
    album.look("filed")
    album.visit("/preapprovals/", "list")
    case = Draft.objects.get(pk=draft.pk).case
    ruth = factories.coordinator()
    reviews.ask(case.pk, parts=["agenda"], question="When is lunch?", by=ruth)
    album.visit(f"/preapprovals/{case.reference}/answer/", "question")
    album.visit(f"/preapprovals/drafts/{begin_reply(reference=case.reference, owner=wanjiru).pk}/check/", "reply")
    album.close()
