"""Who is certified, since when, and for which five years."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.certifications import rules
from serportal.certifications.querysets import CertificationQuerySet, Folded, PeriodQuerySet
from serportal.certifications.states import Act, Ending, Level, PeriodStart
from serportal.outbox.models import append_only
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
    ended_as = models.CharField(_("ended as"), max_length=8, choices=Ending, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    lapsed_on = models.DateField(_("lapsed on"), null=True, blank=True)
    succeeded_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="succeeds", verbose_name=_("followed by")
    )
    name_key = models.GeneratedField(
        expression=Folded("name_on_certificate"), output_field=models.TextField(), db_persist=True
    )

    objects = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("certification")
        ordering = ["number"]
        indexes = [GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="certifications_name_like")]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="certifications_level"),
            models.CheckConstraint(
                condition=models.Q(ended_as="", ended_on__isnull=True)
                | models.Q(ended_as__in=Ending.values, ended_on__isnull=False),
                name="certifications_ended_iff_on",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_as=Ending.UPGRADED, succeeded_by__isnull=False)
                | (~models.Q(ended_as=Ending.UPGRADED) & models.Q(succeeded_by__isnull=True)),
                name="certifications_upgraded_iff_followed",
            ),
        ]

    def __str__(self):
        return self.number

    def state_on(self, day):
        """Return what is true of it on ``day``; needs ``with_period``."""
        return rules.state_of(self.ended_as, self.period_end, self.lapsed_on, day)


class CertificationEvent(models.Model):
    """What was done about a certification, by whom and why; only added."""

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    old_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(act__in=Act.values), name="certifications_event_act")]
        triggers = [append_only("certification_events_stay")]

    def __str__(self):
        return str(self.get_act_display())


class Listing(models.Model):
    """What a certificant lets the public see. Nobody is listed who did not ask for it; no row is a no."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="listing")
    listed = models.BooleanField(_("in the public directory"), default=False)
    show_country = models.BooleanField(_("with my country"), default=False)
    show_employer = models.BooleanField(_("with my employer"), default=False)
    show_email = models.BooleanField(_("with my e-mail address"), default=False)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")

    def __str__(self):
        return str(self.person)


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
