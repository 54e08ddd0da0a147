from journals.models.arrangements import Arrangement, ArrangementDraft
from journals.models.dated import KnowledgeArea, PolicyRow, ScheduleRow
from journals.models.events import Event
from journals.models.ledger import SCHEDULED, Entry, Upload
from journals.models.statements import CreditTypeCode, Statement, StatementMail

__all__ = [
    "SCHEDULED",
    "Arrangement",
    "ArrangementDraft",
    "CreditTypeCode",
    "Entry",
    "Event",
    "KnowledgeArea",
    "PolicyRow",
    "ScheduleRow",
    "Statement",
    "StatementMail",
    "Upload",
]
