"""What must hold of the sum whatever is claimed, in whatever order (RELIABILITY C19)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from journals import rules
from journals.rules import Claim, Credited, Service
from journals.states import EVENTS
from tests.journals.test_rules import DAY, POLICY, RATES, SPAN, START, rate

D = Decimal
hours = st.decimals(min_value=D("0.01"), max_value=D(336), places=2)
hourly = st.sampled_from(sorted(activity for activity, (measure, _rate) in RATES.items() if measure == "hours"))


def work_out(claim: Claim, held=()) -> rules.Credit:
    return rules.credit(claim, rate=rate(claim.activity), policy=POLICY, span=SPAN, held=held)


def approve_all(claims) -> list[Credited]:
    """Approve the claims in order, each beside what the earlier ones brought."""
    held: list[Credited] = []
    for claim in claims:
        amount = work_out(claim, held).amount
        held.append(
            Credited(claim.activity, claim.completed_on, amount, claim.event, claim.course, claim.code, claim.service)
        )
    return held


def total(held) -> Decimal:
    return sum((one.credits for one in held), D(0))


@given(hourly, hours)
def test_rounding_never_creates_credit_and_the_cap_holds(activity, value):
    found = work_out(Claim(activity, DAY, value))
    assert 0 <= found.amount <= min(D(10), value / rate(activity).amount)
    assert found.amount % D("0.25") == 0


@given(hourly, hours, hours)
def test_more_hours_are_never_worth_less(activity, one, other):
    more, fewer = (work_out(Claim(activity, DAY, value)).amount for value in (max(one, other), min(one, other)))
    assert more >= fewer


@given(hourly, st.lists(hours, min_size=2, max_size=6))
def test_splitting_an_event_never_gains(activity, parts):
    whole = work_out(Claim(activity, DAY, sum(parts), event=1)).amount
    assert total(approve_all([Claim(activity, DAY, part, event=1) for part in parts])) <= whole


@given(st.lists(st.tuples(st.sampled_from(sorted(EVENTS - {"volunteering"})), hours), min_size=1, max_size=6))
def test_one_event_never_brings_more_than_its_cap_however_it_was_taken_part_in(claims):
    claims = [Claim(activity, DAY, None if activity == "event" else value, event=1) for activity, value in claims]
    assert total(approve_all(claims)) <= POLICY.event_cap


@given(st.lists(hours, min_size=1, max_size=5))
def test_volunteering_stays_within_five_in_any_order(parts):
    for order in permutations([Claim("volunteering", DAY, part) for part in parts]):
        assert total(approve_all(order)) <= POLICY.volunteer_cap


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 11), st.integers(1, 12)), max_size=5))
def test_board_and_committee_at_one_level_never_exceed_what_either_order_brings_alone(roles):
    """A year of one role counts once, and a committee that a board takes below six months costs the board its "
    "credits."""
    claims = []
    for board, name, start, months in roles:
        first = date(2024 + start // 12, start % 12 + 1, 1)
        last = date(first.year + (first.month + months - 1) // 12, (first.month + months - 1) % 12 + 1, 1)
        activity = "board" if board else "committee"
        service = Service("chapter", f"{activity}|{name}", first, last - timedelta(days=1))
        claims.append(Claim(activity, service.last, service=service))
    held = approve_all(claims)
    assert all(one.credits in {0, 2, 3, 5} or one.activity == "board" for one in held)
    assert all(0 <= one.credits <= 5 for one in held)


@given(st.booleans(), st.integers(1, 12))
def test_one_board_year_and_one_committee_year_bring_the_same_in_either_order(same_level, months):
    board = Service("chapter", "board|x", date(2025, 1, 1), date(2025, 12, 31))
    last = date(2025 + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    committee = Service("chapter" if same_level else "ser", "committee|x|y", date(2025, 1, 1), last)
    claims = [Claim("board", board.last, service=board), Claim("committee", committee.last, service=committee)]
    one, other = total(approve_all(claims)), total(approve_all(reversed(claims)))
    assert one == other == 5 + (3 if not same_level and months >= 6 else 0)


@given(hourly, hours, st.integers(1, 60).map(lambda quarters: quarters * D("0.25")))
def test_lowering_never_raises_and_is_never_exceeded(activity, value, lowered):
    plain = work_out(Claim(activity, DAY, value)).amount
    found = work_out(Claim(activity, DAY, value, lowered=lowered)).amount
    assert found == min(plain, lowered)


@given(st.lists(st.tuples(hourly, hours), max_size=5), hourly, hours)
def test_what_was_granted_before_is_never_touched_by_what_comes_later(earlier, activity, value):
    claims = [Claim(one, DAY, hours, event=1) for one, hours in earlier]
    assert approve_all([*claims, Claim(activity, DAY, value, event=1)])[: len(claims)] == approve_all(claims)


@given(st.dates(START - timedelta(days=900), START + timedelta(days=2900)))
def test_a_day_counts_in_exactly_one_year_or_in_none(day):
    holding = [one for one in SPAN.years if one.first <= day <= one.last]
    found = work_out(Claim("training", day, D(2)))
    assert [found.year] == (holding or [None])
    assert bool(found.amount) == bool(holding)
