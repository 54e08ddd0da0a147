"""Sending what is owed: mark, then send; what became of it is written down at once."""

import smtplib
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from serportal.outbox import rules, twin
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.services import links
from serportal.outbox.services.wording import all_words, revealed, written
from serportal.outbox.states import MessageState

LOST_AFTER = timedelta(minutes=10)
LONGEST_DRAIN = 60  # seconds; the task’s soft limit is 90


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
        if write(message):
            message.save(update_fields=["subject", "text", "html"])
    except (LetterTemplate.DoesNotExist, KeyError) as error:
        return _settle(message, MessageState.FAILED, f"The template {message.template} could not be filled: {error}")
    mail = EmailMultiAlternatives(
        message.subject,
        revealed(message.text, message.secret),
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        connection=get_connection(settings.OUTBOX_TRANSPORT),
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",
            **links.one_click(message),
        },
    )
    mail.attach_alternative(revealed(message.html, message.secret), "text/html")
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


def write(message: Message) -> bool:
    """Give a message the words it comes without: its text from the template, its HTML from the text; say whether.

    Saves nothing. Words that are there stay as they are, so that what was previewed is what goes out.
    """
    if message.template and not message.text:
        letter = written(LetterTemplate.objects.get(key=message.template), message.context)
        message.subject, message.text, message.html = letter.subject, letter.text, letter.html
    elif not message.html:
        message.html = twin.document(message.subject, message.text, words=all_words())
    else:
        return False
    return True


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


def _refused(message: Message, code: int, error: Exception) -> None:
    """The server said no before taking the text: try again later, unless it said so for good (5xx)."""
    if code >= 500 or message.attempts >= rules.MOST_ATTEMPTS:
        return _settle(message, MessageState.FAILED, str(error))
    message.next_try_at = timezone.now() + rules.pause_after(message.attempts)
    message.save(update_fields=["next_try_at"])
    return _settle(message, MessageState.OWED, str(error))


def _settle(message: Message, state: MessageState, error: str = "") -> None:
    """Write down what became of a message. What went out needs its secret no more, but in the demonstration, where a
    page is the mailbox."""
    message.state, message.error = state, error[:300]
    message.sent_at = timezone.now() if state == MessageState.SENT else None
    if state == MessageState.SENT and not settings.DEMO:
        message.secret = ""
    message.save(update_fields=["state", "error", "sent_at", "secret"])
