"""What counts: rules that change from a day on, claims worked out and entered, corrections, uploads."""

from journals.services.corrections import REVERSAL_LETTER, Correction, preview_reversal, reverse
from journals.services.credits import Work, all_held_by, credit_by, enter, held_by, period_among, period_for, work_out
from journals.services.dated import RULES
from journals.services.events import event_for, known_event, link_events
from journals.services.feeds import close_feed, open_feed, renew_feed
from journals.services.lapsing import keep_periods
from journals.services.rows import Around, Rows, areas_on, around, policy_on, rate_on, schedule_on
from journals.services.statements import STATEMENT_LETTER, choose_letters, owe_statements, wants_letters
from journals.services.uploads import (
    UPLOAD_HOUR,
    next_upload_on,
    post_due_upload,
    post_upload,
    prepare_upload,
    progress_of,
    release_upload,
)

__all__ = [
    "REVERSAL_LETTER",
    "RULES",
    "STATEMENT_LETTER",
    "UPLOAD_HOUR",
    "Around",
    "Correction",
    "Rows",
    "Work",
    "all_held_by",
    "areas_on",
    "around",
    "choose_letters",
    "close_feed",
    "credit_by",
    "enter",
    "event_for",
    "held_by",
    "keep_periods",
    "known_event",
    "link_events",
    "next_upload_on",
    "open_feed",
    "owe_statements",
    "period_among",
    "period_for",
    "policy_on",
    "post_due_upload",
    "post_upload",
    "prepare_upload",
    "preview_reversal",
    "progress_of",
    "rate_on",
    "release_upload",
    "renew_feed",
    "reverse",
    "schedule_on",
    "wants_letters",
    "work_out",
]
