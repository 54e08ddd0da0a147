"""What a member asks for where circumstances are extenuating, and what was agreed (R-PER-3)."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from journals.models.dated import in_quarters
from journals.querysets import ArrangementQuerySet
from journals.rules import Terms
from journals.states import Shape
from serportal.certifications.models import Period
from serportal.drafts.models import Typed
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest, ReviewCase, Submission

Q = models.Q


def _terms_are_whole(prefix: str, *, optional: bool) -> Q:
    """Return the condition that a lower minimum has its credits, and everything else its day."""
    shape, credits, day = f"{prefix}shape", f"{prefix}credits", f"{prefix}day"
    fewer = Q(**{shape: Shape.REDUCED, f"{credits}__isnull": False, f"{day}__isnull": True})
    fewer &= Q(**{f"{credits}__gte": 0, f"{credits}__lte": 100}) & in_quarters(credits)
    later = Q(**{f"{shape}__in": [Shape.MAKE_UP, Shape.EXTENSION]})
    later &= Q(**{f"{credits}__isnull": True, f"{day}__isnull": False})
    none = Q(**{shape: "", f"{credits}__isnull": True, f"{day}__isnull": True})
    return fewer | later | none if optional else fewer | later


class Arrangement(Submission):
    """What was asked about one year of a period, or about its end; what would be agreed instead; what was agreed.

    ``offered_…`` is empty while the coordinator would agree to what was asked, ``agreed_…`` until it is agreed. Who
    decided and when stands with the decision. A later one about the same takes its place: ``replaced_by``.
    ``moved_from`` is the last day that a period had before it was extended. ``open`` holds while its case does.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="arrangements")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    shape = models.CharField(_("asked for"), max_length=9, choices=Shape)
    credits = models.DecimalField(_("credits asked for"), max_digits=5, decimal_places=2, null=True, blank=True)
    day = models.DateField(_("day asked for"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    offered_shape = models.CharField(_("offered"), max_length=9, choices=Shape, blank=True)
    offered_credits = models.DecimalField(_("credits offered"), max_digits=5, decimal_places=2, null=True, blank=True)
    offered_day = models.DateField(_("day offered"), null=True, blank=True)
    agreed_shape = models.CharField(_("agreed"), max_length=9, choices=Shape, blank=True)
    agreed_credits = models.DecimalField(_("credits agreed"), max_digits=5, decimal_places=2, null=True, blank=True)
    agreed_day = models.DateField(_("day agreed"), null=True, blank=True)
    moved_from = models.DateField(_("end of the period before"), null=True, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    open = models.BooleanField(_("open"), default=True)

    objects = ArrangementQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrangement")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=_terms_are_whole("", optional=False), name="journals_arrangement_asked"),
            models.CheckConstraint(
                condition=_terms_are_whole("offered_", optional=True), name="journals_arrangement_offered"
            ),
            models.CheckConstraint(
                condition=_terms_are_whole("agreed_", optional=True), name="journals_arrangement_agreed"
            ),
            models.CheckConstraint(
                condition=Q(shape=Shape.EXTENSION, year__isnull=True)
                | Q(~Q(shape=Shape.EXTENSION), year__isnull=False, year__gte=1, year__lte=5),
                name="journals_arrangement_year",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=False)
                | Q(offered_shape__in=["", Shape.EXTENSION], agreed_shape__in=["", Shape.EXTENSION]),
                name="journals_arrangement_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(agreed_shape=Shape.EXTENSION, moved_from__isnull=False, agreed_day__gt=F("moved_from"))
                | Q(~Q(agreed_shape=Shape.EXTENSION), moved_from__isnull=True),
                name="journals_extension_moves_an_end",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | (~Q(agreed_shape="") & ~Q(replaced_by=F("case"))),
                name="journals_arrangement_replaced",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="journals_arrangement_has_reason"),
            models.UniqueConstraint(
                fields=["period", "year"],
                condition=Q(open=True),
                nulls_distinct=False,
                name="journals_one_open_arrangement",
            ),
            models.UniqueConstraint(
                fields=["period", "year"],
                condition=Q(agreed_shape__in=[Shape.REDUCED, Shape.MAKE_UP], replaced_by__isnull=True),
                name="journals_one_in_force_a_year",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(agreed_shape=Shape.EXTENSION, replaced_by__isnull=True),
                name="journals_one_extension_in_force",
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.get_shape_display()}"

    @property
    def asked(self) -> Terms:
        return Terms(self.shape, self.year, self.credits, self.day)

    @property
    def offered(self) -> Terms:
        """What an approval would agree to: what the coordinator offers instead, else what was asked for."""
        if not self.offered_shape:
            return self.asked
        return Terms(self.offered_shape, self.year, self.offered_credits, self.offered_day)

    @property
    def agreed(self) -> Terms | None:
        if not self.agreed_shape:
            return None
        return Terms(self.agreed_shape, self.year, self.agreed_credits, self.agreed_day)

    @property
    def in_force(self) -> bool:
        return bool(self.agreed_shape) and self.replaced_by_id is None


class ArrangementDraft(Typed):
    """A request for an arrangement, or an answer about one, while it is written; once sent, it leads to its case."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="arrangement_drafts")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="arrangement_drafts")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="arrangement_draft")
    case = models.ForeignKey(
        ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="arrangement_drafts"
    )
    request = models.OneToOneField(
        InfoRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="arrangement_draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "period"],
                condition=Q(case__isnull=True),
                name="journals_one_arrangement_draft_each",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(request__isnull=True), name="journals_one_arrangement_draft_a_case"
            ),
            models.CheckConstraint(
                name="journals_arrangement_draft_has_case_iff",
                condition=Q(request__isnull=False, case__isnull=False)
                | Q(request__isnull=True, case__isnull=True, sent_at__isnull=True)
                | Q(request__isnull=True, case__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.owner_id}: {self.period_id}"
