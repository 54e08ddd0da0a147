from journals.models.arrangements import Arrangement, ArrangementDraft
from journals.models.dated import KnowledgeArea, PolicyRow, ScheduleRow
from journals.models.events import Event
from journals.models.feeds import DeadlineFeed
from journals.models.ledger import HISTORY, SCHEDULED, Entry, Upload
from journals.models.renewals import Renewal, RenewalDraft
from journals.models.statements import CreditTypeCode, Statement, StatementMail

__all__ = [
    "HISTORY",
    "SCHEDULED",
    "Arrangement",
    "ArrangementDraft",
    "CreditTypeCode",
    "DeadlineFeed",
    "Entry",
    "Event",
    "KnowledgeArea",
    "PolicyRow",
    "Renewal",
    "RenewalDraft",
    "ScheduleRow",
    "Statement",
    "StatementMail",
    "Upload",
]
