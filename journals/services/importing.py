"""Earlier journals brought in from the membership system’s own columns: good rows in, bad rows explained (R-UPL-5)."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals.models import HISTORY, CreditTypeCode, Entry, Upload
from journals.rules import fold, history
from journals.rules.history import Column, Unread
from journals.services.rows import policy_on
from journals.services.uploads import post_upload, prepare_upload
from journals.states import Activity, Source
from serportal.certifications.models import Period
from serportal.ui import imports
from serportal.ui.imports import BAD, KNOWN, NEW
from serportal.ui.refusal import Refusal
from serportal.ui.tables import read_pasted
from serportal.ui.words import day_text, in_credits, number, programme_day

MOST_ROWS = 5000
MOST_SIGNS = 1_500_000
MOST_CREDITS = 100
# Imports take turns: what a journal holds already is known only when nobody else adds to it.
TURN = "SELECT pg_advisory_xact_lock(hashtext('history imported'))"


@dataclass(frozen=True)
class Line(imports.Line):
    """A row, the member it names, and the entry it would make."""

    who: str
    entry: Entry | None = None


@dataclass(frozen=True)
class Plan(imports.Plan):
    """What a list would do; ``warnings`` are about the list as a whole."""

    warnings: Sequence[str]

    @property
    def entries(self) -> list[Entry]:
        return [line.entry for line in self.lines if line.entry is not None]

    @property
    def members(self) -> int:
        return len({entry.person_id for entry in self.entries})

    @property
    def total(self) -> Decimal:
        return sum((entry.credits for entry in self.entries), Decimal(0))


def plan_history(text: str, *, by, activity: str = "", at: datetime | None = None) -> Plan:
    """Return what bringing a list in would do; changes nothing. ``activity`` is that of rows without a type code.

    Raises Refusal for a list without rows, with too many, or whose first row does not name its columns.
    """
    if len(text) > MOST_SIGNS:
        raise Refusal("too-large", _("The list is longer than we read at once. Bring it in by parts."))
    rows = read_pasted(text, most_rows=MOST_ROWS + 1).rows
    if len(rows) < 2:
        raise Refusal("empty", _("The list has no row. It begins with its headings; one journal line a row follows."))
    headings = rows[0][1]
    places = history.columns_of(headings)
    missing = [column.value for column in history.NEEDED if column not in places]
    if missing:
        sentence = _("The first row does not name the column “{column}”. It names at least {needed}.")
        raise Refusal("no-heading", sentence.format(column=missing[0], needed=", ".join(history.NEEDED)))
    said = [(place, cells, history.said(cells, places)) for place, cells in rows[1:]]
    reader = _Reader([row for _place, _cells, row in said], by, activity, at or timezone.now())
    lines = [reader.line(*one) for one in said]
    return Plan(headings, lines, list(_warnings(lines, reader)))


@transaction.atomic
def import_history(text: str, *, by, activity: str = "", at: datetime | None = None) -> tuple[Plan, Upload | None]:
    """Bring in every good row of a list as an upload of its own; return what became of each, and that upload.

    The same list again changes nothing, and then there is no upload.
    """
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TURN)
    plan = plan_history(text, by=by, activity=activity, at=at)
    if not plan.entries:
        return plan, None
    people = sorted({entry.person_id for entry in plan.entries})
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    made = Entry.objects.bulk_create(plan.entries, batch_size=1000)
    upload = prepare_upload(key=f"{HISTORY} {uuid.uuid4()}", due_on=programme_day(at), by=by, at=at)
    return plan, post_upload(upload, by=by, at=at, only=[entry.pk for entry in made])


def _warnings(lines: Sequence[Line], reader: "_Reader") -> Iterator[str]:
    """Yield what the numbers of a list tell of the system that wrote it."""
    new = [line.entry for line in lines if line.entry is not None]
    if new and all(entry.credits % 1 == 0 for entry in new):
        yield _(
            "Every number is whole. A system that holds whole numbers may have dropped parts of a credit, up to 0.75 "
            "in each row: compare with the members’ proof before you rely on a sum that is short by less than that."
        )
    if reader.whole_numbers:
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for entry in new:
            sums[entry.person_id] += entry.credits
        parted = sum(total % 1 != 0 for total in sums.values())
        if parted:
            yield ngettext(
                "The sum of one member is not whole. The membership system holds whole numbers, so the quarters are "
                "kept here and go into the member’s next export.",
                "The sums of {n} members are not whole. The membership system holds whole numbers, so their quarters "
                "are kept here and go into each member’s next export.",
                parted,
            ).format(n=parted)


class _Reader:
    """What the rows of one list meet: read in a few queries, however many they are."""

    def __init__(self, rows: Sequence[Mapping[Column, str]], by, activity: str, at: datetime):
        self.by, self.activity, self.at, self.today = by, activity, at, programme_day(at)
        self.whole_numbers = policy_on(self.today).whole_numbers
        self.month_first = history.month_first(row[one] for row in rows for one in (Column.DAY, Column.EXPIRES))
        names = {row[Column.MEMBER] for row in rows} - {""}
        people = get_user_model().objects.annotate(mail=Lower("email"))
        asked = Q(membership_id__in=names) | Q(mail__in={name.casefold() for name in names})
        self.people = {}
        for person in people.filter(asked):
            self.people[person.mail] = person
            if person.membership_id:
                self.people[person.membership_id] = person
        self.periods = defaultdict(list)
        found = {person.pk for person in self.people.values()}
        for period in Period.objects.filter(person__in=found).select_related("certification").order_by("starts_on"):
            self.periods[period.person_id].append(period)
        self.held = defaultdict(list)
        columns = "person", "earned_on", "description", "credits", "source", "reversal"
        for person, day, title, credits, source, reversal in Entry.objects.filter(person__in=found).values_list(
            *columns
        ):
            self.held[person, day, fold(title)].append((credits, source, reversal is not None))
        self.codes = defaultdict(list)
        for code, one in CreditTypeCode.objects.order_by("pk").values_list("code", "activity"):
            self.codes[code.casefold()].append(Activity(one))
        self.seen: dict = {}

    def line(self, place: int, cells: Sequence[str], row: Mapping[Column, str]) -> Line:
        """Return what becomes of one row; rows count in their order, so the second of two alike is bad."""
        title, name = row[Column.DESCRIPTION], row[Column.MEMBER]
        person = self.people.get(name) or self.people.get(name.casefold())
        who = person.name if person else name
        day = history.read_day(row[Column.DAY], month_first=self.month_first)
        credits = history.read_number(row[Column.CREDITS])
        key = (person.pk, day, fold(title)) if person and isinstance(day, date) else None
        if key and credits and self._known(key, credits):
            return Line(place, cells, title, KNOWN, (_("It is in the journal already. Nothing changes."),), who)
        problems = [
            *self._about_member(name, person),
            *self._about_line(row, day, credits),
            *(self._about_period(row, person, day) if key else ()),
            *self._about_type(row),
        ]
        if key in self.seen:
            sentence = _(
                "Row {row} says the same of the same day. If both happened, tell them apart in the description."
            )
            problems.append(sentence.format(row=self.seen[key]))
        elif key and any(source == Source.IMPORT and not taken for _credits, source, taken in self.held[key]):
            sentence = _("The journal has this line with other credits. Take those back there first, or leave it out.")
            problems.append(sentence)
        if problems:
            return Line(place, cells, title, BAD, tuple(problems), who)
        self.seen[key] = place
        entry, told = self._entry(row, person, day, credits)
        return Line(place, cells, title, NEW, told, who, entry)

    def _known(self, key: tuple, credits: Decimal) -> bool:
        """Whether the journal has the line, with these credits or from a claim (its export may have been rounded)."""
        held = self.held.get(key, ())
        return any(one == credits or (source == Source.CLAIM and not taken) for one, source, taken in held)

    def _about_member(self, name: str, person) -> Iterator[str]:
        if not name:
            yield _("The member’s ID is missing.")
        elif person is None:
            yield _(
                "Nobody here has this ID or e-mail address. Enter the ID on the member’s page, or correct the list."
            )
        elif person == self.by:
            yield _("This is your own journal. Another coordinator brings it in.")
        elif not self.periods[person.pk]:
            yield _("This member was never certified here, so there is no journal that could hold the line.")

    def _about_line(self, row: Mapping[Column, str], day: date | Unread, credits: Decimal | None) -> Iterator[str]:
        if not row[Column.DESCRIPTION]:
            yield _("The description is missing.")
        elif len(row[Column.DESCRIPTION]) > 200:
            yield _("The description is longer than 200 signs. Shorten it.")
        if isinstance(day, Unread):
            yield unread(row[Column.DAY], day)
        elif day > self.today:
            yield _("The day lies in the future. A credit counts once its activity is complete (R-DATE).")
        if not row[Column.CREDITS]:
            yield _("The credits are missing.")
        elif credits is None:
            yield _("The credits are no number. Write them as 1.5.")
        elif credits <= 0:
            yield _(
                "A line brings credits above 0. What was wrong in a journal is taken back on the page of its entry."
            )
        elif credits > MOST_CREDITS:
            yield _("One line brings at most {most} credits. Write what it was for in several lines.").format(
                most=MOST_CREDITS
            )
        elif credits % history.QUARTER:
            yield _("Credits are counted in quarters (R-STEP). Write {n}, or what the proof shows.").format(
                n=number(credits - credits % history.QUARTER)
            )
        if row[Column.SCORE] and history.read_score(row[Column.SCORE]) is None:
            yield _("The score is no share of the whole. Write it as 90 or 0.9, or leave it empty.")

    def _about_period(self, row: Mapping[Column, str], person, day: date) -> Iterator[str]:
        periods = self.periods[person.pk]
        if not periods or day > self.today:
            return
        period = _period(periods, day)
        if period is None and day < periods[0].starts_on:
            sentence = _("The day lies before this member’s first period here, which began on {first} (R-DATE).")
            yield sentence.format(first=day_text(periods[0].starts_on))
        elif period is None:
            yield _("No period of this member holds the day, so it cannot count (R-DATE).")
        named = fold(row[Column.CERTIFICATE])
        known = {name: one for one in periods for name in _names(one.certification)}
        if named and named not in known:
            yield _("This member holds no such certificate. Their own are: {names}.").format(
                names=", ".join(dict.fromkeys(one.certification.number for one in periods))
            )
        elif named and period is not None and named not in _names(period.certification):
            yield _("The day lies in the period of {number}, not of the certificate that the row names.").format(
                number=period.certification.number
            )

    def _about_type(self, row: Mapping[Column, str]) -> Iterator[str]:
        code = row[Column.CODE]
        if code and code.casefold() not in self.codes:
            sentence = _("No activity here has the credit type code “{code}”. Those in use are: {known}.")
            yield sentence.format(code=code, known=", ".join(self.codes))
        elif not code and not self.activity:
            yield _("The credit type code is missing. Write it, or choose below what rows without a code are.")

    def _entry(self, row: Mapping[Column, str], person, day: date, credits: Decimal) -> tuple[Entry, tuple[str, ...]]:
        """Return the entry a good row becomes, and what the coordinator should know of it."""
        period = _period(self.periods[person.pk], day)
        activities = self.codes.get(row[Column.CODE].casefold(), [self.activity])
        # Of several activities with one code, the last asks the least of later claims.
        activity = self.activity if self.activity in activities else activities[-1]
        told = [_("{credits} on {day}.").format(credits=in_credits(credits), day=day_text(day))]
        if len(activities) > 1:
            told.append(
                _("Its code stands for several activities; it is entered as: {activity}.").format(
                    activity=Activity(activity).label
                )
            )
        expires = history.read_day(row[Column.EXPIRES], month_first=self.month_first)
        if row[Column.EXPIRES] and expires != period.ends_on:
            told.append(
                _("The list has another expiry. The period here ends on {day}, and that counts.").format(
                    day=day_text(period.ends_on)
                )
            )
        sentence = _("Taken over from the membership system.")
        if row[Column.SCORE]:
            sentence = f"{sentence} " + _("Score: {n} %.").format(n=number(history.read_score(row[Column.SCORE])))
        entry = Entry(
            person=person,
            period=period,
            source=Source.IMPORT,
            entered_by=self.by,
            activity=activity,
            description=row[Column.DESCRIPTION],
            earned_on=day,
            credits=credits,
            sentence=sentence,
            approved_at=self.at,
        )
        return entry, tuple(told)


def unread(text: str, why: Unread) -> str:
    """Say why ``text`` is no day, and how to write it."""
    if not text:
        return _("The day is missing. Write it as 2024-05-31.")
    if why == Unread.EITHER:
        return _("The day may be two, and no other row tells whether the month stands first. Write it as 2024-05-31.")
    if why == Unread.NO_SUCH_DAY:
        return _("The calendar has no such day. Correct it, and write it as 2024-05-31.")
    return _("The day is written in a way that we do not read. Write it as 2024-05-31.")


def _period(periods: Sequence[Period], day: date) -> Period | None:
    return next((one for one in periods if one.starts_on <= day <= one.ends_on), None)


def _names(certification) -> set[str]:
    """Return what a list may call a certificate: its number, with its level before it, or the level alone."""
    level, own = certification.level, certification.number
    return {fold(own), fold(f"{level} {own}"), fold(level), fold(certification.get_level_display())}
