"""The checks of the whole database hold on real data, and each of them finds what it is there for."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from applications.services import gates, partners
from applications.states import Via
from journals import services as journals
from journals.models import Entry
from preapprovals.models import Offering
from preapprovals.services import roster_taking, rosters
from preapprovals.states import AttendanceState
from serportal.accounts.states import Committee
from serportal.certifications import services as certifications
from serportal.certifications.states import Level
from serportal.home.invariants import CHECKS, broken
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.states import Answer, Choice, Judgement, Step
from tests import factories

pytestmark = pytest.mark.django_db

SEATED = "SELECT member_id FROM reviews_seat LIMIT 1"
CONFLICTS = (
    "INSERT INTO reviews_conflict (case_id, member_id, note, declared_at) "
    "SELECT p.case_id, s.member_id, '', s.invited_at FROM reviews_seat s JOIN reviews_panel p ON p.id = s.panel_id"
)
BROUGHT_IN = "SELECT min(id) FROM preapprovals_offering WHERE request_id IS NULL"
APPROVED = "SELECT request_id FROM preapprovals_offering WHERE request_id IS NOT NULL"
ASKED = (
    "SELECT max(v.member_id) FROM reviews_voter v JOIN reviews_poll p ON p.id = v.poll_id "
    "WHERE p.topic = 'appeal' AND v.state <> 'recused'"
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
    "UPDATE reviews_reviewcase SET state = 'denied', granted = 0 WHERE state = 'approved'": {
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
    "UPDATE applications_application SET granted_id = NULL": {"A granted certification"},
    "UPDATE certifications_certification SET level = 'CERP'": {"A granted certification"},
    "UPDATE applications_application SET course_verified_at = NULL": {"ready for review"},
    "UPDATE applications_graduate SET state = 'pending', answered_at = NULL, via = ''": {"ready for review"},
    "UPDATE fees_bill SET state = 'due', settled_at = NULL": {"ready for review"},
    "UPDATE applications_reference SET state = 'invited', received_at = NULL": {"ready for review"},
    "UPDATE reviews_decision SET offer = false": {"An open offer"},
    "UPDATE applications_reference SET data = '{}'": {"A reference that is in"},
    "UPDATE applications_graduateanswer SET yes = false, note = 'No.'": {"What a college says"},
    "UPDATE accounts_signature SET about = 'Other'": {"Every application was signed"},
    "UPDATE fees_bill SET person_id = (SELECT max(id) FROM accounts_user)": {"Every application was signed"},
    "UPDATE reviews_decision SET steps = '{}'": {"Next steps are those"},
    "UPDATE applications_nextstep SET certification_id = (SELECT min(id) FROM certifications_certification)": {
        "Next steps are those"
    },
    "UPDATE applications_draft SET owner_id = (SELECT max(id) FROM accounts_user)": {"A filed draft"},
    "UPDATE applications_window SET closes_on = closes_on - 1000": {"counts for a window"},
    f"UPDATE preapprovals_offering SET code = 'SER-ULIO-0000' WHERE id = ({BROUGHT_IN})": {"An approval code is"},
    f"UPDATE preapprovals_preapprovalrequest SET code = 'SER-0000-0000' WHERE case_id = ({APPROVED})": {
        "An approval code is"
    },
    "UPDATE preapprovals_offering SET credits = 1 WHERE request_id > 0": {"What is pre-approved has"},
    "UPDATE preapprovals_offering SET state = 'terminated'": {"that is terminated has its notice"},
    "UPDATE preapprovals_offering SET valid_to = valid_from": {"Every date of an offering"},
    f"UPDATE preapprovals_attendance SET person_id = ({SEATED})": {"A claim that meets attendance"},
    "UPDATE preapprovals_attendance SET state = 'undone'": {"A claim that meets attendance"},
    "UPDATE preapprovals_roster SET keep_until = keep_until - 2": {"A list of attendance"},
    "UPDATE preapprovals_preapprovalrequest SET credits = 11": {"A request brings no more"},
    "UPDATE preapprovals_offering SET credits = 7 WHERE request_id > 0": {"A request brings no more"},
    "UPDATE journals_arrangement SET open = NOT open": {"An arrangement is about"},
    "UPDATE journals_arrangement SET agreed_shape = 'make-up', agreed_credits = NULL, agreed_day = '2000-01-01' "
    "WHERE agreed_shape = 'reduced'": {"What is agreed about a year"},
    "UPDATE certifications_period SET ends_on = ends_on + 1 WHERE id IN (SELECT period_id FROM journals_arrangement)": {
        "An extension in force"
    },
    "UPDATE journals_renewal SET open = NOT open WHERE opened_id IS NULL": {"A renewal is of a period"},
    "UPDATE journals_renewal SET opened_id = NULL": {"A confirmed renewal opened"},
    "UPDATE journals_renewal SET audited = true": {"No renewal is confirmed"},
    "UPDATE reviews_poll SET closed_at = NULL, outcome = NULL WHERE outcome": {
        "is open only while",
        "is with the whole committee",
        "says yes with more than half",
    },
    "UPDATE reviews_poll SET closed_at = closed_at + interval '1 second'": {"is open only while"},
    "UPDATE reviews_poll SET outcome = NULL": {"is open only while"},
    "UPDATE reviews_poll SET closed_at = now() WHERE closed_at IS NULL": {
        "is open only while",
        "is with the whole committee",
    },
    "UPDATE reviews_vote SET cast_at = cast_at + interval '1 day'": {"Nobody votes with a whole committee"},
    "INSERT INTO reviews_party (case_id, role, name, person_id) SELECT p.case_id, 'instructor', 'Named', v.member_id "
    "FROM reviews_voter v JOIN reviews_poll p ON p.id = v.poll_id WHERE v.state = 'voted'": {
        "Nobody votes with a whole committee"
    },
    "INSERT INTO reviews_conflict (case_id, member_id, note, declared_at) SELECT p.case_id, v.member_id, '', "
    "v.invited_at FROM reviews_voter v JOIN reviews_poll p ON p.id = v.poll_id WHERE v.state <> 'recused'": {
        "Nobody votes with a whole committee",
        "Whoever is out of a",
    },
    "UPDATE reviews_voter SET state = 'recused' WHERE state = 'invited'": {"Whoever is out of a"},
    "UPDATE reviews_voter SET counts = false WHERE state = 'recused'": {"Whoever is out of a"},
    "UPDATE reviews_vote SET revision = 9": {"Who voted with a whole committee"},
    "DELETE FROM reviews_vote": {"Who voted with a whole committee"},
    "UPDATE reviews_vote SET answer = 'no', reason = 'No.'": {"says yes with more than half"},
    "UPDATE reviews_vote SET answer = 'yes'": {"says yes with more than half"},
    "UPDATE reviews_poll SET outcome = NOT outcome": {"says yes with more than half", "is with the whole committee"},
    "UPDATE reviews_poll SET closed_at = now(), outcome = false WHERE closed_at IS NULL": {
        "says yes with more than half",
        "is with the whole committee",
    },
    "UPDATE reviews_voter SET state = 'voted' WHERE state = 'invited'": {"says yes with more than half"},
    "UPDATE reviews_reviewcase SET step = 'held', state = 'screening' WHERE step = 'poll'": {
        "is with the whole committee"
    },
    f"UPDATE preapprovals_notice SET by_id = ({ASKED}) WHERE act = 'terminated'": {"Nobody votes on an appeal"},
    f"UPDATE reviews_decision SET decided_by_id = ({ASKED})": {"Nobody votes on an appeal"},
    f"UPDATE reviews_seat SET member_id = ({ASKED}) WHERE id = (SELECT max(s.id) FROM reviews_seat s "
    f"JOIN reviews_panel q ON q.id = s.panel_id WHERE q.case_id = ({APPROVED}))": {"Nobody votes on an appeal"},
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world that all tests look at, made once; what a test breaks is taken back after it."""
    folder = {"BACKEND": "serportal.files.storage.PrivateFolder", "OPTIONS": {"location": tmp_path_factory.mktemp("f")}}
    with (
        override_settings(STORAGES={**settings.STORAGES, "default": folder}),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        build()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    """The world, for one test."""


def build():
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
    apply_all(ruth)
    offer_all(ruth, committee)
    factories.arrangement()
    factories.arranged(ruth)
    end = factories.programme_day() + timedelta(days=1600)
    factories.arranged(ruth, shape="extension", ends=end.isoformat())
    factories.renewal()
    factories.renewed(ruth)
    ask_all(ruth, committee)
    later = timezone.now() + timedelta(days=14)
    outbox.note_due(at=later)
    outbox.send_digests(at=later.replace(hour=18))
    outbox.drain()


def offer_all(ruth, committee):
    """A workshop that a panel approved, one brought in, and a list of attendance whose one person filed a claim."""
    factories.preapproved(ruth, committee)
    run = factories.occurrence()
    roster = rosters.give(
        occurrence_id=run.pk, content=b"Name,E-mail,Hours\nAmara Okafor,amara@marsh.example,6\n", name="a.csv", by=ruth
    )
    roster_taking.take_in(roster_id=roster.pk, told=True, by=ruth)
    case = factories.claim()
    run.attendances.update(person=case.filed_by, case=case, state=AttendanceState.CLAIMED)


def ask_all(ruth, committee):
    """An open question with one vote and one member out, a yes, a no, one that was ended; an appeal won, one open."""
    asked = [reviews.screen(factories.preapproval(teacher=[factories.other_teacher()]).pk, by=ruth) for _ in range(4)]
    out = asked[0].polls.get().voters.get(member=committee[0])
    reviews.declare_on(out.pk, conflict=True, by=committee[0])
    factories.answer_question(asked[0], committee[1])
    for case, answer in zip(asked[1:3], Answer, strict=False):
        for one in committee[:2]:
            factories.answer_question(case, one, answer, reason="So it is.")
    reviews.withdraw(asked[3].pk, by=asked[3].filed_by)
    appeals = [factories.member(Committee.APPEALS) for _ in range(3)]
    for about, voters in ((Offering.objects.get(request__isnull=False), appeals[:2]), (None, appeals[:1])):
        case = reviews.screen(factories.appeal(ruth, about).pk, by=ruth)
        for one in voters:
            factories.answer_question(case, one)
        case.refresh_from_db()
        if case.step == Step.DECIDE:
            reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)


def apply_all(ruth):
    """A CERPIT with next steps, an offer that is open, one that is ready, and a graduate whom a college confirmed."""
    members = [factories.member(Committee.CERTIFICATION) for _ in range(3)]
    for kind, choice in (("cerpit", Choice.APPROVE), ("cerp", Choice.OFFER)):
        case = ready(factories.application(kind), ruth)
        judge(case, members, choice)
        steps = ["Lead the monitoring of a project."]
        reviews.decide(case.pk, digest=reviews.preview(case, steps=steps).digest, steps=steps, by=ruth)
    ready(factories.application("cerp"), ruth)
    graduate = factories.asked_of(factories.partner())
    partners.answer(graduate_id=graduate.pk, yes=True, via=Via.LINK)
    gates.verify_course(application_id=graduate.application_id, by=ruth)
    reviews.screen(graduate.application_id, by=ruth)


def ready(made, ruth):
    """The case of an application of which nothing is missing any more."""
    factories.paid(made.bill, ruth)
    for name in ("Wanjiru Kamau", "Ana Souza"):
        factories.reference_in(made, name)
    gates.verify_course(application_id=made.pk, by=ruth)
    return reviews.screen(made.pk, by=ruth)


def judge(case, members, choice):
    reviews.seat(case.pk, members=[one.pk for one in members], by=None)
    kind = kind_of(case)
    judgements = {one.key: Judgement.PARTLY for one in kind.criteria(kind.read(case))}
    for member in members:
        seat = factories.seat_of(case, member)
        reviews.declare(seat.pk, conflict=False, by=member)
        given = {"choice": choice, "reason": "Monitoring is not shown.", "judgements": judgements}
        reviews.cast(seat.pk, by=member, key=uuid.uuid4(), revision=1, **given)
    case.refresh_from_db()


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
            "fees_bill",
            "accounts_signature",
            "applications_graduateanswer",
            "reviews_vote",
            "preapprovals_notice",
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
