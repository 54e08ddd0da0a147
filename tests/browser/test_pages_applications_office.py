"""The coordinator’s pages of applications: one, all of a window, seats for them, everything of a person."""

import pytest
from django.db import transaction

from applications.services import gates
from serportal.accounts.states import Committee
from serportal.reviews import services as reviews
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_coordinators_pages_of_applications(open_page, ruth, amara):
    for name in ("Ines Duarte", "Tomas Lindqvist", "Wanjiru Kamau", "Li Na"):
        factories.member(Committee.CERTIFICATION, name=name)
    with transaction.atomic():
        made = factories.application("cerp", factories.PersonFactory(name="Nia Mensah"))
        factories.reference_in(made, "Ana Souza")
        factories.invited(made.case.application_drafts.get(), "Rhodri Pugh", "rhodri@estuary.example")
        college = factories.application("partner")
        factories.graduate(college)
        for _n in range(2):
            ready = factories.application("upgrade", paid=True)
            reviews.screen(ready.pk, by=ruth)
    page = open_page(ruth)
    album = Album(page, "coordinator")
    album.visit("/admin/", "work queue with applications", stock=True)
    album.visit("/admin/applications/application/", "list of applications", stock=True)
    follow(page, made.case.reference)
    album.look("one application before its review", stock=True)
    press(page, "Waive the course for this application")
    album.look("waiving the course without a reason", status=422, stock=True)
    page.get_by_label("Reason").fill("She teaches the course herself.")
    press(page, "Waive the course for this application")
    album.look("course waived", stock=True)
    album.visit(f"/admin/reviews/reviewcase/{made.pk}/change/", "case of an application", stock=True)
    album.visit(f"/admin/applications/application/{college.pk}/change/", "one application of a partner", stock=True)
    gates.verify_course(application_id=college.pk, by=ruth)
    album.visit(f"/admin/reviews/reviewcase/{college.pk}/change/", "case of a graduate", stock=True)
    page.goto(f"/admin/applications/application/?window={ready.window_id}")
    press(page, "Show balanced panels for them")
    album.look("seats for a window", stock=True)
    press(page, "Seat and invite them (2)")
    page.get_by_text("2 cases are seated, their members invited.").wait_for()
    factories.draft(amara)
    factories.decided(ruth, [factories.member() for _n in range(3)], owner=amara)
    with transaction.atomic():
        factories.billed(amara, about="APP-2025-0001")
    album.visit(f"/admin/accounts/user/{amara.pk}/change/", "one user with the way to everything", stock=True)
    follow(page, "Everything of this person")
    album.look("everything of a person", stock=True)
    album.visit(f"/admin/accounts/user/{made.case.filed_by_id}/everything/", "everything of an applicant", stock=True)
    album.close()
