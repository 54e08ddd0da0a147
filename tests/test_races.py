"""Two people, two tabs, two workers at the same instant: one effect, and a clear answer for the other one."""

import re
import uuid
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cecs import services as cecs
from cecs.models import CecSubmission, Draft
from journals import services as journals
from journals.models import Entry, Event, ScheduleRow, Upload
from preapprovals.models import Appeal
from preapprovals.services import appealing, oversight
from preapprovals.states import Act
from serportal.drafts.services import Seen
from serportal.files.models import StoredFile
from serportal.home.invariants import broken
from serportal.numbers.models import Counter as NumberCounter
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import Ballot, Decision, ReviewCase, Seat
from serportal.reviews.states import Answer, Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_zone
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("_round", range(3))
def test_four_presses_on_start_are_one_draft(_round):
    amara, key = factories.certificant(), str(uuid.uuid4())
    clients = [signed_in(amara) for _ in range(4)]
    answers = at_once(
        *[lambda c=c: c.post(reverse("cecs:new"), {"submit_key": key, "activity": "course"}) for c in clients]
    )
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {f"/cecs/drafts/{key}/"}
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_four_presses_on_file_are_one_claim_with_one_receipt(_round):
    amara = factories.certificant()
    draft = factories.draft(amara)
    path = reverse("cecs:check", args=[draft.pk])
    clients = [signed_in(amara) for _ in range(4)]
    answers = at_once(*[lambda c=c: c.post(path, {"version": draft.version}) for c in clients])
    assert {answer.status_code for answer in answers} == {302}
    case = ReviewCase.objects.get()
    assert {answer.url for answer in answers} == {reverse("cecs:case", args=[case.reference])}
    assert CecSubmission.objects.count() == Message.objects.filter(template="cec-receipt").count() == 1
    assert NumberCounter.objects.get(series="CEC").last == 1


def test_the_same_file_sent_twice_at_once_is_kept_once():
    draft = factories.draft(with_file=False)
    add = [lambda: cecs.add_files(draft=draft, uploads=[factories.pdf()], by=draft.owner)] * 4
    assert at_once(*add) == [[], [], [], []]
    assert StoredFile.objects.count() == 1


def test_the_quota_of_files_holds_under_thirty_uploads_at_once(settings):
    settings.FILE_MAX_COUNT = 5
    draft = factories.draft(with_file=False)
    add = [
        lambda n=n: cecs.add_files(draft=draft, uploads=[factories.pdf(extra=b"%d" % n)], by=draft.owner)
        for n in range(12)
    ]
    refused = [answer for answer in at_once(*add) if answer]
    assert StoredFile.objects.count() == 5
    assert len(refused) == 7 and {one[0].code for one in refused} == {"too-many"}


@pytest.mark.parametrize("_round", range(3))
def test_evidence_never_changes_behind_a_filing(_round):
    """Removing the only file and filing at the same instant: either it is filed with its proof, or it is not filed."""
    draft = factories.draft()
    stored = cecs.files_of(draft).get()
    at_once(
        lambda: cecs.file_claim(
            draft_id=draft.pk, owner=draft.owner, answers=factories.answers(), version=draft.version
        ),
        lambda: cecs.remove_file(draft=draft, key=str(stored.pk), by=draft.owner),
    )
    assert ReviewCase.objects.exists() == cecs.files_of(draft).exists()


def test_a_filed_claim_takes_no_file_and_gives_none_up():
    draft = factories.draft()
    cecs.file_claim(draft_id=draft.pk, owner=draft.owner, answers=factories.answers(), version=draft.version)
    stored = cecs.files_of(draft).get()
    with pytest.raises(Refusal, match="already filed"):
        cecs.remove_file(draft=draft, key=str(stored.pk), by=draft.owner)
    with pytest.raises(Refusal, match="already filed"):
        cecs.add_files(draft=draft, uploads=[factories.pdf(extra=b"more")], by=draft.owner)
    assert cecs.files_of(draft).get() == stored


def test_claims_filed_at_once_have_numbers_without_gap_or_repetition():
    drafts = [factories.draft() for _ in range(6)]
    file = [
        lambda d=d: cecs.file_claim(draft_id=d.pk, owner=d.owner, answers=factories.answers(), version=d.version)
        for d in drafts
    ]
    numbers = sorted(int(case.reference[-4:]) for case in at_once(*file))
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_two_saves_from_two_tabs_keep_both_texts_and_lose_none():
    draft = factories.draft()
    save = [
        lambda n=n: cecs.save(
            draft_id=draft.pk,
            owner=draft.owner,
            data=factories.draft_data(learned=f"Text of tab {n}"),
            seen=cecs.Seen(draft.version),
        )
        for n in range(2)
    ]
    answers = at_once(*save)
    assert Counter(type(answer).__name__ for answer in answers) == {"Draft": 1, "StaleDraft": 1}


@pytest.fixture
def panel():
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    return ruth, committee


def test_one_ballot_sent_four_times_at_once_is_one_ballot(panel):
    ruth, committee = panel
    case = factories.seated(ruth, committee)
    member, key = committee[0], uuid.uuid4()
    seat = Seat.objects.get(member=member)
    reviews.declare(seat.pk, conflict=False, by=member)
    cast = [lambda: reviews.cast(seat.pk, by=member, key=key, revision=1, choice=Choice.APPROVE)] * 4
    assert len({ballot.pk for ballot in at_once(*cast)}) == 1
    assert Ballot.objects.count() == 1
    case.refresh_from_db()
    assert case.ballots_in == 1


@pytest.mark.parametrize("_round", range(3))
def test_three_members_voting_at_once_close_the_panel_once(panel, _round):
    ruth, committee = panel
    case = factories.seated(ruth, committee)
    at_once(*[lambda m=m: factories.vote(case, m) for m in committee])
    case.refresh_from_db()
    assert (case.ballots_in, case.step) == (3, "decide")
    assert case.events.filter(move="complete").count() == 1


def test_a_vote_and_a_recusal_of_the_same_seat_at_once_are_one_of_both(panel):
    ruth, committee = panel
    case = factories.seated(ruth, committee)
    member = committee[0]
    seat = Seat.objects.get(member=member)
    reviews.declare(seat.pk, conflict=False, by=member)
    at_once(
        lambda: reviews.cast(seat.pk, by=member, key=uuid.uuid4(), revision=1, choice=Choice.APPROVE),
        lambda: reviews.declare(seat.pk, conflict=True, by=member),
    )
    seat.refresh_from_db()
    assert (seat.state == "recused") != Ballot.objects.filter(seat=seat).exists()
    case.refresh_from_db()


@pytest.mark.parametrize("_round", range(3))
def test_two_coordinators_deciding_at_once_make_one_decision(panel, _round):
    ruth, committee = panel
    deputy = factories.coordinator()
    case = factories.voted(ruth, committee)
    digest = reviews.preview(case).digest
    answers = at_once(*[lambda by=by: reviews.decide(case.pk, digest=digest, by=by) for by in (ruth, deputy)])
    assert Counter(type(answer).__name__ for answer in answers) == {"Decision": 1, "Refusal": 1}
    assert Decision.objects.count() == Entry.objects.count() == 1
    assert Message.objects.filter(key__startswith="decision:").count() == 1


def test_two_coordinators_seating_at_once_seat_three(panel):
    ruth, committee = panel
    committee.append(factories.member())
    case = factories.screened(ruth)
    keys = [one.pk for one in committee]
    at_once(
        lambda: reviews.seat(case.pk, members=keys[:3], by=ruth),
        lambda: reviews.seat(case.pk, members=keys[1:], by=ruth),
    )
    assert Seat.objects.count() == 3


def test_four_workers_on_one_outbox_send_each_message_once():
    people = [factories.PersonFactory() for _ in range(3)]
    for n in range(40):
        outbox.owe_ready(key=f"m{n}", to=people[n % 3].email, subject=f"Number {n}", text="Text.")
    tried = at_once(*[outbox.drain] * 4)
    assert sum(tried) == 40
    assert Counter(letter.subject for letter in mail.outbox) == {f"Number {n}": 1 for n in range(40)}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.fixture
def waiting(panel):
    ruth, committee = panel
    for _ in range(4):
        factories.decided(ruth, committee)
    return ruth


def test_two_uploads_at_once_move_each_credit_once(waiting):
    runs = [journals.prepare_upload(key=f"run {n}", due_on=timezone.localdate(), by=waiting) for n in range(2)]
    at_once(*[lambda run=run: journals.post_upload(run, by=waiting) for run in runs])
    totals = sorted(Upload.objects.values_list("entries_posted", "control_total"))
    assert totals == [(0, 0), (4, 40)]
    assert not Entry.objects.waiting().exists()


def test_the_due_upload_is_one_run_however_many_beats_ring(waiting):
    due = journals.next_upload_on()
    moment = timezone.make_aware(timezone.datetime.combine(due, journals.UPLOAD_HOUR), programme_zone())
    assert journals.post_due_upload(moment - timedelta(seconds=1)) is None
    at_once(*[lambda: journals.post_due_upload(moment + timedelta(minutes=1))] * 3)
    upload = Upload.objects.get(due_on=due)
    assert (upload.entries_posted, upload.control_total) == (4, 40)


@pytest.mark.parametrize("_round", range(3))
def test_two_coordinators_taking_back_at_once_make_one_correction(panel, _round):
    """R-UPL-4."""
    ruth, committee = panel
    deputy = factories.coordinator()
    factories.decided(ruth, committee)
    entry = Entry.objects.get()
    made = at_once(
        *[lambda by=by: journals.reverse(entry.pk, reason="It was cancelled.", by=by) for by in (ruth, deputy) * 2]
    )
    assert len({one.pk for one in made}) == 1
    assert Entry.objects.filter(reverses=entry).count() == 1
    assert Message.objects.filter(template="entry-reversed").count() == 1


def test_a_correction_during_an_upload_lands_in_this_run_or_the_next(waiting):
    entries = list(Entry.objects.all())
    run = journals.prepare_upload(key="run", due_on=timezone.localdate())
    at_once(
        lambda: journals.post_upload(run),
        *[lambda e=e: journals.reverse(e.pk, reason="It was cancelled.", by=waiting) for e in entries],
    )
    run.refresh_from_db()
    assert run.entries_posted + Entry.objects.waiting().count() == 8
    journals.post_upload(journals.prepare_upload(key="next run", due_on=timezone.localdate()))
    assert sum(Upload.objects.values_list("control_total", flat=True)) == 0


@pytest.mark.parametrize("_round", range(3))
def test_runs_at_once_state_one_after_the_other(panel, _round):
    """R-UPL-5: each statement opens where the one before it closed, whoever runs at the same time."""
    amara = factories.certificant()
    period, now = amara.periods.get(), timezone.now()
    Entry.objects.bulk_create(
        Entry(
            person=amara, period=period, source="import", activity="training", description=f"Day {n}", credits="0.75",
            earned_on=period.starts_on, sentence="45 minutes.", approved_at=now - timedelta(minutes=n),
        )
        for n in range(6)
    )  # fmt: skip
    runs = [journals.prepare_upload(key=f"run {n}", due_on=timezone.localdate()) for n in range(3)]
    at_once(
        *[
            lambda n=n, run=run: journals.post_upload(run, until=now - timedelta(minutes=n * 2))
            for n, run in enumerate(runs)
        ]
    )
    assert sum(Upload.objects.values_list("control_total", flat=True)) == Decimal("4.5")
    last = amara.statements.order_by("-pk")[0]
    assert (last.closing, last.carried_out) == (Decimal("4.5"), Decimal("0.5"))


def test_an_approval_during_an_upload_lands_in_this_run_or_the_next(panel):
    ruth, committee = panel
    factories.decided(ruth, committee)
    case = factories.voted(ruth, committee)
    digest = reviews.preview(case).digest
    run = journals.prepare_upload(key="run", due_on=timezone.localdate())
    at_once(lambda: reviews.decide(case.pk, digest=digest, by=ruth), lambda: journals.post_upload(run))
    run.refresh_from_db()
    assert run.entries_posted + Entry.objects.waiting().count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_one_dated_row_confirmed_four_times_at_once_is_one_row(_round):
    """ARCHITECTURE 15."""
    ruth, deputy = factories.coordinator(), factories.coordinator()
    values = {"activity": "book", "rate": Decimal(8), "unit": "book", "pre_approvable": False}
    values["effective_from"] = timezone.localdate() + timedelta(days=40)
    digest = journals.RULES.preview(journals.RULES.draft(ScheduleRow, values)).digest
    stored = at_once(
        *[
            lambda by=by: journals.RULES.store(journals.RULES.draft(ScheduleRow, values), digest=digest, by=by)
            for by in (ruth, deputy) * 2
        ]
    )
    assert sorted(new for _row, new in stored) == [False, False, False, True]
    assert ScheduleRow.objects.filter(activity="book").count() == 2


# What two approvals, two panels or two tabs could do to each other ------------------------------------------------


def voted_on(panel, owner, **given) -> ReviewCase:
    ruth, committee = panel
    return factories.voted(ruth, committee, owner=owner, **given)


def decide(case, by, digest=None):
    return reviews.decide(case.pk, digest=digest or reviews.preview(ReviewCase.objects.get(pk=case.pk)).digest, by=by)


def one_and_a_refusal(answers, *codes: str):
    """Assert that exactly one of two acts was done, and that the other one got a sentence."""
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refusals) == 1 and not any(isinstance(one, Exception) for one in answers if one not in refusals), answers
    assert refusals[0].code in codes and str(refusals[0]).endswith(".")


def planted(title: str) -> dict:
    """Two days of planting, worth 4 credits by themselves."""
    last = factories.programme_day() - timedelta(days=14)
    days = [last - timedelta(days=1), last]
    rows = tuple(cecs.Row(day, "Planting", Decimal(8)) for day in days)
    return {"about": "volunteering", "title": title, "first_day": days[0], "rows": rows}


COURSE = {"about": "instruction", "regular": "yes", "course_no": "ENVR 1"}


@pytest.mark.parametrize("_round", range(2))
@pytest.mark.parametrize(
    ("claims", "total"),
    [([planted("Marram"), planted("Reed")], 5), ([{"hours": "16"}, {"hours": "14"}], 10), ([COURSE, COURSE], 6)],
    ids=["R-VOL", "R-CAP", "R-ONCE"],
)
def test_two_approvals_that_share_a_cap_at_once_never_exceed_it(panel, claims, total, _round):
    """The second letter changed meanwhile, so it is refused, read anew and sent."""
    ruth, _committee = panel
    deputy, amara = factories.coordinator(), factories.certificant()
    cases = [voted_on(panel, amara, **given) for given in claims]
    read = [reviews.preview(case).digest for case in cases]
    answers = at_once(
        *[lambda c=c, d=d, by=by: decide(c, by, d) for c, d, by in zip(cases, read, (ruth, deputy), strict=True)]
    )
    one_and_a_refusal(answers, "changed-letter")
    refused = cases[[isinstance(one, Refusal) for one in answers].index(True)]
    assert Entry.objects.count() == 1
    decide(refused, ruth)
    assert sum(Entry.objects.values_list("credits", flat=True)) == total


@pytest.mark.parametrize("_round", range(3))
def test_a_ballot_on_the_old_version_while_the_answer_arrives(panel, _round):
    """R-REV-6."""
    ruth, committee = panel
    case = factories.seated(ruth, committee)
    seat = factories.seat_of(case, committee[0])
    reviews.declare(seat.pk, conflict=False, by=committee[0])
    answer = answering(case, ruth)
    ballot, said = at_once(
        lambda: reviews.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE), answer
    )
    assert isinstance(said, ReviewCase)
    assert isinstance(ballot, Refusal) and ballot.code in {"asked", "old-revision"}
    assert not Ballot.objects.exists()


def answering(case, ruth):
    """Ask about a claim and return the act that answers."""
    owner = case.filed_by
    reviews.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    draft, given = cecs.begin_reply(reference=case.reference, owner=owner), factories.answers("12")
    return lambda: cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)


@pytest.mark.parametrize("_round", range(3))
def test_an_answer_and_the_question_taken_back_at_once_are_one_of_both(panel, _round):
    """R-REV-8."""
    ruth, committee = panel
    case = factories.voted(ruth, committee)
    answers = at_once(answering(case, ruth), lambda: reviews.retract(case.pk, by=ruth))
    one_and_a_refusal(answers, "nothing-asked")
    case.refresh_from_db()
    assert (case.step, case.revision) in {("vote", 2), ("decide", 1)}


@pytest.mark.parametrize("_round", range(3))
def test_the_last_ballot_of_a_split_panel_and_the_tick_that_settles_it(panel, _round):
    """R-REV-3: the ballot is in the tally, or refused; never neither."""
    ruth, committee = panel
    case = factories.seated(ruth, committee)
    factories.vote(case, committee[0])
    for one in committee[1:]:
        factories.vote(case, one, Choice.DENY, reason="Product talks.")
    for one in committee[:2]:
        reviews.confirm(factories.seat_of(case, one).pk, by=one)
    over = timezone.now() + timedelta(days=4)
    ballot, _settled = at_once(lambda: factories.vote(case, committee[2]), lambda: reviews.settle_over(over))
    case.refresh_from_db()
    assert case.step == "decide" and case.events.filter(move="settle").count() == 1
    counted = isinstance(ballot, Ballot)
    assert counted or ballot.code == "closed"
    assert reviews.preview(case).outcome.approved == counted


@pytest.mark.parametrize(
    ("start", "acts", "codes", "moves"),
    [
        ("decided", ["reopen", "reopen"], ["illegal-move"], {"reopen"}),
        ("voted", ["withdraw", "decide"], ["illegal-move", "not-ready"], {"withdraw", "approve"}),
        ("decided", ["take back", "reopen"], [], {"reopen"}),
        ("seated", ["aside", "extend"], [], {"conflict"}),
    ],
)
@pytest.mark.parametrize("_round", range(2))
def test_two_acts_on_one_case_at_once(panel, start, acts, codes, moves, _round):
    ruth, committee = panel
    deputy = factories.coordinator()
    case = getattr(factories, start)(ruth, committee)
    digest = reviews.preview(case).digest if start == "voted" else ""
    verbs = {
        "reopen": lambda by: reviews.reopen(case.pk, reason="Another programme.", by=by),
        "withdraw": lambda by: reviews.withdraw(case.pk, by=case.filed_by),
        "decide": lambda by: reviews.decide(case.pk, digest=digest, by=by),
        "extend": lambda by: reviews.extend(
            case.pk, until=case.due_on + timedelta(days=3), reason="Two are ill.", by=ruth
        ),
        "aside": lambda by: reviews.step_aside(case.pk, by=ruth),
        "take back": lambda by: journals.reverse(Entry.objects.earliest("pk").pk, reason="Cancelled.", by=by),
    }
    answers = at_once(*[lambda v=verbs[act], by=by: v(by) for act, by in zip(acts, (ruth, deputy), strict=True)])
    if codes:
        one_and_a_refusal(answers, *codes)
        assert case.events.filter(move__in=moves).count() == 1
    else:
        assert all(isinstance(one, Refusal) or not isinstance(one, Exception) for one in answers), answers
        assert set(case.events.values_list("move", flat=True)) >= moves


@pytest.mark.parametrize("_round", range(3))
def test_an_extension_and_the_decision_at_once(panel, _round):
    ruth, committee = panel
    case = factories.voted(ruth, committee)
    digest, until = reviews.preview(case).digest, case.due_on + timedelta(days=3)
    made, extended = at_once(
        lambda: reviews.decide(case.pk, digest=digest, by=ruth),
        lambda: reviews.extend(case.pk, until=until, reason="Two are ill.", by=ruth),
    )
    assert isinstance(made, Decision)
    assert not isinstance(extended, Exception) or extended.code == "illegal-move"
    assert Message.objects.filter(template="case-extended").exists() == (not isinstance(extended, Exception))


@pytest.mark.parametrize("_round", range(2))
def test_two_bulk_runs_over_the_same_cases_decide_each_once(panel, _round):
    """SPEC 4: the pages say what was done, and of each case that the other run was faster."""
    ruth, committee = panel
    deputy = factories.coordinator()
    cases = [factories.voted(ruth, committee, title=f"Forum {n}") for n in range(4)]
    sent = {"action": "decide_all", "_selected_action": [case.pk for case in cases], "confirmed": "1"}
    sent |= {f"key-{case.pk}": reviews.preview(case).digest for case in cases}
    clients = [signed_in(one) for one in (ruth, deputy)]
    path = reverse("admin:reviews_reviewcase_changelist")
    pages = at_once(*[lambda c=c: c.post(path, sent, follow=True) for c in clients])
    assert [page.status_code for page in pages] == [200, 200]
    assert Decision.objects.count() == Entry.objects.count() == 4
    told = "".join(page.content.decode() for page in pages)
    done = sum(int(one) for one in re.findall(r"(\d) cases? (?:is|are) decided", told))
    assert done == 4 and told.count("so this cannot be done to it any more") + told.count("no decision to send") == 4


@pytest.mark.parametrize("_round", range(3))
def test_a_step_out_and_a_ballot_of_one_member_in_two_tabs(panel, _round):
    """R-REV-5: pages, so that neither tab can get an error page."""
    ruth, committee = panel
    spare, member = factories.member(), committee[0]
    case = factories.seated(ruth, committee)
    seat = factories.seat_of(case, member)
    reviews.declare(seat.pk, conflict=False, by=member)
    path = reverse("reviews:case", args=[case.reference])
    tabs = [signed_in(member) for _ in range(2)]
    vote = {"submit_key": str(uuid.uuid4()), "revision": 1, "choice": "approve"}
    answers = at_once(
        lambda: tabs[0].post(path, vote), lambda: tabs[1].post(f"{path}conflict/", {"answer": "conflict"})
    )
    assert {answer.status_code for answer in answers} <= {302, 404, 409}
    seat.refresh_from_db()
    assert (seat.state == "recused") != Ballot.objects.filter(seat=seat).exists()
    assert Seat.objects.filter(member=spare).exists() == (seat.state == "recused")


@pytest.mark.parametrize("_round", range(2))
def test_two_ticks_give_the_place_of_a_silent_member_away_once(panel, _round):
    ruth, committee = panel
    spares = [factories.member() for _ in range(4)]
    case = factories.seated(ruth, committee)
    for one in committee[1:]:
        factories.vote(case, one)
    late = timezone.now() + timedelta(days=20)
    counts = at_once(*[lambda: reviews.replace_silent(late)] * 3)
    assert sorted(counts) == [0, 0, 1]
    assert Seat.objects.filter(member__in=spares).count() == 1
    assert case.events.filter(move="replace").count() == 1


@pytest.mark.parametrize("_round", range(2))
def test_credits_taken_back_while_a_run_moves_them_and_the_case_is_decided_anew(panel, _round):
    """R-UPL-3, R-UPL-4, R-REV-9: whatever comes first, the journal adds up and no credit is taken back twice."""
    ruth, committee = panel
    deputy = factories.coordinator()
    case = factories.decided(ruth, committee)
    entry = Entry.objects.get()
    reviews.reopen(case.pk, reason="Another programme.", by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in committee], by=ruth)
    for one in committee:
        factories.vote(case, one, Choice.DENY, reason="Product talks.")
    case.refresh_from_db()
    digest = reviews.preview(case).digest
    run = journals.prepare_upload(key="run", due_on=timezone.localdate())
    back, _posted, made = at_once(
        lambda: journals.reverse(entry.pk, reason="It was cancelled.", by=deputy),
        lambda: journals.post_upload(run),
        lambda: reviews.decide(case.pk, digest=digest, by=ruth),
    )
    assert isinstance(back, Entry)
    if isinstance(made, Refusal):
        assert made.code == "changed-letter"
        decide(case, ruth)
    journals.post_upload(journals.prepare_upload(key="next run", due_on=timezone.localdate()))
    assert sum(Entry.objects.values_list("credits", flat=True)) == 0
    assert Entry.objects.filter(reverses=entry).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_links_that_meet_in_one_event_leave_one_root(_round):
    """R-CAP: A is B and B is C, said at once, are one event and not a chain."""
    events = [factories.claim(title=f"Forum {n}").cecs_cecsubmission.event for n in range(4)]
    pairs = pairwise(events)
    at_once(*[lambda one=one, other=other: journals.link_events(one, other) for one, other in pairs])
    assert {Event.objects.get(pk=event.pk).root_id for event in events} == {events[0].pk}


@pytest.mark.parametrize("_round", range(2))
def test_two_beats_note_and_tell_the_same_reminders_once(panel, _round):
    ruth, committee = panel
    for n in range(4):
        factories.seated(ruth, committee, title=f"Forum {n}")
    for days in (8, 12, 16):
        at = (timezone.now() + timedelta(days=days)).replace(hour=18)
        answers = at_once(*[lambda at=at: outbox.note_due(at=at)] * 2, *[lambda at=at: outbox.send_digests(at=at)] * 2)
        assert not [one for one in answers if isinstance(one, Exception)]
        outbox.note_due(at=at)
        outbox.send_digests(at=at)
    told = Counter(Message.objects.filter(template="reminder-digest").values_list("person", flat=True))
    assert told == {ruth.pk: 1, **{one.pk: 3 for one in committee}}


def test_a_refusal_is_no_crash():
    assert issubclass(cecs.StaleDraft, Refusal)


def electorate_of(case):
    voters = list(case.polls.get().voters.select_related("member"))
    for one in voters:
        reviews.declare_on(one.pk, conflict=False, by=one.member)
    return voters


@pytest.mark.parametrize("_round", range(3))
def test_votes_at_once_close_a_question_once(_round):
    """R-REV-10: five vote together; three yes carry, and whoever comes after that is told."""
    ruth = factories.coordinator()
    for _n in range(5):
        factories.member()
    with transaction.atomic():
        case = factories.preapproval(teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=ruth)
    voters = electorate_of(case)
    answers = at_once(
        *[
            lambda one=one: reviews.vote(one.pk, by=one.member, key=uuid.uuid4(), revision=1, answer=Answer.YES)
            for one in voters
        ]
    )
    refused = [one for one in answers if isinstance(one, Exception)]
    assert len(refused) == 2 and {one.code for one in refused} == {"closed"}
    poll = case.polls.get()
    assert poll.outcome is True and case.events.filter(move="carry").count() == 1
    assert Message.objects.filter(template="poll-closed").count() == 3


@pytest.mark.parametrize("_round", range(3))
def test_a_vote_and_the_tick_that_closes_the_question_at_once(_round):
    """SPEC 5: the vote is in, or it came too late; the answer is one."""
    ruth = factories.coordinator()
    for _n in range(3):
        factories.member()
    with transaction.atomic():
        case = factories.preapproval(teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=ruth)
    one, two, _three = electorate_of(case)
    reviews.vote(one.pk, by=one.member, key=uuid.uuid4(), revision=1, answer=Answer.YES)
    over = timezone.now() + timedelta(days=11)
    vote, closed = at_once(
        lambda: reviews.vote(two.pk, by=two.member, key=uuid.uuid4(), revision=1, answer=Answer.YES),
        lambda: reviews.close_over(over),
    )
    poll = case.polls.get()
    assert poll.outcome is not isinstance(vote, Refusal)
    assert closed == (1 if isinstance(vote, Refusal) else 0)


@pytest.mark.parametrize("_round", range(3))
def test_two_contacts_appealing_at_once_file_one_appeal(_round):
    """R-SPO-6."""
    ruth, bram, cees = factories.coordinator(), factories.PersonFactory(), factories.PersonFactory()
    offering = factories.offering(factories.sponsor(bram))
    factories.contact(offering.sponsor, cees.email, "editor", person=cees)
    notice = oversight.act_on(offering.pk, act=Act.TERMINATED, reason="A product show.", by=ruth)
    drafts = []
    for person in (bram, cees):
        draft = appealing.begin(notice=notice, by=person)
        appealing.save(draft_id=draft.pk, by=person, grounds="It was not.", seen=Seen(draft.version))
        drafts.append((draft, person))
    answers = at_once(
        *[lambda draft=draft, by=by: appealing.file_appeal(draft_id=draft.pk, by=by) for draft, by in drafts * 2]
    )
    filed = {one.pk for one in answers if isinstance(one, ReviewCase)}
    assert len(filed) == 1 and Appeal.objects.count() == 1
    assert all(one.code == "appealed" for one in answers if isinstance(one, Exception))
