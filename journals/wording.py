"""The sum in words: the same sentence while typing, on the ballot, in the letter and in the journal (SPEC 2.1)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journals.rules import Credit, Progress, Reason
from journals.states import PUBLICATIONS, Activity
from serportal.certifications.rules import Year
from serportal.ui.words import day_text, number

# Each step of a sum as a clause of its sentence.
CLAUSES = {
    "rate": gettext_lazy("{measured} ÷ {per} = {credits}"),
    "rate-one": gettext_lazy("{measured} = {credits}"),
    "each": gettext_lazy("{what} = {credits}"),
    "asked": gettext_lazy("{credits} are asked for"),
    "approved": gettext_lazy("it is pre-approved for {credits}"),
    "lowered": gettext_lazy("the committee granted {credits}"),
    "event-cap": gettext_lazy("a single event counts at most {cap}"),
    "event-cap-left": gettext_lazy(
        "a single event counts at most {cap}, and {already} are already credited for it, which leaves {left}"
    ),
    "volunteer-cap": gettext_lazy("volunteering counts at most {cap} in a period"),
    "volunteer-cap-left": gettext_lazy(
        "volunteering counts at most {cap} in a period, and {already} are already credited, which leaves {left}"
    ),
    "committee-credited": gettext_lazy("{already} of the {credits} were already credited as committee service"),
    "rounded": gettext_lazy("rounded down to steps of {step}, that is {credits}"),
    "not-passed": gettext_lazy("the course was graded and not passed, so it counts nothing"),
    "under-minimum": gettext_lazy(
        "{minutes} minutes is less than the {least} minutes an activity needs, so it counts nothing"
    ),
    "course-credited": gettext_lazy(
        "a regular course counts only the first time it is taught, and this one is already credited"
    ),
    "taught-before": gettext_lazy(
        "a regular course counts only the first time it is taught, and this one was taught before, from {day}"
    ),
    "not-for-profit": gettext_lazy(
        "volunteering counts only for a not-for-profit organisation, so it counts nothing here"
    ),
    "before-period": gettext_lazy("{day} lies before your period, which began on {edge}, so it counts nothing"),
    "after-period": gettext_lazy("{day} lies after your period, which ends on {edge}, so it counts nothing"),
    "counted-once": gettext_lazy("the same activity under the same approval code is already credited, and counts once"),
    "ruled-same": gettext_lazy(
        "the coordinator found that it is already credited as something else, and it counts once"
    ),
    "few-months": gettext_lazy(
        "{months} months of service are fewer than the {least} a year of service needs, so it counts nothing"
    ),
    "service-year": gettext_lazy(
        "the year of service in this role that began on {day} is already credited, and one year counts once"
    ),
    "board-covers": gettext_lazy(
        "{covered} of the {months} months are covered by board service at the same level, which leaves {left}, fewer "
        "than the {least} a year of service needs; at one level only the board counts"
    ),
}
# The same steps as lines of a table; the number beside each is the one named here.
LINES = {
    "asked": (gettext_lazy("Asked for"), "credits"),
    "approved": (gettext_lazy("Pre-approved for"), "credits"),
    "lowered": (gettext_lazy("Granted by the committee"), "credits"),
    "event-cap": (gettext_lazy("A single event counts at most"), "cap"),
    "event-cap-left": (gettext_lazy("Left of the {cap} of this event"), "left"),
    "volunteer-cap": (gettext_lazy("Volunteering counts at most, in a period"), "cap"),
    "volunteer-cap-left": (gettext_lazy("Left of the {cap} for volunteering"), "left"),
    "committee-credited": (gettext_lazy("Already credited as committee service"), "already"),
    "rounded": (gettext_lazy("Rounded down to steps of {step}"), "credits"),
    "under-minimum": (gettext_lazy("Less than {least} minutes"), ""),
    "not-passed": (gettext_lazy("Not passed"), ""),
    "course-credited": (gettext_lazy("Already credited"), ""),
    "taught-before": (gettext_lazy("Taught before"), ""),
    "not-for-profit": (gettext_lazy("Not for a not-for-profit"), ""),
    "counted-once": (gettext_lazy("Already credited"), ""),
    "ruled-same": (gettext_lazy("Already credited"), ""),
    "few-months": (gettext_lazy("Fewer than {least} months"), ""),
    "service-year": (gettext_lazy("Already credited"), ""),
    "board-covers": (gettext_lazy("Covered by board service"), ""),
}
ONE_OF = {
    Activity.BOOK: gettext_lazy("one book"),
    Activity.CHAPTER: gettext_lazy("one book chapter"),
    Activity.PAPER: gettext_lazy("one peer-reviewed paper"),
    Activity.MATERIAL: gettext_lazy("one technical document or educational material"),
    Activity.BOARD: gettext_lazy("one year on a board"),
    Activity.COMMITTEE: gettext_lazy("one year on a committee"),
    Activity.EVENT: gettext_lazy("organising one event"),
}


def stored(reasons: Iterable[Reason]) -> list[dict]:
    """Return the steps of a sum as they are kept beside the number."""
    return [{"code": reason.code, "values": reason.values} for reason in reasons]


def _clause(reason: Reason) -> str:
    values = dict(reason.values)
    for name in ("day", "edge"):
        if name in values:
            values[name] = day_text(date.fromisoformat(values[name]))
    code = reason.code
    if code == "rate":
        values["measured"] = measured(values["activity"], values["hours"])
        code = "rate-one" if values["per"] == "1" else code
    elif code == "each":
        values["what"] = ONE_OF[Activity(values["activity"])]
    return str(CLAUSES[code]).format(**values)


def measured(activity: str, count: str) -> str:
    """“1 hour”, “14 classroom hours”, “12 contact hours”, “3 hours of instruction”."""
    number = 1 if count == "1" else 2
    words = {
        Activity.COURSE: ngettext("{count} classroom hour", "{count} classroom hours", number),
        Activity.INSTRUCTION: ngettext("{count} hour of instruction", "{count} hours of instruction", number),
        Activity.VOLUNTEERING: ngettext("{count} contact hour", "{count} contact hours", number),
    }
    return words.get(activity, ngettext("{count} hour", "{count} hours", number)).format(count=count)


def sentence(reasons: Iterable[Reason]) -> str:
    """“22 hours ÷ 2 = 11; a single event counts at most 10.”"""
    text = "; ".join(_clause(reason) for reason in reasons)
    return f"{text[:1].upper()}{text[1:]}."


def lines(credit: Credit) -> list[tuple[str, str]]:
    """Return the sum as (what, number) lines, as it stands beside the hours and the ballot."""
    return [_line(reason) for reason in credit.reasons]


def _line(reason: Reason) -> tuple[str, str]:
    values = reason.values
    if reason.code == "rate":
        per = "" if values["per"] == "1" else f" ÷ {values['per']}"
        return f"{measured(values['activity'], values['hours'])}{per}", values["credits"]
    if reason.code == "each":
        what = str(ONE_OF[Activity(values["activity"])])
        return f"{what[:1].upper()}{what[1:]}", values["credits"]
    label, number = LINES.get(reason.code, (gettext_lazy("Outside your period"), ""))
    text = values[number] if number else "0"
    return str(label).format(**values), f"−{text}" if reason.code == "committee-credited" else text


def counts_in(year: Year | None, activity: str = "", day: date | None = None) -> str:
    """“It counts in year 5 of your period, 1 May 2026 to 30 April 2027.”; empty where it counts in none.

    A publication says which day decides: the one of its acceptance or release (R-PUB).
    """
    if year is None:
        return ""
    values = {"number": year.number, "first": day_text(year.first), "last": day_text(year.last)}
    if day is not None and activity in PUBLICATIONS:
        values["day"] = day_text(day)
        text = _("Released on {day}, it counts in year {number} of your period, {first} to {last}.")
        if activity != Activity.MATERIAL:
            text = _("Accepted on {day}, it counts in year {number} of your period, {first} to {last}.")
        return text.format(**values)
    return _("It counts in year {number} of your period, {first} to {last}.").format(**values)


# What may be claimed again once the credits for it were taken back.
FREED = {
    "course_key": gettext_lazy("The course may be claimed again, for its first teaching only."),
    "code_key": gettext_lazy("The approval code counts again for this activity."),
    "role_key": gettext_lazy("The year of service may be claimed again, and weighs on no other role any more."),
}


def event_freed(name: str, had: Decimal, taken: Decimal, cap: Decimal) -> str:
    """“Of the 10 credits of “Delta Days”, 4 are used instead of 10.”"""
    text = _("Of the {cap} credits a single event counts at most, {left} are used for “{name}” instead of {had}.")
    return text.format(cap=number(cap), left=number(had - taken), name=name, had=number(had))


def volunteering_freed(had: Decimal, taken: Decimal, cap: Decimal) -> str:
    text = _("Of the {cap} credits volunteering counts at most in this period, {left} are used instead of {had}.")
    return text.format(cap=number(cap), left=number(had - taken), had=number(had))


def now_short(before: Progress, after: Progress, year: int) -> list[str]:
    """Say what a correction in ``year`` leaves short that was not, or was less, before."""
    said = []
    one, other = before.years[year - 1], after.years[year - 1]
    if after.missing > before.missing:
        text = _("The period needs {missing} more to reach {goal}.")
        said.append(text.format(missing=number(after.missing), goal=number(after.goal)))
    if other.missing > one.missing:
        text = _("Year {number}, {first} to {last}, needs {missing} more to reach {least}.")
        values = {"first": day_text(other.year.first), "last": day_text(other.year.last), "number": year}
        said.append(text.format(missing=number(other.missing), least=number(other.least), **values))
    return said
