"""Who is certified, since when, and for which five years."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.certifications import rules
from serportal.certifications.querysets import PeriodQuerySet
from serportal.certifications.states import Level, PeriodStart
from serportal.ui.ranges import days_overlap


class Certification(models.Model):
    """A certificate a person holds or held. Its number is issued by ``certifications.services`` alone."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certifications", verbose_name=_("person")
    )
    level = models.CharField(_("level"), max_length=6, choices=Level)
    number = models.CharField(_("number"), max_length=20, unique=True)
    name_on_certificate = models.CharField(_("name on the certificate"), max_length=200)
    certified_on = models.DateField(_("certified on"))

    class Meta:
        verbose_name = _("certification")
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=models.Q(level__in=Level.values), name="certifications_level")]

    def __str__(self):
        return self.number


class Period(models.Model):
    """The five years a certification runs (R-PER-1). A person has one period at a time, whatever the level."""

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="periods")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    began_as = models.CharField(_("began as"), max_length=12, choices=PeriodStart)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="period_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(began_as__in=PeriodStart.values), name="period_began_as_known"),
            ExclusionConstraint(
                name="period_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                violation_error_message=_("This person already has a period on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.certification}, {self.starts_on} – {self.ends_on}"

    def year_of(self, day):
        return rules.year_of(day, self.starts_on, self.ends_on)

    def years(self):
        return list(rules.years(self.starts_on, self.ends_on))
