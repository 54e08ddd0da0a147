"""The outbox: a message is a row in the transaction that causes it; workers send it, never twice.

Mark, then send: the row is marked ``sending`` and committed before the mail server hears of it. A worker that dies in
between leaves a row that nobody sends again by itself; it is shown to the coordinator as “fate unknown”.
"""

from serportal.outbox.rules import HIDDEN
from serportal.outbox.services.choosing import Ahead, ahead_of, choose, put_off, stopped_by, told_in
from serportal.outbox.services.editing import check, edit_template, owe_test, preview_template, take_back_original
from serportal.outbox.services.links import reader_of
from serportal.outbox.services.owing import DRAIN, owe, owe_all, owe_ready
from serportal.outbox.services.reminding import coming, lines_of, note, note_due, send_digests
from serportal.outbox.services.sending import claim_next, drain, message_id, send, write
from serportal.outbox.services.settling import act_on, cancel
from serportal.outbox.services.wording import all_words, filled, render, revealed, seed_templates, written

__all__ = [
    "DRAIN",
    "HIDDEN",
    "Ahead",
    "act_on",
    "ahead_of",
    "all_words",
    "cancel",
    "check",
    "choose",
    "claim_next",
    "coming",
    "drain",
    "edit_template",
    "filled",
    "lines_of",
    "message_id",
    "note",
    "note_due",
    "owe",
    "owe_all",
    "owe_ready",
    "owe_test",
    "preview_template",
    "put_off",
    "reader_of",
    "render",
    "revealed",
    "seed_templates",
    "send",
    "send_digests",
    "stopped_by",
    "take_back_original",
    "told_in",
    "write",
    "written",
]
