"""Lists of earlier journals as programs write them and as they should not be, through the page (RELIABILITY 3)."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from journals.models import Entry, Upload
from journals.services import importing
from serportal.home.invariants import broken
from serportal.ui.tables import MOST_BYTES
from tests import factories
from tests.home.test_public import text_of
from tests.journals.test_importing import PAGE, SINCE
from tests.journals.test_uploads import rows_of
from tests.ui.test_tables import HOSTILE, SHEET, book, with_part

pytestmark = pytest.mark.django_db
TITLE = "Dünen säen – Zoë’s Tag"
HEADINGS = ["ID", "EntryDate", "Description", "CEUsEarned", "CreditTypeCode"]


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


@pytest.fixture(autouse=True)
def _ruth(client, db):
    client.force_login(factories.coordinator(name="Ruth"))


@pytest.fixture(autouse=True)
def amara(db):
    return factories.certificant(name="Amara Okafor", membership_id="12345", since=SINCE)


def give(client, content: bytes, **more):
    return client.post(PAGE, {"file": SimpleUploadedFile("list", content), **more})


def written(separator: str = ",", *, day: str = "2024-05-31", credits: str = "2.5", ends: str = "\r\n") -> str:
    cells = [["12345", day, TITLE, f'"{credits}"', "2"]]
    return ends.join(separator.join(row) for row in [HEADINGS, *cells]) + ends


GOOD = {
    "UTF-8": written().encode(),
    "UTF-8 with its mark": written().encode("utf-8-sig"),
    "UTF-16 with its mark and tabs": written("\t").encode("utf-16"),
    "UTF-16 without a mark": written("\t").encode("utf-16-be"),
    "Windows-1252, semicolons, decimal commas and dots in days": written(";", day="31.05.2024", credits="2,5").encode(
        "cp1252"
    ),
    "a line that names the separator": b"sep=;\r\n" + written(";").encode("cp1252"),
    "lines of an old Macintosh": written(ends="\r").encode(),
    "decimal commas between commas": written(credits="2,5").encode(),
    "a day as in America that can be no other": written(day="05/31/2024").encode(),
    "a day as in Europe that can be no other": written(day="31/05/2024").encode(),
    "a day with its hour": written(day="2024-05-31T00:00:00Z").encode(),
    "empty rows and a row of separators": (",,,,\n\n" + written() + ",,,,\n").encode(),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_list_in_any_usual_coding_is_one_line_in_the_journal(client, amara, kind):
    assert "One line would be brought in, 2.5 credits." in text_of(give(client, GOOD[kind]))
    assert not Entry.objects.exists()
    give(client, GOOD[kind], confirm="1")
    found = Entry.objects.get()
    assert (found.person, found.description) == (amara, TITLE)
    assert (found.earned_on, found.credits) == (date(2024, 5, 31), Decimal("2.5"))


UNREAD = {
    **{name: content for name, (content, _code) in HOSTILE.items()},
    "headings alone": ",".join(HEADINGS).encode(),
    "no headings": b"12345,2024-05-31,Seed mixes,2.5,2\r\n",
    "other headings": b"Name,E-mail\r\nAmara,amara@marsh.example\r\n",
    "a workbook of nothing": book(),
    "9,999 rows": written().encode() + b"12345,soon,Seed mixes,2.5,2\r\n" * 9_999,
    "many more than are read": b"12345,2024-05-31,Seed mixes,2.5,2\r\n" * (MOST_BYTES // 32),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_what_is_no_list_is_refused_on_the_page_and_nothing_is_done(client, kind):
    """RELIABILITY C12: a sentence that has the focus, never an error; the page is there to try again."""
    for act in ({}, {"confirm": "1"}):
        answer = give(client, UNREAD[kind], **act)
        page = text_of(answer)
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
        assert "Show what each row would do" in answer.content.decode() and "Traceback" not in page
    assert not Entry.objects.exists() and not Upload.objects.exists()


def test_thousands_of_rows_that_are_wrong_alike_are_explained_once(client):
    """R-UPL-5: every row is in the file of what was left out; the page says what is wrong, not how often it can."""
    wrong = b"".join(b"12345,03/04/2024,Seed mixes %d,2.5,2\r\n" % n for n in range(4_999))
    answer = give(client, written().encode() + wrong)
    page = text_of(answer)
    assert page.count("The day may be two, and no other row tells whether the month stands first.") < 250
    assert "4999 rows are left out" in page and "4999 rows: 3, 4, 5," in page and "the first 200" in page
    assert len(answer.content) < 1_000_000
    rows = rows_of(give(client, written().encode() + wrong, bad="1"))
    assert len(rows) == 5_000 and {row[-1] for row in rows[1:]} == {rows[1][-1]}
    assert importing.MOST_ROWS == 5_000


def test_a_formula_is_no_number_and_a_title_that_looks_like_one_runs_nowhere(client, amara):
    """RELIABILITY C27: in a CSV it is text; in a workbook that nobody computed it is told as it stands."""
    given = book(HEADINGS, ["12345", "2024-05-31", "Sum", "=1+1.5", "2"], ["12345", "=TODAY()", "Day", 2, "2"])
    page = text_of(give(client, given, confirm="1"))
    assert "The credits are no number. Write them as 1.5." in page and "in a way that we do not read" in page
    assert not Entry.objects.exists()
    give(client, b'ID,EntryDate,Description,CEUsEarned,CreditTypeCode\n12345,2024-05-31,"=1+cmd()",2,2\n', confirm="1")
    assert Entry.objects.get().description == "=1+cmd()"
    client.force_login(amara)
    assert "'=1+cmd()" in {row[3] for row in rows_of(client.get("/journal/entries.csv"))}


def test_of_merged_cells_the_first_has_the_value_and_the_others_say_what_is_missing(client):
    made = Workbook()
    for row in (HEADINGS, ["12345", "2024-05-31", "Dunes", 2, "2"], ["12345", "2024-06-01", "Reeds", 3, "2"]):
        made.active.append(row)
    made.active.merge_cells("A2:A3")
    content = io.BytesIO()
    made.save(content)
    page = text_of(give(client, content.getvalue(), confirm="1"))
    assert [one.description for one in Entry.objects.all()] == ["Dunes"]
    assert "The member’s ID is missing. Row 3." in page


def test_a_workbook_that_was_damaged_on_its_way_leaves_the_page_standing(client):
    content = with_part(book(HEADINGS), SHEET, b"<worksheet><sheetData><row r='1'><c/></row>")
    assert give(client, content).status_code == 422
    assert client.get(PAGE).status_code == 200
