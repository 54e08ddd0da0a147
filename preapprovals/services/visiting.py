"""Monitoring: visits, and records that SER asks a sponsor for (R-SPO-5, R-SPO-6)."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals.models import Notice, Offering, Visit
from preapprovals.querysets import EDITORS
from preapprovals.services.listing import held
from preapprovals.services.telling import tell_contacts
from preapprovals.states import Act
from serportal.drafts.services import files_in, receive_all
from serportal.files.models import Folder
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day

ASKED, RECEIVED = "offering-records-asked", "offering-records-received"
MOST_WORDS = 8000


@transaction.atomic
def note_visit(*, offering_id: int, on_day: date, note: str, by, at: datetime | None = None) -> Visit:
    """Note a monitoring visit; coordinators alone read it."""
    at = at or timezone.now()
    offering = held(offering_id, by=by)
    Notice.objects.create(offering=offering, act=Act.VISITED, at=at, by=by)
    return Visit.objects.create(
        offering=offering, folder=Folder.objects.create(), on_day=on_day, note=note, at=at, by=by
    )


@transaction.atomic
def ask_records(*, offering_id: int, asked_until: date, note: str, by, at: datetime | None = None) -> Visit:
    """Ask a sponsor for its records by a day. Raises Refusal where nobody could answer, or one is open already."""
    at = at or timezone.now()
    offering = held(offering_id, by=by)
    if offering.visits.unanswered().exists():
        raise Refusal("asked", _("The sponsor was asked already and has not answered yet."))
    if not offering.sponsor.contacts.current().filter(role__in=EDITORS).exists():
        sentence = _("{sponsor} has no contact who could answer. Write to them outside the portal, and note a visit.")
        raise Refusal("nobody", sentence.format(sponsor=offering.sponsor.name))
    visit = Visit.objects.create(
        offering=offering,
        folder=Folder.objects.create(),
        on_day=programme_day(at),
        note=note,
        at=at,
        by=by,
        asked_until=asked_until,
    )
    Notice.objects.create(offering=offering, act=Act.AUDITED, at=at, by=by)
    tell_contacts(
        offering,
        key=f"{ASKED}:{visit.pk}",
        template=ASKED,
        context={
            "title": offering.title,
            "question": note,
            "due": day_text(asked_until),
            "answer_link": records_address(visit),
        },
        at=at,
        roles=EDITORS,
    )
    return visit


def records_address(visit: Visit) -> str:
    """Return the address of the page on which a sponsor sends what it was asked for."""
    return settings.SITE_URL + reverse("preapprovals:records", args=[visit.offering_id, visit.pk])


def add_visit_files(*, visit_id: int, files, by) -> Visit:
    """Keep what a coordinator brought from a visit. What is good is kept, and Refusal says what was not taken."""
    visit = Visit.objects.coordinated_by(by).get(pk=visit_id)
    if visit.asked_until is not None:
        raise Refusal("theirs", _("These are the records of the sponsor. Only its contacts add to them."))
    _receive(visit, files, by)
    return visit


def add_record_files(*, visit_id: int, files, by) -> None:
    """Keep what a contact sends, before the answer goes out. What is good is kept, and Refusal says what was not."""
    visit = _asked_of(visit_id, by)
    _check_open(visit)
    _receive(visit, files, by)


def keep_answer(*, visit_id: int, text: str, by) -> Visit:
    """Keep what a contact wrote so far, without sending it."""
    with transaction.atomic():
        visit = _asked_of(visit_id, by, lock=True)
        _check_open(visit)
        visit.answer = clean_text(text)[:MOST_WORDS]
        visit.save(update_fields=["answer"])
    return visit


@transaction.atomic
def answer_records(*, visit_id: int, text: str, by, at: datetime | None = None) -> Visit:
    """Send SER what it asked for, once: words, files or both. Raises Refusal where there is neither."""
    at = at or timezone.now()
    visit = _asked_of(visit_id, by, lock=True)
    _check_open(visit)
    visit.answer = clean_text(text)[:MOST_WORDS]
    if not visit.answer and not files_in(visit.folder).exists():
        raise Refusal("empty", _("There is nothing to send yet. Add files, or write an answer."))
    visit.answered_at, visit.answered_by = at, by
    visit.save(update_fields=["answer", "answered_at", "answered_by"])
    tell_contacts(
        visit.offering,
        key=f"{RECEIVED}:{visit.pk}",
        template=RECEIVED,
        context={"title": visit.offering.title, "link": records_address(visit)},
        at=at,
        roles=EDITORS,
    )
    return visit


def _asked_of(visit_id: int, by, *, lock: bool = False) -> Visit:
    """Return a request for records that ``by`` may answer for the sponsor."""
    rows = Visit.objects.select_for_update(of=("self",)) if lock else Visit.objects
    mine = Offering.objects.of(by, EDITORS)
    return rows.asked().select_related("offering__sponsor", "folder").get(pk=visit_id, offering__in=mine)


def _check_open(visit: Visit) -> None:
    if visit.answered_at is not None:
        raise Refusal("answered", _("This was sent to SER already and stays as it is. Write to us to add something."))


def _receive(visit: Visit, files, by) -> None:
    refused = receive_all(visit.folder, files, by=by)
    if refused:
        raise Refusal("files", " ".join(str(one) for one in refused))
