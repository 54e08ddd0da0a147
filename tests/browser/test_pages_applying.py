"""What somebody reads before applying, the self-check without an account, and the rows applications are judged by."""

from datetime import timedelta

import pytest
from django.db import transaction

from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_self_check_and_checklists(open_page):
    page = open_page()
    album = Album(page, "applying")
    for kind in ("cerp", "cerpit", "partner", "upgrade"):
        album.visit(f"/applications/new/{kind}/checklist/", f"checklist {kind}")
    page.emulate_media(media="print")
    album.look("checklist on paper")
    page.emulate_media(media="screen")
    album.visit("/applications/self-check/", "self-check")
    page.get_by_label("Biological science", exact=True).fill("many")
    page.get_by_label("Job 1, months").fill("70")
    press(page, "Show where I stand")
    assert page.evaluate("document.activeElement.id") == "errors"
    album.look("self-check refused")
    page.get_by_label("Biological science", exact=True).fill("12")
    page.get_by_label("Job 1, percent restoration").fill("80")
    press(page, "Add another job")
    album.look("self-check with a third job")
    page.get_by_label("Projects").fill("3")
    for phase in ("Baseline inventory", "Planning and design", "Implementation", "Monitoring"):
        page.get_by_label(phase).check()
    press(page, "Show where I stand")
    album.look("self-check, ready for CERPIT")
    album.close()


def test_doors_of_people_who_are_signed_in(open_page):
    nia = factories.PersonFactory(name="Nia Mensah")
    page = open_page(nia)
    album = Album(page, "applying")
    album.visit("/applications/new/cerp/", "door, may start")
    album.visit("/applications/new/upgrade/", "door, cannot start")
    page.goto("/applications/new/cerp/")
    press(page, "Start the application")
    album.visit("/applications/new/cerp/", "door, started already")
    with transaction.atomic():
        factories.application("cerpit", nia)
    album.visit("/applications/new/cerpit/", "door, sent already")
    album.close()


def test_self_check_without_javascript(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/applications/self-check/")
    page.get_by_label("Job 1, months").fill("70")
    page.get_by_label("Job 1, percent restoration").fill("80")
    press(page, "Add another job")
    assert page.get_by_label("Job 1, months").input_value() == "70"
    press(page, "Show where I stand")
    assert "What you entered speaks for neither yet." in page.inner_text("#result")


def test_rows_that_applications_are_judged_by(open_page, ruth):
    page = open_page(ruth)
    album = Album(page, "coordinator")
    album.visit("/admin/applications/criteria/", "list of criteria", stock=True)
    page.goto("/admin/applications/criteria/add/")
    album.look("new criteria", stock=True)
    page.get_by_label("Months of full-time work").fill("48")
    page.get_by_label("In force from").fill(str(programme_day() + timedelta(days=40)))
    press(page, "Show what it changes")
    album.look("new criteria preview", stock=True)
    press(page, "Store exactly this")
    with transaction.atomic():
        factories.application("cerp", factories.PersonFactory(name="Nia Mensah"))
        window = factories.application("cerpit", factories.PersonFactory(name="Li Na")).window
    album.visit("/admin/applications/window/", "list of windows", stock=True)
    album.visit("/admin/applications/window/add/", "new window", stock=True)
    album.visit(f"/admin/applications/window/{window.pk}/change/", "window", stock=True)
    press(page, "Show what it changes")
    album.look("window move refused", status=422, stock=True)
    page.get_by_label("Decided by").fill(str(window.decided_by + timedelta(days=14)))
    page.get_by_label("Reason").fill("The committee meets two weeks later.")
    press(page, "Show what it changes")
    album.look("window move preview", stock=True)
    press(page, "Move it, and send the letters")
    album.look("window moved", stock=True)
    album.close()
