"""What counts: rules that change from a day on, claims worked out and entered, corrections, uploads."""

from journals.services.corrections import REVERSAL_LETTER, Correction, preview_reversal, reverse
from journals.services.credits import Work, credit_by, enter, held_by, period_for, work_out
from journals.services.dated import (
    Change,
    draft_row,
    frozen,
    preview_row,
    preview_withdrawal,
    store_row,
    withdraw_row,
)
from journals.services.events import event_for, known_event, link_events
from journals.services.rows import Around, areas_on, around, policy_on, rate_on, schedule_on
from journals.services.uploads import UPLOAD_HOUR, next_upload_on, post_due_upload, post_upload, prepare_upload

__all__ = [
    "REVERSAL_LETTER",
    "UPLOAD_HOUR",
    "Around",
    "Change",
    "Correction",
    "Work",
    "areas_on",
    "around",
    "credit_by",
    "draft_row",
    "enter",
    "event_for",
    "frozen",
    "held_by",
    "known_event",
    "link_events",
    "next_upload_on",
    "period_for",
    "policy_on",
    "post_due_upload",
    "post_upload",
    "prepare_upload",
    "preview_reversal",
    "preview_row",
    "preview_withdrawal",
    "rate_on",
    "reverse",
    "schedule_on",
    "store_row",
    "withdraw_row",
    "work_out",
]
