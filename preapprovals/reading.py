"""A filed request as its readers see it: part by part, each answer beside what was asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_countries import countries

from journals.states import Delivery
from preapprovals.models import PreapprovalRequest
from preapprovals.rules import Agenda, read_agenda
from preapprovals.states import OFFERED, Listed, Qualification, Section, SponsorKind
from serportal.ui.asks import parse_day
from serportal.ui.words import day_text

YES_NO = {"yes": _("Yes"), "no": _("No")}
CATEGORIES = {str(one): one.label for one in OFFERED}
COUNTRIES = dict(countries)


@dataclass(frozen=True)
class Fact:
    """One answer: what was asked, and what was typed, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Block:
    """What stands together: the answers of a part, or one row of its list, with its name and the key of its files."""

    facts: tuple[Fact, ...]
    name: str = ""
    key: str = ""


@dataclass(frozen=True)
class Chapter:
    section: Section
    blocks: tuple[Block, ...]


# (key, what a reader sees beside it, the words of its choices)
ASKED = {
    Section.SPONSOR: (
        ("name", _("Sponsor"), None),
        ("kind", _("What it is"), dict(SponsorKind.choices)),
        ("website", _("Website"), None),
        ("country", _("Country"), COUNTRIES),
        ("co_sponsors", _("Together with"), None),
        ("contact_name", _("Contact"), None),
        ("contact_email", _("E-mail"), None),
        ("contact_phone", _("Telephone"), None),
    ),
    Section.OFFERING: (
        ("category", _("Category"), CATEGORIES),
        ("title", _("Title"), None),
        ("part_of", _("Part of"), None),
        ("organiser", _("Organised by"), None),
        ("description", _("Description"), None),
        ("objectives", _("Objectives"), None),
        ("audience", _("For whom"), None),
        ("language", _("Language"), None),
        ("delivery", _("Delivery"), dict(Delivery.choices)),
        ("recurring", _("Offered again and again"), YES_NO),
        ("verification", _("How attendance is verified"), None),
        ("estimated_hours", _("Estimated hours"), None),
        ("estimate_basis", _("How they were estimated"), None),
        ("graded", _("Graded"), YES_NO),
        ("promotion", _("Words for the list"), None),
    ),
    Section.REGISTRATION: (
        ("contact_name", _("Registration contact"), None),
        ("contact_email", _("E-mail"), None),
        ("url", _("Web page"), None),
        ("price", _("Price"), None),
    ),
}
ROWS = {
    Section.INSTRUCTORS: (
        ("employer", _("Employer"), None),
        ("qualification", _("Qualified as"), dict(Qualification.choices)),
        ("detail", _("Which"), None),
        ("ser_number", _("SER certificate"), None),
        ("email", _("E-mail"), None),
    ),
    Section.DATES: (
        ("first_day", _("First day"), None),
        ("last_day", _("Last day"), None),
        ("starts", _("Begins at"), None),
        ("ends", _("Ends at"), None),
        ("zone", _("Time zone"), None),
        ("place", _("Place"), None),
        ("country", _("Country"), COUNTRIES),
        ("url", _("Address online"), None),
    ),
}
LISTED = {Section.INSTRUCTORS: Listed.INSTRUCTOR, Section.DATES: Listed.DATE}


def chapters(request: PreapprovalRequest) -> list[Chapter]:
    """Return the parts of a filed request that say something; its agenda and its files are read apart."""
    found = []
    for section in Section:
        blocks = ()
        if section in ASKED:
            facts = tuple(_facts(ASKED[section], request.content.get(str(section), {})))
            if section == Section.OFFERING and request.area_names:
                facts += (Fact(str(_("Knowledge areas")), request.area_names),)
            blocks = (Block(facts),) if facts else ()
        elif section in ROWS:
            rows = request.content.get(str(LISTED[section]), [])
            blocks = tuple(
                Block(tuple(_facts(ROWS[section], row)), row.get("name", ""), row.get("id", "")) for row in rows
            )
        if blocks:
            found.append(Chapter(section, blocks))
    return found


def agenda_of(request: PreapprovalRequest) -> Agenda | None:
    """Return the agenda of a request; None of a webinar or of what is on demand, which have none."""
    agenda = read_agenda(request.content.get("agenda", {}))
    return agenda if agenda.rows else None


def rows_with_files(found: Iterable[Chapter]) -> dict[str, str]:
    """Return whose résumé a file is, by its purpose."""
    return {
        f"{LISTED[chapter.section]}:{block.key}": block.name
        for chapter in found
        if chapter.section == Section.INSTRUCTORS
        for block in chapter.blocks
    }


def told(found: Iterable[Chapter]) -> list[list[str]]:
    """Return chapters as [section, label, text], kept with each version of a request (R-REV-6)."""
    return [
        [str(chapter.section), f"{block.name}: {fact.label}" if block.name else fact.label, fact.text]
        for chapter in found
        for block in chapter.blocks
        for fact in block.facts
    ]


def _facts(table, typed: Mapping) -> Iterator[Fact]:
    for key, label, choices in table:
        value = typed.get(key)
        if not value:
            continue
        day = parse_day(value) if key.endswith("_day") else None
        text = day_text(day) if day else str(choices.get(value, value)) if choices else str(value)
        yield Fact(str(label), text)
