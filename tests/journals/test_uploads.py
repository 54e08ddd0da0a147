"""R-UPL-1 to R-UPL-5: runs, their statements, and what other systems are told of them."""

import csv
import importlib
import io
import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from journals import rules, services
from journals.models import CreditTypeCode, Entry, PolicyRow, Statement, Upload
from serportal.accounts.models import User
from serportal.certifications.models import Period
from serportal.certifications.states import PeriodStart
from serportal.home.invariants import broken
from serportal.ui.words import programme_day, programme_zone
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
D = Decimal
HEADER = "ID,CertificationName,EntryDate,Description,CEUsEarned,CEUsExpireDate,CreditTypeCode,ScorePercent"


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    return factories.certificant(
        name="Amara Okafor", membership_id="12345", since=programme_day() - timedelta(days=500)
    )


def earn(person, *credits, **fields) -> list[Entry]:
    """Lines of an earlier journal, waiting for their upload; below zero, the first line of so many is taken back."""
    made = []
    for credit in map(D, credits):
        if credit > 0:
            made.append(factories.imported(person, credits=str(credit), **fields))
            continue
        back = Entry.objects.standing().filter(person=person, credits=-credit).order_by("pk")[0]
        same = {name: getattr(back, name) for name in ("period", "activity", "earned_on", "description")}
        taken = {"source": "reversal", "reverses": back, "sentence": "A mistake.", **same}
        made.append(factories.imported(person, credits=str(credit), **taken))
    return made


def run(key: str, **given) -> Upload:
    return services.post_upload(services.prepare_upload(key=key, due_on=programme_day()), **given)


def figures(upload: Upload, person) -> tuple:
    stated = upload.statements.get(person=person)
    names = ("opening", "posted", "closing", "needed", "entries", "carried_in", "exported", "carried_out")
    return tuple(getattr(stated, name) for name in names)


def test_a_statement_opens_where_the_last_one_closed(amara):
    other = factories.certificant()
    earn(amara, "10", "2.75")
    earn(other, "1.5")
    assert figures(run("one"), amara) == (0, D("12.75"), D("12.75"), D("37.25"), 2, 0, 12, D("0.75"))
    earn(amara, "0.5")
    second = run("two")
    assert figures(second, amara) == (D("12.75"), D("0.5"), D("13.25"), D("36.75"), 1, D("0.75"), 1, D("0.25"))
    assert second.statements.count() == second.members == 1
    earn(amara, "-10")
    assert figures(run("three"), amara) == (D("13.25"), -10, D("3.25"), D("46.75"), 1, D("0.25"), -10, D("0.25"))
    earn(amara, "60")
    assert figures(run("four"), amara)[3] == 0
    assert run("five").statements.count() == 0


def test_two_periods_of_one_member_are_two_statements_and_one_chain_of_quarters(amara):
    first = amara.periods.get()
    Period.objects.filter(pk=first.pk).update(ends_on=first.starts_on + timedelta(days=200))
    second = Period.objects.create(
        certification=first.certification,
        person=amara,
        starts_on=first.starts_on + timedelta(days=201),
        ends_on=first.ends_on,
        began_as=PeriodStart.UPGRADED,
    )
    earn(amara, "0.5")
    earn(amara, "1.75", period=first, earned_on=first.starts_on)
    told = list(run("one").statements.values_list("period", "opening", "carried_in", "exported", "carried_out"))
    assert told == [(first.pk, 0, 0, 1, D("0.75")), (second.pk, 0, D("0.75"), 1, D("0.25"))]


@pytest.mark.parametrize("seed", range(6))
def test_the_database_carries_as_the_rules_do(amara, seed):
    """Many runs of random quarters, corrections, and a system that learns quarters on the way."""
    rng = random.Random(seed)
    others = [factories.certificant() for _ in range(2)]
    policy = PolicyRow.objects.in_force(programme_day())[0]
    kept = {person.pk: D(0) for person in (amara, *others)}
    for n in range(8):
        if rng.random() < 0.2:
            policy.pk, policy.whole_numbers = None, not policy.whole_numbers
            policy.effective_from = programme_day() - timedelta(days=400 - n)
            policy.save(force_insert=True)
        for person in (amara, *others):
            earn(person, *(D(rng.randint(1, 40)) / 4 for _ in range(rng.randint(0, 3))))
            taken = Entry.objects.standing().filter(person=person).first()
            if taken and rng.random() < 0.4:
                earn(person, -taken.credits)
        for stated in run(f"run {n}").statements.all():
            step = rules.carry(kept[stated.person_id], stated.posted, whole_numbers=policy.whole_numbers)
            assert (stated.carried_in, stated.exported, stated.carried_out) == (
                step.carried_in,
                step.exported,
                step.carried_out,
            )
            kept[stated.person_id] = step.carried_out


def test_statements_are_never_changed_or_deleted(amara):
    earn(amara, "3")
    run("one")
    for action in (
        lambda: Statement.objects.update(needed=0),
        lambda: Statement.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            action()


def test_runs_from_before_statements_get_the_statements_they_would_have_had(amara):
    """The migration tells of earlier runs exactly what the runs themselves tell."""
    other = factories.certificant()
    for n, credits in enumerate([("10", "2.75"), ("0.5",), ("-10", "7.25")]):
        earn(amara, *credits)
        earn(other, "1.25")
        run(f"run {n}", at=timezone.now() + timedelta(hours=n))
    kept = [field.attname for field in Statement._meta.concrete_fields if field.name != "id"]
    before = list(Statement.objects.order_by("pk").values(*kept))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journals_statement DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM journals_statement")
        cursor.execute("ALTER TABLE journals_statement ENABLE TRIGGER USER")
        cursor.execute(importlib.import_module("journals.migrations.0004_statements").EARLIER_RUNS)
    assert list(Statement.objects.order_by("pk").values(*kept)) == before


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


def test_the_import_of_the_membership_system_has_its_columns_and_whole_numbers(client, ruth, amara):
    """R-UPL-5."""
    earn(amara, "0.5", earned_on=amara.periods.get().starts_on)
    earn(amara, "1.75", "2.5", activity="volunteering")
    CreditTypeCode.objects.filter(activity="volunteering").update(code="VOL")
    upload = run("one")
    client.force_login(ruth)
    response = client.get(reverse("admin:journals_upload_membership", args=[upload.pk]))
    text = b"".join(response.streaming_content).decode()
    assert text.splitlines()[0] == HEADER
    period = amara.periods.get()
    name, day = period.certification.number, period.starts_on + timedelta(days=40)
    assert text.splitlines()[1:] == [
        f"12345,{name},{day},Field day of 1.75,2,{period.ends_on},VOL,",
        f"12345,{name},{day},Field day of 2.5,2,{period.ends_on},VOL,",
    ]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="membership-import-')
    assert "no-store" in response["Cache-Control"]


def test_the_lines_of_every_statement_add_up_to_what_it_exported(client, ruth, amara):
    people = [amara, *(factories.certificant(membership_id=str(n)) for n in range(3))]
    client.force_login(ruth)
    for n in range(3):
        for person in people:
            earn(person, "1.25", "0.5", "3.75", *(["-0.5"] if n else []))
        upload = run(f"run {n}")
        rows = rows_of(client.get(reverse("admin:journals_upload_membership", args=[upload.pk])))[1:]
        for person in people:
            told = sum(int(row[4]) for row in rows if row[0] == person.membership_id)
            assert told == upload.statements.get(person=person).exported
        assert "0" not in {row[4] for row in rows}


def test_where_quarters_are_held_every_line_is_told_as_it_is(client, ruth, amara):
    PolicyRow.objects.create(**policy_values(whole_numbers=False))
    earn(amara, "0.75", "-0.75", "2.25")
    upload = run("one")
    client.force_login(ruth)
    rows = rows_of(client.get(reverse("admin:journals_upload_membership", args=[upload.pk])))
    assert [row[4] for row in rows[1:]] == ["0.75", "-0.75", "2.25"]
    assert "The membership system holds whole numbers" not in text_of(
        client.get(reverse("admin:journals_upload_change", args=[upload.pk]))
    )


def policy_values(**figures) -> dict:
    row = PolicyRow.objects.in_force(programme_day())[0]
    values = {field.name: getattr(row, field.name) for field in PolicyRow._meta.concrete_fields}
    return {**values, "id": None, "effective_from": programme_day(), **figures}


def test_who_has_no_id_there_is_counted_named_and_told_by_address(client, ruth, amara):
    zoe = factories.certificant(name="Zoe Adair")
    earn(zoe, "4")
    earn(amara, "4")
    upload = run("one")
    client.force_login(ruth)
    page = text_of(client.get(reverse("admin:journals_upload_change", args=[upload.pk])))
    assert "One member has no id in the membership system." in page and "Zoe Adair" in page
    rows = rows_of(client.get(reverse("admin:journals_upload_membership", args=[upload.pk])))
    assert [row[0] for row in rows[1:]] == ["12345", zoe.email]
    User.objects.filter(pk=zoe.pk).update(membership_id="777")
    page = text_of(client.get(reverse("admin:journals_upload_change", args=[upload.pk])))
    assert "Every member of this run has an id" in page


def test_an_upload_page_reconciles_to_the_quarter(client, ruth, amara):
    earn(amara, "0.75")
    run("one")
    earn(amara, "10.5")
    upload = run("two")
    client.force_login(ruth)
    page = text_of(client.get(reverse("admin:journals_upload_change", args=[upload.pk])))
    assert (
        "10.5 credits in entries = 10.5 posted in statements = 11 exported and −0.5 carried to later exports." in page
    )
    assert "0.75 came from earlier exports, and 0.25 wait for each member’s next one." in page
    found = client.get(reverse("admin:journals_upload_change", args=[upload.pk]), {"q": "okaf", "page": "x"})
    assert "0.75 10.5 11.25" in text_of(found)
    assert "No statement of a member of that name." in text_of(client.get(found.request["PATH_INFO"], {"q": "nobody"}))


def test_the_file_of_a_run_tells_every_entry_and_where_it_comes_from(client, ruth, amara):
    factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara, title='=HYPERLINK("x")')
    entry = Entry.objects.get()
    services.reverse(entry.pk, reason="-2+3 is 1", by=ruth)
    upload = run("one")
    client.force_login(ruth)
    response = client.get(reverse("admin:journals_upload_entries", args=[upload.pk]))
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbfmember,e-mail address,membership id,certificate,date,activity,category,")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row[8] for row in rows[1:]] == ["10", "-10"]
    reference = entry.decision.case.reference
    assert [row[11] for row in rows[1:]] == [reference, reference]
    assert {row[7] for row in rows[1:]} == {'\'=HYPERLINK("x")'}
    assert rows[2][13] == "'-2+3 is 1"
    assert rows[1][2:4] == ["12345", amara.periods.get().certification.number]


def test_a_conflict_leaves_the_case_out_of_statements_and_files_but_not_out_of_totals(client, ruth, amara):
    """R-REV-5: totals of a run hold everything; rows of a member with a hidden case are left out."""
    case = factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara)
    other = factories.certificant(name="Zoe Adair", membership_id="2")
    earn(amara, "3")
    earn(other, "2")
    upload = run("one")
    deputy = factories.coordinator()
    case.conflicts.create(member=deputy, declared_at=timezone.now())
    client.force_login(deputy)
    response = client.get(reverse("admin:journals_upload_change", args=[upload.pk]))
    page = text_of(response)
    assert "15 credits in entries = 15 posted" in page
    assert "Zoe Adair" in page and "Amara Okafor" not in page
    rows = rows_of(client.get(reverse("admin:journals_upload_membership", args=[upload.pk])))
    assert [row[0] for row in rows[1:]] == ["2"]
    rows = rows_of(client.get(reverse("admin:journals_upload_entries", args=[upload.pk])))
    assert sorted(row[8] for row in rows[1:]) == ["2", "3"]


def test_files_are_for_coordinators_and_reading_them_changes_nothing(client, amara, ruth):
    earn(amara, "3")
    upload = run("one")
    paths = [reverse(f"admin:journals_upload_{name}", args=[upload.pk]) for name in ("entries", "membership")]
    client.force_login(amara)
    assert {client.get(path).status_code for path in paths} == {302}
    client.force_login(ruth)
    before = list(Upload.objects.values()), list(Statement.objects.values()), list(Entry.objects.values())
    for path in paths:
        assert client.get(path).status_code == 200
        assert client.get(path.replace(f"/{upload.pk}/", "/99999/")).status_code == 404
    assert before == (list(Upload.objects.values()), list(Statement.objects.values()), list(Entry.objects.values()))


def test_two_uploads_a_year_end_to_end(client, ruth, amara):
    """R-UPL-1: next day, scheduled run, rules page and journal all follow the policy."""
    first = PolicyRow.objects.create(**policy_values(uploads_a_year=2, effective_from=date(2026, 1, 1)))
    assert services.policy_on(date(2026, 3, 1)) == first
    earn(amara, "3")
    today = programme_day()
    due = services.next_upload_on()
    assert due == rules.next_upload(today, a_year=2) and due.month in {1, 7}
    client.force_login(amara)
    assert f"arrive on {due.day} {due:%B %Y}" in text_of(client.get("/journal/"))
    words = text_of(client.get("/rules/"))
    assert "2 times a year" in words and "1 January and 1 July" in words
    assert f"The next upload is on {due.day} {due:%B %Y}" in words
    moment = datetime.combine(due, services.UPLOAD_HOUR, tzinfo=programme_zone())
    for month in (4, 10):
        early = datetime.combine(date(due.year, month, 1), services.UPLOAD_HOUR, tzinfo=programme_zone())
        found = services.post_due_upload(early) if early < moment else None
        assert found is None or found.due_on.month in {1, 7}
    assert services.post_due_upload(moment).control_total == 3
    assert {one.due_on.month for one in Upload.objects.all()} <= {1, 7}
