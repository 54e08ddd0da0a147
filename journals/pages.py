"""What the page of a journal shows: one period, its caps, what is on its way, every line by year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import rules, terms
from journals.lines import COLUMNS, Proof, Writer, joined
from journals.models import Entry
from journals.standing import Journal, ToldArrangement, arrangements_in, asked_by, current, following, periods_of, told
from journals.states import EVENTS, Activity
from serportal.certifications.models import Period
from serportal.certifications.states import PeriodStart
from serportal.files.models import StoredFile
from serportal.ui.words import day_text, number, programme_day

CASE = ("reference", "headline", "filed_on", "due_on", "amount")
ENDED = {
    PeriodStart.UPGRADED: gettext_lazy("It ended with your upgrade to CERP. A new period began on {day}."),
    PeriodStart.RECERTIFIED: gettext_lazy("You renewed it. A new period began on {day}."),
    PeriodStart.CERTIFIED: gettext_lazy("It ended, and you were certified again. A new period began on {day}."),
}


@dataclass(frozen=True)
class YearLines:
    sum: rules.YearSum
    open: bool
    lines: SafeString
    notes: list[str]


@dataclass(frozen=True)
class Page:
    """One period of a journal, ready to be written out. ``ended`` says why an earlier one no longer counts."""

    journal: Journal
    periods: list[Period]
    ended: str
    years: list[YearLines]
    waiting: list[tuple[date, bool, SafeString]]
    in_review: SafeString
    activities: list[tuple[str, str]]
    events: list[tuple[str, str]]
    arrangements: list[ToldArrangement]


def page_of(person, today: date, *, starts_on: date | None = None) -> Page | None:
    """Return the page of the period that began on ``starts_on`` (the current one, if none is given).

    None for someone never certified; raises Period.DoesNotExist for a day on which no period of theirs began.
    """
    periods = periods_of(person)
    if not periods:
        return None
    now = current(periods, today)
    period = now if starts_on is None else next((one for one in periods if one.starts_on == starts_on), None)
    if period is None:
        raise Period.DoesNotExist(f"No period of {person} began on {starts_on}.")
    rows = list(Entry.objects.of(person).filter(period=period).values_list(*COLUMNS, named=True))
    lines = [rules.Line(row.earned_on, row.credits, row.upload is not None) for row in rows]
    cases = list(asked_by(person).order_by("due_on", "pk").values_list(*CASE, named=True)) if period == now else []
    journal = told(period, lines, today, in_review=cases, following=following(period, periods))
    uploads = {
        row.pk: rules.next_upload(programme_day(row.approved_at), a_year=journal.policy.uploads_a_year)
        for row in rows
        if row.upload is None
    }
    writer = Writer(rows, proofs_of(person, rows), uploads)
    return Page(
        journal=journal,
        periods=periods,
        ended=ended(period, periods) if period.ends_on < now.starts_on else "",
        years=list(_years(journal, rows, writer, everything=period != now)),
        waiting=_waiting(rows, writer, uploads, today),
        in_review=joined(writer.asked(case) for case in cases),
        activities=list(_activities(rows, journal)),
        events=list(_events(rows, journal)),
        arrangements=arrangements_in(period),
    )


def proofs_of(person, rows) -> dict:
    """Return the files of the cases behind ``rows`` by folder, named as ``person`` gets them from the door to files."""
    references = {row.decision__case__folder: row.decision__case__reference for row in rows}
    references.pop(None, None)
    if not references:
        return {}
    stored = StoredFile.objects.filter(folder__in=references, removed_at__isnull=True).order_by("received_at", "id")
    found: dict = {}
    for pk, folder, name, kind, received_from in stored.values_list("pk", "folder", "name", "kind", "received_from"):
        files = found.setdefault(folder, [])
        if received_from != person.pk:
            name = f"{references[folder]}-{chr(ord('A') + len(files))}.{kind}"
        files.append(Proof(pk, name))
    return found


def ended(period: Period, periods: list[Period]) -> str:
    """Say how ``period`` ended and that its credits stay visible and count no more (R-PER-5)."""
    after = following(period, periods)
    how = ENDED[PeriodStart(after.began_as)].format(day=day_text(after.starts_on))
    return _("{how} What stands here stays visible and no longer counts.").format(how=how)


def _years(journal: Journal, rows, writer: Writer, *, everything: bool) -> Iterator[YearLines]:
    """Yield the years that have begun, the latest first; open are the last two, and those that something points at."""
    begun = [one for one in journal.progress.years if one.year.first <= journal.day]
    for n, one in enumerate(reversed(begun)):
        held = [row for row in rows if one.year.first <= row.earned_on <= one.year.last]
        pointed_at = any(row.reverses or row.upload is None for row in held)
        lines, notes = joined(writer.line(row) for row in held), terms.about_year(one, journal.day)
        yield YearLines(one, everything or n < 2 or pointed_at, lines, notes)


def _waiting(rows, writer: Writer, uploads: dict[int, date], today: date):
    """Return (day of the upload, whether it has passed, lines) of what is approved and not uploaded (R-UPL-2)."""
    rows = sorted((row for row in rows if row.pk in uploads), key=lambda row: uploads[row.pk])
    return [
        (day, day < today, joined(writer.soon(row) for row in some))
        for day, some in groupby(rows, key=lambda row: uploads[row.pk])
    ]


def _activities(rows, journal: Journal) -> Iterator[tuple[str, str]]:
    """Yield (activity, credits) of what brought any in the period; volunteering with the most it may bring (R-VOL)."""
    sums: dict[str, Decimal] = {Activity.VOLUNTEERING: Decimal(0)}
    for row in rows:
        sums[row.activity] = sums.get(row.activity, Decimal(0)) + row.credits
    for activity in Activity:
        if activity == Activity.VOLUNTEERING:
            cap = journal.policy.volunteer_cap
            yield _("Volunteering"), _("{n} of {cap}").format(n=number(sums[activity]), cap=number(cap))
        elif sums.get(activity):
            yield activity.label, number(sums[activity])


def _events(rows, journal: Journal) -> Iterator[tuple[str, str]]:
    """Yield (event, credits) of the events that reached what a single one may bring (R-CAP)."""
    cap = journal.policy.event_cap
    back = {row.reverses for row in rows}
    held = [row for row in rows if row.event and row.activity in EVENTS and row.pk not in back]
    roots: dict[int, list] = {}
    for row in held:
        roots.setdefault(row.event__same_as or row.event, []).append(row)
    for some in roots.values():
        total = sum((row.credits for row in some), Decimal(0))
        if total >= cap:
            yield some[0].event__name, _("{n} of {cap}").format(n=number(total), cap=number(cap))
