"""Archived webinars from a list: good rows in, bad rows explained, the same list again changes nothing."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook

from journals.states import Delivery
from preapprovals.models import Notice, Offering, Sponsor
from preapprovals.rules import imports
from preapprovals.services import importing
from preapprovals.states import Act, OfferingState, SponsorKind
from serportal.ui.imports import BAD, KNOWN, NEW
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

PAGE = "/admin/preapprovals/offering/import/"
GOOD = {"title": "Peat and water", "sponsor": "SER Europe", "minutes": "90"}


def listed(*rows: dict) -> str:
    """Rows as they are pasted from a spreadsheet."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    csv.writer(written, delimiter="\t").writerows(
        [headings, *([row.get(name, "") for name in headings] for row in rows)]
    )
    return written.getvalue()


@pytest.fixture
def ruth(client, db):
    person = factories.coordinator(name="Ruth")
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90", 90), ("1:30", 90), ("90 min", 90), ("60.0", 60), ("0", None), ("1.5", None), ("-5", None), ("٩٠", None),
     ("99999", None), ("an hour", None)],
)  # fmt: skip
def test_minutes_as_people_write_them(text, minutes):
    assert imports.read_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "credits"), [("1.5", "1.5"), ("1,5", "1.5"), ("0", None), ("NaN", None), ("1e1", None)]
)
def test_credits_as_people_write_them(text, credits):
    assert imports.read_credits(text) == (Decimal(credits) if credits else None)


def test_headings_are_known_in_any_order_and_spelling():
    found = imports.columns_of(["Presenters", "LINK", "Webinar", "Chapter", "CECs", "Colour", "title"])
    assert found == {"instructors": 0, "web page": 1, "title": 2, "sponsor": 3, "credits": 4}


def test_a_row_becomes_an_offering_on_demand(ruth):
    said = {
        **GOOD,
        **{"description": "Why peat needs water.", "web page": "https://ser.example/peat", "language": "Dutch"},
        **{"speakers": "Piet Zwart; Li Na", "recorded on": "2024-05-31", "code": "ser 7f3k 9qxm", "areas": "physical"},
    }
    importing.import_list(listed(said), by=ruth)
    made = Offering.objects.get()
    assert (made.code, made.credits, made.minutes) == ("SER-7F3K-9QXM", Decimal("1.5"), 90)
    assert made.delivery == Delivery.ON_DEMAND and made.recurring and made.areas == ["physical"]
    assert made.instructors == "Piet Zwart\nLi Na" and "Recorded on 31\xa0May 2024." in made.description
    assert made.sponsor.kind == SponsorKind.SER and not made.sponsor.contacts.exists()
    assert made.valid_from == programme_day() and (made.valid_to - made.valid_from).days in {729, 730}
    run = made.occurrences.get()
    assert (run.first_day, run.last_day) == (made.valid_from, made.valid_to)
    kept = Notice.objects.get()
    assert kept.act == Act.IMPORTED and kept.by == ruth


def test_the_same_list_again_changes_nothing(ruth):
    """By its code, else by sponsor and title however they are spelled."""
    text = listed({**GOOD, "code": "SER-7F3K-9QXM"}, {**GOOD, "title": "Seeds"})
    assert importing.import_list(text, by=ruth).count(NEW) == 2
    before = list(Offering.objects.order_by("pk").values())
    again = importing.import_list(text, by=ruth)
    assert [line.outcome for line in again.lines] == [KNOWN] * 2
    spelled = listed({**GOOD, "title": "  SEEDS ", "sponsor": "ser europe"})
    assert importing.import_list(spelled, by=ruth).count(KNOWN) == 1
    assert list(Offering.objects.order_by("pk").values()) == before and Sponsor.objects.count() == 1


def test_what_was_terminated_does_not_come_back_by_a_list(ruth):
    """R-SPO-6."""
    importing.import_list(listed(GOOD), by=ruth)
    Offering.objects.update(state=OfferingState.TERMINATED)
    assert importing.import_list(listed(GOOD), by=ruth).count(KNOWN) == 1
    assert not Offering.objects.standing().exists()


WRONG = [
    ({"title": ""}, "The title is missing."),
    ({"title": "x" * 201}, "longer than 200 signs"),
    ({"sponsor": ""}, "The sponsor is missing."),
    ({"minutes": "long"}, "The minutes are no whole number."),
    ({"minutes": ""}, "Minutes and credits are both missing."),
    ({"minutes": "59"}, "shorter than 60 minutes"),
    ({"credits": "2"}, "more credits than its minutes bring"),
    ({"minutes": "", "credits": "10.25"}, "more credits than its minutes bring"),
    ({"credits": "many"}, "The credits are no number"),
    ({"code": "ABC"}, "The approval code is none of ours."),
    ({"pre-approved": "maybe"}, "neither yes nor no"),
    ({"pre-approved": "no", "credits": "1"}, "neither a code nor credits"),
    ({"url": "javascript:alert(1)"}, "The web page is no address."),
    ({"areas": "alchemy"}, "not one of ours"),
    ({"recorded": "2999-01-01"}, "no past day"),
    ({"kind": "secret"}, "The kind of sponsor is not one"),
    ({"holds until": "2001-01-01"}, "Its last day is over"),
    ({"holds from": "soon"}, "from which it holds is no day"),
    ({"holds until": "later"}, "until which it holds is no day"),
    ({"holds until": "2090-01-01"}, "more than two years (R-SPO-2)"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_a_bad_row_is_explained_and_the_good_one_goes_in(ruth, changes, sentence):
    """R-MIN, R-CAP, R-SPO-2."""
    plan = importing.import_list(listed({**GOOD, **changes}, {**GOOD, "title": "Good"}), by=ruth)
    assert [line.outcome for line in plan.lines] == [BAD, NEW]
    assert sentence in " ".join(plan.lines[0].sentences)
    assert [one.title for one in Offering.objects.all()] == ["Good"]


def test_two_rows_alike_are_one_offering(ruth):
    plan = importing.import_list(listed(GOOD, {**GOOD, "title": "PEAT and water"}), by=ruth)
    assert plan.count(NEW) == 1 and "further up in this list" in plan.lines[1].sentences[0]


def test_two_sponsors_of_one_name_are_not_guessed_between(ruth):
    factories.sponsor(name="SER Europe")
    factories.sponsor(name="ser europe")
    plan = importing.plan_import(listed(GOOD))
    assert plan.lines[0].sentences == ("Two sponsors here have this name. Join them first.",)


def test_a_code_kept_for_a_request_is_not_taken(ruth):
    case = factories.preapproval()
    plan = importing.plan_import(listed({**GOOD, "code": case.preapprovals_preapprovalrequest.code}))
    assert "kept for a request" in plan.lines[0].sentences[0]


def test_what_is_not_preapproved_is_only_listed(ruth):
    """R-SPO-7."""
    importing.import_list(listed({**GOOD, "pre-approved": "no"}), by=ruth)
    assert Offering.objects.get().code is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The list has no row."),
        ("title\tsponsor\n", "The list has no row."),
        ("title\tminutes\nPeat\t90\n", "does not name the column “sponsor”"),
        ("title\tsponsor\n" + "Peat\tSER\n" * 1001, "more than 1,001 rows"),
        ("title\tsponsor\n" + "x" * 1_500_000, "longer than we read at once"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(db, text, sentence):
    with pytest.raises(Refusal, match=sentence):
        importing.plan_import(text)


def test_the_page_shows_first_and_does_then(client, ruth):
    rows = listed(GOOD, *({**GOOD, "title": f"Peat {n}", "minutes": "5"} for n in range(30)))
    shown = client.post(PAGE, {"rows": rows, "kind": "ser"}).content.decode()
    assert "One webinar would be put on the list." in shown and not Offering.objects.exists()
    assert shown.count("so it brings no credit (R-MIN).") == 31, "once for all, and once beside each row"
    assert "30 rows: 3, 4, 5" in shown
    done = client.post(PAGE, {"rows": rows, "kind": "ser", "confirm": "1"}).content.decode()
    assert "1 webinar is on the list, 30 rows are left out." in done
    assert Offering.objects.get().title == "Peat and water"
    taken = client.post(PAGE, {"rows": rows, "kind": "ser", "bad": "1"})
    table = list(csv.reader(io.StringIO(b"".join(taken.streaming_content).decode("utf-8-sig"))))
    assert table[0] == ["title", "sponsor", "minutes", "what is wrong"] and len(table) == 31
    assert table[1][:3] == ["Peat 0", "SER Europe", "5"]
    assert "Peat 29" in client.post(PAGE, {"rows": rows, "kind": "ser", "edit": "1"}).content.decode()


def test_formula_cells_of_bad_rows_run_nowhere(client, ruth):
    taken = client.post(
        PAGE, {"rows": listed({**GOOD, "title": "=HYPERLINK()", "minutes": ""}), "kind": "ser", "bad": "1"}
    )
    assert "'=HYPERLINK()" in b"".join(taken.streaming_content).decode()


def test_a_workbook_keeps_its_rows_and_their_numbers(client, ruth):
    book = Workbook()
    page = book.active
    page.append(["Title", "Sponsor", "Minutes", "Recorded on"])
    page.append(["Peat, and water", "SER Europe", 90, programme_day() - timedelta(days=400)])
    page.append([])
    page.append(["Seeds\nand “soils”", "SER Europe", "x", None])
    kept = io.BytesIO()
    book.save(kept)
    upload = factories.SimpleUploadedFile("webinars.xlsx", kept.getvalue())
    shown = client.post(PAGE, {"file": upload, "kind": "ser", "rows": ""})
    plan = importing.plan_import(shown.context["rows"])
    assert [(line.number, line.title) for line in plan.lines] == [(2, "Peat, and water"), (4, "Seeds and “soils”")]
    assert [line.outcome for line in plan.lines] == [NEW, BAD]


def test_what_is_no_list_gets_a_sentence(client, ruth):
    for name, content in (("a.pdf", factories.PDF), ("b.xlsx", b"PK\x03\x04broken"), ("c.csv", b"")):
        upload = factories.SimpleUploadedFile(name, content)
        response = client.post(PAGE, {"file": upload, "kind": "ser", "rows": ""})
        assert response.status_code == 422 and "errornote" in response.content.decode()
    assert client.post(PAGE, {"rows": listed(GOOD), "kind": "unknown"}).status_code == 422
