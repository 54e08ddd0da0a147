"""A request for pre-approval as it is prepared: sections and rows, each typed and saved by itself (SPEC 6)."""

import uuid

from django.conf import settings
from django.db import models

from preapprovals.models.sponsors import Sponsor
from preapprovals.querysets import DraftQuerySet
from preapprovals.states import Listed, Section
from serportal.drafts.models import RowTyped, SectionTyped
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest, ReviewCase

Q = models.Q


class Draft(models.Model):
    """One request before it is sent, or an answer about one that was. Once sent, it leads to its case.

    ``sponsor`` is set where it is asked for one that the owner acts for already; a new one is made on filing.
    ``renews`` is the offering whose approval it would carry on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="preapproval_drafts")
    sponsor = models.ForeignKey(Sponsor, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    renews = models.ForeignKey(
        "preapprovals.Offering", null=True, blank=True, on_delete=models.PROTECT, related_name="renewal_drafts"
    )
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="preapproval_draft")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.ForeignKey(
        ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="preapproval_drafts"
    )
    request = models.OneToOneField(
        InfoRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="preapproval_draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(
                fields=["owner", "-saved_at"], name="preapprovals_drafts_of", condition=Q(sent_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(request__isnull=True), name="preapprovals_one_draft_a_case"
            ),
            models.CheckConstraint(
                name="preapprovals_draft_has_case_iff",
                condition=Q(request__isnull=False, case__isnull=False)
                | Q(request__isnull=True, case__isnull=True, sent_at__isnull=True)
                | Q(request__isnull=True, case__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class SectionText(SectionTyped):
    """The answers of one section of a draft; the agenda is one, with its rows numbered (``what-0``, ``what-1``)."""

    section = models.CharField(max_length=10, choices=Section)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "section"], name="preapprovals_a_section_once"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="preapprovals_section_known"),
        ]


class RowText(RowTyped):
    """One instructor or date of a draft."""

    listed = models.CharField(max_length=7, choices=Listed)

    class Meta(RowTyped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draft", "listed", "number"], name="preapprovals_a_row_once"),
            models.CheckConstraint(condition=Q(listed__in=Listed.values), name="preapprovals_listed_known"),
        ]
