"""What SER does about an offering, and the appeal of its sponsor (R-SPO-6)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from preapprovals.models.changes import shown
from preapprovals.models.offerings import Offering
from preapprovals.querysets import AppealQuerySet, VisitQuerySet
from preapprovals.states import Act
from serportal.drafts.models import Typed
from serportal.files.models import Folder
from serportal.reviews.models import ReviewCase, Submission
from serportal.reviews.models.cases import append_only

Q = models.Q

NEEDS_REASON = [Act.WARNED, Act.CLEARED, Act.TERMINATED, Act.WITHDRAWN]


class Notice(models.Model):
    """One act on an offering, only ever added. A termination can be appealed until ``appeal_until``, that day included.

    ``by`` is empty where a committee decided.
    """

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="notices")
    act = models.CharField(max_length=10, choices=Act)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    appeal_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("act")
        ordering = ["at", "pk"]
        triggers = [append_only("notices_stay"), shown("notices_are_shown")]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="preapprovals_act_known"),
            models.CheckConstraint(condition=~Q(act__in=NEEDS_REASON) | ~Q(reason=""), name="preapprovals_act_reason"),
            models.CheckConstraint(
                condition=Q(act=Act.TERMINATED, appeal_until__isnull=False)
                | (~Q(act=Act.TERMINATED) & Q(appeal_until__isnull=True)),
                name="preapprovals_termination_has_its_day",
            ),
        ]

    def __str__(self):
        return f"{self.offering_id}: {self.act}"


class Appeal(Submission):
    """A sponsor’s appeal of a termination; ``late`` where it came after the last day, which is kept and shown."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="appeal")
    grounds = models.TextField()
    late = models.BooleanField(default=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        constraints = [models.CheckConstraint(condition=~Q(grounds=""), name="preapprovals_appeal_says_something")]

    def __str__(self):
        return str(self.notice)


class AppealDraft(Typed):
    """An appeal that somebody of the sponsor is writing; once sent, it leads to its case (SPEC 6)."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="appeal_drafts")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeal_drafts")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="appeal_draft")
    case = models.OneToOneField(
        ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="appeal_draft"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "owner"], name="preapprovals_one_appeal_draft_each"),
        ]

    def __str__(self):
        return f"{self.notice_id}: {self.owner_id}"


class Visit(models.Model):
    """A monitoring visit, or records that SER asked for: what was seen or sent, with its files (R-SPO-5, R-SPO-6).

    ``asked_until`` is the day by which the sponsor was to send its records; empty for a visit. ``note`` is what a
    coordinator wrote down, ``answer`` what the sponsor wrote.
    """

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="visits")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="visit")
    on_day = models.DateField(_("day"))
    note = models.TextField(_("note"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_until = models.DateField(_("records asked for by"), null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        ordering = ["-on_day", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="preapprovals_visit_says_something")]

    def __str__(self):
        return f"{self.offering_id}: {self.on_day}"
