"""Two at the same instant: one contact for one person, and never a sponsor without a manager."""

import pytest

from preapprovals.models import Contact
from preapprovals.services import contacts
from preapprovals.states import ContactRole
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(3))
def test_an_invitation_accepted_twice_at_once_is_one_contact(_round):
    marisol, kofi = factories.PersonFactory(), factories.PersonFactory()
    delta = factories.sponsor(marisol)
    made = contacts.invite(sponsor_id=delta.pk, email=kofi.email, role=ContactRole.EDITOR, by=marisol)
    answers = at_once(*[lambda: contacts.accept(contact_id=made.pk, by=kofi)] * 2)
    assert [one.person_id for one in answers] == [kofi.pk] * 2
    assert Message.objects.filter(template="sponsor-joined").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_one_address_invited_twice_at_once_is_one_invitation(_round):
    marisol = factories.PersonFactory()
    delta = factories.sponsor(marisol)
    given = {"sponsor_id": delta.pk, "role": ContactRole.EDITOR, "by": marisol}
    answers = at_once(*[lambda e=e: contacts.invite(email=e, **given) for e in ("a@b.example", "A@B.example")])
    assert sorted(type(one) for one in answers if isinstance(one, Refusal)) == [Refusal]
    assert Contact.objects.filter(email="a@b.example").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_managers_who_end_or_demote_each_other_leave_one(_round):
    marisol, kofi = factories.PersonFactory(), factories.PersonFactory()
    delta = factories.sponsor(marisol)
    made = contacts.invite(sponsor_id=delta.pk, email=kofi.email, role=ContactRole.MANAGER, by=marisol)
    contacts.accept(contact_id=made.pk, by=kofi)
    first = Contact.objects.get(sponsor=delta, person=marisol)
    answers = at_once(
        lambda: contacts.set_role(contact_id=made.pk, role=ContactRole.READER, by=marisol),
        lambda: contacts.end(contact_id=first.pk, by=kofi),
    )
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    assert delta.contacts.managing().count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_managers_who_leave_at_once_leave_one(_round):
    marisol, kofi = factories.PersonFactory(), factories.PersonFactory()
    delta = factories.sponsor(marisol)
    made = contacts.invite(sponsor_id=delta.pk, email=kofi.email, role=ContactRole.MANAGER, by=marisol)
    contacts.accept(contact_id=made.pk, by=kofi)
    first = Contact.objects.get(sponsor=delta, person=marisol)
    answers = at_once(
        lambda: contacts.end(contact_id=first.pk, by=marisol), lambda: contacts.end(contact_id=made.pk, by=kofi)
    )
    assert [one.code for one in answers if isinstance(one, Refusal)] == ["last-manager"]
    assert delta.contacts.managing().count() == 1
