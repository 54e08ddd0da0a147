"""What those who act for a sponsor see: its page, one offering, the completion kit, an invitation."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from preapprovals.models import Attendance, Notice, Offering
from preapprovals.services import contacts
from preapprovals.states import Act, ContactRole, OfferingState
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def marisol():
    return factories.PersonFactory(name="Marisol Quispe")


@pytest.fixture
def delta(marisol):
    return factories.sponsor(marisol, website="https://delta.example/", country="NL")


def page_of(delta) -> str:
    return reverse("preapprovals:sponsor", args=[delta.pk])


def test_a_sponsor_its_contacts_and_an_invitation(open_page, delta, marisol):
    page = open_page(marisol)
    album = Album(page, "sponsor")
    album.visit(page_of(delta), "nothing yet")
    with transaction.atomic():
        factories.preapproval(marisol, delta)
    factories.offering(delta, instructors="Wanjiru Kamau\nBram Vos")
    factories.offering(delta, title="Archived webinar on seed mixes", credits=None, minutes=0)
    page.goto(page_of(delta))
    press(page, "Send the invitation")
    album.look("invitation refused", status=422)
    page.get_by_label("E-mail address").fill("kofi@delta.example")
    press(page, "Send the invitation")
    album.look("invited")
    follow(page, "Change kofi@delta.example")
    album.look("invited contact")
    page.goto(page_of(delta))
    follow(page, "Change Marisol Quispe")
    press(page, "Stop acting for it")
    album.look("last manager", status=409)
    album.close()
    kofi = factories.PersonFactory(name="Kofi Mensah", email="kofi@delta.example")
    page = open_page(kofi, java_script_enabled=False)
    page.goto(reverse("preapprovals:join", args=[delta.pk]))
    press(page, "Accept")
    page.wait_for_url(f"**{page_of(delta)}")
    other = Album(open_page(factories.PersonFactory()), "sponsor invitation")
    other.visit(reverse("preapprovals:join", args=[delta.pk]), "for somebody else", status=404)
    contacts.invite(sponsor_id=delta.pk, email="third@delta.example", role=ContactRole.READER, by=marisol)
    other.close()
    third = Album(open_page(factories.PersonFactory(email="third@delta.example")), "sponsor invitation")
    third.visit(reverse("preapprovals:join", args=[delta.pk]), "asked")
    third.close()


def test_an_offering_and_its_kit(open_page, delta, marisol):
    made = factories.offering(delta, instructors="Wanjiru Kamau\nBram Vos", registration_email="bram@delta.example")
    run = factories.occurrence(made, days=-20)
    factories.occurrence(made, days=40, place="")
    for name, minutes in (("Amara Okafor", 360), ("Nguyễn Thị Minh Khai", 200), ("Sam Roy", 30)):
        email = f"{minutes}@restorers.example"
        Attendance.objects.create(occurrence=run, name=name, email=email, minutes=minutes, told_at=timezone.now())
    page = open_page(marisol)
    album = Album(page, "offering")
    album.visit(reverse("preapprovals:offering", args=[made.pk]), "active")
    follow(page, "Open the completion kit")
    album.look("kit")
    album.visit(reverse("preapprovals:confirmations", args=[run.pk]), "confirmations")
    album.visit(reverse("preapprovals:logo", args=[made.pk]), "logo terms")
    press(page, "We accept these terms")
    album.look("logo")
    Offering.objects.update(state=OfferingState.TERMINATED)
    until = programme_day() + timedelta(days=30)
    Notice.objects.create(
        offering=made, act=Act.TERMINATED, reason="No instructor came.", at=timezone.now(), appeal_until=until
    )
    album.visit(reverse("preapprovals:offering", args=[made.pk]), "terminated")
    album.visit(reverse("preapprovals:kit", args=[made.pk]), "kit terminated")
    album.visit(reverse("preapprovals:logo", args=[made.pk]), "logo terminated")
    album.close()


def test_the_coordinators_page_of_the_logo(open_page):
    page = open_page(factories.coordinator())
    album = Album(page, "coordinator logo")
    album.visit("/admin/preapprovals/logomark/add/", "add", stock=True)
    press(page, "Save")
    album.look("refused", stock=True)
    album.close()
