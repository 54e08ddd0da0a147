from django.db import models


class Counter(models.Model):
    """The last number issued in a series; read and raised only by ``numbers.services.take``."""

    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField(default=0, help_text="0 where the series does not start anew each year")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="numbers_counter_once")]

    def __str__(self):
        return f"{self.series} {self.year or ''} {self.last}"
