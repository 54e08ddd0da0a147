"""The dates of an offering: added, moved, cancelled, and confirmed as completed by its sponsor (R-SPO-2, R-SPO-4)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals import services as journals
from preapprovals.models import Attendance, Occurrence, Offering
from preapprovals.rules.clocks import Trouble, trouble_with
from preapprovals.services.offerings import add_occurrence, check_days
from preapprovals.states import STANDING, AttendanceState, RosterState
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day, zone_text

CLOCK_CHANGES = frozenset({Trouble.SKIPPED, Trouble.TWICE})


@dataclass(frozen=True)
class When:
    """When and where one date takes place; times are by the clock of ``zone``."""

    first_day: date
    last_day: date
    zone: str
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    country: str = ""
    url: str = ""


@transaction.atomic
def add_date(*, offering_id: int, when: When, by, at: datetime | None = None) -> Occurrence:
    """Add a date to an offering; the very same date sent twice is one. Raises Refusal as ``check`` does."""
    offering = _standing(offering_id)
    check(when)
    same = offering.occurrences.held().filter(**_columns(when)).first()
    return same or add_occurrence(offering_id=offering.pk, by=by, at=at, **_columns(when))


@transaction.atomic
def move(*, occurrence_id: int, when: When, by, at: datetime | None = None) -> Occurrence:
    """Give a date other days, times or another place; whoever follows the calendar is shown that it changed.

    Raises Refusal where the days or times cannot be, and where somebody’s attendance is known: it is of the old days.
    """
    at = at or timezone.now()
    run = _open_run(occurrence_id)
    offering = _standing(run.offering_id)
    check(when)
    check_days(offering, when.first_day, when.last_day)
    columns = _columns(when)
    if all(getattr(run, name) == value for name, value in columns.items()):
        return run
    if (run.first_day, run.last_day) != (when.first_day, when.last_day):
        run.event = journals.event_for(
            name=offering.part_of or offering.title,
            organiser=offering.sponsor.name,
            first=when.first_day,
            last=when.last_day,
        )
    for name, value in columns.items():
        setattr(run, name, value)
    run.sequence, run.changed_at = run.sequence + 1, at
    run.save(update_fields=[*columns, "event", "sequence", "changed_at"])
    return run


@transaction.atomic
def cancel(*, occurrence_id: int, by, at: datetime | None = None) -> Occurrence:
    """Cancel a date, which stays, marked; asking twice is the same as asking once. Raises Refusal as ``move`` does."""
    run = Occurrence.objects.select_for_update().get(pk=occurrence_id)
    if run.cancelled_at:
        return run
    _check_nobody_attended(run)
    run.cancelled_at = run.changed_at = at or timezone.now()
    run.sequence += 1
    run.save(update_fields=["cancelled_at", "changed_at", "sequence"])
    return run


@transaction.atomic
def confirm(*, occurrence_id: int, by, at: datetime | None = None) -> Occurrence:
    """Keep that every participant of a date has the Confirmation of Completion (R-SPO-4); the first time counts.

    Raises Refusal before it is over, and for one that was cancelled.
    """
    at = at or timezone.now()
    run = Occurrence.objects.select_for_update().get(pk=occurrence_id)
    if run.cancelled_at:
        raise Refusal("cancelled", _("This date was cancelled, so there is nothing to confirm."))
    if programme_day(at) < run.last_day:
        raise Refusal(
            "not-over",
            _("This date ends on {day}. Confirm it once everyone has their Confirmation of Completion.").format(
                day=day_text(run.last_day)
            ),
        )
    if not run.confirmed_at:
        run.confirmed_at, run.confirmed_by = at, by
        run.save(update_fields=["confirmed_at", "confirmed_by"])
    return run


def dates_of(offering: Offering) -> list[Occurrence]:
    """Return every date of an offering, the latest first, with ``told``: how many people a list says attended."""
    told = Count(
        "attendances", filter=~Q(attendances__state=AttendanceState.UNDONE) & Q(attendances__told_at__isnull=False)
    )
    return list(offering.occurrences.annotate(told=told).order_by("-first_day", "-pk"))


def check(when: When) -> None:
    """Raise Refusal where days and times cannot be: backwards, over midnight, or lost in a change of clocks."""
    found = trouble_with(when.first_day, when.last_day, when.starts, when.ends, when.zone)
    if found is None:
        return
    trouble, day, at = found
    sentence = {
        Trouble.BACKWARDS: _("The last day comes before the first. Swap the two."),
        Trouble.TOO_LONG: _("From the first day to the last is more than a year. Add it as several dates."),
        Trouble.ONE_TIME: _("Only one of the two times is there. Give both, or neither."),
        Trouble.NO_LENGTH: _("It ends at {time}, just when it begins. Give the time at which it ends."),
        Trouble.OVER_MIDNIGHT: _(
            "It ends at {time}, before it begins. If it goes on past midnight, give the next day as its last day."
        ),
        Trouble.SKIPPED: _(
            "On {day} the clocks in {zone} go forward, and {time} does not come. Choose a time outside that hour."
        ),
        Trouble.TWICE: _(
            "On {day} the clocks in {zone} go back, and {time} comes twice. Choose a time outside that hour."
        ),
    }[trouble]
    code = trouble.name.lower()
    if trouble in CLOCK_CHANGES and (day, at) == (when.last_day, when.ends):
        code += "-end"
    raise Refusal(code, sentence.format(day=day_text(day), time=f"{at:%H:%M}", zone=zone_text(when.zone)))


def why_kept(run: Occurrence) -> str:
    """Return why ``run`` can no longer be moved or cancelled; "" where it can."""
    if run.cancelled_at:
        return _("This date was cancelled on {day}. If it takes place after all, add it as a new one.").format(
            day=day_text(programme_day(run.cancelled_at))
        )
    known = Attendance.objects.known().filter(occurrence=run)
    claimed = known.filter(state=AttendanceState.CLAIMED).count()
    if claimed:
        return ngettext(
            "One person has claimed credits for this date, so its days, times and place stay as they are.",
            "{n} people have claimed credits for this date, so its days, times and place stay as they are.",
            claimed,
        ).format(n=claimed)
    if known.exists() or run.rosters.filter(state=RosterState.TAKEN).exists():
        return _("Attendance of this date is taken in, so it stays. Undo the list first, within its seven days.")
    return ""


def _check_nobody_attended(run: Occurrence) -> None:
    if why := why_kept(run):
        raise Refusal("kept", why)


def _open_run(occurrence_id: int) -> Occurrence:
    run = Occurrence.objects.select_for_update().get(pk=occurrence_id)
    _check_nobody_attended(run)
    return run


def _standing(offering_id: int) -> Offering:
    offering = Offering.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=offering_id)
    if offering.state not in STANDING:
        raise Refusal(
            "not-standing",
            _("This offering is {state}, so its dates no longer change.").format(state=offering.get_state_display()),
        )
    return offering


def _columns(when: When) -> dict:
    return {
        "first_day": when.first_day,
        "last_day": when.last_day,
        "starts": when.starts,
        "ends": when.ends,
        "zone": when.zone,
        "place": when.place,
        "country": when.country,
        "url": when.url,
    }
