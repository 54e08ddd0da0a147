"""What several answers of an application say against each other; a missing one says nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _

from applications import asks, rules
from applications.states import Listed, Section, Unit
from serportal.drafts.answers import Check, Found
from serportal.ui.words import day_text

EARLIEST_DEGREE = 1950
WORDS = 500


def _person(values: Mapping, today: date) -> Iterator[Found]:
    if len((values.get("statement") or "").split()) > WORDS:
        yield "statement", "too-long", _("The statement has more than {n} words. Shorten it.").format(n=WORDS)


def _degree(values: Mapping, today: date) -> Iterator[Found]:
    year = values.get("year")
    if not year:
        return
    if not (year.isascii() and year.isdigit() and EARLIEST_DEGREE <= int(year) <= today.year):
        sentence = _("“{year}” is not the year of a degree. Write one from {first} to {last}, as 2012.")
        yield "year", "no-year", sentence.format(year=year, first=EARLIEST_DEGREE, last=today.year)


def _course(values: Mapping, today: date) -> Iterator[Found]:
    credits = values.get("credits")
    if credits is not None and credits <= 0:
        yield (
            "credits",
            "no-credits",
            _("A course of no credits counts nothing. Type its credits, or remove the course."),
        )
    if values.get("unit") == Unit.OTHER and not values.get("basis"):
        yield (
            "basis",
            "no-basis",
            _("Say how you worked out the semester credits; the school counts in something else."),
        )
    for number in asks.SHARES:
        area, typed = values.get(f"area{number}"), values.get(f"credits{number}")
        if typed is not None and not area and number > 1:
            sentence = _("Credits stand beside no area. Choose the area, or empty the credits.")
            yield f"area{number}", "no-area", sentence
    shares = shares_of(values)
    if not credits or not shares:
        return
    problem = rules.shares_problem(rules.Course(Unit.SEMESTER, credits, [share for _number, share in shares]))
    if problem == "empty-share":
        number = next(number for number, share in shares if share.credits <= 0)
        sentence = _("An area with no credits counts nothing. Type its credits, or choose no area there.")
        yield f"credits{number}", problem, sentence
    if problem == "more-than-the-course":
        told = sum(share.credits for _number, share in shares)
        sentence = _(
            "The areas together have {told} credits and the course has {credits}; each credit counts once. Lower them."
        )
        yield f"credits{shares[0][0]}", problem, sentence.format(told=told, credits=credits)


def shares_of(values: Mapping) -> list[tuple[int, rules.Share]]:
    """Return (number, share) of each area of a course; credits that are left empty are those of the whole course."""
    found = []
    for number in asks.SHARES:
        named = asks.area_of(values.get(f"area{number}"))
        typed = values.get(f"credits{number}")
        credits = values.get("credits") if typed is None else typed
        if named is not None and credits is not None:
            found.append((number, rules.Share(named[0], credits, named[1])))
    return found


def _prior(values: Mapping, today: date) -> Iterator[Found]:
    if values.get("credits") is not None and values["credits"] <= 0:
        yield "credits", "no-credits", _("Prior learning of no credits counts nothing. Type the credits it equals.")


def _days(values: Mapping, today: date) -> Iterator[Found]:
    first, last = values.get("first_day"), values.get("last_day")
    if first and first > today:
        sentence = _("The first day, {first}, is still to come. Add this once it has begun.")
        yield "first_day", "to-come", sentence.format(first=day_text(first))
    elif first and last and last < first:
        sentence = _("The last day, {last}, comes before the first, {first}. Correct one of the two.")
        yield "last_day", "end-before-start", sentence.format(first=day_text(first), last=day_text(last))
    elif last and last > today:
        sentence = _("The last day, {last}, is still to come. Leave it empty while it goes on.")
        yield "last_day", "to-come", sentence.format(last=day_text(last))


def _job(values: Mapping, today: date) -> Iterator[Found]:
    yield from _days(values, today)
    hours, percent = values.get("weekly_hours"), values.get("restoration")
    if hours is not None and hours <= 0:
        yield "weekly_hours", "no-hours", _("A job of no hours counts nothing. Type the hours of a usual week.")
    if percent is not None and percent != percent.to_integral_value():
        yield "restoration", "not-whole", _("The share of restoration must be a whole number from 0 to 100.")


def _over(name: str, sentence: Callable[[], str]) -> Check:
    def check(values: Mapping, today: date) -> Iterator[Found]:
        if values.get(name) and values[name] > today:
            yield name, "to-come", sentence()

    return check


def _fee(values: Mapping, today: date) -> Iterator[Found]:
    if values.get("member") == asks.YES and not values.get("membership_number"):
        yield "membership_number", "needed", _("The membership number is missing. SER needs it for the lower fee.")
    if values.get("reduction") and not values.get("reduction_why"):
        sentence = _("Say in which country you live and work, and what you can pay.")
        yield "reduction_why", "needed", sentence


CHECKS = {
    Section.PERSON: _person,
    Listed.DEGREE: _degree,
    Listed.COURSE: _course,
    Listed.PRIOR: _prior,
    Listed.JOB: _job,
    Listed.PROJECT: _days,
    Section.DOCUMENTS: _over(
        "course_completed_on",
        lambda: _("The day on which you finished the course is still to come. Leave it empty until then."),
    ),
    Section.PROGRAMME: _over(
        "completed_on", lambda: _("The day of completion is still to come. Apply once you have completed it.")
    ),
    Section.FEE: _fee,
}
