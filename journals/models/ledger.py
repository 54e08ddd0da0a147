"""The append-only ledger, and the uploads that move approved credits into it."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journals.models.events import Event
from journals.querysets import EntryQuerySet
from journals.states import Activity, Fault, Level, Source
from serportal.certifications.models import Period
from serportal.reviews.models import Decision
from serportal.ui.words import day_text, moment_text

Q = models.Q
SCHEDULED = "scheduled"
HISTORY = "history"


class Upload(models.Model):
    """One run that moves approved credits into journals. ``posted_at`` is empty while it waits for its release.

    ``started_at`` is the last time somebody began it, kept before anything moves: a run that was killed is known by it.
    """

    key = models.CharField(_("run"), max_length=60, unique=True)
    due_on = models.DateField(_("due on"))
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fault = models.CharField(_("why it failed"), max_length=8, choices=Fault, blank=True)
    release_note = models.CharField(_("why it was released"), max_length=1000, blank=True)
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
        constraints = [
            models.CheckConstraint(condition=Q(fault__in=["", *Fault.values]), name="journals_upload_fault"),
            models.CheckConstraint(
                condition=Q(fault="") | Q(started_at__isnull=False, posted_at__isnull=True),
                name="journals_upload_failed_unposted",
            ),
        ]

    def __str__(self):
        """“Scheduled for 1 January 2027”, or the moment at which somebody ran it or brought it in."""
        if self.key.startswith(SCHEDULED):
            return _("Scheduled for {day}").format(day=day_text(self.due_on))
        if self.is_history:
            return _("Earlier journals, {moment}").format(moment=moment_text(self.prepared_at))
        return _("By hand, {moment}").format(moment=moment_text(self.prepared_at))

    @property
    def is_history(self) -> bool:
        """Whether it brought in what the membership system holds already, so that nothing is exported to it again."""
        return self.key.startswith(HISTORY)


class Entry(models.Model):
    """One line of a certificant’s journal; made when a claim is approved, moved once into an upload, never changed.

    What later claims must know of it stands in columns: its event (R-CAP), the regular college course (R-ONCE), the
    code that counts once (R-DUP), the year of service (R-ROLE; empty where the coordinator let it count apart).
    A correction is an entry that ``reverses`` another one, with the same amount below zero (R-UPL-4).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(max_length=8, choices=Source)
    decision = models.OneToOneField(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="entry")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activity = models.CharField(max_length=12, choices=Activity)
    description = models.CharField(max_length=200)
    earned_on = models.DateField(help_text="The day the activity was complete (R-DATE).")
    credits = models.DecimalField(max_digits=5, decimal_places=2)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    course_key = models.CharField(max_length=300, blank=True)
    code_key = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=8, choices=Level, blank=True)
    role_key = models.CharField(max_length=500, blank=True)
    served_from = models.DateField(null=True, blank=True)
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
            models.Index(fields=["-earned_on", "-id"], name="journals_newest"),
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
            pgtrigger.Trigger(
                name="corrections_mirror",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reverses__isnull=False),
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM journals_entry e WHERE e.id = NEW.reverses_id"
                    " AND e.reverses_id IS NULL AND e.credits = -NEW.credits AND e.approved_at <= NEW.approved_at"
                    " AND (e.person_id, e.period_id, e.earned_on, e.activity)"
                    " = (NEW.person_id, NEW.period_id, NEW.earned_on, NEW.activity))"
                    " THEN RAISE EXCEPTION 'a correction takes back one entry in full'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="journals_entry_activity"),
            models.CheckConstraint(
                name="journals_entry_credits",
                condition=Q(reverses__isnull=True, credits__gt=0, credits__lte=100)
                | Q(reverses__isnull=False, credits__lt=0, credits__gte=-100),
            ),
            models.CheckConstraint(
                condition=Exact(Mod("credits", models.Value(Decimal("0.25"))), models.Value(Decimal(0))),
                name="journals_entry_quarters",
            ),
            models.CheckConstraint(
                name="journals_entry_source",
                condition=Q(source=Source.CLAIM, decision__isnull=False, reverses__isnull=True)
                | Q(source=Source.IMPORT, decision__isnull=True, reverses__isnull=True)
                | (Q(source=Source.REVERSAL, decision__isnull=True, reverses__isnull=False) & ~Q(sentence="")),
            ),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="journals_entry_level"),
            models.CheckConstraint(
                condition=Q(served_from__isnull=True) | Q(earned_on__gte=models.F("served_from")),
                name="journals_entry_served_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.description}: {self.credits}"
