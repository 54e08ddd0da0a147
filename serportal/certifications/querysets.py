from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value

from serportal.certifications.rules import GRACE, RENEWAL_OPENS
from serportal.certifications.states import Ending, Standing


class Folded(Func):
    """A name without accents and capitals, so that “Nguyen” and “Nguyễn” meet; done by the database on both sides."""

    template = r"lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036F]+', '', 'g'))"
    output_field = models.TextField()


class PeriodQuerySet(models.QuerySet):
    def holding(self, day: date):
        """Periods whose days include ``day``."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def of(self, person):
        return self.filter(person=person).select_related("certification").order_by("-starts_on")


class CertificationQuerySet(models.QuerySet):
    def with_period(self):
        """Each with the first and the last day of its latest period."""
        periods = self.model._meta.get_field("periods").related_model.objects
        latest = periods.filter(certification=OuterRef("pk")).order_by("-starts_on")
        return self.annotate(
            period_start=Subquery(latest.values("starts_on")[:1]), period_end=Subquery(latest.values("ends_on")[:1])
        )

    def in_state(self, state: str, day: date):
        """Those of which ``state`` is true on ``day``, as ``rules.state_of`` says (R-PER-6)."""
        if state in Ending.values:
            return self.filter(ended_as=state)
        end = {
            Standing.ACTIVE: Q(period_end__gte=day + RENEWAL_OPENS),
            Standing.RENEWAL_DUE: Q(period_end__gte=day, period_end__lt=day + RENEWAL_OPENS),
            Standing.GRACE: Q(period_end__lt=day, period_end__gte=day - GRACE),
            Standing.LAPSED: Q(period_end__lt=day - GRACE) | Q(period_end__isnull=True),
        }[Standing(state)]
        return self.with_period().filter(end, ended_as="")

    def in_directory(self, day: date):
        """Those the public may find: with their holder’s consent, and while they are listed (R-PER-6)."""
        return self.with_period().filter(
            person__listing__listed=True, person__is_active=True, ended_as="", period_end__gte=day - GRACE
        )

    def named_like(self, text: str):
        """Those whose name has something like ``text``, misspelt or without its accents, the closest first."""
        folded = Folded(Value(text, output_field=models.TextField()))
        return (
            self.annotate(asked=folded, likeness=TrigramWordSimilarity(folded, F("name_key")))
            .filter(Q(name_key__trigram_word_similar=folded) | Q(name_key__contains=folded))
            .order_by("-likeness", "name_key", "pk")
        )
