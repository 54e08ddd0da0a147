"""“Will I make it?” as a member uses it: two listed courses close the gap, and a typed row is worked out."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from journals.states import Delivery
from serportal.certifications.rules import anniversary
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def short():
    """Somebody 6.5 credits short of the fifty, with 90 days to go."""
    last = programme_day() + timedelta(days=90)
    person = factories.certificant(name="Amara Okafor", since=anniversary(last + timedelta(days=1), -5))
    person.time_zone = "Europe/Amsterdam"
    person.save()
    for days, credits in ((-20, "2.5"), (-400, "14"), (-700, "27")):
        factories.imported(person, credits=credits, earned_on=programme_day() + timedelta(days=days))
    factories.claim(person, about="volunteering")
    return person


def test_two_courses_are_planned_and_close_the_gap(open_page, short):
    seeds = {"credits": Decimal(4), "minutes": 240, "delivery": Delivery.ONLINE}
    trust, bogs = factories.sponsor(name="Alpine Seed Trust"), factories.sponsor(name="Northern Bog Alliance")
    hours = {"starts": time(13), "ends": time(17), "place": ""}
    made = factories.offering(trust, title="Seed collection and provenance", **seeds)
    factories.occurrence(made, days=50, zone="Africa/Nairobi", country="", **hours)
    made = factories.offering(bogs, title="Peatland rewetting field school", credits=Decimal(3), minutes=180)
    factories.occurrence(made, days=70, zone="Europe/Amsterdam", country="NL", place="Assen")
    factories.offering(bogs, title="Reading bogs from the air", delivery=Delivery.ON_DEMAND, credits=2, minutes=120)
    page = open_page(short)
    album = Album(page, "plan")
    album.visit("/dashboard/", "dashboard")
    page.get_by_role("link", name="Will I make it?").click()
    expect(page.get_by_text("You are 6.5 short of the 50, with ")).to_be_visible()
    album.look("short")
    for title in ("Peatland rewetting field school", "Seed collection and provenance"):
        page.get_by_role("button", name="Add to my plan").filter(has_text=title).click()
    expect(page.get_by_text("With what you plan below, nothing is left to find.")).to_be_visible()
    album.look("planned")
    page.get_by_label("What", exact=True).select_option("conference")
    page.get_by_label("Hours").fill("6,5")
    page.get_by_label("Hours").press("Enter")
    album.look("refused", status=422)
    page.get_by_label("Complete on").first.fill((programme_day() + timedelta(days=5)).isoformat())
    press(page, "Work it out")
    expect(page.get_by_text("6.5 hours ÷ 2 = 3.25.")).to_be_visible()
    press(page, "Make the address")
    expect(page.get_by_label("Address of your calendar")).to_be_visible()
    album.look("calendar")
    album.visit("/cecs/new/?activity=volunteering", "new chosen")
    album.close()


def test_nothing_to_find_a_period_that_is_over_and_no_journal(open_page, short):
    over = factories.certificant(since=anniversary(programme_day(), -5) - timedelta(days=10))
    factories.imported(short, credits="9", earned_on=programme_day())
    for person, state in ((short, "enough"), (over, "over"), (factories.PersonFactory(), "none")):
        page = open_page(person)
        album = Album(page, "plan")
        album.visit("/journal/plan/", state)
        album.close()
