"""Writes about claims: drafts saved as typed, and the filing that turns a draft into a case."""

from cecs.services.attending import AlreadyClaimed
from cecs.services.coded import (
    Part,
    answers_about,
    begin,
    file_coded,
    overlap,
    parts_of,
    run_on_demand,
    save_coded,
    turn,
    whole,
    with_typed,
)
from cecs.services.codes import Stands, check_run, claimable, met, minutes_of, offering_of, others, stands
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
from cecs.services.offers import accept, decline, hours_of, linked, offered_to, take
from cecs.services.replying import begin_reply, send_reply
from cecs.services.ruling import link_event, rule, similar_events
from cecs.services.worth import Answers, Row, claim_of, lookalikes, own_events, work_out
from serportal.drafts.services import Seen, StaleDraft, seen_by

__all__ = [
    "AlreadyClaimed",
    "Answers",
    "Part",
    "Row",
    "Seen",
    "StaleDraft",
    "Stands",
    "accept",
    "add_files",
    "answers_about",
    "begin",
    "begin_reply",
    "change_activity",
    "check_may_claim",
    "check_run",
    "claim_of",
    "claimable",
    "credit_apart",
    "decline",
    "discard",
    "file_claim",
    "file_coded",
    "files_of",
    "hours_of",
    "kept",
    "link_event",
    "linked",
    "lookalikes",
    "met",
    "minutes_of",
    "offered_to",
    "offering_of",
    "opened",
    "others",
    "overlap",
    "own_events",
    "parts_of",
    "remove_file",
    "rule",
    "run_on_demand",
    "save",
    "save_coded",
    "seen_by",
    "send_reply",
    "similar_events",
    "stands",
    "start",
    "take",
    "turn",
    "whole",
    "with_typed",
    "work_out",
]
