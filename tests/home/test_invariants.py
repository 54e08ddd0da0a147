"""The checks of the whole database hold on real data, and each of them finds what it is there for."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from journals import services as journals
from journals.models import Entry
from serportal.home.invariants import CHECKS, broken
from serportal.outbox import services as outbox
from tests import factories

pytestmark = pytest.mark.django_db

SEATED = "SELECT member_id FROM reviews_seat LIMIT 1"
CONFLICTS = (
    "INSERT INTO reviews_conflict (case_id, member_id, note, declared_at) "
    "SELECT p.case_id, s.member_id, '', s.invited_at FROM reviews_seat s JOIN reviews_panel p ON p.id = s.panel_id"
)
SABOTAGE = {
    f"UPDATE reviews_reviewcase SET filed_by_id = ({SEATED}) WHERE step = 'done'": {0, 2},
    CONFLICTS: {0, 1},
    "DELETE FROM journals_entry": {2, 4},
    "UPDATE journals_entry SET credits = 9.75 WHERE reverses_id IS NULL": {2, 4},
    "UPDATE reviews_reviewcase SET state = 'denied', granted = 0 WHERE step = 'done'": {3, 9},
    "UPDATE journals_upload SET control_total = 1": {4},
    "UPDATE journals_upload SET posted_at = NULL": {5},
    "UPDATE journals_entry SET approved_at = now() + interval '1 day'": {5},
    "UPDATE certifications_period SET starts_on = starts_on + 4000, ends_on = ends_on + 4000": {6},
    "UPDATE reviews_reviewcase SET ballots_in = 1": {7},
    "UPDATE reviews_panel SET closed_at = NULL": {7},
    "UPDATE reviews_seat SET counts = false": {7, 8},
    "UPDATE outbox_message SET text = 'Other' WHERE key LIKE 'decision:%'": {9},
    "DELETE FROM reviews_party": {10},
    f"UPDATE cecs_draft SET owner_id = ({SEATED})": {11},
    "UPDATE outbox_message SET state = 'sending', sent_at = NULL, claimed_at = now() - interval '1 hour'": {12},
    "UPDATE journals_entry SET credits = -9.75 WHERE reverses_id IS NOT NULL": {13},
    "UPDATE journals_entry SET period_id = (SELECT max(id) FROM certifications_period) WHERE reverses_id > 0": {13},
    "DELETE FROM journals_statement": {14, 15},
    "UPDATE journals_statement SET posted = posted + 1, closing = closing + 1, exported = exported + 1": {14, 15},
    "UPDATE journals_statement SET person_id = (SELECT max(id) FROM accounts_user)": {15},
    "UPDATE journals_statement SET opening = opening + 1, closing = closing + 1 WHERE opening > 0": {16},
    "UPDATE journals_statement SET carried_in = carried_in + 0.5, carried_out = carried_out + 0.5": {16},
}


@pytest.fixture
def world():
    """Two decided and uploaded cases, the credits of one taken back and that uploaded, and one with an open panel."""
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    factories.decided(ruth, committee)
    factories.decided(ruth, committee)
    factories.seated(ruth, committee)
    for key in ("run", "next run"):
        journals.post_upload(journals.prepare_upload(key=key, due_on=factories.programme_day()))
        journals.reverse(Entry.objects.earliest("pk").pk, reason="It was cancelled.", by=ruth)
    outbox.drain()


def test_they_hold(world):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == f"All {len(CHECKS)} checks hold.\n"


@pytest.mark.parametrize(("statement", "found"), SABOTAGE.items())
def test_each_finds_its_sabotage(world, statement, found):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL pgtrigger.ignore = ''")
        for table in ("journals_entry", "journals_statement", "reviews_seat", "reviews_ballot", "reviews_decision"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
    sentences = list(CHECKS)
    assert {sentences.index(sentence) for sentence, _things in broken()} >= found


def test_every_check_has_a_sabotage():
    assert set.union(*SABOTAGE.values()) == set(range(len(CHECKS)))


def test_a_broken_one_is_named_and_fails_the_command(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journals_upload SET control_total = 1")
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("check_invariants", stderr=err)
    assert "Broken: The control total" in err.getvalue()
