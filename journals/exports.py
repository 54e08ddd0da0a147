"""Entries as rows of a table: a member’s own, a run’s, and a run’s in the shape the membership system imports."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby

from journals import rules
from journals.models import CreditTypeCode, Entry, ScheduleRow, Statement, Upload
from journals.states import Activity
from serportal.certifications.rules import year_of
from serportal.ui.words import number, programme_day

OWN = (
    *("date", "activity", "category", "description", "credits", "year", "period"),
    *("reference", "uploaded on", "sentence"),
)
RUN = ("member", "e-mail address", "membership id", "certificate", *OWN)
MINE = (*OWN, "approved on", "certificate")
# The columns of the membership system’s journal import, as it names them (R-UPL-5).
MEMBERSHIP = (
    *("ID", "CertificationName", "EntryDate", "Description", "CEUsEarned", "CEUsExpireDate", "CreditTypeCode"),
    "ScorePercent",
)
ENTRY = (
    *("pk", "earned_on", "activity", "description", "credits", "sentence", "upload__posted_at"),
    *("decision__case__reference", "reverses__decision__case__reference"),
    *("period", "period__starts_on", "period__ends_on"),
)
CERTIFICATE = ("period__certification__number", "period__certification__level")
MEMBER = ("person__name", "person__email", "person__membership_id", *CERTIFICATE)


def own_rows(person) -> Iterator[tuple]:
    """Yield the whole journal of ``person``, every period, from its first day on; corrections are below zero."""
    yield MINE
    category = categories()
    entries = Entry.objects.filter(person=person).order_by("earned_on", "pk")
    for row in entries.values_list(*ENTRY, "approved_at", *CERTIFICATE, named=True).iterator():
        held = certificate(row.period__certification__level, row.period__certification__number)
        yield (*_own(row, category), programme_day(row.approved_at), held)


def run_rows(upload: Upload, user) -> Iterator[tuple]:
    """Yield what ``upload`` moved, member by member, but entries of cases hidden from ``user`` (R-REV-5)."""
    yield RUN
    category = categories()
    entries = Entry.objects.filter(upload=upload).known_to(user).order_by("person__name", "person", "earned_on", "pk")
    for row in entries.values_list(*ENTRY, *MEMBER, named=True).iterator():
        who = row.person__name, row.person__email, row.person__membership_id, row.period__certification__number
        yield (*who, *_own(row, category))


def membership_rows(upload: Upload, user) -> Iterator[tuple]:
    """Yield the lines that the membership system imports, as its quarters allow (R-UPL-5).

    The sum of a statement’s lines is what it exported. Statements with an entry hidden from ``user`` are left out. A
    member without an id in that system has the e-mail address in its place: nothing else in a line says whose it is.
    """
    yield MEMBERSHIP
    codes = dict(CreditTypeCode.objects.values_list("activity", "code"))
    stated = Statement.objects.filter(upload=upload).known_to(user)
    known = {period: carried for period, *carried in stated.values_list("period", "carried_in", "whole_numbers")}
    entries = Entry.objects.filter(upload=upload).order_by("person__name", "person", "period")
    rows = entries.values_list(*ENTRY, *MEMBER, named=True).iterator()
    for period, found in groupby(rows, key=lambda row: row.period):
        if period not in known:
            continue
        carried_in, whole = known[period]
        of = {row.pk: row for row in found}
        lines = [rules.ExportLine(row.earned_on, row.pk, row.credits) for row in of.values()]
        for line in rules.export_lines(lines, carried_in=carried_in, whole_numbers=whole):
            row = of[line.key]
            yield (
                row.person__membership_id or row.person__email,
                certificate(row.period__certification__level, row.period__certification__number),
                row.earned_on,
                row.description,
                number(line.credits),
                row.period__ends_on,
                codes[row.activity],
                "",
            )


def certificate(level: str, own_number: str) -> str:
    """“CERP-0412”, and “CERP 231” for a number from before the portal that does not name its level."""
    return own_number if own_number.startswith(level) else f"{level} {own_number}"


def categories() -> Callable[[str, date], int]:
    """Return a function that tells the category of an activity on a day, from the schedule’s rows (R-CAT)."""
    rows = list(ScheduleRow.objects.order_by("-effective_from").values_list("activity", "effective_from", "category"))

    def category(activity: str, day: date) -> int:
        own = [(since, category) for one, since, category in rows if one == activity]
        return next((category for since, category in own if since <= day), own[-1][1])

    return category


def _own(row, category) -> tuple:
    return (
        row.earned_on,
        str(Activity(row.activity).label),
        category(row.activity, row.earned_on),
        row.description,
        number(row.credits),
        year_of(row.earned_on, row.period__starts_on, row.period__ends_on).number,
        f"{row.period__starts_on} to {row.period__ends_on}",
        row.decision__case__reference or row.reverses__decision__case__reference or "",
        programme_day(row.upload__posted_at) if row.upload__posted_at else "",
        row.sentence,
    )
