"""What the rules say of pre-approvals: pure functions that could be read aloud to a committee."""

from preapprovals.rules.agenda import MOST_MINUTES, MOST_ROWS, Agenda, Row, Wrong, read_agenda, read_time
from preapprovals.rules.asking import Asked, as_searched, slips_of, words_of
from preapprovals.rules.codes import ALPHABET, read_code, write_code
from preapprovals.rules.validity import appeal_until, last_valid_day, valid_from

__all__ = [
    "ALPHABET",
    "MOST_MINUTES",
    "MOST_ROWS",
    "Agenda",
    "Asked",
    "Row",
    "Wrong",
    "appeal_until",
    "as_searched",
    "last_valid_day",
    "read_agenda",
    "read_code",
    "read_time",
    "slips_of",
    "valid_from",
    "words_of",
    "write_code",
]
