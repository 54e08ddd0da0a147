from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.TextChoices):
    IN_PERSON = "in person", _("In person")
    ONLINE = "online", _("Online, live")
    BOTH = "both", _("Partly in person, partly online")
    ON_DEMAND = "on demand", _("On demand, in my own time")


DISTANT = frozenset({Delivery.ONLINE, Delivery.BOTH, Delivery.ON_DEMAND})


class Grade(models.TextChoices):
    PASSED = "passed", _("Yes, and I passed")
    FAILED = "failed", _("Yes, and I did not pass")
    NONE = "none", _("No, there were no grades")


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
