from django.db import models
from django.utils.translation import gettext_lazy as _


class Committee(models.TextChoices):
    CERTIFICATION = "certification", _("Certification Committee")
    CONTINUING_EDUCATION = "continuing_education", _("Continuing Education Committee")
    APPEALS = "appeals", _("Review and Appeals Committee")
