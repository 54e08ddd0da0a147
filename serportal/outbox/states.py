from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    OWED = "owed", _("owed")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused for good")
    UNCERTAIN = "uncertain", _("fate unknown")
