"""What a college is asked about its graduates, and what it answers (R-APP-7).

The last answer stands until the application is decided. A college is asked by a letter whose link opens one graduate;
whoever the partner’s row names as its contact may also sign in and answer for all of them.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Graduate, GraduateAnswer, Programme
from applications.services import gates
from applications.states import Confirmed, Via
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, CaseState
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, moment_text

ASKED = "partner-asked"
ANSWERS = ("partner-confirmed", "partner-denied")
ROWS = ("programme__partner", "application__case__filed_by")
UNANSWERED = {"state": Confirmed.PENDING, "answered_at": None, "answered_by": None, "via": "", "note": ""}


@transaction.atomic
def ask_college(
    *,
    application: Application,
    programme: Programme,
    student_number: str,
    completed_on: date,
    at: datetime | None = None,
) -> Graduate:
    """Ask the college whether the applicant completed ``programme``; asked the same again, it is one question.

    Asked about something else, because the applicant corrected it, its answer to the question before counts no more.
    """
    at = at or timezone.now()
    asked = {"programme": programme, "student_number": student_number, "completed_on": completed_on}
    graduate = Graduate.objects.select_for_update().filter(application=application).first()
    if graduate is not None and all(getattr(graduate, name) == value for name, value in asked.items()):
        return graduate
    graduate = graduate or Graduate(application=application)
    for name, value in {**asked, **UNANSWERED, "asked_at": at}.items():
        setattr(graduate, name, value)
    graduate.save()
    if not _asks_the_applicant(graduate):
        _owe_link(graduate, at=at)
    return graduate


def key_of(token: str) -> str:
    """Return what is kept of the link with ``token`` (SHA-256, hex): enough to know it by, not to open it."""
    return hashlib.sha256(token.encode()).hexdigest()


def found_by(token: str) -> Graduate | None:
    """Return the graduate whom the link with ``token`` is about, run out or not; None for a link that is not ours."""
    return Graduate.objects.select_related(*ROWS).filter(token_hash=key_of(token)).first()


def closed_because(graduate: Graduate) -> str:
    """Say why no answer about ``graduate`` counts any more; "" while one does."""
    case = graduate.application.case
    return _ended(case) if case.state in ENDED else ""


def has_run_out(graduate: Graduate, *, at: datetime | None = None) -> bool:
    """Whether the link about ``graduate`` is too old to answer by."""
    return graduate.expires_at is None or graduate.expires_at <= (at or timezone.now())


@transaction.atomic
def renew_link(token: str, *, at: datetime | None = None) -> None:
    """Send a new link in place of one that has run out, to the stored address and nowhere else.

    Whoever holds the old link learns nothing from it: a link that is not ours, or still works, changes nothing.
    """
    at = at or timezone.now()
    held = Graduate.objects.select_for_update(of=("self",)).select_related(*ROWS)
    graduate = held.filter(token_hash=key_of(token)).first()
    if graduate is not None and has_run_out(graduate, at=at) and graduate.application.case.state not in ENDED:
        _owe_link(graduate, at=at)


@transaction.atomic
def send_link(*, graduate_id: int, by, at: datetime | None = None) -> Graduate:
    """Send the college a new link because the coordinator ``by`` says so; the one before ends. Raises Refusal."""
    graduate = _held(graduate_id, by=by)
    if _asks_the_applicant(graduate):
        raise Refusal(
            "asks-the-applicant",
            _("The contact of {college} is the applicant, so no link goes out. Ask somebody else there.").format(
                college=graduate.programme.partner
            ),
        )
    _owe_link(graduate, at=at or timezone.now())
    return graduate


@transaction.atomic
def answer(
    *, graduate_id: int, yes: bool, note: str = "", via: Via, by=None, seen: str = "", at: datetime | None = None
) -> Graduate:
    """Keep what a college says about a graduate and tell the applicant; the same answer again changes nothing.

    ``seen`` is the answer that stood on the page from which this one comes. Raises Refusal once the application is
    decided, for a no without a reason, and where another answer came in between; DoesNotExist where ``by`` answers on
    the page of another college.
    """
    at = at or timezone.now()
    among = Graduate.objects.of_contact(by) if via == Via.PAGE else Graduate.objects
    graduate = _held(graduate_id, among=among, by=by if via == Via.COORDINATOR else None)
    state, note = Confirmed.YES if yes else Confirmed.NO, clean_text(note)
    if not note and (not yes or via == Via.COORDINATOR):
        raise Refusal(
            "no-reason", _("Give the reason. It stays in the history, and the applicant reads why it is a no.")
        )
    if graduate.state == state and (yes or graduate.note == note):
        return graduate
    if seen and seen != graduate.state:
        raise Refusal("answered-meanwhile", _answered_meanwhile(graduate))
    graduate.state, graduate.note, graduate.via = state, note, via
    graduate.answered_at, graduate.answered_by = at, by
    graduate.save(update_fields=["state", "note", "via", "answered_at", "answered_by"])
    made = GraduateAnswer.objects.create(graduate=graduate, yes=yes, note=note, via=via, at=at, by=by)
    _tell(graduate, made)
    gates.settle(graduate.application_id, at=at)
    return graduate


def enter_answer(*, graduate_id: int, state: str, reason: str, by, at: datetime | None = None) -> Graduate:
    """Keep an answer that reached the coordinator ``by`` another way, or correct one; the reason stays with it."""
    yes = state == Confirmed.YES
    return answer(graduate_id=graduate_id, yes=yes, note=reason, via=Via.COORDINATOR, by=by, at=at)


@dataclass(frozen=True)
class Line:
    """What became of one of several graduates confirmed at once; ``why`` says what kept it from being confirmed."""

    graduate: Graduate
    why: str = ""


def preview_list(graduates: Iterable[Graduate]) -> list[Line]:
    """Return what confirming each of ``graduates`` would do; changes nothing."""
    return [Line(one, _keeps_from_confirming(one)) for one in graduates]


def answer_list(graduates: Iterable[Graduate], *, by, at: datetime | None = None) -> list[Line]:
    """Confirm each of ``graduates``, each by an answer of its own; one that cannot be keeps none of the others."""
    return [Line(one, _confirm(one, by=by, at=at)) for one in graduates]


def _confirm(graduate: Graduate, *, by, at: datetime | None) -> str:
    if why := _keeps_from_confirming(graduate):
        return why
    try:
        answer(graduate_id=graduate.pk, yes=True, via=Via.PAGE, by=by, seen=Confirmed.PENDING, at=at)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _keeps_from_confirming(graduate: Graduate) -> str:
    said_no = _answered_meanwhile(graduate) if graduate.state == Confirmed.NO else ""
    return closed_because(graduate) or said_no


def _held(graduate_id: int, *, by, among=Graduate.objects) -> Graduate:
    """Lock a graduate, and the case first, as everything that moves it does. Raises Refusal once it is decided."""
    case = reviews.lock_for(among.values_list("application_id", flat=True).get(pk=graduate_id), by)
    if case.state in ENDED:
        raise Refusal("decided", _ended(case))
    return Graduate.objects.select_for_update(of=("self",)).select_related(*ROWS).get(pk=graduate_id)


def _ended(case: ReviewCase) -> str:
    """Say that no answer counts any more; what was decided is nothing that a college is told."""
    if case.state == CaseState.WITHDRAWN:
        return _("The applicant has withdrawn this application, so no answer is needed any more.")
    return _(
        "We have decided on this application, so an answer no longer changes it. If it matters, write to {mail}."
    ).format(mail=settings.CONTACT_EMAIL)


def _answered_meanwhile(graduate: Graduate) -> str:
    said = _("confirmed") if graduate.state == Confirmed.YES else _("denied")
    return _("{name} was {said} on {at}. If that is wrong, open the graduate and correct the answer.").format(
        name=graduate.application.name_on_certificate, said=said, at=moment_text(graduate.answered_at)
    )


def _asks_the_applicant(graduate: Graduate) -> bool:
    """Whether the letter to the college would reach the very applicant it asks about."""
    return graduate.programme.partner.contact_email.lower() == graduate.application.case.filed_by.email.lower()


def _owe_link(graduate: Graduate, *, at: datetime) -> None:
    """Draw a new link, which ends the one before, and owe it to the college."""
    token, partner, case = secrets.token_urlsafe(32), graduate.programme.partner, graduate.application.case
    graduate.token_hash, graduate.expires_at = key_of(token), at + timedelta(days=settings.PARTNER_LINK_DAYS)
    graduate.save(update_fields=["token_hash", "expires_at"])
    outbox.cancel(about=case.reference, template=ASKED, at=at)
    outbox.owe(
        key=f"{ASKED}:{graduate.pk}:{graduate.token_hash[:16]}",
        at=at,
        template=ASKED,
        to=partner.contact_email,
        about=case.reference,
        secret=token,
        context={
            "name": partner.contact_name,
            "college": partner.name,
            "graduate": graduate.application.name_on_certificate,
            "programme": graduate.programme.name,
            "student_number": graduate.student_number or _("not given"),
            "completed": day_text(graduate.completed_on),
            "until": moment_text(graduate.expires_at),
            "answer_link": settings.SITE_URL + reverse("applications:partner-link", args=[outbox.HIDDEN]),
            "link": settings.SITE_URL + reverse("applications:partner"),
        },
    )


def _tell(graduate: Graduate, made: GraduateAnswer) -> None:
    """Tell the applicant what the college says; of a letter that did not go out yet, the last one goes."""
    case = graduate.application.case
    outbox.cancel(about=case.reference, template__in=[ASKED, *ANSWERS], at=made.at)
    reviews.owe_to_author(
        case,
        ANSWERS[0] if made.yes else ANSWERS[1],
        key=f"partner-answer:{made.pk}",
        at=made.at,
        college=graduate.programme.partner.name,
        programme=graduate.programme.name,
        college_reason=made.note,
    )
