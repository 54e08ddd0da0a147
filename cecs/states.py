from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    PASSED = "passed", _("Yes, and I passed")
    FAILED = "failed", _("Yes, and I did not pass")
    NONE = "none", _("No, there were no grades")


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
