"""SPEC 5: reviewers 7, 3 and 1 days before their ballot is due and when overdue; coordinators also at half its time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serportal.reviews.deadlines import of_coordinator, of_reviewer

D = date(2026, 11, 30)


def told(moments) -> list[tuple[str, str]]:
    return [(one.step, one.due_on.isoformat()) for one in moments]


@pytest.mark.parametrize(
    ("given_on", "steps"),
    [
        (date(2026, 11, 16), ["7", "3", "1", "overdue"]),
        (date(2026, 11, 22), ["7", "3", "1", "overdue"]),
        (date(2026, 11, 23), ["3", "1", "overdue"]),
        (date(2026, 11, 27), ["1", "overdue"]),
        (date(2026, 11, 29), ["overdue"]),
        (date(2026, 11, 30), ["overdue"]),
        (date(2026, 12, 1), []),
    ],
)
def test_a_reviewer_hears_of_what_lies_after_the_day_the_seat_was_given(given_on, steps):
    assert [one.step for one in of_reviewer(given_on=given_on, due_on=D)] == steps


def test_the_days_of_a_ballot():
    moments = of_reviewer(given_on=date(2026, 11, 1), due_on=D)
    assert told(moments) == [
        ("7", "2026-11-23"),
        ("3", "2026-11-27"),
        ("1", "2026-11-29"),
        ("overdue", "2026-12-01"),
    ]


@pytest.mark.parametrize(
    ("days", "moments"),
    [
        (28, [("half", 14), ("7", 21), ("1", 27), ("overdue", 29)]),
        (42, [("half", 21), ("7", 35), ("1", 41), ("overdue", 43)]),
        (15, [("half", 8), ("7", 8), ("1", 14), ("overdue", 16)]),
        (10, [("7", 3), ("half", 5), ("1", 9), ("overdue", 11)]),
        (7, [("half", 4), ("1", 6), ("overdue", 8)]),
        (1, [("half", 1), ("overdue", 2)]),
        (0, [("overdue", 1)]),
    ],
)
def test_the_days_of_a_case_by_its_length(days, moments):
    filed_on = D - timedelta(days=days)
    found = of_coordinator(filed_on=filed_on, due_on=D)
    assert [(one.step, (one.due_on - filed_on).days) for one in found] == moments


def test_leap_days_and_turns_of_the_year_are_days_like_others():
    assert told(of_reviewer(given_on=date(2028, 2, 20), due_on=date(2028, 3, 1)))[1:3] == [
        ("3", "2028-02-27"),
        ("1", "2028-02-29"),
    ]
    assert told(of_reviewer(given_on=date(2026, 12, 20), due_on=date(2026, 12, 31)))[-1] == ("overdue", "2027-01-01")


dates = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(begin=dates, length=st.integers(0, 400))
def test_every_step_lies_after_the_beginning_once_and_in_order(begin, length):
    due_on = begin + timedelta(days=length)
    for moments in (of_reviewer(given_on=begin, due_on=due_on), of_coordinator(filed_on=begin, due_on=due_on)):
        days = [one.due_on for one in moments]
        assert days == sorted(days) and all(begin < day <= due_on + timedelta(days=1) for day in days)
        assert len({one.step for one in moments}) == len(moments) and moments[-1].step == "overdue"
