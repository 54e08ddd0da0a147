"""What is done about a message by hand, or by a service that takes its reason away; each act is written down."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal import bell
from serportal.outbox.models import Message, MessageEvent
from serportal.outbox.services.owing import DRAIN
from serportal.outbox.states import Act, MessageState
from serportal.ui.refusal import Refusal


@transaction.atomic
def act_on(message_id: int, act: Act, *, by, at: datetime | None = None) -> Message:
    """Send a message again, cancel it, settle it as arrived or note that it came back: the coordinator ``by`` says so.

    Sent again, it keeps its words and its Message-ID, and goes to the address that its reader has by now. Raises
    Refusal where its state does not allow the act (any more): a worker that has claimed it was faster.
    """
    at = at or timezone.now()
    message = Message.objects.select_for_update(of=("self",)).select_related("person").get(pk=message_id)
    if act not in message.possible_acts:
        raise Refusal(
            "not-possible",
            _("“{message}” to {to} is now “{state}”, so nothing was done to it. Its page says what happened.").format(
                message=message, to=message.to, state=message.get_state_display()
            ),
        )
    if act == Act.AGAIN:
        message.state, message.next_try_at, message.attempts = MessageState.OWED, at, 0
        if message.person:
            message.to = message.person.email
        bell.ring(DRAIN)
    elif act == Act.CANCEL:
        message.state = MessageState.CANCELLED
    elif act == Act.RETURNED:
        message.state, message.sent_at = MessageState.FAILED, None
        message.error = _("it came back to us")
    else:
        message.state, message.sent_at = MessageState.SENT, message.claimed_at or at
    if act != Act.AGAIN:
        message.secret = ""
    message.save(update_fields=["state", "to", "next_try_at", "attempts", "sent_at", "secret", "error"])
    MessageEvent.objects.create(message=message, act=act, by=by, at=at)
    return message


@transaction.atomic
def cancel(*, by=None, at: datetime | None = None, **which) -> int:
    """Cancel what is still owed for a reason that is gone; return how many messages were.

    ``which`` says for what, in columns of the message: ``about`` (a reference), ``template``, ``person``, ``key``. A
    message that a worker has claimed goes out all the same.
    """
    if not which:
        raise TypeError("cancel() needs to be told which messages: about, template, person or key.")
    owed = list(Message.objects.select_for_update().filter(state=MessageState.OWED, **which))
    Message.objects.filter(pk__in=[one.pk for one in owed]).update(state=MessageState.CANCELLED, secret="")
    MessageEvent.objects.bulk_create(
        MessageEvent(message=one, act=Act.CANCEL, by=by, at=at or timezone.now()) for one in owed
    )
    return len(owed)
