"""The outbox: a message is a row in the transaction that causes it; workers send it, never twice.

Mark, then send: the row is marked ``sending`` and committed before the mail server hears of it. A worker that dies in
between leaves a row that nobody sends again by itself; it is shown to the coordinator as “fate unknown”.
"""

from serportal.outbox.services.editing import check, edit_template, owe_test, preview_template, take_back_original
from serportal.outbox.services.owing import DRAIN, owe, owe_all, owe_ready
from serportal.outbox.services.reminding import coming, note, note_due, send_digests
from serportal.outbox.services.sending import claim_next, drain, message_id, send, write
from serportal.outbox.services.settling import act_on, cancel
from serportal.outbox.services.wording import HIDDEN, all_words, filled, render, revealed, seed_templates, written

__all__ = [
    "DRAIN",
    "HIDDEN",
    "act_on",
    "all_words",
    "cancel",
    "check",
    "claim_next",
    "coming",
    "drain",
    "edit_template",
    "filled",
    "message_id",
    "note",
    "note_due",
    "owe",
    "owe_all",
    "owe_ready",
    "owe_test",
    "preview_template",
    "render",
    "revealed",
    "seed_templates",
    "send",
    "send_digests",
    "take_back_original",
    "write",
    "written",
]
