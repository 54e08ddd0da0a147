"""Writes about claims: drafts saved as typed, and the filing that turns a draft into a case."""

from cecs.services.drafts import (
    Seen,
    StaleDraft,
    add_files,
    change_activity,
    discard,
    files_of,
    kept,
    remove_file,
    save,
    start,
)
from cecs.services.eligibility import check_may_claim
from cecs.services.filing import file_claim
from cecs.services.worth import Answers, Row, claim_of, lookalikes, own_events, work_out

__all__ = [
    "Answers",
    "Row",
    "Seen",
    "StaleDraft",
    "add_files",
    "change_activity",
    "check_may_claim",
    "claim_of",
    "discard",
    "file_claim",
    "files_of",
    "kept",
    "lookalikes",
    "own_events",
    "remove_file",
    "save",
    "start",
    "work_out",
]
