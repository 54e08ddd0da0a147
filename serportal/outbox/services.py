"""The outbox: a message is a row in the transaction that causes it; workers send it, never twice.

Mark, then send: the row is marked ``sending`` and committed before the mail server hears of it. A worker that dies in
between leaves a row that nobody sends again by itself; it is shown to the coordinator as “fate unknown”.
"""

import smtplib
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from serportal import bell
from serportal.outbox import rules
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.states import MessageState

DRAIN = "serportal.outbox.tasks.drain"
LOST_AFTER = timedelta(minutes=10)
LONGEST_DRAIN = 60  # seconds; the task’s soft limit is 90


def owe(
    *, key: str, template: str, person, context: dict[str, str], about: str = "", at: datetime | None = None
) -> Message:
    """Owe ``person`` the letter ``template`` once for ``key``; it is rendered by the worker that sends it.

    ``at`` is the moment of what caused it.
    """
    letter = {"to": person.email, "person": person, "template": template, "context": context, "about": about}
    message, _created = Message.objects.get_or_create(key=key, defaults=letter | _owed(at))
    bell.ring(DRAIN)
    return message


def owe_ready(
    *, key: str, to: str, subject: str, text: str, person=None, about: str = "", at: datetime | None = None
) -> Message:
    """Owe a text that is already rendered (a decision letter as previewed, a sign-in mail) once for ``key``."""
    letter = {"to": to, "person": person, "subject": subject, "text": text, "about": about}
    message, _created = Message.objects.get_or_create(key=key, defaults=letter | _owed(at))
    bell.ring(DRAIN)
    return message


def _owed(at: datetime | None) -> dict:
    return {"owed_at": at, "next_try_at": at} if at else {}


def render(template: str, context: dict[str, str]) -> tuple[str, str]:
    """Return (subject, text) of ``template``; raises KeyError for a placeholder without a value."""
    row = LetterTemplate.objects.get(key=template)
    return " ".join(rules.fill(row.subject, context).split()), rules.fill(row.body, context)


def claim_next() -> Message | None:
    """Mark the message that is due longest as being sent and return it, or None when nothing is due."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=MessageState.OWED, next_try_at__lte=timezone.now())
            .order_by("next_try_at", "pk")
            .first()
        )
        if message is not None:
            message.state = MessageState.SENDING
            message.attempts += 1
            message.claimed_at = timezone.now()
            message.save(update_fields=["state", "attempts", "claimed_at"])
    return message


def send(message: Message) -> None:
    """Send a claimed message and write down what became of it."""
    try:
        if message.template and not message.text:
            message.subject, message.text = render(message.template, message.context)
            message.save(update_fields=["subject", "text"])
    except (LetterTemplate.DoesNotExist, KeyError) as error:
        return _settle(message, MessageState.FAILED, f"The template {message.template} could not be filled: {error}")
    mail = EmailMessage(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        connection=get_connection(settings.OUTBOX_TRANSPORT),
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        return _settle(message, MessageState.UNCERTAIN, f"The mail server fell silent: {error}")
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        return _refused(message, min(codes, default=550), error)
    except smtplib.SMTPResponseException as error:
        return _refused(message, error.smtp_code, error)
    except OSError as error:
        return _refused(message, 0, error)
    return _settle(message, MessageState.SENT)


def message_id(message: Message) -> str:
    """Return the stable Message-ID of a row, so that a mail server can see a repetition for what it is."""
    return f"<outbox-{message.pk}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"


def drain(limit: int = 200) -> int:
    """Send what is due, at most ``limit`` messages and for a minute; return how many were tried.

    A slow mail server must not carry a run into the task’s time limit, which would leave a letter half sent.
    """
    mark_lost()
    enough = monotonic() + LONGEST_DRAIN
    for tried in range(limit):
        message = claim_next() if monotonic() < enough else None
        if message is None:
            return tried
        send(message)
    return limit


def mark_lost() -> int:
    """Show messages whose sender died between marking and sending as “fate unknown”; return how many."""
    return Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=timezone.now() - LOST_AFTER).update(
        state=MessageState.UNCERTAIN, error="The worker stopped while sending; whether it arrived is not known."
    )


def retry(message_id: int, *, by) -> Message:
    """Owe a refused or uncertain message again, because the coordinator ``by`` says so."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state in {MessageState.FAILED, MessageState.UNCERTAIN}:
            message.state, message.next_try_at, message.attempts = MessageState.OWED, timezone.now(), 0
            message.error = f"Sent again by {by.name}."
            message.save(update_fields=["state", "next_try_at", "attempts", "error"])
            bell.ring(DRAIN)
    return message


def seed_templates(**kwargs) -> None:
    """Bring in the letters of ``templates/letters`` that have no row yet; edited rows stay as they are.

    A file is: the line “When: …”, the line “Subject: …”, an empty line, the body.
    """
    for path in sorted((Path(settings.BASE_DIR) / "templates" / "letters").glob("*.txt")):
        head, body = path.read_text(encoding="utf-8").split("\n\n", 1)
        when, subject = (line.split(":", 1)[1].strip() for line in head.splitlines())
        known = sorted(rules.placeholders(subject + body))
        row, created = LetterTemplate.objects.get_or_create(
            key=path.stem, defaults={"sent_when": when, "subject": subject, "body": body.strip(), "known": known}
        )
        if not created and (row.known, row.sent_when) != (known, when):
            LetterTemplate.objects.filter(pk=row.pk).update(known=known, sent_when=when)


def _refused(message: Message, code: int, error: Exception) -> None:
    """The server said no before taking the text: try again later, unless it said so for good (5xx)."""
    if code >= 500 or message.attempts >= rules.MOST_ATTEMPTS:
        return _settle(message, MessageState.FAILED, str(error))
    message.next_try_at = timezone.now() + rules.pause_after(message.attempts)
    message.save(update_fields=["next_try_at"])
    return _settle(message, MessageState.OWED, str(error))


def _settle(message: Message, state: MessageState, error: str = "") -> None:
    message.state, message.error = state, error[:300]
    message.sent_at = timezone.now() if state == MessageState.SENT else None
    message.save(update_fields=["state", "error", "sent_at"])
