"""The whole path in Chromium as people walk it, with JavaScript and without: from an empty form to ten credits."""

import pytest
from playwright.sync_api import Page, expect

from journals.models import Upload
from serportal.outbox import services as outbox
from serportal.reviews.models import ReviewCase
from tests import factories
from tests.browser.steps import (
    PHONE,
    SENTENCE,
    certificate,
    day_rows,
    follow,
    press,
    sign_in,
    type_hours,
    type_the_rest,
    type_where_and_when,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee(ruth):
    """Three members, each with another case on the desk already."""
    three = [factories.member() for _ in range(3)]
    factories.seated(ruth, three, title="Peatland Days")
    return three


@pytest.fixture
def colleague(committee):
    """A fourth member, who works where Amara does: not to be proposed for her case."""
    return factories.member(name="Zoe Adair", employer="Delta Works")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_twenty_two_hours_become_ten_credits(open_page, ruth, committee, colleague, scripts):
    amara = factories.certificant(name="Amara Okafor", employer="Delta Works")
    member = open_page(java_script_enabled=scripts)
    sign_in(member, amara)
    (typed_with_scripts if scripts else typed_without_scripts)(member, factories.answers())
    case = filed(member)

    coordinator = open_page(ruth, java_script_enabled=scripts)
    screened_and_seated(coordinator, case, colleague)
    for reviewer in committee:
        voted_on_a_phone(open_page(reviewer, java_script_enabled=scripts, **PHONE), case)
    decided(coordinator, case)
    assert outbox.drain() > 0

    member.reload()
    expect(member.locator(".standing")).to_contain_text("Approved")
    expect(member.get_by_role("article", name="10 credits approved")).to_contain_text(SENTENCE)
    expect(member.get_by_role("article", name="10 credits approved")).to_contain_text("Thank you for the programme.")
    follow(member, "Journal")
    expect(member.locator(".says")).to_contain_text("10 of 50 credits. 0 are uploaded; 10 more are approved")

    uploaded(coordinator)
    member.reload()
    expect(member.locator(".says")).to_have_text("10 of 50 credits.")
    entry = member.locator("#entries ~ details li").filter(has_text=case.headline)
    expect(entry).to_contain_text(SENTENCE)
    expect(entry.locator(".num")).to_have_text("10")


def started(page: Page) -> None:
    follow(page, "Report continuing education")
    press(page, "Attending a conference or symposium")
    expect(day_rows(page)).to_have_count(1)


def typed_with_scripts(page: Page, given) -> None:
    """Rows, sum and “Saved” come while typing, on the page as it is; the file goes along with the check."""
    started(page)
    page.evaluate("window.thisVeryPage = true")
    type_where_and_when(page, given)
    expect(day_rows(page)).to_have_count(4)
    type_hours(page, given)
    expect(page.locator("#sum")).to_contain_text(SENTENCE)
    type_the_rest(page, given)
    expect(page.locator("#steps .todo")).to_have_text(["Proof to do"], use_inner_text=True)
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert page.evaluate("window.thisVeryPage")
    page.get_by_label("Add a file").set_input_files(certificate())
    press(page, "Check my answers")


def typed_without_scripts(page: Page, given) -> None:
    """The same with a button for each: the rows, the sum, the file."""
    started(page)
    type_where_and_when(page, given)
    expect(day_rows(page)).to_have_count(1)
    press(page, "Save and work it out")
    expect(day_rows(page)).to_have_count(4)
    type_hours(page, given)
    expect(page.locator("#sum")).not_to_contain_text("÷")
    press(page, "Save and work it out")
    expect(page.locator("#sum")).to_contain_text(SENTENCE)
    page.get_by_label("Add a file").set_input_files(certificate())
    press(page, "Add it now")
    expect(page.locator("#proof")).to_contain_text("certificate.pdf")
    type_the_rest(page, given)
    press(page, "Check my answers")


def filed(page: Page) -> ReviewCase:
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("main")).to_contain_text("certificate.pdf")
    expect(page.locator("#sum")).to_contain_text(SENTENCE)
    press(page, "File this claim")
    expect(page.get_by_role("main")).to_contain_text("With the coordinator")
    expect(page.get_by_role("img", name="Day 0 of 28")).to_be_visible()
    case = ReviewCase.objects.get(filed_by__name="Amara Okafor")
    expect(page.get_by_role("main")).to_contain_text(f"Filed as {case.reference}.")
    return case


def screened_and_seated(page: Page, case: ReviewCase, colleague) -> None:
    """Nobody types a name: the proposal is ticked, and leaves out who works with the member."""
    page.goto("/dashboard/")
    follow(page, "Work queue")
    follow(page, case.reference)
    press(page, "It is complete")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
    expect(page.get_by_role("checkbox", name=colleague.name)).not_to_be_checked()
    expect(page.get_by_role("row", name=colleague.name)).to_contain_text("Same employer")
    press(page, "Seat and invite 3 members")
    expect(page.get_by_text(f"The members are seated on {case.reference} and invited by e-mail.")).to_be_visible()


def voted_on_a_phone(page: Page, case: ReviewCase) -> None:
    """From the desk to the next case: four taps."""
    page.goto("/reviews/")
    page.get_by_role("link", name=case.headline).tap()
    expect(page.get_by_role("main")).to_contain_text("Wadden Coast Research Network")
    expect(page.get_by_role("main")).not_to_contain_text("sediment traps")
    page.get_by_role("button", name="No conflict, open the case").tap()
    expect(page.get_by_role("main")).to_contain_text("sediment traps")
    expect(page.get_by_role("main")).to_contain_text(SENTENCE)
    page.get_by_label("Approve 10 credits").tap()
    page.get_by_role("button", name="Save and next case").tap()
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Peatland Days")


def decided(page: Page, case: ReviewCase) -> None:
    page.reload()
    letter = page.get_by_role("article", name="The letter")
    expect(letter).to_contain_text(f"{case.reference}: 10 credits approved")
    page.get_by_label("A paragraph of your own").fill("Thank you for the programme.")
    press(page, "Show the letter with my paragraph")
    expect(letter).to_contain_text("Thank you for the programme.")
    press(page, "Decide and send this letter")
    expect(page.get_by_text(f"{case.reference} is decided and its letter is on its way.")).to_be_visible()


def uploaded(page: Page) -> None:
    follow(page, "Work queue")
    page.get_by_role("main").get_by_role("link", name="Uploads", exact=True).click()
    follow(page, "Preview a run now")
    expect(page.get_by_role("row", name="Control total")).to_contain_text("10")
    press(page, "Upload 10 credits")
    expect(page.get_by_role("row", name="Amara Okafor")).to_contain_text("10")
    assert Upload.objects.get().control_total == 10
