"""Tables for spreadsheets: UTF-8, streamed, and without a cell that a spreadsheet would run (RELIABILITY C27)."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from defusedcsv import csv
from django.http import StreamingHttpResponse

MARK = "\ufeff"
SIGNS = frozenset("=+-@|%")
ROWS_AT_ONCE = 200


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def inert(cell):
    """Return ``cell`` so that a spreadsheet shows it and runs nothing.

    The writer takes care of cells that begin with a plain sign, and leaves numbers below zero alone; here come signs
    in full width, and signs behind blanks, tabs and what nobody sees.
    """
    if not isinstance(cell, str) or cell[:1] in SIGNS:
        return cell
    shown = next((sign for sign in cell if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"}), "")
    runs = unicodedata.normalize("NFKC", shown)[:1] in SIGNS or cell[:1] in {"\t", "\r", "\n"}
    return f"'{cell}" if runs else cell


def lines(rows: Iterable[Iterable], *, mark: bool = True) -> Iterator[str]:
    """Yield ``rows`` as text, many at a time; ``mark`` tells spreadsheets that it is UTF-8."""
    writer = csv.writer(_Echo())
    texts = (writer.writerow([inert(cell) for cell in row]) for row in rows)
    texts = chain([MARK], texts) if mark else texts
    while part := "".join(islice(texts, ROWS_AT_ONCE)):
        yield part


def sheet(rows: Iterable[Iterable], name: str, *, mark: bool = True) -> StreamingHttpResponse:
    """Answer with ``rows`` as a file called ``name``, which no cache keeps."""
    response = StreamingHttpResponse(lines(rows, mark=mark), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
