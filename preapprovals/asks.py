"""What a request asks, section by section and row by row: tables, read by the form, the check and every later page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from journals.states import Delivery
from preapprovals.states import DELIVERED, OFFERED, Listed, Qualification, Section, SponsorKind
from serportal.accounts.forms import zone_choices
from serportal.ui.asks import SIGNATURE, Ask, Text
from serportal.ui.asks import choice_of as _choice
from serportal.ui.asks import long_text as _long
from serportal.ui.asks import short_text as _text

S = Section
NEW = "new"
YES, NO = "yes", "no"
YES_NO = ((YES, _("Yes")), (NO, _("No")))
LISTED = {S.INSTRUCTORS: Listed.INSTRUCTOR, S.DATES: Listed.DATE}
# What is on demand has neither an agenda nor dates: it says how long it takes, and how that was estimated.
NOT_ON_DEMAND = frozenset({S.AGENDA, S.DATES})
CATEGORY = _("Category {n}: {what}")
MOST_HOURS = Decimal(200)
# How the contact time is told: line by line, or as one number of minutes.
AGENDA, WEBINAR = "agenda", "webinar"

numbered = lazy(lambda n, what: CATEGORY.format(n=n, what=what), str)
CATEGORIES = tuple((str(one), numbered(n, one.label)) for n, one in enumerate(OFFERED, start=1))


def _list(name: str, label: Text, choices, missing: Text | None, refused: Text, none: Text, **more) -> Ask:
    return _choice(name, label, (("", none), *choices), missing, refused, widget="list", **more)


def _day(name: str, label: Text, missing: Text | None, **more) -> Ask:
    refused = _("“{label}” is not a date we can use. Write it as 2026-10-12.")
    return Ask(name, label, missing, kind="day", refused=format_lazy(refused, label=label), **more)


COUNTRY = _list(
    "country",
    _("Country"),
    countries,
    None,
    _("The country is not on the list. Choose one of it."),
    _("Choose a country"),
    autocomplete="country",
)
WHICH = _choice(
    "sponsor", _("Who offers it?"), (), _("Say who offers it."), _("The sponsor is not one you act for. Choose again.")
)
SPONSOR = (
    _text("name", _("Name of the sponsor"), shown=_("Sponsor"), autocomplete="organization"),
    _list(
        "kind",
        _("What it is"),
        SponsorKind.choices,
        None,
        _("What the sponsor is is not on the list. Choose one of it."),
        _("Choose one"),
    ),
    _text("website", _("Website"), autocomplete="url"),
    COUNTRY,
)
CONTACT = (
    _long("co_sponsors", _("Offered together with"), help=_("One a line."), lines=2, length=1000),
    _text(
        "contact_name",
        _("Whom SER writes to about this request"),
        _("The contact is missing. Name whom SER writes to."),
        shown=_("Contact"),
        autocomplete="name",
    ),
    _text(
        "contact_email",
        _("E-mail address"),
        _("The e-mail address of the contact is missing."),
        shown=_("E-mail of the contact"),
        autocomplete="email",
    ),
    _text("contact_phone", _("Telephone"), length=40, autocomplete="tel"),
)
OFFERING = (
    _choice(
        "category",
        _("Category of the credit schedule"),
        CATEGORIES,
        _("No category is chosen. Choose what those who take part do."),
        _("The category is not one of the four that can be pre-approved. Choose one of them."),
        shown=_("Category"),
    ),
    _text("title", _("Title"), _("The title is missing. Type it as it should stand on the list.")),
    _text(
        "part_of",
        _("Larger conference it is a session of"),
        help=_("Only for a single session inside a large conference."),
        shown=_("Part of"),
    ),
    _text("organiser", _("Who organises that conference"), shown=_("Organised by")),
    _long("description", _("Description"), _("The description is missing. Two or three sentences are enough.")),
    _long(
        "objectives",
        _("What people learn"),
        _("The objectives are missing. Say what people know or can do afterwards."),
        help=_("The objectives, one a line."),
        shown=_("Objectives"),
    ),
    Ask(
        "areas",
        _("Knowledge areas"),
        _("No knowledge area is ticked. Tick at least one."),
        kind="many",
        refused=_("A ticked knowledge area is not on the list. Tick from the list."),
    ),
    _text("audience", _("For whom")),
    _text("language", _("Language"), help=_("Empty: English."), length=40),
    _choice(
        "delivery",
        _("How is it taught?"),
        tuple(DELIVERED.items()),
        _("Say how it is taught."),
        _("How it is taught is not on the list. Choose one of it."),
        shown=_("Delivery"),
    ),
    _long(
        "verification",
        _("How you verify that people took part"),
        help=_("Needed where people are not in one room: sign-in, questions in between, a test at the end."),
        lines=3,
        length=2000,
        shown=_("How attendance is verified"),
        only_if="delivery-distant",
    ),
    Ask(
        "estimated_hours",
        _("Estimated hours of contact time"),
        kind="number",
        most=MOST_HOURS,
        refused=_("The estimated hours are not a number from 0 to 200 that we can read. Write them like this: 1.5"),
        help=_("Needed for what is on demand: how long it takes, without breaks."),
        shown=_("Estimated hours"),
        only_if="delivery-demand",
    ),
    _long(
        "estimate_basis",
        _("How you estimated them"),
        help=_("Needed for what is on demand, such as the length of the films and of the questions."),
        lines=2,
        length=1000,
        shown=_("How they were estimated"),
        only_if="delivery-demand",
    ),
    _choice(
        "recurring",
        _("Is it offered again and again?"),
        YES_NO,
        _("Say whether it is offered again and again."),
        _("Whether it is offered again and again is yes or no. Tick one."),
        help=_("What recurs is approved for two years, and you add dates as they come."),
        shown=_("Offered again and again"),
    ),
    _choice(
        "graded",
        _("Are those who take part graded?"),
        YES_NO,
        None,
        _("Whether people are graded is yes or no. Tick one."),
        help=_("Where they are, only a passing grade counts."),
        shown=_("Graded"),
    ),
    _long("promotion", _("Words for the list of courses"), help=_("A sentence or two for the public."), lines=2,
          length=1000, shown=_("Words for the list")),
)  # fmt: skip
TEACHER = (
    _text("name", _("Name"), _("The name of the instructor is missing."), autocomplete="off"),
    _text("email", _("E-mail address"), shown=_("E-mail"), autocomplete="off"),
    _text("employer", _("Employer"), help=_("Needed where the college employs the instructor."), autocomplete="off"),
    _choice(
        "qualification",
        _("What qualifies this instructor?"),
        Qualification.choices,
        _("What qualifies the instructor is missing. Choose one."),
        _("What qualifies the instructor is not on the list. Choose one of it."),
        help=_("Other credentials are accepted if a majority of the whole committee accepts them."),
        shown=_("Qualified as"),
    ),
    _text("ser_number", _("Number of the SER certificate"), help=_("Such as CERP-0042."), length=20,
          shown=_("SER certificate"), only_if="qualification-ser"),
    _long("detail", _("Which certificate, or which credentials"), lines=3, length=500, shown=_("Which"),
          help=_("The body that certified the instructor, or the credentials in a few words.")),
)  # fmt: skip
DATE = (
    _day("first_day", _("First day"), _("The first day is missing. Choose it.")),
    _day("last_day", _("Last day"), None, help=_("Empty: the same day.")),
    _text("starts", _("Begins at"), help=_("Such as 09:00."), length=20),
    _text("ends", _("Ends at"), help=_("On the last day."), length=20),
    _choice(
        "zone",
        _("Time zone"),
        (),
        _("The time zone is missing. Choose the one of the place."),
        _("The time zone is not on the list. Choose one of it."),
        widget="list",
    ),
    _text("place", _("Place"), help=_("City, and where in it.")),
    COUNTRY,
    _text("url", _("Address online"), help=_("Where people join, or read more. It is public."), length=500),
)
REGISTER = (
    _text(
        "contact_name",
        _("Whom people write to for a place"),
        _("The registration contact is missing. Name whom people write to."),
        shown=_("Registration contact"),
        autocomplete="name",
    ),
    _text(
        "contact_email",
        _("E-mail address"),
        _("The e-mail address for registration is missing."),
        shown=_("E-mail for registration"),
        autocomplete="email",
    ),
    _text("url", _("Web page"), length=500, autocomplete="url"),
    _text("price", _("Price"), help=_("Such as “free” or “EUR 120, students EUR 60”."), length=100),
)
TERMS = (
    SIGNATURE,
    Ask(
        "agreed",
        _("I have read the terms above and agree to them for the sponsor."),
        _("Tick that you agree, if you do; nothing is pre-approved without it."),
        kind="tick",
        shown=_("Agreed"),
    ),
)
BY_SECTION = {
    S.OFFERING: OFFERING,
    S.REGISTRATION: REGISTER,
    S.DOCUMENTS: (),
    S.TERMS: TERMS,
}
BY_LISTED = {Listed.INSTRUCTOR: TEACHER, Listed.DATE: DATE}


def is_on_demand(offering: Mapping) -> bool:
    return offering.get("delivery") == Delivery.ON_DEMAND


def sections_of(offering: Mapping) -> tuple[Section, ...]:
    """Return the sections that are asked of what ``offering`` says: what is on demand has no agenda and no dates."""
    return tuple(one for one in S if not (is_on_demand(offering) and one in NOT_ON_DEMAND))


def asked_of(where: str, *, sponsors: Sequence = (), areas: Sequence = ()) -> tuple[Ask, ...]:
    """Return what ``where``, a section or a list, asks, with all its choices.

    ``sponsors`` are those that the person acts for, ``areas`` the knowledge areas, each as (key, name).
    """
    if where == S.SPONSOR:
        if not sponsors:
            return (*(_named(ask) for ask in SPONSOR), *CONTACT)
        which = replace(WHICH, choices=(*sponsors, (NEW, _("Another sponsor"))))
        return (which, *(replace(ask, only_if="sponsor-new") for ask in SPONSOR), *CONTACT)
    table = BY_LISTED[where] if where in BY_LISTED else BY_SECTION[where]
    offered = {"areas": tuple(areas)} | ({"zone": zones()} if where == Listed.DATE else {})
    return tuple(replace(ask, choices=offered[ask.name]) if ask.name in offered else ask for ask in table)


@cache
def zones() -> tuple:
    return (("", _("Choose a time zone")), *zone_choices())


def _named(ask: Ask) -> Ask:
    """Return what a new sponsor must say, as a field that must be filled in where there is no choice beside it."""
    return replace(ask, missing=NEEDED[ask.name]) if ask.name in NEEDED else ask


NEEDED = {
    "name": _("The name of the sponsor is missing. An individual types their own."),
    "kind": _("What the sponsor is is missing. Choose one."),
}
