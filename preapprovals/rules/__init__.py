"""What the rules say of pre-approvals: pure functions that could be read aloud to a committee."""

from preapprovals.rules.codes import ALPHABET, read_code
from preapprovals.rules.validity import appeal_until, last_valid_day, valid_from

__all__ = ["ALPHABET", "appeal_until", "last_valid_day", "read_code", "valid_from"]
