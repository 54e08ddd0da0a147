import io
from collections.abc import Iterable, Iterator
from zipfile import ZipFile, ZipInfo

from django.http import HttpResponse, StreamingHttpResponse


def paper_response(document: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to keep, called ``name``, which no cache keeps."""
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def archive_response(documents: Iterable[tuple[str, bytes]], name: str) -> StreamingHttpResponse:
    """Answer with a ZIP of ``documents``, pairs of (name, content), each made only when the one before is sent."""
    response = StreamingHttpResponse(zipped(documents), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def zipped(documents: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP piece by piece: no more than one document is held at a time. PDF is compressed already."""
    pieces = _Pieces()
    with ZipFile(pieces, "w") as archive:
        for name, content in documents:
            archive.writestr(ZipInfo(name), content)
            yield pieces.taken()
    yield pieces.taken()


class _Pieces:
    """A file that only takes, and gives away what it took."""

    def __init__(self):
        self.kept = io.BytesIO()

    def write(self, piece: bytes) -> int:
        return self.kept.write(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def taken(self) -> bytes:
        piece, self.kept = self.kept.getvalue(), io.BytesIO()
        return piece
