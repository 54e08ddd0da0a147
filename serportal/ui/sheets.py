"""Tables for spreadsheets, without a cell that a spreadsheet would run (RELIABILITY C27)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice

from defusedcsv import csv
from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from serportal.ui.words import number

MARK = "\ufeff"
SIGNS = frozenset("=+-@|%")
ROWS_AT_ONCE = 200
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def comma_separated(columns: Iterable[tuple[str, int]], rows: Iterable[Iterable], name: str) -> StreamingHttpResponse:
    """Answer with ``rows`` under the headings of ``columns`` as CSV; ``columns`` are pairs of heading and width."""
    told = ([number(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows)
    return sheet(chain([[heading for heading, _width in columns]], told), f"{name}.csv")


def workbook(columns: Iterable[tuple[str, int]], rows: Iterable[Iterable], name: str) -> HttpResponse:
    """Answer with ``rows`` as XLSX: words are words whatever they begin with, numbers and days are such."""
    book = Workbook(write_only=True)
    page = book.create_sheet(name[:31])
    page.freeze_panes = "A2"
    for place, (_heading, width) in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    head = [WriteOnlyCell(page, heading) for heading, _width in columns]
    for cell in head:
        cell.font = Font(bold=True)
    page.append(head)
    for row in rows:
        page.append([_quiet(page, cell) for cell in row])
    page.auto_filter.ref = f"A1:{get_column_letter(len(head))}1"
    response = HttpResponse(content_type=XLSX)
    book.save(response)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _quiet(page, value):
    """Return a cell that holds ``value``; words keep the type of words, even those that look like a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, UNWRITABLE.sub("", value))
    cell.data_type = "s"
    return cell


SHAPES = {"csv": comma_separated, "xlsx": workbook}
MOST_ROWS = {"csv": None, "xlsx": 20_000}
