from datetime import date

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models.functions import Coalesce

from journals.rules import Arranged
from journals.states import Shape


class ArrangementQuerySet(models.QuerySet):
    def in_force(self):
        """What was agreed and nothing later has replaced."""
        return self.filter(replaced_by__isnull=True).exclude(agreed_shape="")

    def coordinated_by(self, user):
        """Arrangements whose case ``user`` may work on (R-REV-5)."""
        cases = self.model._meta.get_field("case").related_model.objects.coordinated_by(user)
        return self.filter(case__in=cases)

    def arranged(self) -> list[Arranged]:
        """Return what is agreed about single years, as the sums take it (R-PER-3)."""
        rows = self.in_force().exclude(agreed_shape=Shape.EXTENSION).order_by("pk")
        columns = ("case__reference", "year", "agreed_credits", "agreed_day")
        return [Arranged(*row) for row in rows.values_list(*columns)]


class EventQuerySet(models.QuerySet):
    def around(self, first: date, last: date):
        """Events that share a day with the days from ``first`` to ``last``."""
        return self.filter(first_day__lte=last, last_day__gte=first)

    def like(self, name: str):
        """Events whose name looks like ``name``, the closest first."""
        return (
            self.filter(name__trigram_similar=name)
            .annotate(likeness=TrigramSimilarity("name", name))
            .order_by("-likeness", "pk")
        )

    def with_root(self):
        return self.annotate(root=Coalesce("same_as_id", "pk"))


class EntryQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person=person).order_by("-earned_on", "-pk")

    def waiting(self):
        """Approved credits that no upload has moved yet (R-UPL-2)."""
        return self.filter(upload__isnull=True)

    def standing(self):
        """Credits that were not taken back, without the lines that take back."""
        return self.filter(reverses__isnull=True, reversal__isnull=True)

    def hidden_from(self, user):
        """Entries of cases hidden from ``user``, and the corrections of such entries (R-REV-5)."""
        hidden = self._of_cases_hidden_from(user)
        return self.none() if hidden is None else self.filter(models.Q(pk__in=hidden) | models.Q(reverses__in=hidden))

    def known_to(self, user):
        """The entries that are left. The hidden cases are asked for first: mostly none, and then this costs nothing."""
        hidden = self._of_cases_hidden_from(user)
        return self.all() if hidden is None else self.exclude(pk__in=hidden).exclude(reverses__in=hidden)

    def _of_cases_hidden_from(self, user):
        cases = self.model._meta.get_field("decision").related_model._meta.get_field("case").related_model.objects
        hidden = list(cases.hidden_from(user).values_list("pk", flat=True))
        return self.model._base_manager.filter(decision__case__in=hidden).values("pk") if hidden else None


class StatementQuerySet(models.QuerySet):
    def known_to(self, user):
        """Statements without an entry that is hidden from ``user``: part of a sum would be an untruth (R-REV-5)."""
        entries = self.model._meta.get_field("upload").related_model._meta.get_field("entries").related_model.objects
        hidden = list(entries.hidden_from(user).values_list("upload", "period"))
        told = models.Q(*(models.Q(upload=upload, period=period) for upload, period in hidden), _connector=models.Q.OR)
        return self.exclude(told) if hidden else self.all()
