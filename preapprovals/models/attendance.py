"""Who was there: what a sponsor tells in a roster, and what each person claims, meet in one row (R-SPO-4)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from preapprovals.models.offerings import Occurrence
from preapprovals.querysets import AttendanceQuerySet, RosterQuerySet
from preapprovals.states import AttendanceState, RosterState
from serportal.files.models import Folder
from serportal.reviews.models import ReviewCase

Q = models.Q


class Roster(models.Model):
    """One list of attendees as it was given: looked at first, then taken in, and undone for seven days.

    ``mapping`` says which column means what, ``source`` what of a workbook was read and what was not. ``keep_until`` is
    the last day of the six years in which nothing of it is deleted (R-SPO-5).
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="rosters")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="roster")
    state = models.CharField(max_length=8, choices=RosterState, default=RosterState.PREVIEW)
    mapping = models.JSONField(default=dict)
    columns = models.JSONField(default=list, help_text="The headings of the list, in its order.")
    source = models.JSONField(
        default=dict, help_text="Sheet, unread, hidden, hidden_rows; empty for what is no workbook."
    )
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who gave their word that the attendees know where their names go.",
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    keep_until = models.DateField()

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        ordering = ["-given_at"]
        triggers = [
            pgtrigger.Trigger(
                name="rosters_are_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=(
                    "IF OLD.state <> 'preview' AND OLD.keep_until >= (now() AT TIME ZONE 'UTC')::date"
                    " THEN RAISE EXCEPTION 'a roster is kept for six years'; END IF; RETURN OLD;"
                ),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RosterState.values), name="preapprovals_roster_state"),
            models.CheckConstraint(
                name="preapprovals_roster_taken_iff",
                condition=Q(state=RosterState.PREVIEW, taken_at__isnull=True, undone_at__isnull=True)
                | Q(state=RosterState.TAKEN, taken_at__isnull=False, undone_at__isnull=True)
                | Q(state=RosterState.UNDONE, taken_at__isnull=False, undone_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.occurrence_id}, {self.given_at:%Y-%m-%d}"


class RosterRow(models.Model):
    """One line of a roster as it was given, or mended on the screen; ``problems`` are its sentences by column."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="The line in the list it came from.")
    said = models.JSONField(default=dict, help_text="By meaning: name, email, certificate, minutes, completed, grade.")
    problems = models.JSONField(default=dict)
    dropped = models.BooleanField(default=False)
    attendance = models.ForeignKey(
        "preapprovals.Attendance", null=True, blank=True, on_delete=models.PROTECT, related_name="rows"
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="preapprovals_roster_row_once")]

    def __str__(self):
        return f"{self.roster_id}: {self.number}"


class Attendance(models.Model):
    """One person at one occurrence (unique), where a line of a roster and a claim meet and confirm each other.

    ``person`` is set once the account is known; until then ``email`` is who it is, and the link in their letter stays
    good (``token_hash``). ``minutes`` are what the sponsor confirms (None: no roster has said so yet), ``case`` the
    claim. ``on_demand_day`` is the day of completion where the occurrence has no day of its own.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200)
    certificate = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    on_demand_day = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=AttendanceState, default=AttendanceState.OFFERED)
    case = models.OneToOneField(ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="attendance")
    token_hash = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a roster first said so.")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["person"], name="preapprovals_offered", condition=Q(state=AttendanceState.OFFERED)),
            models.Index(fields=["email"], name="preapprovals_attendee_mail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "person"],
                condition=Q(person__isnull=False) & ~Q(state=AttendanceState.UNDONE),
                name="preapprovals_attended_once",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "email"],
                condition=~Q(email="") & ~Q(state=AttendanceState.UNDONE),
                name="preapprovals_address_once",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="preapprovals_token_once"),
            models.CheckConstraint(condition=Q(state__in=AttendanceState.values), name="preapprovals_attendance_state"),
            models.CheckConstraint(
                condition=~Q(state=AttendanceState.CLAIMED) | Q(case__isnull=False, person__isnull=False),
                name="preapprovals_claimed_has_case",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(email=""), name="preapprovals_attendee_is_someone"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=200_000), name="preapprovals_attended_minutes"
            ),
        ]

    def __str__(self):
        return self.name
