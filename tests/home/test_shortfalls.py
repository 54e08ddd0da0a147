"""Who will fall short: the database’s own sums find exactly those whom the rules find (R-PER-2, R-PER-3, R-PER-4)."""

import csv
import io
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from journals import services as journals
from journals.models import Arrangement, Entry
from journals.standing import journal_of
from journals.states import Shape
from serportal.accounts.models import User
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.certifications.rules import anniversary
from serportal.certifications.states import Level
from serportal.files.models import Folder
from serportal.home.figures.asking import read
from serportal.home.figures.shortfalls import Shortfalls
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
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


def listed(user, today: date = TODAY, **given):
    """Return what the list says, by the name of the member."""
    found = Shortfalls(user, read(given, ("level", "country"), today))
    return {one.period.person.name: one for one in found.every()}


def certified(name: str, start: date, *earned: tuple[date, str], level=Level.CERP, **fields) -> User:
    person = factories.certificant(since=start, level=level, name=name, **fields)
    for day, credits in earned:
        factories.imported(person, credits=credits, earned_on=day)
    return person


def every_year(start: date, credits: str = "10", years: int = 5) -> list[tuple[date, str]]:
    """So many credits on the first day of each year of a period."""
    return [(anniversary(start, n), credits) for n in range(years)]


# A year that ends on the 90th day from today, and a period that ends on the 180th.
YEAR = TODAY + timedelta(days=91)
PERIOD = TODAY + timedelta(days=181)


@pytest.mark.parametrize(
    ("start", "earned", "short"),
    [
        (anniversary(YEAR, -2), [], [2]),  # R-PER-2: the year that ends soon
        (anniversary(YEAR, -2), [(anniversary(YEAR, -1), "4.75")], [2]),
        (anniversary(YEAR, -2), [(anniversary(YEAR, -1), "5")], []),
        (anniversary(YEAR, -2), [(anniversary(YEAR, -2), "9")], [2]),  # surplus of another year is no help (R-PER-4)
        (anniversary(YEAR + timedelta(days=1), -2), [], []),  # the 91st day
        (anniversary(PERIOD, -5), every_year(anniversary(PERIOD, -5)), []),
        (anniversary(PERIOD, -5), every_year(anniversary(PERIOD, -5), "9.75"), ["period"]),
        (anniversary(PERIOD, -5), every_year(anniversary(PERIOD, -5), "25", 2), [3, 4, 5]),
        (anniversary(PERIOD, -5), [], [1, 2, 3, 4, 5, "period"]),
        (anniversary(PERIOD + timedelta(days=1), -5), [], []),  # the 181st day
        (anniversary(TODAY + timedelta(days=1), -5), [], [1, 2, 3, 4, 5, "period"]),  # its last day is today
    ],
)
def test_who_is_short_of_what(ruth, start, earned, short):
    certified("Amara", start, *earned)
    found = listed(ruth).get("Amara")
    lacks = [year.year.number for year in found.years] + ["period"] * bool(found.missing) if found else []
    assert lacks == short


def test_whoever_ended_lapsed_renewed_or_left_is_not_on_it(ruth):
    start = anniversary(PERIOD, -5)
    certified("Short", start)
    retired, gone = (certified(name, start) for name in ("Retired", "Gone"))
    renewed = certified("Renewed", start - timedelta(days=1))
    certified("Lapsed", date(2015, 3, 1))
    certified("In grace", anniversary(TODAY, -5) - timedelta(days=10))
    certifications.retire(certification_id=retired.certifications.get().pk, reason="Moved on.", by=ruth)
    certifications.renew(period_id=renewed.periods.get().pk, by=ruth)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert set(listed(ruth)) == {"Short"}


def test_arrangements_are_heeded(ruth):
    """R-PER-3: a lower minimum, credits made up, a longer period."""
    start = anniversary(PERIOD, -5)
    most = every_year(start, "12")
    lower, making_up, longer, plain = (
        certified(name, start, *(most[:1] + most[2:]), (start, "8")) for name in ("Lower", "Up", "Longer", "Plain")
    )
    factories.arranged(ruth, lower, year="2", credits="0")
    factories.arranged(ruth, making_up, shape="make-up", year="2", day=TODAY.isoformat())
    factories.arranged(ruth, longer, shape="extension", year="", ends=(PERIOD + timedelta(days=90)).isoformat())
    assert plain.periods.get().ends_on == PERIOD - timedelta(days=1)
    assert set(listed(ruth)) == {"Plain"}
    year = listed(ruth)["Plain"].years[0]
    assert (year.year.number, year.missing, listed(ruth)["Plain"].missing) == (2, D(5), D(0))


def test_claims_in_review_are_told_beside(ruth):
    amara = certified("Amara", anniversary(YEAR, -2))
    factories.claim(amara)
    assert listed(ruth)["Amara"].asked == D(10)


def test_what_is_hidden_counts_for_nothing(ruth):
    """R-REV-5: neither the credits nor the arrangement of a case tell a coordinator with a conflict that it exists."""
    start = anniversary(YEAR, -2)
    committee = [factories.member() for _ in range(3)]
    credited, helped = certified("Credited", start), certified("Helped", start)
    claims = [factories.decided(ruth, committee, owner=credited), factories.claim(credited, title="Dune Days")]
    agreed = factories.arranged(ruth, helped, year="2", credits="0")
    assert set(listed(ruth)) == set()
    xenia = factories.coordinator()
    for case in (*claims, agreed):
        case.conflicts.create(member=xenia, declared_at=timezone.now())
    assert {name: (one.years[0].missing, one.asked) for name, one in listed(xenia).items()} == {
        "Credited": (D(5), D(0)),
        "Helped": (D(5), D(0)),
    }


# A naive model ------------------------------------------------------------------------------------------------------
EDGES = [-366, -181, -1, 0, 1, 2, 89, 90, 91, 92, 179, 180, 181, 182, 250]
DAYS = [TODAY, date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 28), date(2028, 2, 29)]


def random_histories(rng: random.Random, n: int) -> None:
    """Certify ``n`` people with days near every edge, credits anywhere in their period, arrangements of some years."""
    entries = []
    for place in range(n):
        day = rng.choice([TODAY + timedelta(days=rng.choice(EDGES)), date(2024, 2, 29)])
        start = min(TODAY, anniversary(day, -rng.randint(0, 5)))
        person = factories.certificant(since=start, name=f"Member {place}")
        period = person.periods.get()
        for _entry in range(rng.randint(0, 14)):
            year = rng.choice(period.years())
            earned = rng.choice([year.first, year.last, year.first + timedelta(days=rng.randint(0, 364))])
            credits = rng.choice([D("0.25"), D("4.75"), D(5), D(9), D(10), D(25)])
            entries.append((person, period, earned, credits))
        if rng.random() < 0.35:
            arrange(rng, period)
    Entry.objects.bulk_create(
        Entry(
            person=person,
            period=period,
            source="import",
            activity="training",
            description="Field day",
            earned_on=earned,
            credits=credits,
            sentence="Hours.",
            approved_at=timezone.now(),
        )
        for person, period, earned, credits in entries
    )


def arrange(rng: random.Random, period: Period) -> None:
    """Agree on something about one or two years of ``period``, or on a later end."""
    for year in rng.sample(period.years(), 2):
        shape = rng.choice(Shape.values)
        about = {"year": year.number, "agreed_credits": None, "agreed_day": None}
        if shape == Shape.REDUCED:
            about["agreed_credits"] = rng.choice([D(0), D("2.5"), D("4.75")])
        elif shape == Shape.MAKE_UP:
            about["agreed_day"] = year.last + timedelta(days=rng.choice([1, 90, 400]))
        else:
            later = period.ends_on + timedelta(days=rng.choice([1, 90, 181]))
            if Arrangement.objects.filter(period=period, agreed_shape=Shape.EXTENSION).exists():
                continue
            about |= {"year": None, "agreed_day": later, "moved_from": period.ends_on}
            Period.objects.filter(pk=period.pk).update(ends_on=later)
        asked = {"shape": shape, "credits": about["agreed_credits"], "day": about["agreed_day"]}
        case = reviews.file_case(
            kind=kinds()["arrangement"], by=period.person, headline="Ill", folder=Folder.objects.create(), parties=[]
        )
        Arrangement.objects.create(
            case=case, period=period, reason="Ill.", open=False, agreed_shape=shape, **asked, **about
        )


def lacks(one) -> tuple:
    return (
        [(year.year.number, year.total, year.least, year.missing) for year in one.years],
        one.missing,
    )


def by_the_journal(person, today: date) -> tuple | None:
    """Return what the member’s own journal says is missing soon, or None (R-PER-2)."""
    period = person.periods.latest("starts_on")
    held = period.certification
    lapsed = held.lapsed_on is not None and held.lapsed_on <= today
    if lapsed or not period.starts_on <= today <= period.ends_on:
        return None
    progress = journal_of(person, today).progress
    years = []
    if period.ends_on <= today + timedelta(days=180):
        years = [one for one in progress.years if one.total < one.least]
    else:
        now = period.year_of(today)
        if now.last <= today + timedelta(days=90):
            years = [one for one in progress.years if one.year == now and one.total < one.least]
    missing = progress.missing if period.ends_on <= today + timedelta(days=180) else D(0)
    told = [(one.year.number, one.total, one.least, one.missing) for one in years]
    return (told, missing) if told or missing else None


@pytest.mark.parametrize("seed", [2026, 229])
def test_the_database_finds_whom_the_journals_of_members_call_short(ruth, seed):
    """Over random histories with arrangements, around 29 February too, the list is the naive one, number for number."""
    random_histories(random.Random(seed), 90)
    entry = Entry.objects.order_by("-credits").first()
    journals.reverse(entry.pk, reason="Entered twice.", by=ruth)
    people = list(User.objects.filter(periods__isnull=False).order_by("pk"))
    shown = set()
    for today in DAYS:
        wanted = {one.name: told for one in people if (told := by_the_journal(one, today)) is not None}
        assert {name: lacks(one) for name, one in listed(ruth, today).items()} == wanted
        shown |= {bool(missing) for _years, missing in wanted.values()}
        assert 0 < len(wanted) < len(people)
    assert shown == {True, False}


# Its page and its file ----------------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_leads_to_the_person(client, ruth):
    amara = certified("Amara Okafor", anniversary(YEAR, -2), (TODAY - timedelta(days=30), "2.5"), country="NG")
    certified("Bram de Wit", anniversary(PERIOD, -5), *every_year(anniversary(PERIOD, -5), "8"), level=Level.CERPIT)
    client.force_login(ruth)
    page = client.get("/admin/figures/short/").content.decode()
    assert "2 members." in page and page.index("Amara Okafor") < page.index("Bram de Wit")
    assert f'href="/admin/accounts/user/{amara.pk}/everything/">Amara Okafor</a>' in page
    assert "Year 2, to 15\xa0February 2027: 2.5 of 5, 2.5 short." in page
    assert "Period, to 16\xa0May 2027: 40 of 50, 10 short." in page
    assert "Amara Okafor" not in client.get("/admin/figures/short/?level=CERPIT").content.decode()
    assert "Bram de Wit" not in client.get("/admin/figures/short/?country=NG").content.decode()


def test_the_file_has_a_line_for_each_year_and_each_period(client, ruth):
    certified("=Amara Okafor", anniversary(YEAR, -2), (TODAY - timedelta(days=30), "2.5"), email="amara@okafor.example")
    start = anniversary(PERIOD, -5)
    certified("Bram de Wit", start, *every_year(start, "11.5", 4), country="")
    client.force_login(ruth)
    answer = client.get("/admin/figures/short/short.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="short-2026-11-17.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heads, *lines = csv.reader(io.StringIO(text))
    assert heads[5:] == ["What is short", "From", "To", "Has", "Needs", "Short", "In review"]
    amara = ["'=Amara Okafor", "amara@okafor.example", "CERP-0001", "CERP", "Netherlands"]
    bram = ["Bram de Wit", lines[1][1], "CERP-0002", "CERP", ""]
    assert lines == [
        [*amara, "Year 2", "2026-02-16", "2027-02-15", "2.5", "5", "2.5", "0"],
        [*bram, "Year 5", "2026-05-17", "2027-05-16", "0", "5", "5", "0"],
        [*bram, "Period", "2022-05-17", "2027-05-16", "46", "50", "4", "0"],
    ]


def test_it_shows_fifty_at_a_time(client, ruth):
    for n in range(51):
        certified(f"Member {n:02}", anniversary(YEAR, -2))
    client.force_login(ruth)
    first, second = (client.get(f"/admin/figures/short/?p={n}").content.decode() for n in (1, 2))
    assert first.count("everything/") == 50 and "Page 1 of 2" in first and "51 members." in first
    assert second.count("everything/") == 1 and "Member 50" in second
    assert "Member 50" in client.get("/admin/figures/short/?p=99").content.decode()


def test_nobody_is_short(client, ruth):
    client.force_login(ruth)
    assert "Nobody: everyone" in client.get("/admin/figures/short/").content.decode()
