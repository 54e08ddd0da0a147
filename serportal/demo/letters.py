"""Letters of the past: rendered and marked as sent at their moment, so that the worker mails only what is new."""

from datetime import timedelta

from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase

STILL_OWED = 2
WRITTEN = ["subject", "text", "html", "state", "attempts", "claimed_at", "sent_at"]


def mark_sent() -> None:
    """All letters are sent, each soon after what caused it, but the receipts of the newest claims."""
    newest = ReviewCase.objects.order_by("-filed_at").values_list("reference", flat=True)[:STILL_OWED]
    for message in Message.objects.exclude(key__in=[f"receipt:{reference}" for reference in newest]):
        outbox.write(message)
        message.state, message.attempts = MessageState.SENT, 1
        message.claimed_at = message.owed_at + timedelta(seconds=11)
        message.sent_at = message.owed_at + timedelta(seconds=12)
        message.save(update_fields=WRITTEN)
