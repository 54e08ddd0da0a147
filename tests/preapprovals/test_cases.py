"""The page of a filed request: who reads it, and what it says."""

import pytest
from django.utils import timezone

from preapprovals.models import Contact, Offering
from preapprovals.permissions import files_visible_to
from preapprovals.states import ContactRole
from tests import factories

pytestmark = pytest.mark.django_db


def colleague(sponsor, role=ContactRole.READER, **ended):
    made, at = factories.PersonFactory(), timezone.now()
    Contact.objects.create(
        sponsor=sponsor, email=made.email, person=made, role=role, invited_at=at, invited_by=made, joined_at=at, **ended
    )
    return made


def test_who_acts_for_the_sponsor_reads_a_request_and_its_files(client):
    owner = factories.PersonFactory()
    case = factories.preapproval(owner)
    sponsor = case.preapprovals_preapprovalrequest.sponsor
    here, gone = colleague(sponsor), colleague(sponsor, left_at=timezone.now())
    file = case.folder.files.get()
    for person, status in [(owner, 200), (here, 200), (gone, 404), (factories.PersonFactory(), 404)]:
        client.force_login(person)
        assert client.get(f"/preapprovals/{case.reference}/").status_code == status
        served = client.get(f"/files/{file.pk}/")
        assert served.status_code == status
        assert not served.streaming or b"".join(served.streaming_content).startswith(b"%PDF-")
        assert files_visible_to(person).filter(pk=file.pk).exists() == (status == 200)


def test_only_who_filed_a_request_withdraws_it(client):
    owner = factories.PersonFactory()
    case = factories.preapproval(owner)
    client.force_login(colleague(case.preapprovals_preapprovalrequest.sponsor, ContactRole.MANAGER))
    assert client.post(f"/preapprovals/{case.reference}/withdraw/").status_code == 404
    client.force_login(owner)
    page = client.post(f"/preapprovals/{case.reference}/withdraw/", {"text": "The hall is gone."}, follow=True)
    assert "is withdrawn" in page.content.decode()
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_the_page_of_an_approved_request_leads_to_its_code(client):
    owner, ruth = factories.PersonFactory(), factories.coordinator()
    case = factories.preapproved(ruth, [factories.member() for _ in range(3)], owner=owner)
    made = Offering.objects.get(request=case.pk)
    client.force_login(owner)
    text = client.get(f"/preapprovals/{case.reference}/").content.decode()
    assert made.code in text
    assert f'href="/preapprovals/offerings/{made.pk}/"' in text
    assert "Nothing more is asked" not in text


def test_the_page_says_where_it_is_and_what_the_agenda_adds_up_to(client):
    owner = factories.PersonFactory()
    case = factories.preapproval(owner)
    client.force_login(owner)
    text = client.get(f"/preapprovals/{case.reference}/").content.decode()
    assert "Day 0 of 42" in text
    assert "Category 2: Attending a short course" in text
    assert "6 hours of contact time" in text
    assert "6 hours = 6." in text
    assert "Lunch" in text and "Break or meal" in text
