from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    CERP = "CERP", _("Certified Ecological Restoration Practitioner")
    CERPIT = "CERPIT", _("Certified Ecological Restoration Practitioner-in-Training")


class PeriodStart(models.TextChoices):
    """Why a period began (R-PER-1)."""

    CERTIFIED = "certified", _("certified")
    RECERTIFIED = "recertified", _("recertified")
    UPGRADED = "upgraded", _("upgraded to CERP")


class Standing(models.TextChoices):
    """Where a certification stands on a day (R-PER-6); worked out from its period, never stored."""

    ACTIVE = "active", _("active")
    RENEWAL_DUE = "renewal due", _("renewal due")
    GRACE = "grace", _("renewal pending")
    LAPSED = "lapsed", _("lapsed")


CURRENT = frozenset({Standing.ACTIVE, Standing.RENEWAL_DUE})
