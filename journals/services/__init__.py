"""What counts: claims worked out and entered, events told apart, credits moved into journals, corrections."""

from journals.services.credits import (
    Work,
    areas_on,
    credit_by,
    enter,
    held_by,
    period_for,
    policy_on,
    rate_on,
    reverse,
    schedule_on,
    work_out,
)
from journals.services.events import event_for, known_event, link_events
from journals.services.uploads import UPLOAD_HOUR, next_upload_on, post_due_upload, post_upload, prepare_upload

__all__ = [
    "UPLOAD_HOUR",
    "Work",
    "areas_on",
    "credit_by",
    "enter",
    "event_for",
    "held_by",
    "known_event",
    "link_events",
    "next_upload_on",
    "period_for",
    "policy_on",
    "post_due_upload",
    "post_upload",
    "prepare_upload",
    "rate_on",
    "reverse",
    "schedule_on",
    "work_out",
]
