from journals.models.dated import KnowledgeArea, PolicyRow, ScheduleRow
from journals.models.events import Event
from journals.models.ledger import SCHEDULED, Entry, Upload

__all__ = ["SCHEDULED", "Entry", "Event", "KnowledgeArea", "PolicyRow", "ScheduleRow", "Upload"]
