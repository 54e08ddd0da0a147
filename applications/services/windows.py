"""Review windows: which one an application falls into, which are to come, and what moving one means (R-APP-2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import rules
from applications.models import Application, Window, WindowMove
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import DECIDED, Move
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day, programme_zone

YEARS_AHEAD = 3
FARTHEST = timedelta(days=3653)
MOVED_LETTER = "window-moved"
SHOWN = 4


@dataclass(frozen=True)
class Moved:
    """One undecided application of a window that moves: its days until now are on ``case``, and the new ones."""

    case: ReviewCase
    clock_on: date
    due_on: date


@dataclass(frozen=True)
class Plan:
    """What moving a window would do to the applications that its reader may know of. ``digest`` names exactly that."""

    window: Window
    closes_on: date
    decided_by: date
    moved: Sequence[Moved]
    digest: str


def window_for(at: datetime, *, complete_at: datetime | None = None) -> Window:
    """Return the window in which an application received at ``at`` counts (R-APP-2, R-APP-11).

    It is the first whose last day is not over in the programme’s zone at that instant, and in which the application
    was complete within 21 days of that day. Without ``complete_at``, it is where it counts if it is completed in time.
    """
    received_on = programme_day(at)
    windows = list(Window.objects.open_on(received_on))
    found = rules.window_of(
        [one.as_rule() for one in windows],
        received_on=received_on,
        complete_on=programme_day(complete_at) if complete_at else None,
    )
    return next(one for one in windows if one.as_rule() == found)


def windows_on(day: date) -> list[Window]:
    """Return the windows that are not over on ``day`` and close soonest, as they are shown to applicants."""
    return list(Window.objects.open_on(day)[:SHOWN])


def closing_moment(window: Window) -> datetime:
    """Return the last minute of a window, in the programme’s zone."""
    return datetime.combine(window.closes_on, time(23, 59), tzinfo=programme_zone())


def keep_windows_ahead(*, at: datetime | None = None) -> int:
    """Add SER’s two windows of every year, up to three ahead, that has none yet; return how many were added.

    A year with a window is left alone: a coordinator may have moved it. Asked again, nothing is added.
    """
    this_year = programme_day(at).year
    years = range(this_year, this_year + YEARS_AHEAD + 1)
    known = set(Window.objects.filter(closes_on__year__in=years).values_list("closes_on__year", flat=True))
    missing = [one for year in years if year not in known for one in rules.standard_windows(year)]
    rows = [Window(closes_on=one.closes_on, decided_by=one.decided_by) for one in missing]
    Window.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def add_window(*, closes_on: date, decided_by: date, by, at: datetime | None = None) -> Window:
    """Add a review window. Raises Refusal for days that are past or out of order, and for a day that is taken.

    Applications that were sent keep their window.
    """
    _check_coordinator(by)
    today = programme_day(at)
    _check_day(closes_on, today)
    _check_order(closes_on, decided_by)
    _check_day(decided_by, today)
    window, created = Window.objects.get_or_create(closes_on=closes_on, defaults={"decided_by": decided_by})
    if not created:
        raise Refusal("taken", _("A window that closes on {day} is there already.").format(day=day_text(closes_on)))
    return window


def plan_move(window: Window, *, closes_on: date, decided_by: date, by, at: datetime | None = None) -> Plan:
    """Work out what moving ``window`` would do to the applications that ``by`` may know of; changes nothing.

    Raises Refusal where it cannot move there.
    """
    _check_move(window, closes_on, decided_by, programme_day(at))
    known = ReviewCase.objects.coordinated_by(by)
    moved = _moved(window, closes_on, decided_by, _undecided(window).filter(case__in=known))
    days = (window.pk, window.closes_on, window.decided_by, closes_on, decided_by)
    named = repr((days, [(one.case.pk, one.case.due_on, one.due_on) for one in moved]))
    return Plan(window, closes_on, decided_by, moved, hashlib.sha256(named.encode()).hexdigest())


@transaction.atomic
def move_window(
    window_id: int, *, closes_on: date, decided_by: date, reason: str, digest: str, by, at: datetime | None = None
) -> WindowMove:
    """Move a window exactly as it was previewed, with the due day of everything undecided in it, and tell each author.

    Cases that are hidden from ``by`` move with the rest, unnamed (R-REV-5). Raises Refusal as ``plan_move`` does,
    without a reason, and where the preview would read differently.
    """
    at = at or timezone.now()
    _check_coordinator(by)
    reason = clean_text(reason)
    if not reason:
        raise Refusal("no-reason", _("Give a reason. Every applicant of the window reads it in the letter."))
    window = Window.objects.select_for_update().get(pk=window_id)
    if plan_move(window, closes_on=closes_on, decided_by=decided_by, by=by, at=at).digest != digest:
        text = _("Something changed since you read the preview. Nothing was moved. Read the new one, then confirm.")
        raise Refusal("changed-preview", text)
    made = WindowMove.objects.create(
        window=window, closes_on=window.closes_on, decided_by=window.decided_by, reason=reason, at=at, by=by
    )
    for one in _moved(window, closes_on, decided_by, _undecided(window).select_for_update(of=["case"])):
        _move_case(one, made, reason)
    window.closes_on, window.decided_by = closes_on, decided_by
    window.save(update_fields=["closes_on", "decided_by"])
    return made


def letter_of(one: Moved, *, reason: str, at: datetime | None = None) -> dict[str, str]:
    """Return what the letter about a moved window says to the author of one application."""
    case = one.case
    return {
        "name": case.filed_by.name,
        "reference": case.reference,
        "title": case.headline,
        "today": day_text(programme_day(at)),
        "promised": day_text(case.due_on),
        "due": day_text(one.due_on),
        "window": day_text(one.clock_on),
        "reason": reason,
        "link": settings.SITE_URL + kind_of(case).url(case),
    }


def _move_case(one: Moved, made: WindowMove, reason: str) -> None:
    case, letter = one.case, letter_of(one, reason=reason, at=made.at)
    case.clock_on, case.due_on = one.clock_on, one.due_on
    case.save(update_fields=["clock_on", "due_on"])
    reviews.log(case, Move.WINDOW, by=made.by, at=made.at, note=reason)
    outbox.owe(
        key=f"window-moved:{made.pk}:{case.pk}",
        at=made.at,
        template=MOVED_LETTER,
        person=case.filed_by,
        about=case.reference,
        context=letter,
    )


def _undecided(window: Window):
    """Applications of a window that have no decision and can still get one."""
    open_cases = Application.objects.filter(window=window, case__in=ReviewCase.objects.open())
    return open_cases.select_related("case__filed_by").order_by("case__reference")


def _moved(window: Window, closes_on: date, decided_by: date, applications) -> list[Moved]:
    """Return those whose days change: whoever was promised a later day by a letter of their own keeps it."""
    found = []
    for case in (one.case for one in applications):
        clock_on = closes_on if case.clock_on == window.closes_on else case.clock_on
        due_on = decided_by if case.due_on <= window.decided_by else max(case.due_on, decided_by)
        if (clock_on, due_on) != (case.clock_on, case.due_on):
            found.append(Moved(case, clock_on, due_on))
    return found


def _check_coordinator(by) -> None:
    if not by.is_coordinator:
        raise Refusal("not-yours", _("Only coordinators change the windows."))


def _check_day(day: date, today: date) -> None:
    if day < today:
        text = _("{day} is past, and nobody could keep it any more. Choose today or a later day.")
        raise Refusal("past", text.format(day=day_text(day)))
    if day > today + FARTHEST:
        text = _("{day} is more than ten years ahead. Check the year.")
        raise Refusal("too-far", text.format(day=day_text(day)))


def _check_order(closes_on: date, decided_by: date) -> None:
    if decided_by <= closes_on:
        raise Refusal("order", _("The day of the decisions must come after the window closes. Choose a later day."))


def _check_move(window: Window, closes_on: date, decided_by: date, today: date) -> None:
    if (closes_on, decided_by) == (window.closes_on, window.decided_by):
        raise Refusal("nothing-changes", _("These are the days the window already has. Nothing would change."))
    if closes_on != window.closes_on:
        _check_new_close(window, closes_on, today)
    _check_order(closes_on, decided_by)
    _check_day(decided_by, today)


def _check_new_close(window: Window, closes_on: date, today: date) -> None:
    """Refuse a new last day where applicants have relied on the old one, or where windows would change places."""
    if window.closes_on < today:
        text = _(
            "This window closed on {day}, and what came since counts for the next one. Leave that day as it is; the "
            "day of the decisions can still move."
        )
        raise Refusal("closed", text.format(day=day_text(window.closes_on)))
    if Application.objects.filter(window=window, case__state__in=DECIDED).exists():
        text = _(
            "Applications of this window are decided already, so it closes on {day} as it was said. The day of the "
            "decisions can still move."
        )
        raise Refusal("decided", text.format(day=day_text(window.closes_on)))
    _check_day(closes_on, today)
    first, last = sorted([closes_on, window.closes_on])
    other = Window.objects.exclude(pk=window.pk).filter(closes_on__range=(first, last)).first()
    if other is not None:
        text = _("Another window closes on {day}. A window stays between those before and after it.")
        raise Refusal("overtakes", text.format(day=day_text(other.closes_on)))
