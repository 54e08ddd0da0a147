"""Claims for continuing education: the draft as typed, and the submission as filed."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cecs.querysets import DraftQuerySet
from cecs.states import Delivery
from journals.models import PolicyRow, ScheduleRow
from journals.states import Activity, Area
from serportal.certifications.models import Period
from serportal.files.models import Folder
from serportal.reviews.models import ReviewCase, Submission

Q = models.Q


class Draft(models.Model):
    """A claim as it is typed: raw text, any field missing.

    ``version`` tells two open tabs apart; ``page`` and ``turn`` name the page that saved last and its how-manieth save,
    so that the saves of one page, which may overtake each other, count as one person typing. Once filed it keeps its
    address and leads to the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cec_drafts")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="cec_draft")
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    page = models.UUIDField(null=True, editable=False)
    turn = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.OneToOneField(ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="cec_draft")

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["owner", "-saved_at"], name="cecs_drafts_of", condition=Q(case__isnull=True))]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.data.get("title") or str(_("Claim without a title yet"))


class CecSubmission(Submission):
    """One filed claim: one activity of one certificant (R-CEC), with the rows and the period it was filed under."""

    activity = models.CharField(max_length=12, choices=Activity)
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    place = models.CharField(max_length=200)
    delivery = models.CharField(max_length=10, choices=Delivery)
    areas = ArrayField(models.CharField(max_length=12, choices=Area), size=len(Area.values))
    learned = models.TextField()
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="cec_submissions")
    schedule_row = models.ForeignKey(ScheduleRow, on_delete=models.PROTECT, related_name="+")
    policy_row = models.ForeignKey(PolicyRow, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list, help_text="The sum as it was shown when the claim was filed.")
    sentence = models.TextField()

    class Meta:
        verbose_name = _("claim")
        constraints = [
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="cecs_activity_known"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="cecs_delivery_known"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="cecs_days_in_order"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24 * 14), name="cecs_hours_sane"),
            models.CheckConstraint(condition=Q(areas__len__gte=1), name="cecs_one_area_at_least"),
        ]

    def __str__(self):
        return self.title


class SessionDay(models.Model):
    """What someone sat in on one day of a conference, and for how many hours."""

    submission = models.ForeignKey(CecSubmission, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    sessions = models.TextField()
    hours = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "day"], name="cecs_a_day_once"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="cecs_day_hours"),
        ]

    def __str__(self):
        return f"{self.day}: {self.hours}"
