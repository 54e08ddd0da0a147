"""SPEC 2.1 by table: for every rule what a claim is worth, and the sentence that says why."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from journals import rules, wording
from journals.rules import Claim, Credited, Service
from journals.states import Ruling
from serportal.certifications.rules import last_day, years

D = Decimal
RATES = {
    "course": ("hours", 1),
    "training": ("hours", 1),
    "conference": ("hours", 2),
    "instruction": ("hours", 1),
    "book": ("each", 10),
    "chapter": ("each", 5),
    "paper": ("each", 5),
    "material": ("each", 1),
    "board": ("each", 5),
    "committee": ("each", 3),
    "event": ("each", 2),
    "volunteering": ("hours", 4),
}
POLICY = rules.Policy(event_cap=D(10), volunteer_cap=D(5), least_minutes=60, least_months=6, step=D("0.25"))
START = date(2022, 5, 1)
SPAN = rules.Span(tuple(years(START, last_day(START))))
DAY = date(2026, 10, 15)


def rate(activity):
    measure, amount = RATES[activity]
    return rules.Rate(activity, D(amount), measure)


def credit(activity="conference", hours=None, *, day=DAY, held=(), policy=POLICY, **facts):
    claim = Claim(activity, day, None if hours is None else D(hours), **facts)
    return rules.credit(claim, rate=rate(activity), policy=policy, span=SPAN, held=held)


def worth(*args, **kwargs) -> tuple[Decimal, str]:
    found = credit(*args, **kwargs)
    return found.amount, wording.sentence(found.reasons)


def year(level="chapter", role="board|x", first=date(2025, 1, 1), last=date(2025, 12, 31)) -> Service:
    return Service(level, role, first, last)


@pytest.mark.parametrize(
    ("activity", "hours", "credits", "sentence"),
    [
        ("course", "8", "8", "8 classroom hours = 8."),
        ("training", "1", "1", "1 hour = 1."),
        ("training", "6.5", "6.5", "6.5 hours = 6.5."),
        ("conference", "1.5", "0.75", "1.5 hours ÷ 2 = 0.75."),
        ("instruction", "3", "3", "3 hours of instruction = 3."),
        ("book", None, "10", "One book = 10."),
        ("chapter", None, "5", "One book chapter = 5."),
        ("paper", None, "5", "One peer-reviewed paper = 5."),
        ("material", None, "1", "One technical document or educational material = 1."),
        ("event", None, "2", "Organising one event = 2."),
        ("volunteering", "12", "3", "12 contact hours ÷ 4 = 3."),
    ],
)
def test_r_cat_what_each_activity_brings(activity, hours, credits, sentence):
    assert worth(activity, hours) == (D(credits), sentence)


@pytest.mark.parametrize(("activity", "credits", "what"), [("board", 5, "a board"), ("committee", 3, "a committee")])
def test_r_cat_6_a_year_of_service(activity, credits, what):
    service = year(role=f"{activity}|x")
    found = worth(activity, day=service.last, service=service)
    assert found == (credits, f"One year on {what} = {credits}.")


@pytest.mark.parametrize(
    ("activity", "hours", "credits", "sentence"),
    [
        ("conference", "22", "10", "22 hours ÷ 2 = 11; a single event counts at most 10."),
        ("conference", "20", "10", "20 hours ÷ 2 = 10."),
        ("conference", "20.01", "10", "20.01 hours ÷ 2 = 10.005; a single event counts at most 10."),
        ("course", "42", "10", "42 classroom hours = 42; a single event counts at most 10."),
    ],
)
def test_r_cap_of_one_event(activity, hours, credits, sentence):
    assert worth(activity, hours) == (D(credits), sentence)


def test_r_cap_belongs_to_the_event_attending_teaching_and_organising_together():
    held = [
        Credited("conference", DAY, D(6), event=7),
        Credited("event", DAY, D(2), event=7),
        Credited("conference", DAY, D(9), event=8),
    ]
    assert worth("instruction", "3", event=7, held=held) == (
        2,
        "3 hours of instruction = 3; a single event counts at most 10, and 8 are already credited for it, which "
        "leaves 2.",
    )
    assert worth("instruction", "3", event=9, held=held) == (3, "3 hours of instruction = 3.")
    assert worth("instruction", "3", held=held)[0] == 3


def test_r_cap_a_year_of_service_and_a_publication_are_no_event():
    policy = replace(POLICY, event_cap=D(4))
    service = year()
    assert credit("board", day=service.last, service=service, policy=policy).amount == 5
    assert credit("book", policy=policy).amount == 10


@pytest.mark.parametrize(
    ("activity", "hours", "credits", "sentence"),
    [
        ("training", "0.83", "0", "49.8 minutes is less than the 60 minutes an activity needs, so it counts nothing."),
        (
            "conference",
            "0.99",
            "0",
            "59.4 minutes is less than the 60 minutes an activity needs, so it counts nothing.",
        ),
        ("conference", "2.25", "1", "2.25 hours ÷ 2 = 1.125; rounded down to steps of 0.25, that is 1."),
        ("training", "1.5", "1.5", "1.5 hours = 1.5."),
        ("conference", "1.5", "0.75", "1.5 hours ÷ 2 = 0.75."),
        ("volunteering", "1", "0.25", "1 contact hour ÷ 4 = 0.25."),
    ],
)
def test_r_min_is_on_contact_time_not_on_credits(activity, hours, credits, sentence):
    assert worth(activity, hours) == (D(credits), sentence)


@pytest.mark.parametrize(
    ("hours", "credits", "sentence"),
    [
        ("1.99", "0.75", "1.99 hours ÷ 2 = 0.995; rounded down to steps of 0.25, that is 0.75."),
        ("17.5", "8.75", "17.5 hours ÷ 2 = 8.75."),
    ],
)
def test_r_step_rounds_down_once_at_the_end(hours, credits, sentence):
    assert worth("conference", hours) == (D(credits), sentence)


def test_r_once_a_regular_course_counts_only_the_first_time():
    said = "A regular course counts only the first time it is taught, and this one"
    assert worth("instruction", "9", course="u|envr101", taught_before=date(2019, 9, 2)) == (
        0,
        f"{said} was taught before, from 2\xa0September 2019.",
    )
    held = [Credited("instruction", date(2015, 3, 1), D(8), course="u|envr101")]
    assert worth("instruction", "9", course="u|envr101", held=held) == (0, f"{said} is already credited.")
    assert credit("instruction", "9", course="u|envr102", held=held).amount == 9
    assert credit("instruction", "9", held=held).amount == 9


@pytest.mark.parametrize(
    ("one", "other"),
    [("ENVR101", "envr 101"), ("Énvr-101", "ENVR 101"), ("Straße", "STRASSE"), ("ＥＮＶＲ", "envr")],
)
def test_r_once_folds_spellings(one, other):
    assert rules.fold("Uni", one) == rules.fold("UNI.", other)


def test_keys_keep_their_parts_apart():
    assert rules.fold("a", "bc") != rules.fold("ab", "c")
    assert rules.fold("", " ", "–") == ""


def test_r_role_the_board_only_at_the_same_level_whichever_came_first():
    committee = year(role="committee|x|science")
    board = year()
    with_board = [Credited("board", board.last, D(5), service=board)]
    assert worth("committee", day=committee.last, service=committee, held=with_board) == (
        0,
        "12 of the 12 months are covered by board service at the same level, which leaves 0, fewer than the 6 a "
        "year of service needs; at one level only the board counts.",
    )
    with_committee = [Credited("committee", committee.last, D(3), service=committee)]
    assert worth("board", day=board.last, service=board, held=with_committee) == (
        2,
        "One year on a board = 5; 3 of the 5 were already credited as committee service.",
    )


def test_r_role_different_levels_both_count():
    committee = year(level="ser", role="committee|ser|science")
    held = [Credited("board", year().last, D(5), service=year())]
    assert credit("committee", day=committee.last, service=committee, held=held).amount == 3


@pytest.mark.parametrize(("board_until", "credits"), [(date(2025, 6, 30), 3), (date(2025, 7, 31), 0)])
def test_r_role_months_the_board_covers_do_not_count(board_until, credits):
    board = year(last=board_until)
    committee = year(role="committee|x|science")
    held = [Credited("board", board.last, D(5), service=board)]
    assert credit("committee", day=committee.last, service=committee, held=held).amount == credits


@pytest.mark.parametrize(("last", "credits"), [(date(2025, 6, 15), 5), (date(2025, 6, 14), 0), (date(2025, 5, 31), 0)])
def test_r_role_a_year_counts_in_full_from_six_months(last, credits):
    service = year(last=last)
    found = credit("board", day=last, service=service)
    assert found.amount == credits
    if not credits:
        assert wording.sentence(found.reasons) == (
            "5 months of service are fewer than the 6 a year of service needs, so it counts nothing."
        )


def test_r_role_a_year_from_the_middle_of_a_month_has_twelve_months():
    assert len(year(first=date(2025, 3, 15), last=date(2026, 3, 14)).months()) == 12
    assert len(year(first=date(2024, 2, 29), last=date(2025, 2, 28)).months()) == 12


def test_r_role_two_committees_both_count_and_leave_the_board_nothing():
    one, other = year(role="committee|x|science"), year(role="committee|x|events")
    held = [Credited("committee", one.last, D(3), service=one)]
    assert credit("committee", day=other.last, service=other, held=held).amount == 3
    held.append(Credited("committee", other.last, D(3), service=other))
    found = worth("board", day=year().last, service=year(), held=held)
    assert found == (0, "One year on a board = 5; 5 of the 5 were already credited as committee service.")


def test_r_role_a_committee_the_board_took_once_is_not_taken_twice():
    committee = year(role="committee|x|science")
    first, second = year(last=date(2025, 8, 31)), year(role="board|y", first=date(2025, 7, 1))
    held = [
        Credited("committee", committee.last, D(3), service=committee),
        Credited("board", first.last, D(2), service=first),
    ]
    assert credit("board", day=second.last, service=second, held=held).amount == 5


def test_r_role_one_year_of_one_role_counts_once():
    first = year(last=date(2025, 6, 30))
    held = [Credited("board", first.last, D(5), service=first)]
    second = year(first=date(2025, 7, 1), last=date(2026, 6, 30))
    assert worth("board", day=second.last, service=second, held=held) == (
        0,
        "The year of service in this role that began on 1\xa0January 2025 is already credited, and one year counts "
        "once.",
    )
    third = year(first=date(2026, 1, 1), last=date(2026, 9, 30))
    assert credit("board", day=third.last, service=third, held=held).amount == 5


def test_r_role_the_coordinator_may_let_a_role_count_apart():
    committee = year(role="committee|x|science")
    held = [Credited("board", year().last, D(5), service=year())]
    apart = frozenset({Ruling.SEPARATE})
    assert credit("committee", day=committee.last, service=committee, held=held, rulings=apart).amount == 3


def test_r_vol_at_most_five_in_a_period():
    earlier = Credited("volunteering", START - timedelta(days=1), D(5))
    assert worth("volunteering", "24", held=[earlier]) == (
        5,
        "24 contact hours ÷ 4 = 6; volunteering counts at most 5 in a period.",
    )
    held = [Credited("volunteering", START, D("3.5")), Credited("training", DAY, D(9))]
    assert worth("volunteering", "8", held=held) == (
        D("1.5"),
        "8 contact hours ÷ 4 = 2; volunteering counts at most 5 in a period, and 3.5 are already credited, which "
        "leaves 1.5.",
    )
    held.append(Credited("volunteering", DAY, D("1.5")))
    assert credit("volunteering", "8", held=held).amount == 0


def test_r_vol_not_for_profit_only():
    assert worth("volunteering", "8", not_for_profit=False) == (
        0,
        "Volunteering counts only for a not-for-profit organisation, so it counts nothing here.",
    )


def test_r_qual_a_graded_course_must_be_passed():
    assert worth("course", "8", passed=False) == (0, "The course was graded and not passed, so it counts nothing.")


def test_r_pub_the_day_of_acceptance_decides():
    accepted = date(2026, 4, 30)
    found = credit("paper", day=accepted)
    assert (found.amount, found.year.number) == (5, 4)
    assert wording.counts_in(found.year, "paper", accepted) == (
        "Accepted on 30\xa0April 2026, it counts in year 4 of your period, 1\xa0May 2025 to 30\xa0April 2026."
    )
    assert wording.counts_in(found.year, "material", accepted).startswith("Released on 30\xa0April 2026, it counts")


@pytest.mark.parametrize(
    ("day", "number"),
    [(START, 1), (date(2023, 4, 30), 1), (date(2023, 5, 1), 2), (date(2027, 4, 30), 5)],
)
def test_r_date_it_counts_in_the_year_that_holds_its_last_day(day, number):
    assert credit(hours="4", day=day).year.number == number


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
def test_r_date_outside_the_period_it_counts_nothing(day, sentence):
    found = credit(hours="22", day=day)
    assert (found.amount, found.year) == (0, None)
    assert wording.sentence(found.reasons) == sentence


def test_r_dup_the_same_code_occurrence_and_activity_count_once():
    said = "The same activity under the same approval code is already credited, and counts once."
    held = [Credited("training", DAY, D(3), code="ser7kqm2wxa|20261012")]
    assert worth("training", "3", code="ser7kqm2wxa|20261012", held=held) == (0, said)
    assert credit("instruction", "3", code="ser7kqm2wxa|20261012", held=held).amount == 3
    assert credit("training", "3", code="ser7kqm2wxa|20270110", held=held).amount == 3


def test_r_dup_on_demand_once_in_a_period():
    earlier = [Credited("training", START - timedelta(days=9), D(2), code="ser7kqm2wxa")]
    assert credit("training", "2", code="ser7kqm2wxa", code_per_period=True, held=earlier).amount == 2
    now = [Credited("training", START, D(2), code="ser7kqm2wxa")]
    assert credit("training", "2", code="ser7kqm2wxa", code_per_period=True, held=now).amount == 0


def test_r_dup_what_only_looks_alike_changes_nothing_unless_the_coordinator_says_so():
    held = [Credited("training", DAY, D(3))]
    assert credit("training", "3", held=held).amount == 3
    assert worth("training", "3", held=held, rulings=frozenset({Ruling.SAME})) == (
        0,
        "The coordinator found that it is already credited as something else, and it counts once.",
    )


def test_the_reviewers_lower_before_the_caps_and_the_member_may_ask_for_fewer():
    assert worth("conference", "22", lowered=D("7.5")) == (D("7.5"), "22 hours ÷ 2 = 11; the committee granted 7.5.")
    assert worth("conference", "22", asked=D(4)) == (4, "22 hours ÷ 2 = 11; 4 are asked for.")
    assert worth("conference", "6", asked=D(4), lowered=D(5)) == (3, "6 hours ÷ 2 = 3.")
    held = [Credited("conference", DAY, D(6), event=7)]
    assert worth("conference", "22", lowered=D(8), event=7, held=held)[0] == 4


def test_lowered_board_service_is_what_was_granted_not_less():
    committee = year(role="committee|x|science")
    held = [Credited("committee", committee.last, D(3), service=committee)]
    found = credit("board", day=year().last, service=year(), held=held, lowered=D("1.5"))
    assert found.amount == D("1.5")


def test_a_changed_policy_changes_the_sum_and_its_words():
    found = credit(hours="22", policy=replace(POLICY, event_cap=D(8)))
    assert found.amount == 8
    assert wording.sentence(found.reasons) == "22 hours ÷ 2 = 11; a single event counts at most 8."


def test_every_reason_has_its_sentence_and_its_line():
    assert set(wording.LINES) | {"rate", "rate-one", "each", "before-period", "after-period"} == set(wording.CLAUSES)


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
