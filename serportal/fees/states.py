from django.db import models
from django.utils.translation import gettext_lazy as _


class FeeKind(models.TextChoices):
    """What a fee is for (R-APP-10)."""

    CERP = "cerp", _("Application for CERP")
    CERPIT = "cerpit", _("Application for CERPIT")
    UPGRADE = "upgrade", _("Upgrade from CERPIT to CERP")
    RENEW_CERP = "renew-cerp", _("Recertification as CERP")
    RENEW_CERPIT = "renew-cerpit", _("Recertification as CERPIT")
    PREAPPROVAL = "preapproval", _("Pre-approval of a course")


class BillState(models.TextChoices):
    DUE = "due", _("due")
    PAID = "paid", _("paid")
    WAIVED = "waived", _("waived")
    COVERED = "covered", _("covered by a partner")


class Act(models.TextChoices):
    """What happened to a bill."""

    BILLED = "billed", _("billed")
    ASKED = "asked", _("a reduction was asked for")
    REDUCED = "reduced", _("reduced")
    NOT_REDUCED = "not reduced", _("the reduction was refused")
    PAID = "paid", _("paid")
    WAIVED = "waived", _("waived")
    COVERED = "covered", _("covered by a partner")
    ADDRESSED = "addressed", _("the invoice was made out anew")


SETTLED = frozenset({BillState.PAID, BillState.WAIVED, BillState.COVERED})
