"""The form of an application, as a person fills it: part by part, row by row, with scripts and without."""

import pytest
from playwright.sync_api import expect

from applications.models import Application, Draft
from applications.services import drafts
from serportal.drafts.services import Seen
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import certificate, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wanjiru():
    return factories.PersonFactory(name="Wanjiru Kamau", country="KE", employer="Tana River Trust")


def test_pages_of_a_draft(open_page, wanjiru):
    page = open_page(wanjiru)
    album = Album(page, "application")
    album.visit("/applications/", "none yet")
    draft = factories.application_draft(wanjiru)
    base = f"/applications/drafts/{draft.pk}/"
    album.visit(base, "empty")
    for section in ("person", "degrees", "courses", "prior", "jobs", "projects", "documents", "agreement", "fee"):
        album.visit(f"{base}{section}/", f"{section} empty")
    album.visit(f"{base}person/?check=1", "person, what is missing")
    page.goto(f"{base}jobs/")
    follow(page, "Add a job")
    album.look("a job still to type")
    album.visit(f"{base}check/", "check, all is missing")
    album.visit(f"{base}discard/", "discard")
    album.close()


def test_pages_of_a_draft_that_is_filled(open_page, wanjiru):
    page = open_page(wanjiru)
    album = Album(page, "application filled")
    draft = factories.prepared(owner=wanjiru)
    base = f"/applications/drafts/{draft.pk}/"
    album.visit(base, "overview")
    for section in ("courses", "jobs", "projects", "documents", "agreement", "fee"):
        album.visit(f"{base}{section}/", section)
    row = draft.rows.filter(listed="course").first()
    album.visit(f"{base}courses/{row.pk}/", "a course")
    drafts.save_row(
        draft_id=draft.pk,
        owner=wanjiru,
        listed="course",
        row_id=row.pk,
        data={**row.data, "title": "Typed in another tab"},
        seen=Seen(row.version),
    )
    page.get_by_label("Title of the course").fill("Typed in this tab")
    page.get_by_role("button", name="Save", exact=True).last.click()
    album.look("a course, stale", status=409)
    album.visit(f"{base}check/", "check")
    elsewhere = factories.pdf("more.pdf", b"more")
    drafts.add_files(draft=draft, uploads=[elsewhere], purpose="transcript", by=wanjiru)
    press(page, "Send my application")
    album.look("check, changed meanwhile", status=409)
    press(page, "Send my application")
    expect(page.get_by_role("main")).to_contain_text("Filed as")
    album.visit("/applications/", "one sent")
    case = Application.objects.get().case
    factories.reviews.ask(case.pk, parts=["courses"], question="Which year was it?", by=factories.coordinator())
    page.goto(f"/applications/{case.reference}/answer/")
    album.look("a question")
    press(page, "Answer it")
    album.look("an answer")
    follow(page, "Check my answers")
    album.look("an answer to check")
    album.close()


def test_a_cerp_application_is_typed_with_the_keyboard_and_sent(open_page, wanjiru):
    """What is typed is saved without a press, and the sheet beside it follows."""
    draft = factories.prepared(owner=wanjiru, course=[], agreement={}, fee={})
    page = open_page(wanjiru)
    page.goto(f"/applications/drafts/{draft.pk}/courses/")
    follow(page, "Add a course")
    for key, text in [
        ("title", "Soils of the delta"),
        ("institution", "Tana College"),
        ("credits", "16"),
        ("credits1", "16"),
    ]:
        page.locator(f"#id_{key}").focus()
        page.keyboard.type(text)
    for key, text in [("unit", "semester"), ("area1", "physical.earth")]:
        page.locator(f"#id_{key}").select_option(text)
    page.get_by_label("Yes").focus()
    page.keyboard.press("Space")
    expect(page.locator("#sheet")).to_contain_text("16 of 15")
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(page.get_by_role("row", name="Quantitative science 0 of 9")).to_be_visible()
    page.get_by_role("button", name="Save and add another").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Here is room for the next one.")
    assert draft.rows.get(listed="course").data["title"] == "Soils of the delta"

    page.goto(f"/applications/drafts/{draft.pk}/check/")
    page.get_by_role("link", name="Your signature is missing. Type your name.").click()
    page.get_by_label("Your name, as signature").fill("Wanjiru Kamau")
    page.get_by_label("I have read the agreement").check()
    page.get_by_label("Everything in this application").check()
    page.get_by_role("button", name="Save and go on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fee")
    expect(page.locator("#result")).to_contain_text("Ready for CERPIT, not yet for CERP")
    page.get_by_label("No", exact=True).check()
    press(page, "Save and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Send my application").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("You will hear by")
    assert Application.objects.get().ready_as == "cerpit"


def test_a_cerpit_application_is_filled_without_scripts(open_page, wanjiru):
    draft = drafts.start(owner=wanjiru, kind="cerpit", key=factories.uuid.uuid4())
    page = open_page(wanjiru, java_script_enabled=False)
    page.goto(f"/applications/drafts/{draft.pk}/")
    expect(page.get_by_role("main")).not_to_contain_text("Prior learning")
    page.goto(f"/applications/drafts/{draft.pk}/person/")
    page.get_by_label("Experience", exact=True).check()
    press(page, "Save and go on")
    page.goto(f"/applications/drafts/{draft.pk}/jobs/")
    follow(page, "Add a job")
    for label, text in [
        ("Employer", "Tana River Trust"),
        ("Job title", "Restorer"),
        ("First day", "2018-01-01"),
        ("Hours a week", "40"),
        ("Percent of it", "100"),
        ("What you did", "Mangroves."),
    ]:
        page.get_by_label(label).first.fill(text)
    press(page, "Save and work it out")
    expect(page.locator("#sheet")).to_contain_text("months of full-time work; 60 are needed.")
    page.goto(f"/applications/drafts/{draft.pk}/projects/")
    follow(page, "Add a project")
    for title in ("Creek", "Dune", "Reed"):
        for label, text in [
            ("Name of the project", title),
            ("Place and country", "Kipini, Kenya"),
            ("Ecosystem", "mangrove"),
            ("First day", "2020-03-01"),
            ("Your role", "Lead"),
            ("What was done", "We planted."),
            ("What came of it", "It stands."),
        ]:
            page.get_by_label(label).first.fill(text)
        for phase in ("Baseline inventory", "Planning and design", "Implementation", "Monitoring"):
            page.get_by_label(phase).check()
        press(page, "Save and add another")
    page.goto(f"/applications/drafts/{draft.pk}/documents/")
    page.get_by_label("Add a file: Résumé").set_input_files(certificate())
    press(page, "Save and go on")
    for name in ("Jan de Boer", "Ines Duarte"):
        factories.named(draft, name)
    page.goto(f"/applications/drafts/{draft.pk}/agreement/")
    page.get_by_label("Your name, as signature").fill("Wanjiru Kamau")
    page.get_by_label("I have read the agreement").check()
    page.get_by_label("Everything in this application").check()
    press(page, "Save and go on")
    page.get_by_label("No", exact=True).check()
    press(page, "Save and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("main")).not_to_contain_text("still need you")
    press(page, "Send my application")
    expect(page.get_by_role("main")).to_contain_text("Filed as")
    assert Application.objects.get().sides == ["experience"]
    assert Draft.objects.get().sent_at
