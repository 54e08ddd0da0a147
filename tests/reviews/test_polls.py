"""Questions to a whole committee: who is asked, what carries, when it closes, who sees what (R-REV-10, R-SPO-6)."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from preapprovals.models import Instructor
from serportal.accounts.models import CommitteeTerm
from serportal.accounts.states import Committee
from serportal.outbox.models import Message
from serportal.reviews import rules
from serportal.reviews import services as reviews
from serportal.reviews.models import Poll, ReviewCase, Vote, Voter
from serportal.reviews.services import reminding
from serportal.reviews.states import Answer, Choice, Move, SeatState
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

YES, NO, ABSTAIN = Answer.YES, Answer.NO, Answer.ABSTAIN


@pytest.mark.parametrize(
    ("answers", "barred", "over", "outcome"),
    [
        # R-REV-10: more than half of the whole, whoever answers
        ([YES, YES, YES, None, None], 0, False, True),
        ([YES, YES, None, None], 0, False, None),
        ([YES, YES, NO, NO], 0, False, False),
        ([NO, NO, NO, None, None], 0, False, False),
        ([NO, NO, None, None], 0, False, False),
        ([YES, YES, ABSTAIN, None], 0, False, None),
        ([YES, YES, ABSTAIN, ABSTAIN], 0, False, False),
        # who is barred counts in the whole and never answers
        ([YES, YES], 1, False, True),
        ([YES, YES], 2, False, False),
        ([None, None], 2, False, False),
        # silence is no yes (R-SPO-6)
        ([YES, None, None], 0, True, False),
        ([YES, YES, None], 0, True, True),
        ([None], 0, True, False),
        # nobody decides nothing
        ([], 0, False, None),
        ([], 3, True, None),
    ],
)
def test_what_a_committee_answers(answers, barred, over, outcome):
    """R-REV-10, R-SPO-6."""
    assert rules.result(rules.count(answers, barred=barred), over=over) is outcome


@pytest.fixture
def asked(ruth, committee):
    """A request with one instructor of other credentials, screened; the four members are asked."""
    case = factories.preapproval(teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=ruth)
    case.refresh_from_db()
    return case


def poll_of(case) -> Poll:
    return case.polls.latest("number")


def voter_of(case, member) -> Voter:
    return Voter.objects.get(poll=poll_of(case), member=member)


def vote(case, member, answer=YES, reason="", **given):
    return factories.answer_question(case, member, answer, reason=reason, **given)


def test_screening_asks_every_active_member_once(asked, ruth, committee):
    """R-REV-10, SPEC 5: ten days."""
    poll = poll_of(asked)
    assert {one.member for one in poll.voters.all()} == set(committee)
    assert poll.due_on == programme_day() + timedelta(days=10)
    assert "Wanjiru Kamau" in poll.question and "Thirty years of dike work" in poll.question
    letters = Message.objects.filter(template="poll-invitation")
    assert {one.person for one in letters} == set(committee)
    assert all("Wanjiru" not in str(one.context) for one in letters)
    assert asked.events.filter(move=Move.OPEN).count() == 1


def test_a_request_without_such_an_instructor_asks_nothing(ruth, committee):
    case = factories.preapproval()
    reviews.screen(case.pk, by=ruth)
    assert not case.polls.exists()


def test_the_electorate_is_frozen_when_it_opens(asked, ruth, committee):
    """R-REV-10: who joins later is not asked, who leaves still counts."""
    factories.member()
    CommitteeTerm.objects.filter(member=committee[0]).update(ends_on=programme_day() - timedelta(days=1))
    assert poll_of(asked).voters.count() == 4
    for one in committee[1:3]:
        vote(asked, one)
    assert poll_of(asked).closed_at is None
    vote(asked, committee[3])
    assert poll_of(asked).outcome is True


def test_a_yes_is_written_down_with_the_instructor(asked, ruth, committee):
    """R-INST."""
    for one in committee[:3]:
        vote(asked, one)
    assert poll_of(asked).outcome is True
    assert Instructor.objects.get(request=asked.pk).accepted is True
    with pytest.raises(Refusal, match="closed"):
        vote(asked, committee[3])
    told = Message.objects.filter(template="poll-closed")
    assert {one.person for one in told} == set(committee[:3])
    assert {one.context["answer"] for one in told} == {"yes"}
    left = Message.objects.get(template="poll-invitation", person=committee[3])
    assert left.state == "cancelled"


def test_a_conflict_counts_in_the_whole_and_closes_the_case(asked, ruth, committee, client):
    """R-REV-5, R-REV-10: with one of four stepped out, three yes are still needed."""
    out = committee[0]
    reviews.declare_on(voter_of(asked, out).pk, conflict=True, by=out, note="We share an office.")
    assert not ReviewCase.objects.visible_to(out).filter(pk=asked.pk).exists()
    for one in committee[1:3]:
        vote(asked, one)
    assert poll_of(asked).closed_at is None
    vote(asked, committee[3], NO, reason="No proof of it.")
    assert poll_of(asked).outcome is False
    assert Instructor.objects.get(request=asked.pk).accepted is False
    client.force_login(out)
    for path in (f"/reviews/{asked.reference}/", f"/reviews/{asked.reference}/question/1/"):
        assert client.get(path).status_code == 404


def test_a_conflict_declared_from_the_seat_ends_the_vote_and_the_other_way_round(asked, ruth, committee):
    """R-REV-5: one person, one conflict."""
    reviews.seat(asked.pk, members=[one.pk for one in committee[:3]], by=ruth)
    one, two = committee[:2]
    vote(asked, one)
    reviews.declare(factories.seat_of(asked, one).pk, conflict=True, by=one)
    assert voter_of(asked, one).state == SeatState.RECUSED and voter_of(asked, one).counts
    reviews.declare_on(voter_of(asked, two).pk, conflict=True, by=two)
    assert factories.seat_of(asked, two).state == SeatState.RECUSED


def test_who_is_named_in_the_case_is_never_asked_and_still_counts(ruth, committee):
    case = factories.preapproval(committee[0], teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=ruth)
    voter = voter_of(case, committee[0])
    assert voter.state == SeatState.RECUSED and voter.counts
    assert not Message.objects.filter(template="poll-invitation", person=committee[0]).exists()


def test_nobody_reads_a_vote_before_it_closed(asked, ruth, committee, client):
    """R-REV-5: the coordinator in the admin included."""
    reason = "Nobody knows these papers."
    vote(asked, committee[0], NO, reason=reason)
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{asked.pk}/change/").content.decode()
    assert reason not in page and "1 have answered" in page
    assert not Vote.objects.visible_to(ruth).exists()
    assert not Vote.objects.visible_to(committee[1]).exists()
    vote(asked, committee[1], NO, reason="No papers.")
    assert poll_of(asked).outcome is False
    page = client.get(f"/admin/reviews/reviewcase/{asked.pk}/change/").content.decode()
    assert reason in page
    assert Vote.objects.visible_to(ruth).count() == 2
    assert [one.voter.member for one in Vote.objects.visible_to(committee[1])] == [committee[1]]


def test_the_content_waits_for_the_conflict_question(asked, committee, client):
    """R-REV-5: title and names, and nothing else."""
    client.force_login(committee[0])
    path = f"/reviews/{asked.reference}/question/1/"
    page = client.get(path).content.decode()
    assert "Do you have a conflict" in page and "Wanjiru Kamau" in page
    assert "Thirty years of dike work" not in page
    stored = asked.folder.files.first()
    assert client.get(f"/files/{stored.pk}/").status_code == 404
    assert client.post(f"{path}conflict/", {"answer": "none"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Thirty years of dike work" in page and "Your vote" in page
    assert b"".join(client.get(f"/files/{stored.pk}/").streaming_content)
    assert client.get(f"/reviews/{asked.reference}/")["Location"] == path


def test_a_vote_cast_on_the_page(asked, committee, client):
    client.force_login(committee[0])
    path = f"/reviews/{asked.reference}/question/1/"
    client.post(f"{path}conflict/", {"answer": "none"})
    key = str(uuid.uuid4())
    sent = {"submit_key": key, "revision": "1", "answer": "no", "reason": ""}
    response = client.post(path, sent)
    assert response.status_code == 422 and "Your reason is missing" in response.content.decode()
    for _twice in range(2):
        assert client.post(path, {**sent, "reason": "No proof."}).status_code == 302
    assert Vote.objects.get().reason == "No proof."
    assert f"/reviews/{asked.reference}/question/1/" not in client.get("/reviews/").content.decode()


def test_the_last_vote_stands_until_the_end(asked, committee):
    vote(asked, committee[0], NO, reason="Unsure.")
    vote(asked, committee[0], YES)
    vote(asked, committee[1], YES)
    vote(asked, committee[2], YES)
    assert poll_of(asked).outcome is True


def test_the_database_keeps_votes_and_refuses_those_of_who_stepped_out(asked, committee):
    made = vote(asked, committee[0])
    with pytest.raises(InternalError), transaction.atomic():
        Vote.objects.filter(pk=made.pk).update(answer=NO, reason="Another.")
    with pytest.raises(InternalError), transaction.atomic():
        made.delete()
    voter = voter_of(asked, committee[1])
    reviews.declare_on(voter.pk, conflict=True, by=committee[1])
    given = {"voter": voter, "revision": 1, "submit_key": uuid.uuid4(), "answer": YES, "cast_at": timezone.now()}
    with pytest.raises(InternalError), transaction.atomic():
        Vote.objects.create(**given)


def test_when_its_days_are_over_it_is_not_accepted(asked, ruth, committee):
    """SPEC 5: ten days; the tenth counts."""
    vote(asked, committee[0])
    vote(asked, committee[1])
    last = timezone.now() + timedelta(days=10)
    assert reviews.close_over(last) == 0
    assert reviews.close_over(last + timedelta(days=1)) == 1
    assert reviews.close_over(last + timedelta(days=1)) == 0
    assert poll_of(asked).outcome is False


def test_the_coordinator_gives_more_days_with_a_reason(asked, ruth, committee):
    poll = poll_of(asked)
    with pytest.raises(Refusal, match="need a reason"):
        reviews.give_days(poll.pk, until=poll.due_on + timedelta(days=3), reason=" ", by=ruth)
    with pytest.raises(Refusal, match="at most 4 weeks"):
        reviews.give_days(poll.pk, until=poll.due_on + timedelta(days=29), reason="Field season.", by=ruth)
    reviews.give_days(poll.pk, until=poll.due_on + timedelta(days=3), reason="Field season.", by=ruth)
    assert asked.events.get(move=Move.LONGER).note == "Field season."
    assert reviews.close_over(timezone.now() + timedelta(days=11)) == 0


def approve(case, ruth, panel):
    reviews.seat(case.pk, members=[one.pk for one in panel], by=ruth)
    case.refresh_from_db()
    for one in panel:
        factories.vote(case, one, Choice.APPROVE)
    case.refresh_from_db()


def test_a_panel_approves_only_after_a_yes(asked, ruth, committee, client):
    """R-REV-10: refused with a sentence while it is open, decided after it."""
    approve(asked, ruth, committee[:3])
    with pytest.raises(Refusal, match="has not answered yet: Wanjiru Kamau"):
        reviews.preview(asked)
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{asked.pk}/change/").content.decode()
    assert "has not answered yet: Wanjiru Kamau" in page
    for one in committee[:3]:
        vote(asked, one)
    made = reviews.decide(asked.pk, digest=reviews.preview(asked).digest, by=ruth)
    assert made.approved


def test_an_instructor_who_is_not_accepted_stops_the_approval(asked, ruth, committee):
    """R-INST."""
    for one in committee[:2]:
        vote(asked, one, NO, reason="No proof.")
    approve(asked, ruth, committee[:3])
    with pytest.raises(Refusal, match="did not accept Wanjiru Kamau"):
        reviews.preview(asked)


def test_a_denial_needs_no_answer_and_ends_the_question(asked, ruth, committee):
    reviews.seat(asked.pk, members=[one.pk for one in committee[:3]], by=ruth)
    asked.refresh_from_db()
    for one in committee[:3]:
        factories.vote(asked, one, Choice.DENY, reason="No objectives.")
    asked.refresh_from_db()
    reviews.decide(asked.pk, digest=reviews.preview(asked).digest, by=ruth)
    poll = poll_of(asked)
    assert poll.closed_at and poll.outcome is None
    assert not ReviewCase.objects.visible_to(committee[3]).filter(pk=asked.pk).exists()


def test_a_withdrawal_ends_the_question_and_its_letters(asked, committee):
    reviews.withdraw(asked.pk, by=asked.filed_by)
    assert poll_of(asked).closed_at and poll_of(asked).outcome is None
    assert set(Message.objects.filter(template="poll-invitation").values_list("state", flat=True)) == {"cancelled"}


def test_an_answer_of_the_sponsor_asks_for_confirmation_and_names_another(asked, ruth, committee):
    """R-REV-6: a vote belongs to the version it was cast on; who is named instead is another question."""
    reviews.seat(asked.pk, members=[one.pk for one in committee[:3]], by=ruth)
    vote(asked, committee[0])
    request = reviews.ask(asked.pk, parts=["teachers"], question="Who else?", by=ruth)
    with pytest.raises(Refusal, match="Vote when it is answered"):
        vote(asked, committee[1])
    with transaction.atomic():
        case = reviews.lock(asked.pk)
        reviews.answered(request, case=case, answer="As before.", by=asked.filed_by, at=timezone.now())
    assert voter_of(asked, committee[0]).state == SeatState.DECLARED
    assert Message.objects.filter(template="poll-reconfirm", person=committee[0]).count() == 1
    asked.refresh_from_db()
    request = reviews.ask(asked.pk, parts=["teachers"], question="Who else?", by=ruth)
    with transaction.atomic():
        case = reviews.lock(asked.pk)
        Instructor.objects.filter(request=asked.pk).update(name="Ana Souza")
        reviews.answered(request, case=case, answer="Ana Souza.", by=asked.filed_by, at=timezone.now())
    first, second = asked.polls.all()
    assert first.closed_at and first.outcome is None
    assert second.closed_at is None and second.subject == "Ana Souza"


def test_a_vote_on_an_older_version_is_refused(asked, committee):
    with pytest.raises(Refusal, match="Read it again"):
        vote(asked, committee[0], revision=asked.revision + 1)


def test_two_of_one_name_are_two_questions(ruth, committee):
    teachers = [factories.other_teacher(), factories.other_teacher(detail="Another one.")]
    case = factories.preapproval(teacher=teachers)
    reviews.screen(case.pk, by=ruth)
    assert [one.subject for one in case.polls.all()] == ["Wanjiru Kamau", "Wanjiru Kamau (2)"]
    for one in committee[:3]:
        factories.answer_question(case, one, YES, number=2)
    found = dict(Instructor.objects.filter(request=case.pk).values_list("detail", "accepted"))
    assert found == {"Thirty years of dike work": None, "Another one.": True}


def test_silent_members_are_reminded(asked, committee):
    """SPEC 5: 7, 3 and 1 days before, and when overdue."""
    vote(asked, committee[0])
    reviews.declare_on(voter_of(asked, committee[1]).pk, conflict=True, by=committee[1])
    day = poll_of(asked).due_on + timedelta(days=1)
    told = [one for one in reminding.due(day) if one.purpose == reminding.VOTE]
    assert {one.person for one in told} == {one.pk for one in committee[2:]}
    assert [one.step for one in told if one.person == committee[2].pk] == ["7", "3", "1", "overdue"]
    assert all(one.context["link"].endswith(f"/reviews/{asked.reference}/question/1/") for one in told)


def test_the_desk_shows_questions_by_day_beside_the_seats(asked, ruth, committee, client):
    factories.seated(ruth, committee[:3], title="Peat Congress")
    client.force_login(committee[0])
    page = client.get("/reviews/").content.decode()
    assert "Asked of the whole committee" in page and f"/reviews/{asked.reference}/question/1/" in page
    assert "Peat Congress" in page


def test_when_too_many_step_out_it_cannot_be_carried(asked, committee):
    """R-REV-10: they still count in the whole, so the answer is certain."""
    reviews.declare_on(voter_of(asked, committee[0]).pk, conflict=True, by=committee[0])
    assert poll_of(asked).closed_at is None
    reviews.declare_on(voter_of(asked, committee[1]).pk, conflict=True, by=committee[1])
    assert poll_of(asked).outcome is False


def test_members_of_other_committees_and_past_ones_are_not_asked(ruth, committee):
    past, other = factories.member(), factories.member(Committee.APPEALS)
    CommitteeTerm.objects.filter(member=past).update(ends_on=date(2021, 1, 1))
    case = factories.preapproval(teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=ruth)
    assert not Voter.objects.filter(member__in=[past, other]).exists()
