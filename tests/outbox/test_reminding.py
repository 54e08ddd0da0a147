"""SPEC 5: a reminder exists once by person, purpose, object and step; a person gets at most one digest a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from serportal.outbox import rules, services
from serportal.outbox.checks import reminder_sources_exist
from serportal.outbox.models import LetterTemplate, Message, Reminder
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)  # 12:00 Eastern Time
TODAY = NOON.date()
FACTS: list[rules.Due] = []


def due(day: date, *, today=None, person=None) -> list[rules.Due]:
    """What the one app of these tests says."""
    return [one for one in FACTS if one.due_on <= day and person in {None, one.person}]


@pytest.fixture(autouse=True)
def _one_source(settings):
    settings.REMINDER_SOURCES = [f"{__name__}.due"]
    FACTS.clear()
    yield
    FACTS.clear()


@pytest.fixture
def ines():
    return factories.PersonFactory(name="Ines Duarte")


def fact(person, n=1, step="7", *, days=0, deadline=7, purpose="reminder-ballot", **context) -> rules.Due:
    """Something that fell due ``days`` after today and is about case ``n``."""
    reference = f"CEC-2026-000{n}"
    standing = f"is due in {deadline} days"
    link = f"http://127.0.0.1:8000/reviews/{reference}/"
    made = rules.Due(
        person=person.pk,
        purpose=purpose,
        object=f"seat:{n}",
        step=step,
        due_on=TODAY + timedelta(days=days),
        deadline=TODAY + timedelta(days=deadline),
        about=reference,
        context={"reference": reference, "standing": standing, "link": link, **context},
    )
    FACTS.append(made)
    return made


def tick(at=NOON) -> int:
    """What the beats of one moment do."""
    services.note(due(factories.programme_day(at)), at=at)
    return services.send_digests(at=at)


def states() -> dict[str, str]:
    return {f"{row.object} {row.step}": row.state for row in Reminder.objects.all()}


def test_what_is_noted_again_and_again_is_one_row_and_one_message(ines):
    fact(ines)
    assert [services.note(FACTS, at=NOON) for _again in range(3)] == [1, 0, 0]
    assert [services.send_digests(at=NOON) for _again in range(3)] == [1, 0, 0]
    row, message = Reminder.objects.get(), Message.objects.get()
    assert (row.state, row.message, row.about) == ("told", message, "CEC-2026-0001")
    assert row.line == "Your ballot on CEC-2026-0001 is due in 7 days: http://127.0.0.1:8000/reviews/CEC-2026-0001/"
    assert message.key == f"digest:{ines.pk}:2026-11-20"


def test_the_database_itself_holds_a_reminder_once(ines):
    fact(ines)
    services.note(FACTS, at=NOON)
    row = Reminder.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_digest_has_a_line_for_each_thing_the_most_urgent_first(ines):
    for n, deadline in ((1, 7), (2, -1), (3, 1)):
        fact(ines, n, deadline=deadline)
    assert tick() == 1
    services.drain()
    letter = mail.outbox[0]
    rows = [line for line in letter.body.splitlines() if line.startswith("Your ballot")]
    assert [row.split()[3] for row in rows] == ["CEC-2026-0002", "CEC-2026-0003", "CEC-2026-0001"]
    assert letter.subject == "3 reminders from SER Certification" and "Dear Ines Duarte," in letter.body
    html = letter.alternatives[0][0]
    assert html.count('<a href="http://127.0.0.1:8000/reviews/CEC-2026-000') == 3


def test_a_single_line_brings_its_own_subject(ines):
    fact(ines)
    tick()
    assert Message.objects.get().subject == "CEC-2026-0001: your ballot is due in 7 days"


def test_the_words_of_line_and_digest_are_templates(ines):
    LetterTemplate.objects.filter(key="reminder-ballot").update(body="Vote on {reference}, please:\n{link}")
    LetterTemplate.objects.filter(key="reminder-digest").update(body="{lines}\n\nhttps://www.ser.org/help")
    fact(ines)
    tick()
    message = Message.objects.get()
    assert message.text.startswith("Vote on CEC-2026-0001, please: http://127.0.0.1:8000/reviews/CEC-2026-0001/")
    assert '<a href="https://www.ser.org/help">' in message.html


def test_before_seven_nothing_goes_out_and_at_seven_it_does(ines):
    fact(ines)
    seven = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert tick(seven - timedelta(seconds=1)) == 0 and not Message.objects.exists()
    assert tick(seven) == 1


def test_what_comes_up_after_the_days_digest_waits_for_the_next_day(ines):
    fact(ines)
    tick()
    fact(ines, 2)
    assert tick(NOON + timedelta(hours=1)) == 0
    assert states() == {"seat:1 7": "told", "seat:2 7": "waiting"}
    assert tick(NOON + timedelta(days=1, hours=-5)) == 1
    assert states()["seat:2 7"] == "told" and Message.objects.count() == 2


def test_a_day_is_the_programmes_day(ines):
    """23:30 in New York is the next day in UTC, and still the same digest day."""
    fact(ines)
    tick()
    fact(ines, 2)
    assert tick(datetime(2026, 11, 21, 4, 30, tzinfo=UTC)) == 0
    assert tick(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)) == 1


def test_after_days_of_silence_only_the_latest_step_is_told(ines):
    fact(ines, step="7", days=-6)
    fact(ines, step="3", days=-2)
    fact(ines, step="1", days=0)
    fact(ines, 2, step="7", days=-1)
    assert tick() == 1
    assert states() == {"seat:1 7": "passed", "seat:1 3": "passed", "seat:1 1": "told", "seat:2 7": "told"}
    assert Message.objects.get().text.count("Your ballot on") == 2


def test_of_two_steps_of_one_day_one_is_told(ines):
    fact(ines, step="half")
    fact(ines, step="7")
    tick()
    assert states() == {"seat:1 half": "passed", "seat:1 7": "told"}


def test_a_reason_that_is_gone_by_then_is_dropped(ines):
    fact(ines)
    fact(ines, 2)
    services.note(FACTS, at=NOON)
    FACTS.pop(0)
    services.send_digests(at=NOON)
    assert states() == {"seat:1 7": "dropped", "seat:2 7": "told"}
    assert "CEC-2026-0001" not in Message.objects.get().text


def test_a_reason_that_comes_back_is_told_after_all_and_with_the_facts_of_then(ines):
    fact(ines)
    services.note(FACTS, at=NOON)
    FACTS.clear()
    assert services.send_digests(at=NOON) == 0 and states() == {"seat:1 7": "dropped"}
    fact(ines, deadline=9)
    assert tick() == 1
    assert "is due in 9 days" in Message.objects.get().text and "9 days" in Reminder.objects.get().line
    assert states() == {"seat:1 7": "told"}


def test_a_person_who_was_deactivated_hears_nothing(ines):
    fact(ines)
    services.note(FACTS, at=NOON)
    ines.is_active = False
    ines.save(update_fields=["is_active"])
    assert services.send_digests(at=NOON) == 0
    assert states() == {"seat:1 7": "dropped"} and not Message.objects.exists()


def test_a_digest_the_mail_server_has_not_taken_is_cancelled_once_no_reason_is_left(ines):
    tomas = factories.PersonFactory()
    fact(ines)
    fact(tomas, 2)
    fact(tomas, 3)
    tick()
    FACTS[:] = FACTS[1:2]
    tick(NOON + timedelta(minutes=10))
    assert dict(Message.objects.values_list("person", "state")) == {ines.pk: "cancelled", tomas.pk: "owed"}
    assert states() == {"seat:1 7": "dropped", "seat:2 7": "told", "seat:3 7": "told"}
    services.drain()
    assert [letter.to for letter in mail.outbox] == [[tomas.email]]


def test_a_digest_that_went_out_is_not_taken_back(ines):
    fact(ines)
    tick()
    services.drain()
    FACTS.clear()
    tick(NOON + timedelta(minutes=10))
    assert states() == {"seat:1 7": "told"} and Message.objects.get().state == "sent"


def test_what_is_coming_is_told_by_day_as_it_will_be(ines):
    fact(ines, 1, "7", days=0)
    fact(ines, 1, "3", days=4)
    fact(ines, 1, "1", days=6)
    fact(ines, 2, "7", days=-3)
    fact(ines, 2, "3", days=1)
    fact(ines, 3, "7", days=7)
    plan = {day: [f"{one.object} {one.step}" for one in told] for day, told in services.coming(days=7, at=NOON)}
    ahead = [TODAY + timedelta(days=n) for n in range(7)]
    expected = [["seat:1 7", "seat:2 7"], ["seat:2 3"], [], [], ["seat:1 3"], [], ["seat:1 1"]]
    assert plan == dict(zip(ahead, expected, strict=True))
    tick()
    fact(ines, 4, "7", days=0)
    plan = services.coming(days=2, at=NOON + timedelta(hours=1))
    assert [[one.object for one in told] for _day, told in plan] == [[], ["seat:2", "seat:4"]]


@pytest.mark.parametrize("people", [1, 3])
def test_beats_ask_the_same_number_of_questions_for_one_and_for_many(people, django_assert_num_queries):
    for n in range(people):
        fact(factories.PersonFactory(), n)
        fact(factories.PersonFactory(), n + 5, step="3", days=-1)
    with django_assert_num_queries(5):  # two of them are the test’s savepoint; templates, rows there, rows added
        services.note(FACTS, at=NOON)
    with django_assert_num_queries(4):
        services.note(FACTS, at=NOON)
    with django_assert_num_queries(12):
        services.send_digests(at=NOON)
    with django_assert_num_queries(6):
        services.send_digests(at=NOON + timedelta(minutes=10))


def test_a_source_that_is_not_there_is_named_at_the_start(settings):
    assert reminder_sources_exist(None) == []
    settings.REMINDER_SOURCES = ["serportal.nowhere.due"]
    assert ["serportal.nowhere.due" in error.msg for error in reminder_sources_exist(None)] == [True]
