from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    SCREENING = "screening", _("screening")
    READY = "ready", _("ready")
    ASKED = "information requested", _("information requested")
    IN_REVIEW = "in review", _("in review")
    IN_ADVANCE = "approved in advance", _("approved in advance")
    AWAITING_PROOF = "awaiting proof", _("awaiting proof")
    OFFERED = "offered CERPIT", _("offered CERPIT")
    APPROVED = "approved", _("approved")
    DENIED = "denied", _("denied")
    WITHDRAWN = "withdrawn", _("withdrawn")


DECIDED = frozenset({CaseState.APPROVED, CaseState.DENIED})
ENDED = DECIDED | {CaseState.WITHDRAWN}
# Approved “up to”: the letter is out, the credits wait for the activity and its proof (R-DATE).
AHEAD = frozenset({CaseState.IN_ADVANCE, CaseState.AWAITING_PROOF})


class Step(models.TextChoices):
    """What a case waits for; kept beside the state by ``reviews.services`` so that queues read one row each."""

    SCREEN = "screen", _("to screen")
    GATES = "gates", _("incomplete, something is still to come")
    HELD = "held", _("held, for the coordinator to settle")
    SEAT = "seat", _("to seat")
    VOTE = "vote", _("with the committee")
    ALONE = "alone", _("for the coordinator to decide")
    FILL = "fill", _("a seat to fill")
    SETTLE = "settle", _("split, open to the panel")
    POLL = "poll", _("with the whole committee")
    DECIDE = "decide", _("ready to decide")
    ANSWER = "answer", _("with the submitter, to answer")
    PROOF = "proof", _("with the member, for proof")
    CONFIRM = "confirm", _("proof to confirm")
    OFFER = "offer", _("with the applicant, the offer of CERPIT")
    DONE = "done", _("ended")


class Holder(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    COMMITTEE = "committee", _("committee")
    SUBMITTER = "submitter", _("submitter")
    NOBODY = "nobody", _("nobody")


class Move(models.TextChoices):
    """What can be done to a case, and what its history records."""

    FILE = "file", _("filed")
    SCREEN = "screen", _("screened, complete")
    HOLD = "hold", _("screened; something is still to come")
    KEEP = "keep", _("screened; kept from the committee for now")
    READY = "ready", _("complete and ready for review")
    CLEAR = "clear", _("complete, for the coordinator to decide")
    ASK = "ask", _("asked a question")
    RETRACT = "retract", _("took the question back")
    ANSWER = "answer", _("answered")
    SEAT = "seat", _("seated")
    DECLARE = "declare", _("declared no conflict")
    RECUSE = "recuse", _("stepped out for a conflict of interest")
    DECLINE = "decline", _("gave the seat back")
    REPLACE = "replace", _("gave the seat to someone else")
    VOTE = "vote", _("voted")
    ABSTAIN = "abstain", _("abstained, so a seat is to be filled")
    COMPLETE = "complete", _("all ballots in")
    SPLIT = "split", _("all ballots in, and they differ: the panel sees them")
    SETTLE = "settle", _("the tally stands")
    TWO = "two", _("closed on two ballots that agree")
    REASSIGN = "reassign", _("reassigned to a new panel")
    EXTEND = "extend", _("sent an extension letter")
    WINDOW = "window", _("moved with its review window")
    ADVANCE = "advance", _("approved in advance")
    OVER = "over", _("activity over, proof awaited")
    PROVE = "prove", _("filed the proof")
    APPROVE = "approve", _("approved")
    DENY = "deny", _("denied")
    OFFER = "offer", _("offered CERPIT")
    ACCEPT = "accept", _("accepted the offer")
    REFUSE = "refuse", _("declined the offer")
    LAPSE = "lapse", _("let the offer run out")
    WITHDRAW = "withdraw", _("withdrew")
    CLOSE = "close", _("closed without a decision")
    REOPEN = "reopen", _("reopened")
    CONFLICT = "conflict", _("stepped aside as coordinator for a conflict of interest")
    RULE = "rule", _("decided a question of the rules")
    COURSE = "course", _("settled the e-learning course")
    OPEN = "open", _("put a question to the whole committee")
    LONGER = "longer", _("gave the committee more days")
    CARRY = "carry", _("the committee’s answer is yes")
    FALL = "fall", _("the committee’s answer is no")
    VOID = "void", _("ended a question without an answer")
    ADMIT = "admit", _("let it in although it was late")


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
    REFEREE = "referee", _("referee")
    SUPERVISOR = "supervisor", _("supervisor")
    CLIENT = "client", _("work done for")
    VERIFIER = "verifier", _("work verified by")
    PARTNER = "partner", _("confirmed by")


class SeatState(models.TextChoices):
    INVITED = "invited", _("invited")
    DECLARED = "declared", _("declared no conflict")
    VOTED = "voted", _("voted")
    RECUSED = "recused", _("stepped out")
    DECLINED = "declined", _("gave the seat back")
    REPLACED = "replaced", _("replaced")


# Seats that wait for their ballot, and seats that were given up for good.
WAITING = frozenset({SeatState.INVITED, SeatState.DECLARED})
GIVEN_UP = frozenset({SeatState.RECUSED, SeatState.DECLINED, SeatState.REPLACED})


class Choice(models.TextChoices):
    APPROVE = "approve", _("Approve")
    FEWER = "fewer", _("Approve fewer credits")
    OFFER = "offer", _("Offer CERPIT")
    DENY = "deny", _("Deny")
    ABSTAIN = "abstain", _("Abstain")


APPROVING = frozenset({Choice.APPROVE, Choice.FEWER})
NEEDS_REASON = frozenset({Choice.FEWER, Choice.OFFER, Choice.DENY})


class Judgement(models.TextChoices):
    """What a reviewer says about one criterion beside the ballot."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly")
    NOT_MET = "not met", _("not met")


class Basis(models.TextChoices):
    """On what ground a decision was made (R-REV-3, R-REV-7, R-DATE)."""

    PANEL = "panel", _("three ballots")
    TWO = "two", _("two ballots that agree")
    PRECEDENT = "precedent", _("a panel decided the same event before")
    CODE = "code", _("a valid approval code and Confirmation of Completion")
    PROOF = "proof", _("the proof of what was approved in advance")
    PARTNER = "partner", _("the partner’s confirmation of the graduate")
    COMMITTEE = "committee", _("the vote of the whole committee")


ALONE = frozenset({Basis.PRECEDENT, Basis.CODE, Basis.PROOF, Basis.PARTNER})


class Purpose(models.TextChoices):
    """Why a part of a filed submission is open to its author again."""

    QUESTION = "question", _("a question of the coordinator")
    PROOF = "proof", _("the proof after the activity")


class Topic(models.TextChoices):
    """What a whole committee is asked (R-REV-10, R-SPO-6)."""

    INSTRUCTOR = "instructor", _("an instructor’s other credentials")
    APPEAL = "appeal", _("an appeal")


class Answer(models.TextChoices):
    """One member’s answer to a question to the whole committee."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ABSTAIN = "abstain", _("Abstain")
