"""What people choose about their reminders: put off, stopped, and by a link that opens nothing of anybody else."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from serportal.outbox import rules, services
from serportal.outbox.models import Message, PutOff, Reminder, Stopped
from serportal.outbox.services import links
from serportal.outbox.states import Family, MessageState
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text
from tests import factories
from tests.outbox.test_reminding import FACTS

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)  # 12:00 Eastern Time
TODAY = NOON.date()
PAGE = "/accounts/reminders/"
WHAT = "reminder-expiry offering:1"


@pytest.fixture(autouse=True)
def _one_source(settings, time_machine):
    settings.REMINDER_SOURCES = ["tests.outbox.test_reminding.due"]
    time_machine.move_to(NOON, tick=False)
    FACTS.clear()
    yield
    FACTS.clear()


@pytest.fixture
def ines():
    return factories.PersonFactory(name="Ines Duarte", email="ines@example.org")


def fact(person, n=1, step="60", *, days=0, deadline=60, family=Family.COURSES) -> rules.Due:
    """Something about offering ``n`` that falls due ``days`` after today."""
    until = TODAY + timedelta(days=deadline)
    made = rules.Due(
        person=person.pk,
        purpose="reminder-expiry",
        object=f"offering:{n}",
        step=step,
        due_on=TODAY + timedelta(days=days),
        deadline=until,
        about="",
        context={"title": f"Course {n}", "day": day_text(until), "link": f"http://127.0.0.1:8000/preapprovals/{n}/"},
        family=family,
    )
    FACTS.append(made)
    return made


def tick(day: date = TODAY, *, drain: bool = True) -> int:
    """Let the beats of noon of ``day`` ring, and the mail server take what they made."""
    at = NOON + (day - TODAY)
    services.note_due(at=at)
    made = services.send_digests(at=at)
    if drain:
        Message.objects.filter(state=MessageState.OWED).update(next_try_at=NOON)
        services.drain()
    return made


def told() -> list[str]:
    return [row.step for row in Reminder.objects.filter(state="told").order_by("message__pk", "pk")]


def refused(**given) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        services.put_off(**given)
    return refusal.value


def link_of(person) -> str:
    """Return the token in the mail that ``person`` got."""
    letter = next(one for one in reversed(mail.outbox) if one.to == [person.email])
    return re.search(r"/accounts/reminders/([^/\s]+)/", letter.body)[1]


def test_what_is_put_off_is_told_again_on_the_chosen_day_and_once(ines):
    fact(ines)
    tick()
    again = TODAY + timedelta(days=14)
    services.put_off(what=WHAT, until=again, by=ines)
    for days in range(1, 20):
        tick(TODAY + timedelta(days=days))
    assert told() == ["60", f"again {again}"]
    assert Message.objects.latest("pk").key == f"digest:{ines.pk}:{again}"


def test_what_is_put_off_before_it_was_told_waits_and_a_later_step_stays(ines):
    fact(ines)
    fact(ines, step="14", days=46)
    services.note_due()
    services.put_off(what=WHAT, until=TODAY + timedelta(days=20), by=ines)
    for days in range(60):
        tick(TODAY + timedelta(days=days))
    assert told() == [f"again {TODAY + timedelta(days=20)}", "14"]
    assert Reminder.objects.get(step="60").state == "dropped"


def test_what_is_done_by_the_chosen_day_is_not_told_again(ines):
    fact(ines)
    tick()
    services.put_off(what=WHAT, until=TODAY + timedelta(days=14), by=ines)
    FACTS.clear()
    assert tick(TODAY + timedelta(days=14)) == 0 and told() == ["60"]


@pytest.mark.parametrize(("first", "second"), [(10, 20), (20, 10)])
def test_a_second_choice_takes_the_place_of_the_first(ines, first, second):
    fact(ines)
    tick()
    for days in (first, second):
        services.put_off(what=WHAT, until=TODAY + timedelta(days=days), by=ines)
    assert PutOff.objects.get().until == TODAY + timedelta(days=second)
    assert [tick(TODAY + timedelta(days=days)) for days in (10, 20)] == [second == 10, second == 20]


@pytest.mark.parametrize(
    ("days", "code"), [(0, "not-later"), (-5, "not-later"), (1, ""), (53, ""), (54, "too-late"), (400, "too-late")]
)
def test_a_week_before_the_deadline_is_the_last_day(ines, days, code):
    fact(ines)
    tick()
    given = {"what": WHAT, "until": TODAY + timedelta(days=days), "by": ines}
    if not code:
        services.put_off(**given)
    else:
        refusal = refused(**given)
        assert refusal.code == code and not PutOff.objects.exists()
        assert code != "too-late" or "Choose 12\xa0January 2027, a week before it" in str(refusal)


def test_what_is_near_a_duty_gone_or_somebody_elses_cannot_be_put_off(ines):
    fact(ines, 1, deadline=7)
    fact(ines, 2, family="")
    fact(factories.PersonFactory(), 3)
    until = TODAY + timedelta(days=3)
    codes = [refused(what=f"reminder-expiry offering:{n}", until=until, by=ines).code for n in (1, 2, 3, 4)]
    assert codes == ["too-near", "too-near", "gone", "gone"]


def test_who_stopped_a_family_hears_of_the_others_and_of_duties(ines):
    fact(ines, 1)
    fact(ines, 2, family=Family.DRAFTS)
    fact(ines, 3, family="")
    services.choose(wanted=[Family.DRAFTS, Family.JOURNAL], by=ines)
    assert tick() == 1
    assert "Course 1" not in Message.objects.get().text and Message.objects.get().text.count("“Course") == 2


def test_who_stopped_all_and_comes_back_hears_what_is_due_then(ines):
    fact(ines)
    services.note_due()
    services.choose(wanted=[], by=ines)
    assert tick() == 0 and Reminder.objects.get().state == "dropped"
    services.choose(wanted=Family.values, by=ines)
    assert tick() == 1 and told() == ["60"]


def test_a_digest_that_still_waits_is_cancelled_for_who_stopped_all(ines):
    fact(ines)
    tick(drain=False)
    services.choose(wanted=[], by=ines)
    tick()
    assert Message.objects.get().state == MessageState.CANCELLED


def test_what_is_ahead_is_listed_as_chosen(ines):
    fact(ines, 1, days=10)
    fact(ines, 1, "14", days=46)
    fact(ines, 2, days=89, deadline=149)
    fact(ines, 3, days=91, deadline=151)
    fact(ines, 4, family=Family.DRAFTS, deadline=0)
    services.choose(wanted=[Family.COURSES], by=ines)
    ahead = services.ahead_of(ines)
    assert [(one.due.object, one.due.step, (one.day - TODAY).days, one.latest is None) for one in ahead] == [
        ("offering:1", "60", 10, False),
        ("offering:1", "14", 46, True),
        ("offering:2", "60", 89, False),
    ]
    assert ahead[0].suggested == TODAY + timedelta(days=24)


# The link -----------------------------------------------------------------


def test_the_mail_holds_the_link_and_the_headers_and_what_is_stored_does_not(ines):
    fact(ines)
    tick(drain=False)
    kept = Message.objects.get()
    services.drain()
    assert kept.secret and kept.secret not in kept.text + kept.html + str(kept.context)
    token = link_of(ines)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/accounts/reminders/{token}/stop/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f'href="http://127.0.0.1:8000/accounts/reminders/{token}/"' in mail.outbox[0].alternatives[0][0]
    assert services.reader_of(token) == (ines, TODAY)
    assert Message.objects.get().secret == ""


def test_a_digest_of_duties_alone_offers_no_choice(ines):
    fact(ines, family="")
    tick()
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers and PAGE not in mail.outbox[0].body


def test_one_press_in_the_mail_program_stops_all_and_opening_it_nothing(client, ines):
    fact(ines)
    tick()
    stop = f"{PAGE}{link_of(ines)}/stop/"
    assert client.get(stop).status_code == 302 and not Stopped.objects.exists()
    strict = type(client)(enforce_csrf_checks=True)
    for _press in range(2):
        answer = strict.post(stop, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    assert services.stopped_by(ines) == set(Family.values)


def test_the_link_shows_the_lines_of_its_digest_and_works_without_signing_in(client, ines):
    fact(ines, 1)
    fact(ines, 2, days=5, deadline=65)
    tick()
    path = f"{PAGE}{link_of(ines)}/"
    page = client.get(path).content.decode()
    assert "“Course 1”" in page and "Course 2" not in page and "ines@example.org" in page
    again = TODAY + timedelta(days=14)
    done = client.post(path, {"act": "later", "what": WHAT, "until": again.isoformat()}, follow=True)
    assert f"You are reminded of it again on {day_text(again)}." in done.content.decode()
    assert PutOff.objects.get().person == ines
    client.post(path, {"act": "choose", "wanted": ["journal"]})
    assert services.stopped_by(ines) == {"drafts", "courses"}


def test_a_link_acts_for_its_reader_alone(client, ines):
    """Whoever is signed in; changed, cut, re-addressed or of somebody who left, it is no link."""
    tomas = factories.PersonFactory()
    fact(ines)
    tick()
    token = link_of(ines)
    client.force_login(tomas)
    client.post(f"{PAGE}{token}/", {"act": "stop"})
    assert services.stopped_by(ines) and not services.stopped_by(tomas)
    named, _dot, signature = token.rpartition(".")
    other = f"{tomas.pk}.{TODAY}"
    for bad in (f"{other}.{signature}", named, other, signature, f"{named}.{signature[:-1]}", "no-link"):
        for path in (f"{PAGE}{bad}/", f"{PAGE}{bad}/stop/"):
            assert client.post(path, {"act": "stop"}).status_code == 404
    assert not services.stopped_by(tomas)
    assert client.get(f"{PAGE}{links.token_of(tomas.pk, TODAY)}/").status_code == 200
    tomas.is_active = False
    tomas.save(update_fields=["is_active"])
    assert type(client)().get(f"{PAGE}{links.token_of(tomas.pk, TODAY)}/").status_code == 404


# The page -----------------------------------------------------------------


def test_a_person_sees_their_own_and_puts_it_off(client, ines):
    fact(ines, 1, days=3)
    fact(factories.PersonFactory(), 2)
    client.force_login(ines)
    page = client.get(PAGE).content.decode()
    assert "“Course 1”" in page and "Course 2" not in page and "at the latest" in page
    assert page.count('type="checkbox"') == page.count(" checked") == 3
    done = client.post(PAGE, {"act": "later", "what": WHAT, "until": "2026-12-24"}, follow=True)
    assert "You are reminded of it again on 24\xa0December 2026." in done.content.decode()
    assert [one.day for one in services.ahead_of(ines)] == [date(2026, 12, 24)]


@pytest.mark.parametrize(
    ("until", "says"),
    [("", "choose a day"), ("soon", "that is no day"), ("2027-01-13", "a week before it"), ("2026-11-20", "after 20")],
)
def test_a_day_that_cannot_be_is_said_beside_what_was_typed(client, ines, until, says):
    fact(ines)
    client.force_login(ines)
    answer = client.post(PAGE, {"act": "later", "what": WHAT, "until": until})
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page and f'value="{until}"' in page
    assert not PutOff.objects.exists()


def test_what_is_gone_meanwhile_is_said(client, ines):
    client.force_login(ines)
    answer = client.post(PAGE, {"act": "later", "what": WHAT, "until": "2026-12-24"})
    assert answer.status_code == 422 and "Nothing was put off" in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"act": "burn"}, {"wanted": "journal"}])
def test_a_press_that_says_nothing_changes_nothing(client, ines, sent):
    client.force_login(ines)
    assert "Nothing was changed" in client.post(PAGE, sent, follow=True).content.decode()
    assert not Stopped.objects.exists()


def test_kinds_that_do_not_exist_are_refused(client, ines):
    client.force_login(ines)
    answer = client.post(PAGE, {"act": "choose", "wanted": ["journal", "decisions"]})
    assert answer.status_code == 422 and "no kind of reminder" in answer.content.decode()
    assert not Stopped.objects.exists()


def test_the_profile_leads_there(client, ines):
    client.force_login(ines)
    assert f'href="{PAGE}"' in client.get("/accounts/profile/").content.decode()


# A mailbox that refuses -----------------------------------------------------


def test_a_refused_digest_is_told_again_once_its_reader_has_another_address(ines):
    """And never to the address that refused it."""
    fact(ines)
    tick(drain=False)
    Message.objects.update(state=MessageState.FAILED, error="550 no such mailbox")
    assert tick(TODAY + timedelta(days=1)) == 0
    ines.email = "ines@elsewhere.example"
    ines.save(update_fields=["email"])
    assert tick(TODAY + timedelta(days=2), drain=False) == 1
    fresh = Message.objects.get(state=MessageState.OWED)
    assert fresh.to == "ines@elsewhere.example" and Reminder.objects.get().message == fresh
    assert tick(TODAY + timedelta(days=3)) == 0
