"""References in the browser: the applicant’s pages and the referee’s, clean for axe, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from applications.models import Reference
from applications.services import gates, referees
from applications.states import ReferenceState
from serportal.accounts.states import Committee
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Maria do Carmo Albuquerque de Vasconcelos e Sousa Pereira da Silva-Wadden"


@pytest.fixture
def draft(amara):
    return factories.application_draft(amara)


def link(reference) -> str:
    return reverse("references:link", args=[factories.token_of(reference)])


def test_the_applicants_pages(open_page, amara, draft):
    page = open_page(amara)
    album = Album(page, "references")
    album.visit(f"/applications/drafts/{draft.pk}/references/", "nobody named")
    press(page, "Name this referee")
    album.look("refused", status=422)
    page.get_by_label("Name of the referee").fill("Amara Okafor")
    page.get_by_label("E-mail address of the referee").fill("wanjiru@dollard-marsh-trust.example")
    page.get_by_label("How you worked together").fill("She led the works.")
    page.get_by_label("A few words").fill("Do you remember the sediment traps?")
    press(page, "Name this referee")
    album.look("not invited")
    press(page, "Send the invitation")
    album.look("invited and flagged")
    outbox.drain()
    page.get_by_role("link", name="Amara Okafor", exact=True).last.click()
    album.look("silent")
    for n, state in enumerate(["declined", "received", "expired"]):
        one = factories.invited(
            factories.application_draft(kind="cerpit"), f"{LONG} {n}", f"{'long' * 9}{n}@{'place' * 9}.example"
        )
        at = timezone.now()
        changed = {"received_at": at} if state == "received" else {"declined_at": at} if state == "declined" else {}
        Reference.objects.filter(pk=one.pk).update(state=state, draft=draft, **changed)
    album.visit(f"/applications/drafts/{draft.pk}/references/", "every state")
    page.get_by_role("link", name=f"{LONG} 0").click()
    album.look("declined")
    album.close()


def test_the_referees_pages(open_page, draft):
    reference = factories.invited(draft)
    address = link(reference)
    page = open_page()
    album = Album(page, "referee")
    album.visit(address, "link")
    press(page, "Open the form")
    assert page.url.endswith("/references/form/")
    album.look("form")
    press(page, "Check my answers")
    album.look("refused", status=422)
    page.get_by_label("Your position and organisation").fill("Head of works, Dollard Marsh Trust")
    page.get_by_label("How do you know the applicant?").fill("I led the project she worked on.")
    page.get_by_label("For how many years?").fill("6")
    page.get_by_label("What did you see of their work?").fill("She planned the sediment traps.\nThey hold.")
    for group in page.get_by_role("radio", name="Good").all():
        group.check()
    page.get_by_role("radio", name="Yes", exact=True).check()
    page.get_by_label("Your full name, as your signature").fill("Wanjiru Kamau")
    expect(page.locator("#saved")).to_contain_text("Saved")
    press(page, "Check my answers")
    album.look("check")
    press(page, "Send my reference")
    album.look("sent")
    reference.refresh_from_db()
    assert reference.state == ReferenceState.RECEIVED
    album.visit(address, "link afterwards")
    album.visit("/references/no-such-link/", "leads nowhere", status=404)
    old = factories.invited(draft, "Ines Duarte", at=timezone.now() - timedelta(days=61))
    album.visit(link(old), "ran out")
    press(page, "Send me a new link")
    album.look("new link")
    album.close()


def test_a_referee_without_javascript_declines(open_page, draft):
    reference = factories.invited(draft)
    page = open_page(java_script_enabled=False)
    page.goto(link(reference))
    press(page, "Open the form")
    page.get_by_label("What did you see of their work?").fill("Little, to be honest.")
    press(page, "Save and go on later")
    expect(page.get_by_label("What did you see of their work?")).to_have_value("Little, to be honest.")
    page.get_by_role("link", name="I would rather not give a reference").click()
    press(page, "Give no reference")
    page.get_by_label("Your reason").fill("I saw too little of it.")
    press(page, "Give no reference")
    expect(page.get_by_role("heading", name="You declined")).to_be_visible()
    reference.refresh_from_db()
    assert reference.state == ReferenceState.DECLINED


def test_what_is_typed_is_saved_while_typing(open_page, draft):
    reference = factories.invited(draft)
    page = open_page()
    page.goto(link(reference))
    press(page, "Open the form")
    page.wait_for_url("**/references/form/")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_label("What did you see of their work?").fill("Saved without a button.")
    page.goto("/references/form/")
    expect(page.get_by_label("What did you see of their work?")).to_have_value("Saved without a button.")


def test_the_references_beside_a_ballot(open_page, ruth, draft):
    committee = [factories.member(Committee.CERTIFICATION) for _ in range(3)]
    factories.referred(draft, LONG, seen="Words of some length. " * 40)
    factories.referred(draft, "Ines Duarte")
    declined = factories.invited(draft)
    referees.decline(reference_id=declined.pk, because="Too long ago, and too short.", tell=False)
    with transaction.atomic():
        made = factories.application(draft=draft, paid=True)
    gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    reviews.seat(made.pk, members=[one.pk for one in committee], by=ruth)
    reviews.declare(factories.seat_of(made.case, committee[0]).pk, conflict=False, by=committee[0])
    album = Album(open_page(committee[0]), "references")
    album.visit(f"/reviews/{made.case.reference}/", "beside a ballot")
    album.close()
