"""The private calendar of one’s deadlines, read here by two calendar programs that are not ours."""

import re
from datetime import timedelta
from decimal import Decimal

import icalendar
import pytest
import time_machine
import vobject
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cecs import services as cecs
from journals import services
from journals.models import DeadlineFeed
from journals.rules import next_upload
from serportal.certifications.rules import RENEWAL_OPENS, anniversary
from serportal.home.plan.deadlines import deadlines_of
from serportal.reviews import services as reviews
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal
FEED = "/journal/deadlines/"


@pytest.fixture
def amara():
    """Certified so that 90 days are left of the fourth year."""
    last = programme_day() + timedelta(days=90)
    return factories.certificant(name="Amara Okafor", since=anniversary(last + timedelta(days=1), -4))


def address(person) -> str:
    return f"{FEED}{services.open_feed(by=person).key}.ics"


def read(client, path: str) -> dict[str, object]:
    """Return the events of a calendar by their titles, as two programs read them."""
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    whole = vobject.readOne(answer.content.decode())
    events = {one.summary.value: one for one in whole.contents.get("vevent", [])}
    other = icalendar.Calendar.from_ical(answer.content)
    assert [str(one["summary"]) for one in other.events if not one.errors] == list(events)
    assert len({one.uid.value for one in events.values()}) == len(events)
    return events


def test_year_ends_the_period_renewal_and_uploads_stand_on_their_days(client, amara):
    period = amara.periods.get()
    factories.imported(amara, credits="4.5", earned_on=programme_day() - timedelta(days=5))
    factories.imported(amara, credits="30")
    events = read(client, address(amara))
    upload = next_upload(programme_day(), a_year=4)
    assert {title: one.dtstart.value for title, one in events.items()} == {
        "Uploaded to your journal: 34.5 credits": upload,
        "Certification year 4 ends: 0.5 still to find": period.years()[3].last,
        "The renewal of your certification opens": period.ends_on - RENEWAL_OPENS + timedelta(days=1),
        "Certification year 5 ends: 5 still to find": period.ends_on,
        "Your certification period ends: 15.5 still to find": period.ends_on,
    }
    year = events["Certification year 4 ends: 0.5 still to find"]
    assert year.dtend.value == period.years()[3].last + timedelta(days=1)
    assert year.description.value.startswith("4.5 of 5 credits are approved.\n") and year.transp.value == "TRANSPARENT"
    assert year.url.value.endswith("/journal/plan/") and year.contents["class"][0].value == "PRIVATE"


def test_what_was_agreed_about_a_year_changes_its_event_and_adds_the_make_up_day(client, amara):
    """R-PER-3: a program that has an event reads it again only where it is counted up."""
    period, ruth = amara.periods.get(), factories.coordinator()
    title = "Certification year 4 ends: {} still to find"
    before = read(client, address(amara))[title.format(5)]
    factories.arranged(ruth, amara, year="4", credits="2.5")
    after = read(client, address(amara))[title.format("2.5")]
    assert after.uid.value == before.uid.value and int(after.sequence.value) > int(before.sequence.value)
    until = programme_day() + timedelta(days=30)
    factories.arranged(ruth, amara, year="3", shape="make-up", day=until.isoformat())
    made_up = read(client, address(amara))["Year 3 is made up until today: 5 still to find"]
    assert made_up.dtstart.value == until
    factories.imported(amara, credits="5", earned_on=period.years()[3].first)
    assert not [one for one in read(client, address(amara)) if one.startswith("Year 3")]


def test_the_renewal_opens_on_the_first_day_on_which_it_is_due(amara):
    """R-PER-6: the day in the calendar is the one on which the standing changes."""
    (opens,) = [one.day for one in deadlines_of(amara, programme_day()) if one.about.startswith("renewal")]
    states = [amara.certifications.with_period().get().state_on(opens + timedelta(days=n)) for n in (-1, 0)]
    assert states == ["active", "renewal due"]


def test_drafts_that_wait_and_proof_that_is_due_are_in_it(client, amara):
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    draft = factories.draft(amara, data=factories.draft_data(title="Delta Days; 2026"))
    over = programme_day() - timedelta(days=1)
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        case = factories.decided(ruth, committee, owner=amara, title="Ahead", last_day=over)
        assert case.state == "approved in advance"
    reviews.await_proof()
    case.refresh_from_db()
    events = read(client, address(amara))
    assert events["Proof is due: Ahead"].dtstart.value == case.due_on
    assert events["Proof is due: Ahead"].url.value.endswith(reverse("cecs:case", args=[case.reference]))
    waits = events["Not sent yet: Delta Days; 2026"]
    assert waits.dtstart.value == programme_day(draft.saved_at) + timedelta(days=30)
    assert waits.url.value.endswith(f"/cecs/drafts/{draft.pk}/")


def test_a_draft_that_waits_on_stands_on_a_day_to_come_and_counts_up(amara):
    draft, found = factories.draft(amara), []
    saved = programme_day(draft.saved_at)
    for days in (0, 30, 31, 60, 61):
        (one,) = [one for one in deadlines_of(amara, saved + timedelta(days=days)) if one.about.startswith("draft")]
        found.append(((one.day - saved).days, one.sequence))
    assert [days for days, _n in found] == [30, 30, 60, 60, 90]
    assert [n for _days, n in found] == sorted(n for _days, n in found) and len({n for _days, n in found}) == 3
    cecs.save(draft_id=draft.pk, owner=amara, data={"title": "Typed on"}, seen=cecs.Seen(draft.version))
    (one,) = [one for one in deadlines_of(amara, saved) if one.about.startswith("draft")]
    assert one.sequence > found[-1][1]


def test_ids_stay_and_every_change_counts_up(client, amara):
    path = address(amara)
    before = {one.uid.value: one for one in read(client, path).values()}
    entry = factories.imported(amara, credits="2")
    after = {one.uid.value: one for one in read(client, path).values()}
    assert set(before) < set(after)
    assert all(int(after[uid].sequence.value) > int(one.sequence.value) for uid, one in before.items())
    assert {after[uid].last_modified.value for uid in before} == {entry.approved_at.replace(microsecond=0)}
    services.post_upload(services.prepare_upload(key="run", due_on=programme_day()))
    posted = {one.uid.value: one for one in read(client, path).values()}
    assert set(posted) == set(before)
    assert all(int(one.sequence.value) > int(after[uid].sequence.value) for uid, one in posted.items())


def test_the_file_is_as_the_standard_wants_it(client, amara):
    """RFC 5545: ends of lines, folding, whole days; nobody keeps a copy of it on the way."""
    factories.draft(amara, data=factories.draft_data(title="Ναϊβάσα, " * 12))
    answer = client.get(address(amara))
    lines = answer.content.split(b"\r\n")
    assert answer.content.endswith(b"END:VCALENDAR\r\n") and b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75 and all(line.decode() for line in lines[:-1])
    assert answer["Cache-Control"] == "private, no-store" and answer["X-Robots-Tag"] == "noindex"
    assert client.head(address(amara)).status_code == 200


def test_its_address_is_made_shown_made_anew_and_ended_by_its_owner_alone(client, amara):
    client.force_login(amara)
    plan = reverse("plan:plan")
    assert client.post(FEED, {"act": "open"})["Location"] == f"{plan}#calendar"
    page = client.get(plan).content.decode()
    (first,) = set(re.findall(r"/journal/deadlines/[\w-]{43}\.ics", page))
    client.post(FEED, {"act": "open"})
    assert first in client.get(plan).content.decode()
    client.post(FEED, {"act": "renew"})
    (second,) = set(re.findall(r"/journal/deadlines/[\w-]{43}\.ics", client.get(plan).content.decode()))
    client.logout()
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.force_login(factories.certificant())
    client.post(FEED, {"act": "close"})
    assert client.get(second).status_code == 200
    client.force_login(amara)
    for _twice in range(2):
        client.post(FEED, {"act": "close"})
    assert "Make the address" in client.get(plan).content.decode()
    client.logout()
    ended, never = client.get(second), client.get(f"{FEED}{'x' * 43}.ics")
    assert ended.status_code == never.status_code == 404 and ended.content == never.content


def test_making_an_address_keeps_the_plan_that_stands_on_the_page(client, amara):
    client.force_login(amara)
    plan = client.get(reverse("plan:plan"), {"activity-3": "paper", "day-3": "2027-01-09"})
    (kept,) = set(re.findall(r'name="plan" value="([^"]*)"', plan.content.decode()))
    assert kept == "activity-0=paper&amp;day-0=2027-01-09"
    answer = client.post(FEED, {"act": "open", "plan": kept.replace("&amp;", "&")})
    assert answer["Location"] == "/journal/plan/?activity-0=paper&day-0=2027-01-09#calendar"
    foreign = client.post(FEED, {"act": "open", "plan": "next=https://evil.example/&day-0=&listed-0=//evil"})
    assert foreign["Location"] == "/journal/plan/?listed-0=%2F%2Fevil#calendar"


def test_reading_makes_no_address_and_an_unknown_act_does_nothing(client, amara):
    client.force_login(amara)
    assert client.get(FEED).status_code == 302
    answer = client.post(FEED, {"act": "explode"}, follow=True)
    assert "Nothing was changed" in answer.content.decode() and not DeadlineFeed.objects.exists()


def test_who_has_no_journal_gets_no_calendar(client):
    person = factories.PersonFactory()
    with pytest.raises(Refusal) as refused:
        services.open_feed(by=person)
    assert refused.value.code == "no-journal"
    client.force_login(person)
    assert "needs a journal" in client.post(FEED, {"act": "renew"}, follow=True).content.decode()


def test_a_closed_account_has_no_calendar(client, amara):
    path = address(amara)
    amara.is_active = False
    amara.save()
    assert client.get(path).status_code == 404


def test_no_address_can_be_guessed(amara):
    """The database itself refuses a key that is short."""
    assert len({services.renew_feed(by=amara).key for _ in range(5)}) == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineFeed.objects.update(key="amara")
