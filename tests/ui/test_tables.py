"""Lists as people send them, and files that mean harm (RELIABILITY C12)."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import Workbook

from serportal.ui import tables
from serportal.ui.refusal import Refusal

LISTS = Path(__file__).parents[1] / "preapprovals" / "rosters"
PEOPLE = [
    ["Hours", "E-mail address", "Surname", "First name", "Completed"],
    ["6", "amara@marsh.example", "Okafor", "Amara", "yes"],
    ["4.5", "jan@dike.example", "de Boer", "Jan", "yes"],
    ["6", "wanjiru@reed.example", "Kamau", "Wanjiru", "no"],
]
SHEET = "xl/worksheets/sheet1.xml"
IN_TEXT = [[row[0].replace(".", ","), *row[1:]] for row in PEOPLE]


def read(name: str) -> tables.Table:
    return tables.read_table((LISTS / name).read_bytes(), most_rows=100)


def cells(table: tables.Table) -> list[list[str]]:
    return [row for _number, row in table.rows]


def book(*rows) -> bytes:
    made, content = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return the workbook ``content`` with another ``part`` in the place of one of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return archive(**{**{entry: old.read(entry) for entry in old.namelist()}, name: part})


def test_excel_with_a_title_a_hidden_sheet_and_notes_behind():
    table = read("excel.xlsx")
    assert cells(table) == [["Wetland soils in the field"], *PEOPLE]
    assert [number for number, _row in table.rows] == [1, 3, 4, 5, 6]
    assert table.source.sentences() == [
        "Read from the sheet “Attendees”; the other sheet (Notes) was not read.",
        "A hidden sheet (Lookup) was not read.",
    ]


def test_what_a_person_does_not_see_in_a_workbook_is_not_read_and_that_is_said():
    """A row is hidden by hand, by a filter or in a folded group; sheets beside the list are named."""
    made, content = Workbook(), io.BytesIO()
    made.active.title = "Attendees"
    for row in (
        ["Name", "E-mail"],
        ["Amara", "amara@x.example"],
        ["Left", "left@x.example"],
        [],
        ["Li", "li@x.example"],
    ):
        made.active.append(row)
    for number in (3, 4, 900):
        made.active.row_dimensions[number].hidden = True
    for title in ("Notes", "Sheet3", "Empty"):
        made.create_sheet(title)
    made["Notes"].append(["Bring boots"])
    made["Sheet3"].append(["and water"])
    made.save(content)
    table = tables.read_table(content.getvalue(), most_rows=2 + 1)
    assert table.rows == [(1, ["Name", "E-mail"]), (2, ["Amara", "amara@x.example"]), (5, ["Li", "li@x.example"])]
    assert table.source.sentences() == [
        "Read from the sheet “Attendees”; the other sheets (Notes, Sheet3) were not read.",
        "One hidden row was not read. If it belongs to the list, show it there and send the list again.",
    ]


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ('r="3" spans="1:2" hidden="1"', True),
        ('r="3" customFormat="false" ht="12.8" hidden="true" customHeight="false"', True),
        ("hidden='1' r='3'", True),
        ('r="3" hidden="false"', False),
        ('r="3"', False),
    ],
)
def test_a_hidden_row_is_known_however_a_program_writes_it(attributes, hidden):
    listed = book(["Name"], ["Amara"], ["Li"])
    with zipfile.ZipFile(io.BytesIO(listed)) as archive:
        part = re.sub(rb'<row r="3"[^>]*>', f"<row {attributes}>".encode(), archive.read(SHEET))
    table = tables.read_table(with_part(listed, SHEET, part), most_rows=100)
    assert [number for number, _row in table.rows] == ([1, 2] if hidden else [1, 2, 3])
    assert table.source.hidden_rows == hidden


def test_days_counted_from_1904_days_as_text_and_times_past_a_day():
    assert cells(read("excel-1904.xlsx"))[1:] == [
        ["Amara Okafor", "amara@marsh.example", "2026-03-04", "6:30"],
        ["Jan de Boer", "jan@dike.example", "4 March 2026", "30:00"],
    ]


def test_a_formula_is_its_value_or_itself_where_nobody_computed_it():
    assert [row[2] for row in cells(read("excel-formulas.xlsx"))] == ["Hours", "6", "=4*1", "#DIV/0!"]


def test_a_workbook_of_libreoffice_whose_sheet_is_a_million_rows_long():
    assert cells(read("libreoffice.xlsx")) == [
        ["Name", "E-mail", "Hours"],
        ["Okafor, Amara", "amara@marsh.example", "6,5 h"],
        ["Jan de Boer", "jan@dike.example", "4.5"],
    ]


@pytest.mark.parametrize(("name", "first"), [("excel-unicode.txt", 1), ("numbers.csv", 2)])
def test_text_in_every_coding_with_every_separator(name, first):
    table = read(name)
    assert (cells(table), table.rows[0][0]) == (IN_TEXT, first)


def test_what_windows_writes_keeps_its_accents():
    assert cells(read("excel-windows.csv")) == [*IN_TEXT, ["6", "zoe@dike.example", "Müller", "Zoë", "yes"]]


ROWS = some.lists(
    some.lists(some.text("abcÄé ,;|'", min_size=1, max_size=8).filter(str.strip), min_size=3, max_size=3),
    min_size=2,
    max_size=6,
)


@given(ROWS, some.sampled_from([("utf-8", "\t"), ("utf-8-sig", "\t"), ("utf-16", "\t")]))
def test_what_is_copied_from_a_spreadsheet_is_read_as_it_stands(rows, how):
    coding, separator = how
    content = "\r\n".join(separator.join(row) for row in rows).encode(coding)
    wanted = [[" ".join(cell.split()) for cell in row] for row in rows]
    assert cells(tables.read_table(content, most_rows=100)) == wanted


def entity(text: bytes) -> bytes:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">' + laughs + b"]>" + text


LISTED = book(["Name", "E-mail"], ["Amara", "amara@marsh.example"])
HOSTILE = {
    "nothing": (b"", "empty"),
    "blanks": (b"\r\n \r\n", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no-list"),
    "a PDF": (b"%PDF-1.4\n\x00\x01", "no-list"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-workbook"),
    "an open quotation mark": (b'Name,E-mail\n"Amara,' + b"x" * 200_000, "broken"),
    "an archive cut short": (LISTED[:-400], "broken"),
    "an archive of something else": (archive(a=b"b"), "no-workbook"),
    "an OpenDocument": (archive(mimetype=b"x", **{"content.xml": b"<x/>"}), "opendocument"),
    "entities": (with_part(LISTED, SHEET, entity(b"<worksheet/>")), "hostile"),
    "entities in UTF-16": (with_part(LISTED, SHEET, entity(b"<x/>").decode().encode("utf-16")), "hostile"),
    "a bomb": (with_part(LISTED, SHEET, b"<a>" + b"0" * (60 * 1024 * 1024)), "too-large"),
    "a part that is no XML": (with_part(LISTED, SHEET, b"<worksheet><sheetData><row"), "broken"),
    "too many parts": (archive(**{"xl/workbook.xml": b"<x/>", **{f"p{n}.bin": b"" for n in range(600)}}), "too-large"),
    "too large": (b"Name\n" + b"x" * (tables.MOST_BYTES + 1), "too-large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_list_is_refused_with_a_sentence(name):
    content, code = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        tables.read_table(content, most_rows=100)
    assert refused.value.code == code and str(refused.value).endswith(".")


def test_strings_that_unpack_to_more_than_the_memory_there_is():
    """The child is ended by its own limit, and nobody else notices."""
    strings = b"<sst>" + b"".join(b"<si><t>%040d</t></si>" % n for n in range(800_000)) + b"</sst>"
    content = with_part((LISTS / "libreoffice.xlsx").read_bytes(), "xl/sharedStrings.xml", strings)
    with pytest.raises(Refusal, match="larger than we read"):
        tables.read_table(content, most_rows=100)


@pytest.mark.long
def test_fifty_thousand_rows_are_refused_and_five_thousand_read_within_150_megabytes():
    content = book(["Name", "E-mail", "Hours"], *([f"Reader {n}", f"p{n}@x.example", 6.5] for n in range(50_000)))
    with pytest.raises(Refusal, match="more than 5,000 rows"):
        tables.read_table(content, most_rows=5000)
    code = (
        "import sys; from serportal.ui import workbooks as ours; ours.bound_ourselves();"
        "found = ours.read(sys.stdin.buffer.read(), 50_001); assert len(found['rows']) == 50_001;"
        "print(open('/proc/self/status').read())"
    )
    done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, cwd=tables.HERE, check=True)
    assert int(re.search(rb"VmHWM:\s*(\d+) kB", done.stdout)[1]) < 150 * 1024


def test_a_list_in_text_is_refused_as_soon_as_it_is_too_long():
    with pytest.raises(Refusal, match="more than 100 rows"):
        tables.read_table(b"Name\n" + b"Amara\n" * 200_000, most_rows=100)


def test_a_row_as_wide_as_a_sheet_can_be_is_cut():
    content = book(["Name"] + ["x"] * 16_000, ["Amara"])
    assert [len(row) for row in cells(tables.read_table(content, most_rows=10))] == [60, 1]
