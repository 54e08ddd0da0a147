from journals.models.dated import KnowledgeArea, PolicyRow, ScheduleRow
from journals.models.events import Event
from journals.models.feeds import DeadlineFeed
from journals.models.ledger import SCHEDULED, Entry, Upload
from journals.models.statements import CreditTypeCode, Statement

__all__ = [
    "SCHEDULED",
    "CreditTypeCode",
    "DeadlineFeed",
    "Entry",
    "Event",
    "KnowledgeArea",
    "PolicyRow",
    "ScheduleRow",
    "Statement",
    "Upload",
]
