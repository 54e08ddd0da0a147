from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day until the next one of their series does."""

    def in_force(self, day: date):
        return self.filter(effective_from__lte=day).order_by("-effective_from")

    def around(self, day: date):
        """The rows that hold on ``day`` and all that are stored for later days, the earliest first."""
        series = [self.model.SERIES] if self.model.SERIES else []
        same = {name: OuterRef(name) for name in series}
        newer = self.model._base_manager.filter(
            **same, effective_from__lte=day, effective_from__gt=OuterRef("effective_from")
        )
        return self.filter(models.Q(effective_from__gt=day) | ~Exists(newer)).order_by("effective_from", "pk")
