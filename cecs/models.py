"""Claims for continuing education: the draft as typed, and the submission as filed."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cecs import rules
from cecs.querysets import DraftQuerySet, SubmissionQuerySet
from cecs.states import Answer, Grade
from journals.models import Event, PolicyRow, ScheduleRow
from journals.states import SERVICE, Activity, Delivery, Level, Ruling
from preapprovals.models import Occurrence
from serportal.certifications.models import Period
from serportal.drafts.models import Typed
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest, ReviewCase, Submission
from serportal.reviews.models.cases import append_only

Q = models.Q


class Draft(Typed):
    """A claim, or an answer about a filed one, as it is typed: raw text, any field missing.

    An answer is about its ``case`` from the start and goes to one ``request`` (a question, or the wish for proof); a
    claim gets its case when it is sent. Once sent, a draft keeps its address and leads to the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cec_drafts")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="cec_draft")
    started_at = models.DateTimeField()
    case = models.ForeignKey(ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="cec_drafts")
    request = models.OneToOneField(
        InfoRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="cec_draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(fields=["owner", "-saved_at"], name="cecs_drafts_of", condition=Q(sent_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(request__isnull=True), name="cecs_one_claim_a_case"),
            models.CheckConstraint(
                name="cecs_draft_has_case_iff",
                condition=Q(request__isnull=False, case__isnull=False)
                | Q(request__isnull=True, case__isnull=True, sent_at__isnull=True)
                | Q(request__isnull=True, case__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.data.get("title") or str(_("Claim without a title yet"))

    @property
    def activity(self) -> str:
        """What is claimed; drafts from before all activities could be claimed are about a conference."""
        return self.data.get("activity") or Activity.CONFERENCE

    @property
    def by_code(self) -> str:
        """The approval code whose short form this draft is; "" for the form that asks everything."""
        return self.data.get("by_code", "") if self.request_id is None else ""


class CecSubmission(Submission):
    """One filed claim: one activity of one certificant (R-CEC), with the rows and the period it was filed under.

    Which columns an activity fills is told by ``cecs.asks``; the others stay empty. ``in_advance`` says that the claim
    was filed before the activity was over and its proof has not come yet (R-DATE).
    """

    activity = models.CharField(max_length=12, choices=Activity)
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    in_advance = models.BooleanField(default=False)
    place = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, blank=True)
    verification = models.CharField(max_length=200, blank=True)
    approval_code = models.CharField(max_length=40, blank=True)
    course_no = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=6, choices=Grade, blank=True)
    instructor = models.TextField(blank=True)
    instructor_basis = models.CharField(max_length=500, blank=True)
    audience = models.CharField(max_length=200, blank=True)
    regular = models.CharField(max_length=3, choices=Answer, blank=True)
    first_taught_on = models.DateField(null=True, blank=True)
    with_people = models.TextField(blank=True)
    citation = models.TextField(blank=True)
    role = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=8, choices=Level, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    not_for_profit = models.CharField(max_length=3, choices=Answer, blank=True)
    admin_name = models.CharField(max_length=200, blank=True)
    admin_contact = models.CharField(max_length=200, blank=True)
    areas = ArrayField(models.CharField(max_length=20), default=list)
    area_names = models.TextField(blank=True, help_text="As they were called when the claim was filed.")
    objectives = models.TextField(blank=True)
    learned = models.TextField()
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    asked = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="cec_submissions")
    occurrence = models.ForeignKey(
        Occurrence,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cec_submissions",
        help_text="The date of a pre-approved offering that the approval code and the days were found to name.",
    )
    course_key = models.CharField(max_length=300, blank=True)
    rulings = ArrayField(
        models.CharField(max_length=8, choices=Ruling),
        default=list,
        help_text="Those that hold.",
    )
    flags = models.JSONField(default=list, help_text="What readers should notice, as [code, values]; kept at filing.")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="cec_submissions")
    schedule_row = models.ForeignKey(ScheduleRow, on_delete=models.PROTECT, related_name="+")
    policy_row = models.ForeignKey(PolicyRow, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list, help_text="The sum as it was shown when the claim was filed.")
    sentence = models.TextField()

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        indexes = [models.Index(fields=["course_key"], name="cecs_course", condition=~Q(course_key=""))]
        constraints = [
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="cecs_activity_known"),
            models.CheckConstraint(condition=Q(delivery__in=["", *Delivery.values]), name="cecs_delivery_known"),
            models.CheckConstraint(condition=Q(grade__in=["", *Grade.values]), name="cecs_grade_known"),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="cecs_level_known"),
            models.CheckConstraint(
                condition=Q(regular__in=["", *Answer.values], not_for_profit__in=["", *Answer.values]),
                name="cecs_answers_known",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="cecs_days_in_order"),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=rules.MOST_HOURS), name="cecs_hours_sane"
            ),
            models.CheckConstraint(
                condition=Q(asked__isnull=True) | Q(asked__gt=0, asked__lte=100), name="cecs_asked_sane"
            ),
            models.CheckConstraint(
                # What is pre-approved was found to lie in one; an offering brought in need not say in which.
                condition=Q(areas__len__gte=1) | Q(activity__in=SERVICE) | Q(occurrence__isnull=False),
                name="cecs_one_area_at_least",
            ),
        ]

    def __str__(self):
        return self.title


class SessionDay(models.Model):
    """What was done on one day, or in one part of a longer activity (then without a day), and for how many hours."""

    submission = models.ForeignKey(CecSubmission, on_delete=models.PROTECT, related_name="days")
    number = models.PositiveSmallIntegerField(default=1)
    day = models.DateField(null=True, blank=True)
    sessions = models.TextField()
    hours = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="cecs_a_row_once"),
            models.UniqueConstraint(fields=["submission", "day"], name="cecs_a_day_once"),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24) | Q(day__isnull=True, hours__gt=0, hours__lte=rules.MOST_HOURS),
                name="cecs_day_hours",
            ),
        ]

    def __str__(self):
        return f"{self.day or self.number}: {self.hours}"


class RulingOnClaim(models.Model):
    """What the coordinator decided otherwise about the credit of a claim, and why (R-ROLE, R-DUP).

    The last row of each ``code`` stands; ``holds`` takes it back.
    """

    submission = models.ForeignKey(CecSubmission, on_delete=models.PROTECT, related_name="ruled")
    code = models.CharField(max_length=8, choices=Ruling)
    holds = models.BooleanField(default=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("rulings_stay")]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=Ruling.values), name="cecs_ruling_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="cecs_ruling_has_reason"),
        ]

    def __str__(self):
        return f"{self.submission_id}: {self.code}"
