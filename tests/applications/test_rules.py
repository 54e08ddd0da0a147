"""R-APP-1, R-APP-2, R-APP-4, R-APP-5, R-APP-11 as tables and properties."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import rules
from applications.rules import Course, Demands, Job, Least, Prior, Project, Share, Window
from applications.states import PARTS, Area, Gate, Kind, Part, Phase, Ready, Side, Unit

D = Decimal
CRITERIA = {
    Area.BIOLOGICAL: Least(D(15), {Part.ECOLOGY: D(9)}),
    Area.PHYSICAL: Least(D(15), {Part.EARTH: D(6)}),
    Area.RESOURCE: Least(D(12), {Part.ECOLOGICAL: D(3), Part.HUMAN: D(3)}),
    Area.QUANTITATIVE: Least(D(9)),
    Area.RESTORATION: Least(D(12)),
}
DEMANDS = Demands(months=60, projects=3)


def course(area, credits, part=None, unit=Unit.SEMESTER, **more) -> Course:
    return Course(unit, D(credits), [Share(area, D(credits), part)], **more)


FULL = [
    course(Area.BIOLOGICAL, "9", Part.ECOLOGY),
    course(Area.BIOLOGICAL, "6"),
    course(Area.PHYSICAL, "6", Part.EARTH),
    course(Area.PHYSICAL, "9"),
    course(Area.RESOURCE, "3", Part.ECOLOGICAL),
    course(Area.RESOURCE, "3", Part.HUMAN),
    course(Area.RESOURCE, "6"),
    course(Area.QUANTITATIVE, "9"),
    course(Area.RESTORATION, "12"),
]


def line(sheet, area, part=None):
    return next(one for one in sheet.lines if (one.area, one.part) == (area, part))


# R-APP-4 -----------------------------------------------------------------
def test_the_least_of_every_area_and_part_is_just_enough():
    assert rules.sheet(CRITERIA, FULL).met
    assert [one.area for one in rules.sheet(CRITERIA, []).lines if one.part is None] == list(CRITERIA)


@pytest.mark.parametrize("n", range(len(FULL)))
def test_without_any_one_of_them_it_is_short_by_exactly_that(n):
    left = FULL[:n] + FULL[n + 1 :]
    (share,) = FULL[n].shares
    sheet = rules.sheet(CRITERIA, left)
    assert not sheet.met
    assert line(sheet, share.area).missing == share.credits
    assert line(sheet, share.area, share.part).missing == share.credits


@pytest.mark.parametrize(
    ("unit", "credits", "semester", "missing"),
    [
        (Unit.SEMESTER, "9", "9", "0"),
        (Unit.SEMESTER, "8.99", "8.99", "0.01"),
        (Unit.QUARTER, "13.5", "9", "0"),
        (Unit.QUARTER, "13.49", "8.99", "0.01"),
        (Unit.QUARTER, "4", "2.66", "6.34"),
        (Unit.ECTS, "18", "9", "0"),
        (Unit.ECTS, "17.5", "8.75", "0.25"),
        (Unit.OTHER, "9", "9", "0"),
    ],
)
def test_units(unit, credits, semester, missing):
    """Quarter credits × 2/3, ECTS × 1/2, exact; what is missing never reads as nothing."""
    sheet = rules.sheet(CRITERIA, [course(Area.QUANTITATIVE, credits, unit=unit)])
    found = line(sheet, Area.QUANTITATIVE)
    assert (found.courses, found.missing, found.met) == (D(semester), D(missing), missing == "0")
    assert sheet.estimated == (unit == Unit.OTHER)


def test_three_thirds_are_a_whole():
    """Three courses of 4.5 quarter credits are 9 semester credits, whatever each is rounded to."""
    quarter = [course(Area.QUANTITATIVE, "4.5", unit=Unit.QUARTER)] * 3
    assert line(rules.sheet(CRITERIA, quarter), Area.QUANTITATIVE).met
    assert line(
        rules.sheet(CRITERIA, [course(Area.QUANTITATIVE, "4.4", unit=Unit.QUARTER)] * 3), Area.QUANTITATIVE
    ).missing == D("0.2")


def test_a_part_counts_for_its_area_and_the_area_not_for_the_part():
    sheet = rules.sheet(CRITERIA, [course(Area.BIOLOGICAL, "15")])
    assert line(sheet, Area.BIOLOGICAL).met and line(sheet, Area.BIOLOGICAL, Part.ECOLOGY).missing == 9
    sheet = rules.sheet(CRITERIA, [course(Area.BIOLOGICAL, "15", Part.ECOLOGY)])
    assert line(sheet, Area.BIOLOGICAL).met and line(sheet, Area.BIOLOGICAL, Part.ECOLOGY).met


def test_a_course_that_was_not_passed_brings_nothing():
    assert line(rules.sheet(CRITERIA, [course(Area.QUANTITATIVE, "9", passed=False)]), Area.QUANTITATIVE).courses == 0


def test_prior_learning_counts_beside_courses_and_is_told_apart():
    """R-APP-1: PLAR; reviewers read it beside the courses."""
    sheet = rules.sheet(CRITERIA, [course(Area.PHYSICAL, "10")], [Prior(Area.PHYSICAL, D(6), Part.EARTH)])
    found = line(sheet, Area.PHYSICAL)
    assert (found.courses, found.prior, found.total, found.met) == (10, 6, 16, True)
    assert line(sheet, Area.PHYSICAL, Part.EARTH).met


@pytest.mark.parametrize(
    ("credits", "shares", "code"),
    [
        ("3", [Share(Area.BIOLOGICAL, D(2), Part.ECOLOGY), Share(Area.PHYSICAL, D(1))], None),
        ("3", [Share(Area.BIOLOGICAL, D(2)), Share(Area.PHYSICAL, D("1.01"))], "more-than-the-course"),
        ("3", [Share(Area.BIOLOGICAL, D(0))], "empty-share"),
        ("3", [Share(Area.BIOLOGICAL, D(-1))], "empty-share"),
        ("3", [Share(Area.BIOLOGICAL, D(1), Part.EARTH)], "part-of-other-area"),
        ("3", [], None),
    ],
)
def test_a_course_is_divided_between_areas_and_counts_once(credits, shares, code):
    assert rules.shares_problem(Course(Unit.SEMESTER, D(credits), shares)) == code


areas = st.sampled_from(list(Area))
some_credits = st.integers(1, 600).map(lambda n: D(n) / 20)


def drawn(area: Area, part: int, credits: Decimal, unit: Unit) -> Course:
    return course(area, credits, ([None, *PARTS[area]])[part % (len(PARTS[area]) + 1)], unit)


courses = st.lists(st.builds(drawn, areas, st.integers(0, 2), some_credits, st.sampled_from(list(Unit))), max_size=12)


@given(courses, st.randoms(use_true_random=False))
def test_the_order_of_courses_never_matters(some, random):
    shuffled = random.sample(some, len(some))
    assert rules.sheet(CRITERIA, some) == rules.sheet(CRITERIA, shuffled)


@given(courses, courses)
def test_another_course_never_makes_anything_shorter(some, more):
    before, after = rules.sheet(CRITERIA, some), rules.sheet(CRITERIA, [*some, *more])
    assert all(
        b.missing >= a.missing and b.courses <= a.courses for b, a in zip(before.lines, after.lines, strict=True)
    )


@given(courses)
def test_what_is_missing_would_be_enough(some):
    sheet = rules.sheet(CRITERIA, some)
    filled = [course(one.area, one.missing, one.part) for one in sheet.lines if one.part and one.missing]
    again = rules.sheet(CRITERIA, [*some, *filled])
    filled += [course(one.area, one.missing) for one in again.lines if one.part is None and one.missing]
    assert rules.sheet(CRITERIA, [*some, *filled]).met


# R-APP-5 -----------------------------------------------------------------
def job(first="2020-01-01", last="2020-12-31", hours="40", restoration=100) -> Job:
    return Job(date.fromisoformat(first), date.fromisoformat(last), D(hours), restoration)


def counted(*jobs) -> Fraction:
    return rules.experience(DEMANDS, jobs, []).months


@pytest.mark.parametrize(
    ("jobs", "months"),
    [
        ([job()], 12),
        ([job(hours="20")], 6),
        ([job(hours="60")], 12),
        ([job(hours="20"), job(hours="20")], 12),
        ([job(hours="30"), job(hours="30")], 12),
        ([job(restoration=50)], 12),
        ([job(restoration=49)], 6),
        ([job(hours="20", restoration=49)], 3),
        ([job(hours="40", restoration=100), job(hours="40", restoration=0)], 12),
        ([job(hours="40", restoration=100), job(hours="41", restoration=0)], 6),
        ([job("2020-02-01", "2020-02-29")], 1),
        ([job("2021-02-01", "2021-02-14")], Fraction(1, 2)),
        ([job("2020-04-16", "2020-04-30")], Fraction(1, 2)),
        ([job("2020-01-31", "2020-02-01")], Fraction(1, 31) + Fraction(1, 29)),
        ([job("2019-12-15", "2020-01-15")], Fraction(17, 31) + Fraction(15, 31)),
        ([job("2020-06-10", "2020-06-10")], Fraction(1, 30)),
        ([job("2015-01-01", "2019-12-31")], 60),
        ([job("2015-01-01", "2019-12-30")], 59 + Fraction(30, 31)),
        ([job(hours="0")], 0),
        ([], 0),
    ],
)
def test_full_time_months(jobs, months):
    assert counted(*jobs) == months


def test_a_month_is_halved_by_what_was_worked_in_it_alone():
    """Restoration in the first half of the year, administration in the second."""
    found = list(rules.months([job(last="2020-06-30"), job("2020-07-01", restoration=10)]))
    assert [month.counted for month in found] == [1] * 6 + [Fraction(1, 2)] * 6
    assert rules.experience(DEMANDS, [job("2020-07-01", restoration=10)], []).halved == 6


days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
jobs = st.lists(
    st.builds(
        lambda first, length, hours, share: Job(first, first + timedelta(days=length), hours, share),
        days, st.integers(0, 900), st.integers(1, 320).map(lambda n: D(n) / 4), st.integers(0, 100),
    ),
    max_size=6,
)  # fmt: skip


@given(jobs, st.randoms(use_true_random=False))
def test_the_order_of_jobs_never_matters(some, random):
    assert counted(*some) == counted(*random.sample(some, len(some)))


@given(jobs, st.data())
def test_how_a_job_is_split_never_matters(some, data):
    """In two stretches of time, or in two jobs side by side with the hours divided."""
    split = []
    for one in some:
        days_in = data.draw(st.integers(0, (one.last - one.first).days))
        middle = one.first + timedelta(days=days_in)
        halves = [Job(one.first, middle, one.weekly_hours, one.restoration)]
        if middle < one.last:
            halves.append(Job(middle + timedelta(days=1), one.last, one.weekly_hours, one.restoration))
        part = one.weekly_hours * data.draw(st.integers(0, 10)) / 10
        split += [
            Job(h.first, h.last, hours, h.restoration) for h in halves for hours in (part, one.weekly_hours - part)
        ]
    assert counted(*some) == counted(*split)


@given(jobs)
def test_no_month_counts_more_than_one_and_none_more_than_it_was_worked(some):
    for month in rules.months(some):
        assert 0 < month.counted <= month.worked <= 1


def test_breadth_needs_every_phase_and_three_projects():
    all_four = [Project(frozenset({phase})) for phase in Phase]
    enough = rules.experience(DEMANDS, [job("2015-01-01", "2019-12-31")], all_four)
    assert enough.met and (enough.shown, enough.months_missing) == (60, 0)
    for left_out in range(4):
        some = rules.experience(
            DEMANDS, [job("2015-01-01", "2019-12-31")], all_four[:left_out] + all_four[left_out + 1 :]
        )
        assert some.phases_missing == [list(Phase)[left_out]] and not some.met and not some.projects_missing
    two = rules.experience(DEMANDS, [], [Project(frozenset(Phase))] * 2)
    assert (two.projects_missing, two.phases_missing, two.months_missing) == (1, [], 60)


def test_a_day_short_of_five_years_reads_as_short():
    found = rules.experience(DEMANDS, [job("2015-01-01", "2019-12-30")], [Project(frozenset(Phase))] * 3)
    assert (found.shown, found.months_missing, found.met) == (D("59.9"), D("0.1"), False)


# R-APP-2 -----------------------------------------------------------------
WINDOWS = [window for year in (2027, 2028) for window in rules.standard_windows(year)]


@pytest.mark.parametrize(
    ("received", "complete", "closes", "decided"),
    [
        ("2027-04-30", None, "2027-04-30", "2027-06-30"),
        ("2027-05-01", None, "2027-10-31", "2027-12-31"),
        ("2027-05-03", None, "2027-10-31", "2027-12-31"),
        ("2027-10-31", "2027-11-21", "2027-10-31", "2027-12-31"),
        ("2027-10-31", "2027-11-22", "2028-04-30", "2028-06-30"),
        ("2027-04-01", "2027-12-01", "2028-04-30", "2028-06-30"),
        ("2027-01-01", "2027-01-01", "2027-04-30", "2027-06-30"),
    ],
)
def test_windows(received, complete, closes, decided):
    complete = complete and date.fromisoformat(complete)
    found = rules.window_of(WINDOWS, received_on=date.fromisoformat(received), complete_on=complete)
    assert found == Window(date.fromisoformat(closes), date.fromisoformat(decided))


def test_after_the_last_known_window_there_is_none():
    assert rules.window_of(WINDOWS, received_on=date(2028, 11, 1)) is None


# R-APP-1, R-APP-8, R-APP-11 ------------------------------------------------
def test_both_sides_are_cerp_ready_and_one_is_cerpit_ready():
    knows, nothing = rules.sheet(CRITERIA, FULL), rules.sheet(CRITERIA, [])
    works = rules.experience(DEMANDS, [job("2015-01-01", "2019-12-31")], [Project(frozenset(Phase))] * 3)
    idle = rules.experience(DEMANDS, [], [])
    assert rules.ready_as(knows, works) == Ready.CERP
    assert rules.ready_as(knows, idle) == rules.ready_as(nothing, works) == rules.ready_as(None, works) == Ready.CERPIT
    assert rules.ready_as(nothing, idle) == rules.ready_as(None, None) == Ready.NEITHER


@pytest.mark.parametrize(
    ("kind", "chosen", "sides"),
    [
        (Kind.CERP, [], {Side.KNOWLEDGE, Side.EXPERIENCE}),
        (Kind.CERP, [Side.KNOWLEDGE], {Side.KNOWLEDGE, Side.EXPERIENCE}),
        (Kind.UPGRADE, [], {Side.KNOWLEDGE, Side.EXPERIENCE}),
        (Kind.CERPIT, [Side.EXPERIENCE], {Side.EXPERIENCE}),
        (Kind.PARTNER, [Side.KNOWLEDGE], set()),
    ],
)
def test_the_sides_that_must_be_complete(kind, chosen, sides):
    assert rules.sides_asked(kind, chosen) == sides


@pytest.mark.parametrize("kind", Kind)
def test_gates_are_told_until_each_is_settled(kind):
    gates = list(rules.GATES[kind])
    assert rules.open_gates(kind, []) == gates
    assert [rules.open_gates(kind, gates[:n]) for n in range(len(gates) + 1)] == [
        gates[n:] for n in range(len(gates) + 1)
    ]
    assert rules.open_gates(kind, list(Gate)) == []


def test_only_ways_to_cerp_have_prior_learning():
    """R-APP-1: never shown on a CERPIT form."""
    assert {Kind.CERP, Kind.UPGRADE} == rules.PRIOR_LEARNING
