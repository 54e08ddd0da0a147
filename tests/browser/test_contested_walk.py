"""What does not go straight through, walked on the pages that people use, from the first page to the journal."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from serportal.outbox import services as outbox
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.contested import PRODUCT_TALKS, QUESTION
from tests.browser.steps import certificate, day_rows, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_contested_case_from_filed_to_decided_anew(open_page, ruth, committee, amara):
    ines, tomas, wanjiru = committee
    member, coordinator = open_page(amara), open_page(ruth)
    case = filed(member, factories.draft(amara))
    seated(coordinator, case)
    zoe = factories.member(name="Zoe Adair")
    voters = {one: open_page(one) for one in (ines, tomas, wanjiru, zoe)}
    for voter in (ines, tomas):
        opened(voters[voter], case)
        voted(voters[voter], case, "Approve 10 credits")

    asked(coordinator, case)
    answered(member, case)
    for voter in (ines, tomas):
        confirmed_with_fewer(voters[voter], case)
    stepped_out(voters[wanjiru], case)
    opened(voters[zoe], case)
    voted(voters[zoe], case, "Approve 6 credits")

    decided(coordinator, case, f"{case.reference}: 5 credits approved")
    assert outbox.drain() > 0
    member.goto(f"/cecs/{case.reference}/")
    expect(member.locator(".standing")).to_contain_text("Approved: 5 credits.")
    letter = member.get_by_role("article").first
    expect(letter).to_contain_text(PRODUCT_TALKS)
    for voter in voters:
        expect(letter).not_to_contain_text(voter.name)

    reopened(coordinator, case)
    member.reload()
    expect(member.locator(".standing")).to_contain_text("The 5 credits granted before stand until the new decision.")
    seated(coordinator, case)
    for voter in (ines, tomas, zoe):
        opened(voters[voter], case)
        voted(voters[voter], case, "Approve 6 credits")
    decided(coordinator, case, f"{case.reference}: 6 credits approved")

    member.goto("/journal/")
    expect(member.locator(".says")).to_contain_text("6 of 50 credits")
    lines = member.locator("#entries ~ details li").filter(has_text=case.headline)
    expect(lines.locator(".num b")).to_have_text(["6", "−5", "5"])


def filed(page: Page, draft) -> ReviewCase:
    page.goto(f"/cecs/drafts/{draft.pk}/")
    press(page, "Check my answers")
    press(page, "File this claim")
    expect(page.get_by_role("main")).to_contain_text("With the coordinator")
    return ReviewCase.objects.get(filed_by=draft.owner)


def to_case(page: Page, case: ReviewCase) -> None:
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")


def seated(page: Page, case: ReviewCase) -> None:
    to_case(page, case)
    if page.get_by_role("button", name="It is complete", exact=True).is_visible():
        press(page, "It is complete")
    press(page, "Seat and invite 3 members")
    expect(page.get_by_text(f"The members are seated on {case.reference}")).to_be_visible()


def opened(page: Page, case: ReviewCase) -> None:
    page.goto("/reviews/")
    page.get_by_role("link", name=case.headline, exact=True).first.click()
    press(page, "No conflict, open the case")
    expect(page.get_by_role("heading", name="Your ballot")).to_be_visible()


def voted(page: Page, case: ReviewCase, choice: str) -> None:
    page.get_by_label(choice, exact=True).check()
    press(page, "Save my ballot")
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()


def asked(page: Page, case: ReviewCase) -> None:
    """Two ballots are in; the question opens the hours and nothing else."""
    to_case(page, case)
    page.get_by_text("Ask Amara Okafor something").click()
    page.get_by_label("Sessions and hours").check()
    page.get_by_label("The question, as it stands in the letter").fill(QUESTION)
    press(page, "Send the question")
    expect(page.get_by_text("The member is asked by e-mail. Only the ticked parts are open to them.")).to_be_visible()


def answered(page: Page, case: ReviewCase) -> None:
    page.goto("/dashboard/")
    follow(page, case.headline)
    expect(page.get_by_role("main")).to_contain_text(QUESTION.splitlines()[1])
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_text(["Sessions and hours"])
    press(page, "Answer it")
    expect(page.get_by_label("Name of the event")).to_have_count(0)
    rows = day_rows(page)
    rows.nth(1).get_by_label("Hours").fill("4")
    rows.nth(2).get_by_label("Hours").fill("")
    rows.nth(2).get_by_label("Sessions you sat in").fill("")
    expect(page.locator("#sum")).to_contain_text("12 hours ÷ 2 = 6.")
    page.get_by_label("Your answer").fill("I left at noon on the second day.")
    page.get_by_label("What I report here is true").check()
    press(page, "Check my answers")
    expect(page.get_by_role("region", name="What your answer changes").locator("del").first).to_be_visible()
    press(page, "Send my answer")
    expect(page.get_by_text(f"Sent. {case.reference} goes on with your answer.")).to_be_visible()


def confirmed_with_fewer(page: Page, case: ReviewCase) -> None:
    """A ballot of the version before counts no more; its voter sees why, word by word, and casts one anew."""
    page.goto("/reviews/")
    expect(page.get_by_role("main")).to_contain_text("It was changed. Confirm your ballot, or cast one.")
    follow(page, case.headline)
    changes = page.get_by_role("region", name="What changed")
    expect(changes).to_contain_text(QUESTION.splitlines()[1])
    expect(changes).to_contain_text("I left at noon on the second day.")
    expect(changes.locator("ins").first).to_have_text("4")
    expect(page.get_by_role("main")).to_contain_text("You voted “Approve” on the version before.")
    page.get_by_label("Approve fewer credits").check()
    page.get_by_label("Credits you would grant").fill("5")
    page.get_by_label("Your reason").fill(PRODUCT_TALKS)
    press(page, "Save my ballot")
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()


def stepped_out(page: Page, case: ReviewCase) -> None:
    """The case closes to whoever steps out, and the portal gives the seat to the next in line."""
    page.goto(f"/reviews/{case.reference}/")
    page.get_by_label("If there is one, what is it?").fill("I chaired one of the sessions.")
    press(page, "I have a conflict, step out")
    expect(page.get_by_text(f"You stepped out of {case.reference}, and it is closed to you.")).to_be_visible()
    assert page.goto(f"/reviews/{case.reference}/").status == 404


def decided(page: Page, case: ReviewCase, subject: str) -> None:
    to_case(page, case)
    expect(page.get_by_role("article", name="The letter")).to_contain_text(subject)
    press(page, "Decide and send this letter")
    expect(page.get_by_text(f"{case.reference} is decided and its letter is on its way.")).to_be_visible()


def reopened(page: Page, case: ReviewCase) -> None:
    to_case(page, case)
    page.get_by_text("Open it again", exact=True).click()
    page.get_by_label("Nothing is deleted").fill("The organiser sent us another programme.")
    press(page, "Open it again and write to them")
    expect(page.get_by_text(f"{case.reference} is open again, and the member was told.")).to_be_visible()


def test_a_claim_approved_in_advance_is_proven_and_confirmed(open_page, ruth, committee, amara):
    """Asked three weeks ago about a conference that ended five days ago (R-DATE)."""
    asked_at, last = timezone.now() - timedelta(days=21), programme_day() - timedelta(days=5)
    case = factories.voted(ruth, committee, owner=amara, at=asked_at, last_day=last)
    member, coordinator = open_page(amara), open_page(ruth)
    to_case(coordinator, case)
    expect(coordinator.get_by_role("article", name="The letter")).to_contain_text("Nothing is credited yet")
    press(coordinator, "Decide and send this letter")

    member.goto("/journal/")
    expect(member.locator(".says")).to_contain_text("0 of 50 credits")
    member.goto("/dashboard/")
    follow(member, case.headline)
    press(member, "Add the proof")
    day_rows(member).nth(2).get_by_label("Hours").fill("2")
    expect(member.locator("#sum")).to_contain_text("18 hours ÷ 2 = 9.")
    member.get_by_label("What I report here is true").check()
    member.get_by_label("Add a file").set_input_files(certificate())
    press(member, "Check my answers")
    expect(member.get_by_role("main")).to_contain_text("certificate.pdf")
    press(member, "Send my answer")
    expect(member.locator(".standing")).to_contain_text("With the coordinator, who reads your proof.")

    to_case(coordinator, case)
    expect(coordinator.get_by_label("Approve: 9 by the sum, up to 10 as approved in advance")).to_be_checked()
    press(coordinator, "Show the letter")
    expect(coordinator.get_by_role("article", name="The letter")).to_contain_text(f"{case.reference}: 9 credits")
    press(coordinator, "Decide and send this letter")
    expect(coordinator.get_by_text(f"{case.reference} is decided and its letter is on its way.")).to_be_visible()
    member.goto("/journal/")
    expect(member.locator(".says")).to_contain_text("9 of 50 credits")
