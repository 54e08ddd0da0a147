"""What a referee is asked, and how it reads to the people it is for (R-APP-6)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from applications.states import Kind, Rated, Rating, Recommends
from serportal.ui.asks import Ask
from serportal.ui.text import clean_text

CERTIFIED = (("cerp", _("Yes, as a CERP")), ("cerpit", _("Yes, as a CERPIT")), ("no", _("No")))
RATED = "rated-"
UNRATED = {
    Rated.KNOWLEDGE: _("Their knowledge is not rated. Tick one; “Cannot say” is an answer too."),
    Rated.BREADTH: _("The breadth of their experience is not rated. Tick one; “Cannot say” is an answer too."),
    Rated.JUDGEMENT: _("Their judgement is not rated. Tick one; “Cannot say” is an answer too."),
    Rated.ETHICS: _("Their ethics and conduct are not rated. Tick one; “Cannot say” is an answer too."),
    Rated.COMMUNICATION: _("Their communication is not rated. Tick one; “Cannot say” is an answer too."),
}

ABOUT_YOU = (
    Ask(
        "position",
        _("Your position and organisation"),
        _("Your position is missing. If you have none now, give the last one."),
        shown=_("Position"),
    ),
    Ask("certified", _("Are you certified by SER?"), kind="choice", choices=CERTIFIED, refused=_("Tick one of these.")),
    Ask(
        "relationship",
        _("How do you know the applicant?"),
        _("How you know the applicant is missing, such as supervisor, client or colleague."),
        lines=2,
        length=500,
        shown=_("Relationship"),
    ),
    Ask(
        "years",
        _("For how many years?"),
        _("The number of years is missing; half a year is 0.5."),
        kind="number",
        most=Decimal(80),
        refused=_("The years are no number from 0 to 80. Type it as 6 or 2.5."),
        shown=_("Years known"),
    ),
)
SEEN = Ask(
    "seen",
    _("What did you see of their work?"),
    _("What you saw of their work is missing. Two or three sentences about one project are enough."),
    help=_("The projects, their part in them, and when."),
    lines=6,
    length=5000,
    shown=_("What the referee saw"),
)
RATINGS = tuple(
    Ask(
        f"{RATED}{one.value}",
        one.label,
        UNRATED[one],
        kind="choice",
        choices=tuple(Rating.choices),
        refused=_("This rating is not on the list. Tick one of the five."),
    )
    for one in Rated
)
LAST = (
    Ask(
        "comment",
        _("Anything else the committee should know"),
        lines=4,
        length=5000,
        shown=_("Comment"),
    ),
    Ask(
        "signature",
        _("Your full name, as your signature"),
        _("Your signature is missing. Type your full name."),
        help=_("By typing it you say that you wrote this yourself and that it is true as far as you know."),
        shown=_("Signed"),
        autocomplete="name",
    ),
)


def recommends(kind: str) -> Ask:
    label = (
        _("Do you recommend them for certification as a Practitioner-in-Training (CERPIT)?")
        if kind == Kind.CERPIT
        else _("Do you recommend them for certification as a Practitioner (CERP)?")
    )
    return Ask(
        "recommends",
        label,
        _("Nothing says whether you recommend them. Tick one."),
        kind="choice",
        choices=tuple(Recommends.choices),
        refused=_("This answer is not on the list. Tick one of the three."),
        shown=_("Recommends"),
    )


def asked(kind: str) -> tuple[Ask, ...]:
    """Return all that a referee of an application of ``kind`` is asked, in order."""
    return (*ABOUT_YOU, SEEN, *RATINGS, recommends(kind), *LAST)


def kept(posted) -> dict[str, str]:
    """Return the part of a posted form that is kept: known fields, cleaned text, nothing interpreted."""
    names = {ask.name for ask in asked(Kind.CERP)}
    return {name: clean_text(posted[name]) for name in posted if name in names}


def told(data: dict, kind: str) -> list[tuple[str, str]]:
    """Return (label, text) of what was answered, the ratings aside."""
    found = [(ask, data.get(ask.name, "")) for ask in asked(kind) if not ask.name.startswith(RATED)]
    return [(str(ask.title), _read(ask, text)) for ask, text in found if text]


def rated(data: dict) -> list[tuple[str, str]]:
    """Return (what, rating) of everything a referee judged."""
    found = [(ask, data.get(ask.name, "")) for ask in RATINGS]
    return [(str(ask.title), _read(ask, text)) for ask, text in found if text]


def _read(ask: Ask, text: str) -> str:
    return str(dict(ask.choices).get(text, text)) if ask.kind == "choice" else text
