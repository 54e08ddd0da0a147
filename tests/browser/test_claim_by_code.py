"""From the code on a Confirmation of Completion to credits in the journal, without JavaScript; every page looked at."""

import uuid
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from cecs import services as cecs
from journals.states import Activity
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Basis, Choice
from tests import attendees, factories
from tests.browser.album import Album
from tests.browser.steps import certificate, follow, press, sign_in
from tests.cecs.test_coded import with_sessions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_scanned_code_becomes_credits_in_the_journal(open_page):
    ruth, amara = factories.coordinator(name="Ruth Okello"), factories.certificant(name="Amara Okafor")
    offering = factories.offering(credits=Decimal("4.5"), minutes=270)
    with_sessions(offering, (1, "09:00", "10:30"), (1, "10:45", "12:15"), (1, "13:15", "14:45"))
    run = factories.occurrence(offering)
    factories.occurrence(offering, days=40)
    page = open_page(java_script_enabled=False)
    sign_in(page, amara)
    page.goto("/cecs/new/")
    page.get_by_role("textbox", name="Approval code").fill(offering.code.lower().replace("-", " "))
    press(page, "Look it up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wetland soils in the field")
    press(page, "Start the claim")
    page.get_by_label("Talk 3").uncheck()
    page.get_by_label("What I report here is true").check()
    press(page, "Save and work it out")
    expect(page.locator("#sum tfoot .num")).to_have_text("3")
    press(page, "File this claim")
    expect(page.locator("#errors")).to_contain_text("There is no proof yet")
    page.get_by_label("Your Confirmation of Completion").set_input_files(certificate())
    press(page, "File this claim")
    case = ReviewCase.objects.get()
    expect(page.get_by_role("status")).to_contain_text(f"Filed as {case.reference}")

    bella = factories.certificant(name="Bella Nkosi")
    attendees.told(run, bella, minutes=270)
    member = open_page(bella, java_script_enabled=False)
    member.goto("/dashboard/")
    member.get_by_role("button", name="Accept this credit").click()
    expect(member.get_by_role("status")).to_contain_text("the roster as its proof")

    accepted, alone = ReviewCase.objects.get(filed_by=bella), reviews.Alone(Basis.CODE, Choice.APPROVE)
    reviews.decide(accepted.pk, digest=reviews.preview(accepted, alone=alone).digest, alone=alone, by=ruth)
    assert outbox.drain() > 0

    follow(member, "Journal")
    expect(member.locator(".says")).to_contain_text("4.5 of 50 credits. 0 are uploaded; 4.5 more are approved")


def test_the_pages_of_a_code_in_every_width_and_light(open_page):
    amara = factories.certificant(name="Amara Okafor")
    offering = factories.offering(
        category=Activity.CONFERENCE, minutes=240, credits=Decimal(2), title="Peat and people"
    )
    with_sessions(offering, (1, "09:00", "11:00"), (1, "10:00", "12:00"), (2, "09:00", "11:00"))
    run = factories.occurrence(offering)
    factories.occurrence(offering, days=30)
    public = open_page()
    album = Album(public, "code")
    album.visit(f"/claim/{offering.code}/", "for anybody")
    album.visit("/claim/SER-AAAA-AAAA/", "unknown", status=404)
    album.visit("/cecs/attendance/nothing/", "used link", status=404)
    album.close()
    page = open_page(amara)
    album = Album(page, "claim-by-code")
    album.visit("/cecs/new/?code=SER-AAAA-AAAA", "code never issued", status=422)
    album.visit(f"/claim/{offering.code}/", "signed in")
    attendees.told(run, amara, minutes=240)
    album.visit("/dashboard/", "offered on the dashboard")
    album.visit("/cecs/", "offered")
    draft = cecs.begin(owner=amara, of=cecs.stands(offering), key=uuid.uuid4())
    album.visit(f"/cecs/drafts/{draft.pk}/code/", "short form")
    press(page, "File this claim")
    album.look("short form, refused", status=422)
    album.close()
    ruth = open_page(factories.coordinator(name="Ruth Okello"))
    case = attendees.coded_claim(on=run, sessions=["1", "3"])
    album = Album(ruth, "by-code")
    album.visit(f"/admin/reviews/reviewcase/{case.pk}/change/", "case", stock=True)
    album.close()
