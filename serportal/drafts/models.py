"""What people type before they send it."""

import uuid

from django.db import models


class Typed(models.Model):
    """Answers as they were typed: raw text, any of them missing, nothing interpreted (SPEC 6).

    ``version`` tells two open tabs apart; ``page`` and ``turn`` name the page that saved last and its how-manieth save,
    so that the saves of one page, which may overtake each other, count as one person typing.
    """

    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    page = models.UUIDField(null=True, editable=False)
    turn = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True


class SectionTyped(Typed):
    """The answers of one section of a draft. Its version is its own: two tabs on two sections never clash.

    A subclass names what its ``section`` can be.
    """

    draft = models.ForeignKey("Draft", on_delete=models.CASCADE, related_name="sections")

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.draft_id}: {self.section}"


class RowTyped(Typed):
    """One row of a list of a draft, in typed order. A subclass names what it can be ``listed`` in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey("Draft", on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["number", "id"]

    def __str__(self):
        return f"{self.draft_id}: {self.listed} {self.number}"
