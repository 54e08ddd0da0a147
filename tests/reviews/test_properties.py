"""R-REV-3, R-REV-4: the outcome depends on the ballots only; a proof on all of them, and on rows in every order."""

import uuid
from decimal import Decimal
from itertools import permutations
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serportal.reviews import rules, services
from serportal.reviews.models import ReviewCase
from serportal.reviews.rules import Outcome, Vote
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories

D = Decimal
QUARTERS = st.integers(1, 60).map(lambda n: n * D("0.25"))
deciding = st.one_of(
    st.just(Vote(Choice.APPROVE)),
    st.just(Vote(Choice.DENY)),
    QUARTERS.map(lambda credits: Vote(Choice.FEWER, credits)),
)
most = st.integers(0, 60).map(lambda n: n * D("0.25"))


@given(st.lists(deciding, min_size=3, max_size=3), most)
def test_the_order_of_the_ballots_is_nothing(votes, most):
    assert len({rules.tally(order, most=most) for order in permutations(votes)}) == 1
    assert len({rules.split(order) for order in permutations(votes)}) == 1


@given(st.lists(deciding, min_size=3, max_size=3), st.lists(st.just(Vote(Choice.ABSTAIN)), max_size=3), most)
def test_an_abstention_decides_nothing(votes, abstentions, most):
    assert rules.tally([*votes, *abstentions], most=most) == rules.tally(votes, most=most)
    assert rules.tally([*votes[:2], *abstentions], most=most) is None
    assert rules.split([*votes, *abstentions]) == rules.split(votes)


@given(st.lists(deciding, min_size=3, max_size=3), most)
def test_the_tally_is_the_median_of_those_who_approve(votes, most):
    """Against a plain reckoning of R-REV-4."""
    amounts = [min(most, most if one.credits is None else one.credits) for one in votes if one.choice != Choice.DENY]
    expected = Outcome(False, D(0))
    if len(amounts) >= 2:
        expected = Outcome(True, median(amounts) // D("0.25") * D("0.25"))
    outcome = rules.tally(votes, most=most)
    assert outcome == expected
    if outcome.approved:
        assert min(amounts) - D("0.25") < outcome.credits <= max(amounts) <= most


@given(st.lists(deciding, min_size=3, max_size=3), most)
def test_one_voice_never_turns_two(votes, most):
    """Whatever the third says, two that agree carry; a ballot for more never grants less."""
    two = votes[:2]
    if not rules.split(two):
        approved = two[0].choice != Choice.DENY
        assert rules.tally(votes, most=most).approved == approved
        assert rules.tally(two, most=most, quorum=2).approved == approved
    granted = rules.tally(votes, most=most)
    raised = rules.tally([*two, Vote(Choice.APPROVE)], most=most)
    assert raised.credits >= granted.credits


@given(st.lists(deciding, min_size=2, max_size=2), most)
def test_two_that_differ_never_carry(votes, most):
    """Nor would they if a panel were ever closed on them."""
    if rules.split(votes):
        assert rules.tally(votes, most=most, quorum=2) == Outcome(False, D(0))


@given(st.lists(deciding, max_size=2), most)
def test_nothing_is_decided_on_fewer_than_three(votes, most):
    assert rules.tally(votes, most=most) is None


ORDERS = [(0, 1, 2), (2, 1, 0), (1, 2, 0)]
BALLOTS = [(Choice.APPROVE, None), (Choice.FEWER, D("7.5")), (Choice.FEWER, D(5))]


@pytest.mark.django_db
def test_neither_the_order_of_casting_nor_who_the_alternate_is_changes_the_letter():
    """R-REV-3: the same three ballots in another order, from other places, or of an alternate after an abstention."""
    ruth = factories.coordinator()
    committee = [factories.member() for _ in range(4)]
    letters = set()
    for order in ORDERS:
        for alternate in (None, 0, 2):
            case = factories.seated(ruth, committee[:3], owner=factories.certificant(name="Amara"), title="Forum")
            voters = list(committee[:3])
            if alternate is not None:
                factories.vote(case, voters[alternate], Choice.ABSTAIN)
                voters[alternate] = committee[3]
            for n in order:
                choice, credits = BALLOTS[n]
                factories.vote(case, voters[n], choice, credits, "Not all of it." if credits else "")
            made = services.preview(ReviewCase.objects.get(pk=case.pk))
            assert made.outcome == Outcome(True, D("7.5"))
            letters.add(made.letter.text.replace(case.reference, "the claim"))
    assert len(letters) == 1


@pytest.mark.django_db
def test_a_ballot_changed_before_all_are_in_counts_as_it_stands_last():
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    case = factories.seated(ruth, committee)
    for choice in (Choice.DENY, Choice.APPROVE, Choice.DENY, Choice.APPROVE):
        factories.vote(case, committee[0], choice, reason="Product talks.")
    seat = factories.seat_of(case, committee[1])
    services.declare(seat.pk, conflict=False, by=committee[1])
    for _again in range(2):
        services.cast(seat.pk, by=committee[1], key=uuid.UUID(int=7), revision=1, choice=Choice.APPROVE)
    factories.vote(case, committee[2])
    case.refresh_from_db()
    assert (case.step, services.preview(case).outcome) == ("decide", Outcome(True, D(10)))
    assert case.due_on > programme_day()
