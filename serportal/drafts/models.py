"""What people type before they send it."""

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
