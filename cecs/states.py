from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.TextChoices):
    IN_PERSON = "in person", _("In person")
    ONLINE = "online", _("Online, live")
    BOTH = "both", _("Partly in person, partly online")
