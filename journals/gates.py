"""What a renewal needs, in words: what is there, what is missing, and where to go about it (R-PER-4, R-PER-6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from journals.rules import Gate
from serportal.ui.words import day_text, number

# What rules a renewal out: nothing that the member could earn or ask for would change it.
BARRED = frozenset({"ended", "followed", "too-late", "open"})
MET = {
    "opens": _("Renewal is open since {day}."),
    "total": _("{total} credits, of {goal} that the period needs."),
    "total-over": _("{total} credits, of {goal} that the period needs."),
    "year": _("Year {number} has {total} of the {least} it needs."),
}
MISSING = {
    "ended": _("Your certification has ended, so there is nothing to renew. A new application is the way back."),
    "followed": _("It is renewed already: your next period begins on {day}."),
    "too-late": _(
        "The period ended on {day}, and reinstatement was open until {last}. A new application is the way back."
    ),
    "open": _("Your renewal {reference} is filed and not decided yet. Its page shows where it stands."),
    "opens": _("Renewal opens on {day}."),
    "total": _("{missing} of the {goal} credits are still missing. They are earned by {ends}."),
    "total-over": _(
        "{missing} of the {goal} credits are missing. The period ended on {ends}: report what you did by that day."
    ),
    "year-runs": _("Year {number} still needs {missing} by {last}."),
    "year-short": _(
        "Year {number} ended on {last} with {missing} too few. Report what you did in it, or ask for an arrangement."
    ),
    "year-asked": _("Year {number} has {missing} too few, and your request {reference} about it is still being read."),
    "year-made-up": _("Year {number} has {missing} too few. By arrangement {reference} they can be made up by {day}."),
}
ADDRESSES = {
    "open": ("journals:renewal", _("To your renewal")),
    "total": ("plan:plan", _("Plan how to earn them")),
    "total-over": ("cecs:new", _("Report what you did")),
    "year-runs": ("plan:plan", _("Plan how to earn them")),
    "year-short": ("journals:arrangement-new", _("Ask for an arrangement")),
    "year-asked": ("journals:arrangement", _("To your request")),
    "year-made-up": ("plan:plan", _("Plan how to make them up")),
}
ONE_OF_MANY = frozenset({"open", "year-asked"})


@dataclass(frozen=True)
class Told:
    """One gate in words; ``url`` leads to the way out of what is missing, where there is one."""

    code: str
    met: bool
    sentence: str
    url: str = ""
    link: str = ""


def told(gates: Iterable[Gate]) -> list[Told]:
    return [Told(one.code, one.met, sentence(one), *(("", "") if one.met else _way_out(one))) for one in gates]


def sentence(gate: Gate) -> str:
    values = {key: _value(value) for key, value in gate.values.items()}
    return str((MET if gate.met else MISSING)[gate.code]).format(**values)


def _way_out(gate: Gate) -> tuple[str, str]:
    if gate.code not in ADDRESSES:
        return "", ""
    name, text = ADDRESSES[gate.code]
    url = reverse(name, args=[gate.values["reference"]] if gate.code in ONE_OF_MANY else [])
    return url + (f"?year={gate.values['number']}" if gate.code == "year-short" else ""), str(text)


def _value(value) -> str:
    return day_text(value) if isinstance(value, date) else number(value) if isinstance(value, Decimal) else str(value)
