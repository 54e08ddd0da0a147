"""R-PER: periods and certification years."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from serportal.certifications import rules
from serportal.certifications.states import Standing


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2021, 3, 15), date(2026, 3, 14)),
        (date(2024, 2, 29), date(2029, 2, 27)),
        (date(2023, 2, 28), date(2028, 2, 27)),
        (date(2026, 1, 1), date(2030, 12, 31)),
    ],
)
def test_a_period_runs_five_years(start, end):
    assert rules.last_day(start) == end


def test_every_start_from_2000_to_2100_gives_five_years_without_gap_or_overlap():
    day = date(2000, 1, 1)
    while day <= date(2100, 12, 31):
        end = rules.last_day(day)
        years = list(rules.years(day, end))
        assert len(years) == 5, day
        assert (years[0].first, years[-1].last) == (day, end)
        for earlier, later in pairwise(years):
            assert later.first - earlier.last == timedelta(days=1), day
        day += timedelta(days=1)


def test_a_leap_day_anniversary_returns_to_the_29th_in_leap_years():
    firsts = [year.first for year in rules.years(date(2024, 2, 29), date(2029, 2, 27))]
    assert firsts == [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_a_day_outside_the_period_is_in_no_year():
    start = date(2021, 3, 15)
    end = rules.last_day(start)
    assert rules.year_of(start - timedelta(days=1), start, end) is None
    assert rules.year_of(start, start, end).number == 1
    assert rules.year_of(date(2022, 3, 14), start, end).number == 1
    assert rules.year_of(date(2022, 3, 15), start, end).number == 2
    assert rules.year_of(end, start, end).number == 5
    assert rules.year_of(end + timedelta(days=1), start, end) is None


@pytest.mark.parametrize(
    ("days_after_end", "standing"),
    [
        (-400, Standing.ACTIVE),
        (-180, Standing.ACTIVE),
        (-179, Standing.RENEWAL_DUE),
        (0, Standing.RENEWAL_DUE),
        (1, Standing.GRACE),
        (90, Standing.GRACE),
        (99, Standing.GRACE),
        (100, Standing.LAPSED),
        (400, Standing.LAPSED),
    ],
)
def test_standing_follows_the_end_of_the_period_and_the_day_it_lapsed(days_after_end, standing):
    """R-PER-6: told late, it lapsed late, on the hundredth day."""
    end = date(2026, 3, 14)
    assert rules.standing(end, end + timedelta(days=100), end + timedelta(days=days_after_end)) == standing


def test_nothing_lapses_by_itself():
    end = date(2026, 3, 14)
    assert rules.standing(end, None, end + timedelta(days=4000)) == Standing.GRACE
    assert (rules.lapses(end), rules.reinstated_until(date(2026, 6, 13))) == (date(2026, 6, 13), date(2027, 6, 12))
    assert rules.standing(end, None, rules.renewal_opens(end)) == Standing.RENEWAL_DUE
    assert rules.standing(end, None, rules.renewal_opens(end) - timedelta(days=1)) == Standing.ACTIVE
