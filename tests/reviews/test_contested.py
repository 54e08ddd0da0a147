"""R-REV-3 to R-REV-9 on rows: what happens to a case that does not go straight through."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from cecs import services as cecs
from journals.models import Entry
from journals.states import Activity
from preapprovals.models import Occurrence
from serportal.accounts import services as accounts
from serportal.accounts.states import Committee
from serportal.home.invariants import broken
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services
from serportal.reviews.kinds import kinds
from serportal.reviews.models import (
    Ballot,
    Conflict,
    Decision,
    Extension,
    InfoRequest,
    Panel,
    Party,
    ReviewCase,
    Seat,
    Timetable,
)
from serportal.reviews.states import Basis, Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import attendees, factories
from tests.reviews.test_services import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everything_holds():
    """After each of these, the whole database is as it must be, and every letter owed can be written."""
    yield
    assert list(broken()) == []
    outbox.drain()
    assert not Message.objects.filter(state="failed").exists(), list(Message.objects.values_list("error", flat=True))


def fresh(case) -> ReviewCase:
    return ReviewCase.objects.get(pk=case.pk)


def letter(template: str, person) -> Message:
    return Message.objects.get(template=template, person=person)


def decide(case, by, **alone) -> Decision:
    given = services.Alone(**alone) if alone else None
    return services.decide(case.pk, digest=services.preview(fresh(case), alone=given).digest, alone=given, by=by)


def days_on(days: int):
    return timezone.now() + timedelta(days=days)


# Questions to the member (R-REV-6, R-REV-8) ---------------------------------------------------------------------


def answer(case, owner, **changes):
    """Answer what is open about ``case`` by changing its conference."""
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    given = factories.answers(**changes)
    data = factories.draft_data(given, answer="I corrected the last day.")
    draft = cecs.save(draft_id=draft.pk, owner=owner, data=data, seen=cecs.Seen(draft.version))
    return cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)


def test_a_question_opens_only_the_ticked_parts_and_the_clock_runs_on(ruth, committee):
    case = factories.claim()
    due = case.due_on
    asked = services.ask(case.pk, parts=["hours", "nonsense"], question="Which sessions on day 2?", by=ruth)
    case = fresh(case)
    assert (case.state, case.step, case.due_on) == ("information requested", "answer", due)
    assert asked.parts == ["hours"]
    assert "Which sessions on day 2?" in letter("case-question", case.filed_by).context["question"]
    answer(case, case.filed_by, hours="12")
    case = fresh(case)
    assert (case.state, case.step, case.revision, case.amount) == ("submitted", "screen", 2, 6)
    assert InfoRequest.objects.get().answered
    assert case.cecs_cecsubmission.hours == 12
    assert letter("cec-answer-received", case.filed_by).context["most"] == "6 credits"


@pytest.mark.parametrize(("parts", "question", "code"), [([], "Why?", "no-part"), (["hours"], " \u200b", "no-reason")])
def test_questions_that_are_refused(ruth, parts, question, code):
    case = factories.claim()
    with refused(code):
        services.ask(case.pk, parts=parts, question=question, by=ruth)
    assert fresh(case).step == "screen"


def test_one_question_at_a_time_and_it_can_be_taken_back(ruth, committee):
    case = factories.voted(ruth, committee[:3])
    services.ask(case.pk, parts=["proof"], question="A signed programme?", by=ruth)
    with refused("illegal-move"):
        services.ask(case.pk, parts=["proof"], question="Another one?", by=ruth)
    services.retract(case.pk, by=ruth)
    assert letter("case-question", case.filed_by).state == "cancelled"
    assert not Message.objects.filter(template="case-question-closed").exists()
    case = fresh(case)
    assert (case.step, case.revision, case.ballots_in) == ("decide", 1, 3)
    with refused("nothing-asked"):
        services.retract(case.pk, by=ruth)
    with refused("nothing-asked"):
        cecs.begin_reply(reference=case.reference, owner=case.filed_by)


def test_an_answer_asks_every_voter_to_confirm_and_old_ballots_decide_nothing(ruth, committee):
    case = factories.voted(ruth, committee[:3])
    services.ask(case.pk, parts=["where"], question="Which days was it?", by=ruth)
    with refused("asked"):
        factories.vote(fresh(case), committee[0])
    answer(case, case.filed_by, hours="10")
    case = fresh(case)
    assert (case.state, case.step, case.revision, case.ballots_in) == ("in review", "vote", 2, 0)
    assert Message.objects.filter(template="seat-reconfirm").count() == 3
    seat = factories.seat_of(case, committee[0])
    with refused("old-revision"):
        services.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)
    for one in committee[:3]:
        factories.vote(case, one)
    assert decide(case, ruth).credits == 5
    assert Ballot.objects.count() == 6


def test_voters_see_what_changed_word_by_word(client, ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    services.ask(case.pk, parts=["taught"], question="What did you learn?", by=ruth)
    answer(case, case.filed_by, learned="Four sediment traps that hold.")
    client.force_login(committee[0])
    page = client.get(f"/reviews/{case.reference}/").content.decode()
    assert "<del>Three</del>" in page and "<ins>Four</ins>" in page
    assert "You voted “Approve” on the version before" in page


def test_waiting_for_the_member_is_nobodys_silence(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    before = factories.seat_of(case, committee[0]).ballot_due_on
    services.ask(case.pk, parts=["proof"], question="A signed programme?", by=ruth)
    assert services.replace_silent(days_on(20)) == 0
    services.retract(case.pk, by=ruth, at=days_on(20))
    assert factories.seat_of(case, committee[0]).ballot_due_on == before + timedelta(days=20)
    assert services.days_waited(fresh(case), days_on(30)) == 20


def test_whoever_the_answer_names_for_the_first_time_steps_out(ruth, committee):
    owner = factories.certificant()
    case = factories.seated(ruth, committee[:3], owner=owner, about="paper")
    factories.vote(case, committee[0])
    services.ask(case.pk, parts=["where"], question="Who wrote it with you?", by=ruth)
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    given = factories.answers_about("paper", with_people=committee[0].name)
    draft = cecs.save(draft_id=draft.pk, owner=owner, data=factories.draft_data(given), seen=cecs.Seen(draft.version))
    cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)
    seat = factories.seat_of(case, committee[0])
    assert (seat.state, seat.counts) == ("recused", False)
    assert not ReviewCase.objects.visible_to(committee[0]).exists()
    assert factories.seat_of(case, committee[3]).state == "invited"


def test_an_answer_sent_twice_is_one_answer_and_a_closed_question_takes_none(ruth):
    case = factories.claim()
    owner = case.filed_by
    services.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    assert cecs.begin_reply(reference=case.reference, owner=owner) == draft
    given = factories.answers("12")
    for _twice in range(2):
        cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)
    assert fresh(case).revision == 2
    services.ask(case.pk, parts=["hours"], question="And day 3?", by=ruth)
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    services.retract(case.pk, by=ruth)
    with refused("nothing-asked"):
        cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)
    with refused("filed"):
        cecs.save(draft_id=draft.pk, owner=owner, data={"learned": "Late"}, seen=cecs.Seen(draft.version))


def test_versions_are_kept_and_cannot_be_rewritten(ruth):
    case = factories.claim()
    services.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    answer(case, case.filed_by, hours="12")
    assert [one.number for one in case.revisions.all()] == [1, 2]
    with pytest.raises(InternalError), transaction.atomic():
        case.revisions.update(content=[])


# Seats: filled by the portal, given back, away, silent, hints (R-REV-3, R-REV-5) --------------------------------


def test_a_recusal_is_filled_by_the_portal_with_seven_days_for_the_ballot(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    services.declare(factories.seat_of(case, committee[0]).pk, conflict=True, by=committee[0])
    seat = factories.seat_of(case, committee[3])
    assert (seat.state, seat.place, fresh(case).step) == ("invited", 1, "vote")
    assert seat.ballot_due_on == programme_day() + timedelta(days=7)
    assert [event.by for event in case.events.filter(move="seat")] == [ruth, None]


def test_an_abstention_and_a_seat_given_back_are_filled_too(ruth, committee):
    fifth = factories.member()
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.ABSTAIN)
    services.decline(factories.seat_of(case, committee[1]).pk, by=committee[1], note="In the field")
    waiting = {seat.member for seat in Seat.objects.awaiting_ballots()}
    assert waiting == {committee[2], committee[3], fifth}
    for one in waiting:
        factories.vote(case, one)
    assert fresh(case).step == "decide"


def test_a_hint_of_a_conflict_or_an_absence_is_never_filled_without_the_coordinator(ruth, committee):
    owner = factories.certificant(employer=committee[3].employer)
    away = factories.member()
    accounts.be_away(member=away, first=programme_day() + timedelta(days=5), last=programme_day() + timedelta(days=9))
    case = factories.seated(ruth, committee[:3], owner=owner)
    services.declare(factories.seat_of(case, committee[0]).pk, conflict=True, by=committee[0])
    assert fresh(case).step == "fill"
    found = services.candidates(fresh(case), timezone.now())
    assert [(person, facts.hint) for person, facts in found] == [(away, ""), (committee[3], "employer")]
    with refused("hint"):
        services.seat(case.pk, members=[committee[3].pk], by=ruth)
    services.seat(case.pk, members=[committee[3].pk], considered=True, by=ruth)
    assert "hint" in case.events.filter(move="seat").last().note


def test_somebody_away_all_the_time_cannot_be_seated(ruth, committee):
    accounts.be_away(member=committee[0], first=programme_day(), last=programme_day() + timedelta(days=60))
    case = factories.screened(ruth)
    assert committee[0] not in [person for person, _facts in services.candidates(case, timezone.now())]
    with refused("absence"):
        accounts.be_away(member=committee[0], first=programme_day(), last=programme_day())


def test_days_away_are_noted_refused_and_removed_on_their_page(client, ruth, committee):
    case = factories.seated(ruth, committee[:3])
    client.force_login(committee[0])
    days = {"first": programme_day() + timedelta(days=10), "last": programme_day() + timedelta(days=20)}
    assert client.post("/reviews/away/", days).status_code == 302
    page = client.get("/reviews/away/").content.decode()
    assert "Ballots due while you are away" in page and case.reference in page
    assert client.post("/reviews/away/", days).status_code == 409
    absence = committee[0].absences.get()
    client.post("/reviews/away/", {"remove": absence.pk})
    assert not committee[0].absences.exists()


def test_a_silent_reviewer_is_replaced_on_day_fifteen_and_told(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    services.declare(factories.seat_of(case, committee[1]).pk, conflict=False, by=committee[1])
    factories.vote(case, committee[2])
    outbox.drain()
    assert services.replace_silent(days_on(14)) == 0
    assert services.replace_silent(days_on(15)) == 1
    assert services.replace_silent(days_on(15)) == 0
    assert factories.seat_of(case, committee[1]).state == "replaced"
    assert letter("seat-replaced", committee[1])
    alternate = factories.seat_of(case, committee[3])
    assert alternate.ballot_due_on == programme_day() + timedelta(days=22)
    with refused("stepped-out"):
        factories.vote(case, committee[1])
    factories.vote(case, committee[3])
    assert fresh(case).step == "decide"


def test_a_silent_reviewer_keeps_the_seat_where_nobody_is_left(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    accounts.be_away(member=committee[3], first=programme_day(), last=programme_day() + timedelta(days=90))
    assert services.replace_silent(days_on(15)) == 0
    assert Seat.objects.silent(programme_day() + timedelta(days=15)).count() == 3
    factories.vote(case, committee[0])


def test_a_reviewer_who_becomes_a_colleague_is_asked_again_before_the_ballot(client, ruth, committee):
    owner = factories.certificant(employer="Delta Works")
    case = factories.seated(ruth, committee[:3], owner=owner)
    seat = services.declare(factories.seat_of(case, committee[0]).pk, conflict=False, by=committee[0])
    committee[0].employer = "delta works"
    committee[0].save()
    with refused("new-hint"):
        services.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)
    client.force_login(committee[0])
    page = client.get(f"/reviews/{case.reference}/").content.decode()
    assert "came to share an employer" in page and "sediment traps" not in page
    client.post(f"/reviews/{case.reference}/conflict/", {"answer": "none"})
    factories.vote(case, committee[0])
    assert fresh(case).ballots_in == 1


def test_fewer_than_three_eligible_lead_to_a_temporary_seat_from_another_committee(ruth):
    three = [factories.member() for _ in range(3)]
    lender = factories.member(Committee.CERTIFICATION)
    case = factories.seated(ruth, three)
    services.declare(factories.seat_of(case, three[0]).pk, conflict=True, by=three[0])
    assert services.candidates(fresh(case), timezone.now()) == []
    ((person, facts),) = services.candidates(fresh(case), timezone.now(), elsewhere=True)
    assert (person, facts.temporary) == (lender, True)
    services.seat(case.pk, members=[lender.pk], by=ruth)
    assert factories.seat_of(case, lender).temporary


def test_nobody_left_is_shown_as_blocked(client, ruth):
    three = [factories.member() for _ in range(3)]
    case = factories.seated(ruth, three)
    services.declare(factories.seat_of(case, three[0]).pk, conflict=True, by=three[0])
    client.force_login(ruth)
    assert "Blocked" in client.get(f"/admin/reviews/reviewcase/{case.pk}/change/").content.decode()


def test_several_claims_of_one_member_are_proposed_to_one_panel(client, ruth):
    crowd = [factories.member() for _ in range(6)]
    owner = factories.certificant()
    one = factories.screened(ruth, owner=owner, title="Seagrass Days")
    two = factories.screened(ruth, owner=owner, title="Peatland Days")
    chosen = crowd[3:]
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{one.pk}/change/")
    assert [case.pk for case in page.context["together"]] == [two.pk]
    client.post(f"/admin/reviews/reviewcase/{one.pk}/seat/", {"members": [m.pk for m in chosen], "together": [two.pk]})
    assert set(Seat.objects.filter(panel__case=two).values_list("member", flat=True)) == {m.pk for m in chosen}
    three = factories.screened(ruth, owner=owner, title="Mangrove Days")
    found = services.candidates(three, timezone.now())
    assert {person for person, facts in found[:3]} == set(chosen) and found[0][1].together


# Split panels (R-REV-3) -----------------------------------------------------------------------------------------


def split_case(ruth, committee, **given):
    case = factories.seated(ruth, committee[:3], **given)
    factories.vote(case, committee[0], Choice.DENY, reason="Product talks.")
    factories.vote(case, committee[1])
    factories.vote(case, committee[2])
    return fresh(case)


def test_ballots_that_differ_open_the_panel_to_itself_and_each_may_change_once(client, ruth, committee):
    case = split_case(ruth, committee)
    assert case.step == "settle"
    assert Message.objects.filter(template="seat-split").count() == 3
    assert Ballot.objects.visible_to(committee[1]).count() == 3
    assert Ballot.objects.visible_to(committee[3]).count() == 0
    client.force_login(committee[1])
    page = client.get(f"/reviews/{case.reference}/").content.decode()
    assert "The ballots differ" in page and "Product talks." in page and committee[0].name in page
    assert "Abstain" not in page
    with refused("no-abstention"):
        factories.vote(case, committee[0], Choice.ABSTAIN)
    factories.vote(case, committee[0])
    with refused("closed"):
        factories.vote(case, committee[0], Choice.DENY, reason="Again.")
    client.post(f"/reviews/{case.reference}/confirm/")
    assert fresh(case).step == "settle"
    services.confirm(factories.seat_of(case, committee[2]).pk, by=committee[2])
    assert fresh(case).step == "decide"
    assert decide(case, ruth).approved


def test_a_second_look_stands_on_the_desk_by_its_own_day(ruth, committee):
    split, other = split_case(ruth, committee), factories.seated(ruth, committee[:3])
    before = Seat.objects.on_the_desk_of(committee[0])
    assert [seat.panel.case_id for seat in before] == [split.pk, other.pk]
    Panel.objects.filter(case=split).update(split_until=days_on(30))
    assert [seat.panel.case_id for seat in before.all()] == [other.pk, split.pk]


def test_after_three_days_the_tally_stands_by_itself(ruth, committee):
    case = split_case(ruth, committee)
    assert services.settle_over(days_on(2)) == 0
    assert services.settle_over(days_on(4)) == 1
    assert services.settle_over(days_on(4)) == 0
    assert fresh(case).step == "decide"
    made = decide(case, ruth)
    assert (made.approved, made.credits) == (True, 10)


def test_agreeing_ballots_with_different_credits_are_no_split(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.FEWER, Decimal(5), "Half of it.")
    factories.vote(case, committee[1])
    factories.vote(case, committee[2])
    assert fresh(case).step == "decide"


# The coordinator's ways out (R-REV-3) ---------------------------------------------------------------------------


def test_two_ballots_that_agree_can_decide_with_a_logged_reason(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.FEWER, Decimal(6), "Not the last day.")
    with refused("not-two"):
        services.close_on_two(case.pk, reason="She is ill.", by=ruth)
    factories.vote(case, committee[1], Choice.FEWER, Decimal("7.5"), "Not the boat trip.")
    with refused("no-reason"):
        services.close_on_two(case.pk, reason=" ", by=ruth)
    services.close_on_two(case.pk, reason="She is ill.", by=ruth)
    made = decide(case, ruth)
    assert (made.basis, made.credits) == (Basis.TWO, Decimal("6.75"))
    assert case.events.get(move="two").note == "She is ill."
    assert factories.seat_of(case, committee[2]).state == "replaced"


def test_two_ballots_that_differ_decide_nothing(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.DENY, reason="Product talks.")
    factories.vote(case, committee[1])
    with refused("not-two"):
        services.close_on_two(case.pk, reason="She is ill.", by=ruth)
    assert fresh(case).step == "vote"


def test_a_reassigned_case_gets_a_new_panel_and_the_old_ballots_decide_nothing(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.DENY, reason="Product talks.")
    services.reassign(case.pk, reason="They work at one place.", by=ruth)
    assert (fresh(case).step, fresh(case).ballots_in) == ("seat", 0)
    assert not Ballot.objects.visible_to(ruth).exists()
    services.seat(case.pk, members=[m.pk for m in committee[1:]], by=ruth)
    for one in committee[1:]:
        factories.vote(case, one)
    made = decide(case, ruth)
    assert made.approved and made.panel.round == 2


def test_an_extension_letter_moves_the_day_and_says_why(ruth):
    case = factories.claim()
    due = case.due_on
    for until in (due, due - timedelta(days=1), due + timedelta(days=57)):
        with refused("extension"):
            services.extend(case.pk, until=until, reason="Two members are ill.", by=ruth)
    services.extend(case.pk, until=due + timedelta(days=10), reason="Two members are ill.", by=ruth)
    assert fresh(case).due_on == due + timedelta(days=10)
    assert Extension.objects.get().from_due == due
    outbox.drain()
    assert "Two members are ill." in letter("case-extended", case.filed_by).text


def test_a_seat_can_be_taken_from_someone_who_has_not_voted(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    with refused("voted"):
        services.replace(factories.seat_of(case, committee[0]).pk, reason="No.", by=ruth)
    services.replace(factories.seat_of(case, committee[1]).pk, reason="On leave.", by=ruth)
    assert factories.seat_of(case, committee[3]).state == "invited"
    assert letter("seat-invitation", committee[1]).state == "cancelled"
    assert not Message.objects.filter(template="seat-replaced").exists()


# Withdrawal, reopening, the coordinator's own conflict ----------------------------------------------------------


def test_a_member_withdraws_at_any_time_before_a_decision(client, ruth, committee):
    case = factories.seated(ruth, committee[:3])
    client.force_login(case.filed_by)
    assert "is then not decided" in client.get(f"/cecs/{case.reference}/withdraw/").content.decode()
    for _twice in range(2):
        client.post(f"/cecs/{case.reference}/withdraw/", {"text": "Wrong file."})
    case = fresh(case)
    assert (case.state, case.step, case.granted) == ("withdrawn", "done", None)
    assert Message.objects.filter(template="case-withdrawn").count() == 1
    assert not Seat.objects.on_the_desk_of(committee[0]).exists()
    with refused("illegal-move"):
        factories.vote(case, committee[0])
    with pytest.raises(ReviewCase.DoesNotExist):
        services.withdraw(case.pk, by=committee[0])


def test_a_decided_case_cannot_be_withdrawn(ruth, committee):
    case = factories.decided(ruth, committee[:3])
    with refused("illegal-move"):
        services.withdraw(case.pk, by=case.filed_by)


@pytest.mark.parametrize(
    ("second", "credits", "entries"),
    [
        ([Choice.APPROVE] * 3, 10, ["10"]),
        ([Choice.DENY] * 3, 0, ["10", "-10"]),
    ],
)
def test_a_reopened_decision_keeps_what_was_granted_until_the_new_one(ruth, committee, second, credits, entries):
    case = factories.decided(ruth, committee[:3])
    with refused("no-reason"):
        services.reopen(case.pk, reason="", by=ruth)
    services.reopen(case.pk, reason="The programme was another one.", by=ruth, at=days_on(3))
    case = fresh(case)
    assert (case.state, case.step, case.granted) == ("in review", "seat", None)
    assert (case.due_on - case.clock_on).days == 28
    assert "The programme was another one." in letter("case-reopened", case.filed_by).context["reason"]
    assert Entry.objects.standing().get().credits == 10
    services.seat(case.pk, members=[m.pk for m in committee[:3]], by=ruth)
    for one, choice in zip(committee, second, strict=False):
        factories.vote(case, one, choice, reason="Another programme.")
    assert decide(case, ruth).credits == credits
    assert [str(entry.credits.normalize()) for entry in Entry.objects.order_by("pk")] == [
        str(Decimal(one).normalize()) for one in entries
    ]


def test_a_coordinator_with_a_conflict_steps_aside_and_a_deputy_takes_it(client, ruth):
    case = factories.claim()
    deputy = factories.coordinator()
    client.force_login(ruth)
    page = f"/admin/reviews/reviewcase/{case.pk}/"
    assert "disappear for you" in client.get(f"{page}aside/").content.decode()
    client.post(f"{page}aside/", {"sure": "1", "text": "My sister."})
    assert client.get(f"{page}change/").status_code == 404
    assert Conflict.objects.get().member == ruth
    client.force_login(deputy)
    assert client.get(f"{page}change/").status_code == 200


def reopened(ruth, committee, **given):
    """A decided case that is open again, with another panel seated: the last three of five."""
    committee.append(factories.member())
    case = factories.decided(ruth, committee[:3], **given)
    services.reopen(case.pk, reason="The programme was another one.", by=ruth)
    services.seat(case.pk, members=[m.pk for m in committee[2:]], by=ruth)
    return fresh(case)


def test_the_panel_that_decided_has_no_say_in_the_next_one(ruth, committee):
    case = reopened(ruth, committee)
    before = [Seat.objects.get(panel__case=case, panel__round=1, member=one) for one in committee[:3]]
    factories.vote(case, committee[2], Choice.DENY, reason="Product talks.")
    for one in committee[3:]:
        factories.vote(case, one)
    assert fresh(case).step == "settle"
    assert not Seat.objects.on_the_desk_of(committee[0]).exists()
    with refused("not-split"):
        services.confirm(before[0].pk, by=committee[0])
    with refused("stepped-out"):
        services.cast(before[1].pk, by=committee[1], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)
    factories.settled(case, committee[2:])
    assert decide(case, ruth).panel.round == 2


def test_an_answer_after_reopening_is_read_by_the_new_panel_alone(ruth, committee):
    case = reopened(ruth, committee)
    services.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    answer(case, case.filed_by, hours="12")
    assert fresh(case).step == "vote"
    assert {seat.member for seat in Seat.objects.awaiting_ballots()} == set(committee[2:])
    assert not Message.objects.filter(template="seat-reconfirm").exists()
    for one in committee[2:]:
        factories.vote(fresh(case), one)
    assert decide(case, ruth).credits == 6
    assert [entry.credits for entry in Entry.objects.order_by("pk")] == [10, -10, 6]


def test_an_answer_before_the_new_panel_leaves_the_earlier_one_alone(ruth, committee):
    case = factories.decided(ruth, committee[:3])
    services.reopen(case.pk, reason="The programme was another one.", by=ruth)
    services.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    answer(case, case.filed_by, hours="12")
    assert fresh(case).step == "seat"
    assert not Seat.objects.awaiting_ballots().exists()


def test_opened_twice_on_one_day_the_member_hears_both_reasons(ruth, committee):
    case = reopened(ruth, committee)
    for one in committee[2:]:
        factories.vote(case, one)
    decide(case, ruth)
    services.reopen(case.pk, reason="And the hours were others.", by=ruth)
    told = [one.context["reason"] for one in Message.objects.filter(template="case-reopened").order_by("pk")]
    assert told == ["The programme was another one.", "And the hours were others."]


def test_closed_on_two_and_then_answered_it_takes_three_again(ruth, committee):
    factories.filling_by_hand()
    case = factories.seated(ruth, committee[:3])
    for one in committee[:2]:
        factories.vote(case, one)
    services.close_on_two(case.pk, reason="She is ill.", by=ruth)
    services.ask(case.pk, parts=["hours"], question="Which sessions?", by=ruth)
    answer(case, case.filed_by, hours="12")
    assert (fresh(case).step, fresh(case).panels.get().quorum) == ("fill", 3)
    services.seat(case.pk, members=[committee[3].pk], by=ruth)
    for one in (committee[0], committee[1]):
        factories.vote(fresh(case), one)
    assert fresh(case).step == "vote"
    factories.vote(fresh(case), committee[3])
    assert decide(case, ruth).basis == Basis.PANEL


def test_a_panel_whose_three_the_answer_names_is_filled_anew(ruth, committee):
    others = [*committee[3:], factories.member(), factories.member()]
    owner = factories.certificant()
    case = factories.voted(ruth, committee[:3], owner=owner, about="paper")
    services.ask(case.pk, parts=["where"], question="Who wrote it with you?", by=ruth)
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    given = factories.answers_about("paper", with_people="\n".join(one.name for one in committee[:3]))
    draft = cecs.save(draft_id=draft.pk, owner=owner, data=factories.draft_data(given), seen=cecs.Seen(draft.version))
    cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)
    for one in others:
        factories.vote(fresh(case), one)
    assert decide(case, ruth).approved


def test_another_day_or_event_takes_the_place_of_what_was_granted_though_the_credits_are_equal(ruth, committee):
    """R-DATE: the same ten credits lie in another certification year by now."""
    owner = factories.certificant(since=programme_day() - timedelta(days=380))
    case = reopened(ruth, committee, owner=owner)
    services.ask(case.pk, parts=["where"], question="Was it not last year?", by=ruth)
    answer(case, owner, last_day=programme_day() - timedelta(days=370))
    for one in committee[2:]:
        factories.vote(fresh(case), one)
    made = decide(case, ruth)
    assert "They take the place of the 10 credits granted before." in made.letter
    (standing,) = Entry.objects.standing()
    assert (standing.credits, standing.earned_on) == (10, programme_day() - timedelta(days=370))
    assert Entry.objects.count() == 3


def test_who_screened_a_case_is_not_seated_on_it(ruth, committee):
    """R-REV-3: the coordinator screens and does not vote, though one account can be several people (SPEC 1)."""
    deputy = factories.member(is_staff=True)
    case = factories.screened(deputy)
    assert deputy not in [person for person, _facts in services.candidates(case, timezone.now())]
    other = factories.screened(ruth)
    assert deputy in [person for person, _facts in services.candidates(other, timezone.now())]


def test_a_coordinator_who_steps_aside_gives_up_the_seat_too(ruth, committee):
    """One account can be several people (SPEC 1)."""
    deputy = factories.member(is_staff=True)
    deputy.groups.set(ruth.groups.all())
    case = factories.seated(ruth, [*committee[:2], deputy])
    services.step_aside(case.pk, by=deputy)
    seat = factories.seat_of(case, deputy)
    assert (seat.state, seat.counts, fresh(case).step) == ("recused", False, "vote")
    assert letter("seat-invitation", deputy).state == "cancelled"
    assert Seat.objects.awaiting_ballots().count() == 3


def test_who_steps_aside_while_the_member_is_asked_is_replaced_afterwards(ruth, committee):
    deputy = factories.member(is_staff=True)
    case = factories.seated(ruth, [*committee[:2], deputy])
    services.ask(case.pk, parts=["proof"], question="A signed programme?", by=ruth)
    services.step_aside(case.pk, by=deputy)
    services.retract(case.pk, by=ruth)
    assert fresh(case).step == "vote"
    waiting = [seat.member for seat in Seat.objects.awaiting_ballots()]
    assert len(waiting) == 3 and deputy not in waiting


@pytest.mark.parametrize("act", ["screen", "ask", "extend", "reopen"])
def test_who_stepped_aside_does_nothing_more_to_the_case(ruth, committee, act):
    case = factories.decided(ruth, committee[:3]) if act == "reopen" else factories.claim()
    services.step_aside(case.pk, by=ruth)
    more = {
        "screen": {},
        "ask": {"parts": ["proof"], "question": "A programme?"},
        "extend": {"until": case.due_on + timedelta(days=5), "reason": "Two are ill."},
        "reopen": {"reason": "Another programme."},
    }[act]
    with refused("closed"):
        getattr(services, act)(case.pk, **more, by=ruth)


# Decided without a panel (R-REV-7) ------------------------------------------------------------------------------


def test_what_a_panel_decided_about_an_event_the_coordinator_may_follow(ruth, committee):
    first = factories.decided(ruth, committee[:3])
    case = factories.claim(hours="8")
    (precedent,) = cecs_kind().precedents(case)
    assert precedent.case == first
    made = decide(case, ruth, basis=Basis.PRECEDENT, choice=Choice.APPROVE, precedent=precedent)
    assert (made.credits, made.precedent, made.panel) == (4, precedent, None)
    assert "decided about this event before" in made.letter
    assert Entry.objects.get(decision=made).credits == 4


def cecs_kind():
    return kinds()["cec"]


def test_no_precedent_for_another_activity_another_event_or_what_was_decided_alone(ruth, committee):
    first = factories.decided(ruth, committee[:3])
    (precedent,) = cecs_kind().precedents(factories.claim(hours="8"))
    other = factories.claim(about="training", title=first.headline)
    with refused("no-ground"):
        decide(other, ruth, basis=Basis.PRECEDENT, choice=Choice.APPROVE, precedent=precedent)
    elsewhere = factories.claim(title="Peatland Days")
    assert not cecs_kind().precedents(elsewhere).exists()
    followed = factories.claim(hours="6")
    decide(followed, ruth, basis=Basis.PRECEDENT, choice=Choice.APPROVE, precedent=precedent)
    assert list(cecs_kind().precedents(factories.claim(hours="4"))) == [precedent]


def conference() -> Occurrence:
    """One day of eight hours at the conference that ``factories`` claims, pre-approved."""
    offering = factories.offering(
        factories.sponsor(name="Wadden Coast Research Network"),
        title="North Sea Wetlands Conference",
        category=Activity.CONFERENCE,
        minutes=480,
        credits=Decimal(4),
    )
    return factories.occurrence(offering, days=-14)


def test_the_lanes_can_be_switched_off(ruth, committee):
    factories.decided(ruth, committee[:3])
    Timetable.objects.update(precedent_lane=False, code_lane=False)
    case = attendees.coded_claim(on=conference())
    (precedent,) = cecs_kind().precedents(case)
    with refused("no-ground"):
        decide(case, ruth, basis=Basis.PRECEDENT, choice=Choice.APPROVE, precedent=precedent)
    with refused("no-ground"):
        decide(case, ruth, basis=Basis.CODE, choice=Choice.APPROVE)


def test_a_claim_with_an_approval_code_is_decided_alone_and_counts_once(ruth):
    owner, run = factories.certificant(), conference()
    case = attendees.coded_claim(owner, on=run)
    made = decide(case, ruth, basis=Basis.CODE, choice=Choice.APPROVE)
    assert (made.credits, fresh(case).state) == (4, "approved")
    assert "carries its approval code" in made.letter
    with pytest.raises(Refusal) as again:
        code, last = run.offering.code.lower(), run.first_day + timedelta(days=3)
        factories.claim(owner, hours="8", approval_code=code.replace("-", " "), title="The same again", last_day=last)
    assert "counts once" in str(again.value)
    for given in ({"title": "Without a code"}, {"title": "With a code of nobody", "approval_code": "SER-7KQM-2WXA"}):
        with refused("no-ground"):
            decide(factories.claim(hours="8", **given), ruth, basis=Basis.CODE, choice=Choice.APPROVE)


def test_denying_or_lowering_alone_needs_its_reason(ruth):
    case = attendees.coded_claim(on=conference())
    with refused("no-reason"):
        decide(case, ruth, basis=Basis.CODE, choice=Choice.DENY)
    with refused("credits"):
        decide(case, ruth, basis=Basis.CODE, choice=Choice.FEWER, credits=Decimal(4), reason="Half.")
    made = decide(case, ruth, basis=Basis.CODE, choice=Choice.FEWER, credits=Decimal("2.5"), reason="Left at noon.")
    assert "Left at noon." in made.letter and made.credits == Decimal("2.5")


def test_a_coordinator_cannot_decide_alone_what_a_panel_has(ruth, committee):
    case = factories.voted(ruth, committee[:3], approval_code="SER-7KQM-2WXA")
    with refused("illegal-move"):
        decide(case, ruth, basis=Basis.CODE, choice=Choice.DENY, reason="No.")


# Before the activity (R-DATE) -----------------------------------------------------------------------------------


def ahead(ruth, committee, **given):
    """A conference that ends in ten days, approved in advance."""
    case = factories.voted(ruth, committee[:3], last_day=programme_day() + timedelta(days=10), **given)
    return case, decide(case, ruth)


def test_asked_before_the_activity_it_is_approved_up_to_and_nothing_is_credited(ruth, committee):
    case, made = ahead(ruth, committee)
    case = fresh(case)
    assert (case.state, case.step, made.advance, made.credits, case.granted) == (
        "approved in advance",
        "proof",
        True,
        10,
        None,
    )
    assert "up to 10 credits" in made.letter and "Nothing is credited yet" in made.letter
    assert not Entry.objects.exists()
    with refused("nothing-asked"):
        cecs.begin_reply(reference=case.reference, owner=case.filed_by)


def prove(case, at, hours="22", **given):
    draft = cecs.begin_reply(reference=case.reference, owner=case.filed_by, at=at)
    answers = factories.answers(hours, last_day=programme_day() + timedelta(days=10), **given)
    if not draft.folder.files.exists():
        cecs.add_files(draft=draft, uploads=[factories.pdf("attended.pdf", b"attended")], by=case.filed_by)
    return cecs.send_reply(draft_id=draft.pk, owner=case.filed_by, answers=answers, version=draft.version, at=at)


def test_once_it_is_over_the_proof_is_asked_for_filed_and_confirmed(ruth, committee):
    case, _made = ahead(ruth, committee)
    assert services.await_proof(days_on(10)) == 0
    assert services.await_proof(days_on(12)) == 1
    assert services.await_proof(days_on(12)) == 0
    assert letter("case-proof", case.filed_by).context["credits"] == "10 credits"
    prove(case, days_on(13), hours="12")
    case = fresh(case)
    assert (case.state, case.step, case.revision) == ("awaiting proof", "confirm", 2)
    assert (case.due_on - case.clock_on).days == 28
    made = decide(case, ruth, basis=Basis.PROOF, choice=Choice.APPROVE)
    assert (made.credits, fresh(case).state) == (6, "approved")
    entry = Entry.objects.get()
    assert entry.earned_on == programme_day() + timedelta(days=10)
    assert entry.sentence == "12 hours ÷ 2 = 6."


def test_more_than_was_approved_in_advance_is_never_granted(ruth, committee):
    case, _made = ahead(ruth, committee, hours="8")
    services.await_proof(days_on(12))
    prove(case, days_on(13), hours="20")
    made = decide(case, ruth, basis=Basis.PROOF, choice=Choice.APPROVE)
    assert made.credits == 4
    assert Entry.objects.get().sentence == "20 hours ÷ 2 = 10; the committee granted 4."


def test_a_proof_without_a_file_and_a_proof_too_early_are_refused(ruth, committee):
    case, _made = ahead(ruth, committee)
    services.await_proof(days_on(12))
    draft = cecs.begin_reply(reference=case.reference, owner=case.filed_by)
    given = {"draft_id": draft.pk, "owner": case.filed_by, "version": draft.version}
    with refused("no-proof"):
        cecs.send_reply(**given, answers=factories.answers(), at=days_on(13))
    cecs.add_files(draft=draft, uploads=[factories.pdf("x.pdf", b"x")], by=case.filed_by)
    late = factories.answers(last_day=programme_day() + timedelta(days=20))
    with refused("not-over"):
        cecs.send_reply(**given, answers=late, at=days_on(13))


def test_a_proof_that_never_comes_is_denied_with_that_reason(ruth, committee):
    case, _made = ahead(ruth, committee)
    services.await_proof(days_on(12))
    made = decide(case, ruth, basis=Basis.PROOF, choice=Choice.DENY, reason="The proof did not come.")
    assert (fresh(case).state, made.approved) == ("denied", False)
    assert not InfoRequest.objects.filter(closed_at__isnull=True).exists()
    assert not Entry.objects.exists()


def test_an_approval_in_advance_can_be_withdrawn_and_reopened(ruth, committee):
    one, _made = ahead(ruth, committee)
    services.withdraw(one.pk, by=one.filed_by)
    assert fresh(one).state == "withdrawn"
    two, _made = ahead(ruth, committee, title="Peatland Days")
    services.reopen(two.pk, reason="The dates moved.", by=ruth)
    assert fresh(two).step == "seat"


def test_decided_after_its_day_an_advance_claim_still_waits_for_its_proof(ruth, committee):
    case = factories.voted(ruth, committee[:3], last_day=programme_day() + timedelta(days=2))
    at = days_on(5)
    digest = services.preview(case, at=at).digest
    services.decide(case.pk, digest=digest, by=ruth, at=at)
    assert (fresh(case).state, fresh(case).step) == ("awaiting proof", "proof")


# Beside the ballot ----------------------------------------------------------------------------------------------


def test_similar_decisions_stand_beside_the_ballot_without_names_and_never_one_that_is_hidden(client, ruth, committee):
    past = factories.decided(ruth, committee[:3], title="North Sea Wetland Conference 2025")
    hidden = factories.decided(ruth, committee[:3], title="North Sea Wetlands Conference 2024")
    Conflict.objects.create(case=hidden, member=committee[3], declared_at=timezone.now())
    case = factories.seated(ruth, committee[1:])
    services.declare(factories.seat_of(case, committee[3]).pk, conflict=False, by=committee[3])
    client.force_login(committee[3])
    page = client.get(f"/reviews/{case.reference}/").content.decode()
    assert past.headline in page and past.filed_by.name not in page
    assert hidden.headline not in page


def test_what_should_be_noticed_is_told_to_reviewers_and_changes_no_number(client, ruth, committee):
    owner = factories.certificant()
    first = factories.claim(owner)
    case = factories.seated(ruth, committee[:3], owner=owner, title="North Sea Wetland Conference")
    services.declare(factories.seat_of(case, committee[0]).pk, conflict=False, by=committee[0])
    client.force_login(committee[0])
    page = client.get(f"/reviews/{case.reference}/").content.decode()
    assert f"It looks like {first.reference}" in page
    assert f"A file of it was sent with {first.reference} before." in page
    assert case.amount == 10


def test_a_reviewers_question_reaches_the_coordinator_alone(client, ruth, committee):
    case = factories.seated(ruth, committee[:3])
    path = f"/reviews/{case.reference}/"
    client.force_login(committee[0])
    client.post(f"{path}ask/", {"text": "Too early."})
    assert not case.notes.exists()
    client.post(f"{path}conflict/", {"answer": "none"})
    client.post(f"{path}ask/", {"text": "Was the field day part of it?"})
    client.force_login(ruth)
    assert (
        "Was the field day part of it?" in client.get(f"/admin/reviews/reviewcase/{case.pk}/change/").content.decode()
    )
    client.force_login(case.filed_by)
    assert "field day part" not in client.get(f"/cecs/{case.reference}/").content.decode()


def test_ticked_cases_are_declared_and_approved_each_with_a_ballot_of_its_own(client, ruth, committee):
    cases = [factories.seated(ruth, committee[:3], title=f"Forum {n}", hours="8") for n in range(3)]
    references = [case.reference for case in cases]
    client.force_login(committee[0])
    path = "/reviews/together/"
    assert client.get(path).status_code == 302
    client.post(path, {"approve": "1", "cases": references})
    assert not Ballot.objects.exists()
    client.post(path, {"none": "1", "cases": references[:2]})
    page = client.post(path, {"approve": "1", "cases": references[:2]})
    assert page.content.decode().count("8 hours ÷ 2 = 4.") == 2
    keys = {f"key-{one['case'].reference}": str(one["key"]) for one in page.context["cases"]}
    revisions = {f"revision-{reference}": "1" for reference in references}
    for _twice in range(2):
        client.post(path, {"cast": "1", "cases": references[:2], **keys, **revisions})
    assert Ballot.objects.count() == 2
    assert {ballot.choice for ballot in Ballot.objects.all()} == {"approve"}
    client.post(path, {"none": "1", "cases": ["CEC-1999-0001"]})
    assert factories.seat_of(cases[2], committee[0]).state == "invited"


def test_the_desk_groups_the_claims_of_one_member(client, ruth, committee):
    owner = factories.certificant(name="Amara Okafor")
    for n in range(2):
        factories.seated(ruth, committee[:3], owner=owner, title=f"Forum {n}")
    factories.seated(ruth, committee[:3], title="Alone")
    client.force_login(committee[0])
    page = client.get("/reviews/").content.decode()
    assert "2 cases of Amara Okafor" in page


def test_a_party_named_like_a_coordinator_hides_the_case_from_them(ruth):
    deputy = factories.coordinator(name="Gabriel Sandoval")
    case = factories.claim(about="paper", with_people="gabriel  sandoval")
    assert Party.objects.get(role="co-author").person == deputy
    assert not ReviewCase.objects.coordinated_by(deputy).exists()
    assert ReviewCase.objects.coordinated_by(ruth).contains(case)
