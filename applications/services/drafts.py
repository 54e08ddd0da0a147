"""Drafts: sections and rows saved as typed, each by itself, with a folder of files (SPEC 6)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import asks
from applications.models import Draft, Programme, RowText, SectionText
from applications.services import reference_letters
from applications.services.content import has_steps
from applications.services.eligibility import check_may_apply
from applications.states import Document, Kind, Listed, Section
from serportal.drafts import services as drafts
from serportal.drafts.services import Seen, StaleDraft
from serportal.files import services as files
from serportal.files.models import Folder, StoredFile
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key, clean_text
from serportal.ui.words import programme_day

MANY = frozenset({"sides", "phases"})
FROM_PROFILE = ("preferred_name", "phone", "employer", "job_title")


@transaction.atomic
def start(*, owner, kind: str, key: uuid.UUID, at: datetime | None = None) -> Draft:
    """Start a draft of ``kind`` under ``key``; one that is open already is returned instead, however it was begun.

    It begins with what the profile says. Raises Refusal for someone who may not apply for it, UnderWay (with its case)
    while an application of the kind is undecided, and Refusal for the key of another draft.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    open_one = Draft.objects.open_of(owner).filter(kind=kind).first()
    if open_one is not None:
        return open_one
    certification = check_may_apply(owner, kind, today=programme_day(at))
    if Draft.objects.filter(pk=key).exists():
        raise Refusal("used-key", _("This button was used before. Open the page again and start from there."))
    draft = Draft.objects.create(
        pk=key,
        owner=owner,
        kind=kind,
        folder=Folder.objects.create(),
        certification=certification,
        started_at=at,
        saved_at=at,
    )
    person = {name: getattr(owner, name) for name in FROM_PROFILE if getattr(owner, name)}
    person |= {"name_on_certificate": owner.name, "country": str(owner.country or "")}
    SectionText.objects.create(draft=draft, section=Section.PERSON, data=person, saved_at=at)
    _take_up_steps(draft, at)
    return draft


def _take_up_steps(draft: Draft, at: datetime) -> None:
    """Give every next step that the CERPIT came with a row of its own (R-APP-8)."""
    if draft.kind != Kind.UPGRADE:
        return
    RowText.objects.bulk_create(
        RowText(draft=draft, listed=Listed.STEP, number=step.number, data={"step": str(step.pk)}, saved_at=at)
        for step in draft.certification.next_steps.all()
    )


def sections_of(draft: Draft) -> tuple[Section, ...]:
    """Return the sections that ``draft`` asks: those of its kind, or those that a question opened (R-REV-8).

    A partner’s graduate is asked about the fee only where the partner does not cover it (R-APP-7).
    """
    asked = asks.sections_of(draft.kind, steps=draft.kind == Kind.UPGRADE and has_steps(draft))
    if draft.kind == Kind.PARTNER and pays_no_fee(draft):
        asked = tuple(section for section in asked if section != Section.FEE)
    if draft.request_id is None:
        return asked
    return tuple(section for section in asked if section in draft.request.parts)


def pays_no_fee(draft: Draft) -> bool:
    """Whether the partner whose programme ``draft`` names covers the fee, or none is named yet."""
    typed = next((one for one in draft.sections.all() if one.section == Section.PROGRAMME), None)
    key = as_key(str(typed.data.get("programme", ""))) if typed else None
    return not Programme.objects.filter(pk=key, partner__fee_covered=False).exists()


def kept(where: str, kind: str, posted) -> dict:
    """Return the part of a posted form that ``where`` keeps: known fields, cleaned text, nothing interpreted."""
    data = {}
    for name in sorted(asks.names_of(where, kind)):
        if name not in posted:
            continue
        if name in MANY:
            data[name] = [clean_text(value)[:20] for value in posted.getlist(name)][:10]
        elif text := clean_text(posted[name]):
            data[name] = text
    return data


@transaction.atomic
def save_section(
    *, draft_id: uuid.UUID, owner, section: str, data: dict, seen: Seen, at: datetime | None = None
) -> SectionText:
    """Keep ``data`` of one section as it was typed.

    Raises StaleDraft where another page saved this section in between, Refusal once filed or where it is not asked.
    """
    at = at or timezone.now()
    draft = _unfiled(draft_id, owner, section)
    typed, _created = SectionText.objects.select_for_update().get_or_create(
        draft=draft, section=section, defaults={"saved_at": at}
    )
    if drafts.keep(typed, data, seen=seen, at=at):
        _touch(draft, at)
    return typed


@transaction.atomic
def save_row(
    *,
    draft_id: uuid.UUID,
    owner,
    listed: str,
    row_id: uuid.UUID,
    data: dict,
    seen: Seen,
    with_files: bool = False,
    at: datetime | None = None,
) -> RowText:
    """Keep ``data`` of one row; the first save under ``row_id`` adds it, at the end of its list.

    Raises StaleDraft where another page saved this row in between, Refusal once filed, where the list is full, and for
    the id of a row elsewhere. An empty row is not added, unless it comes ``with_files``.
    """
    at = at or timezone.now()
    draft = _unfiled(draft_id, owner, section_of(listed))
    row = RowText.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        if listed == Listed.STEP:
            raise Refusal("no-row", _("The steps are those of the letter; none can be added."))
        if not any(data.values()) and not with_files:
            return RowText(pk=row_id, draft=draft, listed=listed, number=0, data={}, version=0, saved_at=at)
        row = _added(draft, listed, row_id, at)
    elif row.draft_id != draft.pk or row.listed != listed:
        raise Refusal("foreign-row", _("This row is not part of this draft. Open the draft again."))
    if listed == Listed.STEP:
        data = {**data, "step": row.data["step"]}
    if drafts.keep(row, data, seen=seen, at=at):
        _touch(draft, at)
    return row


def _added(draft: Draft, listed: str, row_id: uuid.UUID, at: datetime) -> RowText:
    there = draft.rows.filter(listed=listed)
    if there.count() >= asks.MOST_ROWS:
        sentence = _("This list has {n} rows, the most it takes. Remove one first, or put several into one.")
        raise Refusal("too-many-rows", sentence.format(n=asks.MOST_ROWS))
    last = there.aggregate(last=Max("number"))["last"] or 0
    return RowText.objects.create(
        pk=row_id, draft=draft, listed=listed, number=last + 1, data={}, version=0, saved_at=at
    )


@transaction.atomic
def copy_row(*, draft_id: uuid.UUID, owner, row_id: uuid.UUID, key: uuid.UUID, at: datetime | None = None) -> RowText:
    """Add a row that begins as a copy of ``row_id``, under ``key``; the same key again returns the one there is."""
    at = at or timezone.now()
    row = RowText.objects.filter(draft__owner=owner, draft=draft_id).exclude(listed=Listed.STEP).get(pk=row_id)
    draft = _unfiled(draft_id, owner, section_of(row.listed))
    made = draft.rows.filter(pk=key).first()
    if made is not None:
        return made
    made = _added(draft, row.listed, key, at)
    made.data, made.version = row.data, 1
    made.save(update_fields=["data", "version"])
    _touch(draft, at)
    return made


@transaction.atomic
def remove_row(*, draft_id: uuid.UUID, owner, listed: str, row_id: uuid.UUID, at: datetime | None = None) -> None:
    """Take a row and its files out of the draft; one that is not there changes nothing."""
    draft = _unfiled(draft_id, owner, section_of(listed))
    deleted, _rows = draft.rows.filter(pk=row_id, listed=listed).exclude(listed=Listed.STEP).delete()
    if deleted:
        for stored in drafts.files_in(draft.folder, purpose_of(listed, row_id)):
            files.remove(file=stored, by=owner)
        _touch(draft, at or timezone.now())


def section_of(listed: str) -> Section:
    return next(section for section, one in asks.LISTED.items() if one == listed)


def purpose_of(listed: str, row_id: uuid.UUID) -> str:
    """Return the purpose under which the files of one row are kept."""
    return f"{listed}:{row_id}"


def add_files(*, draft: Draft, uploads, purpose: str, by) -> list[Refusal]:
    """Keep each of ``uploads`` for ``purpose``: a document’s, or a row’s; return a refusal for each not taken.

    Raises Refusal once the application is filed, and for a purpose that the draft does not ask.
    """
    if not uploads:
        return []
    with transaction.atomic():
        listed, _sign, _row = purpose.partition(":")
        known = purpose in Document.values or listed in asks.WITH_FILES
        held = _unfiled(
            draft.pk, by, Section.DOCUMENTS if purpose in Document.values else section_of(listed) if known else ""
        )
        _touch(held, timezone.now())
        return drafts.receive_all(held.folder, uploads, by=by, purpose=purpose)


@transaction.atomic
def remove_file(*, draft: Draft, key: str, by) -> None:
    """Take the file ``key`` out of the draft; one that is not there changes nothing. Raises Refusal once filed."""
    for stored in files_of(_unfiled(draft.pk, by)):
        if str(stored.pk) == key:
            files.remove(file=stored, by=by)


def files_of(draft: Draft) -> list[StoredFile]:
    """Return the files of a draft, in the order in which they came."""
    return list(drafts.files_in(draft.folder).order_by("received_at"))


@transaction.atomic
def discard(*, draft_id: uuid.UUID, owner) -> None:
    """Delete an unfiled draft of ``owner`` with its files and references; asking twice is the same as asking once."""
    draft = (
        Draft.objects.select_for_update()
        .filter(pk=draft_id, owner=owner, sent_at__isnull=True, request__isnull=True)
        .first()
    )
    if draft is None:
        return
    reference_letters.cancel_all(draft)
    draft.delete()
    drafts.throw_away(draft.folder)


def _unfiled(draft_id: uuid.UUID, owner, section: str | None = None) -> Draft:
    """Lock and return a draft that may still change, and that asks ``section``."""
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("folder", "request", "certification")
        .get(pk=draft_id, owner=owner)
    )
    if draft.sent_at:
        raise Refusal(
            "filed", _("This application is already filed; its answers and files can no longer be changed here.")
        )
    if draft.request_id and draft.request.closed_at:
        raise Refusal("filed", _("This question was closed meanwhile; nothing is asked of you about it any more."))
    if section is not None and section not in sections_of(draft):
        raise Refusal("not-asked", _("This application does not ask that. Open the draft again to see what it asks."))
    return draft


def _touch(draft: Draft, at: datetime) -> None:
    draft.saved_at = at
    draft.save(update_fields=["saved_at"])


__all__ = [
    "Seen",
    "StaleDraft",
    "add_files",
    "copy_row",
    "discard",
    "files_of",
    "kept",
    "purpose_of",
    "remove_file",
    "remove_row",
    "save_row",
    "save_section",
    "section_of",
    "sections_of",
    "start",
]
