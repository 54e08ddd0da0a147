"""“Will I make it?”: what is still to find, what planned activities would count, and what closes the gap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cecs import services as cecs
from journals.models import Entry
from journals.services import work_out
from journals.states import Activity, Delivery
from preapprovals.models import Occurrence, Offering
from serportal.certifications.rules import anniversary
from serportal.home.plan.courses import fits, gap_of, zones_near
from serportal.home.plan.ground import ground_of
from serportal.home.plan.sandbox import Planned, after, claim_about, weigh
from serportal.home.plan.standing import answer, sentences, stands_of
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
D = Decimal
PLAN = "/journal/plan/"


@pytest.fixture
def amara():
    """Certified so that 90 days (before a 29 February, 89) are left of the fifth year and of the period."""
    last = programme_day() + timedelta(days=90)
    return factories.certificant(name="Amara Okafor", since=anniversary(last + timedelta(days=1), -5))


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


def hold(person, credits: str, *, days: int = -20, **fields):
    """Credits in the journal, approved, so many days from today."""
    return factories.imported(person, credits=credits, earned_on=programme_day() + timedelta(days=days), **fields)


def ground(person):
    return ground_of(person, programme_day())


def day(offset: int) -> date:
    return programme_day() + timedelta(days=offset)


def query(*rows: dict) -> dict:
    """The address of a plan."""
    return {f"{part}-{n}": text for n, row in enumerate(rows) for part, text in row.items()}


def told(when: date) -> str:
    """A day as the text of a page has it."""
    return day_text(when).replace("\xa0", " ")


def words_of(client, person, *rows: dict, status: int = 200, **more) -> str:
    client.force_login(person)
    response = client.get(PLAN, {**query(*rows), **more})
    assert response.status_code == status
    return text_of(response)


# Where one stands ----------------------------------------------------


def test_what_is_missing_is_said_with_its_day_and_the_days_to_go(client, amara):
    hold(amara, "4.5")
    hold(amara, "39", days=-700)
    words = words_of(client, amara)
    ends_on = amara.periods.get().ends_on
    left, last = (ends_on - programme_day()).days, told(ends_on)
    assert f"You are 6.5 short of the 50, with {left} days to go: your period ends on {last}." in words
    assert f"You are 0.5 short of the 5 that year 5 needs, with {left} days to go: it ends on {last}." in words
    assert "Not yet: 0.5 still to find this year, 6.5 in the period." in words
    assert "Needed 5 50 In hand, approved 4.5 43.5 Being reviewed, not counted 0 0 Still to find 0.5 6.5" in words


def test_nothing_to_find_is_said_as_such(client, amara):
    for back in (20, 400, 765, 1130, 1495):
        hold(amara, "10", days=-back)
    words = words_of(client, amara)
    assert "Yes: counting what is approved, nothing is left to find." in words
    assert "Year 5 has the 5 it needs. The period has the 50 it needs." in words
    assert "Nothing is left to find. See what is on the list" in words and "Add to my plan" not in words


def test_a_year_that_ended_short_is_no_yes(client, amara):
    """R-PER-4: it blocks the renewal until an arrangement exists, however many credits there are."""
    hold(amara, "5")
    hold(amara, "45", days=-700)
    words = words_of(client, amara)
    assert "Not yet: nothing is left to find, but a year that ended short needs an arrangement." in words
    assert words.count("Ask for an arrangement for year") == 3


def test_what_is_being_reviewed_is_told_and_not_counted(client, ruth, amara):
    """R-PER-4: approved credits count; the request of a sponsor is no claim of theirs."""
    factories.claim(amara)
    factories.preapproval(amara)
    one = ground(amara)
    (year, whole) = [(each.in_hand, each.asked, each.missing) for each in stands_of(one)]
    assert year == (0, 10, 5) and whole == (0, 10, 50)
    assert "If all that is being reviewed is approved as asked, 40 are left to find in the period." in sentences(one)
    hold(amara, "41", days=-700)
    assert "If all that is being reviewed is approved as asked, the period has what it needs." in sentences(
        ground(amara)
    )


def test_a_single_gap_is_named_once(amara):
    hold(amara, "46.5", days=-700)
    assert answer(ground(amara)) == "Not yet: 5 still to find this year, 3.5 in the period."
    hold(amara, "3.5", days=-700)
    assert answer(ground(amara)) == "Not yet: 5 still to find this year."
    hold(amara, "5")
    assert "arrangement" in answer(ground(amara))
    for back in (400, 1130, 1495):
        hold(amara, "5", days=-back)
    assert answer(ground(amara)).startswith("Yes")


@pytest.mark.parametrize(("left", "said"), [(0, "and today is the last day"), (1, "with one day to go")])
def test_the_last_days(left, said):
    person = factories.certificant(since=date(2021, 3, 15))
    one = ground_of(person, date(2026, 3, 14) - timedelta(days=left))
    assert f"You are 50 short of the 50, {said}: your period ends on {day_text(date(2026, 3, 14))}." in sentences(one)


def test_a_period_that_is_over_counts_only_what_was_complete_by_then(client):
    person = factories.certificant(since=anniversary(programme_day(), -5) - timedelta(days=10))
    factories.occurrence(days=20)
    words = words_of(client, person, {"activity": "training", "day": day(5).isoformat(), "hours": "6"})
    ended = told(person.periods.get().ends_on)
    assert (
        f"Your period ended on {ended}, 50 short of the 50. Only what was complete by that day still counts." in words
    )
    assert f"lies after your period, which ends on {ended}, so it counts nothing" in words
    assert "Your period has ended, so nothing new can count in it." in words and "Add to my plan" not in words


def test_a_period_that_ended_with_all_it_needs_has_its_page(client):
    person = factories.certificant(since=anniversary(programme_day(), -5) - timedelta(days=10))
    for year in person.periods.get().years():
        factories.imported(person, credits="10", earned_on=year.last)
    words = words_of(client, person, {"activity": "paper", "day": day(3).isoformat()})
    assert "Yes: counting what is approved, nothing is left to find." in words
    assert "Your period has ended, so nothing new can count in it." in words


def test_who_lapsed_for_good_is_told_so_and_still_sees_the_sums(client):
    """R-CEC: after the twelve months of reinstatement nothing can be filed any more."""
    person = factories.certificant(since=anniversary(programme_day(), -7))
    words = words_of(client, person)
    assert "You cannot file a claim now" in words and "50 short of the 50" in words


def test_without_a_journal_there_is_no_plan(client):
    assert "A plan begins with a certification" in words_of(client, factories.PersonFactory())


def test_journal_and_dashboard_lead_to_the_plan_while_something_is_missing(client, amara):
    for path in ("/journal/", "/dashboard/"):
        client.force_login(amara)
        assert PLAN in client.get(path).content.decode()
    hold(amara, "5")
    hold(amara, "45", days=-700)
    for path in ("/journal/", "/dashboard/"):
        assert PLAN not in client.get(path).content.decode()


# The sandbox ---------------------------------------------------------

ROWS = {
    Activity.COURSE: ({"hours": "42"}, D(10)),
    Activity.TRAINING: ({"hours": "6"}, D(6)),
    Activity.CONFERENCE: ({"hours": "22"}, D(10)),
    Activity.INSTRUCTION: ({"hours": "6"}, D(6)),
    Activity.BOOK: ({}, D(10)),
    Activity.CHAPTER: ({}, D(5)),
    Activity.PAPER: ({}, D(5)),
    Activity.MATERIAL: ({}, D(1)),
    Activity.BOARD: ({"level": "chapter"}, D(5)),
    Activity.COMMITTEE: ({"level": "ser"}, D(3)),
    Activity.EVENT: ({}, D(2)),
    Activity.VOLUNTEERING: ({"hours": "24"}, D(5)),
}


@pytest.mark.parametrize("activity", list(Activity))
def test_every_activity_can_be_planned_and_is_worked_out_as_a_claim_is(client, amara, activity):
    """R-CAT: the number and its sentence are those that a claim about the same would get."""
    given, credits = ROWS[activity]
    row = {"activity": activity.value, "day": day(30).isoformat(), **given}
    client.force_login(amara)
    response = client.get(PLAN, query(row))
    (found,) = response.context["weighed"]
    assert found.amount == credits
    real = work_out(person=amara, claim=claim_about(found.planned, response.context["ground"].rows))
    assert (real.credit.amount, real.credit.reasons) == (found.credit.amount, found.credit.reasons)
    assert all(" ".join(said.split()) in text_of(response) for said in (found.sentence, found.counts_in))
    assert f"/cecs/new/?activity={activity.value}#chosen" in response.content.decode()
    assert client.get(f"/cecs/new/?activity={activity.value}").content.decode().count('id="chosen"') == 1


def amounts(person, *planned: Planned) -> list[Decimal]:
    return [one.amount for one in weigh(ground(person), planned)]


def test_each_row_finds_what_those_before_it_leave_in_order_of_their_days(amara):
    """R-VOL and R-CAP over the plan: the later day gets what is left, whatever the order of the rows."""
    late = Planned(0, Activity.VOLUNTEERING, day(40), D(16))
    early = Planned(1, Activity.VOLUNTEERING, day(30), D(8))
    assert [(one.planned.number, one.amount) for one in weigh(ground(amara), [late, early])] == [(1, 2), (0, 3)]
    (_first, second) = weigh(ground(amara), [late, early])
    assert "volunteering counts at most 5 in a period, and 2 are already credited, which leaves 3" in second.sentence


def test_rows_of_one_name_within_two_weeks_are_one_event(amara):
    """R-CAP: attending and teaching share the ten; the same name a year on is another event."""
    sessions = Planned(0, Activity.CONFERENCE, day(30), D(16), "Delta Days")
    workshop = Planned(1, Activity.INSTRUCTION, day(32), D(6), "delta-days")
    other = Planned(2, Activity.CONFERENCE, day(60), D(16), "Delta Days")
    assert amounts(amara, sessions, workshop, other) == [8, 2, 8]
    unnamed = [Planned(n, Activity.CONFERENCE, day(30), D(16)) for n in range(2)]
    assert amounts(amara, *unnamed) == [8, 8]


def test_teaching_at_a_listed_course_shares_its_event(amara):
    """R-CAP: attending and teaching alike, whether somebody claimed the date before or not."""
    field = run("Field school", offering={"credits": D(8), "minutes": 480})
    rows = (
        Planned(0, field.offering.category, field.last_day, run=field),
        Planned(1, Activity.INSTRUCTION, field.last_day, D(6), "Field School"),
    )
    assert amounts(amara, *rows) == [8, 2]


def test_what_is_held_and_what_is_asked_for_weigh(ruth, committee, amara):
    """R-CAP: a day beside an event of one’s own, credited or being reviewed, gets what that leaves."""
    factories.decided(ruth, committee, owner=amara, title="Held Days", hours="12")
    factories.claim(amara, title="Asked Days", hours="14", last_day=day(-8))
    held = Planned(0, Activity.INSTRUCTION, day(-14), D(6), "Held days")
    asked = Planned(1, Activity.INSTRUCTION, day(-8), D(6), "Asked days")
    assert amounts(amara, held, asked) == [4, 3]
    volunteered = factories.claim(amara, about="volunteering")
    assert volunteered.amount == D("1.5")
    assert amounts(amara, Planned(0, Activity.VOLUNTEERING, day(30), D(24))) == [D("3.5")]


def test_what_was_planned_is_what_is_credited_afterwards(ruth, committee, amara):
    """The plan and the ledger go by the same rules: each activity is claimed and decided, and brings what was said."""
    planned = [
        Planned(0, Activity.CONFERENCE, day(-14), D(12), "Delta Days"),
        Planned(1, Activity.INSTRUCTION, day(-13), D(6), "Delta Days"),
        Planned(2, Activity.VOLUNTEERING, day(-12), D(15)),
        Planned(3, Activity.VOLUNTEERING, day(-11), D(15)),
        Planned(4, Activity.COMMITTEE, day(-10), event="Science committee", level="ser"),
        Planned(5, Activity.PAPER, day(-9)),
    ]
    said = amounts(amara, *planned)
    for one in planned:
        hours = (cecs.Row(one.day, "As planned", one.hours),) if one.hours else ()
        given = {"title": one.event or f"Done {one.number}", "last_day": one.day, "rows": hours}
        factories.decided(ruth, committee, owner=amara, about=one.activity, **given)
    assert said == [6, 4, D("3.75"), D("1.25"), 3, 5]
    assert [entry.credits for entry in Entry.objects.order_by("earned_on")] == said


def test_a_claim_that_is_decided_again_does_not_weigh_twice(ruth, committee, amara):
    case = factories.decided(ruth, committee, owner=amara, about="volunteering")
    factories.reviews.reopen(case.pk, reason="A new letter came.", by=ruth)
    assert amounts(amara, Planned(0, Activity.VOLUNTEERING, day(30), D(24))) == [D("3.5")]


def test_board_and_committee_of_one_level_count_as_the_rules_say(amara):
    """R-ROLE: the committee’s months are the board’s; at another level both count."""
    board = Planned(0, Activity.BOARD, day(20), event="SER Europe", level="chapter")
    same = Planned(1, Activity.COMMITTEE, day(21), event="Field days", level="chapter")
    other = Planned(2, Activity.COMMITTEE, day(22), event="Science", level="ser")
    assert amounts(amara, board, same, other) == [5, 0, 3]
    twice = Planned(3, Activity.BOARD, day(23), event="SER Europe", level="chapter")
    assert amounts(amara, board, twice) == [5, 0]


def test_the_sums_by_year_and_of_the_fifty_afterwards(client, amara):
    hold(amara, "4.5")
    hold(amara, "39", days=-700)
    first = {"activity": "training", "day": day(10).isoformat(), "hours": "6.5"}
    words = words_of(client, amara, first)
    assert "4.5 11 5" in words and "The period 43.5 50 50" in words
    assert "With what you plan below, nothing is left to find." in words
    after_it = after(ground(amara), weigh(ground(amara), [Planned(0, "training", day(120), D(6))]))
    assert after_it == ground(amara).journal.progress  # after the period’s last day it counts in none of its years


def test_planning_files_nothing_and_keeps_itself_in_its_address(client, amara):
    row = {"activity": "book", "day": day(10).isoformat(), "event": "Marshes"}
    before = [model.objects.count() for model in (cecs.drafts.Draft, factories.ReviewCase)]
    assert "One book = 10." in words_of(client, amara, row)
    assert [model.objects.count() for model in (cecs.drafts.Draft, factories.ReviewCase)] == before
    assert 'value="Marshes"' in client.get(PLAN, query(row)).content.decode()


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"activity": "training", "hours": "6"}, "day", "The day is missing in row 1."),
        ({"activity": "training", "day": "2027-13-40", "hours": "6"}, "day", "The day in row 1 is no date we can use."),
        ({"activity": "training", "day": "0001-01-01", "hours": "6"}, "day", "The day in row 1 is no date we can use."),
        ({"activity": "training", "day": "2027-01-09"}, "hours", "The hours in row 1 are missing."),
        ({"activity": "training", "day": "2027-01-09", "hours": "0"}, "hours", "The hours in row 1 are missing."),
        ({"activity": "training", "day": "2027-01-09", "hours": "1E+9"}, "hours", "are no number we can read"),
        ({"activity": "training", "day": "2027-01-09", "hours": "-3"}, "hours", "are no number we can read"),
        ({"activity": "training", "day": "2027-01-09", "hours": "9999"}, "hours", "are no number we can read"),
        ({"activity": "book", "day": "2027-01-09", "hours": "6"}, "hours", "counts one by one, not by hours."),
        ({"activity": "board", "day": "2027-01-09"}, "level", "Nothing says where you would serve, in row 1."),
        ({"activity": "board", "day": "2027-01-09", "level": "moon"}, "level", "is none of the three. Choose one."),
        ({"activity": "skydiving", "day": "2027-01-09"}, "activity", "Nothing on the list is chosen in row 1."),
        ({"day": "2027-01-09", "hours": "3"}, "activity", "Nothing on the list is chosen in row 1."),
        ({"listed": "run-999999"}, "day", "What row 1 names is no longer on the list of courses."),
        ({"listed": "course-9'); --"}, "day", "What row 1 names is no longer on the list of courses."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_stays_typed(client, amara, row, field, said):
    good = {"activity": "paper", "day": day(9).isoformat()}
    client.force_login(amara)
    response = client.get(PLAN, query(row, good))
    assert response.status_code == 422
    (error,) = response.context["summary"]
    assert error[0] == f"id_{field}-0" and said in error[1]
    page = response.content.decode()
    assert f'id="id_{field}-0"' in page and "One peer-reviewed paper = 5." in text_of(response)
    typed = [text for part, text in row.items() if part in {"day", "hours"}]
    assert all(f'value="{text}"' in page for text in typed)


def test_no_more_than_eight_rows_are_read_and_signs_that_are_none_vanish(client, amara):
    rows = [{"activity": "paper", "day": day(n).isoformat(), "event": f"\u200bPaper {n}"} for n in range(12)]
    client.force_login(amara)
    response = client.get(PLAN, query(*rows))
    assert len(response.context["weighed"]) == 8 and "Paper 7" in response.content.decode()
    factories.occurrence(days=20)
    assert 'name="add"' not in response.content.decode()


def test_a_row_is_taken_out_by_its_button_and_the_others_stay(client, amara):
    rows = [{"activity": "paper", "day": day(n).isoformat()} for n in (3, 4)]
    client.force_login(amara)
    response = client.get(PLAN, {**query(*rows), "remove": "0"})
    assert response.status_code == 302
    assert response["Location"] == f"{PLAN}?activity-0=paper&day-0={day(4).isoformat()}#if"


# What closes the gap -------------------------------------------------


def closing(person, *planned: Planned):
    one = ground(person)
    weighed = weigh(one, planned)
    dated, always = fits(one, gap_of(one, after(one, weighed)), weighed)
    return [fit.offering.title for fit in dated], [fit.offering.title for fit in always]


def run(title: str, *, days: int = 20, offering: dict | None = None, **given) -> Occurrence:
    made = factories.offering(title=title, **(offering or {}))
    return factories.occurrence(made, days=days, **{"zone": "Asia/Tokyo", "country": "JP", **given})


def test_the_nearest_comes_first(amara):
    """In time, then the person’s country, their time zone, their language, online, soonest."""
    amara.time_zone = "Europe/Amsterdam"
    amara.save()
    hold(amara, "49", days=-700)
    run("too late for the year", days=91)
    run("far and soon", days=3)
    run("far and online", offering={"delivery": Delivery.ONLINE})
    run("far, in Japanese", offering={"language": "Japanese"})
    run("near in time", zone="Europe/Helsinki", country="FI", days=40)
    run("here", zone="Europe/Amsterdam", country="NL", days=80)
    assert closing(amara)[0] == ["here", "near in time", "far and online", "far and soon", "far, in Japanese"]


def test_who_names_no_country_is_near_nothing_that_names_none(amara):
    amara.country, amara.time_zone = "", "Europe/Amsterdam"
    amara.save()
    run("nowhere, far", country="")
    run("somewhere, near", country="FR", zone="Europe/Paris", days=30)
    assert closing(amara)[0] == ["somewhere, near", "nowhere, far"]


def test_what_is_in_time_for_the_year_comes_before_what_is_only_in_time_for_the_period():
    person = factories.certificant(since=anniversary(day(91), -4))
    run("next year, here", days=120, country="NL", zone="Europe/Amsterdam")
    run("this year, far")
    assert closing(person)[0] == ["this year, far", "next year, here"]
    hold(person, "5")
    assert closing(person)[0] == ["next year, here", "this year, far"]


def test_only_what_a_member_can_attend_and_be_credited_for_is_named(amara):
    run("cancelled", offering={}).offering.occurrences.update(cancelled_at="2026-01-01T00:00Z")
    run("over", days=-1)
    run("not pre-approved", offering={"credits": None, "minutes": 0})
    run("teaching", offering={"category": Activity.INSTRUCTION})
    run("outside its approval")
    Offering.objects.filter(title="outside its approval").update(valid_to=day(10))
    factories.offering(title="without a date")
    factories.offering(title="on demand", delivery=Delivery.ON_DEMAND)
    run("good")
    assert closing(amara) == (["good"], ["on demand"])


def test_each_says_what_it_would_bring_this_person(client, ruth, committee, amara):
    """R-DUP and R-CAP: what is counted already brings nothing and is not named; the rest says where one would be."""
    hold(amara, "4.5")
    hold(amara, "39", days=-700)
    field = run("Field school", offering={"credits": D(4), "minutes": 240})
    words = words_of(client, amara)
    assert (
        "With this one: 8.5 of 5 this year, 47.5 of 50 in the period. enough for this year" in words
        and "4 hours = 4." in words
    )
    on_demand = factories.offering(title="Seen already", delivery=Delivery.ON_DEMAND, valid_from=day(-40))
    seen = cecs.answers_about(
        cecs.stands(on_demand), factories.occurrence(on_demand, days=-20), cecs.whole(on_demand, []), day=day(-20)
    )
    code = cecs.as_written(seen, event=None).code
    assert "Seen already" in words_of(client, amara)
    hold(amara, "6", code_key=code)
    assert "Seen already" not in words_of(client, amara)
    assert "With this one: 53.5 of 50 in the period. enough by itself" in words_of(client, amara)
    assert field.offering.title in closing(amara)[0]


def test_a_listed_date_is_added_by_one_button_and_claimed_by_its_code(client, amara):
    """Two listed courses close the gap: each is weighed beside the other, and leaves the list once it is planned."""
    hold(amara, "4.5")
    hold(amara, "39", days=-700)
    seeds, bogs = (
        run(title, offering={"credits": D(c), "minutes": 60 * c}) for title, c in (("Seeds", 4), ("Bogs", 3))
    )
    client.force_login(amara)
    page = client.get(PLAN)
    assert f'value="run-{seeds.pk}"' in page.content.decode()
    page = client.get(PLAN, {"add": f"run-{seeds.pk}"}, follow=True)
    assert page.redirect_chain == [(f"{PLAN}?listed-0=run-{seeds.pk}#if", 302)]
    assert [one.amount for one in page.context["weighed"]] == [4]
    assert [fit.offering.title for fit in page.context["dated"]] == ["Bogs"]
    assert "2.5 are left to find" in text_of(page)
    page = client.get(PLAN, {**query({"listed": f"run-{seeds.pk}"}), "add": f"run-{bogs.pk}"}, follow=True)
    assert [one.amount for one in page.context["weighed"]] == [4, 3] and page.context["progress"].missing == 0
    assert "With what you plan below, nothing is left to find." in text_of(page)
    assert reverse("claim:code", args=[seeds.offering.code]) in page.content.decode()
    twice = client.get(PLAN, query(*[{"listed": f"run-{seeds.pk}"}] * 2))
    assert [one.amount for one in twice.context["weighed"]] == [4, 0]


def test_what_is_on_demand_is_planned_for_a_day_of_its_approval(client, amara):
    course = factories.offering(title="Webinar", delivery=Delivery.ON_DEMAND, valid_from=day(5))
    client.force_login(amara)
    page = client.get(PLAN, {"add": f"course-{course.pk}:{day(5).isoformat()}"}, follow=True)
    assert [one.amount for one in page.context["weighed"]] == [6]
    again = {"listed": f"course-{course.pk}", "day": day(9).isoformat()}
    twice = client.get(PLAN, query({"listed": f"course-{course.pk}", "day": day(5).isoformat()}, again))
    assert [one.amount for one in twice.context["weighed"]] == [6, 0]
    early = client.get(PLAN, query({"listed": f"course-{course.pk}", "day": day(4).isoformat()}))
    assert early.status_code == 422 and "Its approval holds" in early.context["summary"][0][1]
    assert "is missing in row 1" in client.get(PLAN, query({"listed": f"course-{course.pk}"})).context["summary"][0][1]


def test_an_offering_without_minutes_is_worth_what_it_was_approved_for(amara):
    """What was brought in from an older list has its credits alone, at the rate of its category."""
    one = run("Older list", offering={"minutes": 0, "credits": D("2.5"), "category": Activity.CONFERENCE})
    assert amounts(amara, Planned(0, Activity.CONFERENCE, one.last_day, run=one)) == [D("2.5")]


def test_zones_are_near_by_their_clocks_not_by_their_names():
    assert {"Europe/Athens", "Africa/Lagos"} <= zones_near("Europe/Amsterdam", date(2027, 1, 15))
    assert {"America/New_York", "Asia/Tokyo"}.isdisjoint(zones_near("Europe/Amsterdam", date(2027, 1, 15)))
    # A year has days on which clocks of one continent are further apart than on others.
    assert "Africa/Abidjan" in zones_near("Europe/Amsterdam", date(2027, 7, 15))
    assert "Africa/Abidjan" not in zones_near("Europe/Helsinki", date(2027, 7, 15))
