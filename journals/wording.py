"""The sum in words: the same sentence while typing, on the ballot, in the letter and in the journal (SPEC 2.1)."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from journals.rules import Credit, Reason
from serportal.certifications.rules import Year
from serportal.ui.words import day_text


def stored(reasons: Iterable[Reason]) -> list[dict]:
    """Return the steps of a sum as they are kept beside the number."""
    return [{"code": reason.code, "values": reason.values} for reason in reasons]


def _clause(reason: Reason) -> str:
    values = dict(reason.values)
    for name in ("day", "edge"):
        if name in values:
            values[name] = day_text(date.fromisoformat(values[name]))
    if "hours" in values:
        values["measured"] = _hours(values["hours"])
    clauses = {
        "rate": _("{measured} ÷ {per} = {credits}"),
        "event-cap": _("a single event counts at most {cap}"),
        "rounded": _("rounded down to steps of {step}, that is {credits}"),
        "lowered": _("the committee granted {credits}"),
        "under-minimum": _(
            "{minutes} minutes is less than the {least} minutes an activity needs, so it counts nothing"
        ),
        "before-period": _("{day} lies before your period, which began on {edge}, so it counts nothing"),
        "after-period": _("{day} lies after your period, which ends on {edge}, so it counts nothing"),
    }
    return clauses[reason.code].format(**values)


def _hours(count: str) -> str:
    return _("1 hour") if count == "1" else _("{count} hours").format(count=count)


def sentence(reasons: Iterable[Reason]) -> str:
    """“22 hours ÷ 2 = 11; a single event counts at most 10.”"""
    text = "; ".join(_clause(reason) for reason in reasons)
    return f"{text[:1].upper()}{text[1:]}."


def lines(credit: Credit) -> list[tuple[str, str]]:
    """Return the sum as (what, number) lines, as it stands beside the hours and the ballot."""
    rows = []
    for reason in credit.reasons:
        values = reason.values
        if reason.code == "rate":
            rows.append((f"{_hours(values['hours'])} ÷ {values['per']}", values["credits"]))
        elif reason.code == "event-cap":
            rows.append((_("A single event counts at most"), values["cap"]))
        elif reason.code == "rounded":
            rows.append((_("Rounded down to steps of {step}").format(**values), values["credits"]))
        elif reason.code == "lowered":
            rows.append((_("Granted by the committee"), values["credits"]))
        elif reason.code == "under-minimum":
            rows.append((_("Less than {least} minutes").format(**values), "0"))
        else:
            rows.append((_("Outside your period"), "0"))
    return rows


def counts_in(year: Year | None) -> str:
    """“It counts in year 5 of your period, 1 May 2026 to 30 April 2027.”; empty where it counts in none."""
    if year is None:
        return ""
    return _("It counts in year {number} of your period, {first} to {last}.").format(
        number=year.number, first=day_text(year.first), last=day_text(year.last)
    )
