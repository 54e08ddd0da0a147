from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.reviews.states import ENDED, CaseState


class Kind(models.TextChoices):
    """The four ways to apply; their values are the last part of an application’s address (SPEC 9)."""

    CERP = "cerp", _("CERP application")
    CERPIT = "cerpit", _("CERPIT application")
    PARTNER = "partner", _("CERPIT application of a partner’s graduate")
    UPGRADE = "upgrade", _("upgrade to CERP")


class Area(models.TextChoices):
    """What the knowledge base is made of (R-APP-4)."""

    BIOLOGICAL = "biological", _("biological science")
    PHYSICAL = "physical", _("physical science")
    RESOURCE = "resource", _("resource management and conservation")
    QUANTITATIVE = "quantitative", _("quantitative science")
    RESTORATION = "restoration", _("ecological restoration")


class Part(models.TextChoices):
    """A part of an area that has a least of its own (R-APP-4)."""

    ECOLOGY = "ecology", _("ecology")
    EARTH = "earth", _("soils, hydrology or climate")
    ECOLOGICAL = "ecological", _("ecological dimensions")
    HUMAN = "human", _("human dimensions")


class Unit(models.TextChoices):
    """What a school counts a course in (R-APP-4)."""

    SEMESTER = "semester", _("semester credits")
    QUARTER = "quarter", _("quarter credits")
    ECTS = "ects", _("ECTS credits")
    OTHER = "other", _("something else")


class Phase(models.TextChoices):
    """What restoration work passes through; experience covers all four (R-APP-5)."""

    INVENTORY = "inventory", _("baseline inventory")
    PLANNING = "planning", _("planning and design")
    IMPLEMENTATION = "implementation", _("implementation")
    MONITORING = "monitoring", _("monitoring")


class Side(models.TextChoices):
    """What CERPIT asks one of, and CERP both of (R-APP-1)."""

    KNOWLEDGE = "knowledge", _("knowledge")
    EXPERIENCE = "experience", _("experience")


PARTS = {
    Area.BIOLOGICAL: (Part.ECOLOGY,),
    Area.PHYSICAL: (Part.EARTH,),
    Area.RESOURCE: (Part.ECOLOGICAL, Part.HUMAN),
    Area.QUANTITATIVE: (),
    Area.RESTORATION: (),
}


class Ready(models.TextChoices):
    """What the figures of an application speak for."""

    CERP = "cerp", _("ready for CERP")
    CERPIT = "cerpit", _("ready for CERPIT")
    NEITHER = "neither", _("not yet ready")


class Gate(models.TextChoices):
    """What must be settled before an application is reviewed (R-APP-11)."""

    FEE = "fee", _("the fee is settled")
    REFERENCES = "references", _("the references are in")
    AGREEMENT = "agreement", _("the agreement is signed")
    DOCUMENTS = "documents", _("the required documents are there")
    COURSE = "course", _("the e-learning course is verified or waived")
    PARTNER = "partner", _("the college has confirmed the graduate")


class Section(models.TextChoices):
    """The parts of the form, in the order in which they are shown; also what a question can open (R-REV-8)."""

    PERSON = "person", _("You")
    STEPS = "steps", _("Your next steps")
    DEGREES = "degrees", _("Degrees")
    COURSES = "courses", _("Courses")
    PRIOR = "prior", _("Prior learning")
    JOBS = "jobs", _("Employment")
    PROJECTS = "projects", _("Projects")
    DOCUMENTS = "documents", _("Documents")
    REFERENCES = "references", _("References")
    PROGRAMME = "programme", _("Your programme")
    AGREEMENT = "agreement", _("Ethics and agreement")
    FEE = "fee", _("Fee")


class Listed(models.TextChoices):
    """What a draft holds any number of; each row is typed and saved by itself."""

    DEGREE = "degree", _("degree")
    COURSE = "course", _("course")
    PRIOR = "prior", _("prior learning")
    JOB = "job", _("employment")
    PROJECT = "project", _("project")
    STEP = "step", _("next step")


class Document(models.TextChoices):
    """What the files of a draft’s documents are for; the purpose of a stored file."""

    RESUME = "resume", _("résumé")
    TRANSCRIPT = "transcript", _("transcripts")
    COURSE = "course", _("certificate of the e-learning course")


class ReferenceState(models.TextChoices):
    """How far a reference has come (R-APP-6)."""

    NAMED = "named", _("not invited yet")
    INVITED = "invited", _("invited")
    OPENED = "opened", _("opened")
    RECEIVED = "received", _("received")
    DECLINED = "declined", _("declined")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("the link has expired")


# References that were given up: another one takes their place, and they count for nothing.
GONE = frozenset({ReferenceState.DECLINED, ReferenceState.REPLACED})
# Cases that the panel is done with: no reference changes anything any more.
CLOSED = ENDED | {CaseState.OFFERED}
# As long as the review has not begun, gates are watched.
WATCHED = frozenset({CaseState.SUBMITTED, CaseState.SCREENING, CaseState.READY})
# References whose referee has a link that works and has not answered.
SILENT = frozenset({ReferenceState.INVITED, ReferenceState.OPENED})


class Rated(models.TextChoices):
    """What a referee judges an applicant by (R-APP-6)."""

    KNOWLEDGE = "knowledge", _("Knowledge of ecological restoration")
    BREADTH = "breadth", _("Breadth of experience")
    JUDGEMENT = "judgement", _("Professional judgement")
    ETHICS = "ethics", _("Ethics and conduct")
    COMMUNICATION = "communication", _("Communication and work with others")


class Rating(models.TextChoices):
    """How a referee judges it; nobody has to judge what they have not seen."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    POOR = "poor", _("Poor")
    UNSEEN = "unseen", _("Cannot say")


class Recommends(models.TextChoices):
    """Whether a referee recommends the applicant for the certification applied for."""

    YES = "yes", _("Yes")
    RESERVED = "reserved", _("Yes, with reservations")
    NO = "no", _("No")


class Confirmed(models.TextChoices):
    """What the college said about a graduate (R-APP-7)."""

    PENDING = "pending", _("not answered yet")
    YES = "yes", _("confirmed")
    NO = "no", _("denied")


class Via(models.TextChoices):
    """How the college answered."""

    PAGE = "page", _("on the partner’s page")
    LINK = "link", _("by the link in the letter")
    COORDINATOR = "coordinator", _("entered by a coordinator")
