"""Five years of a certificant in Chromium: short in a year, arranged, planned, claimed, uploaded, renewed."""

import contextlib
from datetime import date, datetime, timedelta
from decimal import Decimal

import pypdfium2
import pytest
import time_machine
import zxingcpp
from playwright.sync_api import expect

from journals import tasks
from journals.models import Upload
from journals.states import Delivery
from serportal.fees.models import Bill
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_zone
from tests import factories
from tests.browser.steps import certificate, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START, END = date(2021, 3, 15), date(2026, 3, 14)


@contextlib.contextmanager
def on(day: date):
    """Live through a part of ``day``, from its noon on."""
    with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=programme_zone())):
        yield
        outbox.drain()


def test_five_years_end_in_a_renewal_that_an_employer_sees(open_page, settings):
    settings.AUDIT_SHARE = 0
    with on(START):
        ruth = factories.coordinator(name="Ruth Okello")
        committee = [factories.member() for _ in range(3)]
        amara = factories.listed(factories.certificant(name="Amara Okafor", since=START))
    for day, hours in ((date(2021, 9, 1), "22"), (date(2022, 9, 1), "6")):
        with on(day):
            factories.decided(ruth, committee, owner=amara, title=f"Days of {day}", hours=hours)

    with on(date(2023, 2, 13)):
        assert "Year 2 of CERP-0001 ends on 14 March 2023: 3 of 5 credits are approved" in reminded(amara)
    with on(date(2023, 9, 20)):
        a_short_year_is_arranged(open_page(amara), open_page(ruth))
    for day, hours in (
        *((date(2023, 9, 25), "20"), (date(2024, 9, 1), "22")),
        *((date(2025, 9, 1), "22"), (date(2025, 9, 2), "1")),
    ):
        with on(day):
            factories.decided(ruth, committee, owner=amara, title=f"Days of {day}", hours=hours)

    with on(END - timedelta(days=90)):
        assert "43.5 of 50 credits are approved, 6.5 are missing." in reminded(amara)
        soils = course("Soils of wet places", credits=4)
        seeds = course("Seeds and where they come from", credits=3)
        for offering, days in ((soils, 40), (seeds, 50)):
            factories.occurrence(offering, days=days, zone="America/New_York")
        two_courses_are_planned(open_page(amara), soils, seeds)
    with on(END - timedelta(days=30)):
        for offering in (soils, seeds):
            claimed_by_code(open_page(amara, java_script_enabled=False), offering)
    with on(END - timedelta(days=25)):
        approved_and_uploaded(open_page(ruth))
        page = open_page(amara)
        page.goto("/journal/")
        expect(page.locator(".says")).to_have_text("50.5 of 50 credits.")
        follow(page, "Renew your certification")
        bill = renewed_by_the_member(page)
    with on(END - timedelta(days=20)):
        factories.paid(bill, by=ruth)
        tasks.settle_renewals()
        confirmed(open_page(ruth))
    with on(END + timedelta(days=10)):
        page = open_page(amara)
        page.goto("/journal/")
        expect(page.locator(".says")).to_have_text("0 of 50 credits.")
        address = scanned(page.request.get("/certificates/CERP-0001.pdf").body())
        employer = open_page()
        employer.goto(address.removeprefix(settings.SITE_URL))
        expect(employer.get_by_role("main")).to_contain_text("Amara Okafor")
        expect(employer.get_by_role("main")).to_contain_text("valid until 14 March 2031")


def reminded(person) -> str:
    """Let the ticks of the day run; return the digest that ``person`` got."""
    outbox.note_due()
    outbox.send_digests()
    return Message.objects.filter(person=person, template="reminder-digest").latest("pk").text.replace("\xa0", " ")


def course(title: str, *, credits: int):
    minutes = credits * 60
    return factories.offering(title=title, credits=Decimal(credits), minutes=minutes, delivery=Delivery.IN_PERSON)


def a_short_year_is_arranged(member, coordinator) -> None:
    """Year 2 brought 3 of 5; the journal leads to the form, and one page is enough to agree (R-PER-3)."""
    member.goto("/journal/")
    follow(member, "Ask for an arrangement for year 2")
    member.get_by_label("A lower minimum for one year").check()
    member.get_by_label("Credits the year would need").fill("3")
    member.get_by_label("What happened, and how you will go on").fill("The flood of May took the field station.")
    press(member, "Send the request")
    expect(member.get_by_role("status")).to_contain_text("ARR-2023-0001")
    case = ReviewCase.objects.get(kind="arrangement")
    coordinator.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    press(coordinator, "It is complete")
    press(coordinator, "Decide and send this letter")
    expect(coordinator.get_by_text("ARR-2023-0001 is decided and its letter is on its way.")).to_be_visible()
    member.goto("/journal/")
    expect(member.get_by_role("row", name="Year 2: 3 of 3 by arrangement")).to_be_visible()
    expect(member.get_by_text("Ask for an arrangement for year 2")).to_have_count(0)


def two_courses_are_planned(page, *courses) -> None:
    """6.5 credits are missing with 90 days to go; two listed courses close the gap."""
    page.goto("/dashboard/")
    follow(page, "Will I make it?")
    expect(page.get_by_text("You are 6.5 short of the 50, with 90 days to go")).to_be_visible()
    for offering in courses:
        page.get_by_role("button", name="Add to my plan").filter(has_text=offering.title).click()
    expect(page.get_by_text("With what you plan below, nothing is left to find.")).to_be_visible()


def claimed_by_code(page, offering) -> None:
    page.goto(f"/claim/{offering.code}/")
    press(page, "Start the claim")
    page.get_by_label("Your Confirmation of Completion").set_input_files(
        {**certificate(), "buffer": factories.PDF + f"% {offering.title}".encode()}
    )
    page.get_by_label("What I report here is true").check()
    press(page, "File this claim")
    expect(page.get_by_role("status")).to_contain_text("Filed as CEC-")


def approved_and_uploaded(page) -> None:
    """Both claims are approved at once, by their codes, and the quarter is closed with one press."""
    page.goto("/admin/")
    page.get_by_role("link", name="with a code, to approve at once").click()
    page.get_by_label("Select all objects on this page for an action").check()
    page.get_by_label("Action:").select_option("decide_by_code")
    press(page, "Go")
    page.get_by_role("button", name="(2)").click()
    page.goto("/admin/journals/upload/run/")
    expect(page.get_by_role("row", name="Control total")).to_contain_text("50.5")
    press(page, "Upload 50.5 credits")
    assert Upload.objects.get().control_total == Decimal("50.5")


def renewed_by_the_member(page) -> Bill:
    """Declared, signed and filed in one sitting."""
    expect(page.get_by_role("heading", name="Everything it needs is there")).to_be_visible()
    page.get_by_label("What my journal says of me is true").check()
    page.get_by_role("group", name="any conviction or sanction").get_by_label("No").check()
    page.get_by_role("group", name="still right?").get_by_label("Yes").check()
    page.get_by_label("I have read the agreement above").check()
    page.get_by_label("Your name, as signature").fill("Amara Okafor")
    page.get_by_role("group", name="Are you a member of SER?").get_by_label("No").check()
    press(page, "File the renewal")
    expect(page.get_by_role("status")).to_contain_text("REN-2026-0001")
    return Bill.objects.get()


def confirmed(page) -> None:
    case = ReviewCase.objects.get(kind="renewal")
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    press(page, "Decide and send this letter")
    expect(page.get_by_text(f"{case.reference} is decided and its letter is on its way.")).to_be_visible()


def scanned(certificate_pdf: bytes) -> str:
    """Return what a telephone reads on the certificate."""
    [page] = pypdfium2.PdfDocument(certificate_pdf)
    [code] = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    return code.text
