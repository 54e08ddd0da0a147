"""The address under which a member’s calendar program reads their deadlines."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DeadlineFeed(models.Model):
    """One member’s private calendar of deadlines: whoever knows ``key`` reads it, so nobody else is told of it.

    It is kept as it is, for its owner must be able to read it again. A new key ends the old one; without a row
    there is no calendar.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deadline_feed")
    key = models.CharField(_("address"), max_length=43, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar of deadlines")
        verbose_name_plural = _("calendars of deadlines")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[A-Za-z0-9_-]{43}$"), name="journals_feed_unguessable"
            ),
        ]

    def __str__(self):
        return str(self.person_id)
