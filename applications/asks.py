"""What the form asks, section by section and row by row: tables, read by the form, the check and every later page."""

from dataclasses import replace
from decimal import Decimal

from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from applications.states import PARTS, Area, Kind, Listed, Part, Phase, Section, Side, Unit
from serportal.ui.asks import SIGNATURE, Ask, Text
from serportal.ui.asks import choice_of as _choice
from serportal.ui.asks import long_text as _long
from serportal.ui.asks import short_text as _text

S = Section
SHARES = (1, 2, 3)
MOST_HOURS = Decimal(100)
YES, NO = "yes", "no"
YES_NO = ((YES, _("Yes")), (NO, _("No")))

SECTIONS = {
    Kind.CERP: (
        *(S.PERSON, S.DEGREES, S.COURSES, S.PRIOR, S.JOBS, S.PROJECTS),
        *(S.DOCUMENTS, S.REFERENCES, S.AGREEMENT, S.FEE),
    ),
    Kind.CERPIT: (
        *(S.PERSON, S.DEGREES, S.COURSES, S.JOBS, S.PROJECTS),
        *(S.DOCUMENTS, S.REFERENCES, S.AGREEMENT, S.FEE),
    ),
    Kind.PARTNER: (S.PERSON, S.PROGRAMME, S.DOCUMENTS, S.AGREEMENT, S.FEE),
    Kind.UPGRADE: (S.PERSON, S.STEPS, S.COURSES, S.PRIOR, S.JOBS, S.PROJECTS, S.AGREEMENT, S.FEE),
}
LISTED = {
    S.STEPS: Listed.STEP,
    S.DEGREES: Listed.DEGREE,
    S.COURSES: Listed.COURSE,
    S.PRIOR: Listed.PRIOR,
    S.JOBS: Listed.JOB,
    S.PROJECTS: Listed.PROJECT,
}
# Which side of the requirements a section speaks for (R-APP-1).
SIDE_OF = {
    S.DEGREES: Side.KNOWLEDGE,
    S.COURSES: Side.KNOWLEDGE,
    S.PRIOR: Side.KNOWLEDGE,
    S.JOBS: Side.EXPERIENCE,
    S.PROJECTS: Side.EXPERIENCE,
}
WITH_FILES = frozenset({Listed.PRIOR, Listed.STEP})


def sections_of(kind: str, *, steps: bool = False) -> tuple[Section, ...]:
    """Return the sections of ``kind`` in order; an upgrade without a written list asks what CERP asks (R-APP-8)."""
    return SECTIONS[Kind.CERP if kind == Kind.UPGRADE and not steps else Kind(kind)]


def key_of(area: str, part: str = "") -> str:
    return f"{area}.{part}" if part else str(area)


def areas() -> tuple:
    """Return (key, name) of every area and, after it, of its parts, as one select offers them."""
    choices = [("", _("Choose an area"))]
    for area in Area:
        choices.append((key_of(area), str(area.label).capitalize()))
        choices += [(key_of(area, part), f"{str(area.label).capitalize()}: {part.label}") for part in PARTS[area]]
    return tuple(choices)


def area_of(key: str) -> tuple[Area, Part | None] | None:
    """Return the area, and the part, that a select’s ``key`` names; None for what names none."""
    area, _dot, part = str(key or "").partition(".")
    if area not in Area.values or (part and part not in [str(one) for one in PARTS[Area(area)]]):
        return None
    return Area(area), Part(part) if part else None


def _day(name: str, label: Text, missing: Text | None, **more) -> Ask:
    refused = _("“{label}” is not a date we can use. Write it as 2026-10-12, from 1950 on.")
    return Ask(name, label, missing, kind="day", refused=format_lazy(refused, label=label), **more)


def _number(name: str, label: Text, missing: Text | None, refused: Text, most: Decimal, **more) -> Ask:
    return Ask(name, label, missing, kind="number", refused=refused, most=most, **more)


PERSON = (
    _text(
        "name_on_certificate",
        _("Your name as it should stand on the certificate"),
        _("The name for the certificate is missing. Type it as it should be printed."),
        shown=_("Name on the certificate"),
        autocomplete="name",
    ),
    _text("preferred_name", _("What we should call you"), length=100, autocomplete="nickname"),
    _text("phone", _("Telephone"), length=40, autocomplete="tel"),
    _long("address", _("Postal address"), lines=3, length=500, autocomplete="street-address"),
    _choice(
        "country",
        _("Country"),
        (),
        _("No country is chosen. Choose the one you live in."),
        _("The country is not on the list. Choose one of it."),
        widget="list",
        autocomplete="country",
    ),
    _text("employer", _("Employer"), autocomplete="organization"),
    _text("job_title", _("Job title"), autocomplete="organization-title"),
)
SIDES = Ask(
    "sides",
    _("What do you apply with?"),
    _("Nothing is ticked for what you apply with. Tick knowledge, experience or both."),
    help=_("CERPIT asks for one of the two. Only what you tick must be complete; both may be."),
    kind="many",
    choices=tuple(Side.choices),
    refused=_("What you apply with is knowledge, experience or both. Tick one or both."),
)
STATEMENT = _long(
    "statement",
    _("Why you apply, in your own words"),
    help=_("Optional, up to 500 words."),
    lines=5,
    shown=_("Statement"),
)
DEGREE = (
    _text("institution", _("College or university"), _("The college or university is missing.")),
    _choice(
        "country",
        _("Country"),
        (),
        _("The country of the college is missing. Choose it."),
        _("The country is not on the list. Choose one of it."),
        widget="list",
    ),
    _text("degree", _("Degree"), _("The degree is missing, such as BSc.")),
    _text("field", _("Field"), _("The field of the degree is missing.")),
    _text("year", _("Year"), _("The year of the degree is missing."), length=4),
)
COURSE_ROW = (
    _text("title", _("Title of the course"), _("The title of the course is missing."), shown=_("Course")),
    _text("code", _("Course number"), length=60),
    _text("institution", _("College or university"), _("The college or university of the course is missing.")),
    _text("term", _("Term and year"), length=60),
    _choice(
        "unit",
        _("What the school counts it in"),
        [("", _("Choose a unit")), *Unit.choices],
        _("The unit of the credits is missing. Choose what the school counts in."),
        _("The unit is not on the list. Choose one of it."),
        widget="list",
        shown=_("Unit"),
    ),
    _number(
        "credits",
        _("Credits"),
        _("The credits of the course are missing."),
        _("The credits are not a number from 0 to 100 that we can read. Write them like this: 4.5"),
        Decimal(100),
        help=_("Of “something else”: the semester credits it equals."),
    ),
    _long(
        "basis",
        _("How you worked out the semester credits"),
        help=_("Needed where the school counts in something else."),
        lines=2,
        length=1000,
        shown=_("Basis of the credits"),
    ),
    _text("grade", _("Grade"), length=20),
    _choice(
        "passed",
        _("Passed?"),
        YES_NO,
        _("Say whether the course was passed."),
        _("Whether the course was passed is yes or no. Tick one."),
        shown=_("Passed"),
    ),
)
AREA_REFUSED = _("The area is not on the list. Choose one of it.")
SHARE_CREDITS = _("The credits for an area are not a number from 0 to 100 that we can read. Write them like this: 1.5")


def share(number: int) -> tuple[Ask, Ask]:
    """Return what is asked of the ``number``-th area that a course counts in."""
    first = number == 1
    return (
        _choice(
            f"area{number}",
            _("Counts in") if first else _("And in"),
            (),
            _("No area is chosen. Choose the one in which the course counts.") if first else None,
            AREA_REFUSED,
            widget="list",
        ),
        _number(
            f"credits{number}",
            _("With credits"),
            None,
            SHARE_CREDITS,
            Decimal(100),
            help=_("Empty: the whole course.") if first else "",
        ),
    )


PRIOR = (
    _choice("area", _("Area"), (), _("No area is chosen. Choose the one with the gap."), AREA_REFUSED, widget="list"),
    _number(
        "credits",
        _("Semester credits it equals"),
        _("The credits of prior learning are missing. Say how many semester credits it equals."),
        _("The credits are not a number from 0 to 100 that we can read. Write them like this: 4.5"),
        Decimal(100),
        shown=_("Credits asked for"),
    ),
    _long("learned", _("What you learned"), _("What you learned is missing. Two or three sentences are enough.")),
    _long("how", _("How you learned it"), _("How you learned it is missing. Say where, when and from whom.")),
)
JOB = (
    _text("employer", _("Employer"), _("The employer is missing.")),
    _text("title", _("Job title"), _("The job title is missing.")),
    _day("first_day", _("First day"), _("The first day is missing. Choose the day you began.")),
    _day("last_day", _("Last day"), None, help=_("Empty while you still work there.")),
    _number(
        "weekly_hours",
        _("Hours a week"),
        _("The hours a week are missing."),
        _("The hours a week are not a number from 0 to 100 that we can read. Type those of a usual week."),
        MOST_HOURS,
        help=_("In a usual week."),
    ),
    _number(
        "restoration",
        _("Percent of it that was restoration"),
        _("The share of restoration is missing. Type a whole number from 0 to 100."),
        _("The share of restoration is not a number from 0 to 100 that we can read."),
        Decimal(100),
        help=_("A whole number. A month with under half counts half."),
        shown=_("Restoration, percent"),
    ),
    _text("supervisor", _("Name of your supervisor")),
    _text("contact", _("How we reach your supervisor"), help=_("An e-mail address or a telephone number.")),
    _long("duties", _("What you did"), _("What you did there is missing. Two or three sentences are enough.")),
)
PROJECT = (
    _text("title", _("Name of the project"), _("The name of the project is missing."), shown=_("Project")),
    _text("place", _("Place and country"), _("The place of the project is missing. Name it and its country.")),
    _text("ecosystem", _("Ecosystem"), _("The ecosystem is missing, such as salt marsh.")),
    _text("client", _("Client or owner")),
    _day("first_day", _("First day"), _("The first day is missing. The first of the month is enough.")),
    _day("last_day", _("Last day"), None, help=_("Empty while it goes on.")),
    _text("size", _("Size"), help=_("With its unit, such as 12 hectares."), length=60),
    _text("role", _("Your role"), _("Your role in the project is missing.")),
    Ask(
        "phases",
        _("Phases you worked in"),
        _("No phase is ticked. Tick each in which you worked yourself."),
        kind="many",
        choices=tuple(Phase.choices),
        refused=_("A ticked phase is not on the list. Tick from the list."),
        shown=_("Phases"),
    ),
    _long(
        "narrative", _("What was done, and your own part in it"), _("The account of the project is missing."), lines=6
    ),
    _long("outcome", _("What came of it"), _("What came of the project is missing. One or two sentences are enough.")),
    _text("verifier", _("Who can confirm it"), help=_("A name, and an e-mail address or telephone number.")),
)
STEP = (
    _long(
        "evidence",
        _("What you did about it"),
        _("What you did about this step is missing. Two or three sentences are enough."),
        lines=5,
    ),
)
DOCUMENTS = (
    _day(
        "course_completed_on",
        _("Day on which you finished SER’s e-learning course"),
        None,
        help=_("Leave it empty if you have not taken it yet; nothing is approved without it."),
        shown=_("E-learning course finished"),
    ),
)
PROGRAMME = (
    _choice(
        "programme",
        _("Programme"),
        (),
        _("No programme is chosen. Choose yours; if it is not on the list, apply for CERPIT instead."),
        _("The programme is not on the list. Choose one of it."),
        widget="list",
    ),
    _text("student_number", _("Student number"), length=60),
    _day("completed_on", _("Day on which you completed it"), _("The day of completion is missing.")),
    Ask(
        "consent",
        _("SER may ask the college whether I completed the programme."),
        _("Tick that SER may ask the college; without its answer nothing can be decided."),
        kind="tick",
        shown=_("SER may ask the college"),
    ),
)
AGREEMENT = (
    SIGNATURE,
    Ask(
        "agreed",
        _("I have read the agreement above and agree to it."),
        _("Tick that you agree, if you do; nobody is certified without it."),
        kind="tick",
        shown=_("Agreed"),
    ),
    Ask(
        "truthful",
        _("Everything in this application is true and complete."),
        _("Tick that everything is true and complete."),
        kind="tick",
        shown=_("True and complete"),
    ),
    _long(
        "disclosure",
        _("Convictions or sanctions about your work, if there are any"),
        help=_("Leave it empty if there are none. One does not exclude you by itself."),
        shown=_("Convictions or sanctions"),
    ),
)
FEE = (
    _choice(
        "member",
        _("Are you a member of SER?"),
        YES_NO,
        _("Say whether you are a member of SER; the fee depends on it."),
        _("Membership is yes or no. Tick one."),
        shown=_("Member of SER"),
    ),
    _text("membership_number", _("Membership number"), help=_("If you are a member."), length=60),
    Ask(
        "reduction",
        _("I live and work in a low-income country and ask for a smaller fee."),
        kind="tick",
        shown=_("Asks for a smaller fee"),
    ),
    _long("reduction_why", _("Where you live and work, and what you can pay"), help=_("If you ask for it."), lines=3),
    _long("invoice_to", _("Whom the invoice is for"), help=_("If it is not you."), lines=3, length=500),
)

BY_SECTION = {S.DOCUMENTS: DOCUMENTS, S.PROGRAMME: PROGRAMME, S.AGREEMENT: AGREEMENT, S.FEE: FEE}
BY_LISTED = {
    Listed.DEGREE: DEGREE,
    Listed.COURSE: (*COURSE_ROW, *(ask for number in SHARES for ask in share(number))),
    Listed.PRIOR: PRIOR,
    Listed.JOB: JOB,
    Listed.PROJECT: PROJECT,
    Listed.STEP: STEP,
}


def asked_of(where: str, kind: str, *, programmes: tuple = ()) -> tuple[Ask, ...]:
    """Return what ``where``, a section or a row’s list, asks in an application of ``kind``, with all its choices."""
    if where == S.PERSON:
        table = (*PERSON, *([SIDES] if kind == Kind.CERPIT else []), STATEMENT)
    elif where in BY_LISTED:
        table = BY_LISTED[where]
    else:
        table = BY_SECTION[where]
    offered = {"programme": (("", _("Choose a programme")), *programmes)}
    if any(ask.name == "country" for ask in table):
        offered["country"] = (("", _("Choose a country")), *countries)
    if any(ask.name.startswith("area") for ask in table):
        offered |= {name: areas() for name in ("area", *(f"area{number}" for number in SHARES))}
    return tuple(_offering(ask, offered.get(ask.name)) for ask in table)


def _offering(ask: Ask, choices: tuple | None) -> Ask:
    """Return ``ask`` with ``choices`` where it has none of its own; what is ticked begins with a capital letter."""
    if ask.kind == "many":
        choices = tuple((key, capfirst(label)) for key, label in ask.choices)
    return replace(ask, choices=choices) if choices else ask


def names_of(where: str, kind: str) -> frozenset[str]:
    """Return the names under which ``where`` keeps what is typed."""
    table = BY_LISTED.get(where) or BY_SECTION.get(where) or (*PERSON, SIDES, STATEMENT)
    hidden = {"agreement"} if where == S.AGREEMENT else set()
    known = {ask.name for ask in table} | hidden
    return frozenset(known - {"sides"} if kind != Kind.CERPIT else known)


def is_asked(where: str, kind: str) -> bool:
    """Whether ``where``, a section or a row’s list, is part of an application of ``kind`` at all.

    Prior learning is asked about for CERP alone, which an upgrade is for too (R-APP-1).
    """
    known = {*SECTIONS[Kind(kind)], *(SECTIONS[Kind.CERP] if kind == Kind.UPGRADE else ())}
    return where in known or where in {LISTED[section] for section in known if section in LISTED}
