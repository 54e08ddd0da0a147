from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in review", _("in review")
    APPROVED = "approved", _("approved")
    DENIED = "denied", _("denied")


DECIDED = frozenset({CaseState.APPROVED, CaseState.DENIED})


class Step(models.TextChoices):
    """What a case waits for; kept beside the state by ``reviews.services`` so that queues read one row each."""

    SCREEN = "screen", _("to screen")
    SEAT = "seat", _("to seat")
    VOTE = "vote", _("with the committee")
    FILL = "fill", _("a seat to fill")
    DECIDE = "decide", _("ready to decide")
    DONE = "done", _("decided")


class Holder(models.TextChoices):
    COORDINATOR = "coordinator", _("the coordinator")
    COMMITTEE = "committee", _("the committee")
    NOBODY = "nobody", _("nobody")


class Move(models.TextChoices):
    """What can be done to a case, and what its history records."""

    FILE = "file", _("filed")
    SCREEN = "screen", _("screened, complete")
    SEAT = "seat", _("seated")
    DECLARE = "declare", _("declared no conflict")
    RECUSE = "recuse", _("stepped out for a conflict of interest")
    VOTE = "vote", _("voted")
    ABSTAIN = "abstain", _("abstained, so a seat is to be filled")
    COMPLETE = "complete", _("all ballots in")
    APPROVE = "approve", _("approved")
    DENY = "deny", _("denied")


class PartyRole(models.TextChoices):
    SUBMITTER = "submitter", _("submitted by")
    EMPLOYER = "employer", _("submitter’s employer")
    ORGANISER = "organiser", _("organised by")
    INSTITUTION = "institution", _("college or university")
    PUBLISHER = "publisher", _("published by")
    INSTRUCTOR = "instructor", _("taught by")
    CO_INSTRUCTOR = "co-teacher", _("taught with")
    CO_AUTHOR = "co-author", _("written with")
    ADMINISTRATOR = "documents", _("hours documented by")


class SeatState(models.TextChoices):
    INVITED = "invited", _("invited")
    DECLARED = "declared", _("declared no conflict")
    VOTED = "voted", _("voted")
    RECUSED = "recused", _("stepped out")


class Choice(models.TextChoices):
    APPROVE = "approve", _("Approve as computed")
    FEWER = "fewer", _("Approve fewer credits")
    DENY = "deny", _("Deny")
    ABSTAIN = "abstain", _("Abstain")


APPROVING = frozenset({Choice.APPROVE, Choice.FEWER})
NEEDS_REASON = frozenset({Choice.FEWER, Choice.DENY})
