from django.db import models
from django.utils.translation import gettext_lazy as _


class Activity(models.TextChoices):
    """Everything that can earn credits; each has its row in the credit schedule (R-CAT)."""

    COURSE = "course", _("College-level continuing-education coursework")
    TRAINING = "training", _("Attending a short course, workshop, field tour or webinar")
    CONFERENCE = "conference", _("Attending a conference or symposium")
    INSTRUCTION = "instruction", _("Teaching a short course, workshop, field tour or webinar")
    BOOK = "book", _("Writing a book")
    CHAPTER = "chapter", _("Writing a book chapter")
    PAPER = "paper", _("Writing a peer-reviewed paper")
    MATERIAL = "material", _("Preparing a technical document or educational material")
    BOARD = "board", _("Serving on a board of SER or a chapter")
    COMMITTEE = "committee", _("Serving on a committee of SER or a chapter")
    EVENT = "event", _("Organising an event of SER or a chapter")
    VOLUNTEERING = "volunteering", _("Volunteering on ecological restoration for a not-for-profit")


class Measure(models.TextChoices):
    HOURS = "hours", _("hours for one credit")
    EACH = "each", _("credits for each")


class Area(models.TextChoices):
    """The knowledge areas; a claim covers at least one (R-QUAL)."""

    BIOLOGICAL = "biological", _("Biological science")
    PHYSICAL = "physical", _("Physical science")
    MANAGEMENT = "management", _("Resource management and conservation")
    QUANTITATIVE = "quantitative", _("Quantitative science")
    RESTORATION = "restoration", _("Ecological restoration")


class Source(models.TextChoices):
    CLAIM = "claim", _("claim")
    IMPORT = "import", _("earlier journal")
