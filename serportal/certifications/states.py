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


class Ending(models.TextChoices):
    """How a certification ended before its time; no period runs on it any more."""

    UPGRADED = "upgraded", _("upgraded to CERP")
    REVOKED = "revoked", _("revoked")
    RETIRED = "retired", _("retired")


class Act(models.TextChoices):
    """What was done about a certification."""

    UPGRADED = "upgraded", _("upgraded to CERP")
    REVOKED = "revoked", _("revoked")
    RETIRED = "retired", _("retired")
    RENAMED = "renamed", _("the name was changed")
    MOVED = "moved", _("the end of the period was moved")
    RENEWED = "renewed", _("renewed for five years")
    LAPSED = "lapsed", _("lapsed")
    REINSTATED = "reinstated", _("reinstated")


CURRENT = frozenset({Standing.ACTIVE, Standing.RENEWAL_DUE})
# Still listed; its certificate still speaks the truth (R-PER-6).
LISTED = CURRENT | {Standing.GRACE}
