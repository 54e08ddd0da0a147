"""The coordinator’s figures: every number by hand, in the table, in the picture and in the file."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from journals import services as journals
from journals.models import Entry
from preapprovals.services import roster_taking
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.certifications.rules import RENEWAL_OPENS, anniversary
from serportal.certifications.states import Level
from serportal.home.figures import asking
from serportal.home.figures.certified import latest_periods, state_on
from serportal.home.figures.pages import PAGES
from serportal.home.figures.quarters import Quarter, between
from serportal.home.figures.tables import Bar, Figure, told
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 17, 16, tzinfo=UTC)
TODAY = date(2026, 11, 17)
D = Decimal


@pytest.fixture(autouse=True)
def _one_moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


def figures(user, page: str, **given) -> dict[str, Figure]:
    one = next(one for one in PAGES if one.key == page)
    return {figure.key: figure for figure in one.figures(user, asking.read(given, one.heeds, programme_day()))}


def table(figure: Figure) -> dict[str, list]:
    return {row[0]: list(row[1:]) for row in figure.rows}


def sums(figure: Figure) -> list:
    return list(figure.total[1:])


# What is asked for ---------------------------------------------------------------------------------------------------
def test_quarters_follow_each_other_across_years():
    assert [str(one) for one in between(Quarter(2025, 3), Quarter(2026, 2))] == ["2025-3", "2025-4", "2026-1", "2026-2"]
    assert (Quarter(2024, 1).first, Quarter(2024, 1).last) == (date(2024, 1, 1), date(2024, 3, 31))
    assert (Quarter(2024, 4).first, Quarter(2024, 4).last) == (date(2024, 10, 1), date(2024, 12, 31))
    assert {Quarter.of(date(2026, month, 1)).number for month in (7, 8, 9)} == {3}
    assert Quarter(2026, 3).begins(programme_zone()) == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert Quarter(2026, 1).after(-5) == Quarter(2024, 4)


USUAL = ("2025-1", "2026-4")


@pytest.mark.parametrize(
    ("given", "span", "wrong"),
    [
        ({}, USUAL, ""),
        ({"from": "2026-2", "to": "2026-3"}, ("2026-2", "2026-3"), ""),
        ({"from": "2026-3"}, ("2026-3", "2026-4"), ""),
        ({"to": "2020-1"}, ("2018-2", "2020-1"), ""),
        ({"from": "2022-1", "to": "2026-4"}, ("2022-1", "2026-4"), ""),
        ({"from": "2021-4", "to": "2026-4"}, USUAL, "At most 20 quarters"),
        ({"from": "2026-3", "to": "2026-2"}, USUAL, "Q3 2026 comes after Q2 2026."),
        ({"from": "2026-5"}, USUAL, "“2026-5” is no quarter."),
        ({"to": "yesterday"}, USUAL, "“yesterday” is no quarter."),
        ({"from": "٢٠٢٦-3"}, USUAL, "is no quarter."),
        ({"to": "2027-1"}, USUAL, "Quarters after Q4 2026 have not begun."),
        ({"from": "2099-4"}, USUAL, "Quarters after Q4 2026 have not begun."),
        ({"to": "2000-2"}, ("2000-1", "2000-2"), ""),
        ({"to": "2999-4"}, USUAL, "“2999-4” is no quarter."),
        ({"from": "0000-1"}, USUAL, "is no quarter."),
        ({"level": "CERPIT", "country": "NL"}, USUAL, ""),
        ({"level": "CERPX"}, USUAL, "“CERPX” is not on the list"),
        ({"country": "' OR 1=1"}, USUAL, "“' OR 1=1” is not on the list"),
    ],
)
def test_an_address_is_heeded_or_a_sentence_says_why_not(client, ruth, given, span, wrong):
    asked = asking.read(given, (asking.TIME, asking.LEVEL, asking.COUNTRY), TODAY)
    assert (str(asked.first), str(asked.last)) == span
    assert [wrong in sentence for sentence in asked.wrong] == [True] * bool(wrong)
    client.force_login(ruth)
    page = client.get("/admin/figures/credits/", given)
    assert page.status_code == 200 and page.content.decode().count('class="errornote"') == len(asked.wrong)
    file = client.get("/admin/figures/credits/earned.csv", given)
    assert file.status_code == (302 if wrong else 200)
    if wrong:
        assert file["Location"].startswith("/admin/figures/credits/?")


# Certificants --------------------------------------------------------------------------------------------------------
def test_certificants_by_state_level_and_country(ruth):
    """R-PER-6: each person once, by the last period."""
    ends = {"renewal": TODAY + RENEWAL_OPENS - timedelta(days=1), "active": TODAY + RENEWAL_OPENS}
    ends |= {"today": TODAY, "grace": TODAY - timedelta(days=1)}
    for end in ends.values():
        factories.certificant(since=anniversary(end + timedelta(days=1), -5), country="NL")
    factories.certificant(country="")
    factories.certificant(level=Level.CERPIT, country="KE")
    retired, revoked = (factories.certificant(level=Level.CERPIT, country="KE") for _ in range(2))
    upgraded = factories.certificant(level=Level.CERPIT, country="KE", since=TODAY - timedelta(days=60))
    certifications.upgrade(person=upgraded, on=TODAY)
    certifications.retire(certification_id=retired.certifications.get().pk, reason="Enough.", by=ruth)
    certifications.revoke(certification_id=revoked.certifications.get().pk, reason="Fraud.", by=ruth)
    again = factories.certificant(since=date(2015, 1, 1), country="NL")
    factories.certificant(since=date(2015, 1, 1), country="NL")
    certifications.certify(person=again, level=Level.CERP, on=TODAY - timedelta(days=5))
    found = figures(ruth, "people")
    assert table(found["certificants"]) == {
        "Valid": [4, 1, 5],
        "Valid, renewal due": [2, 0, 2],
        "Renewal pending": [1, 0, 1],
        "Lapsed": [1, 0, 1],
        "Retired": [0, 1, 1],
        "Revoked": [0, 1, 1],
    }
    assert sums(found["certificants"]) == [8, 3, 11]
    assert table(found["countries"]) == {"Netherlands": [5, 0, 5], "Kenya": [1, 1, 2], "not given": [1, 0, 1]}
    assert list(table(found["countries"])) == ["Netherlands", "Kenya", "not given"]
    assert sums(figures(ruth, "people", level="CERPIT")["certificants"]) == [0, 3, 3]
    assert table(figures(ruth, "people", country="KE")["countries"]) == {"Kenya": [1, 1, 2]}
    assert sorted(one.value for one in found["countries"].bars) == [1, 2, 5]
    told_one_by_one = {one.person_id: one.state_on(TODAY) for one in Certification.objects.with_period()}
    in_sql = latest_periods().values_list("person", state_on(TODAY))
    later = {again.pk, upgraded.pk}
    assert {(pk, state) for pk, state in in_sql if pk not in later} == {
        (pk, state) for pk, state in told_one_by_one.items() if pk not in later
    }


def test_renewals_of_this_quarter_and_the_next_four(ruth):
    """R-PER-6: what ends from today to the end of next year, but what is renewed, ended or over."""
    last_days = [TODAY, date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    for day in [*last_days, TODAY - timedelta(days=1)]:
        factories.certificant(since=anniversary(day + timedelta(days=1), -5))
    factories.certificant(since=anniversary(date(2027, 2, 3), -5), level=Level.CERPIT)
    renewed = factories.certificant(since=anniversary(date(2027, 2, 3), -5))
    certifications.renew(period_id=renewed.periods.get().pk, by=ruth)
    gone = factories.certificant(since=anniversary(date(2027, 2, 3), -5))
    certifications.retire(certification_id=gone.certifications.get().pk, reason="Enough.", by=ruth)
    assert table(figures(ruth, "people")["renewals"]) == {
        "Q4 2026": [2, 0, 2],
        "Q1 2027": [1, 1, 2],
        "Q2 2027": [0, 0, 0],
        "Q3 2027": [0, 0, 0],
        "Q4 2027": [1, 0, 1],
    }


def test_arrangements_open_in_force_and_agreed(ruth):
    """R-PER-3; R-REV-5: one that is hidden is in no number."""
    since = TODAY - timedelta(days=800)
    one, two, three = (factories.certificant(since=since) for _ in range(3))
    factories.arranged(ruth, one, year="1", credits="3")
    factories.arranged(ruth, one, year="1", credits="2")
    factories.arranged(ruth, two, shape="make-up", year="1", day=TODAY.isoformat())
    factories.arrangement(three, year="2", credits="0")
    hidden = factories.arranged(ruth, three, year="1", credits="1")
    found = figures(ruth, "people")["arrangements"]
    assert table(found) == {
        "a lower minimum for one year": [1, 2, 3],
        "credits made up after the year": [0, 1, 1],
        "a longer period": [0, 0, 0],
    }
    xenia = factories.coordinator()
    hidden.conflicts.create(member=xenia, declared_at=timezone.now())
    assert sums(figures(xenia, "people")["arrangements"]) == [1, 2, 3]
    assert sums(figures(xenia, "people", level="CERPIT")["arrangements"]) == [0, 0, 0]


# Credits -------------------------------------------------------------------------------------------------------------
def test_credits_by_category_and_quarter(ruth):
    """R-CAT, R-UPL: earned by the day of the activity, uploaded by the day of the run; corrections are taken off."""
    amara = factories.certificant(since=date(2024, 1, 1), country="NG")
    trainee = factories.certificant(since=date(2024, 1, 1), level=Level.CERPIT, country="NL")

    def earn(person, credits, day, activity="training"):
        early = datetime(2026, 6, 1, tzinfo=UTC)
        return factories.imported(person, credits=credits, earned_on=day, activity=activity, approved_at=early)

    taken_back = earn(amara, "4", date(2026, 6, 30))
    earn(amara, "2.25", date(2026, 7, 1), "paper")
    earn(trainee, "3", date(2026, 9, 30), "course")
    # In the programme’s zone this run is of the second quarter.
    with time_machine.travel(datetime(2026, 7, 1, 3, 59, tzinfo=UTC), tick=False):
        journals.post_upload(journals.prepare_upload(key="one", due_on=TODAY))
    earn(trainee, "1.5", date(2026, 10, 1))
    journals.post_upload(journals.prepare_upload(key="two", due_on=TODAY))
    journals.reverse(taken_back.pk, reason="Entered twice.", by=ruth)
    earn(amara, "1", date(2026, 1, 1), "volunteering")
    asked = {"from": "2026-2", "to": "2026-4"}
    found = figures(ruth, "credits", **asked)
    nothing = D(0)
    assert table(found["earned"]) == {
        "Q2 2026": [nothing] * 8,
        "Q3 2026": [D(3), nothing, nothing, nothing, D("2.25"), nothing, nothing, D("5.25")],
        "Q4 2026": [nothing, D("1.5"), *[nothing] * 5, D("1.5")],
    }
    assert table(found["uploaded"]) == {
        "Q2 2026": [D(3), D(4), nothing, nothing, D("2.25"), nothing, nothing, D("9.25")],
        "Q3 2026": [nothing] * 8,
        "Q4 2026": [nothing, D("1.5"), *[nothing] * 5, D("1.5")],
    }
    assert [row[2] for row in found["categories"].rows] == [
        D(3),
        D("1.5"),
        nothing,
        nothing,
        D("2.25"),
        nothing,
        nothing,
    ]
    assert sums(found["earned"])[-1] == found["categories"].total[2] == D("6.75")
    journals.post_upload(journals.prepare_upload(key="three", due_on=TODAY))
    assert table(figures(ruth, "credits", **asked)["uploaded"])["Q4 2026"][-1] == D("1.5") - 4 + 1
    assert sums(figures(ruth, "credits", **asked, level="CERPIT")["earned"])[-1] == D("4.5")
    assert sums(figures(ruth, "credits", **asked, country="NG")["earned"])[-1] == D("2.25")


def test_credits_of_a_hidden_claim_are_in_no_sum(ruth, committee):
    """R-REV-5, its correction included."""
    case = factories.decided(ruth, committee)
    xenia = factories.coordinator()
    assert sums(figures(xenia, "credits")["earned"])[-1] == D(10)
    case.conflicts.create(member=xenia, declared_at=timezone.now())
    for _step in range(2):
        journals.post_upload(journals.prepare_upload(key=f"run {_step}", due_on=TODAY))
        assert [sums(figures(xenia, "credits")[key])[-1] for key in ("earned", "uploaded")] == [0, 0]
        journals.reverse(Entry.objects.get(decision__case=case).pk, reason="Entered twice.", by=ruth)


# Waiting -------------------------------------------------------------------------------------------------------------
def took(ruth, committee, days: int, *, at: datetime = MOMENT, kind: str = "cec", due: int = 28) -> ReviewCase:
    """A case that was decided at ``at``, ``days`` after its clock began, with a letter promised for day ``due``."""
    with time_machine.travel(at, tick=False):
        case = factories.decided(ruth, committee)
    began = programme_day(at) - timedelta(days=days)
    columns = {"filed_on": began, "clock_on": began, "due_on": began + timedelta(days=due)}
    ReviewCase.objects.filter(pk=case.pk).update(kind=kind, **columns)
    return case


def test_days_to_the_decision_of_claims(ruth, committee):
    """R-REV-1: half of the letters took at most the median, nine of ten the next; day 28 is in time, day 29 is not."""
    summer = datetime(2026, 8, 3, 16, tzinfo=UTC)
    for days in (0, 10, 28, 29):
        took(ruth, committee, days, at=summer)
    # In the programme’s zone this one is of September, and its ninth day.
    took(ruth, committee, 9, at=datetime(2026, 10, 1, 3, 59, tzinfo=UTC))
    reviews.withdraw(factories.claim().pk, by=ReviewCase.objects.latest("pk").filed_by)
    reopened = took(ruth, committee, 20)
    reviews.reopen(reopened.pk, reason="New proof.", by=ruth)
    took(ruth, committee, 40)
    figure = figures(ruth, "waiting", **{"from": "2026-2", "to": "2026-4"})["waiting-cec"]
    assert table(figure) == {
        "Q2 2026": [0, None, None, None, None],
        "Q3 2026": [5, 10.0, 28.6, "80 %", 0.0],
        "Q4 2026": [1, 40.0, 40.0, "0 %", 0.0],
    }
    assert sums(figure) == [6, 19.0, 34.5, "67 %", 0.0]
    assert figure.shown[0] == ["Q2 2026", "0", "–", "–", "–", "–"]
    assert figure.line[0] == 28 and [round(bar.value + bar.more, 1) for bar in figure.bars] == [0, 28.6, 40]


def test_each_kind_is_measured_against_its_own_promise(ruth, committee):
    """R-REV-2: 42 days; R-APP-2: the day of the window, whatever a letter put off (R-REV-3)."""
    took(ruth, committee, 42, kind="preapproval")
    took(ruth, committee, 43, kind="preapproval")
    took(ruth, committee, 61, kind="application", due=61)
    late = took(ruth, committee, 62, kind="application", due=62)
    late.extensions.create(
        from_due=TODAY - timedelta(days=1), to_due=TODAY, reason="Holidays.", at=MOMENT - timedelta(days=3), by=ruth
    )
    took(ruth, committee, 28, kind="arrangement")
    found = figures(ruth, "waiting")
    assert list(found) == ["waiting-cec", "waiting-application", "waiting-preapproval", "waiting-arrangement"]
    assert {key: sums(one)[:1] + sums(one)[3:4] for key, one in found.items()} == {
        "waiting-cec": [0, None],
        "waiting-application": [2, "50 %"],
        "waiting-preapproval": [2, "50 %"],
        "waiting-arrangement": [1, "100 %"],
    }


def test_days_with_the_submitter_run_on_and_are_told_beside(ruth, committee):
    """R-REV-8."""
    case = factories.claim()
    reviews.ask(case.pk, parts=["proof"], question="Where?", by=ruth, at=MOMENT - timedelta(days=9))
    reviews.retract(case.pk, by=ruth, at=MOMENT - timedelta(days=3))
    reviews.screen(case.pk, by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in committee], by=ruth)
    for one in committee:
        factories.vote(case, one)
    factories.settled(case, committee)
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)
    began = TODAY - timedelta(days=10)
    ReviewCase.objects.filter(pk=case.pk).update(filed_on=began, clock_on=began)
    took(ruth, committee, 10)
    assert sums(figures(ruth, "waiting")["waiting-cec"]) == [2, 10.0, 10.0, "100 %", 3.0]
    ReviewCase.objects.filter(pk=case.pk).update(clock_on=TODAY - timedelta(days=5))
    assert sums(figures(ruth, "waiting")["waiting-cec"])[-1] == 0


def test_the_answer_to_an_offer_is_no_decision_of_ours(ruth, committee):
    """R-APP-9: its time is the applicant’s."""
    case = took(ruth, committee, 5, kind="application", due=60)
    assert sums(figures(ruth, "waiting")["waiting-application"])[0] == 1
    ReviewCase.objects.filter(pk=case.pk).update(decided_at=MOMENT + timedelta(minutes=5))
    assert sums(figures(ruth, "waiting")["waiting-application"])[0] == 0


def test_hidden_decisions_are_in_no_number(ruth, committee):
    """R-REV-5."""
    case = took(ruth, committee, 40)
    took(ruth, committee, 2)
    xenia = factories.coordinator()
    case.conflicts.create(member=xenia, declared_at=timezone.now())
    assert sums(figures(xenia, "waiting")["waiting-cec"]) == [1, 2.0, 2.0, "100 %", 0.0]
    assert sums(figures(ruth, "waiting")["waiting-cec"])[0] == 2


# Courses -------------------------------------------------------------------------------------------------------------
def test_courses_and_lists_by_quarter(ruth):
    """R-SPO-3, R-SPO-4: what is only listed, only looked at or undone is not counted; nor what is hidden (R-REV-5)."""
    own = factories.sponsor()
    with time_machine.travel(datetime(2026, 10, 1, 3, 59, tzinfo=UTC), tick=False):
        early = factories.offering(own)
    factories.offering(own, credits=None, title="Only listed")
    run, by = factories.occurrence(early), own.contacts.get().person
    given = [factories.roster(run, f"{name},{name}@marsh.example,6", ",,6") for name in ("Li", "Bo", "Amara")]
    for one in given[:2]:
        roster_taking.take_in(roster_id=one.pk, told=True, by=by)
    roster_taking.undo(roster_id=given[1].pk, by=by)
    found = figures(ruth, "courses", **{"from": "2026-3", "to": "2026-4"})["courses"]
    assert table(found) == {"Q3 2026": [1, 0, 0], "Q4 2026": [0, 1, 1]}
    assert found.note.startswith("One pre-approval holds today.")
    contact = factories.coordinator()
    factories.contact(own, contact.email, "manager", contact)
    assert sums(figures(contact, "courses")["courses"]) == [0, 0, 0]


# Pages, pictures and files -------------------------------------------------------------------------------------------
def test_a_picture_writes_its_bars_in_percent_of_the_longest_or_the_promise():
    figure = Figure("a", "A", "", [], [], bars=[Bar("x", 10, 4), Bar("y", D("-1")), Bar("z", 7)], line=(28, "promised"))
    drawn = figure.drawn
    assert [(bar["width"], bar["more"], bar["told"]) for bar in drawn["bars"]] == [
        ("35.71%", "14.29%", "10"),
        ("0.00%", "", "−1"),
        ("25.00%", "", "7"),
    ]
    assert (drawn["line"], drawn["base"]) == ("100.00%", 126)
    assert Figure("a", "A", "", [], [], bars=[Bar("x", 0)], line=(28, "promised")).drawn is None
    assert [told(cell) for cell in (None, D("2.50"), 3, 28.6, "80 %", D("-1.5"))] == [
        "–",
        "2.5",
        "3",
        "28.6",
        "80 %",
        "−1.5",
    ]


@pytest.mark.parametrize("key", [one.key for one in PAGES])
def test_an_empty_portal_has_every_page(client, ruth, key):
    client.force_login(ruth)
    page = client.get(f"/admin/figures/{key}/").content.decode()
    assert "Nothing to draw yet." in page or "Nobody: everyone" in page
    assert "style=" not in page.split("<main", 1)[-1]


def files() -> list[tuple[str, str]]:
    ruth = factories.coordinator()
    return [(one.key, figure) for one in PAGES if one.figures for figure in figures(ruth, one.key)]


def test_every_figure_has_a_file_with_the_rows_of_its_table(client, ruth, committee):
    factories.decided(ruth, committee)
    client.force_login(ruth)
    for page, key in files():
        figure = figures(ruth, page)[key]
        address = f"/admin/figures/{page}/{key}.csv"
        assert f'href="{key}.csv' in client.get(f"/admin/figures/{page}/").content.decode()
        answer = client.get(address)
        assert answer["Content-Disposition"] == f'attachment; filename="{key}-2026-11-17.csv"'
        heads, *lines = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        assert heads == list(figure.columns) and len(lines) == len(figure.rows) + 1
        assert [line[0] for line in lines] == [*table(figure), "All"]
    assert client.get("/admin/figures/people/nothing.csv").status_code == 404
    assert client.get("/admin/figures/short/people.csv").status_code == 404


def test_the_file_holds_what_the_page_shows(client, ruth):
    factories.imported(factories.certificant(since=date(2026, 1, 1)), credits="2.5", earned_on=date(2026, 9, 1))
    client.force_login(ruth)
    page = client.get("/admin/figures/credits/?from=2026-3&to=2026-3&level=CERP").content.decode()
    assert 'href="earned.csv?from=2026-3&amp;to=2026-3&amp;level=CERP"' in page
    answer = client.get("/admin/figures/credits/earned.csv?from=2026-3&to=2026-3&level=CERP")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1:] == ["Q3 2026,0,2.5,0,0,0,0,0,2.5", "All,0,2.5,0,0,0,0,0,2.5"]


def test_the_front_page_leads_to_them_and_the_first_address_to_the_first(client, ruth):
    client.force_login(ruth)
    page = client.get("/admin/").content.decode()
    assert 'href="/admin/figures/"' in page and 'href="/admin/figures/short/"' in page
    assert client.get("/admin/figures/")["Location"] == "/admin/figures/people/"


def test_whoever_may_not_read_cases_reads_no_figures(client):
    clerk = factories.PersonFactory(is_staff=True)
    client.force_login(clerk)
    for one in PAGES:
        assert client.get(f"/admin/figures/{one.key}/").status_code == 403
    assert client.get("/admin/figures/people/certificants.csv").status_code == 403
