"""A request for pre-approval as it was filed."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from journals.models import PolicyRow, ScheduleRow
from journals.states import Activity, Delivery
from preapprovals.models.sponsors import Sponsor
from preapprovals.querysets import RequestQuerySet
from preapprovals.rules import write_code
from preapprovals.states import OFFERED, Qualification
from serportal.fees.models import Bill
from serportal.reviews.models import Submission

Q = models.Q


def fresh_code() -> str:
    """Return a code that nobody can guess (SPEC 9); that nobody has it is held by the tables."""
    return write_code(secrets.randbelow)


class PreapprovalRequest(Submission):
    """One filed request (R-SPO-1): what was typed, what the agenda adds up to, and the rows that made the sum.

    ``content`` is what was typed, by section and list; the columns are what later pages ask of it. ``minutes`` are the
    contact time, ``credits`` what the rules make of it (R-MIN, R-CAP, R-STEP). ``part_of`` is the larger conference
    that a single session belongs to. ``code`` is kept ready from the start, so that the letter can carry it; it means
    nothing before an offering has it.
    """

    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="requests")
    renews = models.ForeignKey(
        "preapprovals.Offering", null=True, blank=True, on_delete=models.PROTECT, related_name="renewal_requests"
    )
    content = models.JSONField(default=dict)
    code = models.CharField(max_length=13, unique=True, default=fresh_code, editable=False)
    category = models.CharField(_("category"), max_length=12, choices=[(one, one.label) for one in OFFERED])
    title = models.CharField(_("title"), max_length=200)
    part_of = models.CharField(_("part of"), max_length=200, blank=True)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery)
    recurring = models.BooleanField(_("offered again and again"), default=False)
    areas = ArrayField(models.CharField(max_length=20), default=list)
    area_names = models.TextField(blank=True, help_text="As they were called when the request was filed.")
    first_planned = models.DateField(_("first planned day"), null=True, blank=True)
    last_planned = models.DateField(_("last planned day"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("contact time in minutes"))
    credits = models.DecimalField(_("credits by the rules"), max_digits=5, decimal_places=2)
    reasons = models.JSONField(default=list, help_text="The sum as it was shown when the request was filed.")
    sentence = models.TextField()
    schedule_row = models.ForeignKey(ScheduleRow, on_delete=models.PROTECT, related_name="+")
    policy_row = models.ForeignKey(PolicyRow, on_delete=models.PROTECT, related_name="+")
    bill = models.OneToOneField(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="preapproval_request"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-approval request")
        constraints = [
            models.CheckConstraint(condition=Q(category__in=[*OFFERED]), name="preapprovals_category_1_to_4"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="preapprovals_request_delivery"),
            models.CheckConstraint(condition=Q(credits__gte=0, credits__lte=100), name="preapprovals_request_credits"),
            models.CheckConstraint(condition=Q(minutes__lte=200_000), name="preapprovals_request_minutes"),
            models.CheckConstraint(
                condition=Q(first_planned__isnull=True, last_planned__isnull=True)
                | Q(last_planned__gte=models.F("first_planned")),
                name="preapprovals_planned_in_order",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def activity(self) -> Activity:
        return Activity(self.category)


class Instructor(models.Model):
    """One instructor of a filed request, with what qualifies them (R-INST).

    ``key`` is the row of the form, under which the résumé is kept; ``accepted`` is what the whole committee said of
    other credentials, None while it was not asked or has not said (R-REV-10).
    """

    request = models.ForeignKey(PreapprovalRequest, on_delete=models.PROTECT, related_name="instructors")
    key = models.UUIDField()
    name = models.CharField(_("name"), max_length=200)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    qualification = models.CharField(_("qualification"), max_length=8, choices=Qualification)
    detail = models.CharField(_("which"), max_length=500, blank=True)
    accepted = models.BooleanField(_("accepted by the committee"), null=True, blank=True)

    class Meta:
        verbose_name = _("instructor")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "key"], name="preapprovals_instructor_once"),
            models.CheckConstraint(
                condition=Q(qualification__in=Qualification.values), name="preapprovals_qualification_known"
            ),
        ]

    def __str__(self):
        return self.name
