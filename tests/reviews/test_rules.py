"""R-REV: legal moves, the tally, the clock, who is proposed."""

from datetime import date
from decimal import Decimal
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serportal.reviews import rules
from serportal.reviews.rules import Candidate, Outcome, Vote
from serportal.reviews.states import DECIDED, ENDED, CaseState, Choice, Move, Step

D = Decimal
YES, NO, PASS = Vote(Choice.APPROVE), Vote(Choice.DENY), Vote(Choice.ABSTAIN)


def fewer(credits) -> Vote:
    return Vote(Choice.FEWER, D(credits))


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([YES, YES, YES], Outcome(True, D(10))),
        ([YES, YES, NO], Outcome(True, D(10))),
        ([YES, NO, NO], Outcome(False, D(0))),
        ([NO, NO, NO], Outcome(False, D(0))),
        ([YES, fewer("7.5"), fewer(5)], Outcome(True, D("7.5"))),
        ([YES, YES, fewer(5)], Outcome(True, D(10))),
        ([YES, fewer("7.75"), NO], Outcome(True, D("8.75"))),
        ([fewer(5), fewer("5.25"), NO], Outcome(True, D(5))),
        ([fewer(12), fewer(12), YES], Outcome(True, D(10))),
        ([YES, YES], None),
        ([YES, YES, PASS], None),
        ([YES, YES, PASS, NO], Outcome(True, D(10))),
        ([], None),
    ],
)
def test_tally(votes, outcome):
    for order in permutations(votes):
        assert rules.tally(order, most=D(10)) == outcome


ballots = st.one_of(st.just(YES), st.just(NO), st.integers(1, 39).map(lambda quarters: fewer(quarters * D("0.25"))))


@given(st.lists(ballots, min_size=3, max_size=3), st.integers(0, 40).map(lambda quarters: quarters * D("0.25")))
def test_nothing_above_what_the_rules_leave_and_two_agreeing_carry(votes, most):
    outcome = rules.tally(votes, most=most)
    assert outcome.credits <= most
    assert outcome.credits % D("0.25") == 0
    assert outcome.approved == (sum(vote.choice == Choice.DENY for vote in votes) < 2)


def test_only_reopening_leads_out_of_a_decided_case_and_only_a_decision_leads_in():
    for state, step, move in product(CaseState, Step, Move):
        found = rules.after(state, step, move)
        if state in ENDED:
            assert found is None or (move == Move.REOPEN and state in DECIDED)
        elif found and found[0] in DECIDED:
            assert found[1] == Step.DONE
            assert move in ({Move.ACCEPT, Move.REFUSE, Move.LAPSE} if step == Step.OFFER else {Move.APPROVE, Move.DENY})
        elif found and found[0] == CaseState.WITHDRAWN:
            assert found[1] == Step.DONE
            assert move == Move.WITHDRAW or (state, move) == (CaseState.SCREENING, Move.CLOSE)


def test_every_open_case_can_be_withdrawn_and_every_step_has_a_holder():
    reachable = {(CaseState.SUBMITTED, Step.SCREEN)} | set(rules.MOVES.values())
    for state, step in reachable:
        assert step in rules.HOLDERS
        if state == CaseState.OFFERED:
            assert rules.after(state, step, Move.REFUSE) == (CaseState.DENIED, Step.DONE)
        elif state not in ENDED:
            assert rules.after(state, step, Move.WITHDRAW) == (CaseState.WITHDRAWN, Step.DONE)


@pytest.mark.parametrize(
    ("asked", "answered", "seats", "place"),
    [
        (("submitted", "screen"), True, 0, ("submitted", "screen")),
        (("submitted", "seat"), True, 0, ("submitted", "screen")),
        (("submitted", "seat"), False, 0, ("submitted", "seat")),
        (("in review", "vote"), True, 3, ("in review", "vote")),
        (("in review", "vote"), False, 3, ("in review", "vote")),
        (("in review", "vote"), False, 2, ("in review", "fill")),
        (("in review", "fill"), False, 2, ("in review", "fill")),
        (("in review", "decide"), True, 3, ("in review", "vote")),
        (("in review", "settle"), True, 3, ("in review", "vote")),
        (("in review", "decide"), True, 2, ("in review", "fill")),
        (("in review", "decide"), False, 3, ("in review", "decide")),
        (("in review", "seat"), True, 0, ("in review", "seat")),
        (("awaiting proof", "confirm"), True, 0, ("awaiting proof", "confirm")),
    ],
)
def test_where_a_case_goes_on_after_a_question(asked, answered, seats, place):
    assert rules.resumed(*asked, answered=answered, seats=seats) == place


def test_an_unknown_move_is_none():
    assert rules.after(CaseState.SUBMITTED, Step.VOTE, Move.APPROVE) is None
    assert rules.after(CaseState.SUBMITTED, Step.SCREEN, Move.SCREEN) == (CaseState.SUBMITTED, Step.SEAT)


@pytest.mark.parametrize(
    ("today", "day", "late", "share"),
    [
        (date(2026, 11, 16), 0, 0, 0),
        (date(2026, 11, 25), 9, 0, D("32.14")),
        (date(2026, 12, 14), 28, 0, 100),
        (date(2026, 12, 17), 31, 3, 100),
    ],
)
def test_clock(today, day, late, share):
    clock = rules.clock(filed_on=date(2026, 11, 16), due_on=date(2026, 12, 14), today=today)
    assert (clock.day, clock.of, clock.late) == (day, 28, late)
    assert abs(clock.share - D(share)) <= D("0.25")


def test_the_proposal_takes_the_least_burdened_without_a_hint():
    people = [
        Candidate(1, 0, 0, "employer"),
        Candidate(2, 3, 9),
        Candidate(3, 1, 9),
        Candidate(4, 1, 2),
        Candidate(5, 9, 9),
    ]
    assert rules.propose(people, places=3) == [4, 3, 2]
    assert rules.propose(people[:3], places=3) == [3, 2, 1]


@pytest.mark.parametrize(
    ("one", "other", "hint"),
    [
        (("a@wadden.example", "Wadden Delta"), ("b@other.example", "wadden delta "), "employer"),
        (("a@wadden.example", ""), ("b@WADDEN.example", ""), "domain"),
        (("a@gmail.com", ""), ("b@gmail.com", ""), ""),
        (("a@one.example", "One"), ("b@two.example", "Two"), ""),
    ],
)
def test_hints_of_a_conflict(one, other, hint):
    assert rules.shared_ground(*one, *other) == hint


@pytest.mark.parametrize(
    ("said", "missed"),
    [
        (("not met", "not met", "met"), ["soil"]),
        (("not met", "not met"), ["soil"]),
        (("not met", "partly", "met"), []),
        (("partly", "partly", "partly"), []),
        ((), []),
    ],
)
def test_a_criterion_is_not_met_where_most_reviewers_say_so(said, missed):
    assert rules.not_met(["plants", "soil"], [{"soil": one, "plants": "met"} for one in said]) == missed
