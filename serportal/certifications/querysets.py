from datetime import date, timedelta

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Greatest, TruncDate

from serportal.certifications.rules import GRACE, RENEWAL_OPENS
from serportal.certifications.states import Ending, Standing
from serportal.outbox.models import Message
from serportal.ui.words import programme_zone


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
        stands = Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=day)
        end = {
            Standing.ACTIVE: stands & Q(period_end__gte=day + RENEWAL_OPENS),
            Standing.RENEWAL_DUE: stands & Q(period_end__gte=day, period_end__lt=day + RENEWAL_OPENS),
            Standing.GRACE: stands & Q(period_end__lt=day),
            Standing.LAPSED: Q(lapsed_on__lte=day) | Q(period_end__isnull=True),
        }[Standing(state)]
        return self.with_period().filter(end, ended_as="")

    def in_directory(self, day: date):
        """Those the public may find: with their holder’s consent, and while they are listed (R-PER-6)."""
        return self.with_period().filter(
            Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=day),
            person__listing__listed=True,
            person__is_active=True,
            ended_as="",
            period_end__isnull=False,
        )

    def run_out(self, day: date):
        """Those whose last period is over on ``day``, which were neither renewed, nor lapsed, nor ended otherwise."""
        return self.with_period().filter(period_end__lt=day, ended_as="", lapsed_on__isnull=True)

    def untold(self):
        """Those of ``run_out`` that no letter about their grace is owed for; each carries the key of its letter."""
        messages = Message.objects.filter(key=OuterRef("grace_key"))
        return self.with_grace_key().filter(~Exists(messages))

    def told_by(self, letters):
        """Those of ``run_out`` whose letter about their grace is among ``letters``; each carries when it went out."""
        of_each = letters.filter(key=OuterRef("grace_key")).values("sent_at")
        return self.with_grace_key().annotate(told_at=Subquery(of_each)).filter(told_at__isnull=False)

    def held_by_none(self, undecided, pause: timedelta):
        """Those of ``told_by`` who filed none of the cases ``undecided`` in time: before grace was over (R-PER-4).

        Grace lasts at least as long as ``pause`` after its letter.
        """
        day = models.DateField()
        told_on = TruncDate("told_at", tzinfo=programme_zone())
        by_letter = ExpressionWrapper(told_on + pause, output_field=models.DateTimeField())
        by_rule = ExpressionWrapper(F("period_end") + GRACE + timedelta(days=1), output_field=models.DateTimeField())
        over = self.annotate(grace_over=Greatest(Cast(by_letter, day), Cast(by_rule, day)))
        in_time = undecided.filter(filed_by=OuterRef("person"), filed_on__lt=OuterRef("grace_over"))
        return over.filter(~Exists(in_time))

    def with_grace_key(self):
        end = Cast("period_end", models.CharField())
        return self.annotate(grace_key=Concat(Value("grace:"), Cast("pk", models.CharField()), Value(":"), end))

    def named_like(self, text: str):
        """Those whose name has something like ``text``, misspelt or without its accents, the closest first."""
        folded = Folded(Value(text, output_field=models.TextField()))
        return (
            self.annotate(asked=folded, likeness=TrigramWordSimilarity(folded, F("name_key")))
            .filter(Q(name_key__trigram_word_similar=folded) | Q(name_key__contains=folded))
            .order_by("-likeness", "name_key", "pk")
        )
