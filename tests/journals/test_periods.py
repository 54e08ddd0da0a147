"""SPEC 2.2 by table: what a period and each of its years need, what counts where, and what a short year does.

Where each rule is proved:

R-PER-1   here (five years from the last of three acts); certifications/test_rules, test_renewing, test_services
R-PER-2   here (50 and 5); certifications/test_rules (every start of a century, 29 February); test_histories
R-PER-3   test_arrangement_rules, test_arrangements, test_arrangement_pages; test_races, test_history_machine
R-PER-4   here (surplus, no carry-over, uploaded or not, nothing revoked); certifications/test_renewing (undecided)
R-PER-5   here (a CERPIT renews, an upgrade counts anew); certifications/test_services, test_pages (stays visible)
R-PER-6   certifications/test_renewing, test_directory (still listed), cecs (late claims); test_races (no day lost)
R-PER-7   the tests of the renewal
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from journals import services
from journals.standing import journal_of, lines_of, told
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification, Period
from serportal.certifications.rules import anniversary, last_day, year_of
from serportal.certifications.states import Level, PeriodStart, Standing
from serportal.home.invariants import broken
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


def years_ago(years: int, days: int = 0) -> date:
    return anniversary(programme_day(), -years) - timedelta(days=days)


# In the third year of a period: (what, [(year, credits)], sum, missing of 50, years that are over and short)
NEEDED = [
    ("nothing yet", [], 0, 50, [1, 2]),
    ("five in each year so far", [(1, "5"), (2, "5")], 10, 40, []),
    ("a quarter of a credit short", [(1, "4.75"), (2, "5")], "9.75", "40.25", [1]),
    ("surplus counts to the 50 and to no other year", [(1, "20"), (2, "4")], 24, 26, [2]),
    ("fifty in one year leave the others short", [(1, "50")], 50, 0, [2]),
    ("more than fifty miss nothing", [(1, "40"), (2, "20")], 60, 0, []),
    ("the year that runs is not short before it ends", [(1, "5"), (2, "5"), (3, "0.25")], "10.25", "39.75", []),
    ("many lines of one year are one sum", [(1, "2.5"), (1, "2.25"), (1, "0.25"), (2, "5")], 10, 40, []),
]


@pytest.mark.parametrize("uploaded", [True, False], ids=["uploaded", "waiting"])
@pytest.mark.parametrize(("what", "lines", "total", "missing", "short"), NEEDED, ids=[row[0] for row in NEEDED])
def test_r_per_2_and_4_what_a_period_needs(what, lines, total, missing, short, uploaded):
    """At least 50 and at least 5 in each year; approved credits count, uploaded or not; no short year revokes."""
    person = factories.certificant(since=years_ago(2, 30))
    period = person.periods.get()
    for number, (year, credits) in enumerate(lines):
        first = period.years()[year - 1].first
        factories.imported(person, credits=credits, earned_on=first + timedelta(days=number))
    if uploaded:
        services.post_upload(services.prepare_upload(key="run", due_on=programme_day()))
    found = journal_of(person, programme_day())
    assert (found.progress.total, found.progress.missing) == (D(total), D(missing))
    assert [one.year.number for one in found.short_years] == short
    assert (found.progress.uploaded, found.progress.waiting) == ((D(total), 0) if uploaded else (0, D(total)))
    assert (found.standing, found.this_year.year.number) == (Standing.ACTIVE, 3)
    assert Certification.objects.get(person=person).ended_as == ""


BORDERS = [
    ("the first day of the period", 0, 0, 1),
    ("the last day of a year", 1, -1, 1),
    ("the first day of the next", 1, 0, 2),
    ("the last day of the second year", 2, -1, 2),
    ("the anniversary", 2, 0, 3),
]


@pytest.mark.parametrize("start", [date(2020, 2, 29), date(2021, 3, 1), date(2021, 3, 15), date(2022, 1, 1)])
@pytest.mark.parametrize(("what", "years", "days", "year"), BORDERS, ids=[row[0] for row in BORDERS])
def test_r_per_2_a_line_counts_in_the_year_that_holds_its_day(start, what, years, days, year):
    """Always counted from the start: a period from 29 February has years from 28 February, and from 29 in 2024."""
    person = factories.certificant(since=start)
    day = anniversary(start, years) + timedelta(days=days)
    factories.imported(person, credits="3", earned_on=day)
    period = person.periods.get()
    found = told(period, lines_of(period), day, in_review=[]).progress
    assert [one.year.number for one in found.years if one.total] == [year] == [period.year_of(day).number]


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2024, 2, 28), 4), (date(2024, 2, 29), 5), (date(2025, 2, 27), 5), (date(2025, 2, 28), None)],
)
def test_r_per_2_around_29_february(day, number):
    start = date(2020, 2, 29)
    found = year_of(day, start, last_day(start))
    assert (found and found.number) == number


def test_r_per_1_five_years_from_the_last_of_certified_recertified_and_upgraded():
    """And R-PER-5: a CERPIT may recertify; an upgrade begins anew from its day."""
    ruth = factories.coordinator()
    since = years_ago(5, 20)
    diego = factories.certificant(level=Level.CERPIT, since=since)
    first = diego.periods.get()
    assert (first.starts_on, first.ends_on) == (since, last_day(since))
    second = certifications.renew(period_id=first.pk, by=ruth)
    assert second.certification.level == Level.CERPIT
    assert (second.starts_on, second.ends_on) == (last_day(since) + timedelta(days=1), last_day(second.starts_on))
    third = certifications.upgrade(person=diego, on=programme_day(), by=ruth)
    assert (third.starts_on, third.ends_on) == (programme_day(), last_day(programme_day()))
    second.refresh_from_db()
    assert second.ends_on == programme_day() - timedelta(days=1)


def test_r_per_6_no_day_lies_in_two_periods_of_a_person():
    """Periods that touch are two; the database refuses those that share a day, whatever wrote them."""
    amara = factories.certificant(since=years_ago(4))
    old, day = amara.periods.get(), timedelta(days=1)
    given = {"certification": old.certification, "person": amara, "began_as": PeriodStart.RECERTIFIED}
    before, after = old.starts_on - day, old.ends_on + day
    for first, last in [(before - 9 * day, before + day), (after - day, after + 9 * day), (before, after)]:
        with pytest.raises(IntegrityError, match="period_one_at_a_time"), transaction.atomic():
            Period.objects.create(starts_on=first, ends_on=last, **given)
    for first, last in [(before - 9 * day, before), (after, after + 9 * day)]:
        Period.objects.create(starts_on=first, ends_on=last, **given)
    assert amara.periods.count() == 3


def test_r_per_4_nothing_is_carried_over_into_the_next_period(client):
    """Surplus of the old period stays there, and stays to be seen; the new one needs its own 50."""
    amara = factories.certificant(since=years_ago(5, 20))
    old = amara.periods.get()
    for year in old.years():
        factories.imported(amara, credits="18", earned_on=year.last)
    new = certifications.renew(period_id=old.pk, by=factories.coordinator())
    factories.imported(amara, credits="2", period=new, earned_on=new.starts_on)
    found = journal_of(amara, programme_day())
    assert found.period == new and (found.progress.total, found.progress.missing) == (2, 48)
    assert [one.total for one in found.progress.years] == [2, 0, 0, 0, 0]
    before = told(old, lines_of(old), programme_day(), in_review=[]).progress
    assert (before.total, [one.total for one in before.years]) == (90, [18] * 5)
    client.force_login(amara)
    assert "2 of 50" in text_of(client.get("/journal/"))
    assert "90 credits in this period." in text_of(client.get("/journal/", {"period": old.starts_on.isoformat()}))


def test_r_per_5_an_upgrade_starts_a_period_in_which_earlier_entries_do_not_count(client):
    diego = factories.certificant(level=Level.CERPIT, since=years_ago(2))
    factories.imported(diego, credits="30", description="Years as a trainee")
    certifications.upgrade(person=diego, on=programme_day())
    found = journal_of(diego, programme_day())
    assert (found.period.certification.level, found.progress.total, found.short_years) == (Level.CERP, 0, [])
    client.force_login(diego)
    old = diego.periods.earliest("starts_on")
    assert "Years as a trainee" in text_of(client.get("/journal/", {"period": old.starts_on.isoformat()}))
