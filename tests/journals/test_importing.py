"""Earlier journals in the membership system’s columns: what goes in, what is refused and why (R-UPL-5)."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from journals import services
from journals.models import CreditTypeCode, Entry, PolicyRow, Statement, Upload
from journals.rules import history
from journals.rules.history import Column, Unread
from journals.services import importing
from journals.services.comparing import compare
from journals.states import Activity, Source
from serportal.accounts.models import User
from serportal.certifications.services import upgrade
from serportal.certifications.states import Level
from serportal.home.invariants import broken
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of
from tests.journals.test_uploads import policy_values, rows_of
from tests.races import at_once

PAGE = "/admin/journals/upload/import/"
D = Decimal
SINCE = date(2023, 3, 15)


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth(client, db):
    person = factories.coordinator(name="Ruth")
    client.force_login(person)
    return person


@pytest.fixture
def amara(db):
    return factories.certificant(name="Amara Okafor", membership_id="12345", since=SINCE, email="amara@example.org")


def row(**changes) -> dict:
    """A good row of the list; a column may be left out by None."""
    given = {
        "ID": "12345",
        "CertificationName": "",
        "EntryDate": "2024-05-31",
        "Description": "Seed mixes for dikes",
        "CEUsEarned": "2.5",
        "CEUsExpireDate": "",
        "CreditTypeCode": "2",
        "ScorePercent": "",
    }
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def listed(*rows: dict) -> str:
    headings = list(dict.fromkeys(name for one in rows for name in one))
    written = io.StringIO()
    csv.writer(written).writerows([headings, *([one.get(name, "") for name in headings] for one in rows)])
    return written.getvalue()


def told(by, *rows, **given) -> list[tuple[str, str]]:
    plan = importing.plan_history(listed(*rows), by=by, **given)
    return [(line.outcome, " ".join(line.sentences)) for line in plan.lines]


DAYS = [
    ("2024-05-31", date(2024, 5, 31)),
    ("2024-02-29", date(2024, 2, 29)),
    ("2023-02-29", Unread.NO_SUCH_DAY),
    ("2024/5/31", date(2024, 5, 31)),
    ("2024-05-31 00:00:00", date(2024, 5, 31)),
    ("2024-05-31T10:15:00Z", date(2024, 5, 31)),
    ("5/31/2024 12:00 AM", date(2024, 5, 31)),
    ("31.05.2024", date(2024, 5, 31)),
    ("31.5.24", date(2024, 5, 31)),
    ("5/31/2024", date(2024, 5, 31)),
    ("31/5/2024", date(2024, 5, 31)),
    ("31-05-2024", date(2024, 5, 31)),
    ("05/05/2024", date(2024, 5, 5)),
    ("03/04/2024", Unread.EITHER),
    ("31 May 2024", date(2024, 5, 31)),
    ("31-May-24", date(2024, 5, 31)),
    ("3rd Sept 2024", date(2024, 9, 3)),
    ("May 31, 2024", date(2024, 5, 31)),
    ("Smarch 1, 2024", Unread.SHAPE),
    ("31.02.2024", Unread.NO_SUCH_DAY),
    ("2024-13-01", Unread.SHAPE),
    ("13/13/2024", Unread.SHAPE),
    ("0001-01-01", Unread.SHAPE),
    ("9999-12-31", Unread.SHAPE),
    ("10000-01-01", Unread.SHAPE),
    ("٢٠٢٤-٠٥-٣١", Unread.SHAPE),
    ("45443", Unread.SHAPE),
    ("in May", Unread.SHAPE),
    ("", Unread.SHAPE),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days_in_any_usual_shape_or_refused(text, day):
    assert history.read_day(text) == day


def test_of_two_readings_the_rest_of_the_list_tells():
    assert history.month_first(["03/04/2024", "05/31/2024"]) is True
    assert history.month_first(["03/04/2024", "31/05/2024 10:00"]) is False
    assert history.month_first(["05/31/2024", "31/05/2024"]) is None
    assert history.read_day("03/04/2024", month_first=True) == date(2024, 3, 4)
    assert history.read_day("03/04/2024", month_first=False) == date(2024, 4, 3)


NUMBERS = [("1.5", "1.5"), ("1,5", "1.5"), ("−2", "-2"), ("10", "10"), ("NaN", None), ("1e1", None), ("５", None),
           ("1_0", None), ("Infinity", None), ("", None), ("2 CEUs", None), ("9" * 5000, None)]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), NUMBERS)
def test_numbers_as_people_write_them(text, found):
    assert history.read_number(text) == (None if found is None else D(found))


@pytest.mark.parametrize(
    ("text", "found"), [("0.9", 90), ("90", 90), ("90 %", 90), ("1", 100), ("100", 100), ("101", None), ("good", None)]
)
def test_a_score_is_a_share_of_the_whole(text, found):
    assert history.read_score(text) == found


def test_headings_of_the_membership_system_in_any_order_and_spelling():
    found = history.columns_of(["CEUs Earned", "entrydate", "Colour", "Title", "Member ID", "ID"])
    assert found == {Column.CREDITS: 0, Column.DAY: 1, Column.DESCRIPTION: 3, Column.MEMBER: 4}


def test_a_good_row_becomes_an_entry_of_an_upload_of_its_own(ruth, amara):
    waiting = factories.imported(amara, credits="7")
    given = row(ScorePercent="0.9", CEUsExpireDate="2028-01-01")
    plan, upload = importing.import_history(listed(given), by=ruth)
    made = Entry.objects.get(upload=upload)
    assert (made.person, made.source, made.activity, made.credits) == (amara, Source.IMPORT, "training", D("2.5"))
    assert (made.earned_on, made.description, made.entered_by) == (date(2024, 5, 31), "Seed mixes for dikes", ruth)
    assert made.sentence == "Taken over from the membership system. Score: 90 %."
    assert "The period here ends on 14\xa0March 2028, and that counts." in " ".join(plan.lines[0].sentences)
    assert (upload.entries_posted, upload.members, upload.control_total, upload.posted_by) == (1, 1, D("2.5"), ruth)
    assert list(Entry.objects.waiting()) == [waiting]
    stated = upload.statements.get()
    assert (stated.opening, stated.closing, stated.exported, stated.carried_out) == (0, D("2.5"), 2, D("0.5"))
    assert str(upload).startswith("Earlier journals, ")


def test_the_opening_balance_is_one_statement_for_each_member(ruth, amara):
    zoe = factories.certificant(email="Zoe@example.org", since=SINCE)
    rows = [
        row(),
        row(EntryDate="2024-06-01", CEUsEarned="10", CreditTypeCode="7"),
        row(ID="zoe@EXAMPLE.org", CEUsEarned="0.25"),
    ]
    _plan, upload = importing.import_history(listed(*rows), by=ruth)
    told = dict(upload.statements.values_list("person", "closing"))
    assert told == {amara.pk: D("12.5"), zoe.pk: D("0.25")}


def test_the_same_list_again_changes_nothing(ruth, amara):
    rows = [row(), row(), row(Description="Reeds"), row(ID="99")]
    text = listed(*rows)
    first, _upload = importing.import_history(text, by=ruth)
    assert [line.outcome for line in first.lines] == ["new", "bad", "new", "bad"]
    before = list(Entry.objects.values()), list(Statement.objects.values()), list(Upload.objects.values())
    again, none = importing.import_history(text, by=ruth)
    assert [line.outcome for line in again.lines] == ["known", "known", "known", "bad"] and none is None
    spelled, none = importing.import_history(listed(row(Description="SEED-mixes  for dikes")), by=ruth)
    assert spelled.lines[0].outcome == "known" and none is None
    assert before == (list(Entry.objects.values()), list(Statement.objects.values()), list(Upload.objects.values()))


def test_a_mended_row_goes_in_beside_what_is_known(ruth, amara):
    importing.import_history(listed(row(), row(Description="Reeds", EntryDate="31/02/2024")), by=ruth)
    plan, upload = importing.import_history(listed(row(), row(Description="Reeds", EntryDate="2024-02-29")), by=ruth)
    assert [line.outcome for line in plan.lines] == ["known", "new"] and upload.entries_posted == 1
    assert Entry.objects.get(description="Reeds").earned_on == date(2024, 2, 29)


def test_what_the_portal_itself_exported_is_not_taken_over_again(client, ruth):
    """Also where the export was rounded, and where it takes something back."""
    piet = factories.certificant(membership_id="8")
    case = factories.decided(ruth, [factories.member() for _ in range(3)], owner=piet, hours="2.5")
    services.post_upload(services.prepare_upload(key="one", due_on=programme_day()))
    services.reverse(Entry.objects.get(decision__case=case).pk, reason="A mistake.", by=ruth)
    upload = services.post_upload(services.prepare_upload(key="two", due_on=programme_day()))
    rows = [*rows_of(client.get(f"/admin/journals/upload/{upload.pk}/membership.csv"))]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    _plan, none = importing.import_history(written.getvalue(), by=ruth)
    assert none is None
    day = programme_day() - timedelta(days=14)
    known = row(ID="8", EntryDate=str(day), Description="North Sea Wetlands Conference", CEUsEarned="1.25")
    assert told(ruth, known)[0][0] == "known"


def test_other_credits_for_a_line_that_was_brought_in_are_asked_about(ruth, amara):
    importing.import_history(listed(row()), by=ruth)
    [(outcome, sentence)] = told(ruth, row(CEUsEarned="3"))
    assert outcome == "bad" and "The journal has this line with other credits." in sentence
    services.reverse(Entry.objects.get().pk, reason="It was 3.", by=ruth)
    assert told(ruth, row(), row(CEUsEarned="3"))[0][0] == "known"
    assert told(ruth, row(CEUsEarned="3"))[0][0] == "new"


WRONG = [
    ({"ID": ""}, "The member’s ID is missing."),
    ({"ID": "77"}, "Nobody here has this ID or e-mail address."),
    ({"ID": "never"}, "never certified here"),
    ({"ID": "ruth"}, "This is your own journal."),
    ({"Description": ""}, "The description is missing."),
    ({"Description": "x" * 201}, "longer than 200 signs"),
    ({"EntryDate": ""}, "The day is missing."),
    ({"EntryDate": "2023-02-29"}, "The calendar has no such day."),
    ({"EntryDate": "03/04/2024"}, "The day may be two"),
    ({"EntryDate": "soon"}, "in a way that we do not read"),
    ({"EntryDate": "2023-03-14"}, "before this member’s first period here, which began on 15\xa0March 2023 (R-DATE)"),
    ({"EntryDate": "2099-01-01"}, "The day lies in the future."),
    ({"CEUsEarned": ""}, "The credits are missing."),
    ({"CEUsEarned": "NaN"}, "The credits are no number."),
    ({"CEUsEarned": "0"}, "A line brings credits above 0."),
    ({"CEUsEarned": "-2"}, "A line brings credits above 0."),
    ({"CEUsEarned": "100.25"}, "at most 100 credits"),
    ({"CEUsEarned": "1.3"}, "Credits are counted in quarters (R-STEP). Write 1.25"),
    ({"CertificationName": "CERP-9999"}, "This member holds no such certificate."),
    ({"CreditTypeCode": "XYZ"}, "No activity here has the credit type code “XYZ”. Those in use are: 1, 2, 3,"),
    ({"CreditTypeCode": ""}, "The credit type code is missing."),
    ({"ScorePercent": "good"}, "The score is no share of the whole."),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_a_bad_row_is_explained_and_the_good_one_goes_in(ruth, amara, changes, sentence):
    factories.PersonFactory(membership_id="never")
    User.objects.filter(pk=ruth.pk).update(membership_id="ruth")
    good = row(Description="Good")
    plan, upload = importing.import_history(listed(row(**changes), good), by=User.objects.get(pk=ruth.pk))
    assert [line.outcome for line in plan.lines] == ["bad", "new"]
    assert sentence in " ".join(plan.lines[0].sentences)
    assert [entry.description for entry in upload.entries.all()] == ["Good"]


def test_a_day_lies_in_the_period_that_held_it_and_not_in_another(ruth):
    """R-DATE, R-PER-5: the certificate of the row, if it names one, is that period’s."""
    diego = factories.certificant(level=Level.CERPIT, membership_id="5", since=SINCE)
    upgrade(person=diego, on=date(2024, 9, 1))
    first, second = diego.periods.order_by("starts_on")
    old, new = first.certification.number, second.certification.number
    given = {"ID": "5", "EntryDate": "2024-08-31"}
    _plan, upload = importing.import_history(
        listed(
            row(**given, CertificationName=old), row(**{**given, "EntryDate": "2024-09-01"}, CertificationName="CERP")
        ),
        by=ruth,
    )
    assert list(upload.entries.order_by("earned_on").values_list("period", flat=True)) == [first.pk, second.pk]
    [(outcome, sentence)] = told(ruth, row(**given, Description="Other", CertificationName=new))
    assert outcome == "bad" and f"lies in the period of {old}" in sentence


def test_a_code_of_several_activities_is_the_mildest_and_said(ruth, amara):
    [(outcome, sentence)] = told(ruth, row(CreditTypeCode="5"))
    assert outcome == "new" and "entered as: Preparing a technical document" in sentence
    _plan, upload = importing.import_history(listed(row(CreditTypeCode="5")), by=ruth, activity=Activity.PAPER)
    assert upload.entries.get().activity == Activity.PAPER
    CreditTypeCode.objects.filter(activity="volunteering").update(code="VOL")
    assert told(ruth, row(CreditTypeCode="vol", Description="Planting"))[0][0] == "new"
    assert told(ruth, row(CreditTypeCode="", Description="Planting"), activity="training")[0][0] == "new"


def test_whole_numbers_are_warned_about_both_ways(ruth, amara):
    [warning] = importing.plan_history(listed(row(CEUsEarned="2")), by=ruth).warnings
    assert warning.startswith("Every number is whole.")
    [warning] = importing.plan_history(listed(row(), row(Description="R", CEUsEarned="1")), by=ruth).warnings
    assert warning.startswith("The sum of one member is not whole.")
    PolicyRow.objects.create(**policy_values(whole_numbers=False))
    assert importing.plan_history(listed(row()), by=ruth).warnings == []


def test_what_is_no_list_is_refused(ruth):
    for text, code in [("", "empty"), ("ID,EntryDate\n", "empty"), ("ID,Description\n1,x", "no-heading")]:
        with pytest.raises(Refusal) as refused:
            importing.plan_history(text, by=ruth)
        assert refused.value.code == code


def test_an_earlier_journal_is_no_run_to_compare_with_and_nothing_to_export(client, ruth, amara):
    _plan, upload = importing.import_history(listed(row()), by=ruth)
    assert compare(Entry.objects.known_to(ruth)).last is None
    assert client.get(f"/admin/journals/upload/{upload.pk}/membership.csv").status_code == 404
    page = text_of(client.get(f"/admin/journals/upload/{upload.pk}/change/"))
    assert "These lines came from the membership system" in page and "Journal import of the" not in page
    factories.imported(amara, credits="0.5")
    following = services.post_upload(services.prepare_upload(key="next", due_on=programme_day()))
    stated = following.statements.get()
    assert (stated.opening, stated.carried_in, stated.exported) == (D("2.5"), D("0.5"), 1)


def test_the_page_shows_then_does_and_gives_the_bad_rows_back(client, ruth, amara):
    text = listed(row(), row(ID="=1+1", Description="<b>Reeds</b>"))
    assert client.get(PAGE).status_code == 200
    answer = client.post(PAGE, {"rows": text})
    page = text_of(answer)
    assert "One line would be brought in, 2.5 credits. Nothing is done yet." in page
    assert "Nobody here has this ID or e-mail address." in page and not Entry.objects.exists()
    assert "<b>Reeds</b>" not in answer.content.decode()
    bad = rows_of(client.post(PAGE, {"rows": answer.context["rows"], "bad": "1"}))
    assert bad[1][0] == "'=1+1" and bad[1][-1].startswith("Nobody here")
    page = text_of(client.post(PAGE, {"rows": answer.context["rows"], "confirm": "1"}))
    assert "One line was brought in, 2.5 credits." in page and "In the journal." in page
    page = text_of(client.post(PAGE, {"rows": answer.context["rows"], "confirm": "1"}))
    assert "Nothing was new, so nothing was brought in." in page
    assert Upload.objects.count() == Entry.objects.count() == 1
    assert client.post(PAGE, {"rows": "", "activity": "dancing"}).status_code == 422
    assert "The list has no row." in text_of(client.post(PAGE, {"rows": ""}))
    edit = client.post(PAGE, {"rows": text, "edit": "1"})
    assert "Seed mixes for dikes" in edit.content.decode()


def test_a_workbook_with_days_and_numbers_of_its_own(client, ruth, amara):
    book = Workbook()
    book.active.append(list(row()))
    book.active.append([12345, "", date(2024, 5, 31), "Seed mixes", 2.5, date(2028, 3, 14), 2, 0.9])
    written = io.BytesIO()
    book.save(written)
    client.post(PAGE, {"file": SimpleUploadedFile("history.xlsx", written.getvalue())})
    answer = client.post(PAGE, {"file": SimpleUploadedFile("history.xlsx", written.getvalue()), "confirm": "1"})
    assert "One line was brought in" in text_of(answer)
    assert Entry.objects.get().credits == D("2.5")


def test_days_of_one_list_are_read_one_way(ruth, amara):
    rows = [row(EntryDate="03/04/2024"), row(EntryDate="05/31/2024", Description="Reeds")]
    importing.import_history(listed(*rows), by=ruth)
    assert {one.earned_on for one in Entry.objects.all()} == {date(2024, 3, 4), date(2024, 5, 31)}


def test_the_queries_of_a_list_do_not_grow_with_it(ruth, django_assert_num_queries):
    for n in range(4):
        factories.certificant(membership_id=f"m{n}", since=SINCE)
    for rows in (1, 4):
        given = [row(ID=f"m{n}", CreditTypeCode="2" if n % 2 else "no") for n in range(rows)]
        with django_assert_num_queries(5):
            importing.plan_history(listed(*given), by=ruth)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(2))
def test_two_imports_at_once_bring_each_line_in_once(_round):
    ruth, deputy = factories.coordinator(), factories.coordinator()
    people = [factories.certificant(membership_id=str(n), since=SINCE) for n in range(3)]
    texts = [listed(*[row(ID=str(n)) for n in order]) for order in ((0, 1, 2), (2, 1, 0))]
    waiting = factories.imported(people[0], credits="1", approved_at=timezone.now())
    run = services.prepare_upload(key="run", due_on=programme_day())
    done = at_once(
        lambda: importing.import_history(texts[0], by=ruth),
        lambda: importing.import_history(texts[1], by=deputy),
        lambda: services.post_upload(run),
    )
    uploads = [one[1] for one in done[:2]]
    assert sorted(upload is None for upload in uploads) == [False, True]
    assert Entry.objects.filter(description="Seed mixes for dikes").count() == 3
    waiting.refresh_from_db()
    assert waiting.upload_id == run.pk
