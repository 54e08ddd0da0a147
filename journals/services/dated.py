"""Dated rows stored, changed and withdrawn: previewed, then exactly what was previewed, once (ARCHITECTURE 15)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals.announcements import DatedRow, changes
from journals.models import Entry, ScheduleRow
from journals.permissions import can_change_rules
from journals.services.examples import Example, examples
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, number, programme_day

FARTHEST = timedelta(days=3653)
LOCK = "SELECT pg_advisory_xact_lock(hashtext('journals dated rows'))"


@dataclass(frozen=True)
class Change:
    """What storing, changing or withdrawing ``row`` would do. ``digest`` names exactly that."""

    row: DatedRow
    sentences: tuple[str, ...]
    examples: tuple[Example, ...]
    until: date | None
    claims: int
    entries: int
    digest: str


def draft_row(model: type[DatedRow], values: Mapping, *, stored: DatedRow | None = None) -> DatedRow:
    """Return a row of ``values``, not stored; ``stored`` is the one it would change.

    A line of the schedule keeps the category and the measure of the one it follows: the claim form asks for them.
    """
    row = model(pk=stored.pk if stored else None, **values)
    if isinstance(row, ScheduleRow):
        held = stored or ScheduleRow.objects.filter(activity=row.activity).latest("effective_from")
        row.category, row.measure = held.category, held.measure
    return row


def frozen(row: DatedRow, *, today: date) -> str:
    """Say why a stored row can only be followed by another one; "" while it can be changed or withdrawn."""
    if row.effective_from <= today:
        text = _("This row has been in force since {day}, so it stays as it is. Store a new row that follows it.")
        return text.format(day=day_text(row.effective_from))
    count = claims_by(row)
    if count:
        return ngettext(
            "{n} claim filed in advance was worked out by this row, so it stays. Store a row that follows it.",
            "{n} claims filed in advance were worked out by this row, so it stays. Store a row that follows it.",
            count,
        ).format(n=count)
    return ""


def claims_by(row: DatedRow | None, *, hidden=()) -> int:
    """Return how many filed claims were worked out by ``row``, whatever app keeps them; ``hidden`` cases aside."""
    if row is None or row.pk is None:
        return 0
    pointing = [one for one in row._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    claims = [one.related_model._base_manager.filter(**{one.field.name: row.pk}) for one in pointing]
    return sum(some.exclude(case__in=hidden).count() for some in claims)


def preview_row(row: DatedRow, *, by=None, at: datetime | None = None) -> Change:
    """Work out what storing ``row`` would change, a new one or another version of a stored one; changes nothing.

    Cases hidden from its reader ``by`` are not counted (R-REV-5).
    Raises Refusal for a day that is past, too far off or taken, for a row that is in force or used, and for one that
    changes nothing.
    """
    today = programme_day(at)
    stored = type(row).objects.get(pk=row.pk) if row.pk else None
    if stored is not None and (why := frozen(stored, today=today)):
        raise Refusal("in-force", why)
    _check_day(row, today)
    before, following = _neighbours(row)
    said = changes(before, row)
    if not said:
        raise Refusal("nothing-changes", _("This says what already holds on that day. Nothing would change."))
    if stored is not None:
        moved = stored.effective_from != row.effective_from
        if not moved and not changes(stored, row):
            raise Refusal("nothing-changes", _("This is what is already stored. Nothing would change."))
        text = _("Until now a change is stored for {day}; this one takes its place.")
        said.append(text.format(day=day_text(stored.effective_from)))
    return _change(row, before, following, said, examples(before, row), by)


def store_row(row: DatedRow, *, digest: str, by, at: datetime | None = None) -> tuple[DatedRow, bool]:
    """Store exactly what was previewed as ``digest``; return (the row, whether it is stored only now).

    Pressed twice, it is one row. Raises Refusal as ``preview_row`` does, and where the preview would read differently.
    """
    with transaction.atomic():
        _take_turn(by)
        same = type(row).objects.filter(**_values(row)).first()
        if same is not None:
            return same, False
        _lock(row)
        _check_digest(preview_row(row, at=at), digest)
        row.save(force_insert=row.pk is None)
        return row, True


def preview_withdrawal(row: DatedRow, *, by=None, at: datetime | None = None) -> Change:
    """Work out what withdrawing a stored row of a later day would change; changes nothing. Raises Refusal."""
    why = frozen(row, today=programme_day(at))
    if why:
        raise Refusal("in-force", why)
    before, following = _neighbours(row)
    said = [
        _("Nothing changes on {day}. Withdrawn is:").format(day=day_text(row.effective_from)),
        *changes(before, row),
    ]
    return _change(row, before, following, said, [], by)


def withdraw_row(row: DatedRow, *, digest: str, by, at: datetime | None = None) -> bool:
    """Withdraw a stored row of a later day; False if it was withdrawn already. Raises Refusal as its preview does."""
    with transaction.atomic():
        _take_turn(by)
        held = _lock(row)
        if held is None:
            return False
        _check_digest(preview_withdrawal(held, at=at), digest)
        held.delete()
        return True


def _values(row: DatedRow) -> dict:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}


def _take_turn(by) -> None:
    if not can_change_rules(by):
        raise Refusal("not-yours", _("Only coordinators change the rules."))
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _lock(row: DatedRow) -> DatedRow | None:
    """Lock the stored version of ``row`` against claims that are being filed with it."""
    return type(row).objects.select_for_update().filter(pk=row.pk).first()


def _check_day(row: DatedRow, today: date) -> None:
    if row.effective_from < today:
        text = _("{day} is past, and what happened by then stays as it was. Choose today or a later day.")
        raise Refusal("past", text.format(day=day_text(row.effective_from)))
    if row.effective_from > today + FARTHEST:
        text = _("{day} is more than ten years ahead. Check the year.")
        raise Refusal("too-far", text.format(day=day_text(row.effective_from)))


def _neighbours(row: DatedRow) -> tuple[DatedRow | None, DatedRow | None]:
    """Return the row that holds until ``row`` does, and the one that holds after it. Refuses a day that is taken."""
    series = type(row).objects.exclude(pk=row.pk)
    if row.SERIES:
        series = series.filter(**{row.SERIES: row.series})
    if series.filter(effective_from=row.effective_from).exists():
        text = _("A row for {day} is stored already. Change that one, or choose another day.")
        raise Refusal("duplicate-day", text.format(day=day_text(row.effective_from)))
    before = series.filter(effective_from__lt=row.effective_from).order_by("-effective_from").first()
    return before, series.filter(effective_from__gt=row.effective_from).order_by("effective_from").first()


def _change(row: DatedRow, before, following, said, worked, by) -> Change:
    entries = Entry.objects.known_to(by) if by else Entry.objects.all()
    hidden = ReviewCase.objects.hidden_from(by).values("pk") if by else ()
    if isinstance(row, ScheduleRow):
        entries = entries.filter(activity=row.activity)
    until = following.effective_from if following else None
    values = [number(value) if isinstance(value, Decimal) else value for value in _values(row).values()]
    named = repr((values, row.pk, before and before.pk, until, said, worked))
    digest = hashlib.sha256(named.encode()).hexdigest()
    return Change(row, tuple(said), tuple(worked), until, claims_by(before, hidden=hidden), entries.count(), digest)


def _check_digest(change: Change, digest: str) -> None:
    if change.digest != digest:
        raise Refusal(
            "changed-preview",
            _("Something changed since you read the preview. Nothing was stored. Read the new one, then confirm."),
        )
