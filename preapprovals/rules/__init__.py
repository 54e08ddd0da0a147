"""What the rules say of pre-approvals: pure functions that could be read aloud to a committee."""

from preapprovals.rules.asking import Asked, as_searched, words_of
from preapprovals.rules.codes import ALPHABET, read_code
from preapprovals.rules.validity import appeal_until, last_valid_day, valid_from

__all__ = [
    "ALPHABET",
    "Asked",
    "appeal_until",
    "as_searched",
    "last_valid_day",
    "read_code",
    "valid_from",
    "words_of",
]
