"""Taking a list of attendees in, and undoing it: where what a sponsor says and what people claim meet (R-SPO-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals.models import Attendance, Occurrence, Roster, RosterRow
from preapprovals.services import roster_letters as letters
from preapprovals.services.roster_looking import Looked
from preapprovals.services.rosters import ROWS_AT_ONCE, UNDO, check_may_give, locked, review
from preapprovals.states import AttendanceState, RosterState
from serportal.reviews.states import ENDED
from serportal.ui.refusal import Refusal
from serportal.ui.words import moment_text

S = AttendanceState


@dataclass(frozen=True)
class Taken:
    """What taking a list in did: rows taken in, those of them who had claimed before, and rows that need somebody."""

    count: int
    met: int
    left: int
    confirmed: bool


@transaction.atomic
def take_in(*, roster_id: int, told: bool, confirmations: bool = False, by, at: datetime | None = None) -> Taken:
    """Take in the good rows of a list; the others wait to be mended, and the same list can be taken in once more.

    ``told`` is the sponsor’s word that the attendees know their names and addresses go to SER. With ``confirmations``
    the letters are their Confirmations of Completion, which confirms the date once no row of the list is left.
    Raises Refusal without that word, and where nothing can be taken in.
    """
    at = at or timezone.now()
    roster, run = locked(roster_id)
    if not told:
        raise Refusal(
            "not-told",
            _("Attendees must know that their names and addresses go to SER. Tick that they were told, or tell them."),
        )
    if roster.state == RosterState.UNDONE:
        raise Refusal("undone", _("This list was undone. Give it again to take it in after all."))
    check_may_give(run, at=at)
    looked = review(roster, run, at=at)
    good = [one for one in looked if one.is_good]
    left = len(looked) - len(good)
    if not good:
        raise Refusal(
            "nothing-good",
            _("No row is ready to be taken in. Mend one, or discard the list.")
            if roster.state == RosterState.PREVIEW
            else _("Every row that was ready is taken in. Mend another one first."),
        )
    met = _meet([one for one in good if one.known], at)
    made = _offer([one for one in good if not one.known], run, at)
    RosterRow.objects.bulk_update([one.row for one in good], ["attendance"], batch_size=ROWS_AT_ONCE)
    if roster.state == RosterState.PREVIEW:
        roster.state, roster.taken_at, roster.taken_by = RosterState.TAKEN, at, by
        roster.save(update_fields=["state", "taken_at", "taken_by"])
    letters.tell_offered(made, run, confirmed=confirmations, at=at)
    letters.tell_met([one for one in met if one.case_id], run, confirmed=confirmations, at=at)
    if confirmations and not left and not run.confirmed_at:
        run.confirmed_at, run.confirmed_by = at, by
        run.save(update_fields=["confirmed_at", "confirmed_by"])
    return Taken(len(good), len(met), left, confirmations and not left)


def _meet(looked: list[Looked], at: datetime) -> list[Attendance]:
    """Let a list confirm those who claimed first: the minutes of the sponsor stand beside their claim from now on."""
    met = []
    for one in looked:
        known = one.known
        known.minutes, known.grade, known.told_at = one.line.minutes, one.line.grade, at
        known.certificate = known.certificate or one.line.certificate
        one.row.attendance = known
        met.append(known)
    Attendance.objects.bulk_update(met, ["minutes", "grade", "told_at", "certificate"], batch_size=ROWS_AT_ONCE)
    return met


def _offer(looked: list[Looked], run: Occurrence, at: datetime) -> list[tuple[Attendance, str]]:
    """Offer their attendance to those who did not claim; return each with the token of the link they get."""
    made = []
    for one in looked:
        token, token_hash = ("", "") if one.person else letters.draw_token()
        row = Attendance(
            occurrence=run,
            person=one.person,
            email=one.line.email,
            name=one.line.name,
            certificate=one.line.certificate,
            minutes=one.line.minutes,
            grade=one.line.grade,
            on_demand_day=one.line.day,
            token_hash=token_hash,
            told_at=at,
        )
        made.append((row, token))
    Attendance.objects.bulk_create([row for row, _token in made], batch_size=ROWS_AT_ONCE)
    for one, (row, _token) in zip(looked, made, strict=True):
        one.row.attendance = row
    return made


def undone_until(roster: Roster) -> datetime:
    """Return the moment until which a list that was taken in can be undone."""
    return roster.taken_at + UNDO


def can_undo(roster: Roster, *, at: datetime | None = None) -> bool:
    return roster.state == RosterState.TAKEN and (at or timezone.now()) <= undone_until(roster)


def stays(roster: Roster) -> list[Attendance]:
    """Return those of a list that undoing leaves: who accepted their credit, or whose claim is decided."""
    rows = Attendance.objects.filter(rows__roster=roster, state=S.CLAIMED, told_at__isnull=False)
    return [one for one in rows.select_related("case", "person") if not _takes_back(one)]


@transaction.atomic
def undo(*, roster_id: int, by, at: datetime | None = None) -> list[Attendance]:
    """Take back what nobody accepted, and return the rest, which stays; asking twice is the same as asking once.

    A claim that came before the list stands again as it did without it. Raises Refusal after seven days.
    """
    at = at or timezone.now()
    roster, run = locked(roster_id)
    if roster.state == RosterState.UNDONE:
        return stays(roster)
    if roster.state == RosterState.PREVIEW:
        raise Refusal("not-taken", _("This list is not taken in yet. Discard it if it is wrong."))
    if not can_undo(roster, at=at):
        raise Refusal(
            "too-late",
            _("A list can be undone for seven days; this one until {until}. If it is wrong, write to us.").format(
                until=moment_text(undone_until(roster))
            ),
        )
    rows = list(
        Attendance.objects.select_for_update(of=("self",)).filter(rows__roster=roster).select_related("case", "person")
    )
    kept = [one for one in rows if one.state == S.CLAIMED and not _takes_back(one)]
    claimed = [one for one in rows if _takes_back(one) and one.case_id]
    offered = [one for one in rows if _takes_back(one) and not one.case_id]
    if run.confirmed_at and run.confirmed_at in {one.told_at for one in rows}:
        run.confirmed_at = run.confirmed_by = None
        run.save(update_fields=["confirmed_at", "confirmed_by"])
    Attendance.objects.filter(pk__in=[one.pk for one in claimed]).update(minutes=None, told_at=None, grade="")
    Attendance.objects.filter(pk__in=[one.pk for one in offered]).update(state=S.UNDONE, token_hash="")
    letters.tell_taken_back(offered, run, by=by, at=at)
    roster.state, roster.undone_at, roster.undone_by = RosterState.UNDONE, at, by
    roster.save(update_fields=["state", "undone_at", "undone_by"])
    return kept


def _takes_back(one: Attendance) -> bool:
    """Whether undoing its list takes back what it says: nobody accepted it, or the claim came first and is open."""
    if one.state != S.CLAIMED:
        return one.state != S.UNDONE
    return bool(one.told_at) and one.case.filed_at < one.told_at and one.case.state not in ENDED
