"""Two people, two tabs, two workers at the same instant: one effect, and a clear answer for the other one."""

import uuid
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cecs import services as cecs
from cecs.models import CecSubmission, Draft
from journals import services as journals
from journals.models import Entry, ScheduleRow, Upload
from serportal.files.models import StoredFile
from serportal.home.invariants import broken
from serportal.numbers.models import Counter as NumberCounter
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import Ballot, Decision, ReviewCase, Seat
from serportal.reviews.states import Choice
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


def test_a_refusal_is_no_crash():
    assert issubclass(cecs.StaleDraft, Refusal)
