"""Names and addresses folded so far that the same person is found twice, however they were typed (R-APP-6)."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

LONGEST_NAME, LONGEST_ADDRESS = 200, 254
TITLES = frozenset(
    {"dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "mx", "phd", "msc", "bsc", "cerp", "cerpit"}
)
# Letters that Unicode does not take apart into a plain letter and an accent.
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
SAME_DOMAIN = {"googlemail.com": "gmail.com"}


@dataclass(frozen=True)
class Known:
    """Someone with a name and every address known of them."""

    name: str
    emails: frozenset[str]


def plain(text: str) -> str:
    """Return ``text`` in small letters without accents."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(PLAIN)


def name_key(name: str) -> str:
    """Fold a name: case, accents, punctuation, titles and the order of first and last names are left out."""
    words = re.findall(r"[^\W_]+", plain(re.sub(r"[.'’]", "", name)))
    told = [word for word in words if word not in TITLES] or words
    return " ".join(sorted(told))[:LONGEST_NAME]


def email_key(email: str) -> str:
    """Fold an address: case, accents, dots and a “+tag” before the @, and the spelling of its domain are left out."""
    local, _at, domain = plain(email.strip()).rpartition("@")
    with suppress(UnicodeError):
        domain = unicodedata.normalize("NFKC", email.strip()).rpartition("@")[2].encode("idna").decode().casefold()
    folded = local.partition("+")[0].replace(".", "") or local
    return f"{folded}@{SAME_DOMAIN.get(domain, domain)}"[:LONGEST_ADDRESS]


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one as typed, case aside: no mailbox tells them apart."""
    return one.strip().casefold() == other.strip().casefold()


def known(name: str, *emails: str) -> Known:
    return Known(name_key(name), frozenset(email_key(email) for email in emails))


def alike(one: Known, other: Known) -> str:
    """Return “address” or “name” for what two people have in common, the stronger sign first; "" for nothing."""
    if one.emails & other.emails:
        return "address"
    return "name" if one.name and one.name == other.name else ""


def likenesses(applicant: Known, referees: Iterable[tuple[int, Known]]) -> list[tuple[str, int, int | None]]:
    """Return (sign, referee, the earlier referee they are like, or None for the applicant), in the order given."""
    found, before = [], []
    for key, referee in referees:
        if sign := alike(applicant, referee):
            found.append((sign, key, None))
        found += [(sign, key, other) for other, one in before if (sign := alike(one, referee))]
        before.append((key, referee))
    return found
