"""Arrangements in words: what is asked for, what holds now, why something cannot be agreed (R-PER-3)."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journals.rules import Obstacle, Terms, YearSum
from journals.states import Shape
from serportal.certifications import rules as calendar
from serportal.certifications.models import Period
from serportal.ui.words import day_text, in_credits, number, span_text

# Why nothing, or not this, can be agreed: what is true now, then what to do.
OBSTACLES = {
    "ended": gettext_lazy("Your certification has ended, so an arrangement about it would change nothing."),
    "renewed": gettext_lazy(
        "A new period of yours begins on {day}, so nothing can be arranged about the one before it any more."
    ),
    "too-late": gettext_lazy(
        "Your period ended on {day}, and reinstatement was open until {last}, so an arrangement would change nothing. "
        "A new application is the way back."
    ),
    "no-year": gettext_lazy("The year is missing. Choose the year of your period that it is about."),
    "not-begun": gettext_lazy("Year {number} begins on {first}. Ask about it from that day on."),
    "not-short": gettext_lazy(
        "Year {number} ended on {last} with the {least} credits it needs, so an arrangement would change nothing."
    ),
    "no-credits": gettext_lazy("The number of credits is missing. Write how many the year would need."),
    "no-quarters": gettext_lazy("Credits are counted in quarters. Write the number in steps of 0.25."),
    "not-fewer": gettext_lazy("Year {number} needs {least} credits now. Write a smaller number, or 0."),
    "no-day": gettext_lazy("The make-up date is missing. Choose the day until which the credits are made up."),
    "in-the-year": gettext_lazy("Year {number} itself runs until {last}. Choose a later day."),
    "after-the-period": gettext_lazy(
        "Your period ends on {ends}. Choose a day up to then, or ask for a longer period instead."
    ),
    "last-year": gettext_lazy(
        "Year {number} is the last of your period, so nothing in the period follows it. Ask for a lower minimum, or "
        "for a longer period."
    ),
    "no-end": gettext_lazy("The new last day is missing. Choose the day on which your period would end."),
    "not-later": gettext_lazy("Your period ends on {ends}. Choose a later day."),
    "too-long": gettext_lazy("One arrangement makes a period at most two years longer. Choose a day up to {longest}."),
}


def obstacle_text(found: Obstacle) -> str:
    values = {key: _value(value) for key, value in found.values.items()}
    return str(OBSTACLES[found.code]).format(**values)


def _value(value) -> str:
    return day_text(value) if isinstance(value, date) else number(value) if isinstance(value, Decimal) else str(value)


def headline(terms: Terms) -> str:
    """“Year 4: a lower minimum”, as it stands in lists."""
    if terms.shape == Shape.EXTENSION:
        return _("A longer period")
    if terms.shape == Shape.REDUCED:
        return _("Year {number}: a lower minimum").format(number=terms.year)
    return _("Year {number}: credits made up later").format(number=terms.year)


def asked_text(terms: Terms, period: Period, ends_on: date) -> str:
    """“a minimum of 3 credits for year 4, 15 March 2024 to 14 March 2025”; ``ends_on`` is the end before it."""
    if terms.shape == Shape.EXTENSION:
        text = _("a period that runs until {day} instead of {ends}")
        return text.format(day=day_text(terms.day), ends=day_text(ends_on))
    values = _of_year(terms, period)
    if terms.shape == Shape.REDUCED:
        least = terms.credits or Decimal(0)
        text = ngettext(
            "a minimum of {least} credit for year {number}, {span}",
            "a minimum of {least} credits for year {number}, {span}",
            1 if least == 1 else 2,
        )
        return text.format(least=number(least), **values)
    text = _("time until {day} to make up what year {number}, {span}, lacks")
    return text.format(day=day_text(terms.day), **values)


def agreed_text(terms: Terms, period: Period, ends_on: date) -> str:
    """Say what holds once ``terms`` are agreed, in whole sentences."""
    if terms.shape == Shape.EXTENSION:
        text = _(
            "Your period ends on {day} instead of {ends}. Its last year runs until then, and so do your certificate "
            "and your entry in the directory."
        )
        return text.format(day=day_text(terms.day), ends=day_text(ends_on))
    values = _of_year(terms, period)
    if terms.shape == Shape.REDUCED:
        text = _("Year {number} of your period, {span}, needs {least}. The period needs as many credits as before.")
        least = terms.credits or Decimal(0)
        needs = in_credits(least) if least else _("no credits")
        return text.format(least=needs, **values)
    text = _(
        "What year {number} of your period, {span}, lacks can be made up until {day}. Credits earned after that year "
        "and up to that day count for year {number}, as many as it lacks, and no longer for the year in which they "
        "were earned."
    )
    return text.format(day=day_text(terms.day), **values)


def _of_year(terms: Terms, period: Period) -> dict[str, str]:
    # A period that was cut short since may not hold the year any more; it then reads as it was asked about.
    whole = calendar.years(period.starts_on, calendar.last_day(period.starts_on))
    year = {one.number: one for one in (*whole, *period.years())}[terms.year]
    return {"number": str(year.number), "span": span_text(year.first, year.last)}


def about_year(one: YearSum, today: date) -> list[str]:
    """Say what arrangements did to the sum of one year."""
    said, arranged = [], one.arranged
    if arranged is not None and arranged.least is not None:
        text = _("{total} of {least} by arrangement {reference}.")
        values = {"total": number(one.total), "least": number(one.least), "reference": arranged.reference}
        said.append(text.format(**values))
    if one.made_up:
        text = ngettext(
            "{n} credit earned later counts here by arrangement {reference}, and no longer in its own year.",
            "{n} credits earned later count here by arrangement {reference}, and no longer in their own year.",
            1 if one.made_up == 1 else 2,
        )
        said.append(text.format(n=number(one.made_up), reference=arranged.reference))
    if one.missing and arranged is not None and arranged.until is not None:
        text = _("By arrangement {reference}, {n} can still be made up until {day}.")
        if arranged.until < today:
            text = _("The make-up date of arrangement {reference}, {day}, has passed, and {n} are still missing.")
        values = {"n": number(one.missing), "day": day_text(arranged.until), "reference": arranged.reference}
        said.append(text.format(**values))
    if one.gave:
        text = ngettext(
            "{n} credit earned in it makes up for an earlier year and counts there alone.",
            "{n} credits earned in it make up for an earlier year and count there alone.",
            1 if one.gave == 1 else 2,
        )
        said.append(text.format(n=number(one.gave)))
    return said
