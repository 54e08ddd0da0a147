"""Events: what several claims may be about, so that one cap and one precedent belong to it (R-CAP, R-REV-7)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from journals.querysets import EventQuerySet


class Event(models.Model):
    """One event, as the first claim about it wrote it. ``same_as`` leads to the one it is linked to, never further."""

    name = models.CharField(_("name"), max_length=200)
    organiser = models.CharField(_("organiser"), max_length=200)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    name_key = models.CharField(max_length=200, editable=False)
    organiser_key = models.CharField(max_length=200, editable=False)
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="spellings")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        ordering = ["-first_day", "pk"]
        indexes = [
            models.Index(fields=["name_key", "organiser_key"], name="journals_event_key"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="journals_event_like"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="journals_event_days_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(same_as__isnull=True) | ~models.Q(same_as=models.F("id")),
                name="journals_event_not_itself",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def root_id(self) -> int:
        """The key under which claims about this event share their cap."""
        return self.same_as_id or self.pk
