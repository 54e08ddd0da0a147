"""Dated rows stored, changed and withdrawn: previewed, then exactly what was previewed, once (ARCHITECTURE 15)."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from serportal.dated.models import Dated
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, number, programme_day

FARTHEST = timedelta(days=3653)


@dataclass(frozen=True)
class Change:
    """What storing, changing or withdrawing ``row`` would do, and what it leaves alone. ``digest`` names exactly that.

    ``examples`` are cases worked out before and after, each with ``what``, ``before``, ``after`` and ``differs``.
    """

    row: Dated
    sentences: tuple[str, ...]
    examples: tuple
    stays: tuple[str, ...]
    until: date | None
    digest: str


class DatedRows(ABC):
    """The one way in which dated rows are stored. An app says what its rows mean; nothing else differs."""

    # Names the lock that lets one change at a time look at the rows of an app.
    turn = ""

    def may_change(self, user) -> bool:
        return user.is_coordinator

    @abstractmethod
    def changes(self, before: Dated | None, after: Dated) -> list[str]:
        """Say what ``after`` changes of what ``before`` says, in sentences; nothing where they say the same."""

    def examples(self, before: Dated | None, after: Dated) -> Sequence:
        return ()

    @abstractmethod
    def stays(self, before: Dated | None, row: Dated, by) -> Sequence[str]:
        """Say what stays as it is when ``row`` takes the place of ``before``, as far as ``by`` may know of it."""

    @abstractmethod
    def in_use(self, count: int) -> str:
        """Say that ``count`` objects made in advance hold a row, which therefore stays."""

    def draft(self, model: type[Dated], values: Mapping, *, stored: Dated | None = None) -> Dated:
        """Return a row of ``values``, not stored; ``stored`` is the one it would change."""
        return model(pk=stored.pk if stored else None, **values)

    def frozen(self, row: Dated, *, today: date) -> str:
        """Say why a stored row can only be followed by another one; "" while it can be changed or withdrawn."""
        if row.effective_from <= today:
            text = _("This row has been in force since {day}, so it stays as it is. Store a new row that follows it.")
            return text.format(day=day_text(row.effective_from))
        count = held_by(row)
        return self.in_use(count) if count else ""

    def preview(self, row: Dated, *, by=None, at: datetime | None = None) -> Change:
        """Work out what storing ``row`` would change, a new one or another version of a stored one; changes nothing.

        What its reader ``by`` may not know of is not counted (R-REV-5).
        Raises Refusal for a day that is past, too far off or taken, for a row that is in force or used, and for one
        that changes nothing.
        """
        today = programme_day(at)
        stored = type(row).objects.get(pk=row.pk) if row.pk else None
        if stored is not None and (why := self.frozen(stored, today=today)):
            raise Refusal("in-force", why)
        _check_day(row, today)
        before, following = _neighbours(row)
        said = self.changes(before, row)
        if not said:
            raise Refusal("nothing-changes", _("This says what already holds on that day. Nothing would change."))
        if stored is not None:
            moved = stored.effective_from != row.effective_from
            if not moved and not self.changes(stored, row):
                raise Refusal("nothing-changes", _("This is what is already stored. Nothing would change."))
            text = _("Until now a change is stored for {day}; this one takes its place.")
            said.append(text.format(day=day_text(stored.effective_from)))
        return self._change(row, before, following, said, self.examples(before, row), by)

    def store(self, row: Dated, *, digest: str, by, at: datetime | None = None) -> tuple[Dated, bool]:
        """Store exactly what was previewed as ``digest``; return (the row, whether it is stored only now).

        Pressed twice, it is one row. Raises Refusal as ``preview`` does, and where the preview would read differently.
        """
        with transaction.atomic():
            self._take_turn(by)
            same = type(row).objects.filter(**_values(row)).first()
            if same is not None:
                return same, False
            _lock(row)
            _check_digest(self.preview(row, at=at), digest)
            row.save(force_insert=row.pk is None)
            return row, True

    def preview_withdrawal(self, row: Dated, *, by=None, at: datetime | None = None) -> Change:
        """Work out what withdrawing a stored row of a later day would change; changes nothing. Raises Refusal."""
        why = self.frozen(row, today=programme_day(at))
        if why:
            raise Refusal("in-force", why)
        before, following = _neighbours(row)
        said = [
            _("Nothing changes on {day}. Withdrawn is:").format(day=day_text(row.effective_from)),
            *self.changes(before, row),
        ]
        return self._change(row, before, following, said, [], by)

    def withdraw(self, row: Dated, *, digest: str, by, at: datetime | None = None) -> bool:
        """Withdraw a stored row of a later day; False if it was withdrawn already. Raises Refusal as its preview."""
        with transaction.atomic():
            self._take_turn(by)
            held = _lock(row)
            if held is None:
                return False
            _check_digest(self.preview_withdrawal(held, at=at), digest)
            held.delete()
            return True

    def _take_turn(self, by) -> None:
        if not self.may_change(by):
            raise Refusal("not-yours", _("Only coordinators change the rules."))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [self.turn])

    def _change(self, row: Dated, before, following, said, worked, by) -> Change:
        until = following.effective_from if following else None
        values = [number(value) if isinstance(value, Decimal) else value for value in _values(row).values()]
        named = repr((values, row.pk, before and before.pk, until, said, list(worked)))
        digest = hashlib.sha256(named.encode()).hexdigest()
        return Change(row, tuple(said), tuple(worked), tuple(self.stays(before, row, by)), until, digest)


def around(model: type[Dated], day: date) -> tuple[list[Dated], list[tuple[Dated | None, Dated]]]:
    """Return the rows that hold on ``day``, and (what holds before it, the row) for each that is stored for later."""
    newest: dict[str, Dated] = {}
    held, later = [], []
    for row in model.objects.around(day):
        if row.effective_from > day:
            later.append((newest.get(row.series), row))
        else:
            held.append(row)
        newest[row.series] = row
    return held, later


def by_day(said: Iterable[tuple[date, list[str]]]) -> list[tuple[date, list[str]]]:
    """Return (from when, what changes), the nearest first, each day once and none without a sentence."""
    found: dict[date, list[str]] = {}
    for day, sentences in said:
        found.setdefault(day, []).extend(sentences)
    return [(day, sentences) for day, sentences in sorted(found.items()) if sentences]


def held_by(row: Dated | None, *, hidden=None) -> int:
    """Return how many objects keep ``row`` as what they go by, whatever app; those of ``hidden`` cases aside."""
    if row is None or row.pk is None:
        return 0
    pointing = [one for one in row._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    held = [one.related_model._base_manager.filter(**{one.field.name: row.pk}) for one in pointing]
    return sum((some if hidden is None else some.exclude(case__in=hidden)).count() for some in held)


def _values(row: Dated) -> dict:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}


def _lock(row: Dated) -> Dated | None:
    """Lock the stored version of ``row`` against what is being filed with it."""
    return type(row).objects.select_for_update().filter(pk=row.pk).first()


def _check_day(row: Dated, today: date) -> None:
    if row.effective_from < today:
        text = _("{day} is past, and what happened by then stays as it was. Choose today or a later day.")
        raise Refusal("past", text.format(day=day_text(row.effective_from)))
    if row.effective_from > today + FARTHEST:
        text = _("{day} is more than ten years ahead. Check the year.")
        raise Refusal("too-far", text.format(day=day_text(row.effective_from)))


def _neighbours(row: Dated) -> tuple[Dated | None, Dated | None]:
    """Return the row that holds until ``row`` does, and the one that holds after it. Refuses a day that is taken."""
    series = type(row).objects.exclude(pk=row.pk)
    if row.SERIES:
        series = series.filter(**{row.SERIES: row.series})
    if series.filter(effective_from=row.effective_from).exists():
        text = _("A row for {day} is stored already. Change that one, or choose another day.")
        raise Refusal("duplicate-day", text.format(day=day_text(row.effective_from)))
    before = series.filter(effective_from__lt=row.effective_from).order_by("-effective_from").first()
    return before, series.filter(effective_from__gt=row.effective_from).order_by("effective_from").first()


def _check_digest(change: Change, digest: str) -> None:
    if change.digest != digest:
        raise Refusal(
            "changed-preview",
            _("Something changed since you read the preview. Nothing was stored. Read the new one, then confirm."),
        )
