"""What an arrangement does to the sums of a period, and when it could do nothing (R-PER-3, R-PER-4, R-PER-6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journals import rules
from journals.rules import Arranged, Line, Terms
from journals.states import Shape
from serportal.certifications.rules import last_day, years
from tests.journals.test_rules import D

START = date(2021, 3, 15)
END = last_day(START)
YEARS = list(years(START, END))
REFERENCE = "ARR-2026-0001"


def on(year: int, credits: str, *, days: int = 100, uploaded: bool = True) -> Line:
    return Line(YEARS[year - 1].first + timedelta(days=days), D(credits), uploaded)


def progress(lines, *arranged: Arranged) -> rules.Progress:
    return rules.progress(lines, years=YEARS, goal=D(50), yearly=D(5), arranged=arranged)


def totals(found: rules.Progress) -> list[Decimal]:
    return [one.total for one in found.years]


def test_a_reduced_minimum_changes_the_least_of_its_year_alone():
    """R-PER-3: an approved reduced minimum."""
    found = progress([on(4, "3")], Arranged(REFERENCE, 4, least=D(3)))
    assert [one.least for one in found.years] == [5, 5, 5, 3, 5]
    assert [one.missing for one in found.years] == [5, 5, 5, 0, 5]
    assert found.years[3].arranged.reference == REFERENCE


def until(year: int, months: int = 6) -> date:
    return YEARS[year - 1].last + timedelta(days=30 * months)


@pytest.mark.parametrize(
    ("said", "lines", "sums"),
    [
        ("made up from what year 5 has beyond its least", [on(4, "3"), on(5, "8")], [0, 0, 0, 5, 6]),
        ("they leave year 5 though it lacks them then", [on(4, "3"), on(5, "6")], [0, 0, 0, 5, 4]),
        ("never more than there are", [on(4, "3"), on(5, "1")], [0, 0, 0, 4, 0]),
        ("nothing after the make-up date", [on(4, "3"), on(5, "8", days=181)], [0, 0, 0, 3, 8]),
        ("its last day counts", [on(4, "3"), on(5, "8", days=179)], [0, 0, 0, 5, 6]),
        ("nothing earned in the year itself moves", [on(4, "7"), on(5, "8")], [0, 0, 0, 7, 8]),
        ("nothing earned before it", [on(3, "9"), on(4, "3")], [0, 0, 9, 3, 0]),
        ("what was taken back is not there to be made up with", [on(4, "3"), on(5, "8"), on(5, "-8")], [0, 0, 0, 3, 0]),
        ("a quarter is enough", [on(4, "4.75"), on(5, "5.25")], [0, 0, 0, 5, 5]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_credits_made_up_count_for_the_short_year_only(said, lines, sums):
    """R-PER-3: make-up date; credits made up count for the short year only, never twice."""
    found = progress(lines, Arranged(REFERENCE, 4, until=until(4)))
    assert totals(found) == [D(one) for one in sums], said
    assert found.total == sum(line.credits for line in lines)
    assert found.years[3].made_up == found.years[4].gave


def test_what_a_later_year_has_to_spare_goes_before_what_another_needs():
    lines = [on(2, "3"), on(3, "5"), on(4, "9")]
    found = progress(lines, Arranged(REFERENCE, 2, until=YEARS[3].last))
    assert totals(found) == [0, 5, 5, 7, 0]
    assert [one.gave for one in found.years] == [0, 0, 0, 2, 0]


def test_two_short_years_share_nothing():
    lines = [on(3, "3"), on(4, "2"), on(5, "9")]
    first, second = (Arranged(f"ARR-2026-000{n}", n, until=END) for n in (3, 4))
    assert totals(progress(lines, second, first)) == [0, 0, 5, 5, 4]


def test_uploaded_credits_are_made_up_first_and_waiting_ones_stay_waiting():
    found = progress([on(4, "3"), on(5, "1"), on(5, "4", uploaded=False)], Arranged(REFERENCE, 4, until=until(4)))
    assert (found.years[3].uploaded, found.years[3].waiting) == (4, 1)
    assert (found.years[4].uploaded, found.years[4].waiting) == (0, 3)
    assert (found.uploaded, found.waiting) == (4, 4)


quarters = st.integers(min_value=0, max_value=48).map(lambda n: D(n) / 4)
earned = st.tuples(st.integers(min_value=0, max_value=(END - START).days), quarters, st.booleans())
agreed = st.one_of(
    st.builds(lambda year, least: Arranged(f"R{year}", year, least=least), st.integers(1, 5), quarters),
    st.builds(lambda year, days: Arranged(f"M{year}", year, until=min(END, until(year) + timedelta(days=days))),
              st.integers(1, 4), st.integers(0, 900)),
)  # fmt: skip


@given(st.lists(earned, max_size=25), st.lists(agreed, max_size=5, unique_by=lambda one: one.year))
def test_whatever_is_agreed_the_years_sum_to_the_lines(rows, arranged):
    """R-PER-3: never twice. And no arrangement takes from the year it is about, or leaves one below nothing."""
    lines = [Line(START + timedelta(days=offset), credits, uploaded) for offset, credits, uploaded in rows]
    plain, found = progress(lines), progress(lines, *arranged)
    assert found.total == sum((line.credits for line in lines), D(0)) == plain.total
    assert (found.uploaded, found.waiting) == (plain.uploaded, plain.waiting)
    assert sum(one.made_up for one in found.years) == sum(one.gave for one in found.years)
    for before, after in zip(plain.years, found.years, strict=True):
        assert after.uploaded >= 0 and after.waiting >= 0
        assert after.total == before.total + after.made_up - after.gave
        assert after.made_up <= max(D(0), after.least - (before.total - after.gave))
    for one in arranged:
        if one.until is not None:
            later = [line for line in lines if YEARS[one.year - 1].last < line.day <= one.until]
            assert found.years[one.year - 1].made_up <= sum((line.credits for line in later), D(0))


@given(st.lists(earned, max_size=25), agreed)
def test_an_arrangement_never_leaves_more_missing_in_its_year(rows, arranged):
    lines = [Line(START + timedelta(days=offset), credits, uploaded) for offset, credits, uploaded in rows]
    one = rules.Arranged(arranged.reference, arranged.year, min(arranged.least, D(5)) if arranged.least else None,
                         arranged.until)  # fmt: skip
    n = arranged.year - 1
    assert progress(lines, one).years[n].missing <= progress(lines).years[n].missing


R, M, X = Shape.REDUCED, Shape.MAKE_UP, Shape.EXTENSION
TODAY = YEARS[4].first + timedelta(days=30)
LATER = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(R, 4, D(3)), ""),
        (Terms(R, 4, D(0)), ""),
        (Terms(R, 5, D("2.5")), ""),
        (Terms(R, 4, None), "no-credits"),
        (Terms(R, 4, D("2.1")), "no-quarters"),
        (Terms(R, 4, D(5)), "not-fewer"),
        (Terms(R, 4, D(-1)), "not-fewer"),
        (Terms(R, None, D(3)), "no-year"),
        (Terms(R, 6, D(3)), "no-year"),
        (Terms(R, 1, D(3)), "not-short"),
        (Terms(M, 4, day=YEARS[4].first), ""),
        (Terms(M, 4, day=END), ""),
        (Terms(M, 4, None), "no-day"),
        (Terms(M, 4, day=YEARS[3].last), "in-the-year"),
        (Terms(M, 4, day=END + timedelta(days=1)), "after-the-period"),
        (Terms(M, 5, day=END), "last-year"),
        (Terms(X, day=LATER), ""),
        (Terms(X, day=END + timedelta(days=1)), ""),
        (Terms(X, day=END), "not-later"),
        (Terms(X, day=None), "no-end"),
        (Terms(X, day=date(2028, 3, 14)), ""),
        (Terms(X, day=date(2028, 3, 15)), "too-long"),
    ],
)
def test_terms_that_can_be_agreed_in_the_fifth_year_after_a_short_fourth(terms, code):
    """R-PER-3, R-PER-4: an arrangement that could change nothing is refused."""
    held = progress([on(1, "6"), on(4, "3")])
    found = rules.obstacle(terms, progress=held, ends_on=END, today=TODAY)
    assert ("" if found is None else found.code) == code


def test_a_year_that_has_not_begun_is_not_arranged():
    found = rules.obstacle(Terms(R, 5, D(3)), progress=progress([]), ends_on=END, today=YEARS[3].last)
    assert found.code == "not-begun"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"today": END}, ""),
        ({"today": END + timedelta(days=90)}, ""),
        ({"today": END + timedelta(days=300)}, ""),
        ({"today": date(2027, 6, 12), "lapsed_on": date(2026, 6, 13)}, ""),
        ({"today": date(2027, 6, 13), "lapsed_on": date(2026, 6, 13)}, "too-late"),
        ({"today": END + timedelta(days=1), "following": END + timedelta(days=1)}, "renewed"),
        ({"today": END, "ended": True}, "ended"),
    ],
)
def test_until_when_a_past_period_can_be_arranged(facts, code):
    """R-PER-6: in grace and while reinstatement is open; not once the period was renewed or the certification ended."""
    found = rules.period_obstacle(ends_on=END, **{"ended": False, "lapsed_on": None, "following": None, **facts})
    assert ("" if found is None else found.code) == code


def test_an_extended_period_has_a_longer_fifth_year():
    """R-PER-2, R-PER-3: the anniversary years stay, and the last one runs to the new end."""
    found = list(years(START, LATER))
    assert [one.number for one in found] == [1, 2, 3, 4, 5]
    assert found[:4] == YEARS[:4]
    assert (found[4].first, found[4].last) == (YEARS[4].first, LATER)
