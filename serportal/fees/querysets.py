from django.db import models

from serportal.fees.states import BillState


class BillQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person=person).order_by("-billed_at", "-pk")

    def due(self):
        return self.filter(state=BillState.DUE)
