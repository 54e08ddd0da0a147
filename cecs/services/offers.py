"""What a roster offers its people: a claim made and filed by one button, with the roster as its proof (R-SPO-4)."""

import hashlib
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs import rules
from cecs.models import Draft
from cecs.services.attending import GIVEN_UP, addresses_of, take_over
from cecs.services.coded import Part, answers_about, hold_still, place_of, typed, whole
from cecs.services.codes import Stands, check_run, minutes_of, stands
from cecs.services.eligibility import check_may_claim
from cecs.services.filing import file_claim
from cecs.services.worth import Answers
from preapprovals.models import Attendance
from preapprovals.states import AttendanceState
from serportal.documents import paper
from serportal.files import services as files
from serportal.files.models import Folder
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, number, programme_day, span_text

ROWS = ("occurrence__offering__sponsor", "occurrence__event", "case")


def offered_to(person, *, most: int) -> list[tuple[Attendance, str]]:
    """Return what rosters offer ``person``, the latest day first, each with the hours that it confirms."""
    rows = Attendance.objects.offered_to(person).select_related("occurrence__offering__sponsor")
    return [(row, hours_of(row)) for row in rows.order_by("-occurrence__last_day", "pk")[:most]]


@transaction.atomic
def accept(*, attendance_id: int, by, at: datetime | None = None) -> ReviewCase:
    """Make and file the claim that a roster offers ``by``, with the roster’s line as its proof.

    However often it is accepted, it is one claim. Raises Refusal where it is not theirs, was taken back or declined,
    and where the rules leave nothing to credit or ``by`` may not file claims (R-CEC).
    """
    at = at or timezone.now()
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    occurrence = Attendance.objects.filter(pk=attendance_id).values_list("occurrence", flat=True).first()
    hold_still(occurrence)
    row = offered(attendance_id, by)
    if row.case is not None and row.case.state not in GIVEN_UP:
        return row.case
    if row.state != AttendanceState.OFFERED:
        raise Refusal(
            "not-offered", _("The sponsor took this back, or you declined it. Use the approval code instead.")
        )
    of = stands(row.occurrence.offering)
    answers = answers_from(of, row)
    check_may_claim(by, last_day=answers.last_day, today=today)
    check_run(of, row.occurrence, today=today, day=row.on_demand_day if of.on_demand else None)
    folder = Folder.objects.create()
    files.receive(folder=folder, upload=as_proof(of, row), by=by)
    draft = Draft.objects.create(owner=by, folder=folder, data=typed(answers), started_at=at, saved_at=at)
    return file_claim(draft_id=draft.pk, owner=by, answers=answers, version=draft.version, at=at)


@transaction.atomic
def decline(*, attendance_id: int, by, at: datetime | None = None) -> Attendance:
    """Say that it was not ``by``, or that they do not want it. What is claimed already stays claimed."""
    row = offered(attendance_id, by)
    if row.state == AttendanceState.OFFERED:
        row.state, row.answered_at = AttendanceState.DECLINED, at or timezone.now()
        row.save(update_fields=["state", "answered_at"])
    return row


def offered(attendance_id: int, by) -> Attendance:
    """Lock and return a row that is ``by``’s: by their account, or by an address that is theirs."""
    rows = Attendance.objects.known().select_for_update(of=("self",)).select_related(*ROWS).filter(pk=attendance_id)
    row = rows.first()
    theirs = row is not None and (row.person_id == by.pk or (row.person_id is None and row.email in addresses_of(by)))
    if not theirs:
        raise Refusal(
            "not-yours", _("Nothing is offered to you here any more. What is offered stands on your dashboard.")
        )
    return row


def answers_from(of: Stands, row: Attendance) -> Answers:
    """Return the claim that a line of a roster makes: all of it, or the part that it confirms."""
    sessions = list(of.offering.sessions.all())
    parts = whole(of.offering, sessions)
    if row.minutes is not None and row.minutes < minutes_of(of.offering):
        parts = (Part(None, _("What the roster confirms"), row.minutes),)
    day = row.on_demand_day if of.on_demand else None
    return answers_about(of, row.occurrence, parts, day=day, grade=rules.grade_of(row.grade))


def as_proof(of: Stands, row: Attendance) -> SimpleUploadedFile:
    """Return the line of the roster as a file, so that it is kept with the claim as long as any proof."""
    told = row.occurrence
    facts = [
        [_("Name"), row.name],
        [_("E-mail address"), row.email],
        [_("Certificate"), row.certificate],
        [_("When"), span_text(row.on_demand_day or told.first_day, row.on_demand_day or told.last_day)],
        [_("Where"), place_of(told)],
        [_("Hours attended"), hours_of(row)],
        [_("Grade"), row.grade],
        [_("Held by"), of.offering.sponsor.name],
        [_("Approval code"), of.offering.code],
        [_("Told by the sponsor on"), day_text(programme_day(row.told_at)) if row.told_at else ""],
    ]
    document = paper.pdf(
        "roster-line",
        {
            "title": _("Attendance as the sponsor’s roster tells it"),
            "day": programme_day(row.told_at or told.made_at).isoformat(),
            "what": of.offering.title,
            "facts": [[name, text] for name, text in facts if text],
            "note": _("Made by the portal from the roster of the sponsor, which keeps its own records for six years."),
        },
    )
    return SimpleUploadedFile("roster.pdf", document, content_type="application/pdf")


def key_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def linked(token: str) -> Attendance | None:
    """Return what the link in a letter to somebody without an account leads to; None for no link of ours."""
    return Attendance.objects.known().select_related(*ROWS).filter(token_hash=key_of(token)).first()


@transaction.atomic
def take(*, token: str, by) -> Attendance:
    """Make the line of the roster that a letter’s link leads to ``by``’s; followed twice, it is one.

    Raises Refusal where somebody else used it. Whoever has the letter may take it: another name or address than the
    roster’s is for the coordinator to look at, not for us to refuse.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    told = Attendance.objects.known().filter(token_hash=key_of(token))
    hold_still(told.values_list("occurrence", flat=True).first())
    row = told.select_for_update(of=("self",)).first()
    if row is None or row.person_id not in {None, by.pk}:
        raise Refusal("used", _("This link was used already. If it was not by you, write to us."))
    own = Attendance.objects.known().filter(occurrence=row.occurrence_id, person=by).exclude(pk=row.pk).first()
    if own is not None:
        take_over(own, row)
        return own
    row.person = by
    row.save(update_fields=["person"])
    return row


def hours_of(row: Attendance) -> str:
    """Return the hours of ``row`` as a roster confirms them, or of all of it."""
    minutes = minutes_of(row.occurrence.offering) if row.minutes is None else row.minutes
    return number(rules.in_hours([minutes])[0])
