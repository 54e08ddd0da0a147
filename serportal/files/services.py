"""Receiving and removing files. A file is on disk before its row, so no row is without its file."""

import hashlib
from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.files import rules
from serportal.files.models import Folder, StoredFile
from serportal.ui.refusal import Refusal
from serportal.ui.text import one_line

TAKEN = "PDF, Word, OpenDocument, JPEG, PNG, HEIC"


class FileRefused(Refusal):
    """A file that is not taken; the text names the file, the rule and the way out."""

    def __init__(self, code: str, sentence: str, **values):
        super().__init__(code, sentence.format(**values))


def receive(*, folder: Folder, upload: UploadedFile, by, purpose: str = "") -> StoredFile:
    """Keep ``upload`` in ``folder`` and return its row; the same content sent again returns the row that is there.

    ``purpose`` tells the files of one folder apart; the most we keep is counted for each.

    Raises FileRefused for a file that is empty, too large, one too many, or not of a kind that is taken (SPEC 7).
    """
    name = display_name(upload.name)
    kind = _check(name, upload)
    digest = _digest(upload)
    stored = StoredFile(
        folder=folder,
        purpose=purpose,
        name=name,
        kind=kind,
        size=upload.size,
        sha256=digest,
        received_from=by,
        keep_until=timezone.localdate() + relativedelta(years=settings.FILE_RETENTION_YEARS),
    )
    with transaction.atomic():
        Folder.objects.select_for_update(no_key=True).get(pk=folder.pk)
        present = StoredFile.objects.filter(folder=folder, purpose=purpose, removed_at__isnull=True)
        twin = present.filter(sha256=digest).first()
        if twin is not None:
            return twin
        if present.count() >= settings.FILE_MAX_COUNT:
            raise FileRefused(
                "too-many",
                _("“{name}” was not taken: there are already {most} files here, the most we keep. Remove one first."),
                name=name,
                most=settings.FILE_MAX_COUNT,
            )
        stored.content.save(str(stored.id), upload, save=False)
        try:
            with transaction.atomic():
                stored.save(force_insert=True)
        except IntegrityError:
            stored.content.delete(save=False)
            raise
    return stored


def copy(*, file: StoredFile, folder: Folder, by, purpose: str = "") -> StoredFile:
    """Keep a copy of ``file`` in ``folder``, with bytes of its own: either may go without the other."""
    with file.content.open("rb") as content:
        upload = UploadedFile(content, name=file.name, size=file.size)
        return receive(folder=folder, upload=upload, by=by, purpose=purpose)


def keep(
    *, folder: Folder, content: bytes, name: str, kind: str, by, keep_until: date, purpose: str = ""
) -> StoredFile:
    """Keep what another service has read and found good by its own rules, such as a list; evidence is received."""
    stored = StoredFile(
        folder=folder,
        purpose=purpose,
        name=display_name(name),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        received_from=by,
        keep_until=keep_until,
    )
    stored.content.save(str(stored.id), ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def remove(*, file: StoredFile, by) -> None:
    """Take ``file`` out of its folder; asking twice is the same as asking once."""
    StoredFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(removed_at=timezone.now())


def display_name(name: str) -> str:
    """Return the name a person gave, without folders, marks that reverse reading, or excess length."""
    name = one_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(sign for sign in name if sign.isprintable() and sign not in '"<>|:*?').strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:120]}.{ending[:10]}" if dot and stem else name[:120]


def _check(name: str, upload: UploadedFile) -> str:
    if not upload.size:
        raise FileRefused(
            "empty", _("“{name}” is empty. Open it to see whether it holds anything, then add it again."), name=name
        )
    if upload.size > settings.FILE_MAX_BYTES:
        raise FileRefused(
            "too-large",
            _("“{name}” is larger than {most} MB, the most we take. Send a smaller scan, or split it in two."),
            name=name,
            most=settings.FILE_MAX_BYTES // (1024 * 1024),
        )
    kind = rules.kind_of(upload.file)
    if kind is None:
        raise FileRefused(
            "unknown-kind",
            _("“{name}” is not a kind of file we can read. We take {taken}. Save or photograph it as one of these."),
            name=name,
            taken=TAKEN,
        )
    if not rules.agrees(name, kind):
        raise FileRefused(
            "wrong-ending",
            _("“{name}” holds {kind}, but its name ends differently. Give it the ending .{ending} and add it again."),
            name=name,
            kind=rules.TYPES[kind][1],
            ending=kind,
        )
    return kind


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
