"""What counts: rules that change from a day on, claims worked out and entered, corrections, uploads."""

from journals.services.corrections import REVERSAL_LETTER, Correction, preview_reversal, reverse
from journals.services.credits import Work, all_held_by, credit_by, enter, held_by, period_among, period_for, work_out
from journals.services.dated import RULES
from journals.services.events import event_for, known_event, link_events
from journals.services.feeds import close_feed, open_feed, renew_feed
from journals.services.rows import Around, Rows, areas_on, around, policy_on, rate_on, schedule_on
from journals.services.uploads import UPLOAD_HOUR, next_upload_on, post_due_upload, post_upload, prepare_upload

__all__ = [
    "REVERSAL_LETTER",
    "RULES",
    "UPLOAD_HOUR",
    "Around",
    "Correction",
    "Rows",
    "Work",
    "all_held_by",
    "areas_on",
    "around",
    "close_feed",
    "credit_by",
    "enter",
    "event_for",
    "held_by",
    "known_event",
    "link_events",
    "next_upload_on",
    "open_feed",
    "period_among",
    "period_for",
    "policy_on",
    "post_due_upload",
    "post_upload",
    "prepare_upload",
    "preview_reversal",
    "rate_on",
    "renew_feed",
    "reverse",
    "schedule_on",
    "work_out",
]
