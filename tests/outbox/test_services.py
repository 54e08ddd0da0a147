"""RELIABILITY C21: owed once, marked before it is sent, never sent twice by itself."""

import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone

from serportal.outbox import services
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.states import Act, MessageState
from tests import factories

pytestmark = pytest.mark.django_db


def owe(key="one", **fields):
    return services.owe_ready(key=key, to="amara@example.org", subject="Subject", text="Text.", **fields)


def test_owed_twice_is_owed_once():
    assert owe() == owe()
    assert Message.objects.count() == 1


def test_a_letter_is_rendered_by_its_sender_and_kept_as_sent():
    person = factories.PersonFactory(name="Nguyễn Thị Minh Khai")
    context = {
        "name": person.name,
        "reference": "CEC-2026-0001",
        "due": "30 November 2026",
        "link": "https://x.example/",
    }
    services.owe(key="seat:1", template="seat-invitation", person=person, context=context)
    assert services.drain() == 1
    message = Message.objects.get()
    assert message.state == MessageState.SENT
    assert mail.outbox[0].body == message.text
    assert "Dear Nguyễn Thị Minh Khai," in message.text and "CEC-2026-0001" in message.subject
    assert mail.outbox[0].extra_headers["Message-ID"] == services.message_id(message)


def test_a_letter_goes_out_as_text_with_an_html_twin_and_both_are_kept_as_sent():
    link = "http://127.0.0.1:8000/reviews/CEC-2026-0001/"
    context = {"name": "Ines", "reference": "CEC-2026-0001", "due": "30 November 2026", "link": link}
    services.owe(key="seat:1", template="seat-invitation", person=factories.PersonFactory(), context=context)
    owe("ready")
    services.drain()
    for letter, message in zip(mail.outbox, Message.objects.order_by("pk"), strict=True):
        (html, kind), parts = letter.alternatives[0], letter.message().get_payload()
        assert (letter.body, html, kind) == (message.text, message.html, "text/html")
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
        assert [part.get_payload(decode=True).decode() for part in parts] == [message.text, message.html]
    assert f'<a href="{link}">{link}</a>' in mail.outbox[0].alternatives[0][0]


def test_a_message_owed_before_there_was_html_gets_it_when_it_goes():
    Message.objects.create(key="old", to="amara@example.org", subject="S", text="Write to certification@ser.org.")
    services.drain()
    html = Message.objects.get().html
    assert 'Write to <a href="mailto:certification@ser.org">certification@ser.org</a>.</p>' in html
    assert mail.outbox[0].alternatives[0][0] == html


def test_a_message_tried_again_keeps_its_words_and_its_message_id(smtp, time_machine):
    smtp.rcpt = "451 try later"
    context = {"name": "Ines", "reference": "CEC-2026-0001", "due": "30 November 2026", "link": "x"}
    services.owe(key="seat:1", template="seat-invitation", person=factories.PersonFactory(), context=context)
    services.drain()
    first = Message.objects.get()
    LetterTemplate.objects.filter(key="seat-invitation").update(body="Rewritten since.")
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    services.drain()
    again = Message.objects.get()
    assert (again.attempts, again.text, again.html) == (2, first.text, first.html)
    assert services.message_id(again) == services.message_id(first)


def test_a_name_cannot_add_a_header_to_a_letter():
    LetterTemplate.objects.create(key="odd", sent_when="-", subject="For {name}", body="{name}", known=["name"])
    person = factories.PersonFactory()
    services.owe(key="odd", template="odd", person=person, context={"name": "A\r\nBcc: everyone@example.org"})
    services.drain()
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [person.email]


def test_a_template_that_cannot_be_filled_is_shown_and_the_next_message_goes():
    services.owe(key="bad", template="seat-invitation", person=factories.PersonFactory(), context={})
    owe("good")
    services.drain()
    assert Message.objects.get(key="bad").state == MessageState.FAILED
    assert Message.objects.get(key="good").state == MessageState.SENT


@pytest.fixture
def smtp(settings):
    """A real mail server whose answer to RCPT and DATA a test may change."""

    class Handler:
        rcpt = data = "250 OK"
        accepted = ()

        async def handle_RCPT(self, server, session, envelope, address, options):
            if self.rcpt.startswith("250"):
                envelope.rcpt_tos.append(address)
            return self.rcpt

        async def handle_DATA(self, server, session, envelope):
            if self.data == "hang up":
                self.accepted = (*self.accepted, envelope.rcpt_tos[0])
                server.transport.abort()
                return ""
            if self.data.startswith("250"):
                self.accepted = (*self.accepted, envelope.rcpt_tos[0])
            return self.data

    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 3
    yield handler
    controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize(
    ("rcpt", "data", "state"),
    [
        ("250 OK", "250 OK", MessageState.SENT),
        ("451 try later", "250 OK", MessageState.OWED),
        ("550 no such person", "250 OK", MessageState.FAILED),
        ("250 OK", "451 try later", MessageState.OWED),
        ("250 OK", "554 refused", MessageState.FAILED),
        ("250 OK", "hang up", MessageState.UNCERTAIN),
    ],
)
def test_what_becomes_of_a_message(smtp, rcpt, data, state):
    smtp.rcpt, smtp.data = rcpt, data
    owe()
    services.drain()
    message = Message.objects.get()
    assert message.state == state
    assert bool(message.error) == (state != MessageState.SENT)
    smtp.rcpt = smtp.data = "250 OK"
    services.drain()
    assert len(smtp.accepted) == (1 if state in {MessageState.SENT, MessageState.UNCERTAIN} else 0)


def test_a_refused_message_goes_once_its_pause_is_over(smtp, time_machine):
    smtp.rcpt = "451 try later"
    owe()
    services.drain()
    smtp.rcpt = "250 OK"
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    services.drain()
    assert (Message.objects.get().state, smtp.accepted) == (MessageState.SENT, ("amara@example.org",))


def test_a_silent_mail_server_loses_nothing(settings, time_machine):
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    owe()
    services.drain()
    assert Message.objects.get().state == MessageState.OWED
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    services.drain()
    assert len(mail.outbox) == 1


def test_a_sender_that_died_leaves_a_message_that_only_a_person_sends_again():
    owe()
    message = services.claim_next()
    assert services.drain() == 0
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert services.drain() == 0
    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
    services.act_on(message.pk, Act.AGAIN, by=factories.coordinator(name="Ruth"))
    assert services.drain() == 1
    assert len(mail.outbox) == 1


def test_sign_in_mail_takes_the_same_way(settings):
    settings.EMAIL_BACKEND = "serportal.outbox.backend.OutboxBackend"
    mail.send_mail("Confirm", "Body", None, ["one@example.org", "two@example.org"])
    assert sorted(Message.objects.values_list("to", "subject", "text")) == [
        ("one@example.org", "Confirm", "Body"),
        ("two@example.org", "Confirm", "Body"),
    ]


def test_an_edited_template_survives_the_next_migration():
    row = LetterTemplate.objects.get(key="cec-receipt")
    LetterTemplate.objects.filter(pk=row.pk).update(subject="Ours: {reference}")
    services.seed_templates()
    row.refresh_from_db()
    assert row.subject == "Ours: {reference}"


def secret_letter(secret="s3cr3t-" * 6, **fields):
    context = {
        "name": "Ines",
        "reference": "CEC-2026-0001",
        "due": "30 November 2026",
        "link": f"http://127.0.0.1:8000/references/{services.HIDDEN}/",
    }
    return services.owe(
        key="secret", template="seat-invitation", to="ines@example.org", secret=secret, context=context, **fields
    )


def test_a_secret_is_in_the_mail_alone_and_forgotten_once_it_went():
    message = secret_letter()
    secret, link = message.secret, f"http://127.0.0.1:8000/references/{message.secret}/"
    services.drain()
    sent = mail.outbox[0]
    assert sent.to == ["ines@example.org"] and link in sent.body
    assert f'<a href="{link}">{link}</a>' in sent.alternatives[0][0]
    kept = Message.objects.values().get()
    assert kept["person_id"] is None and services.HIDDEN in kept["text"] and services.HIDDEN in kept["html"]
    assert secret not in str(kept)


def test_a_secret_waits_for_a_second_try_and_goes_with_a_cancelled_letter():
    message = secret_letter()
    Message.objects.update(state=MessageState.UNCERTAIN)
    services.act_on(message.pk, Act.AGAIN, by=factories.coordinator())
    services.drain()
    assert message.secret in mail.outbox[0].body
    Message.objects.update(state=MessageState.OWED, secret="again", sent_at=None)
    services.cancel(key="secret")
    assert Message.objects.get().secret == ""


def test_a_secret_of_a_letter_settled_as_arrived_is_forgotten():
    message = secret_letter()
    Message.objects.update(state=MessageState.UNCERTAIN, claimed_at=timezone.now())
    services.act_on(message.pk, Act.ARRIVED, by=factories.coordinator())
    assert Message.objects.get().secret == ""
