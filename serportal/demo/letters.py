"""Letters of the past: rendered and marked as sent at their moment, so that the worker mails only what is new."""

from datetime import datetime, time, timedelta

from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.demo.clock import Clock
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_zone

STILL_OWED = 2
WRITTEN = ["subject", "text", "html", "state", "attempts", "claimed_at", "sent_at"]


def tell_of_grace(clock: Clock) -> None:
    """Everyone whose period is over, and who may still renew, was told on the day after it."""
    for end in sorted(set(Certification.objects.run_out(clock.today).values_list("period_end", flat=True))):
        morning = datetime.combine(end + timedelta(days=1), time(6), tzinfo=programme_zone())
        certifications.tell_grace(at=min(morning, clock.now))


def mark_sent() -> None:
    """All letters are sent, each soon after what caused it, but the receipts of the newest claims."""
    newest = ReviewCase.objects.order_by("-filed_at").values_list("reference", flat=True)[:STILL_OWED]
    for message in Message.objects.exclude(key__in=[f"receipt:{reference}" for reference in newest]):
        outbox.write(message)
        message.state, message.attempts = MessageState.SENT, 1
        message.claimed_at = message.owed_at + timedelta(seconds=11)
        message.sent_at = message.owed_at + timedelta(seconds=12)
        message.save(update_fields=WRITTEN)
