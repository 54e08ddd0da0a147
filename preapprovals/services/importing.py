"""Archived webinars brought in from a list: good rows in, bad rows explained, the same list again changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals import services as journals
from journals.rules import fold
from journals.states import Activity, Delivery
from preapprovals import rules
from preapprovals.models import Offering, PreapprovalRequest, Sponsor
from preapprovals.rules import imports
from preapprovals.rules.imports import Column
from preapprovals.services.listing import sponsor_called
from preapprovals.services.offerings import add_occurrence, list_offering
from preapprovals.services.sponsors import take_turn
from preapprovals.services.worth import worth_by
from preapprovals.states import Act, SponsorKind
from serportal.ui import imports as imported
from serportal.ui.asks import parse_day
from serportal.ui.imports import BAD, KNOWN, NEW, Plan
from serportal.ui.refusal import Refusal
from serportal.ui.tables import Table, read_pasted, read_table
from serportal.ui.words import day_text, number, programme_day

MOST_ROWS = 1000
MOST_SIGNS = 1_500_000
is_address = URLValidator(["http", "https"])


@dataclass(frozen=True)
class Line(imported.Line):
    """A row, and what it says where it can be brought in."""

    facts: Mapping | None = None


def read_file(content: bytes) -> Table:
    """Return the rows of a file, and where in it they stand. Raises Refusal for what is no list."""
    return read_table(content, most_rows=MOST_ROWS + 1)


def plan_import(text: str, *, kind: str = SponsorKind.SER, at: datetime | None = None) -> Plan:
    """Return what bringing a list in would do; changes nothing. ``kind`` is that of new sponsors whose row says none.

    Raises Refusal for a list without rows, with too many, or whose first row does not name its columns.
    """
    if len(text) > MOST_SIGNS:
        raise Refusal("too-large", _("The list is longer than we read at once. Bring it in by parts."))
    rows = read_pasted(text, most_rows=MOST_ROWS + 1).rows
    if len(rows) < 2:
        raise Refusal("empty", _("The list has no row. It begins with its headings; one webinar a row follows."))
    headings = rows[0][1]
    places = imports.columns_of(headings)
    missing = [column.value for column in (Column.TITLE, Column.SPONSOR) if column not in places]
    if missing:
        sentence = _("The first row does not name the column “{column}”. It names at least title and sponsor.")
        raise Refusal("no-heading", sentence.format(column=missing[0]))
    said = [(place, cells, imports.said(cells, places)) for place, cells in rows[1:]]
    known = _Known([row for _place, _cells, row in said], programme_day(at), kind)
    return Plan(headings, [known.line(*one) for one in said])


@transaction.atomic
def import_list(text: str, *, by, kind: str = SponsorKind.SER, at: datetime | None = None) -> Plan:
    """Bring in every good row of a list, all or none of them; return what became of each row.

    Imports take turns: what is on the list already is known only when nobody else adds to it.
    """
    at = at or timezone.now()
    take_turn()
    plan = plan_import(text, kind=kind, at=at)
    for line in plan.lines:
        if line.outcome == NEW:
            _bring_in(line.facts, by=by, at=at)
    return plan


def _bring_in(facts: Mapping, *, by, at: datetime) -> None:
    facts = dict(facts)
    name, kind = facts.pop("sponsor")
    offering = list_offering(
        sponsor=sponsor_called(name, kind=kind, at=at),
        category=Activity.TRAINING,
        delivery=Delivery.ON_DEMAND,
        recurring=True,
        act=Act.IMPORTED,
        by=by,
        at=at,
        **facts,
    )
    span = {"first_day": offering.valid_from, "last_day": offering.valid_to}
    add_occurrence(offering_id=offering.pk, zone=settings.TIME_ZONE, url=offering.url, by=by, at=at, **span)


class _Known:
    """What the rows of one list meet: read in a few queries, however many they are."""

    def __init__(self, rows: Sequence[Mapping[Column, str]], today: date, kind: str):
        self.today, self.kind = today, kind
        keys = {fold(row[Column.SPONSOR])[:200] for row in rows}
        sponsors = list(Sponsor.objects.filter(name_key__in=keys))
        self.kinds = {one.name_key: one.kind for one in sponsors}
        self.twice = {key for key, times in Counter(one.name_key for one in sponsors).items() if times > 1}
        listed = Offering.objects.filter(sponsor__in=sponsors, delivery=Delivery.ON_DEMAND)
        self.titles = {(key, fold(title)) for key, title in listed.values_list("sponsor__name_key", "title")}
        codes = {code for row in rows if (code := rules.read_code(row[Column.CODE]))}
        self.codes = set(Offering.objects.filter(code__in=codes).values_list("code", flat=True))
        self.reserved = set(PreapprovalRequest.objects.filter(code__in=codes).values_list("code", flat=True))
        self.areas = {fold(name): key for key, area in journals.areas_on(today).items() for name in (key, area.name)}
        self.rows = journals.rate_on(Activity.TRAINING, today), journals.policy_on(today)
        self.seen: set = set()

    def line(self, place: int, cells: Sequence[str], row: Mapping[Column, str]) -> Line:
        """Return what becomes of one row; rows count in their order, so the second of two alike is bad."""
        title = row[Column.TITLE]
        code = rules.read_code(row[Column.CODE]) if row[Column.CODE] else None
        who = fold(row[Column.SPONSOR])[:200], fold(title)
        keys = {who, code} - {None}
        if code in self.codes or (not row[Column.CODE] and who in self.titles):
            return Line(place, cells, title, KNOWN, (_("It is here already. Nothing changes."),))
        problems = list(self._problems(row, code, who))
        if keys & self.seen:
            problems.append(_("The same sponsor and title, or the same code, stand further up in this list."))
        facts, more = self._facts(row, code)
        if problems + more:
            return Line(place, cells, title, BAD, tuple(problems + more))
        self.seen |= keys
        span = {"first": day_text(facts["valid_from"]), "last": day_text(facts["valid_to"])}
        if facts["credits"] is None:
            told = _("Would be listed, not pre-approved, {first} to {last}.").format(**span)
        else:
            told = _("Would bring {credits} credits, {first} to {last}.").format(
                credits=number(facts["credits"]), **span
            )
        return Line(place, cells, title, NEW, (told,), facts)

    def _problems(self, row: Mapping[Column, str], code: str | None, who: tuple[str, str]) -> Iterator[str]:
        """Yield what is wrong with who offers what under which code."""
        if not row[Column.TITLE]:
            yield _("The title is missing.")
        elif len(row[Column.TITLE]) > 200:
            yield _("The title is longer than 200 signs. Shorten it.")
        if not row[Column.SPONSOR]:
            yield _("The sponsor is missing.")
        elif len(row[Column.SPONSOR]) > 200:
            yield _("The sponsor’s name is longer than 200 signs. Shorten it.")
        if who[0] in self.twice:
            yield _("Two sponsors here have this name. Join them first.")
        if row[Column.KIND] and row[Column.KIND].casefold() not in SPONSOR_KINDS:
            yield _("The kind of sponsor is not one that we know. Write one of: {kinds}.").format(
                kinds=", ".join(SponsorKind.values)
            )
        if row[Column.CODE] and code is None:
            yield _("The approval code is none of ours. Write it as SER-7F3K-9QXM, or leave it empty for a new one.")
        if code is not None and code in self.reserved:
            yield _("The approval code is kept for a request that is not approved. Leave it empty for a new one.")
        elif code is not None and who in self.titles:
            yield _("This sponsor has it here under another approval code. Correct the code, or leave it empty.")

    def _facts(self, row: Mapping[Column, str], code: str | None) -> tuple[dict, list[str]]:
        """Return the columns of the offering that a row describes, and what is wrong with them."""
        wrong: list[str] = []
        kind = SPONSOR_KINDS.get(row[Column.KIND].casefold(), self.kind)
        minutes, credits = self._worth(row, code, wrong)
        first, last = self._span(row, wrong)
        areas = [self.areas.get(fold(one)) for one in imports.parts(row[Column.AREAS])]
        if None in areas:
            wrong.append(_("A knowledge area is not one of ours. Write them as on the rules page, parted by “;”."))
        recorded = parse_day(row[Column.RECORDED])
        if row[Column.RECORDED] and (recorded is None or recorded > self.today):
            wrong.append(_("The day of the recording is no past day. Write it as 2024-05-31."))
        if row[Column.URL] and not _is_address(row[Column.URL]):
            wrong.append(_("The web page is no address. Write it as https://sponsor.example/webinar."))
        told = [row[Column.DESCRIPTION]]
        if recorded:
            told.append(_("Recorded on {day}.").format(day=day_text(recorded)))
        facts = {
            "sponsor": (row[Column.SPONSOR], kind),
            "title": row[Column.TITLE],
            "description": "\n\n".join(one for one in told if one),
            "url": row[Column.URL],
            "minutes": minutes,
            "credits": credits,
            "code": code or "",
            "language": row[Column.LANGUAGE][:40] or "English",
            "areas": areas,
            "instructors": "\n".join(imports.parts(row[Column.INSTRUCTORS])),
            "valid_from": first,
            "valid_to": last,
        }
        return facts, wrong

    def _worth(self, row: Mapping[Column, str], code: str | None, wrong: list[str]) -> tuple[int, Decimal | None]:
        """Return the contact time and the credits of a row, which never bring more than the rules (R-CAT, R-CAP)."""
        minutes = imports.read_minutes(row[Column.MINUTES]) if row[Column.MINUTES] else None
        credits = imports.read_credits(row[Column.CREDITS]) if row[Column.CREDITS] else None
        approved = imports.read_yes(row[Column.APPROVED]) if row[Column.APPROVED] else True
        if row[Column.MINUTES] and minutes is None:
            wrong.append(_("The minutes are no whole number. Write them as 90 or 1:30."))
        if row[Column.CREDITS] and credits is None:
            wrong.append(_("The credits are no number above 0. Write them as 1.5."))
        if approved is None:
            wrong.append(_("Whether it is pre-approved is neither yes nor no."))
        if approved is False:
            if code or credits:
                wrong.append(_("It is not pre-approved, so it has neither a code nor credits. Empty them, or say yes."))
            return minutes or 0, None
        if not row[Column.MINUTES] and not row[Column.CREDITS]:
            wrong.append(_("Minutes and credits are both missing. Write one of them, or “no” under pre-approved."))
        if minutes is None and credits is None:
            return 0, None
        rate, policy = self.rows
        minutes = minutes or int(credits * rate.rate * 60)
        most = worth_by(Activity.TRAINING, minutes, self.today, rate, policy).amount
        if not most:
            sentence = _("It is shorter than {least} minutes, so it brings no credit (R-MIN).")
            wrong.append(sentence.format(least=policy.least_minutes))
        elif credits and credits > most:
            wrong.append(_("It has more credits than its minutes bring by the rules (R-CAT, R-CAP). Correct either."))
        return minutes, credits or most

    def _span(self, row: Mapping[Column, str], wrong: list[str]) -> tuple[date, date]:
        """Return the first and last day: two years from today, or what the row says within two years (R-SPO-2)."""
        first = parse_day(row[Column.FROM]) if row[Column.FROM] else self.today
        if first is None:
            wrong.append(_("The day from which it holds is no day. Write it as 2026-05-31."))
            first = self.today
        end = rules.last_valid_day(first, recurring=True, last_planned=None)
        last = parse_day(row[Column.UNTIL]) if row[Column.UNTIL] else end
        if last is None:
            wrong.append(_("The day until which it holds is no day. Write it as 2028-05-31."))
        elif last > end:
            wrong.append(_("It would hold for more than two years (R-SPO-2). Write an earlier last day."))
        elif last < max(first, self.today):
            wrong.append(_("Its last day is over, or lies before the first. Correct it, or leave the row out."))
        return first, last or end


SPONSOR_KINDS = {text.casefold(): one for one in SponsorKind for text in (one.value, str(one.label))}


def _is_address(text: str) -> bool:
    try:
        is_address(text)
    except ValidationError:
        return False
    return len(text) <= 500


def summary(plan: Plan) -> str:
    """“280 webinars are on the list, 12 were here already, 8 rows are left out.”"""
    made = ngettext("{n} webinar is on the list", "{n} webinars are on the list", plan.count(NEW))
    said = [made.format(n=plan.count(NEW))]
    if plan.count(KNOWN):
        known = ngettext("{n} was here already", "{n} were here already", plan.count(KNOWN))
        said.append(known.format(n=plan.count(KNOWN)))
    if plan.count(BAD):
        bad = ngettext("{n} row is left out", "{n} rows are left out", plan.count(BAD))
        said.append(bad.format(n=plan.count(BAD)))
    return ", ".join(said) + "."
