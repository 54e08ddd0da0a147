from django.db import models


class DraftQuerySet(models.QuerySet):
    def open_of(self, person):
        """What ``person`` is preparing, the last one saved first; answers to questions are not among them."""
        return self.filter(owner=person, sent_at__isnull=True, request__isnull=True).order_by("-saved_at")
