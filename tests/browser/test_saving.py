"""A draft that saves itself: what is typed is on the server or said to be not."""

import pytest
from playwright.sync_api import expect

from cecs.services import Seen
from tests import factories
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def amara():
    return factories.certificant()


@pytest.fixture
def draft(amara):
    return factories.draft(amara)


def test_a_save_that_does_not_reach_the_server_is_said(open_page, amara, draft, complaints):
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    page.context.set_offline(True)
    page.get_by_label("What did you learn").fill("Typed on the train.")
    expect(page.locator("#saved")).to_contain_text("Not saved: the portal could not be reached.")
    page.context.set_offline(False)
    page.get_by_label("What did you learn").fill("Typed on the train, after the tunnel.")
    expect(page.locator("#saved")).to_contain_text("Saved")
    draft.refresh_from_db()
    assert draft.data["learned"] == "Typed on the train, after the tunnel."
    assert any("ERR_INTERNET_DISCONNECTED" in one for one in complaints)
    complaints.clear()


def test_a_second_tab_is_said_and_nothing_is_lost(open_page, amara, draft):
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    elsewhere = factories.draft_data(title="From the other tab")
    factories.cecs.save(draft_id=draft.pk, owner=amara, data=elsewhere, seen=Seen(draft.version))
    page.get_by_label("Name of the event").fill("From this tab")
    expect(page.locator("#saved")).to_contain_text("another tab or device saved this draft")
    press(page, "Save and work it out")
    expect(page.locator("#errors")).to_contain_text("Nothing of yours is lost")
    expect(page.get_by_label("Name of the event")).to_have_value("From this tab")
    press(page, "Save and work it out")
    expect(page.locator("#errors")).to_have_count(0)
    expect(page.get_by_label("Name of the event")).to_have_value("From this tab")


class SlowLine:
    """Lets the server do what a background save asks, and keeps its answer from the page until ``release``."""

    def __init__(self, page):
        self.page, self.held, self.slow = page, [], True
        page.route("**/cecs/drafts/**", self._answer)

    def _answer(self, route):
        if self.slow and "hx-request" in route.request.headers:
            self.held.append((route, route.fetch()))
        else:
            route.continue_()

    def has_saved(self):
        """Wait until the server has taken a save that the page still waits for."""
        while not self.held:
            self.page.wait_for_timeout(20)

    def release(self):
        self.slow = False
        for route, response in self.held:
            route.fulfill(response=response)


def test_typing_on_while_a_save_is_on_its_way_is_no_second_tab(open_page, amara, draft):
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    line = SlowLine(page)
    page.get_by_label("What did you learn").fill("First half,")
    line.has_saved()
    page.evaluate(
        "window.due = new Promise(due => document.body.addEventListener('htmx:trigger', due, {once: true})); 0"
    )
    page.get_by_label("What did you learn").fill("First half, second half.")
    page.evaluate("window.due.then(() => true)")
    with page.expect_response(lambda response: "second half" in (response.request.post_data or "")) as answer:
        line.release()
    assert "another tab" not in answer.value.text()
    expect(page.locator("#saved")).to_contain_text("Saved")
    draft.refresh_from_db()
    assert draft.data["learned"] == "First half, second half."


def test_pressing_check_while_a_save_is_on_its_way_is_no_second_tab(open_page, amara, draft):
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    line = SlowLine(page)
    page.get_by_label("What did you learn").fill("First half,")
    line.has_saved()
    page.get_by_label("What did you learn").fill("First half, second half.")
    press(page, "Check my answers")
    line.release()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("main")).to_contain_text("second half")


def test_what_is_typed_while_a_row_is_added_stays(open_page, amara):
    """What lasts longer than two weeks is told in parts, and each part makes room for another."""
    data = factories.draft_data(factories.answers_about("course", rows=()))
    draft = factories.draft(amara, data=data)
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    line = SlowLine(page)
    part = page.get_by_role("group", name="Part 1").get_by_label("What these hours were")
    part.fill("14 weeks")
    line.has_saved()
    part.fill("14 weeks of 3 hours")
    line.release()
    expect(page.get_by_role("group", name="Part 2")).to_be_visible()
    expect(part).to_have_value("14 weeks of 3 hours")
    expect(part).to_be_focused()
    press(page, "Save and work it out")
    expect(part).to_have_value("14 weeks of 3 hours")


def test_days_that_are_too_many_for_rows_are_told_in_parts_at_once(open_page, amara):
    draft = factories.draft(amara, data={"activity": "course"}, with_file=False)
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    expect(page.get_by_role("group", name="Day 1")).to_be_visible()
    page.get_by_label("First day").fill("2026-02-02")
    page.get_by_label("Last day").fill("2026-05-29")
    expect(page.get_by_role("group", name="Part 1")).to_be_visible()
