from django.db import models
from django.utils.translation import gettext_lazy as _


class Committee(models.TextChoices):
    CERTIFICATION = "certification", _("Certification Committee")
    CONTINUING_EDUCATION = "continuing_education", _("Continuing Education Committee")
    APPEALS = "appeals", _("Review and Appeals Committee")


class Purpose(models.TextChoices):
    """Who signs an agreement, and what for."""

    APPLICANTS = "applicants", _("applicants: Code of Ethics and disciplinary agreement")
    SPONSORS = "sponsors", _("sponsors: terms of pre-approval")
    LOGO = "logo", _("sponsors: use of the program logo")
