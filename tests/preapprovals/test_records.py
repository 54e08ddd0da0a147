"""What a sponsor sends when SER asks for its records, and who may open it (R-SPO-5)."""

from datetime import timedelta

import pytest

from preapprovals.models import Visit
from preapprovals.services import visiting
from preapprovals.states import ContactRole
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


def asked_of(ruth, **given) -> Visit:
    until = given.pop("asked_until", programme_day() + timedelta(days=30))
    return visiting.ask_records(
        offering_id=factories.offering().pk, asked_until=until, note="The list of 3 May.", by=ruth
    )


def page_of(visit: Visit) -> str:
    return f"/preapprovals/offerings/{visit.offering_id}/records/{visit.pk}/"


def contact_of(visit: Visit):
    return visit.offering.sponsor.contacts.get(role=ContactRole.MANAGER).person


def test_a_sponsor_answers_with_words_and_files(client, ruth):
    visit = asked_of(ruth)
    client.force_login(contact_of(visit))
    page = page_of(visit)
    assert "The list of 3 May." in client.get(page).content.decode()
    assert client.post(page, {"keep": "1", "text": "So far.", "files": [factories.pdf("list.pdf")]}).status_code == 302
    visit.refresh_from_db()
    assert visit.answer == "So far." and visit.answered_at is None and visit.folder.files.count() == 1
    assert client.post(page, {"send": "1", "text": "Here it is."}).status_code == 302
    visit.refresh_from_db()
    assert visit.answer == "Here it is." and visit.answered_by == contact_of(visit)
    assert Message.objects.filter(template=visiting.RECEIVED).count() == 1
    again = client.post(page, {"send": "1", "text": "Other."})
    assert again.status_code == 409 and "stays as it is" in again.content.decode()
    visit.refresh_from_db()
    assert visit.answer == "Here it is."


def test_nothing_is_no_answer_and_a_bad_file_loses_no_words(client, ruth):
    visit = asked_of(ruth)
    client.force_login(contact_of(visit))
    empty = client.post(page_of(visit), {"send": "1", "text": "  "})
    assert empty.status_code == 409 and "There is nothing to send yet." in empty.content.decode()
    bad = factories.SimpleUploadedFile("run.exe", b"MZ")
    refused = client.post(page_of(visit), {"send": "1", "text": "All of it.", "files": [bad, factories.pdf()]})
    assert refused.status_code == 409 and "run.exe" in refused.content.decode()
    assert "All of it." in refused.content.decode()
    visit.refresh_from_db()
    assert visit.answer == "All of it." and visit.answered_at is None and visit.folder.files.count() == 1


def test_only_contacts_who_may_edit_come_in(client, ruth):
    visit, stranger, reader = asked_of(ruth), factories.PersonFactory(), factories.PersonFactory()
    visit.offering.sponsor.contacts.create(
        email=reader.email,
        person=reader,
        role=ContactRole.READER,
        invited_at=visit.at,
        invited_by=ruth,
        joined_at=visit.at,
    )
    for person in (stranger, reader, ruth):
        client.force_login(person)
        assert client.get(page_of(visit)).status_code == 404
        assert client.post(page_of(visit), {"send": "1", "text": "x"}).status_code == 404
    client.force_login(contact_of(visit))
    other = asked_of(ruth)
    assert client.get(f"/preapprovals/offerings/{visit.offering_id}/records/{other.pk}/").status_code == 404
    assert client.get(page_of(visit)).status_code == 200


def test_who_may_open_the_files(client, ruth):
    """What is not sent is the sponsor’s own; what was brought from a visit is the coordinators’ alone."""
    visit = asked_of(ruth)
    owner, stranger = contact_of(visit), factories.PersonFactory()
    visiting.add_record_files(visit_id=visit.pk, files=[factories.pdf("list.pdf")], by=owner)
    seen_on = visiting.note_visit(offering_id=visit.offering_id, on_day=programme_day(), note="Seen.", by=ruth)
    visiting.add_visit_files(visit_id=seen_on.pk, files=[factories.pdf("photo.pdf", b"x")], by=ruth)
    theirs, ours = visit.folder.files.get(), seen_on.folder.files.get()

    def opens(person, file) -> bool:
        client.force_login(person)
        response = client.get(f"/files/{file.pk}/")
        content = b"".join(response.streaming_content) if response.streaming else b""
        assert bool(content) == (response.status_code == 200)
        return response.status_code == 200

    assert [opens(one, theirs) for one in (owner, ruth, stranger)] == [True, False, False]
    assert [opens(one, ours) for one in (owner, ruth, stranger)] == [False, True, False]
    visiting.answer_records(visit_id=visit.pk, text="", by=owner)
    assert [opens(one, theirs) for one in (owner, ruth, stranger)] == [True, True, False]
    client.force_login(ruth)
    response = client.get(f"/files/{theirs.pk}/")
    assert f"records-{visit.offering.code}-A.pdf" in response["Content-Disposition"]
    assert b"".join(response.streaming_content)


def test_a_sponsor_without_contacts_is_not_asked(ruth):
    offering = factories.offering()
    offering.sponsor.contacts.update(left_at=offering.listed_at)
    with pytest.raises(Refusal, match="no contact who could answer"):
        visiting.ask_records(offering_id=offering.pk, asked_until=programme_day(), note="x", by=ruth)
    assert not Visit.objects.exists()
