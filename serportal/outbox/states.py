from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    OWED = "owed", _("owed")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("did not arrive")
    UNCERTAIN = "uncertain", _("fate unknown")
    CANCELLED = "cancelled", _("cancelled")


TROUBLE = frozenset({MessageState.FAILED, MessageState.UNCERTAIN})


class Act(models.TextChoices):
    """What people, or a service whose reason for a message is gone, do about it by hand."""

    AGAIN = "again", _("Send again")
    CANCEL = "cancel", _("Cancel")
    ARRIVED = "arrived", _("Settle as arrived")
    RETURNED = "returned", _("Note that it came back")


DONE = {
    Act.AGAIN: _("Sent again"),
    Act.CANCEL: _("Cancelled"),
    Act.ARRIVED: _("Settled as arrived"),
    Act.RETURNED: _("Came back"),
}

# From which states each act leads on; the worker alone moves a message between the others.
POSSIBLE = {
    Act.AGAIN: TROUBLE,
    Act.CANCEL: frozenset({MessageState.OWED}),
    Act.ARRIVED: frozenset({MessageState.UNCERTAIN}),
    Act.RETURNED: frozenset({MessageState.SENT}),
}


class ReminderState(models.TextChoices):
    WAITING = "waiting", _("for the next digest")
    TOLD = "told", _("in a digest")
    PASSED = "passed", _("passed over for a later step")
    DROPPED = "dropped", _("its reason was gone")


class Family(models.TextChoices):
    """What members and sponsors may choose not to be reminded of. A reminder of no family is a duty and always told."""

    JOURNAL = "journal", _("Your certification: years that end short, and its renewal")
    DRAFTS = "drafts", _("What you started and did not send")
    COURSES = "courses", _("What you offer: completion to confirm, and approvals that end")
