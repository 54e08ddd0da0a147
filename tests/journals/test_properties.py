"""What must hold of the sum whatever is claimed, in whatever order (RELIABILITY C19)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from journals import rules, wording
from journals.rules import Claim, Credited, Service, fold
from journals.states import EVENTS
from serportal.certifications.rules import anniversary, last_day, years
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


# Beside a whole history ----------------------------------------------------------------------------------------

days = st.dates(START - timedelta(days=40), START + timedelta(days=1900))
keys = st.sampled_from([1, 2, None])
quarters = st.none() | st.integers(1, 60).map(lambda n: n * D("0.25"))
roles = st.none() | st.builds(
    lambda level, role, first, months: Service(level, role, first, first + timedelta(days=30 * months)),
    st.sampled_from(["ser", "chapter"]),
    st.sampled_from(["board|one", "committee|one", "committee|two"]),
    days,
    st.integers(1, 12),
)
happenings = st.builds(
    lambda activity, day, hours, event, code: Claim(
        activity, day, None if RATES[activity][0] != "hours" else hours, event=event, code=code
    ),
    st.sampled_from(sorted(EVENTS | {"volunteering", "book"})),
    days,
    hours,
    keys,
    st.sampled_from(["", "", "code one", "code two"]),
)


@given(st.lists(happenings, max_size=6), st.randoms(use_true_random=False))
def test_no_order_of_approval_exceeds_a_cap(claims, chance):
    """R-CAP, R-VOL, R-DUP, R-DATE: whatever was approved before, in whichever order."""
    chance.shuffle(claims)
    held = approve_all(claims)
    for event in (1, 2):
        assert total(one for one in held if one.event == event and one.activity in EVENTS) <= POLICY.event_cap
    assert total(one for one in held if one.activity == "volunteering") <= POLICY.volunteer_cap
    for code in ("code one", "code two"):
        for activity in RATES:
            assert sum(one.code == code and one.activity == activity and one.credits > 0 for one in held) <= 1
    assert all(SPAN.holds(one.day) for one in held if one.credits)


@given(st.lists(st.tuples(hourly, hours), min_size=2, max_size=2))
def test_two_claims_of_one_event_bring_the_same_in_either_order(pair):
    """R-CAP: order of approval moves credit between the two lines, and nothing else."""
    claims = [Claim(activity, DAY, value, event=1) for activity, value in pair if activity != "volunteering"]
    assert total(approve_all(claims)) == total(approve_all(claims[::-1]))


@given(st.lists(happenings, max_size=5), happenings, happenings)
def test_what_shares_nothing_with_a_claim_changes_nothing(history, claim, stranger):
    """Another event, another code, no volunteering: the sum is the same to the sentence."""
    alone = replace(stranger, activity="book", hours=None, event="elsewhere", code="unheard of")
    held = approve_all(history)
    assert work_out(claim, [*held, *approve_all([alone])]) == work_out(claim, held)


@given(st.lists(happenings, max_size=5), hourly, hours, hours, keys)
def test_more_hours_are_never_worth_less_beside_any_history(history, activity, one, other, event):
    held = approve_all(history)
    more, fewer = (
        work_out(Claim(activity, DAY, value, event=event), held).amount for value in (max(one, other), min(one, other))
    )
    assert more >= fewer


@given(st.lists(happenings, min_size=1, max_size=6), st.data())
def test_nothing_taken_back_ever_lowers_what_another_claim_gets(history, data):
    held = approve_all(history)
    gone = data.draw(st.integers(0, len(held) - 1))
    claim = data.draw(happenings)
    assert work_out(claim, held[:gone] + held[gone + 1 :]).amount >= work_out(claim, held).amount


@given(st.integers(1, 4), st.lists(st.sampled_from(["ENVR 101", "envr101", "BIOL 5"]), min_size=1, max_size=5))
def test_a_regular_course_counts_once_however_it_is_spelt(start, courses):
    """R-ONCE."""
    claims = [
        Claim("instruction", DAY + timedelta(days=start * n), D(6), course=fold(one)) for n, one in enumerate(courses)
    ]
    held = [one for one in approve_all(claims) if one.credits]
    assert len(held) == len({one.course for one in held}) == len({fold(one) for one in courses})


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(-2, 2), st.sampled_from(range(6)))
def test_at_every_border_of_every_period_a_day_counts_on_one_side_only(start, offset, year):
    """R-DATE, R-PER-2: leap days too."""
    span = rules.Span(tuple(years(start, last_day(start))))
    day = anniversary(start, year) + timedelta(days=offset)
    found = rules.credit(Claim("training", day, D(2)), rate=rate("training"), policy=POLICY, span=span)
    inside = start <= day < anniversary(start, 5)
    assert bool(found.amount) == inside == (found.year is not None)
    code = "rate" if inside else "before-period" if day < start else "after-period"
    assert found.reasons[0].code == code


@given(st.lists(happenings, max_size=4), happenings, st.booleans(), st.booleans(), quarters, quarters, roles)
def test_every_sentence_is_whole(history, claim, passed, not_for_profit, asked, lowered, service):
    """No brace, no placeholder, no raw code in anything a person reads."""
    if service is not None:
        claim = Claim("board" if service.role.startswith("board") else "committee", service.last, service=service)
    claim = replace(claim, passed=passed, not_for_profit=not_for_profit, asked=asked, lowered=lowered)
    found = work_out(claim, approve_all(history))
    said = [wording.sentence(found.reasons), *(" ".join(line) for line in wording.lines(found))]
    assert all(text and not set("{}%|") & set(text) and "None" not in text for text in said), said
