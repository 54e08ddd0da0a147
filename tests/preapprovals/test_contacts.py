"""Who acts for a sponsor: invited, accepted, changed, ended; one manager is always there."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from preapprovals.models import Contact, Sponsor
from preapprovals.services import contacts
from preapprovals.states import ContactRole
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from tests import factories

pytestmark = pytest.mark.django_db
EDITOR, MANAGER, READER = ContactRole.EDITOR, ContactRole.MANAGER, ContactRole.READER


@pytest.fixture
def marisol():
    return factories.PersonFactory(name="Marisol Quispe")


@pytest.fixture
def delta(marisol):
    return factories.sponsor(marisol)


@pytest.fixture
def kofi():
    return factories.PersonFactory(name="Kofi Mensah", email="kofi@delta.example")


def invite(delta, by, email="kofi@delta.example", role=EDITOR, **given):
    return contacts.invite(sponsor_id=delta.pk, email=email, role=role, by=by, **given)


def joined(delta, by, person, role=EDITOR) -> Contact:
    return contacts.accept(contact_id=invite(delta, by, person.email, role).pk, by=person)


def own(delta, person) -> Contact:
    return Contact.objects.current().get(sponsor=delta, person=person)


def page_of(delta) -> str:
    return reverse("preapprovals:sponsor", args=[delta.pk])


def letters(template) -> list[Message]:
    return list(Message.objects.filter(template=template))


def text_of(message: Message) -> str:
    return outbox.render(message.template, message.context)[1]


def test_an_invitation_is_a_letter_and_nothing_more_until_it_is_accepted(delta, marisol, kofi):
    made = invite(delta, marisol, " Kofi@Delta.example ")
    [letter] = letters("sponsor-invited")
    assert letter.to == "kofi@delta.example" and letter.person is None
    assert "Marisol Quispe invites you to act for Delta Restoration Institute" in text_of(letter)
    assert f"/preapprovals/sponsors/{delta.pk}/join/" in text_of(letter)
    assert not Sponsor.objects.of(kofi).exists()
    contacts.accept(contact_id=made.pk, by=kofi)
    assert Sponsor.objects.of(kofi, [EDITOR]).get() == delta
    [told] = letters("sponsor-joined")
    assert told.person == marisol and "Kofi Mensah accepted your invitation" in text_of(told)


def test_accepted_twice_is_accepted_once(delta, marisol, kofi):
    made = joined(delta, marisol, kofi)
    assert contacts.accept(contact_id=made.pk, by=kofi).joined_at == made.joined_at
    assert len(letters("sponsor-joined")) == 1


def test_an_invitation_is_for_who_proved_the_address_and_for_nobody_else(delta, marisol):
    made = invite(delta, marisol)
    unproved = factories.PersonFactory()
    EmailAddress.objects.create(user=unproved, email="kofi@delta.example", verified=False, primary=False)
    for person in (unproved, factories.PersonFactory(), marisol, factories.coordinator()):
        with pytest.raises(Contact.DoesNotExist):
            contacts.accept(contact_id=made.pk, by=person)
    second = factories.PersonFactory()
    EmailAddress.objects.create(user=second, email="Kofi@delta.example", verified=True, primary=False)
    assert contacts.accept(contact_id=made.pk, by=second).person == second


def test_one_person_acts_once(delta, marisol, kofi):
    joined(delta, marisol, kofi)
    EmailAddress.objects.create(user=kofi, email="k.mensah@home.example", verified=True, primary=False)
    for address in ("kofi@delta.example", "KOFI@delta.example", "k.mensah@home.example"):
        with pytest.raises(Refusal, match="acts for Delta Restoration Institute already"):
            invite(delta, marisol, address)
    invite(delta, marisol, "new@delta.example")
    EmailAddress.objects.create(user=kofi, email="new@delta.example", verified=True, primary=False)
    with pytest.raises(Refusal, match="under another address"):
        contacts.accept(contact_id=Contact.objects.get(email="new@delta.example").pk, by=kofi)


@pytest.mark.parametrize("role", [EDITOR, READER])
def test_only_a_manager_says_who_acts(delta, marisol, kofi, role):
    contact = joined(delta, marisol, kofi, role)
    acts = [
        lambda: invite(delta, kofi, "third@delta.example"),
        lambda: contacts.set_role(contact_id=contact.pk, role=MANAGER, by=kofi),
        lambda: contacts.end(contact_id=own(delta, marisol).pk, by=kofi),
        lambda: contacts.invite_again(contact_id=contact.pk, by=kofi),
    ]
    for act in acts:
        with pytest.raises(Refusal, match="Only who manages Delta Restoration Institute"):
            act()
    assert own(delta, kofi).role == role and own(delta, marisol).role == MANAGER


def test_a_coordinator_helps_a_sponsor_that_lost_its_manager(delta, marisol, kofi):
    ruth = factories.coordinator()
    marisol.is_active = False
    marisol.save(update_fields=["is_active"])
    joined(delta, ruth, kofi, MANAGER)
    contacts.end(contact_id=own(delta, marisol).pk, by=ruth)
    assert list(delta.contacts.managing().values_list("person", flat=True)) == [kofi.pk]


def test_the_last_manager_stays(delta, marisol, kofi):
    joined(delta, marisol, kofi)
    invite(delta, marisol, "waits@delta.example", MANAGER)
    for act in (
        lambda: contacts.end(contact_id=own(delta, marisol).pk, by=marisol),
        lambda: contacts.set_role(contact_id=own(delta, marisol).pk, role=EDITOR, by=marisol),
    ):
        with pytest.raises(Refusal, match="only manager of Delta Restoration Institute"):
            act()
    contacts.set_role(contact_id=own(delta, kofi).pk, role=MANAGER, by=marisol)
    contacts.end(contact_id=own(delta, marisol).pk, by=marisol)
    assert not Sponsor.objects.of(marisol).exists()
    [told] = letters("sponsor-left")
    assert told.person == kofi and "Marisol Quispe no longer acts for" in text_of(told)


def test_a_change_and_an_end_are_told(delta, marisol, kofi):
    contact = joined(delta, marisol, kofi)
    contacts.set_role(contact_id=contact.pk, role=READER, by=marisol)
    contacts.set_role(contact_id=contact.pk, role=READER, by=marisol)
    [told] = letters("sponsor-role")
    assert told.person == kofi and "You may read what is approved" in text_of(told)
    contacts.end(contact_id=contact.pk, by=marisol)
    with pytest.raises(Refusal, match="no longer acts"):
        contacts.set_role(contact_id=contact.pk, role=EDITOR, by=marisol)
    [told] = letters("sponsor-ended")
    assert told.person == kofi and "Its pages are closed to you" in text_of(told)
    assert not Sponsor.objects.of(kofi).exists()
    assert joined(delta, marisol, kofi).pk != contact.pk


def test_an_invitation_taken_back_is_not_sent_and_not_accepted(delta, marisol, kofi):
    made = invite(delta, marisol)
    contacts.end(contact_id=made.pk, by=marisol)
    assert [one.state for one in letters("sponsor-invited")] == ["cancelled"]
    with pytest.raises(Contact.DoesNotExist):
        contacts.accept(contact_id=made.pk, by=kofi)


def test_a_declined_invitation_is_told_and_over(delta, marisol, kofi):
    made = invite(delta, marisol)
    contacts.decline(contact_id=made.pk, by=kofi)
    [told] = letters("sponsor-declined")
    assert told.person == marisol and "Kofi Mensah declined" in text_of(told)
    with pytest.raises(Contact.DoesNotExist):
        contacts.accept(contact_id=made.pk, by=kofi)


def test_an_invitation_is_sent_again_once_a_day(delta, marisol, kofi):
    made = invite(delta, marisol)
    contacts.invite_again(contact_id=made.pk, by=marisol)
    assert len(letters("sponsor-invited")) == 1
    contacts.accept(contact_id=made.pk, by=kofi)
    with pytest.raises(Refusal, match="accepted already"):
        contacts.invite_again(contact_id=made.pk, by=marisol)


def test_nobody_mails_the_world(delta, marisol):
    for n in range(contacts.MOST_A_DAY):
        invite(delta, marisol, f"person{n}@elsewhere.example")
    with pytest.raises(Refusal, match="Invite the next one tomorrow"):
        invite(delta, marisol, "more@elsewhere.example")


def test_the_page_of_a_sponsor_invites(client, delta, marisol):
    client.force_login(marisol)
    wrong = client.post(page_of(delta), {"email": "kofi", "role": "owner"})
    assert wrong.status_code == 422
    assert "This is no e-mail address" in wrong.content.decode() and "Choose what" in wrong.content.decode()
    assert client.post(page_of(delta), {"email": "kofi@delta.example", "role": "editor"}).status_code == 302
    again = client.post(page_of(delta), {"email": "kofi@delta.example", "role": "editor"})
    assert again.status_code == 409 and "is invited already" in again.content.decode()
    page = client.get(page_of(delta)).content.decode()
    assert "kofi@delta.example" in page and "not answered yet" in page


def test_the_link_in_the_letter_asks_before_anything_happens(client, delta, marisol, kofi):
    made = invite(delta, marisol)
    link = reverse("preapprovals:join", args=[delta.pk])
    assert client.get(link).url.startswith(reverse("account_login"))
    client.force_login(kofi)
    page = client.get(link).content.decode()
    assert "Act for Delta Restoration Institute?" in page and "Marisol Quispe invited you" in page
    made.refresh_from_db()
    assert made.person is None
    assert client.post(link, {"accept": "1"}).url == page_of(delta)
    assert client.get(link).url == page_of(delta)
    assert client.get(page_of(delta)).status_code == 200


def test_an_invitation_for_another_address_says_nothing_of_the_sponsor(client, delta, marisol):
    invite(delta, marisol)
    client.force_login(factories.PersonFactory(email="amara@okafor.example"))
    for method in (client.get, client.post):
        answers = [method(reverse("preapprovals:join", args=[key])) for key in (delta.pk, delta.pk + 1000)]
        assert [one.status_code for one in answers] == [404, 404]
        assert all("Delta" not in one.content.decode() for one in answers)
        assert "amara@okafor.example" in answers[0].content.decode()


def test_the_page_of_a_contact_changes_and_ends(client, delta, marisol, kofi):
    contact = joined(delta, marisol, kofi)
    path = reverse("preapprovals:contact", args=[contact.pk])
    client.force_login(marisol)
    assert client.post(path, {"role": "none"}).status_code == 422
    assert client.post(path, {"role": "manager"}).url == page_of(delta)
    assert own(delta, kofi).role == MANAGER
    client.force_login(kofi)
    assert client.post(path, {"end": "1"}).url == reverse("home:dashboard")
    assert client.get(path).status_code == client.get(page_of(delta)).status_code == 404


def test_a_reader_sees_who_acts_and_can_only_leave(client, delta, marisol, kofi):
    contact = joined(delta, marisol, kofi, READER)
    client.force_login(kofi)
    page = client.get(page_of(delta)).content.decode()
    assert "Marisol Quispe" in page and "Invite somebody" not in page and "Stop acting for it" in page
    assert client.post(page_of(delta), {"email": "x@y.example", "role": "editor"}).status_code == 404
    assert client.get(reverse("preapprovals:contact", args=[own(delta, marisol).pk])).status_code == 404
    path = reverse("preapprovals:contact", args=[contact.pk])
    assert client.post(path, {"role": "manager"}).status_code == 404
    assert own(delta, kofi).role == READER
    assert client.post(path, {"end": "1"}).status_code == 302


def test_the_page_says_why_the_last_manager_stays(client, delta, marisol):
    client.force_login(marisol)
    answer = client.post(reverse("preapprovals:contact", args=[own(delta, marisol).pk]), {"end": "1"})
    assert answer.status_code == 409 and "only manager" in answer.content.decode()


def test_a_coordinator_needs_a_strong_session(client, settings, delta):
    client.force_login(factories.coordinator())
    assert client.get(page_of(delta)).status_code == 200
    settings.MFA_REQUIRED = True
    assert client.get(page_of(delta)).url == reverse("mfa_index")
