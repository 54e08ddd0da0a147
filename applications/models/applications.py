"""An application as it was filed, and what must be settled before its review."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.rows import Criteria, Window
from applications.querysets import ApplicationQuerySet
from applications.states import Kind, Ready, Side
from serportal.certifications.models import Certification
from serportal.fees.models import Bill
from serportal.reviews.models import Decision, Submission

Q = models.Q


class Application(Submission):
    """One filed application: what was typed, frozen, with the criteria, the window and the sheets it was filed under.

    ``content`` is what ``services.content_of`` made of the draft: {section: {field: text}, listed: [{"id", field:
    text}]}. ``knowledge`` and ``experience`` are the computed sheets as they were shown at the check page; an answer
    replaces them with its own. ``complete_at`` is when the last gate that is not the coordinator’s was settled
    (R-APP-11). ``certification`` is the CERPIT an upgrade closes, ``granted`` what an approval brought.
    """

    kind = models.CharField(max_length=7, choices=Kind)
    content = models.JSONField(default=dict)
    name_on_certificate = models.CharField(max_length=200)
    sides = ArrayField(models.CharField(max_length=10, choices=Side), default=list, blank=True)
    criteria = models.ForeignKey(Criteria, on_delete=models.PROTECT, related_name="applications")
    window = models.ForeignKey(Window, null=True, blank=True, on_delete=models.PROTECT, related_name="applications")
    knowledge = models.JSONField(default=dict)
    experience = models.JSONField(default=dict)
    ready_as = models.CharField(max_length=7, choices=Ready, blank=True)
    bill = models.OneToOneField(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="application")
    course_verified_at = models.DateTimeField(null=True, blank=True)
    course_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    course_waived = models.TextField(blank=True, help_text=_("The coordinator’s reason, where the course is waived."))
    complete_at = models.DateTimeField(null=True, blank=True)
    certification = models.ForeignKey(
        Certification, null=True, blank=True, on_delete=models.PROTECT, related_name="upgrade_applications"
    )
    granted = models.OneToOneField(
        Certification, null=True, blank=True, on_delete=models.PROTECT, related_name="granted_by"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        indexes = [models.Index(fields=["window"], name="applications_of_window")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="applications_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.PARTNER, window__isnull=True) | (~Q(kind=Kind.PARTNER) & Q(window__isnull=False)),
                name="applications_window_unless_partner",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.UPGRADE, certification__isnull=False)
                | (~Q(kind=Kind.UPGRADE) & Q(certification__isnull=True)),
                name="applications_upgrade_iff_certification",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.name_on_certificate}"


class NextStep(models.Model):
    """One thing a CERPIT is told to do on the way to CERP, as its letter said (R-APP-8)."""

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="next_steps")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="next_steps")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["certification", "number"], name="applications_a_step_once"),
            models.CheckConstraint(condition=~Q(text=""), name="applications_step_says_something"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"
