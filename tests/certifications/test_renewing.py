"""Five more years: renewed, in grace, lapsed and reinstated (R-PER-1, R-PER-6)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from journals.services import keep_periods
from serportal.certifications import rules, services
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.states import Act, Level, PeriodStart, Standing
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import Act as MessageAct
from serportal.outbox.states import MessageState
from serportal.reviews import services as reviews
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db

START = date(2021, 3, 15)
END = date(2026, 3, 14)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=programme_zone())


@pytest.fixture
def amara():
    with time_machine.travel(noon(START), tick=False):
        return factories.certificant(since=START, name="Amara Okafor")


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


def held(person) -> Certification:
    return factories.certification_of(person)


def refused(**given) -> str:
    with pytest.raises(Refusal) as refusal:
        services.renew(**given)
    return refusal.value.code


def tick(day: date) -> tuple[int, int]:
    """What the daily tick did at noon of ``day``: (told, lapsed)."""
    return tuple(keep_periods(at=noon(day)).values())


def sent(day: date) -> None:
    Message.objects.filter(state=MessageState.OWED).update(state=MessageState.SENT, sent_at=noon(day))


@pytest.mark.parametrize(
    ("start", "end", "following", "its_end"),
    [
        (date(2021, 3, 15), date(2026, 3, 14), date(2026, 3, 15), date(2031, 3, 14)),
        (date(2020, 2, 29), date(2025, 2, 27), date(2025, 2, 28), date(2030, 2, 27)),
        (date(2022, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2031, 12, 31)),
    ],
)
def test_the_new_period_begins_on_the_day_after_the_old_one(ruth, start, end, following, its_end):
    """R-PER-6: no day is lost or counted twice, whenever within the months it is renewed."""
    for day in (rules.renewal_opens(end), end, end + timedelta(days=90)):
        with time_machine.travel(noon(day), tick=False):
            old = factories.certificant(since=start).periods.get()
            assert old.ends_on == end
            made = services.renew(period_id=old.pk, by=ruth)
        assert (made.starts_on, made.ends_on, made.began_as) == (following, its_end, PeriodStart.RECERTIFIED)
        assert made.certification == old.certification
        event = CertificationEvent.objects.get(certification=old.certification)
        assert (event.act, event.by, event.at) == (Act.RENEWED, ruth, noon(day))


def test_a_renewal_confirmed_twice_is_one(amara, ruth):
    old = amara.periods.get()
    made = [services.renew(period_id=old.pk, by=ruth, at=noon(END)) for _press in range(2)]
    assert made[0] == made[1] and amara.periods.count() == 2
    assert CertificationEvent.objects.count() == 1
    assert held(amara).state_on(END + timedelta(days=200)) == Standing.ACTIVE


def test_what_cannot_be_renewed_is_refused(amara, ruth):
    old = amara.periods.get()
    opens = rules.renewal_opens(END)
    assert refused(period_id=old.pk, by=ruth, at=noon(opens - timedelta(days=1))) == "early"
    Certification.objects.update(lapsed_on=date(2026, 6, 13))
    assert refused(period_id=old.pk, by=ruth, at=noon(date(2027, 6, 13))) == "too-late"
    Certification.objects.update(lapsed_on=None, ended_as="retired", ended_on=END)
    assert refused(period_id=old.pk, by=ruth, at=noon(END)) == "ended"
    Certification.objects.update(ended_as="", ended_on=None)
    services.certify(person=amara, level=Level.CERP, on=date(2026, 9, 1))
    assert refused(period_id=old.pk, by=ruth, at=noon(END)) == "followed"
    assert amara.periods.count() == 2


def test_grace_is_told_once_and_ends_in_a_lapse_that_is_told(amara):
    """R-PER-6: the last day of grace is the ninetieth."""
    assert tick(END) == (0, 0)
    assert [tick(END + timedelta(days=1)) for _beat in range(2)] == [(1, 0), (0, 0)]
    sent(END + timedelta(days=1))
    letter = Message.objects.get()
    assert letter.context["until"] == day_text(date(2026, 6, 12)) and letter.person == amara
    assert tick(date(2026, 6, 12)) == (0, 0)
    assert held(amara).state_on(date(2026, 6, 12)) == Standing.GRACE
    assert [tick(date(2026, 6, 13)) for _beat in range(2)] == [(0, 1), (0, 0)]
    assert (held(amara).lapsed_on, held(amara).state_on(date(2026, 6, 13))) == (date(2026, 6, 13), Standing.LAPSED)
    told = Message.objects.latest("pk")
    assert told.template == "certification-lapsed" and told.context["until"] == day_text(date(2027, 6, 12))
    event = CertificationEvent.objects.get()
    assert (event.act, event.by) == (Act.LAPSED, None)


@pytest.mark.parametrize("state", [MessageState.OWED, MessageState.FAILED, MessageState.UNCERTAIN])
def test_nobody_lapses_whom_no_letter_reached(amara, state):
    tick(END + timedelta(days=1))
    Message.objects.update(state=state)
    assert tick(END + timedelta(days=500)) == (0, 0)
    assert held(amara).state_on(END + timedelta(days=500)) == Standing.GRACE


def test_a_letter_that_came_back_holds_the_lapse_until_fourteen_days_after_it_went_out_again(amara, ruth):
    tick(END + timedelta(days=1))
    sent(END + timedelta(days=1))
    outbox.act_on(Message.objects.get().pk, MessageAct.RETURNED, by=ruth)
    late = END + timedelta(days=400)
    assert tick(late) == (0, 0)
    outbox.act_on(Message.objects.get().pk, MessageAct.AGAIN, by=ruth)
    sent(late)
    assert tick(late + timedelta(days=13)) == (0, 0)
    assert tick(late + timedelta(days=14)) == (0, 1)


def test_after_days_of_silence_the_letter_comes_first_and_the_lapse_fourteen_days_later(amara):
    back = END + timedelta(days=130)
    assert tick(back) == (1, 0)
    last = back + settings.TOLD_BEFORE_LAPSE - timedelta(days=1)
    assert Message.objects.get().context["until"] == day_text(last)
    sent(back)
    assert tick(last) == (0, 0)
    assert tick(last + timedelta(days=1)) == (0, 1)


@pytest.mark.parametrize(("filed_after", "held"), [(1, True), (90, True), (91, False)])
def test_what_is_undecided_holds_the_status_if_it_was_filed_in_time(amara, ruth, filed_after, held):
    """R-PER-4: told of it at once, grace is over after the ninetieth day."""
    tick(END + timedelta(days=1))
    sent(END + timedelta(days=1))
    case = factories.claim(amara, at=noon(END + timedelta(days=filed_after)), last_day=END)
    over = END + timedelta(days=120)
    assert tick(over) == (0, 0 if held else 1)
    if held:
        reviews.withdraw(case.pk, by=amara, at=noon(over))
        assert tick(over + timedelta(days=1)) == (0, 1)


def test_who_renews_in_time_is_neither_told_nor_lapses(amara, ruth):
    services.renew(period_id=amara.periods.get().pk, by=ruth, at=noon(END - timedelta(days=3)))
    assert tick(END + timedelta(days=200)) == (0, 0)
    assert not Message.objects.exists()


def test_a_renewal_while_grace_runs_out_leaves_nothing_lapsed(amara, ruth):
    tick(END + timedelta(days=1))
    sent(END + timedelta(days=1))
    services.renew(period_id=amara.periods.get().pk, by=ruth, at=noon(END + timedelta(days=90)))
    assert tick(END + timedelta(days=91)) == (0, 0)
    assert held(amara).lapsed_on is None


def test_what_lapsed_is_reinstated_from_the_day_after_the_old_end(amara, ruth):
    """R-PER-6: within twelve months."""
    Certification.objects.update(lapsed_on=date(2026, 6, 13))
    made = services.renew(
        period_id=amara.periods.get().pk, by=ruth, note="Nine credits came in.", at=noon(date(2027, 6, 12))
    )
    assert made.starts_on == date(2026, 3, 15)
    assert held(amara).state_on(date(2027, 6, 12)) == Standing.ACTIVE
    event = CertificationEvent.objects.get()
    assert (event.act, event.note) == (Act.REINSTATED, "Nine credits came in.")


def test_whoever_is_written_down_after_their_time_has_lapsed_at_once():
    """History that is brought in: nobody is told, and nothing waits for a tick."""
    start = programme_day() - timedelta(days=2200)
    old = held(factories.certificant(since=start))
    assert old.lapsed_on == rules.lapses(rules.last_day(start))
    assert (services.tell_grace(at=timezone.now()), Period.objects.count()) == (0, 1)
