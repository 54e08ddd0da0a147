"""What the coordinator does about a message by hand."""

from django.db import transaction
from django.utils import timezone

from serportal import bell
from serportal.outbox.models import Message
from serportal.outbox.services.owing import DRAIN
from serportal.outbox.states import MessageState


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
