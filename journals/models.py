"""What counts: the dated credit schedule and policy, the append-only ledger, the uploads."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journals import rules
from journals.querysets import DatedQuerySet, EntryQuerySet
from journals.states import Activity, Measure, Source
from serportal.certifications.models import Period
from serportal.reviews.models import Decision
from serportal.ui.words import day_text, moment_text, number

Q = models.Q
SCHEDULED = "scheduled"


class ScheduleRow(models.Model):
    """What one activity is worth from a day on (R-CAT). A changed rate is a new row; old claims keep theirs."""

    activity = models.CharField(_("activity"), max_length=12, choices=Activity)
    category = models.PositiveSmallIntegerField(_("category"))
    measure = models.CharField(_("measured in"), max_length=5, choices=Measure)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=2)
    unit = models.CharField(
        _("unit"),
        max_length=40,
        help_text=_("In the number its rate takes: “hour” beside 1, “hours” beside 2; “book”."),
    )
    pre_approvable = models.BooleanField(_("can be pre-approved"))
    effective_from = models.DateField(_("in force from"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the credit schedule")
        verbose_name_plural = _("credit schedule")
        ordering = ["category", "activity", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "effective_from"], name="journals_schedule_once_a_day"),
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="journals_schedule_activity"),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=100), name="journals_schedule_rate"),
            models.CheckConstraint(condition=Q(category__gte=1, category__lte=7), name="journals_schedule_category"),
        ]

    def __str__(self):
        return f"{self.get_activity_display()}: {self.worth()}"

    def worth(self) -> str:
        """“2 hours = 1 credit”, “5 credits a year of service”."""
        rate = number(self.rate)
        if self.measure == Measure.HOURS:
            return _("{rate} {unit} = 1 credit").format(rate=rate, unit=self.unit)
        each = _("{rate} credit for each {unit}") if self.rate == 1 else _("{rate} credits for each {unit}")
        return each.format(rate=rate, unit=self.unit)

    def as_rate(self) -> rules.Rate:
        return rules.Rate(self.activity, self.rate)


class PolicyRow(models.Model):
    """The figures of SPEC 2 that SER may change, from a day on."""

    effective_from = models.DateField(_("in force from"), unique=True)
    event_cap = models.DecimalField(_("most credits of a single event"), max_digits=5, decimal_places=2)
    volunteer_cap = models.DecimalField(_("most volunteering credits in a period"), max_digits=5, decimal_places=2)
    least_minutes = models.PositiveSmallIntegerField(_("least minutes of contact"))
    step = models.DecimalField(_("step of rounding"), max_digits=4, decimal_places=2)
    period_credits = models.DecimalField(_("credits needed in a period"), max_digits=5, decimal_places=2)
    year_credits = models.DecimalField(_("credits needed in each year"), max_digits=5, decimal_places=2)
    uploads_a_year = models.PositiveSmallIntegerField(_("uploads a year"), choices=[(4, "4"), (2, "2")], default=4)
    upload_waits = models.BooleanField(
        _("an upload waits for the coordinator"), default=False, help_text=_("Otherwise it posts on its day by itself.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                name="journals_policy_sane",
                condition=Q(
                    event_cap__gt=0,
                    event_cap__lte=100,
                    volunteer_cap__gt=0,
                    volunteer_cap__lte=100,
                    least_minutes__lte=600,
                    step__gte=Decimal("0.25"),
                    step__lte=1,
                    period_credits__gt=0,
                    period_credits__lte=500,
                    year_credits__gte=0,
                    year_credits__lte=100,
                    uploads_a_year__in=[2, 4],
                ),
                violation_error_message=_("One of these figures is outside what makes sense. Check each one."),
            )
        ]

    def __str__(self):
        return str(self.effective_from)

    def as_policy(self) -> rules.Policy:
        return rules.Policy(self.event_cap, self.least_minutes, self.step)


class Upload(models.Model):
    """One run that moves approved credits into journals. ``posted_at`` is empty while it waits for its release."""

    key = models.CharField(_("run"), max_length=60, unique=True)
    due_on = models.DateField(_("due on"))
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entries_posted = models.PositiveIntegerField(_("entries"), default=0)
    members = models.PositiveIntegerField(_("members"), default=0)
    control_total = models.DecimalField(_("control total"), max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("upload")
        ordering = ["-prepared_at"]

    def __str__(self):
        """“Scheduled for 1 January 2027”, or the moment at which somebody ran it."""
        if self.key.startswith(SCHEDULED):
            return _("Scheduled for {day}").format(day=day_text(self.due_on))
        return _("By hand, {moment}").format(moment=moment_text(self.prepared_at))


class Entry(models.Model):
    """One line of a certificant’s journal; made when a claim is approved, moved once into an upload, never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(max_length=6, choices=Source)
    decision = models.OneToOneField(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="entry")
    activity = models.CharField(max_length=12, choices=Activity)
    description = models.CharField(max_length=200)
    earned_on = models.DateField(help_text="The day the activity was complete (R-DATE).")
    credits = models.DecimalField(max_digits=5, decimal_places=2)
    reasons = models.JSONField(default=list)
    sentence = models.TextField(blank=True)
    approved_at = models.DateTimeField()
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-earned_on", "-pk"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["person", "-earned_on"], name="journals_of_person"),
            models.Index(fields=["approved_at"], name="journals_waiting", condition=Q(upload__isnull=True)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="entries_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["upload"]),
            ),
            pgtrigger.Protect(
                name="entries_post_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__upload__isnull=False)
            ),
            pgtrigger.Protect(name="entries_are_kept", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="journals_entry_activity"),
            models.CheckConstraint(condition=Q(credits__gt=0, credits__lte=100), name="journals_entry_credits"),
            models.CheckConstraint(
                condition=Exact(Mod("credits", models.Value(Decimal("0.25"))), models.Value(Decimal(0))),
                name="journals_entry_quarters",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.CLAIM, decision__isnull=False)
                | Q(source=Source.IMPORT, decision__isnull=True),
                name="journals_entry_claim_has_decision",
            ),
        ]

    def __str__(self):
        return f"{self.description}: {self.credits}"
