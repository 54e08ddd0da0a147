"""What several answers of a request say against each other; a missing one says nothing."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from journals.states import DISTANT, Delivery
from preapprovals import asks
from preapprovals.rules import read_time
from preapprovals.states import Listed, Qualification, Section
from serportal.drafts.answers import Found
from serportal.ui.words import day_text

is_address = URLValidator(schemes=["http", "https"])


def _sponsor(values: Mapping, today: date) -> Iterator[Found]:
    if values.get("sponsor") == asks.NEW:
        yield from ((name, "needed", str(text)) for name, text in asks.NEEDED.items() if not values.get(name))
    yield from _mail("contact_email", values)
    yield from _web("website", values)


def _offering(values: Mapping, today: date) -> Iterator[Found]:
    if values.get("part_of") and not values.get("organiser"):
        yield "organiser", "needed", _("Say who organises the conference that it is a session of.")
    if values.get("delivery") in DISTANT and not values.get("verification"):
        sentence = _("How you verify that people took part is missing. What is taught at a distance must say it.")
        yield "verification", "needed", sentence
    if values.get("delivery") != Delivery.ON_DEMAND:
        return
    if not values.get("estimated_hours"):
        sentence = _("The estimated hours are missing. What is on demand says how long it takes, without breaks.")
        yield "estimated_hours", "needed", sentence
    if not values.get("estimate_basis"):
        yield "estimate_basis", "needed", _("Say how you estimated the hours.")


def _teacher(values: Mapping, today: date) -> Iterator[Found]:
    yield from _mail("email", values)
    how = values.get("qualification")
    if how == Qualification.SER and not values.get("ser_number"):
        yield "ser_number", "needed", _("The number of the SER certificate is missing, such as CERP-0042.")
    if how == Qualification.EMPLOYED and not values.get("employer"):
        yield "employer", "needed", _("The college or university that employs the instructor is missing.")
    if how in {Qualification.SOCIETY, Qualification.OTHER} and not values.get("detail"):
        sentence = _("Say which certificate it is and who gave it, or which other credentials there are.")
        yield "detail", "needed", sentence


def _date(values: Mapping, today: date) -> Iterator[Found]:
    first, last = values.get("first_day"), values.get("last_day")
    if first and last and last < first:
        sentence = _("The last day, {last}, comes before the first, {first}. Correct one of the two.")
        yield "last_day", "end-before-start", sentence.format(first=day_text(first), last=day_text(last))
    times = {name: values.get(name) for name in ("starts", "ends")}
    read = {name: read_time(text) for name, text in times.items() if text}
    for name, at in read.items():
        if at is None:
            sentence = _("“{typed}” is not a time of day. Write it like this: 09:30.")
            yield name, "no-time", sentence.format(typed=times[name])
    if len(read) == 1:
        missing = next(name for name in times if name not in read)
        yield missing, "one-time", _("Type both when it begins and when it ends, or neither.")
    same_day = first and (last is None or last == first)
    if len(read) == 2 and all(read.values()) and same_day and read["ends"] <= read["starts"]:
        sentence = _("It ends at {ends}, not after it begins at {starts}. Past midnight it is the next day.")
        yield "ends", "end-before-start", sentence.format(**{name: f"{at:%H:%M}" for name, at in read.items()})
    if not values.get("place") and not values.get("url"):
        yield "place", "needed", _("Say where it is: the place, or the address online.")
    yield from _web("url", values)


def _register(values: Mapping, today: date) -> Iterator[Found]:
    yield from _mail("contact_email", values)
    yield from _web("url", values)


def _mail(name: str, values: Mapping) -> Iterator[Found]:
    typed = values.get(name)
    try:
        validate_email(typed or "a@b.example")
    except ValidationError:
        sentence = _("“{typed}” is not an e-mail address. Write it like this: name@example.org")
        yield name, "no-address", sentence.format(typed=typed)


def _web(name: str, values: Mapping) -> Iterator[Found]:
    typed = values.get(name)
    try:
        is_address(typed or "https://b.example")
    except ValidationError:
        sentence = _("“{typed}” is not the address of a page. Write it with its beginning: https://www.example.org")
        yield name, "no-address", sentence.format(typed=typed)


CHECKS = {
    Section.SPONSOR: _sponsor,
    Section.OFFERING: _offering,
    Section.REGISTRATION: _register,
    Listed.INSTRUCTOR: _teacher,
    Listed.DATE: _date,
}
