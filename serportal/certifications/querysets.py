from datetime import date

from django.db import models


class PeriodQuerySet(models.QuerySet):
    def holding(self, day: date):
        """Periods whose days include ``day``."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def of(self, person):
        return self.filter(person=person).select_related("certification").order_by("-starts_on")
