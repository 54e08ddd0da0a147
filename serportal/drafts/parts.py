"""Drafts made of sections and rows: each typed and saved by itself, with a folder of files (SPEC 6)."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.drafts import services as drafts
from serportal.drafts.models import RowTyped, SectionTyped
from serportal.drafts.services import Seen
from serportal.files import services as files
from serportal.files.models import Folder, StoredFile
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text


class Parts(ABC):
    """The one way in which such a draft is saved. An app says what it asks; nothing else differs."""

    # The app’s own tables, and what is read with a draft that is held.
    draft: type[Model]
    section_text: type[SectionTyped]
    row_text: type[RowTyped]
    related: tuple[str, ...] = ("folder", "request")
    # The list that a section is made of, and the section in which files of a purpose are asked.
    listed: Mapping[str, str]
    documents: Mapping[str, str] = {}
    with_files: frozenset[str] = frozenset()
    # Lists whose rows are given: nobody adds, copies or removes one, and what they are about stays.
    given: Mapping[str, str] = {}
    # Names that hold several choices.
    many: frozenset[str] = frozenset()
    most_rows = 1000

    @abstractmethod
    def asked_of(self, draft) -> tuple:
        """Return the sections of ``draft``, in order, whether or not it answers a question."""

    @abstractmethod
    def names_of(self, draft, where: str) -> frozenset[str]:
        """Return the names under which ``where``, a section or a list, keeps what is typed."""

    def let_go(self, draft) -> None:
        """Do what discarding ``draft`` means elsewhere."""
        return

    def noted(self, draft, section: str, data: dict) -> None:
        """Do what new answers of ``section`` mean for the draft itself."""
        return

    def sections_of(self, draft) -> tuple:
        """Return the sections that ``draft`` asks, or those of them that a question opened (R-REV-8)."""
        asked = self.asked_of(draft)
        if draft.request_id is None:
            return asked
        return tuple(section for section in asked if section in draft.request.parts)

    def section_of(self, listed: str) -> str:
        return next(section for section, one in self.listed.items() if one == listed)

    def kept(self, draft, where: str, posted) -> dict:
        """Return the part of a posted form that ``where`` keeps: known fields, cleaned text, nothing interpreted."""
        data = {}
        for name in sorted(self.names_of(draft, where)):
            if name not in posted:
                continue
            if name in self.many:
                data[name] = [clean_text(value)[:20] for value in posted.getlist(name)][:10]
            elif text := clean_text(posted[name]):
                data[name] = text
        return data

    @transaction.atomic
    def save_section(
        self, *, draft_id: uuid.UUID, owner, section: str, data: dict, seen: Seen, at: datetime | None = None
    ) -> SectionTyped:
        """Keep ``data`` of one section as it was typed.

        Raises StaleDraft where another page saved this section in between, Refusal once filed or where it is not asked.
        """
        at = at or timezone.now()
        draft = self.held(draft_id, owner, section)
        typed, _created = self.section_text.objects.select_for_update().get_or_create(
            draft=draft, section=section, defaults={"saved_at": at}
        )
        if drafts.keep(typed, data, seen=seen, at=at):
            _touch(draft, at)
            self.noted(draft, section, data)
        return typed

    @transaction.atomic
    def save_row(
        self,
        *,
        draft_id: uuid.UUID,
        owner,
        listed: str,
        row_id: uuid.UUID,
        data: dict,
        seen: Seen,
        with_files: bool = False,
        at: datetime | None = None,
    ) -> RowTyped:
        """Keep ``data`` of one row; the first save under ``row_id`` adds it, at the end of its list.

        Raises StaleDraft where another page saved this row in between, Refusal once filed, where the list is full, and
        for the id of a row elsewhere. An empty row is not added, unless it comes ``with_files``.
        """
        at = at or timezone.now()
        draft = self.held(draft_id, owner, self.section_of(listed))
        row = self.row_text.objects.select_for_update().filter(pk=row_id).first()
        if row is None:
            if listed in self.given:
                raise Refusal("no-row", _("The rows of this list are given; none can be added."))
            if not any(data.values()) and not with_files:
                return self.row_text(pk=row_id, draft=draft, listed=listed, number=0, data={}, version=0, saved_at=at)
            row = self._added(draft, listed, row_id, at)
        elif row.draft_id != draft.pk or row.listed != listed:
            raise Refusal("foreign-row", _("This row is not part of this draft. Open the draft again."))
        if listed in self.given:
            data = {**data, self.given[listed]: row.data[self.given[listed]]}
        if drafts.keep(row, data, seen=seen, at=at):
            _touch(draft, at)
        return row

    def _added(self, draft, listed: str, row_id: uuid.UUID, at: datetime) -> RowTyped:
        there = draft.rows.filter(listed=listed)
        if there.count() >= self.most_rows:
            sentence = _("This list has {n} rows, the most it takes. Remove one first, or put several into one.")
            raise Refusal("too-many-rows", sentence.format(n=self.most_rows))
        last = there.aggregate(last=Max("number"))["last"] or 0
        return self.row_text.objects.create(
            pk=row_id, draft=draft, listed=listed, number=last + 1, data={}, version=0, saved_at=at
        )

    @transaction.atomic
    def copy_row(
        self, *, draft_id: uuid.UUID, owner, row_id: uuid.UUID, key: uuid.UUID, at: datetime | None = None
    ) -> RowTyped:
        """Add a row that begins as a copy of ``row_id``, under ``key``; the same key again returns the one there is."""
        at = at or timezone.now()
        copied = self.row_text.objects.filter(draft__owner=owner, draft=draft_id).exclude(listed__in=self.given)
        row = copied.get(pk=row_id)
        draft = self.held(draft_id, owner, self.section_of(row.listed))
        made = draft.rows.filter(pk=key).first()
        if made is not None:
            return made
        made = self._added(draft, row.listed, key, at)
        made.data, made.version = row.data, 1
        made.save(update_fields=["data", "version"])
        _touch(draft, at)
        return made

    @transaction.atomic
    def remove_row(
        self, *, draft_id: uuid.UUID, owner, listed: str, row_id: uuid.UUID, at: datetime | None = None
    ) -> None:
        """Take a row and its files out of the draft; one that is not there changes nothing."""
        draft = self.held(draft_id, owner, self.section_of(listed))
        deleted, _rows = draft.rows.filter(pk=row_id, listed=listed).exclude(listed__in=self.given).delete()
        if deleted:
            for stored in drafts.files_in(draft.folder, purpose_of(listed, row_id)):
                files.remove(file=stored, by=owner)
            _touch(draft, at or timezone.now())

    def add_files(self, *, draft, uploads, purpose: str, by) -> list[Refusal]:
        """Keep each of ``uploads`` for ``purpose``: a document’s, or a row’s; return a refusal for each not taken.

        Raises Refusal once the draft is filed, and for a purpose that it does not ask.
        """
        if not uploads:
            return []
        with transaction.atomic():
            held = self.held(draft.pk, by, self._section_with(purpose))
            _touch(held, timezone.now())
            return drafts.receive_all(held.folder, uploads, by=by, purpose=purpose)

    def _section_with(self, purpose: str) -> str:
        """Return the section in which files of ``purpose`` are asked; "" where none is."""
        listed = purpose.partition(":")[0]
        return self.documents.get(purpose) or (self.section_of(listed) if listed in self.with_files else "")

    @transaction.atomic
    def remove_file(self, *, draft, key: str, by) -> None:
        """Take the file ``key`` out of the draft; one that is not there changes nothing. Raises Refusal once filed."""
        for stored in files_of(self.held(draft.pk, by)):
            if str(stored.pk) == key:
                files.remove(file=stored, by=by)

    @transaction.atomic
    def discard(self, *, draft_id: uuid.UUID, owner) -> None:
        """Delete an unfiled draft of ``owner`` with its files; asking twice is the same as asking once."""
        unfiled = self.draft.objects.open_of(owner).select_for_update(of=("self",)).filter(pk=draft_id)
        draft = unfiled.first()
        if draft is None:
            return
        self.let_go(draft)
        draft.delete()
        drafts.throw_away(draft.folder)

    def held(self, draft_id: uuid.UUID, owner, section: str | None = None):
        """Lock and return a draft that may still change, and that asks ``section``."""
        draft = (
            self.draft.objects.select_for_update(of=("self",))
            .select_related(*self.related)
            .get(pk=draft_id, owner=owner)
        )
        if draft.sent_at:
            raise Refusal("filed", _("This is already filed; its answers and files can no longer be changed here."))
        if draft.request_id and draft.request.closed_at:
            raise Refusal("filed", _("This question was closed meanwhile; nothing is asked of you about it any more."))
        if section is not None and section not in self.sections_of(draft):
            raise Refusal("not-asked", _("This draft does not ask that. Open it again to see what it asks."))
        return draft

    def begin_as_filed(self, draft, content: dict, at: datetime) -> None:
        """Type the parts that a question opened in as they were filed; rows keep their ids, which name their files."""
        for part in draft.request.parts:
            listed = self.listed.get(part)
            if listed is None and part in content:
                self.section_text.objects.create(draft=draft, section=part, data=content[part], saved_at=at)
            for number, row in enumerate(content.get(listed, []) if listed else [], start=1):
                data = {name: text for name, text in row.items() if name != "id"}
                fresh = {"draft": draft, "listed": listed, "number": number, "data": data, "version": 1, "page": None}
                self.row_text.objects.update_or_create(pk=_id_of(row), defaults={**fresh, "turn": 0, "saved_at": at})


def content_of(draft, sections, lists) -> dict:
    """Return {section: {field: text}, list: [{"id", field: text}]} of ``sections`` and ``lists``; two queries.

    What else was typed is left out, however it came there.
    """
    rows = {str(listed): [] for listed in lists}
    for row in draft.rows.all():
        if row.listed in rows:
            rows[row.listed].append({"id": str(row.pk), **row.data})
    found = {str(name): {} for name in sections}
    for section in draft.sections.all():
        if section.section in found:
            found[section.section] = section.data
    return {**found, **rows}


def purpose_of(listed: str, row_id: uuid.UUID) -> str:
    """Return the purpose under which the files of one row are kept."""
    return f"{listed}:{row_id}"


def files_of(draft) -> list[StoredFile]:
    """Return the files of a draft, in the order in which they came."""
    return list(drafts.files_in(draft.folder).order_by("received_at"))


def take_over_files(draft, folder: Folder) -> None:
    """Bring what came with an answer into ``folder``, but for what is there already."""
    there = set(drafts.files_in(folder).values_list("purpose", "sha256"))
    new = [file.pk for file in drafts.files_in(draft.folder) if (file.purpose, file.sha256) not in there]
    StoredFile.objects.filter(pk__in=new).update(folder=folder)


def _id_of(row: dict) -> uuid.UUID:
    """Return the id of a filed row; one that came without the form, as from an import, gets a new one."""
    try:
        return uuid.UUID(row["id"])
    except ValueError:
        return uuid.uuid4()


def _touch(draft, at: datetime) -> None:
    draft.saved_at = at
    draft.save(update_fields=["saved_at"])
