"""Claims approved = entries = exported, to the quarter credit, run by run and in all (R-UPL-4, R-UPL-5)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from journals import services
from journals.models import Entry, Upload
from journals.services import importing
from journals.services.reconciling import reconcile
from serportal.reviews import services as reviews
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of
from tests.journals.test_importing import listed, row
from tests.journals.test_uploads import earn, run
from tests.races import at_once

pytestmark = pytest.mark.django_db
D = Decimal
PAGE = "/admin/journals/upload/reconcile/"


@pytest.fixture
def ruth(client):
    person = factories.coordinator(name="Ruth Okello")
    client.force_login(person)
    return person


@pytest.fixture
def committee(db):
    return [factories.member() for _ in range(3)]


@pytest.fixture
def amara(db):
    since = programme_day() - timedelta(days=500)
    return factories.certificant(name="Amara Okafor", membership_id="12345", since=since)


def without_triggers(sql: str) -> None:
    """Do to one table what nothing in the portal can do."""
    table = next(word for word in sql.split() if word.startswith("journals_"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_nothing_at_all_agrees(client, ruth):
    assert reconcile(ruth).agrees
    page = text_of(client.get(PAGE))
    assert "Everything agrees, to the quarter credit." in page and "No upload was run yet." in page


def test_claims_entries_statements_and_exports_agree_to_the_quarter(client, ruth, committee, amara):
    factories.decided(ruth, committee, owner=amara, hours="5.5")
    day = str(programme_day() - timedelta(days=400))
    importing.import_history(listed(row(EntryDate=day, CEUsEarned="4.25")), by=ruth)
    run("one")
    factories.decided(ruth, committee, owner=factories.certificant(), hours="22")
    found = reconcile(ruth)
    sums = found.sums
    assert found.agrees and not found.cases and not found.members
    assert (sums.cases, sums.approved, sums.claims, sums.earlier) == (2, D("12.75"), D("12.75"), D("4.25"))
    assert (sums.uploaded, sums.waiting, sums.control_totals, sums.posted) == (7, 10, 7, 7)
    assert (sums.exported, sums.kept) == (7, 0)
    assert [(one.approved, one.earlier, one.exported, one.kept) for one in found.runs] == [
        (D("2.75"), 0, 3, D("-0.25")),
        (0, D("4.25"), 4, D("0.25")),
    ]
    page = text_of(client.get(PAGE))
    assert "Entries of claims, corrections included 12.75 as much as was approved" in page
    assert "All entries 17 7 uploaded and 10 waiting" in page


def test_what_was_taken_back_or_opened_again_is_listed_with_its_reason(client, ruth, committee, amara):
    """R-UPL-4, R-REV-9."""
    taken = factories.decided(ruth, committee, owner=amara, title="Taken back")
    opened = factories.decided(
        ruth, committee, owner=amara, title="Opened", last_day=programme_day() - timedelta(days=90)
    )
    run("one")
    made = services.reverse(Entry.objects.get(decision__case=taken).pk, reason="It was cancelled.", by=ruth)
    reviews.reopen(opened.pk, reason="A file came to light.", by=ruth)
    found = reconcile(ruth)
    assert {(one.reference, one.granted, one.held, one.correction) for one in found.cases} == {
        (taken.reference, 10, 0, made.pk),
        (opened.reference, 0, 10, None),
    }
    assert found.agrees and found.sums.more == 0
    page = text_of(client.get(PAGE))
    assert "Its credits were taken back." in page and "It is open again" in page


BROKEN = {
    "UPDATE journals_entry SET credits = credits + 1": "claim",
    "DELETE FROM journals_entry": "claim",
    "UPDATE journals_upload SET control_total = control_total + 0.25": "run",
    "UPDATE journals_upload SET entries_posted = entries_posted + 1": "run",
    "UPDATE journals_statement SET posted = posted + 1, closing = closing + 1, exported = exported + 1": "member",
    "DELETE FROM journals_statement": "member",
    "UPDATE journals_entry SET upload_id = NULL": "run",
}


@pytest.mark.parametrize(("sql", "where"), BROKEN.items())
def test_whatever_differs_is_found_and_shown(client, ruth, committee, amara, sql, where):
    factories.decided(ruth, committee, owner=amara)
    run("one")
    assert reconcile(ruth).agrees
    without_triggers(sql)
    found = reconcile(ruth)
    assert not found.agrees
    shown = {"claim": found.cases, "run": [one for one in found.runs if not one.agrees], "member": found.members}
    assert shown[where]
    page = text_of(client.get(PAGE))
    assert "Something differs." in page
    if where == "claim":
        assert "Nobody’s act explains it." in page


def test_a_conflict_leaves_the_case_out_of_the_lists(ruth, committee, amara):
    """R-REV-5."""
    case = factories.decided(ruth, committee, owner=amara)
    run("one")
    deputy = factories.coordinator()
    case.conflicts.create(member=deputy, declared_at=timezone.now())
    without_triggers("DELETE FROM journals_statement")
    services.reverse(Entry.objects.get().pk, reason="It was cancelled.", by=ruth)
    assert len(reconcile(ruth).cases) == len(reconcile(ruth).members) == 1
    assert not reconcile(deputy).cases and not reconcile(deputy).members


def test_the_page_is_for_coordinators_and_only_read(client, ruth, amara):
    assert client.post(PAGE).status_code == 405
    client.force_login(amara)
    assert client.get(PAGE).status_code == 302


def test_a_correction_is_not_taken_back(client, ruth, amara):
    """R-UPL-4: a mistaken correction is mended by entering the credit again."""
    [entry] = earn(amara, "3")
    made = services.reverse(entry.pk, reason="It was cancelled.", by=ruth)
    with pytest.raises(Refusal, match="This line is itself a correction"):
        services.reverse(made.pk, reason="It was not cancelled.", by=ruth)
    answer = client.get(f"/admin/journals/entry/{made.pk}/take-back/", follow=True)
    assert "This line is itself a correction." in text_of(answer)
    again = services.reverse(entry.pk, reason="Once more.", by=ruth)
    assert again == made and Entry.objects.count() == 2


def test_a_correction_needs_a_reason(ruth, amara):
    [entry] = earn(amara, "3")
    for reason in ("", " \n"):
        with pytest.raises(Refusal) as refused:
            services.reverse(entry.pk, reason=reason, by=ruth)
        assert refused.value.code == "no-reason"
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_line_and_its_correction_taken_back_at_once_are_one_correction(_round):
    ruth, amara = factories.coordinator(), factories.certificant()
    [entry] = earn(amara, "3")

    def back(key):
        return services.reverse(key, reason="It was cancelled.", by=ruth)

    done = at_once(lambda: back(entry.pk), lambda: back(entry.pk), lambda: back(back(entry.pk).pk))
    assert done[0] == done[1] and isinstance(done[2], Refusal) and done[2].code == "a-correction"
    assert Entry.objects.count() == 2 and Upload.objects.count() == 0
    assert reconcile(ruth).agrees
