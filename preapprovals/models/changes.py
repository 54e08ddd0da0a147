"""What tells in one glance whether the public list is still what a visitor has of it."""

import pgtrigger
from django.db import models


class ListChange(models.Model):
    """One statement that changed something the list, the calendar or a feed can show.

    Written by the tables themselves, in the transaction of the change, so whatever changes them, in whatever way, is
    seen at once and with it. Only ever added, without waiting for anybody: of two that commit in any order, each makes
    the number of rows grow. At night they are folded into one, from which counting begins anew.
    """

    at = models.DateTimeField()
    folded = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


def shown(name: str) -> pgtrigger.Trigger:
    """Return the trigger of a table that the public list shows something of."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="INSERT INTO preapprovals_listchange (at, folded) VALUES (clock_timestamp(), false); RETURN NULL;",
    )
