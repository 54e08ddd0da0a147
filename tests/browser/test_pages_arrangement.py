"""The pages of an arrangement: asked for by the member, decided by the coordinator, shown in the journal (R-PER-3)."""

from datetime import timedelta

import pytest

from journals.services import arranging
from serportal.reviews import services as reviews
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_an_arrangement(open_page, ruth):
    person = factories.certificant(name="Li Na", since=programme_day() - timedelta(days=500))
    factories.imported(person, credits="3", earned_on=programme_day() - timedelta(days=400))
    page = open_page(person)
    album = Album(page, "arrangement")
    album.visit("/journal/arrangements/new/?year=1", "new")
    press(page, "Send the request")
    album.look("refused", status=422)
    page.get_by_label("A lower minimum for one year").check()
    page.get_by_label("Credits the year would need").fill("0")
    page.get_by_label("What happened, and how you will go on").fill("The flood of May took the field station.")
    press(page, "Send the request")
    album.look("filed")
    case = person.cases.get()
    reviews.screen(case.pk, by=ruth)
    reviews.ask(case.pk, parts=[arranging.ASKED, arranging.FILES], question="Would 3 help as well?", by=ruth)
    album.visit(f"/journal/arrangements/{case.reference}/", "asked")
    album.visit(f"/journal/arrangements/{case.reference}/answer/", "answer")
    press(page, "Send the answer")
    page.get_by_text("Your answer about").wait_for()
    album.visit(f"/journal/arrangements/{case.reference}/withdraw/", "withdraw")
    reviews.screen(case.pk, by=ruth)
    office = open_page(ruth)
    desk = Album(office, "coordinator-arrangement")
    office.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    office.get_by_label("Credits the year needs, for a lower minimum").fill("3")
    press(office, "Change it")
    desk.look("terms")
    press(office, "Decide and send this letter")
    desk.look("decided")
    desk.visit("/admin/journals/arrangement/", "list", stock=True)
    desk.close()
    factories.imported(person, credits="6", earned_on=programme_day() - timedelta(days=20))
    album.visit(f"/journal/arrangements/{case.reference}/", "agreed")
    album.visit("/journal/", "journal")
    album.close()
