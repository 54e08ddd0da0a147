"""The checks of the whole database hold on real data, and each of them finds what it is there for."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from journals import services as journals
from journals.models import Entry
from serportal.certifications import services as certifications
from serportal.certifications.states import Level
from serportal.home.invariants import CHECKS, broken
from serportal.outbox import services as outbox
from tests import factories

pytestmark = pytest.mark.django_db

SEATED = "SELECT member_id FROM reviews_seat LIMIT 1"
CONFLICTS = (
    "INSERT INTO reviews_conflict (case_id, member_id, note, declared_at) "
    "SELECT p.case_id, s.member_id, '', s.invited_at FROM reviews_seat s JOIN reviews_panel p ON p.id = s.panel_id"
)
# what breaks it: words of the checks that find it
SABOTAGE = {
    f"UPDATE reviews_reviewcase SET filed_by_id = ({SEATED}) WHERE step = 'done'": {
        "No ballot is cast",
        "at most one standing entry",
    },
    CONFLICTS: {"No ballot is cast", "Whoever stepped out"},
    "DELETE FROM journals_entry": {"made an entry", "The control total"},
    "UPDATE journals_entry SET credits = 9.75 WHERE reverses_id IS NULL": {
        "at most one standing entry",
        "made an entry",
        "The control total",
    },
    "UPDATE reviews_reviewcase SET state = 'denied', granted = 0 WHERE step = 'done'": {
        "no standing entry",
        "granted what it says",
    },
    "UPDATE journals_upload SET control_total = 1": {"The control total"},
    "UPDATE journals_upload SET posted_at = NULL": {"posted uploads only"},
    "UPDATE journals_entry SET approved_at = now() + interval '1 day'": {"posted uploads only"},
    "UPDATE certifications_period SET starts_on = starts_on + 4000, ends_on = ends_on + 4000": {"lies in the period"},
    "UPDATE reviews_reviewcase SET ballots_in = 1": {"ballots counted"},
    "UPDATE reviews_panel SET closed_at = NULL": {"A panel is closed"},
    "UPDATE reviews_seat SET counts = false": {"waits for a seat"},
    "UPDATE reviews_reviewcase SET step = 'settle' WHERE step = 'vote'": {"open to itself"},
    "UPDATE reviews_reviewcase SET step = 'answer', state = 'information requested' WHERE step = 'vote'": {
        "waits for its author"
    },
    "UPDATE outbox_message SET text = 'Other' WHERE key LIKE 'decision:%'": {"the letter it owes"},
    "UPDATE reviews_reviewcase SET step = 'seat' WHERE step = 'vote'": {"Only seats of the newest panel"},
    "UPDATE journals_event e SET same_as_id = (SELECT min(id) FROM journals_event o WHERE o.id <> e.id)": {
        "never further"
    },
    "DELETE FROM reviews_party": {"Every case has its content"},
    f"UPDATE cecs_draft SET owner_id = ({SEATED})": {"A filed draft"},
    "UPDATE reviews_reviewcase SET revision = 2": {"Every version"},
    "UPDATE outbox_message SET state = 'sending', sent_at = NULL, claimed_at = now() - interval '1 hour'": {
        "half sent"
    },
    "UPDATE outbox_reminder SET line = 'Other'": {"reminder"},
    "UPDATE journals_entry SET credits = -9.75 WHERE reverses_id IS NOT NULL": {"takes back one entry"},
    "UPDATE journals_entry SET period_id = (SELECT max(id) FROM certifications_period) WHERE reverses_id > 0": {
        "takes back one entry"
    },
    "DELETE FROM journals_statement": {"add up to its control total", "Each statement holds"},
    "UPDATE journals_statement SET posted = posted + 1, closing = closing + 1, exported = exported + 1": {
        "add up to its control total",
        "Each statement holds",
    },
    "UPDATE journals_statement SET person_id = (SELECT max(id) FROM accounts_user)": {"Each statement holds"},
    "UPDATE journals_statement SET opening = opening + 1, closing = closing + 1 WHERE opening > 0": {
        "A statement opens with"
    },
    "UPDATE journals_statement SET carried_in = carried_in + 0.5, carried_out = carried_out + 0.5": {
        "A statement opens with"
    },
    "UPDATE fees_bill SET state = 'waived' WHERE state = 'paid'": {"A bill is paid exactly"},
    "UPDATE fees_payment SET amount = 1": {"A bill is paid exactly"},
    "UPDATE numbers_counter SET last = last + 1": {"Every number of an invoice"},
    "UPDATE certifications_certification SET ended_on = certified_on WHERE ended_on > certified_on": {
        "that ended runs no longer"
    },
}


@pytest.fixture
def world():
    """Decided and uploaded cases, credits taken back and that uploaded, an open panel, one ready to decide."""
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    factories.decided(ruth, committee)
    factories.decided(ruth, committee, title="Dune Days")
    factories.seated(ruth, committee)
    factories.voted(ruth, committee)
    for key in ("run", "next run"):
        journals.post_upload(journals.prepare_upload(key=key, due_on=factories.programme_day()))
        journals.reverse(Entry.objects.earliest("pk").pk, reason="It was cancelled.", by=ruth)
    factories.paid(factories.billed(), ruth)
    certifications.upgrade(person=factories.certificant(level=Level.CERPIT), on=factories.programme_day())
    later = timezone.now() + timedelta(days=14)
    outbox.note_due(at=later)
    outbox.send_digests(at=later.replace(hour=18))
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
        for table in (
            "journals_entry",
            "journals_statement",
            "reviews_seat",
            "reviews_ballot",
            "reviews_decision",
            "fees_payment",
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
    broke = [sentence for sentence, _things in broken()]
    assert [words for words in found if not any(words in sentence for sentence in broke)] == []


def test_every_check_has_a_sabotage():
    known = set.union(*SABOTAGE.values())
    assert [sentence for sentence in CHECKS if not any(words in sentence for words in known)] == []


def test_a_broken_one_is_named_and_fails_the_command(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journals_upload SET control_total = 1")
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("check_invariants", stderr=err)
    assert "Broken: The control total" in err.getvalue()
