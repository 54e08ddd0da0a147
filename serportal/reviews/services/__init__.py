"""Every write to a case: keyword-only verbs, each one transaction, ``by=`` the person who acts."""

from serportal.reviews.services.asking import answered, ask, days_waited, open_request, retract
from serportal.reviews.services.ballots import (
    cast,
    close_on_two,
    confirm,
    replace_silent,
    settle_over,
)
from serportal.reviews.services.deciding import Alone, await_proof, decide, preview, reopen
from serportal.reviews.services.moving import (
    check_extension,
    extend,
    file_case,
    keep_revision,
    lock,
    log,
    note,
    screen,
    step_aside,
    withdraw,
)
from serportal.reviews.services.orphans import alarm_of_orphans
from serportal.reviews.services.panel import (
    candidates,
    current_panel,
    declare,
    decline,
    new_hint,
    open_places,
    reassign,
    replace,
    seat,
)

__all__ = [
    "Alone",
    "alarm_of_orphans",
    "answered",
    "ask",
    "await_proof",
    "candidates",
    "cast",
    "check_extension",
    "close_on_two",
    "confirm",
    "current_panel",
    "days_waited",
    "decide",
    "declare",
    "decline",
    "extend",
    "file_case",
    "keep_revision",
    "lock",
    "log",
    "new_hint",
    "note",
    "open_places",
    "open_request",
    "preview",
    "reassign",
    "reopen",
    "replace",
    "replace_silent",
    "retract",
    "screen",
    "seat",
    "settle_over",
    "step_aside",
    "withdraw",
]
