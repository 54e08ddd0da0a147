"""What a coordinator may know of the mail, and how it is told: a conflict hides it as it hides its case (R-REV-5)."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from serportal.outbox import services
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase
from serportal.ui.words import moment_text


def messages_visible_to(user):
    """Messages about no case or one that ``user`` coordinates; about a case ``user`` filed, their own mail only."""
    about = ReviewCase.objects.filter(reference=OuterRef("about"))
    return Message.objects.filter(
        ~Exists(about.hidden_from(user)), Q(person=user) | ~Exists(about.filter(filed_by=user))
    )


def told(message: Message) -> str:
    """Say where a message is and what happens next."""
    if message.state == MessageState.OWED:
        if message.attempts:
            again = _("It waits: the mail server did not take it yet ({why}). It is tried again from {at} on.")
            return again.format(why=message.error, at=moment_text(message.next_try_at))
        return _("It waits for the worker, who sends it within a minute.")
    if message.state == MessageState.SENT:
        return _("It went out on {at}.").format(at=moment_text(message.sent_at))
    return {
        MessageState.SENDING: _("A worker is sending it right now."),
        MessageState.FAILED: _("It was refused for good: {why}. Mend the cause, then send it again."),
        MessageState.UNCERTAIN: _(
            "Whether it arrived is not known: {why}. Ask the reader; then settle it as arrived, or send it again."
        ),
        MessageState.CANCELLED: _("It was cancelled and does not go out."),
    }[MessageState(message.state)].format(why=message.error.rstrip("."))


def as_it_reads(message: Message) -> Message | None:
    """Return the message with the words it has, or would get now; None where none can be made. Saves nothing."""
    try:
        if not message.text:
            services.write(message)
    except (LetterTemplate.DoesNotExist, KeyError):
        return None
    return message
