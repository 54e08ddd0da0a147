"""The pages of a renewal: what it needs, filed and audited for the member, confirmed by the coordinator (R-PER-7)."""

import pytest

from journals.services import renewing
from serportal.reviews import services as reviews
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_a_renewal(open_page, ruth):
    short = open_page(factories.renewable(name="Diego Quispe", short={2: "3", 5: "4"}))
    lacking = Album(short, "renewal-short")
    lacking.visit("/journal/renew/", "needs")
    lacking.close()
    person = factories.renewable(name="Li Na")
    page = open_page(person)
    album = Album(page, "renewal")
    album.visit("/journal/renew/", "form")
    press(page, "File the renewal")
    album.look("refused", status=422)
    page.get_by_label("What my journal says of me is true").check()
    page.get_by_role("group", name="any conviction or sanction").get_by_label("No").check()
    page.get_by_role("group", name="still right").get_by_label("Yes").check()
    page.get_by_label("I have read the agreement above").check()
    page.get_by_label("Your name, as signature").fill("Li Na")
    page.get_by_role("group", name="member of SER").get_by_label("No").check()
    press(page, "File the renewal")
    album.look("filed")
    case = person.cases.get()
    if case.step != "answer":
        reviews.ask(case.pk, parts=[renewing.PROOF], question="The certificate of 2024, please.", by=ruth)
    album.visit(f"/journal/renewals/{case.reference}/answer/", "answer")
    page.get_by_label("Your answer to the coordinator").fill("It is lost; the list of participants shows my name.")
    press(page, "Send the answer")
    album.visit(f"/journal/renewals/{case.reference}/withdraw/", "withdraw")
    factories.paid(case.journals_renewal.bill, ruth)
    reviews.screen(case.pk, by=ruth)
    office = open_page(ruth)
    desk = Album(office, "coordinator-renewal")
    desk.visit(f"/admin/reviews/reviewcase/{case.pk}/change/", "case")
    office.goto("/admin/reviews/reviewcase/?kind=renewal&step__exact=alone")
    office.locator("input.action-select").check()
    office.locator("select[name=action]").select_option("decide_alone")
    press(office, "Go")
    desk.look("bulk")
    press(office, "Approve and send the letters (1)")
    desk.close()
    album.visit(f"/journal/renewals/{case.reference}/", "renewed")
    album.visit("/dashboard/", "dashboard")
    album.close()
