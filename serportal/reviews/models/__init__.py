"""The envelope a submission travels in once it is filed: case, people in it, panel, ballots, decision."""

from serportal.reviews.models.cases import (
    CaseEvent,
    CaseNote,
    Conflict,
    Extension,
    InfoRequest,
    Party,
    ReviewCase,
    Revision,
    Submission,
)
from serportal.reviews.models.panels import Ballot, Decision, Panel, Seat
from serportal.reviews.models.polls import Poll, Vote, Voter
from serportal.reviews.models.timetables import Timetable

__all__ = [
    "Ballot",
    "CaseEvent",
    "CaseNote",
    "Conflict",
    "Decision",
    "Extension",
    "InfoRequest",
    "Panel",
    "Party",
    "Poll",
    "ReviewCase",
    "Revision",
    "Seat",
    "Submission",
    "Timetable",
    "Vote",
    "Voter",
]
