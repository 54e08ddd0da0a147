"""Who may see which application, and what waits for whom."""

from datetime import date

from django.db import models


class DraftQuerySet(models.QuerySet):
    def open_of(self, person):
        """Applications that ``person`` is preparing, the last one saved first; answers are not among them."""
        return self.filter(owner=person, sent_at__isnull=True, request__isnull=True).order_by("-saved_at")


class WindowQuerySet(models.QuerySet):
    def open_on(self, day: date):
        """Windows that have not closed before ``day``, the next to close first."""
        return self.filter(closes_on__gte=day).order_by("closes_on")

    def counted(self, cases):
        """Each with its applications among ``cases``: ``filed``, ``ready`` with every gate settled, and ``decided``."""
        known = models.Q(applications__case__in=cases)
        ready = known & models.Q(applications__complete_at__isnull=False)
        decided = known & models.Q(applications__case__decided_at__isnull=False)
        counts = {"filed": known, "ready": ready, "decided": decided}
        return self.annotate(**{name: models.Count("applications", filter=one) for name, one in counts.items()})


class ApplicationQuerySet(models.QuerySet):
    def of(self, person):
        """Applications that ``person`` filed, the newest first, with their cases."""
        return self.filter(case__filed_by=person).select_related("case").order_by("-case__filed_at")
