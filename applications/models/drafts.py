"""An application as it is prepared: sections and rows, each typed and saved by itself (SPEC 6)."""

import uuid

from django.conf import settings
from django.db import models

from applications.states import Kind, Listed, Section
from serportal.certifications.models import Certification
from serportal.drafts.models import RowTyped, SectionTyped
from serportal.drafts.querysets import DraftQuerySet
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest, ReviewCase

Q = models.Q


class Draft(models.Model):
    """One application before it is sent, or an answer about one that was. Once sent, it leads to its case.

    A person has one open draft of a kind. ``certification`` is the CERPIT that an upgrade would close. ``key`` is the
    key of the button that began it, so that pressing twice begins once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="application_drafts")
    kind = models.CharField(max_length=7, choices=Kind)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="application_draft")
    certification = models.ForeignKey(
        Certification, null=True, blank=True, on_delete=models.PROTECT, related_name="upgrade_drafts"
    )
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.ForeignKey(
        ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="application_drafts"
    )
    request = models.OneToOneField(
        InfoRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="application_draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=Q(sent_at__isnull=True, request__isnull=True),
                name="applications_one_open_draft_a_kind",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(request__isnull=True), name="applications_one_draft_a_case"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="applications_draft_kind"),
            models.CheckConstraint(
                name="applications_draft_has_case_iff",
                condition=Q(request__isnull=False, case__isnull=False)
                | Q(request__isnull=True, case__isnull=True, sent_at__isnull=True)
                | Q(request__isnull=True, case__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class SectionText(SectionTyped):
    """The answers of one section of an application."""

    section = models.CharField(max_length=10, choices=Section)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "section"], name="applications_a_section_once"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="applications_section_known"),
        ]


class RowText(RowTyped):
    """One degree, course, claim of prior learning, employment, project or next step of a draft."""

    listed = models.CharField(max_length=7, choices=Listed)

    class Meta(RowTyped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["draft", "listed", "number"], name="applications_a_row_once"),
            models.CheckConstraint(condition=Q(listed__in=Listed.values), name="applications_listed_known"),
        ]
