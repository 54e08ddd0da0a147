"""SPEC 5: certificants are reminded of a year that ends short, and of their renewal, with the exact gap (R-PER-4)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from journals.models import Entry
from journals.services.lapsing import keep_periods
from journals.services.reminding import RENEWAL, YEAR, due
from journals.states import Shape
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.certifications.rules import anniversary
from serportal.certifications.states import Level
from serportal.outbox import services as outbox
from serportal.outbox.models import Message, Reminder
from serportal.outbox.states import MessageState
from serportal.ui.words import programme_zone
from tests import factories

pytestmark = pytest.mark.django_db

START = date(2023, 3, 15)
YEAR_ENDS = date(2027, 3, 14)  # the fourth
END = date(2028, 3, 14)


@pytest.fixture(autouse=True)
def _now(time_machine):
    """12:00 Eastern Time, 90 days before the fourth year ends."""
    time_machine.move_to("2026-12-14T17:00:00Z")


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=START)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=programme_zone())


def earned(person, *pairs) -> None:
    """Credits by the certification year whose first weeks brought them."""
    for year, credits in pairs:
        factories.imported(person, credits=credits, earned_on=anniversary(START, year - 1) + timedelta(days=20))


def steps(day: date, purpose: str) -> list[str]:
    return [one.step for one in due(day) if one.purpose == purpose]


@pytest.mark.parametrize(
    ("before", "told"),
    [(91, []), (90, ["90"]), (31, ["90"]), (30, ["90", "30"]), (0, ["90", "30"]), (-1, [])],
)
def test_a_short_year_is_due_90_and_30_days_before_it_ends(amara, before, told):
    earned(amara, (4, "2.5"))
    assert steps(YEAR_ENDS - timedelta(days=before), YEAR) == told


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (180, []),
        (179, ["180"]),
        (61, ["180"]),
        (60, ["180", "60"]),
        (14, ["180", "60", "14"]),
        (0, ["180", "60", "14"]),
        (-1, []),
    ],
)
def test_the_renewal_is_due_when_it_opens_and_60_and_14_days_before_the_end(amara, before, told):
    """R-PER-6: short or not; its first step comes on the very day on which it opens."""
    earned(amara, *((year, "10") for year in range(1, 6)))
    day = END - timedelta(days=before)
    assert steps(day, RENEWAL) == told and steps(day, YEAR) == []


def test_a_line_names_the_gap_what_is_being_reviewed_and_what_would_close_it(amara):
    earned(amara, (4, "2.5"), (1, "30"))
    case = factories.claim(amara, hours="3", last_day=date(2026, 12, 1))
    assert case.amount == Decimal("1.5")
    (one,) = due(date(2026, 12, 14))
    outbox.note([one])
    assert Reminder.objects.get().line == (
        "Year 4 of CERP-0001 ends on 14\xa0March 2027: 2.5 of 5 credits are approved, 2.5 are missing. "
        "Claims that are being reviewed ask for 1.5 more. "
        "A workshop or webinar with 2.5 h of instruction would bring as much. "
        "Your plan shows which listed courses close the gap: http://127.0.0.1:8000/journal/plan/"
    ).replace("CERP-0001", factories.certification_of(amara).number)
    assert (one.person, one.deadline, one.about) == (amara.pk, YEAR_ENDS, "")


@pytest.mark.parametrize(
    ("earned_in", "renewable", "gap"),
    [
        (
            [(1, "10"), (2, "10"), (3, "10"), (4, "10"), (5, "10")],
            "can be renewed",
            "Nothing is missing: 50 of 50 credits are approved, and every year has what it needs.",
        ),
        (
            [(1, "10"), (2, "10"), (3, "10"), (4, "11"), (5, "2.5")],
            "cannot be renewed yet",
            "43.5 of 50 credits are approved, 6.5 are missing. Year 5 lacks 2.5 of its 5.",
        ),
        (
            [(1, "3"), (2, "20"), (3, "20"), (4, "11"), (5, "5")],
            "cannot be renewed yet",
            "59 of 50 credits are approved. Year 1 ended 2 short of its 5, which needs an arrangement.",
        ),
    ],
)
def test_the_renewal_says_what_is_missing_or_that_nothing_is(amara, earned_in, renewable, gap):
    earned(amara, *earned_in)
    told = [one for one in due(END - timedelta(days=60)) if one.purpose == RENEWAL]
    assert {(one.context["renewable"], one.context["gap"]) for one in told} == {(renewable, gap)}


def test_a_year_with_its_least_is_never_reminded(amara):
    earned(amara, (4, "5"))
    assert due(YEAR_ENDS - timedelta(days=10)) == []


def test_credits_count_by_the_day_of_the_activity_uploaded_or_not(amara):
    """R-PER-4: approved is enough; another year’s surplus is not."""
    earned(amara, (3, "20"), (4, "4.75"))
    (one,) = due(YEAR_ENDS - timedelta(days=90))
    assert one.context["needed"] == "0.25" and not Entry.objects.filter(upload__isnull=False).exists()
    assert "with 1 h of instruction" in one.context["example"]  # R-MIN
    factories.imported(amara, credits="0.25", earned_on=YEAR_ENDS)
    assert due(YEAR_ENDS - timedelta(days=90)) == []


def ended(person) -> None:
    Certification.objects.filter(person=person).update(ended_as="retired", ended_on=date(2026, 12, 1))


def lapsed(person) -> None:
    Certification.objects.filter(person=person).update(lapsed_on=date(2026, 12, 1))


def inactive(person) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])


@pytest.mark.parametrize("change", [ended, lapsed, inactive])
def test_who_is_not_a_certificant_any_more_is_not_reminded(amara, change):
    days = (YEAR_ENDS - timedelta(days=5), END - timedelta(days=5))
    assert all(due(day) for day in days)
    change(amara)
    assert [due(day) for day in days] == [[], []]


def test_who_upgraded_is_reminded_of_the_new_period_alone():
    with time_machine.travel(noon(date(2026, 1, 10)), tick=False):
        person = factories.certificant(since=START, level=Level.CERPIT)
        certifications.upgrade(person=person, on=date(2026, 1, 10))
    told = due(YEAR_ENDS - timedelta(days=90))
    assert {one.context["number"][:5] for one in told} == {"CERP-"}
    assert {one.deadline for one in told} == {date(2027, 1, 9)}


def test_who_has_renewed_is_not_reminded(amara):
    certifications.renew(period_id=amara.periods.get().pk, at=noon(END - timedelta(days=100)))
    assert due(END - timedelta(days=14)) == []


def test_who_has_asked_for_a_renewal_is_reminded_of_it_no_more(amara):
    """While it is open; a year that is short still is."""
    earned(amara, (1, "20"), (2, "10"), (3, "10"), (4, "10"))
    day = END - timedelta(days=60)
    factories.imported(amara, credits="5", earned_on=day)
    assert steps(day, RENEWAL) == ["180", "60"]
    with time_machine.travel(noon(day), tick=False):
        factories.renewal(amara)
    assert due(day) == []


def test_an_extended_period_moves_its_reminders(amara):
    earned(amara, *((year, "5") for year in range(1, 6)))
    ruth, later = factories.coordinator(), date(2028, 9, 14)
    with time_machine.travel(noon(END - timedelta(days=100)), tick=False):
        certifications.move_end(period_id=amara.periods.get().pk, to=later, note="Illness.", by=ruth)
    assert due(END - timedelta(days=14)) == []
    assert [one.due_on for one in due(later)] == [later - timedelta(days=days) for days in (179, 60, 14)]
    assert {one.object for one in due(later)} == {f"period:{amara.periods.get().pk} 2028-09-14"}


def test_a_reduced_minimum_that_is_met_silences_the_reminder(amara):
    """R-PER-3."""
    earned(amara, (4, "3"))
    day = YEAR_ENDS - timedelta(days=30)
    assert steps(day, YEAR) == ["90", "30"]
    factories.arranged(factories.coordinator(), amara, year="4", shape=Shape.REDUCED, credits="3")
    assert due(day) == []


def test_a_make_up_date_is_the_day_to_be_reminded_of(amara):
    """R-PER-3: not the end of the year, which is over; what later years give to it is missing there."""
    earned(amara, (3, "2"))
    factories.arranged(factories.coordinator(), amara, year="3", shape=Shape.MAKE_UP, day="2027-06-01")

    def told(day: date) -> list[tuple]:
        return [(one.step, one.deadline, one.context["needed"]) for one in due(day) if one.context["year"] == "3"]

    assert told(date(2027, 3, 2)) == []
    assert told(date(2027, 3, 3)) == [("90", date(2027, 6, 1), "3")]
    assert {one.context["standing"] for one in due(date(2027, 6, 1))} == {"can be made up until 1\xa0June 2027"}
    assert due(date(2027, 6, 2)) == []
    factories.imported(amara, credits="4", earned_on=date(2026, 12, 1))
    assert told(date(2027, 3, 3)) == []
    assert {one.context["needed"] for one in due(date(2027, 3, 3))} == {"4"}


def test_leap_days_are_counted_from_the_start():
    """R-PER-2: a period from 29 February has years that end on 27 or 28 February."""
    factories.certificant(since=date(2024, 2, 29))
    assert due(date(2027, 2, 27) - timedelta(days=91)) == []
    assert [one.deadline for one in due(date(2027, 2, 27) - timedelta(days=90))] == [date(2027, 2, 27)]
    assert [one.deadline for one in due(date(2028, 2, 28) - timedelta(days=90))] == [date(2028, 2, 28)]


@pytest.mark.parametrize("people", [1, 3])
def test_any_number_of_members_is_asked_about_in_the_same_questions(django_assert_num_queries, people):
    for _n in range(people):
        earned(factories.certificant(since=START), (5, "2"))
    with django_assert_num_queries(6):  # periods, entries, arrangements, policy, rate, open claims
        assert len(due(END - timedelta(days=10))) == 5 * people


def test_one_person_is_asked_about_alone(amara):
    other = factories.certificant(since=START)
    assert {one.person for one in due(YEAR_ENDS)} == {amara.pk, other.pk}
    assert {one.person for one in due(YEAR_ENDS, person=amara.pk)} == {amara.pk}


def test_what_is_ahead_is_told_as_things_stand_today(amara):
    """A year that ends within the days ahead is still among it."""
    ahead = due(YEAR_ENDS + timedelta(days=30), today=YEAR_ENDS - timedelta(days=20))
    assert [one.step for one in ahead if one.purpose == YEAR] == ["90", "30"]


def ticks(day: date) -> None:
    """A day of beats: noted and told more than once."""
    for hour in (8, 20):
        at = noon(day).replace(hour=hour)
        outbox.note_due(at=at)
        outbox.send_digests(at=at)
    Message.objects.filter(state=MessageState.OWED).update(state=MessageState.SENT, sent_at=noon(day))


def told_on(person) -> dict[str, str]:
    rows = Reminder.objects.filter(person=person, message__isnull=False)
    return {f"{row.purpose} {row.step}": row.message.key.rpartition(":")[2] for row in rows}


@pytest.mark.parametrize("silence", [0, 3])
def test_each_step_is_told_once_on_its_day_or_after_a_silence_of_three_days(silence):
    """From two days before to five after each step, over both changes of the clock, several beats a day."""
    with time_machine.travel(noon(date(2021, 5, 1)), tick=False):
        leo = factories.certificant(since=date(2021, 5, 1))
    fall, spring = date(2025, 11, 2), date(2026, 3, 8)
    due_on = {
        "reminder-renewal 180": fall,
        "reminder-year 90": date(2026, 1, 30),
        "reminder-renewal 60": date(2026, 3, 1),
        "reminder-year 30": date(2026, 3, 31),
        "reminder-renewal 14": date(2026, 4, 16),
    }
    days = {day + timedelta(days=n) for day in (*due_on.values(), spring) for n in range(-2, 6)}
    quiet = {day + timedelta(days=n) for day in due_on.values() for n in range(silence)}
    for day in sorted(days - quiet):
        with time_machine.travel(noon(day), tick=False):
            ticks(day)
    assert told_on(leo) == {step: (day + timedelta(days=silence)).isoformat() for step, day in due_on.items()}
    assert Message.objects.filter(person=leo, template="reminder-digest").count() == len(due_on)


def test_who_stopped_reminders_of_renewal_still_hears_that_the_period_is_over(amara):
    """R-PER-6: nobody lapses who was not told; the letter about grace is none of the reminders."""
    outbox.choose(wanted=[], by=amara)
    ticks(END - timedelta(days=10))
    assert not Message.objects.exists()
    certifications.tell_grace(at=noon(END + timedelta(days=1)))
    assert Message.objects.get().template == "certification-grace"


def test_nobody_lapses_whose_mailbox_refused_the_letter_whatever_reminders_were_told(amara):
    """A digest that arrived is no letter about grace, and one that was refused is none either."""
    ticks(END - timedelta(days=10))
    assert Message.objects.get().state == MessageState.SENT
    certifications.tell_grace(at=noon(END + timedelta(days=1)))
    Message.objects.filter(template="certification-grace").update(state=MessageState.FAILED, error="550 no mailbox")
    assert keep_periods(at=noon(END + timedelta(days=200)))["lapsed"] == 0
