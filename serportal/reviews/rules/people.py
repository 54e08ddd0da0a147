"""Who may sit on a panel, who first, and who may know whom (R-REV-3, R-REV-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Candidate:
    """Someone who may sit on a panel, with what the choice needs to know.

    ``together`` says that they already sit on another open case of the same submitter; ``temporary`` that they come
    from another committee; ``away_until`` is the last day of an absence before the ballot is due.
    """

    person: int
    open_seats: int
    seats_this_year: int
    hint: str = ""
    together: bool = False
    away_until: date | None = None
    temporary: bool = False


def propose(candidates: Sequence[Candidate], *, places: int) -> list[int]:
    """Return whom to seat, best first (R-REV-3, R-REV-5, R-CEC).

    Own committee before others; nobody with a hint of conflict or away before the rest; those who sit on another case
    of the same member, so that one panel reads them together; then the least burdened.
    """

    def rank(one: Candidate):
        shy = bool(one.hint), one.away_until is not None
        return one.temporary, *shy, not one.together, one.open_seats, one.seats_this_year, one.person

    return [one.person for one in sorted(candidates, key=rank)[:places]]


PUBLIC_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "qq.com",
        "163.com",
        # Set aside for examples, so they say nothing of an employer.
        "example.com",
        "example.net",
        "example.org",
    ]
)


def shared_ground(one_mail: str, one_employer: str, other_mail: str, other_employer: str) -> str:
    """Return "employer", "domain" or "": a hint that two people may know each other (R-REV-5)."""
    if one_employer.strip() and one_employer.strip().casefold() == other_employer.strip().casefold():
        return "employer"
    one, other = (mail.rpartition("@")[2].casefold() for mail in (one_mail, other_mail))
    return "domain" if one == other and one not in PUBLIC_MAIL else ""
