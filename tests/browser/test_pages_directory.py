"""The directory, certificates and fees in the browser: clean for axe, quiet on the console, pictured at two widths."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.certifications.states import Level
from serportal.fees import services as fees
from serportal.fees.models import FeeRow
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = programme_day()
LONG = "Maria do Carmo Albuquerque de Vasconcelos e Sousa Pereira da Silva-Wadden"


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    person = factories.certificant(
        name="Amara Okafor",
        email="amara.okafor-van-der-wadden@certification.wadden-delta-consulting.example",
        employer="Wadden Delta Consulting",
        since=TODAY - timedelta(days=800),
    )
    return factories.listed(person, show_country=True, show_employer=True, show_email=True)


def test_directory_and_verification(open_page, amara, ruth):
    for n in range(26):
        factories.listed(factories.certificant(name=f"Person {n:02d} Sedge"), show_country=bool(n % 2))
    factories.listed(factories.certificant(name=LONG, level=Level.CERPIT))
    grace = factories.listed(factories.certificant(name="Nia Mensah", since=TODAY - timedelta(days=1850)))
    quiet, gone = factories.certificant(name="Somebody Quiet"), factories.listed(factories.certificant(name="Gone Now"))
    lost = factories.certification_of(gone)
    certifications.revoke(certification_id=lost.pk, reason="As the committee decided.", by=ruth)
    page = open_page()
    album = Album(page, "directory")
    album.visit("/directory/", "first page")
    page.get_by_role("link", name="After").click()
    album.look("last page")
    page.get_by_label("Name or number").fill("okaffor")
    press(page, "Find")
    album.look("found misspelt")
    expect(page.get_by_role("heading", name="Amara Okafor")).to_be_visible()
    page.get_by_role("link", name=factories.certification_of(amara).number).click()
    album.look("valid")
    album.visit("/directory/?q=nobody", "nobody found")
    album.visit(f"/verify/{factories.certification_of(grace).number}/", "renewal pending")
    album.visit(f"/verify/{factories.certification_of(quiet).number}/", "without consent")
    album.visit(f"/verify/{lost.number}/", "revoked")
    album.visit("/verify/CERP-9999/", "unknown number", status=404)
    album.visit("/verify/", "number to type")
    page.get_by_label("Number of the certificate").fill("certificate 1")
    press(page, "Check it")
    album.look("number refused", status=422)
    album.close()


def test_ones_own_certificate(open_page, amara):
    page = open_page(amara)
    album = Album(page, "certificate")
    album.visit("/accounts/profile/", "profile leads there")
    page.get_by_role("link", name="The name on it").click()
    album.look("own")
    page.get_by_label("Show me in the public directory").uncheck()
    press(page, "Save what is shown")
    album.look("own, not listed")
    expect(page.get_by_text("You are not in the public directory.")).to_be_visible()
    Period.objects.update(ends_on=TODAY - timedelta(days=100))
    album.visit("/certificates/", "own, lapsed")
    album.close()
    album = Album(open_page(factories.PersonFactory(name="Nia Mensah")), "certificate")
    album.visit("/certificates/", "own, none")
    album.close()


def test_bills_of_a_person(open_page, amara, ruth):
    bill = factories.billed(amara, about="REN-2026-0001", kind="renew-cerp")
    factories.paid(factories.billed(amara, about="APP-2024-0001"), ruth)
    page = open_page(amara)
    album = Album(page, "fees")
    album.visit("/dashboard/", "dashboard with a bill")
    album.visit("/fees/", "list")
    album.visit(f"/fees/{bill.number}/", "due")
    press(page, "Ask for a smaller fee")
    album.look("question refused", status=422)
    page.get_by_label("Where do you live and work").fill("I live and work in Malawi, and can pay 60 dollars.")
    press(page, "Ask for a smaller fee")
    album.look("smaller fee asked for")
    fees.grant_reduction(bill_id=bill.pk, amount=Decimal(60), reason="Malawi is on the list.", by=ruth)
    album.visit(f"/fees/{bill.number}/", "reduced")
    factories.paid(bill.__class__.objects.get(pk=bill.pk), ruth)
    album.visit(f"/fees/{bill.number}/", "paid")
    FeeRow.objects.create(kind="cerp", member_amount=260, other_amount=360, effective_from=TODAY + timedelta(days=30))
    album.visit("/rules/#fees", "rules with a fee announced")
    album.close()


def test_the_coordinators_pages_of_bills_and_certifications(open_page, amara, ruth):
    bill = factories.billed(amara, about="REN-2026-0001", kind="renew-cerp")
    fees.ask_reduction(bill_id=bill.pk, text="I live and work in Malawi.", by=amara)
    other = factories.billed(about="APP-2026-0001")
    page = open_page(ruth)
    album = Album(page, "bills")
    album.visit("/admin/fees/bill/", "list", stock=True)
    album.visit(f"/admin/fees/bill/{bill.pk}/change/", "one", stock=True)
    page.get_by_label("New amount").fill("9000")
    page.get_by_role("button", name="Reduce the fee").click()
    album.look("one refused", status=422, stock=True)
    album.visit("/admin/fees/bill/payments/", "payments from a list", stock=True)
    page.get_by_label("Rows of reference").fill(f"{other.number}\t350\t{TODAY}\nINV-1999-0001\t350\t{TODAY}")
    press(page, "Show what each row would do")
    album.look("payments previewed", stock=True)
    press(page, "Record the good rows and send their letters")
    album.look("payments recorded", stock=True)
    album.visit(f"/admin/fees/bill/{other.pk}/change/", "paid", stock=True)
    album.visit("/admin/fees/feerow/", "fees", stock=True)
    held = factories.certification_of(amara)
    album.visit("/admin/certifications/certification/", "certifications", stock=True)
    album.visit(f"/admin/certifications/certification/{held.pk}/change/", "certification", stock=True)
    page.get_by_role("button", name="Revoke this certification").click()
    album.look("revoking refused", status=422, stock=True)
    album.close()
