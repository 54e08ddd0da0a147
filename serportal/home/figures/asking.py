"""What the figures are asked for: from which to which quarter, of which level, of which country."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django_countries import countries

from serportal.certifications.states import Level
from serportal.home.figures.quarters import EARLIEST, Quarter, between

SHOWN, MOST = 8, 20
OFFERED = 40
TIME, LEVEL, COUNTRY = "time", "level", "country"


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as far as a page heeds it; ``wrong`` says in sentences what was not understood."""

    today: date
    first: Quarter
    last: Quarter
    level: str = ""
    country: str = ""
    wrong: Sequence[str] = ()

    @property
    def quarters(self) -> list[Quarter]:
        return between(self.first, self.last)

    def of_certification(self, *, level: str, country: str) -> dict[str, str]:
        """Return the conditions on the columns ``level`` and ``country``, as ``filter`` takes them."""
        pairs = ((level, self.level), (country, self.country))
        return {column: value for column, value in pairs if value}


def quarter_text(one: Quarter) -> str:
    """“Q3 2026”."""
    return _("Q{number} {year}").format(number=one.number, year=one.year)


def read(data, heeded: Sequence[str], today: date) -> Asked:
    """Read the address of a page that heeds ``heeded``; what means nothing is left out, and a sentence says so."""
    wrong: list[str] = []
    first, last = _span(data, today, wrong) if TIME in heeded else _usual(today)
    return Asked(
        today,
        first,
        last,
        _one_of(data.get(LEVEL, ""), Level.values, wrong) if LEVEL in heeded else "",
        _one_of(data.get(COUNTRY, ""), countries.countries, wrong) if COUNTRY in heeded else "",
        tuple(wrong),
    )


def _usual(today: date) -> tuple[Quarter, Quarter]:
    now = Quarter.of(today)
    return now.after(1 - SHOWN), now


def _span(data, today: date, wrong: list[str]) -> tuple[Quarter, Quarter]:
    """Return the first and the last quarter, in a span that can be shown; else the usual one."""
    usual = _usual(today)
    given = [data.get(name, "").strip() for name in ("from", "to")]
    begin, end = (Quarter.read(text) for text in given)
    last = end or usual[1]
    first = begin or max(EARLIEST, last.after(1 - SHOWN))
    values = {"first": quarter_text(first), "last": quarter_text(last), "now": quarter_text(usual[1]), "most": MOST}
    unread = next((text for text, one in zip(given, (begin, end), strict=True) if text and one is None), "")
    if unread:
        said = _("“{text}” is no quarter. Choose one of the list; the last {n} quarters are shown.")
    elif max(first, last) > usual[1]:
        said = _("Quarters after {now} have not begun. Choose earlier ones; the last {n} quarters are shown.")
    elif first > last:
        said = _("{first} comes after {last}. Choose an earlier quarter to begin with; the last {n} are shown.")
    elif len(between(first, last)) > MOST:
        said = _("At most {most} quarters are shown at once. Choose fewer; the last {n} are shown.")
    else:
        return first, last
    wrong.append(said.format(**values, text=unread[:20], n=SHOWN))
    return usual


def _one_of(given: str, known, wrong: list[str]) -> str:
    if not given or given in known:
        return given
    wrong.append(_("“{text}” is not on the list, so all are shown. Choose one of the list.").format(text=given[:20]))
    return ""
