"""The pages of dates and lists of attendees, and a list on its way from a file to letters without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from preapprovals.models import Attendance, Occurrence, RosterRow
from preapprovals.services import rosters
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = Path(__file__).parents[1] / "preapprovals" / "rosters"


@pytest.fixture
def anna():
    return factories.PersonFactory(name="Anna Berg")


@pytest.fixture
def run(anna):
    return factories.occurrence(factories.offering(factories.sponsor(anna)))


def test_the_pages_of_dates(open_page, anna, run):
    page = open_page(anna)
    album = Album(page, "dates")
    album.visit(f"/preapprovals/offerings/{run.offering_id}/dates/", "list")
    follow(page, "Add a date")
    album.look("new")
    page.get_by_label("First day").fill(run.offering.valid_to.isoformat())
    page.get_by_label("Begins at").fill("22:00")
    page.get_by_label("Ends at").fill("2:00")
    press(page, "Add this date")
    album.look("over midnight", status=422)
    page.get_by_label("Ends at").fill("23:30")
    press(page, "Add this date")
    album.look("list with two")
    made = Occurrence.objects.latest("pk")
    album.visit(f"/preapprovals/dates/{made.pk}/", "to come")
    follow(page, "Change it")
    album.look("change")
    album.visit(f"/preapprovals/dates/{made.pk}/cancel/", "cancel")
    press(page, "Cancel this date")
    album.look("cancelled")
    album.close()


def change_row(number: int, by) -> None:
    """Somebody else mends the same row in the meantime."""
    row = RosterRow.objects.get(number=number)
    words = {"name": "W. Kamau", "email": "kamau@marsh.example", "completed": "no"}
    seen = rosters.mark_of(row)
    rosters.mend(roster_id=row.roster_id, number=number, said=words, sure=False, seen=seen, by=by)


def test_the_pages_of_a_list(open_page, anna, run):
    page = open_page(anna)
    album = Album(page, "list of attendees")
    album.visit(f"/preapprovals/dates/{run.pk}/", "date before it")
    follow(page, "Give a list of attendees")
    album.look("give")
    press(page, "Check this list")
    album.look("nothing given", status=422)
    page.get_by_label("A file").set_input_files(LISTS / "excel.xlsx")
    press(page, "Check this list")
    album.look("checked")
    page.get_by_text("Read as it seemed right").click()
    album.look("columns")
    follow(page, "Wanjiru Kamau")
    album.look("row")
    page.get_by_label("E-mail address").fill("wanjiru@")
    page.get_by_label("Yes").check()
    press(page, "Save this row")
    album.look("row still wrong", status=422)
    page.get_by_label("E-mail address").fill("wanjiru@reed.example")
    change_row(6, anna)
    press(page, "Save this row")
    album.look("row changed meanwhile", status=409)
    press(page, "Save this row")
    album.look("all ready")
    press(page, "Take these 3 rows in")
    album.look("nobody told", status=422)
    page.get_by_label("The attendees were told").check()
    page.get_by_label("Let our letters be").check()
    press(page, "Take these 3 rows in")
    album.look("taken in")
    album.visit(f"/preapprovals/dates/{run.pk}/", "date after it")
    album.visit(page.get_by_role("link", name="List of Anna Berg").get_attribute("href"), "taken in again")
    follow(page, "See what undoing takes back")
    album.look("undo")
    press(page, "Undo the list")
    album.look("undone")
    album.close()


def test_two_hundred_attendees_with_nine_bad_rows_are_pasted_without_javascript(open_page, anna, run):
    """The good rows go in, the bad ones are left out or mended, and nothing needs a script."""
    first, last = ["Ana", "Ben", "Chi", "Dov", "Eun", "Fay", "Gus", "Hua", "Ida", "Jon"], "bcdfghjklmnprstvwxzq"
    people = [f"{one} {sign.upper()}o{sign}a{sign}" for sign in last for one in first]
    lines = [f"{name}\tp{n}@marsh.example\t6" for n, name in enumerate(people[:191])]
    lines += [f"{name}\t\t6" for name in people[191:]]
    page = open_page(anna, java_script_enabled=False)
    page.goto(f"/preapprovals/dates/{run.pk}/roster/")
    page.get_by_label("Or paste the rows").fill("\n".join(["Name\tE-mail\tHours", *lines]))
    press(page, "Check this list")
    expect(page.get_by_text("9 rows need you.")).to_be_visible()
    press(page, "Leave all 9 rows out")
    page.get_by_label("The attendees were told").check()
    press(page, "Take these 191 rows in")
    expect(page.get_by_role("status")).to_contain_text("191 people are taken in.")
    assert Attendance.objects.count() == 191
