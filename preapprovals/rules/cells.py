"""What one cell of a list of attendees says: an address, a length of time, a yes or no, a day."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

YES = {"yes", "y", "x", "true", "1", "complete", "completed", "done", "attended", "present", "pass", "passed", "full"}
YES |= {"finished", "ok", "✓", "✔", "☑", "✅"}
NO = {
    "no",
    "n",
    "false",
    "0",
    "-",
    "–",
    "absent",
    "incomplete",
    "failed",
    "fail",
    "not completed",
    "no show",
    "no-show",
}
NO |= {"not attended", "did not attend", "in progress", "cancelled", "✗", "✘", "☐", "❌"}
ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!"})

ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")
IN_BRACKETS = re.compile(r"<([^<>]+)>\s*$")
NUMBER = r"\d{1,6}(?:[.,]\d{1,10})?"
CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
LENGTH = re.compile(
    rf"(?:({NUMBER})\s*(?:h|hr|hrs|hour|hours|std|heures?)\.?)?\s*"
    rf"(?:({NUMBER})\s*(?:m|min|mins|minute|minutes)?\.?)?\s*(?:\d{{1,2}}\s*(?:s|sec|secs|seconds?)\.?)?",
    re.ASCII,
)
CERTIFICATE = re.compile(r"(CERP|CERPIT)[\s#.:-]*0*(\d{1,8})", re.ASCII)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)


def address_in(text: str) -> str:
    """Return the address in “Amara <amara@marsh.example>” or “mailto:…” in small letters; "" where there is none."""
    inner = IN_BRACKETS.search(text)
    text = (inner[1] if inner else text).strip().removeprefix("mailto:").casefold()
    return text if len(text) <= 254 and ".." not in text and ADDRESS.fullmatch(text) else ""


def certificate_in(text: str) -> str:
    """Return a certificate’s number as it is issued: “cerp 42” is CERP-0042; "" for what is none."""
    found = CERTIFICATE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return f"{found[1]}-{int(found[2]):04}" if found else ""


def minutes_in(text: str) -> int | None:
    """Return the minutes in “6.5”, “6,5 h”, “6:30”, “6 h 30 min”, “390 min” or “1h 5m 10s”; a bare number is hours."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    if clock := CLOCK.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2])
    if re.fullmatch(NUMBER, text, re.ASCII):
        return int(Decimal(text.replace(",", ".")) * 60)
    found = LENGTH.fullmatch(text)
    if not text or not found or not (found[1] or found[2]):
        return None
    hours, minutes = (Decimal((part or "0").replace(",", ".")) for part in found.groups())
    return int(hours * 60 + minutes)


def completed(text: str) -> bool | None:
    """Return whether a cell says that somebody completed it; None where it says neither."""
    text = " ".join(text.casefold().split())
    return True if text in YES else False if text in NO else None


def day_in(text: str) -> date | None:
    """Return the day in a cell; None for what is none, and for “03/04/2026”, which is one day here, another there."""
    text = " ".join(text.replace(",", " ").split())
    if " " in text and text[:4].isdigit():
        text = text.split()[0]
    if slashed := SLASHED.fullmatch(text):
        one, other, year = map(int, slashed.groups())
        if max(one, other) <= 12 and one != other:
            return None
        text = f"{year}-{min(one, other):02}-{max(one, other):02}"
    for pattern in DAYS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
