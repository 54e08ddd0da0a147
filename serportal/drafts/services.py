"""Saving what is typed: nothing of two open tabs is lost, and the same save twice is one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from serportal.drafts.models import Typed
from serportal.files import services as files
from serportal.files.models import Folder, StoredFile
from serportal.ui.refusal import Refusal


class StaleDraft(Refusal):
    """The draft was saved elsewhere after this page was opened; nothing of it was overwritten."""

    def __init__(self, typed: Typed):
        super().__init__(
            "stale-draft",
            _(
                "Another tab or device saved this draft after you opened it here. Nothing of yours is lost: it stands "
                "below, not saved yet. Save it to put it in place of the other, or open the draft anew to see it."
            ),
        )
        self.version = typed.version


@dataclass(frozen=True)
class Seen:
    """What a page knew of its draft: the version it was drawn from, its own key, and its how-manieth save this is."""

    version: int
    page: uuid.UUID | None = None
    turn: int = 0

    def follows(self, typed: Typed) -> bool:
        """Whether nobody else saved in between, and no later save of the same page has overtaken this one."""
        if self.page is not None and self.page == typed.page:
            return self.turn > typed.turn
        return self.version == typed.version


def seen_by(post: Mapping[str, str]) -> Seen:
    """Return what the page that was sent knew of its draft; what cannot be read is as good as nothing."""
    try:
        page = uuid.UUID(post.get("page", ""))
    except ValueError:
        page = None
    return Seen(_number(post, "version"), page, _number(post, "turn"))


def _number(post: Mapping[str, str], name: str) -> int:
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def keep(typed: Typed, data: dict, *, seen: Seen, at: datetime) -> bool:
    """Store ``data`` in the locked row ``typed``; return whether anything changed. Raises StaleDraft."""
    if typed.data == data:
        return False
    if not seen.follows(typed):
        raise StaleDraft(typed)
    typed.data, typed.version, typed.saved_at = data, typed.version + 1, at
    typed.page, typed.turn = seen.page, seen.turn
    typed.save(update_fields=["data", "version", "saved_at", "page", "turn"])
    return True


def receive_all(folder: Folder, uploads, *, by, purpose: str = "") -> list[Refusal]:
    """Keep each of ``uploads`` in ``folder``; return a refusal for each that was not taken."""
    refusals = []
    for upload in uploads:
        try:
            files.receive(folder=folder, upload=upload, by=by, purpose=purpose)
        except files.FileRefused as refusal:
            refusals.append(refusal)
    return refusals


def files_in(folder: Folder, purpose: str | None = None):
    """Return the files that are in ``folder``, or those of one ``purpose``."""
    present = folder.files.filter(removed_at__isnull=True)
    return present if purpose is None else present.filter(purpose=purpose)


def throw_away(folder: Folder) -> None:
    """Delete a folder whose draft is gone, with the bytes of its files once that is certain."""
    stored = list(folder.files.all())
    StoredFile.objects.filter(folder=folder).delete()
    folder.delete()
    transaction.on_commit(lambda: [one.content.delete(save=False) for one in stored])
