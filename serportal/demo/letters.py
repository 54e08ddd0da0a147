"""Letters of the past: rendered and marked as sent at their moment, so that the worker mails only what is new."""

from datetime import timedelta

from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.reviews.models import Decision, ReviewCase, Seat

STILL_OWED = 2
WRITTEN = ["subject", "text", "html", "state", "attempts", "owed_at", "next_try_at", "claimed_at", "sent_at"]


def mark_sent() -> None:
    """Write each letter’s true moment; all are sent but the receipts of the newest claims."""
    owed_at = {f"receipt:{ref}": at for ref, at in ReviewCase.objects.values_list("reference", "filed_at")}
    owed_at |= {f"seat:{pk}": at for pk, at in Seat.objects.values_list("pk", "invited_at")}
    owed_at |= {f"decision:{pk}": at for pk, at in Decision.objects.values_list("pk", "decided_at")}
    newest = ReviewCase.objects.order_by("-filed_at").values_list("reference", flat=True)[:STILL_OWED]
    waiting = {f"receipt:{reference}" for reference in newest}
    for message in Message.objects.exclude(key__in=waiting):
        at = message.owed_at = message.next_try_at = owed_at[message.key]
        outbox.write(message)
        message.state, message.attempts = MessageState.SENT, 1
        message.claimed_at, message.sent_at = at + timedelta(seconds=11), at + timedelta(seconds=12)
        message.save(update_fields=WRITTEN)
