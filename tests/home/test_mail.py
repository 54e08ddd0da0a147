"""The coordinator’s pages for messages: found, read as sent, asked first, then done, and never past a conflict."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from serportal.accounts.services import COORDINATORS
from serportal.home.mail import coming_to, messages_visible_to
from serportal.outbox import services
from serportal.outbox.models import LetterTemplate, Message, MessageEvent
from serportal.outbox.states import Act, MessageState
from serportal.reviews.models import Conflict, ReviewCase, Seat
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/outbox/message/"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    """12:00 Eastern Time on 20 November 2026, so that no test depends on the hour it runs at."""
    time_machine.move_to("2026-11-20T17:00:00Z")


@pytest.fixture
def ruth(client):
    ruth = factories.coordinator(name="Ruth Okello")
    client.force_login(ruth)
    return ruth


def message(key: str, state: str = "owed", **fields) -> Message:
    made = {"to": f"{key}@example.org", "subject": f"Letter {key}", "text": f"Text {key}.", **fields}
    if state == "sent":
        made["sent_at"] = timezone.now()
    return Message.objects.create(key=key, state=state, **made)


def page_of(client, one: Message) -> str:
    response = client.get(reverse("admin:outbox_message_change", args=[one.pk]))
    assert response.status_code == 200
    return response.content.decode()


def listed(client, query: str) -> set[str]:
    return set(re.findall(r">Letter (\w+)<", client.get(LIST + query).content.decode()))


def test_the_list_is_filtered_by_state_trouble_template_and_day_and_searched(client, ruth):
    message("owed", template="cec-receipt")
    for state in ("failed", "uncertain", "sent", "cancelled"):
        message(state, state, about="CEC-2026-0001" if state == "sent" else "")
    message("night", owed_at=timezone.now() - timedelta(hours=13))  # 19 November, 23:00 Eastern Time
    message("older", owed_at=timezone.now() - timedelta(days=30))
    assert listed(client, "?trouble=yes") == {"failed", "uncertain"}
    assert listed(client, "?state__exact=cancelled") == {"cancelled"}
    assert listed(client, "?template=cec-receipt") == {"owed"}
    assert listed(client, "?template=-") == {"failed", "uncertain", "sent", "cancelled", "night", "older"}
    assert listed(client, "?day=2026-11-19") == {"night"}
    assert listed(client, "?day=2026-11-20") == {"owed", "failed", "uncertain", "sent", "cancelled"}
    assert listed(client, "?q=CEC-2026-0001") == {"sent"}
    assert listed(client, "?q=older@example") == {"older"}
    assert client.get(LIST + "?day=today").status_code in {200, 302}


def test_a_letter_about_a_draft_shows_no_key(client, ruth):
    draft = factories.application_draft()
    one = message("invitation", about=str(draft.pk))
    for page in (client.get(LIST).content.decode(), page_of(client, one)):
        assert "not sent yet" in page and str(draft.pk) not in page


def test_a_message_is_read_as_it_went_out(client, ruth):
    services.owe_ready(
        key="m", to="amara@example.org", subject="Subject <1>", text="One <two>\n\nhttp://127.0.0.1:8000/x/"
    )
    services.drain()
    page = page_of(client, Message.objects.get())
    assert "Subject &lt;1&gt;" in page and "One &lt;two&gt;\n\nhttp" in page
    assert '<p>One &lt;two&gt;</p>\n<p><a href="http://127.0.0.1:8000/x/">' in page
    assert "&lt;!DOCTYPE html&gt;" in page and "It went out on " in page and "<two>" not in page


def test_a_message_of_before_shows_its_text_alone(client, ruth):
    page = page_of(client, message("old", "sent"))
    assert "Text old." in page and "As HTML" not in page


def test_an_unwritten_message_is_shown_as_it_would_read_and_stays_unwritten(client, ruth):
    case = factories.claim()
    receipt = Message.objects.get(about=case.reference)
    page = page_of(client, receipt)
    assert "&lt;body style=" in page and "<body style=" not in page
    assert "How it would read now" in page and f"Dear {case.filed_by.name}," in page
    receipt.refresh_from_db()
    assert (receipt.text, receipt.html) == ("", "")
    LetterTemplate.objects.filter(key="cec-receipt").update(body="{nothing}")
    assert "cannot be filled" in page_of(client, receipt)


@pytest.mark.parametrize(
    ("state", "says", "buttons"),
    [
        ("owed", "It waits for the worker", {"Cancel"}),
        ("sending", "A worker is sending it right now.", set()),
        ("sent", "It went out on", {"Note that it came back"}),
        ("failed", "It did not arrive: 550 no such person.", {"Send again"}),
        ("uncertain", "Whether it arrived is not known: 550 no such person.", {"Send again", "Settle as arrived"}),
        ("cancelled", "It was cancelled and does not go out.", set()),
    ],
)
def test_a_message_says_where_it_is_and_offers_what_is_possible(client, ruth, state, says, buttons):
    page = page_of(client, message("one", state, error="550 no such person"))
    assert says in page
    assert set(re.findall(r'type="submit">([\w ]+) …<', page)) == buttons


def press(client, act: Act, *chosen: Message, **more):
    return client.post(LIST, {"action": act.value, "_selected_action": [one.pk for one in chosen], **more})


def test_an_act_is_asked_first_and_says_what_happens_to_which(client, ruth):
    failed, uncertain, sent = message("failed", "failed"), message("uncertain", "uncertain"), message("sent", "sent")
    page = press(client, Act.AGAIN, failed, uncertain, sent).content.decode()
    first, _untouched, second = page.partition("Left as they are")
    assert "2 messages" in first and "Letter failed" in first and "Letter uncertain" in first
    assert "may have arrived already" in first and "Letter sent" not in first and "Letter sent" in second
    assert not MessageEvent.objects.exists() and not Message.objects.filter(state="owed").exists()
    chosen = re.findall(r'name="_selected_action" value="(\d+)"', page)
    assert set(chosen) == {str(failed.pk), str(uncertain.pk)}
    done = client.post(LIST, {"action": "again", "confirmed": "1", "_selected_action": chosen}, follow=True)
    assert "2 messages are owed again." in done.content.decode()
    assert {one.by for one in MessageEvent.objects.all()} == {ruth} and Message.objects.filter(
        state="owed"
    ).count() == 2


def test_one_message_comes_back_to_its_page_with_who_did_it(client, ruth):
    one = message("one", "uncertain", claimed_at=timezone.now())
    press(client, Act.ARRIVED, one)
    one.refresh_from_db()
    assert one.state == "uncertain"
    response = press(client, Act.ARRIVED, one, confirmed="1")
    assert response.url == reverse("admin:outbox_message_change", args=[one.pk])
    page = page_of(client, one)
    assert "Settled as arrived" in page and "Ruth Okello" in page and "It went out on" in page


def test_whoever_comes_too_late_is_told(client, ruth):
    one = message("one")
    press(client, Act.CANCEL, one)
    Message.objects.filter(pk=one.pk).update(state="sending")
    page = client.get(press(client, Act.CANCEL, one, confirmed="1").url).content.decode()
    assert "is now “being sent”, so nothing was done to it" in page
    one.refresh_from_db()
    assert one.state == "sending"


def test_too_many_at_once_are_refused(client, ruth):
    Message.objects.bulk_create(Message(key=f"m{n}", to="a@example.org", subject="S", text="T") for n in range(201))
    done = client.post(
        LIST, {"action": "cancel", "select_across": "1", "index": "0", "_selected_action": ["1"]}, follow=True
    )
    assert "More than 200 messages are chosen" in done.content.decode()
    assert not Message.objects.filter(state="cancelled").exists()


def test_who_may_only_read_can_do_nothing(client):
    reader = factories.PersonFactory(is_staff=True)
    client.force_login(reader)
    one = message("one")
    assert client.get(reverse("admin:outbox_message_change", args=[one.pk])).status_code == 403
    assert press(client, Act.CANCEL, one, confirmed="1").status_code == 403
    one.refresh_from_db()
    assert one.state == "owed"


@pytest.fixture
def case(ruth):
    return factories.seated(factories.coordinator(), [factories.member() for _ in range(3)])


def test_a_conflict_hides_mail_from_list_search_page_count_and_acts(client, ruth, case):
    mine = Message.objects.filter(about=case.reference)
    mine.update(state=MessageState.FAILED)
    assert messages_visible_to(ruth).filter(about=case.reference).count() == 4
    assert "4</b> messages in trouble" in client.get("/admin/").content.decode()
    Conflict.objects.create(case=case, member=ruth, declared_at=timezone.now())
    one = mine.first()
    assert not messages_visible_to(ruth).exists()
    assert case.reference not in client.get(LIST).content.decode()
    assert "0 messages" in client.get(f"{LIST}?q={case.reference}").content.decode()
    assert client.get(reverse("admin:outbox_message_change", args=[one.pk])).status_code == 404
    assert "0</b> messages in trouble" in client.get("/admin/").content.decode()
    press(client, Act.AGAIN, one, confirmed="1")
    assert set(mine.values_list("state", flat=True)) == {"failed"}


def test_a_coordinator_reads_their_own_mail_about_their_own_claim_and_not_the_reviewers(client, ruth):
    """The invitations would name the reviewers of their own claim (R-REV-5, R-REV-9)."""
    own = factories.certificant(is_staff=True)
    case = factories.seated(ruth, [factories.member() for _ in range(3)], owner=own)
    assert [one.template for one in messages_visible_to(own)] == ["cec-receipt"]
    assert messages_visible_to(ruth).filter(about=case.reference).count() == 4


def test_the_mail_a_coordinator_sees_is_that_of_the_cases_they_coordinate(ruth):
    named, conflicted = factories.coordinator(), factories.coordinator()
    case = factories.claim()
    case.parties.create(role="organiser", name="Named", person=named)
    Conflict.objects.create(case=case, member=conflicted, declared_at=timezone.now())
    for one in (ruth, named, conflicted, case.filed_by):
        coordinates = ReviewCase.objects.coordinated_by(one).filter(pk=case.pk).exists()
        assert messages_visible_to(one).exists() == (coordinates or one == case.filed_by)


COMING = "/admin/outbox/message/coming/"
LATER = datetime(2026, 12, 14, 17, tzinfo=UTC)


@pytest.fixture
def late(ruth):
    """A case nine days old with three silent reviewers, whose ballots are due in a week."""
    committee = [factories.member(name=name) for name in ("Ines Duarte", "Tomas Lindqvist", "Wanjiru Kamau")]
    return factories.seated(ruth, committee, at=timezone.now() - timedelta(days=9))


def test_what_goes_out_is_seen_by_day_and_person(client, ruth, late):
    page = client.get(COMING).content.decode()
    assert "4 messages wait for the worker." in page
    plan = coming_to(ruth, most=25)
    assert [[one.name for one in day.shown] for day in plan] == [
        [],
        [],
        [],
        [],
        ["Ines Duarte", "Tomas Lindqvist", "Wanjiru Kamau"],
        ["Ruth Okello"],
        ["Ines Duarte", "Tomas Lindqvist", "Wanjiru Kamau"],
    ]
    assert all(line in page for day in plan for one in day.shown for line in one.lines)
    assert page.count("Ines Duarte") == 2 and late.headline not in page


def test_the_work_queue_and_the_messages_lead_there(client, ruth):
    for path in ("/admin/", LIST):
        assert f'href="{COMING}"' in client.get(path).content.decode()


def test_a_conflict_hides_lines_from_what_goes_out(client, ruth, late):
    Conflict.objects.create(case=late, member=ruth, declared_at=timezone.now())
    page = client.get(COMING).content.decode()
    assert late.reference not in page and "Ines Duarte" not in page
    assert "Nothing: every message has gone." in page and page.count(">Nothing.<") == 7
    other = factories.coordinator()
    client.force_login(other)
    assert late.reference in client.get(COMING).content.decode()


def test_a_coordinator_does_not_see_who_is_reminded_of_their_own_claim(client, late):
    own = late.filed_by
    own.is_staff = True
    own.save(update_fields=["is_staff"])
    own.groups.add(Group.objects.get(name=COORDINATORS))
    client.force_login(own)
    page = client.get(COMING).content.decode()
    assert "Ines Duarte" not in page and "1 message" not in page and "One message waits for the worker." in page


def test_a_conflict_hides_digests_with_a_line_on_the_case(client, ruth, late):
    other = factories.seated(ruth, [seat.member for seat in Seat.objects.filter(panel__case=late)])
    at = timezone.now() + timedelta(days=7)
    services.note_due(at=at)
    assert services.send_digests(at=at) == 4
    digests = messages_visible_to(ruth).filter(template="reminder-digest")
    assert digests.count() == 4 and all(other.reference in one.text for one in digests.exclude(person=ruth))
    Conflict.objects.create(case=other, member=ruth, declared_at=timezone.now())
    assert [one.person for one in digests] == [ruth]
    assert {one.person for one in messages_visible_to(late.filed_by).filter(template="reminder-digest")} == set()


def test_a_conflict_hides_the_sums_of_whoever_filed_the_case(ruth):
    """A reminder of a short year tells what open claims ask for and what was approved (R-REV-5)."""
    amara = factories.certificant(name="Amara Okafor", since=date(2023, 1, 16))
    case = factories.claim(amara, last_day=date(2026, 10, 5))
    services.note_due()
    assert services.send_digests() == 1
    digest = messages_visible_to(ruth).get(template="reminder-digest")
    assert "ask for 10 more" in digest.text
    assert "Amara Okafor" in {one.name for day in coming_to(ruth, most=25, at=LATER) for one in day.shown}
    Conflict.objects.create(case=case, member=ruth, declared_at=timezone.now())
    assert not messages_visible_to(ruth).filter(template="reminder-digest").exists()
    assert "Amara Okafor" not in {one.name for day in coming_to(ruth, most=25, at=LATER) for one in day.shown}
    assert messages_visible_to(amara).filter(template="reminder-digest").exists()


def test_a_day_with_many_people_is_shown_page_by_page(client, ruth):
    """Everybody is counted on the first page, and found on those of the day."""
    names = [factories.certificant(since=date(2023, 1, 16)).name for _n in range(103)]
    page = client.get(COMING).content.decode()
    assert "103 people are told something, 103 lines in all." in page and page.count("can be renewed") == 0
    assert page.count("Year 4 of ") == 25 and 'href="?day=2026-11-20"' in page
    shown = [client.get(COMING, {"day": "2026-11-20", "page": n}).content.decode() for n in (1, 2)]
    assert [one.count("Year 4 of ") for one in shown] == [100, 3]
    assert all(any(f">{name}<" in one for one in shown) for name in names)
    assert "Owed now" in client.get(COMING, {"day": "2026-12-31"}).content.decode()
