"""RELIABILITY C21: what a person, or a service whose reason is gone, may do about a message, and what it leads to."""

import pytest
from django.core import mail
from django.db import InternalError, transaction

from serportal.outbox import services
from serportal.outbox.models import Message, MessageEvent
from serportal.outbox.states import Act, MessageState
from serportal.ui.refusal import Refusal
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db
S = MessageState


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


def in_state(state: MessageState, key="one", **fields) -> Message:
    """A message that got into ``state`` the way messages do."""
    services.owe_ready(key=key, to="amara@example.org", subject=f"Letter {key}", text="Text.", **fields)
    if state != S.OWED:
        claimed = services.claim_next()
        if state == S.SENT:
            services.send(claimed)
        elif state != S.SENDING:
            Message.objects.filter(pk=claimed.pk).update(state=state, error="The mail server fell silent.")
    return Message.objects.get(key=key)


LEADS_TO = {
    (S.FAILED, Act.AGAIN): S.OWED,
    (S.UNCERTAIN, Act.AGAIN): S.OWED,
    (S.UNCERTAIN, Act.ARRIVED): S.SENT,
    (S.OWED, Act.CANCEL): S.CANCELLED,
    (S.SENT, Act.RETURNED): S.FAILED,
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", S)
def test_what_each_act_leads_to(ruth, state, act):
    message = in_state(state)
    assert (act in message.possible_acts) == ((state, act) in LEADS_TO)
    if (state, act) in LEADS_TO:
        services.act_on(message.pk, act, by=ruth)
        event = MessageEvent.objects.get()
        assert (event.message, event.act, event.by) == (message, act, ruth)
    else:
        with pytest.raises(Refusal, match=r"Letter one.*amara@example\.org is now") as refused:
            services.act_on(message.pk, act, by=ruth)
        assert message.get_state_display() in str(refused.value) and not MessageEvent.objects.exists()
    message.refresh_from_db()
    assert message.state == LEADS_TO.get((state, act), state)
    assert (message.sent_at is not None) == (message.state == S.SENT)


def test_sent_again_a_message_keeps_its_words_and_its_message_id(ruth):
    message = in_state(S.UNCERTAIN)
    services.act_on(message.pk, Act.AGAIN, by=ruth)
    services.drain()
    letter, again = mail.outbox[0], Message.objects.get()
    assert letter.extra_headers["Message-ID"] == services.message_id(message)
    assert (again.state, again.text, again.html) == (S.SENT, message.text, message.html)


def test_settled_as_arrived_it_counts_from_the_moment_it_was_handed_over(ruth):
    message = services.act_on(in_state(S.UNCERTAIN).pk, Act.ARRIVED, by=ruth)
    assert message.sent_at == message.claimed_at
    assert services.drain() == 0 and mail.outbox == []


def test_what_came_back_goes_to_the_address_that_its_reader_has_by_now(ruth):
    amara = factories.PersonFactory(email="old@example.org")
    message = in_state(S.SENT, person=amara)
    came_back = services.act_on(message.pk, Act.RETURNED, by=ruth)
    assert (came_back.sent_at, came_back.error) == (None, "it came back to us")
    amara.email = "new@example.org"
    amara.save()
    services.act_on(message.pk, Act.AGAIN, by=ruth)
    services.drain()
    assert mail.outbox[-1].to == ["new@example.org"] and mail.outbox[-1].body == mail.outbox[0].body


def test_what_bore_a_link_for_its_reader_alone_cannot_go_out_a_second_time(ruth):
    text = f"Here: {services.HIDDEN}"
    message = Message.objects.create(key="one", to="amara@example.org", subject="S", text=text, secret="once")
    services.drain()
    assert mail.outbox[0].body == "Here: once"
    message = services.act_on(message.pk, Act.RETURNED, by=ruth)
    assert message.possible_acts == []
    with pytest.raises(Refusal):
        services.act_on(message.pk, Act.AGAIN, by=ruth)


def test_a_cancelled_message_does_not_go_out_and_is_not_owed_anew(ruth):
    services.act_on(in_state(S.OWED).pk, Act.CANCEL, by=ruth)
    services.owe_ready(key="one", to="amara@example.org", subject="Letter one", text="Text.")
    assert services.drain() == 0 and mail.outbox == []


def test_the_member_is_told_that_a_letter_was_cancelled(client):
    case = factories.claim()
    client.force_login(case.filed_by)
    assert "On its way to you." in client.get(f"/cecs/{case.reference}/").content.decode()
    assert services.cancel(about=case.reference, template="cec-receipt") == 1
    assert "Cancelled before it was sent." in client.get(f"/cecs/{case.reference}/").content.decode()


def test_a_service_cancels_what_is_owed_for_a_reason_that_is_gone():
    amara = factories.PersonFactory()
    sent = in_state(S.SENT, key="sent", about="CEC-2026-0001")
    claimed = in_state(S.SENDING, key="claimed", about="CEC-2026-0001")
    context = {"name": "x", "reference": "x", "due": "x", "link": "x"}
    for n in (1, 2):
        services.owe(key=f"a{n}", template="seat-invitation", person=amara, context=context, about=f"CEC-2026-000{n}")
    ready = in_state(S.OWED, key="ready", about="CEC-2026-0001")
    assert services.cancel(about="CEC-2026-0001", template="seat-invitation") == 1
    assert services.cancel(about="CEC-2026-0001", template="seat-invitation") == 0
    states = dict(Message.objects.values_list("key", "state"))
    assert states == {sent.key: "sent", claimed.key: "sending", "a1": "cancelled", "a2": "owed", ready.key: "owed"}
    event = MessageEvent.objects.get()
    assert (event.act, event.by, event.message.key) == (Act.CANCEL, None, "a1")
    assert services.cancel(person=amara) == 1
    with pytest.raises(TypeError):
        services.cancel()


def test_what_was_done_by_hand_cannot_be_rewritten(ruth):
    services.act_on(in_state(S.OWED).pk, Act.CANCEL, by=ruth)
    with pytest.raises(InternalError), transaction.atomic():
        MessageEvent.objects.update(act=Act.AGAIN)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_a_worker_and_a_cancellation_at_once_are_one_of_both(ruth, _round):
    message = in_state(S.OWED)
    drained, answer = at_once(services.drain, lambda: services.act_on(message.pk, Act.CANCEL, by=ruth))
    message.refresh_from_db()
    if isinstance(answer, Refusal):
        assert (drained, message.state, len(mail.outbox)) == (1, S.SENT, 1)
    else:
        assert (drained, message.state, len(mail.outbox)) == (0, S.CANCELLED, 0)
