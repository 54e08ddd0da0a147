"""A period renewed: what its holder declared, what was paid, whether it was audited, the period it opened (R-PER-7)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journals.models.ledger import Entry
from serportal.certifications.models import Period
from serportal.drafts.models import Typed
from serportal.fees.models import Bill
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest, ReviewCase, Submission

Q = models.Q


class Renewal(Submission):
    """The request to renew ``period``; ``opened`` is the period that follows it once the coordinator confirmed.

    It is empty again where the certification ended before that period began, which was then taken away.
    Who signed the agreement, and when, stands with the signature about its reference. ``audited`` was drawn at filing:
    the proof of the entries in ``wanted`` is then asked for again. ``open`` holds while its case does.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="renewals")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="renewals")
    membership_number = models.CharField(_("membership number"), max_length=60, blank=True)
    disclosure = models.TextField(_("sanctions"), blank=True)
    changes = models.TextField(_("changes for the certificate"), blank=True)
    audited = models.BooleanField(_("audited"), default=False)
    wanted = models.ManyToManyField(Entry, related_name="+", blank=True)
    opened = models.OneToOneField(
        Period, null=True, blank=True, on_delete=models.SET_NULL, related_name="opened_by", verbose_name=_("new period")
    )
    open = models.BooleanField(_("open"), default=True)

    class Meta:
        verbose_name = _("renewal")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["period"], condition=Q(open=True), name="journals_one_open_renewal"),
            models.UniqueConstraint(
                fields=["period"], condition=Q(opened__isnull=False), name="journals_one_renewal_a_period"
            ),
            models.CheckConstraint(
                condition=Q(opened__isnull=True) | (Q(open=False) & ~Q(opened=models.F("period"))),
                name="journals_renewal_opened_another",
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.period_id}"


class RenewalDraft(Typed):
    """A renewal, or an answer about one, while it is written; once sent, it leads to its case."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="renewal_drafts")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="renewal_drafts")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="renewal_draft")
    case = models.ForeignKey(ReviewCase, null=True, blank=True, on_delete=models.PROTECT, related_name="renewal_drafts")
    request = models.OneToOneField(
        InfoRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="renewal_draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "period"], condition=Q(case__isnull=True), name="journals_one_renewal_draft_each"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(request__isnull=True), name="journals_one_renewal_draft_a_case"
            ),
            models.CheckConstraint(
                name="journals_renewal_draft_has_case_iff",
                condition=Q(request__isnull=False, case__isnull=False)
                | Q(request__isnull=True, case__isnull=True, sent_at__isnull=True)
                | Q(request__isnull=True, case__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.owner_id}: {self.period_id}"
