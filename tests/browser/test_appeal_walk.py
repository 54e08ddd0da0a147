"""A pre-approval is terminated, its sponsor appeals, three members vote, and it is back on the list (R-SPO-6)."""

import pytest
from playwright.sync_api import Page, expect

from preapprovals.models import Offering
from preapprovals.states import OfferingState
from serportal.accounts.states import Committee
from serportal.outbox import services as outbox
from serportal.reviews.models import ReviewCase
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import certificate, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Half of the agenda was a show of products, and no objective was taught."
GROUNDS = "The show was another event, a week later. The programme of our own day is added."


def test_a_terminated_sponsor_wins_an_appeal(open_page, ruth):
    bram = factories.PersonFactory(name="Bram Vos")
    appeals = [factories.member(Committee.APPEALS, name=name) for name in ("Ana Souza", "Jonas Berg", "Leila Haddad")]
    offering = factories.offering(factories.sponsor(bram))
    coordinator, sponsor = open_page(ruth), open_page(bram)
    office, side = Album(coordinator, "appeal office"), Album(sponsor, "appeal sponsor")

    terminated(coordinator, offering, office)
    side.visit(f"/preapprovals/offerings/{offering.pk}/appeal/", "form")
    press(sponsor, "File the appeal")
    side.look("form refused", status=422)
    sponsor.get_by_label("Grounds").fill(GROUNDS)
    sponsor.get_by_label("Add a file").set_input_files(certificate())
    press(sponsor, "Add it now")
    expect(sponsor.get_by_label("Grounds")).to_have_value(GROUNDS)
    side.look("form with a file")
    press(sponsor, "File the appeal")
    side.look("filed")
    case = ReviewCase.objects.get(kind="appeal")
    side.visit(f"/appeals/{case.reference}/withdraw/", "withdraw")

    office.visit(f"/admin/reviews/reviewcase/{case.pk}/change/", "to screen", stock=True)
    press(coordinator, "It is complete")
    office.look("with the committee", stock=True)
    for place, member in enumerate(appeals[:2]):
        voted(open_page(member), case, first=place == 0)

    coordinator.reload()
    office.look("to decide", stock=True)
    press(coordinator, "Decide and send this letter")
    expect(coordinator.get_by_text("This decision is final and cannot be opened again.")).to_be_visible()
    assert outbox.drain() > 0
    sponsor.goto(f"/appeals/{case.reference}/")
    expect(sponsor.locator(".standing")).to_contain_text("The termination is overturned.")
    side.look("won")
    for member in appeals:
        expect(sponsor.get_by_role("main")).not_to_contain_text(member.name)
    assert Offering.objects.get(pk=offering.pk).state == OfferingState.ACTIVE
    for album in (office, side):
        album.close()


def terminated(page: Page, offering: Offering, album: Album) -> None:
    page.goto(f"/admin/preapprovals/offering/{offering.pk}/change/")
    follow(page, "Terminate the pre-approval")
    page.get_by_label("Reason. The sponsor reads it in the letter.").fill(REASON)
    press(page, "Show the letter with this reason")
    album.look("termination previewed", stock=True)
    press(page, "Terminate the pre-approval, and send this letter")
    expect(page.get_by_text("It is terminated: off the list and the calendar")).to_be_visible()
    album.look("acts", stock=True)


def voted(page: Page, case: ReviewCase, *, first: bool) -> None:
    album = Album(page, "appeal member")
    page.goto("/reviews/")
    if first:
        album.look("desk")
    follow(page, case.headline)
    if first:
        album.look("conflict question")
    press(page, "No conflict, open the question")
    if first:
        album.look("vote")
        press(page, "Save my vote")
        album.look("vote refused", status=422)
    page.get_by_label("Yes", exact=True).check()
    press(page, "Save my vote")
    expect(page.get_by_text(f"Your vote on {case.reference} is saved.")).to_be_visible()
    album.close()
