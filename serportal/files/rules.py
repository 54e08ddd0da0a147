"""Which files are taken, told from their content: the first bytes decide, the name must agree."""

import zipfile
from typing import BinaryIO

TYPES = {
    "pdf": ("application/pdf", "PDF"),
    "doc": ("application/msword", "Word"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    "odt": ("application/vnd.oasis.opendocument.text", "OpenDocument"),
    "jpg": ("image/jpeg", "JPEG"),
    "png": ("image/png", "PNG"),
    "heic": ("image/heic", "HEIC"),
    # Lists, which are no evidence: services that read them keep them.
    "csv": ("text/csv", "CSV"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
}
ENDINGS = {"pdf": "pdf", "doc": "doc", "docx": "docx", "odt": "odt", "jpg": "jpg", "jpeg": "jpg", "png": "png"} | {
    "heic": "heic",
    "heif": "heic",
}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"}
MOST_ZIP_ENTRIES = 2000
MOST_ZIP_BYTES = 100 * 1024 * 1024


def kind_of(file: BinaryIO) -> str | None:
    """Return the kind (a key of ``TYPES``) that the content of ``file`` shows, or None; leaves it at its start."""
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "heic"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file)
    return None


def _kind_of_zip(file: BinaryIO) -> str | None:
    """Tell Word and OpenDocument from other archives by their directory alone; nothing is unpacked but the type."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MOST_ZIP_BYTES:
                return None
            names = {entry.filename for entry in entries}
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                return None if "word/vbaProject.bin" in names else "docx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return "odt" if archive.read("mimetype") == TYPES["odt"][0].encode() else None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    finally:
        file.seek(0)
    return None


def ending_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""


def agrees(name: str, kind: str) -> bool:
    """Whether the ending of ``name`` belongs to the ``kind`` that the content shows."""
    return ENDINGS.get(ending_of(name)) == kind
