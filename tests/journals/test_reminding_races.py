"""Two beats, two readers, two presses: each step is told once, each choice holds once."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import time_machine

from serportal.home.invariants import broken
from serportal.outbox import services as outbox
from serportal.outbox.models import Message, PutOff, Reminder, Stopped
from serportal.outbox.states import Family
from serportal.ui.words import programme_zone
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

# The clock goes forward on the fourth day of these, 8 March 2026.
FIRST = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 5, tzinfo=programme_zone())


def test_two_beats_tell_every_step_once_over_a_silence_and_the_change_of_the_clock():
    """Three days say nothing at all; what fell due on them is told on the first day after."""
    with time_machine.travel(at(FIRST), tick=False):
        people = [factories.certificant(since=FIRST - timedelta(days=365 - 91 - n)) for n in range(8)]
    for n in (0, 1, 5, 6, 7, 8):
        now = at(FIRST + timedelta(days=n))
        beats = [lambda now=now: outbox.note_due(at=now)] * 2 + [lambda now=now: outbox.send_digests(at=now)] * 2
        assert not [one for one in at_once(*beats) if isinstance(one, Exception)]
        outbox.note_due(at=now)
        outbox.send_digests(at=now)
    told = Reminder.objects.filter(purpose="reminder-year", step="90", state="told")
    assert Counter(told.values_list("person", flat=True)) == {one.pk: 1 for one in people}
    assert Counter(Message.objects.values_list("person", flat=True)) == {one.pk: 1 for one in people}
    days = Counter(key.rpartition(":")[2] for key in Message.objects.values_list("key", flat=True))
    assert days == {"2026-03-05": 1, "2026-03-06": 1, "2026-03-10": 4, "2026-03-11": 1, "2026-03-12": 1}


@pytest.mark.parametrize("_round", range(2))
def test_two_presses_that_stop_are_one_and_two_choices_leave_one_of_them(_round):
    amara = factories.certificant()
    at_once(*[lambda: outbox.choose(wanted=[], by=amara)] * 4)
    assert Stopped.objects.filter(person=amara).count() == len(Family)
    at_once(*[lambda one=one: outbox.choose(wanted=[one], by=amara) for one in (Family.JOURNAL, Family.DRAFTS)])
    left = outbox.stopped_by(amara)
    assert left in ({"drafts", "courses"}, {"journal", "courses"})


def test_two_days_chosen_at_once_leave_one(time_machine):
    time_machine.move_to(at(FIRST))
    amara = factories.certificant(since=FIRST - timedelta(days=365 - 91))
    (one,) = [one for one in outbox.ahead_of(amara) if one.due.step == "90"]
    days = [FIRST + timedelta(days=n) for n in (10, 20)]
    answers = at_once(*[lambda day=day: outbox.put_off(what=one.what, until=day, by=amara) for day in days])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert PutOff.objects.get().until in days
