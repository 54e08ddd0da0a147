"""A claim about each activity, typed by a person: the sum that the form shows is the sum of the filed claim (R-CAT)."""

import pytest
from playwright.sync_api import Page, expect

from cecs.asks import FORMS, Ask
from cecs.services import Answers
from journals.models import KnowledgeArea, ScheduleRow
from journals.states import Activity
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import certificate, day_rows, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORTH = {
    Activity.COURSE: ("10", "42 classroom hours = 42; a single event counts at most 10."),
    Activity.TRAINING: ("6", "6 hours = 6."),
    Activity.CONFERENCE: ("3", "6 hours ÷ 2 = 3."),
    Activity.INSTRUCTION: ("6", "6 hours of instruction = 6."),
    Activity.BOOK: ("10", "One book = 10."),
    Activity.CHAPTER: ("5", "One book chapter = 5."),
    Activity.PAPER: ("5", "One peer-reviewed paper = 5."),
    Activity.MATERIAL: ("1", "One technical document or educational material = 1."),
    Activity.BOARD: ("5", "One year on a board = 5."),
    Activity.COMMITTEE: ("3", "One year on a committee = 3."),
    Activity.EVENT: ("2", "Organising one event = 2."),
    Activity.VOLUNTEERING: ("1.5", "6 contact hours ÷ 4 = 1.5."),
}


@pytest.mark.parametrize("activity", Activity.values)
def test_what_the_form_shows_is_what_is_filed(open_page, amara, activity):
    credits, sentence = WORTH[Activity(activity)]
    given = factories.answers_about(activity)
    page = open_page(amara)
    album = Album(page, "activity")
    page.goto("/cecs/new/")
    press(page, ScheduleRow(activity=activity).get_activity_display())
    for ask in FORMS[activity].asks():
        typed(page, ask, given)
    if given.rows:
        typed_hours(page, given)
    expect(page.locator("#sum tfoot .num")).to_have_text(credits)
    expect(page.locator("#sum .said")).to_have_text(sentence)
    page.get_by_label("What I report here is true").check()
    album.look(f"{activity} filled")
    page.get_by_label("Add a file").set_input_files(certificate())
    press(page, "Check my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator("#sum tfoot .num")).to_have_text(credits)
    press(page, "File this claim")
    worth = page.get_by_role("region", name="What it is worth")
    expect(worth.get_by_role("definition")).to_have_text(f"Up to {credits} {sentence}", use_inner_text=True)
    album.close()


def typed(page: Page, ask: Ask, given: Answers) -> None:
    """Answer ``ask`` by the label that stands beside it; an asterisk says that it is needed."""
    value, name = getattr(given, ask.name), f"{ask.label}{'*' if ask.missing else ''}"
    if not value:
        return
    if ask.kind == "choice":
        page.get_by_role("group", name=name, exact=True).get_by_label(str(dict(ask.choices)[value]), exact=True).check()
    elif ask.kind == "many":
        for key in value:
            page.get_by_label(KnowledgeArea.objects.get(key=key).name, exact=True).check()
    else:
        page.get_by_label(name, exact=True).fill(value.isoformat() if ask.kind == "day" else value)


def typed_hours(page: Page, given: Answers) -> None:
    """Each day has a row, and what is longer is told in parts; here all hours lie in the first row."""
    (told,) = given.rows
    row = day_rows(page).first
    expect(row.locator("legend")).not_to_have_text("Day 1")
    row.get_by_label(str(FORMS[given.activity].rows), exact=True).fill(told.what)
    row.get_by_label("Hours", exact=True).press_sequentially(str(told.hours))
