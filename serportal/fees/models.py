"""What is asked for, who owes it, and what was paid (R-APP-10). Amounts are US dollars."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.dated.models import Dated, holds_from_a_real_day, stays_in_force
from serportal.fees.querysets import BillQuerySet
from serportal.fees.states import SETTLED, Act, BillState, FeeKind
from serportal.outbox.models import append_only

Q = models.Q
MOST = 9999


def amount(name, **kwargs) -> models.DecimalField:
    return models.DecimalField(name, max_digits=7, decimal_places=2, **kwargs)


class FeeRow(Dated):
    """What one kind of request costs from a day on. A bill keeps the row it was shown."""

    SERIES = "kind"

    kind = models.CharField(_("what for"), max_length=12, choices=FeeKind)
    member_amount = amount(_("members of SER"))
    other_amount = amount(_("everyone else"))
    effective_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("fee")
        ordering = ["kind", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="fees_row_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=FeeKind.values), name="fees_row_kind"),
            models.CheckConstraint(
                condition=Q(member_amount__gte=0, member_amount__lte=MOST, other_amount__gte=0, other_amount__lte=MOST),
                name="fees_row_amounts",
            ),
            holds_from_a_real_day("fees_row_day"),
        ]
        triggers = [stays_in_force("fees_stay")]

    def __str__(self):
        return str(self.get_kind_display())

    def amount_for(self, member: bool):
        return self.member_amount if member else self.other_amount


class Bill(models.Model):
    """What one person owes for one thing. What was shown never changes; only ``fees.services`` moves the rest.

    ``full_amount`` is what the row asked on the day it was shown; ``amount`` is less where it was reduced.
    """

    number = models.CharField(_("invoice"), max_length=20, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bills", verbose_name=_("who owes")
    )
    kind = models.CharField(_("what for"), max_length=12, choices=FeeKind)
    about = models.CharField(_("about"), max_length=40, help_text=_("The reference of what the fee is for."))
    billed_to = models.TextField(
        _("whom the invoice is for"), max_length=500, blank=True, help_text=_("Empty where it is the person who owes.")
    )
    row = models.ForeignKey(FeeRow, on_delete=models.PROTECT, related_name="bills")
    member = models.BooleanField(_("as a member of SER"))
    full_amount = amount(_("fee"))
    amount = amount(_("amount"))
    state = models.CharField(_("state"), max_length=8, choices=BillState, default=BillState.DUE)
    billed_at = models.DateTimeField(_("billed"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    asked_at = models.DateTimeField(
        _("asks for a reduction since"), null=True, blank=True, help_text=_("Empty unless it waits for an answer.")
    )

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        ordering = ["-billed_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-billed_at"], name="fees_bill_state"),
            models.Index(fields=["about"], name="fees_bill_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "about"], name="fees_bill_once"),
            models.CheckConstraint(condition=Q(kind__in=FeeKind.values), name="fees_bill_kind"),
            models.CheckConstraint(condition=Q(state__in=BillState.values), name="fees_bill_state_known"),
            models.CheckConstraint(condition=~Q(about=""), name="fees_bill_is_about_something"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, full_amount__lte=MOST, amount__lte=models.F("full_amount")),
                name="fees_bill_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state=BillState.DUE, settled_at__isnull=True)
                | Q(state__in=sorted(SETTLED), settled_at__isnull=False, asked_at__isnull=True),
                name="fees_bill_settled_iff",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="what_was_shown_stays",
                fields=["number", "person", "kind", "about", "row", "member", "full_amount", "billed_at"],
            ),
            pgtrigger.Protect(name="bills_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return self.number

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed any more, for whatever reason."""
        return self.state in SETTLED

    @property
    def is_reduced(self) -> bool:
        return self.amount < self.full_amount


class Payment(models.Model):
    """Money that came for one bill; never changed. A bill is paid in one sum."""

    receipt = models.CharField(_("receipt"), max_length=20, unique=True)
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="payment")
    reference = models.CharField(_("reference of the payment"), max_length=80, unique=True)
    amount = amount(_("amount"))
    paid_on = models.DateField(_("paid on"))
    method = models.CharField(_("how"), max_length=80, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where a payment service told us."),
    )
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("payment")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="fees_payment_amount"),
            models.CheckConstraint(condition=~Q(reference=""), name="fees_payment_has_reference"),
        ]
        triggers = [append_only("payments_stay")]

    def __str__(self):
        return self.receipt


class BillEvent(models.Model):
    """What happened to a bill, by whom and why; only added. ``by`` is empty where the portal did it by itself."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=12, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    old_amount = amount(_("amount before"), null=True)
    new_amount = amount(_("amount after"), null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="fees_event_act")]
        triggers = [append_only("bill_events_stay")]

    def __str__(self):
        return str(self.get_act_display())
