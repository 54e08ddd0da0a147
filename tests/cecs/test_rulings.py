"""R-CAP, R-ROLE, R-DUP: what the coordinator decides otherwise about a claim, with a reason, before it is decided."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cecs import services
from cecs.kind import CecKind
from journals.models import Entry, Event
from journals.states import Ruling
from serportal.home.invariants import broken
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from tests import factories
from tests.reviews.test_services import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everything_holds():
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


def read(case):
    return CecKind().read(ReviewCase.objects.get(pk=case.pk)).worth


def test_linked_events_share_one_cap_and_what_is_credited_stays(ruth, committee):
    """R-CAP: whichever of the two claims the link starts from, and through a third spelling."""
    amara = factories.certificant()
    other = factories.claim(hours="12", title="North Sea Days")
    first = factories.decided(ruth, committee, owner=amara, hours="16")
    case = factories.claim(amara, hours="12", title="The North Sea Wetland Days")
    assert (read(case).most, Event.objects.count()) == (6, 3)
    services.link_event(other.pk, event_id=case.cecs_cecsubmission.event_id, by=ruth)
    services.link_event(case.pk, event_id=first.cecs_cecsubmission.event_id, by=ruth)
    assert read(case).most == 2
    assert "8" in read(case).sentence and Entry.objects.get().credits == 8
    assert {event.root_id for event in Event.objects.all()} == {other.cecs_cecsubmission.event_id}
    later = factories.claim(amara, hours="12", title="North Sea Days")
    assert later.amount == 2
    assert "The same event as" in case.events.get(move="rule").note


def test_linked_events_share_their_precedents(ruth, committee):
    """R-REV-7."""
    first = factories.decided(ruth, committee)
    case = factories.claim(title="The North Sea Wetland Days")
    assert not CecKind().precedents(case).exists()
    services.link_event(case.pk, event_id=first.cecs_cecsubmission.event_id, by=ruth)
    assert [one.case for one in CecKind().precedents(case)] == [first]


def test_a_link_to_nothing_and_about_no_event_is_refused(ruth):
    case = factories.claim()
    with refused("no-event"):
        services.link_event(case.pk, event_id=10**8, by=ruth)
    with refused("no-event"):
        services.link_event(factories.claim(about="book").pk, event_id=case.cecs_cecsubmission.event_id, by=ruth)


def test_what_is_ruled_the_same_brings_nothing_until_the_ruling_is_taken_back(ruth):
    """R-DUP: look-alikes change no number unless somebody says so."""
    case = factories.claim()
    services.rule(case.pk, code=Ruling.SAME, holds=True, reason="The same week under another name.", by=ruth)
    assert read(case).most == 0
    services.rule(case.pk, code=Ruling.SAME, holds=False, reason="It was another week.", by=ruth)
    assert read(case).most == 10
    assert [event.note.split(". ")[-1] for event in case.events.filter(move="rule")] == [
        "The same week under another name.",
        "It was another week.",
    ]


def test_service_ruled_apart_counts_beside_the_board(ruth, committee):
    """R-ROLE: two chapters are one level, unless the coordinator decides otherwise with a reason."""
    amara = factories.certificant(since=factories.programme_day() - timedelta(days=500))
    case = factories.claim(amara, about="committee", level="chapter", unit="SER Asia", provider="SER Asia")
    factories.decided(ruth, committee, owner=amara, about="board")
    assert read(case).most == 0
    services.rule(case.pk, code=Ruling.SEPARATE, holds=True, reason="Another chapter altogether.", by=ruth)
    assert read(case).most == 3


def test_service_beside_the_board_of_another_chapter_can_be_filed_and_ruled_apart(client, ruth, committee):
    """R-ROLE: the coordinator may decide otherwise, so the claim must reach them though nothing is left of it yet."""
    amara = factories.certificant(since=factories.programme_day() - timedelta(days=500))
    factories.decided(ruth, committee, owner=amara, about="board")
    given = factories.answers_about("committee", level="chapter", unit="SER Asia", provider="SER Asia")
    draft = factories.draft(amara, data=factories.draft_data(given))
    client.force_login(amara)
    page = client.get(f"/cecs/drafts/{draft.pk}/check/").content.decode()
    assert "By itself it brings nothing." in page and "up to 3 credits" in page
    assert client.post(f"/cecs/drafts/{draft.pk}/check/", {"version": draft.version}).status_code == 302
    case = ReviewCase.objects.get(topic="committee")
    assert case.amount == 3 and case.cecs_cecsubmission.flags and read(case).most == 0
    services.rule(case.pk, code=Ruling.SEPARATE, holds=True, reason="Another chapter altogether.", by=ruth)
    assert read(case).most == 3


def test_service_beside_the_board_of_the_same_chapter_is_refused(ruth, committee):
    amara = factories.certificant(since=factories.programme_day() - timedelta(days=500))
    factories.decided(ruth, committee, owner=amara, about="board")
    with refused("worth-nothing"):
        factories.claim(amara, about="committee", level="chapter", unit="SER Europe", provider="SER Europe")


def test_rulings_need_a_reason_and_an_open_case(ruth, committee):
    case = factories.decided(ruth, committee)
    with refused("decided"):
        services.rule(case.pk, code=Ruling.SAME, holds=True, reason="Late.", by=ruth)
    with refused("decided"):
        services.link_event(case.pk, event_id=case.cecs_cecsubmission.event_id, by=ruth)
    with refused("no-reason"):
        services.rule(factories.claim().pk, code=Ruling.SAME, holds=True, reason=" \u200b", by=ruth)


def test_a_ruling_after_the_letter_was_read_is_read_first(ruth, committee):
    """R-REV-9."""
    case = factories.voted(ruth, committee)
    digest = reviews.preview(case).digest
    services.rule(case.pk, code=Ruling.SAME, holds=True, reason="The same week.", by=ruth)
    with refused("changed-letter"):
        reviews.decide(case.pk, digest=digest, by=ruth)


def test_the_page_takes_rulings_and_links(client, ruth):
    case, other = factories.claim(), factories.claim(title="North Sea Wetland Conference")
    path = reverse("admin:cecs_cecsubmission_rulings", args=[case.pk])
    client.force_login(ruth)
    assert "North Sea Wetland Conference" in client.get(path).content.decode()
    assert client.post(path, {"code": "same", "holds": "yes"}).status_code == 422
    assert client.post(path, {"code": "same", "holds": "yes", "reason": "The same week."}).status_code == 302
    assert read(case).most == 0
    assert client.post(path, {"link": other.cecs_cecsubmission.event_id}).status_code == 302
    page = client.get(path).content.decode()
    assert "The same week." in page and "No other event around these days" in page
    roots = {one.cecs_cecsubmission.event.root_id for one in (ReviewCase.objects.get(pk=n.pk) for n in (case, other))}
    assert len(roots) == 1
