from datetime import date

from django.db import models


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day until the next one of their series does."""

    def in_force(self, day: date):
        return self.filter(effective_from__lte=day).order_by("-effective_from")


class EntryQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person=person).order_by("-earned_on", "-pk")

    def waiting(self):
        """Approved credits that no upload has moved yet (R-UPL-2)."""
        return self.filter(upload__isnull=True)
