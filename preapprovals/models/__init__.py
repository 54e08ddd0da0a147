from preapprovals.models.attendance import Attendance, Roster, RosterRow
from preapprovals.models.changes import ListChange
from preapprovals.models.drafts import Draft, RowText, SectionText
from preapprovals.models.logo import LogoMark
from preapprovals.models.offerings import AgendaSession, Occurrence, Offering
from preapprovals.models.oversight import Appeal, AppealDraft, Notice, Visit
from preapprovals.models.requests import Instructor, PreapprovalRequest
from preapprovals.models.sponsors import Contact, Sponsor

__all__ = [
    "AgendaSession",
    "Appeal",
    "AppealDraft",
    "Attendance",
    "Contact",
    "Draft",
    "Instructor",
    "ListChange",
    "LogoMark",
    "Notice",
    "Occurrence",
    "Offering",
    "PreapprovalRequest",
    "Roster",
    "RosterRow",
    "RowText",
    "SectionText",
    "Sponsor",
    "Visit",
]
