"""The main journeys with the keyboard alone: Tab, Space and Enter."""

import pytest
from playwright.sync_api import expect

from serportal.reviews.models import Ballot, ReviewCase
from tests import factories
from tests.browser.steps import has_focus, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_claim_is_filed(open_page):
    amara = factories.certificant()
    draft = factories.draft(amara, data=factories.draft_data(attested=""))
    page = open_page(amara)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    tab_to(page, page.get_by_label("What I report here is true"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Check my answers"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    tab_to(page, page.get_by_role("button", name="File this claim"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("With the coordinator")
    assert ReviewCase.objects.get().filed_by == amara


def test_a_ballot_is_cast(open_page):
    ruth = factories.coordinator()
    committee = [factories.member() for _ in range(3)]
    case = factories.seated(ruth, committee)
    page = open_page(committee[0])
    page.goto("/dashboard/")
    tab_to(page, page.get_by_role("link", name="Skip to the content"), most=1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=case.headline), most=1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="No conflict, open the case"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Approve 10 credits"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save my ballot"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()
    assert Ballot.objects.get().seat.member == committee[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_refused_claim_leads_from_the_summary_to_the_field(open_page, scripts):
    amara = factories.certificant()
    draft = factories.draft(amara, data=factories.draft_data(title="", **{"hours-1": "8h30 or so", "areas": []}))
    page = open_page(amara, java_script_enabled=scripts)
    page.goto(f"/cecs/drafts/{draft.pk}/")
    tab_to(page, page.get_by_role("button", name="Check my answers"))
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors li")).to_have_count(3)
    assert page.title().startswith("3 answers need you: ")
    for link, field in zip(page.locator("#errors a").all(), ["id_title", "id_hours-1", "id_areas_0"], strict=True):
        tab_to(page, link)
        page.keyboard.press("Enter")
        expect(page.locator(f"[id='{field}']")).to_be_focused()
        expect(page.locator(f"[id='{field}']")).to_be_in_viewport()
        page.locator("#errors").focus()
    assert page.locator("[id='id_hours-1']").input_value() == "8h30 or so"


def test_a_refused_ballot_leads_from_the_summary_to_the_reason(open_page):
    ruth = factories.coordinator()
    committee = [factories.member() for _ in range(3)]
    case = factories.seated(ruth, committee)
    factories.reviews.declare(case.panels.get().seats.get(member=committee[0]).pk, conflict=False, by=committee[0])
    page = open_page(committee[0])
    page.goto(f"/reviews/{case.reference}/")
    page.get_by_label("Deny").focus()
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save my ballot"))
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    tab_to(page, page.locator("#errors a"), most=1)
    page.keyboard.press("Enter")
    assert has_focus(page.get_by_label("Your reason"))
    page.keyboard.type("The programme lists product talks.")
    tab_to(page, page.get_by_role("button", name="Save my ballot"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_a_refused_entrance_takes_the_focus_to_its_summary(open_page, path):
    page = open_page()
    page.goto(path)
    page.get_by_label("E-mail address").fill("amara@nowhere")
    page.locator("main form [type=submit]").press("Enter")
    expect(page.locator("#errors")).to_be_focused()
