"""Rows that hold from a day until a later row of their series does (ARCHITECTURE 15)."""

from datetime import date

import pgtrigger
from django.db import models

from serportal.dated.querysets import DatedQuerySet

# The first day any row holds from, and the last one that can be meant.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


def stays_in_force(name: str) -> pgtrigger.Trigger:
    """Let nobody change or delete a row whose day has come; what follows it is a new row.

    The trigger waits until that day is over in UTC; ``services`` refuses from the programme’s own day on.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=(
            "IF OLD.effective_from < (now() AT TIME ZONE 'UTC')::date"
            " THEN RAISE EXCEPTION 'a row in force is followed, never changed'; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


def holds_from_a_real_day(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(effective_from__gte=FIRST_DAY, effective_from__lte=LAST_DAY), name=name
    )


class Dated(models.Model):
    """A row with a day ``effective_from``. ``SERIES`` names the field whose value the rows of one series share."""

    SERIES = ""

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def series(self) -> str:
        return getattr(self, self.SERIES) if self.SERIES else ""
