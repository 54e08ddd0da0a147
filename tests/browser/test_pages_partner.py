"""What a college sees: its page, the link without an account, and what the coordinator sees of both."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Graduate
from applications.services import partners
from serportal.accounts.models import Agreement
from serportal.outbox.models import Message
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/applications/partner/"


@pytest.fixture
def robert():
    return factories.PersonFactory(name="Robert Beauséjour")


@pytest.fixture
def college(robert):
    return factories.partner(contact=robert)


def link_to(graduate: Graduate) -> str:
    letter = Message.objects.get(template=partners.ASKED, about=graduate.application.case.reference, state="owed")
    return reverse("applications:partner-link", args=[letter.secret])


def test_the_page_of_a_college(open_page, college, robert):
    page = open_page(robert)
    album = Album(page, "partner")
    album.visit(PAGE, "nobody waits")
    for name in ("Chloé Tremblay", "Sam Roy", "Maximiliana Featherstonehaugh-Cholmondeley"):
        factories.asked_of(college, name=name)
    album.visit("/dashboard/", "dashboard")
    follow(page, "3 graduates to confirm")
    album.look("list")
    follow(page, "Sam Roy")
    album.look("one graduate")
    press(page, "No, I cannot confirm this")
    album.look("denied without a reason", status=422)
    page.get_by_label("Why can you not confirm it?").fill("The last course is not passed yet.")
    press(page, "No, I cannot confirm this")
    album.look("list after a denial")
    follow(page, "Sam Roy")
    album.look("one graduate answered")
    page.goto(PAGE)
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Confirm the ticked")
    album.look("several ticked")
    press(page, "Confirm these 2 graduates")
    album.look("list all answered")
    page.get_by_label("Name or student number").fill("Maxi")
    press(page, "Find")
    album.look("found")
    album.close()


def test_the_link_without_an_account(open_page, college):
    chloe = factories.asked_of(college)
    link = link_to(chloe)
    page = open_page()
    album = Album(page, "partner link")
    album.visit(link, "asked")
    press(page, "No, I cannot confirm this")
    album.look("denied without a reason", status=422)
    press(page, "Yes, all of this is right")
    page.wait_for_url("**/applications/partner/thanks/")
    album.look("thanks")
    album.visit(link, "answered")
    Graduate.objects.update(expires_at=timezone.now())
    album.visit(link, "run out", status=410)
    press(page, "Send a new link to the college")
    album.look("sent anew")
    album.visit(link, "not ours", status=404)
    album.close()


def test_the_link_works_in_a_browser_where_somebody_is_signed_in(open_page, college, robert):
    """The strict referrer policy takes the origin from the form, which must not keep the answer out."""
    page = open_page(robert, java_script_enabled=False)
    page.goto(link_to(factories.asked_of(college)))
    press(page, "Yes, all of this is right")
    page.wait_for_url("**/applications/partner/thanks/")
    assert Graduate.objects.get().state == "yes" and Graduate.objects.get().answered_by is None


def test_the_coordinators_pages_of_partners_and_agreements(open_page, ruth, college):
    chloe = factories.asked_of(college)
    page = open_page(ruth)
    album = Album(page, "coordinator partners")
    album.visit("/admin/applications/graduate/", "list of graduates", stock=True)
    album.visit(f"/admin/applications/graduate/{chloe.pk}/change/", "one graduate", stock=True)
    press(page, "Keep this answer and send the letter")
    album.look("answer refused", status=422, stock=True)
    page.get_by_label("Not confirmed").check()
    page.get_by_label("Reason").fill("They rang: the last course is not passed yet.")
    press(page, "Keep this answer and send the letter")
    album.look("one graduate answered", stock=True)
    album.visit("/admin/applications/partner/", "list of partners", stock=True)
    album.visit(f"/admin/applications/partner/{college.pk}/change/", "one partner", stock=True)
    album.visit("/admin/applications/partner/add/", "new partner", stock=True)
    album.visit("/admin/applications/programme/", "list of programmes", stock=True)
    album.visit(f"/admin/applications/programme/{college.programmes.get().pk}/change/", "one programme", stock=True)
    album.visit("/admin/accounts/agreement/", "list of agreements", stock=True)
    album.visit(f"/admin/accounts/agreement/{Agreement.objects.earliest('pk').pk}/change/", "one agreement", stock=True)
    follow(page, "Store a row that follows it")
    page.get_by_label("Version").fill("2")
    page.get_by_label("Text").fill("I follow the Code of Ethics.\n\nI tell the truth.")
    page.get_by_label("In force from").fill("2027-11-01")
    press(page, "Show what it changes")
    album.look("agreement preview", stock=True)
    album.close()
