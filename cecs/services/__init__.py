"""Writes about claims: drafts saved as typed, and the filing that turns a draft into a case."""

from cecs.services.drafts import (
    add_files,
    change_activity,
    discard,
    files_of,
    kept,
    opened,
    remove_file,
    save,
    start,
)
from cecs.services.eligibility import check_may_claim
from cecs.services.filing import credit_apart, file_claim
from cecs.services.replying import begin_reply, send_reply
from cecs.services.ruling import link_event, rule, similar_events
from cecs.services.worth import Answers, Row, claim_of, lookalikes, own_events, work_out
from serportal.drafts.services import Seen, StaleDraft, seen_by

__all__ = [
    "Answers",
    "Row",
    "Seen",
    "StaleDraft",
    "add_files",
    "begin_reply",
    "change_activity",
    "check_may_claim",
    "claim_of",
    "credit_apart",
    "discard",
    "file_claim",
    "files_of",
    "kept",
    "link_event",
    "lookalikes",
    "opened",
    "own_events",
    "remove_file",
    "rule",
    "save",
    "seen_by",
    "send_reply",
    "similar_events",
    "start",
    "work_out",
]
