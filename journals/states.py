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


CATEGORIES = {
    1: _("Courses at a college or university"),
    2: _("Short courses, workshops, field tours and webinars"),
    3: _("Conferences and symposia"),
    4: _("Teaching"),
    5: _("Publications, technical documents and educational material"),
    6: _("Leadership in SER and its chapters"),
    7: _("Volunteering"),
}

# What has a beginning, an end and a place: the cap of a single event is on these alone (R-CAP).
EVENTS = frozenset(
    {
        Activity.COURSE,
        Activity.TRAINING,
        Activity.CONFERENCE,
        Activity.INSTRUCTION,
        Activity.EVENT,
        Activity.VOLUNTEERING,
    }
)
# What several people, or one person in several ways, may have taken part in.
SHARED = EVENTS - {Activity.VOLUNTEERING}
PUBLICATIONS = frozenset({Activity.BOOK, Activity.CHAPTER, Activity.PAPER, Activity.MATERIAL})
SERVICE = frozenset({Activity.BOARD, Activity.COMMITTEE})


class Delivery(models.TextChoices):
    """How what is taught reaches those who learn it."""

    IN_PERSON = "in person", _("In person")
    ONLINE = "online", _("Online, live")
    BOTH = "both", _("Partly in person, partly online")
    ON_DEMAND = "on demand", _("On demand, in my own time")


DISTANT = frozenset({Delivery.ONLINE, Delivery.BOTH, Delivery.ON_DEMAND})


class Level(models.TextChoices):
    """Where in the Society a board or committee stands; two chapters are the same level (R-ROLE)."""

    SER = "ser", _("SER itself")
    SECTION = "section", _("a section of SER")
    CHAPTER = "chapter", _("a chapter of SER")


class Ruling(models.TextChoices):
    """What the coordinator may decide otherwise, with a reason (R-ROLE, R-DUP)."""

    SEPARATE = "separate", _("counts apart from other board and committee service")
    SAME = "same", _("is the same as something already credited")


class Measure(models.TextChoices):
    HOURS = "hours", _("hours for one credit")
    EACH = "each", _("credits for each")


class Shape(models.TextChoices):
    """What can be agreed where circumstances are extenuating (R-PER-3)."""

    REDUCED = "reduced", _("a lower minimum for one year")
    MAKE_UP = "make-up", _("credits made up after the year")
    EXTENSION = "extension", _("a longer period")


class Progress(models.TextChoices):
    """How far a run has come; it moves everything in one step, or nothing."""

    PREPARED = "prepared", _("prepared")
    POSTING = "posting", _("posting")
    STOPPED = "stopped", _("stopped before it was done")
    FAILED = "failed", _("failed")
    POSTED = "posted", _("posted")


class Fault(models.TextChoices):
    """Why a run failed, as far as the process that ran it lived to tell."""

    LOST = "lost", _("The connection to the database was lost.")
    BUSY = "busy", _("Something else held the entries for too long.")
    SLOW = "slow", _("It took longer than one step may take.")
    REFUSED = "refused", _("The database refused it. What it said stands in the log.")


class Source(models.TextChoices):
    CLAIM = "claim", _("claim")
    IMPORT = "import", _("earlier journal")
    REVERSAL = "reversal", _("correction")
