"""A list of attendees before it is taken in: given, its columns named, its rows mended or left out (R-SPO-4)."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from journals.states import Delivery
from preapprovals.models import Occurrence, Roster, RosterRow
from preapprovals.rules import columns as rules
from preapprovals.rules.roster import MOST_ROWS
from preapprovals.services.roster_looking import Looked, event_of, look_through, worded
from preapprovals.states import STANDING, Act, RosterState
from serportal.drafts.services import throw_away
from serportal.files import services as files
from serportal.files.models import Folder
from serportal.ui.refusal import Refusal
from serportal.ui.tables import Table, read_table, too_long
from serportal.ui.words import day_text, programme_day

UNDO = timedelta(days=7)
ROWS_AT_ONCE = 1000
# What the screen asks of a row that is mended.
ASKED = ("name", "email", "certificate", "hours", "completed", "grade", "day")


class StaleRow(Refusal):
    """A row was changed elsewhere after this page was opened; nothing of it was overwritten."""

    def __init__(self, row: RosterRow):
        super().__init__(
            "stale-row",
            _(
                "Somebody changed this row after you opened it here. You see what it says now; what you typed is in "
                "the form, not saved yet. Save it to put it in place of the other."
            ),
        )
        self.row = row


def check_may_give(run: Occurrence, *, at: datetime | None = None) -> None:
    """Raise Refusal where ``run`` takes no list: not pre-approved, cancelled, not over, or after the approval ended.

    Dates before a termination keep their credits, and so their lists (R-SPO-8).
    """
    offering, today = run.offering, programme_day(at)
    if not offering.is_preapproved:
        raise Refusal("not-preapproved", _("This offering is only listed, not pre-approved, so it needs no list."))
    if run.cancelled_at:
        raise Refusal("cancelled", _("This date was cancelled, so nobody attended it. Choose another date."))
    own_days = offering.delivery == Delivery.ON_DEMAND
    opens = run.first_day if own_days else run.last_day
    if today < opens:
        raise Refusal(
            "not-over",
            _("Attendance can be told from {day} on, once it took place. Come back then.").format(day=day_text(opens)),
        )
    if offering.state not in STANDING:
        ended = offering.notices.filter(act__in=[Act.TERMINATED, Act.WITHDRAWN]).order_by("-at", "-pk").first()
        if ended is None or run.last_day > programme_day(ended.at):
            raise Refusal(
                "ended",
                _("The approval ended before this date was over, so it brings no credits. If that is wrong, write us."),
            )


def give(*, occurrence_id: int, content: bytes, name: str, by, at: datetime | None = None) -> Roster:
    """Keep a list as it was given and look through it; nothing is taken in yet.

    The same list given again leads to the one that is being checked. Raises Refusal for what is no list, and where
    ``check_may_give`` does.
    """
    at = at or timezone.now()
    check_may_give(Occurrence.objects.select_related("offering").get(pk=occurrence_id), at=at)
    table = read_table(content, most_rows=MOST_ROWS + rules.TITLES)
    with transaction.atomic():
        run = locked_run(occurrence_id)
        twin = run.rosters.filter(
            state=RosterState.PREVIEW, folder__files__sha256=hashlib.sha256(content).hexdigest()
        ).first()
        return twin or _keep(run, table, content, name, by, at)


def _keep(run: Occurrence, table: Table, content: bytes, name: str, by, at: datetime) -> Roster:
    place = rules.headings_at([cells for _number, cells in table.rows])
    body = table.rows if place is None else table.rows[place + 1 :]
    if len(body) > MOST_ROWS:
        raise too_long(MOST_ROWS)
    if not body:
        empty = _("The list has headings and no rows below. Add the attendees, then send it again.")
        raise Refusal("no-rows", " ".join([empty, *table.source.sentences()]))
    keep_until = programme_day(at) + relativedelta(years=settings.FILE_RETENTION_YEARS)
    folder = Folder.objects.create()
    kind = "xlsx" if content.startswith(b"PK") else "csv"
    files.keep(folder=folder, content=content, name=name, kind=kind, by=by, keep_until=keep_until, purpose="roster")
    texts = [cells for _number, cells in body]
    headings = [] if place is None else table.rows[place][1]
    width = max(len(headings), *map(len, texts))
    named = [(headings[n] if n < len(headings) else "") or _("Column {n}").format(n=n + 1) for n in range(width)]
    roster = Roster.objects.create(
        occurrence=run,
        folder=folder,
        mapping=rules.mapping_of(headings) if headings else rules.mapping_by_content(texts),
        columns=named,
        source=asdict(table.source) if table.source.sheet else {},
        given_at=at,
        given_by=by,
        keep_until=keep_until,
    )
    RosterRow.objects.bulk_create(
        [
            RosterRow(roster=roster, number=number, said={**rules.said_by(cells, roster.mapping), "cells": cells})
            for number, cells in body
        ],
        batch_size=ROWS_AT_ONCE,
    )
    review(roster, run, at=at)
    return roster


@transaction.atomic
def name_columns(*, roster_id: int, mapping: dict[str, int], by, at: datetime | None = None) -> Roster:
    """Say which column means what; rows that were mended on the screen keep what was typed."""
    roster, run = locked(roster_id)
    _check_open(roster)
    roster.mapping = mapping
    roster.save(update_fields=["mapping"])
    rows = list(roster.rows.filter(attendance=None))
    for row in rows:
        if not row.said.get("mended"):
            cells = row.said["cells"]
            row.said = {**rules.said_by(cells, mapping), "cells": cells, "sure": row.said.get("sure", False)}
    RosterRow.objects.bulk_update(rows, ["said"], batch_size=ROWS_AT_ONCE)
    review(roster, run, at=at)
    return roster


def mark_of(row: RosterRow) -> str:
    """Return what a page knew of the row it showed: it changes with what the row says, and with nothing else."""
    said = [row.said.get(name, "") for name in ASKED]
    told = json.dumps([row.said["cells"], said, row.said.get("sure", False), row.dropped])
    return hashlib.sha256(told.encode()).hexdigest()[:20]


@transaction.atomic
def mend(
    *, roster_id: int, number: int, said: dict[str, str], sure: bool, seen: str, by, at: datetime | None = None
) -> RosterRow:
    """Put what was typed on the screen in the place of a row; ``sure`` says that what looks odd in it is right.

    Raises StaleRow where the row is not the one that was ``seen``, unless it says the same already.
    """
    roster, run = locked(roster_id)
    row = _open_row(roster, number)
    before = mark_of(row)
    row.said = {
        **{name: said.get(name, "") for name in ASKED},
        "cells": row.said["cells"],
        "mended": True,
        "sure": sure,
    }
    row.dropped = False
    if before not in {seen, mark_of(row)}:
        raise StaleRow(roster.rows.get(number=number))
    row.save(update_fields=["said", "dropped"])
    review(roster, run, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def leave_row_out(*, roster_id: int, number: int, seen: str, by, at: datetime | None = None) -> RosterRow:
    """Leave one row out of the list; it stays to be read. Raises StaleRow as ``mend`` does."""
    roster, run = locked(roster_id)
    row = _open_row(roster, number)
    if not row.dropped:
        if mark_of(row) != seen:
            raise StaleRow(row)
        row.dropped = True
        row.save(update_fields=["dropped"])
        review(roster, run, at=at)
    return row


@transaction.atomic
def leave_out(*, roster_id: int, by, at: datetime | None = None) -> int:
    """Leave every row out of the list that something is wrong with; they stay to be read. Return how many."""
    roster, run = locked(roster_id)
    _check_open(roster)
    count = roster.rows.filter(attendance=None, dropped=False).exclude(problems={}).update(dropped=True)
    review(roster, run, at=at)
    return count


@transaction.atomic
def discard(*, roster_id: int, by) -> None:
    """Throw away a list that was never taken in; asking twice is the same as asking once."""
    roster = Roster.objects.select_for_update().filter(pk=roster_id).first()
    if roster is None:
        return
    if roster.state != RosterState.PREVIEW:
        raise Refusal("taken", _("This list is taken in, and kept for six years. Undo it instead, within seven days."))
    roster.delete()
    throw_away(roster.folder)


def lists_of(run: Occurrence, *, by) -> list[Roster]:
    """Return the lists of a date that ``by`` may read, the newest first.

    Each knows how many of its rows are ``taken`` in, and how many are ``left``.
    """
    left = Q(rows__attendance=None, rows__dropped=False)
    counted = run.rosters.readable_by(by).annotate(taken=Count("rows__attendance"), left=Count("rows", filter=left))
    return list(counted.select_related("given_by").order_by("-given_at", "-pk"))


def counts_of(roster: Roster) -> dict[str, int]:
    """Return how many rows of a list are taken in, ready, wrong, and left out."""
    waiting = Q(attendance=None, dropped=False)
    return roster.rows.aggregate(
        taken=Count("attendance"),
        ready=Count("pk", filter=waiting & Q(problems={})),
        wrong=Count("pk", filter=waiting & ~Q(problems={})),
        dropped=Count("pk", filter=Q(dropped=True)),
        all=Count("pk"),
    )


def review(roster: Roster, run: Occurrence, *, at: datetime | None = None) -> list[Looked]:
    """Look through the rows that are not taken in, store what is wrong with each, and return them."""
    event = event_of(run, at=at)
    rows = list(roster.rows.filter(attendance=None, dropped=False))
    looked = look_through(roster, rows, run, at=at)
    changed = []
    for one in looked:
        problems, doubt = worded(one.problems, event), bool(one.problems) and all(p.doubt for p in one.problems)
        if (one.row.problems, one.row.said.get("doubt", False)) != (problems, doubt):
            one.row.problems, one.row.said["doubt"] = problems, doubt
            changed.append(one.row)
    RosterRow.objects.bulk_update(changed, ["problems", "said"], batch_size=ROWS_AT_ONCE)
    return looked


def locked(roster_id: int) -> tuple[Roster, Occurrence]:
    """Lock the date of a list, as everything that reads or writes its attendance does, then the list."""
    run = locked_run(Roster.objects.values_list("occurrence_id", flat=True).get(pk=roster_id))
    return Roster.objects.select_for_update().get(pk=roster_id), run


def locked_run(occurrence_id: int) -> Occurrence:
    return (
        Occurrence.objects.select_for_update(of=("self",))
        .select_related("offering", "offering__sponsor")
        .get(pk=occurrence_id)
    )


def _open_row(roster: Roster, number: int) -> RosterRow:
    _check_open(roster)
    row = roster.rows.get(number=number)
    if row.attendance_id:
        raise Refusal("row-taken", _("This row is taken in already, so it stays as it is."))
    return row


def _check_open(roster: Roster) -> None:
    if roster.state == RosterState.UNDONE:
        raise Refusal("undone", _("This list was undone. Give it again to take it in after all."))
