"""The coordinator’s pages for what counts: dated rows, entries and their corrections, uploads and their exports."""

from journals.admin.arrangements import ArrangementAdmin
from journals.admin.dated import KnowledgeAreaAdmin, PolicyRowAdmin, ScheduleRowAdmin
from journals.admin.entries import EntryAdmin
from journals.admin.uploads import CreditTypeCodeAdmin, UploadAdmin

__all__ = [
    "ArrangementAdmin",
    "CreditTypeCodeAdmin",
    "EntryAdmin",
    "KnowledgeAreaAdmin",
    "PolicyRowAdmin",
    "ScheduleRowAdmin",
    "UploadAdmin",
]
