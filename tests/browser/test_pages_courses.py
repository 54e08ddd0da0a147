"""The list of courses, one of them and the calendar: clean for axe, quiet on the console, pictured at two widths."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from journals.states import Activity, Delivery
from preapprovals.models import Occurrence
from preapprovals.states import SponsorKind
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = programme_day()
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsfortbildung zur Renaturierung von Auen"


def fill() -> None:
    prairie = factories.sponsor(name="Prairie Learning Network")
    acacia = factories.sponsor(name="Acacia Institute", kind=SponsorKind.EDUCATIONAL)
    chapter = factories.sponsor(name="SER Australasia", kind=SponsorKind.SER)
    grassland = factories.offering(
        prairie, title="Reading a reference site in dry grassland", delivery=Delivery.ONLINE, credits=Decimal("1.5")
    )
    factories.occurrence(grassland, days=3, zone="UTC", starts=time(16), ends=time(17, 30), place="", country="")
    dryland = factories.offering(
        acacia,
        title="Dryland restoration from plan to monitoring",
        description="Five days in the field with those who keep water on the land.\n\nBring boots.",
        objectives="Read a slope. Plan a water harvest. Choose what to monitor, and for how long.",
        areas=["physical", "restoration"],
        instructors="Wanjiru Kamau\nTomas Lindqvist",
        credits=10,
        minutes=1920,
        registration_name="Office of the institute",
        registration_email="registration.office@field-school.acacia-institute.example",
        url="https://acacia-institute.example/courses/dryland-restoration-from-plan-to-monitoring",
        price="USD 200, free for students",
    )
    for n, title in enumerate(("Soils and water", "Planting", "Monitoring"), 1):
        dryland.sessions.create(number=n, day=n, starts="09:00", ends="12:30", title=title, minutes=210)
    first = TODAY + timedelta(days=1)
    factories.occurrence(
        dryland,
        days=1,
        last_day=first + timedelta(days=4),
        zone="Africa/Nairobi",
        starts=time(9),
        ends=time(16),
        place="Naivasha",
        country="KE",
    )
    off = factories.occurrence(dryland, days=30, zone="Africa/Nairobi", place="Nanyuki", country="KE")
    Occurrence.objects.filter(pk=off.pk).update(cancelled_at=timezone.now())
    factories.offering(
        acacia, title="Soil carbon for restoration planners", delivery=Delivery.ON_DEMAND, category=Activity.COURSE
    )
    factories.occurrence(factories.offering(chapter, title="Open hour", credits=None, minutes=0), days=2, country="AU")
    sessions = factories.offering(
        chapter, title="Native seed sessions", part_of="Southern Lands Conference", category=Activity.CONFERENCE
    )
    factories.occurrence(sessions, days=4, place="Perth", country="AU")
    factories.occurrence(factories.offering(title=LONG, language="German"), days=2, country="AT", place="Wien")
    for n in range(26):
        factories.occurrence(factories.offering(prairie, title=f"Prairie evening {n}"), days=2 + n)


def test_courses_and_calendar(open_page):
    fill()
    page = open_page(factories.PersonFactory(name="Nia Mensah", time_zone="Africa/Accra"))
    album = Album(page, "courses")
    album.visit("/courses/", "list")
    page.get_by_label("Search").fill("dryland restauration")
    page.get_by_label("Country").select_option(label="Kenya")
    press(page, "Show courses")
    album.look("found misspelt")
    follow(page, "Dryland restoration from plan to monitoring")
    album.look("one")
    page.goto("/courses/?country=KE&language=German")
    album.look("nothing found")
    follow(page, "without Kenya")
    follow(page, LONG)
    album.look("long title")
    album.visit("/courses/?q=open+hour", "not pre-approved")
    follow(page, "Open hour")
    album.look("one not pre-approved")
    album.visit("/calendar/", "calendar of a month")
    page.get_by_role("link", name="Everything to come as a list").click()
    album.look("calendar as a list")
    page.get_by_label("Country").select_option(label="Kenya")
    press(page, "Show dates")
    expect(page.get_by_role("heading", name="Dryland restoration from plan to monitoring").first).to_be_visible()
    album.close()
