from django.db import models
from django.utils.translation import gettext_lazy as _

from journals.states import Activity, Delivery

# What a sponsor may ask for: categories 1 to 4 of the credit schedule (R-SPO-1).
OFFERED = (Activity.COURSE, Activity.TRAINING, Activity.CONFERENCE, Activity.INSTRUCTION)
# How an offering is taught, in words for sponsors and the public: the labels of ``Delivery`` are said by a claimant.
DELIVERED = dict(Delivery.choices) | {Delivery.ON_DEMAND: _("On demand, in people’s own time")}


class SponsorKind(models.TextChoices):
    EDUCATIONAL = "educational", _("Educational institution")
    GOVERNMENT = "government", _("Government")
    NON_PROFIT = "non-profit", _("Non-profit organisation")
    FOR_PROFIT = "for-profit", _("For-profit organisation")
    SER = "ser", _("SER or an SER chapter")
    INDIVIDUAL = "individual", _("Individual")


class ContactRole(models.TextChoices):
    """What a person may do for a sponsor; each may also do what stands below."""

    MANAGER = "manager", _("manages the contacts, and everything else")
    EDITOR = "editor", _("asks for pre-approval, keeps dates and attendance")
    READER = "reader", _("reads")


class Qualification(models.TextChoices):
    """What qualifies an instructor; the last asks the whole committee (R-INST, R-REV-10)."""

    SER = "ser", _("certified by SER")
    SOCIETY = "society", _("certified in the discipline by a society or government body")
    EMPLOYED = "employed", _("employed at an accredited college or university")
    OTHER = "other", _("other credentials")


class Section(models.TextChoices):
    """The parts of a request, in the order in which they are shown; also what a question can open (R-REV-8)."""

    SPONSOR = "sponsor", _("Sponsor")
    OFFERING = "offering", _("What is offered")
    INSTRUCTORS = "teachers", _("Instructors")
    AGENDA = "agenda", _("Agenda")
    DATES = "dates", _("Dates and places")
    REGISTRATION = "register", _("Registration")
    DOCUMENTS = "documents", _("Syllabus")
    TERMS = "terms", _("Sponsor terms")


class Listed(models.TextChoices):
    """What a request holds any number of; each row is typed and saved by itself."""

    INSTRUCTOR = "teacher", _("instructor")
    DATE = "date", _("date")


class Document(models.TextChoices):
    """What the files of a request are for; the résumé of an instructor is kept under its row."""

    SYLLABUS = "syllabus", _("syllabus and supporting information")
    RESUME = "resume", _("résumé")


class Item(models.TextChoices):
    """What a row of an agenda is: only instruction is contact time (R-MIN)."""

    INSTRUCTION = "teach", _("Instruction")
    FIELD = "field", _("Field work or tour, taught")
    BREAK = "break", _("Break or meal")
    ADMIN = "admin", _("Welcome, administration")
    SOCIAL = "social", _("Social event")
    TRAVEL = "travel", _("Travel without instruction")


INSTRUCTIVE = frozenset({Item.INSTRUCTION, Item.FIELD})


class OfferingState(models.TextChoices):
    """Where an approved offering stands; that it has expired is told by its last day, never stored."""

    ACTIVE = "active", _("active")
    WARNED = "warned", _("warned")
    TERMINATED = "terminated", _("terminated")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Offerings that are on the list, in the calendar, and whose code counts, until their last day.
STANDING = frozenset({OfferingState.ACTIVE, OfferingState.WARNED})


class Act(models.TextChoices):
    """What SER did about an offering, in the order in which it can happen (R-SPO-6)."""

    APPROVED = "approved", _("approved")
    IMPORTED = "imported", _("brought in from a list")
    LISTED = "listed", _("put on the list, not pre-approved")
    RENEWED = "renewed", _("renewed")
    CHANGED = "changed", _("its listing was changed")
    WARNED = "warned", _("warned")
    CLEARED = "cleared", _("took the warning back")
    TERMINATED = "terminated", _("terminated")
    OVERTURNED = "overturned", _("the termination was overturned")
    UPHELD = "upheld", _("the termination was upheld")
    RETRACTED = "retracted", _("the appeal was withdrawn, so the termination stands")
    REFUSED = "refused", _("the appeal did not go to the committee, so the termination stands")
    WITHDRAWN = "withdrawn", _("withdrawn")
    VISITED = "visited", _("monitored")
    AUDITED = "audited", _("asked for its records")


class Reach(models.TextChoices):
    """How somebody looks for courses: what is partly in person, partly online is both."""

    IN_PERSON = "in-person", _("In person")
    ONLINE = "online", _("Online, live")
    ON_DEMAND = "on-demand", _("On demand")


REACHED = {
    Reach.IN_PERSON: frozenset({Delivery.IN_PERSON, Delivery.BOTH}),
    Reach.ONLINE: frozenset({Delivery.ONLINE, Delivery.BOTH}),
    Reach.ON_DEMAND: frozenset({Delivery.ON_DEMAND}),
}


class Order(models.TextChoices):
    """In which order the list of courses stands; empty is by likeness after a search, else by the next date."""

    SOONEST = "soonest", _("Soonest first")
    NEWEST = "newest", _("Newest on the list first")
    TITLE = "title", _("By title")


class RosterState(models.TextChoices):
    PREVIEW = "preview", _("being checked")
    TAKEN = "taken", _("taken in")
    UNDONE = "undone", _("undone")


class AttendanceState(models.TextChoices):
    """Where one person's attendance stands: told by a roster, by the person's own claim, or by both."""

    OFFERED = "offered", _("offered")
    CLAIMED = "claimed", _("claimed")
    DECLINED = "declined", _("declined")
    UNDONE = "undone", _("taken back")
