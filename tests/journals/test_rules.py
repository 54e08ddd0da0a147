"""R-CAT, R-MIN, R-CAP, R-STEP, R-DATE: what a conference is worth, and the sentence that says why."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journals import rules, wording
from serportal.certifications.rules import last_day, years

D = Decimal
RATE = rules.Rate("conference", D(2))
POLICY = rules.Policy(event_cap=D(10), least_minutes=60, step=D("0.25"))
START = date(2022, 5, 1)
SPAN = rules.Span(tuple(years(START, last_day(START))))


def credit(hours, day=date(2026, 10, 15), rate=RATE, policy=POLICY):
    return rules.credit(rules.Claim(D(hours), day), rate=rate, policy=policy, span=SPAN)


@pytest.mark.parametrize(
    ("hours", "credits", "sentence"),
    [
        ("1.5", "0.75", "1.5 hours ÷ 2 = 0.75."),
        ("22", "10", "22 hours ÷ 2 = 11; a single event counts at most 10."),
        ("20", "10", "20 hours ÷ 2 = 10."),
        ("20.01", "10", "20.01 hours ÷ 2 = 10.005; a single event counts at most 10."),
        ("0.75", "0", "45 minutes is less than the 60 minutes an activity needs, so it counts nothing."),
        ("0.99", "0", "59.4 minutes is less than the 60 minutes an activity needs, so it counts nothing."),
        ("1", "0.5", "1 hour ÷ 2 = 0.5."),
        ("1.99", "0.75", "1.99 hours ÷ 2 = 0.995; rounded down to steps of 0.25, that is 0.75."),
        ("2.25", "1", "2.25 hours ÷ 2 = 1.125; rounded down to steps of 0.25, that is 1."),
        ("17.5", "8.75", "17.5 hours ÷ 2 = 8.75."),
    ],
)
def test_conference_hours(hours, credits, sentence):
    found = credit(hours)
    assert found.amount == D(credits)
    assert wording.sentence(found.reasons) == sentence


@pytest.mark.parametrize(
    ("day", "year"),
    [(START, 1), (date(2023, 4, 30), 1), (date(2023, 5, 1), 2), (date(2027, 4, 30), 5)],
)
def test_it_counts_in_the_year_that_holds_its_last_day(day, year):
    assert credit("4", day).year.number == year


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            date(2022, 4, 30),
            "30\xa0April 2022 lies before your period, which began on 1\xa0May 2022, so it counts nothing.",
        ),
        (
            date(2027, 5, 1),
            "1\xa0May 2027 lies after your period, which ends on 30\xa0April 2027, so it counts nothing.",
        ),
    ],
)
def test_outside_the_period_it_counts_nothing(day, sentence):
    found = credit("22", day)
    assert (found.amount, found.year) == (0, None)
    assert wording.sentence(found.reasons) == sentence


def test_a_changed_policy_changes_the_sum_and_its_words():
    found = credit("22", policy=rules.Policy(D(8), 60, D("0.25")), rate=rules.Rate("conference", D(2)))
    assert found.amount == 8
    assert wording.sentence(found.reasons) == "22 hours ÷ 2 = 11; a single event counts at most 8."


hours = st.decimals(min_value=D("0.01"), max_value=D(336), places=2)


@given(hours)
def test_rounding_never_creates_credit_and_the_cap_holds(value):
    found = credit(value)
    assert 0 <= found.amount <= min(D(10), value / 2)
    assert found.amount % D("0.25") == 0


@given(hours, hours)
def test_more_hours_are_never_worth_less(one, other):
    assert credit(max(one, other)).amount >= credit(min(one, other)).amount


def test_progress_counts_waiting_credits_and_leaves_out_what_lies_outside():
    lines = [
        rules.Line(START, D(3), True),
        rules.Line(START + timedelta(days=370), D(10), True),
        rules.Line(START + timedelta(days=371), D("2.5"), False),
        rules.Line(START - timedelta(days=1), D(7), True),
    ]
    found = rules.progress(lines, years=SPAN.years, goal=D(50), yearly=D(5))
    assert (found.uploaded, found.waiting, found.total, found.missing) == (13, D("2.5"), D("15.5"), D("34.5"))
    assert [one.missing for one in found.years] == [2, 0, 5, 5, 5]


@pytest.mark.parametrize(
    ("day", "a_year", "following", "latest"),
    [
        (date(2026, 12, 31), 4, date(2027, 1, 1), date(2026, 10, 1)),
        (date(2027, 1, 1), 4, date(2027, 4, 1), date(2027, 1, 1)),
        (date(2026, 11, 20), 2, date(2027, 1, 1), date(2026, 7, 1)),
        (date(2026, 6, 30), 4, date(2026, 7, 1), date(2026, 4, 1)),
    ],
)
def test_upload_days(day, a_year, following, latest):
    assert rules.next_upload(day, a_year=a_year) == following
    assert rules.last_upload(day, a_year=a_year) == latest
