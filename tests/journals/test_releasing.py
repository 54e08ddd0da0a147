"""The next run beside the last, who releases it, and how far a run has come (R-UPL-1, R-UPL-3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from journals import services
from journals.models import Entry, PolicyRow, Upload
from journals.services.comparing import compare
from journals.states import Progress
from serportal.home.invariants import broken
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of
from tests.journals.test_uploads import earn, policy_values, run

pytestmark = pytest.mark.django_db
D = Decimal
RUN = "/admin/journals/upload/run/"


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth(client):
    person = factories.coordinator(name="Ruth Okello")
    client.force_login(person)
    return person


@pytest.fixture
def deputy():
    return factories.coordinator(name="Dag Berg")


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=500))


def press(client, **more):
    page = client.get(RUN)
    return client.post(RUN, {"submit_key": page.context["form"]["submit_key"].value(), **more}, follow=True)


def beside(coordinator):
    return compare(Entry.objects.known_to(coordinator))


def asking_two():
    PolicyRow.objects.create(**policy_values(second_person=True))


def test_the_next_run_stands_beside_the_last(client, ruth, amara):
    zoe = factories.certificant(name="Zoe Adair")
    earn(amara, "10", "2.5")
    earn(amara, "1", activity="book")
    earn(zoe, "3")
    run("one")
    new = factories.certificant(name="Piet Zwart")
    earn(new, "4", activity="book")
    earn(amara, "-10")
    found = beside(ruth)
    assert [(str(one.activity)[:10], one.entries_before, one.entries, one.more) for one in found.lines] == [
        ("Attending ", 3, 1, D("-25.5")),
        ("Writing a ", 1, 1, 3),
    ]
    assert [one.name for one in found.new.first] == ["Piet Zwart"] and found.new.count == 1
    assert [one.name for one in found.gone.first] == ["Zoe Adair"]
    assert [one.sentence for one in found.taken_back.first] == ["A mistake."]
    page = text_of(client.get(RUN))
    assert "In all, 2 members then, 2 now 4 2 16.5 −6 −22.5" in page
    assert "One member is new this time" in page and "One entry was taken back since" in page
    assert "Amara Okafor: Field day of 10, −10 A mistake." in page


def test_before_the_first_run_there_is_nothing_to_compare_with(client, ruth, amara):
    earn(amara, "3")
    assert beside(ruth).last is None and beside(ruth).gone.count == 0
    assert "No upload was run before this one" in text_of(client.get(RUN))


def test_a_conflict_hides_a_case_from_the_comparison(ruth, deputy, amara):
    """R-REV-5."""
    case = factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara)
    case.conflicts.create(member=deputy, declared_at=timezone.now())
    assert beside(ruth).new.count == 1 and len(beside(ruth).lines) == 1
    assert beside(deputy).new.count == 0 and beside(deputy).lines == []
    services.reverse(Entry.objects.get().pk, reason="A mistake.", by=ruth)
    assert (beside(ruth).taken_back.count, beside(deputy).taken_back.count) == (1, 0)


def test_whoever_prepared_a_run_may_release_it_unless_the_policy_asks_for_two(client, ruth, deputy, amara):
    earn(amara, "3")
    upload = services.prepare_upload(key="waits", due_on=programme_day(), by=ruth)
    assert "Prepared by Ruth Okello" in text_of(client.get(RUN))
    assert services.release_upload(upload, by=ruth).control_total == 3


def test_a_second_person_releases_and_the_reason_is_kept(client, ruth, deputy, amara):
    asking_two()
    earn(amara, "3")
    page = text_of(press(client))
    assert "It is prepared. Another coordinator releases it." in page
    assert "Prepared by you: another coordinator releases it." in page
    upload = Upload.objects.get()
    assert upload.posted_at is None and upload.prepared_by == ruth
    answer = press(client)
    assert answer.status_code == 409 and "You prepared this upload" in text_of(answer)
    client.post(reverse("admin:journals_upload_start", args=[upload.pk]))
    assert Entry.objects.waiting().count() == 1 and Upload.objects.count() == 1
    client.force_login(deputy)
    assert "Prepared by Ruth Okello" in text_of(client.get(RUN))
    answer = press(client, note="  ")
    assert answer.status_code == 409 and "Write what you compared" in text_of(answer)
    page = text_of(press(client, note="The sums agree."))
    assert "by Dag Berg." in page and "Prepared by Ruth Okello." in page
    assert "Why it was released: The sums agree." in page
    upload.refresh_from_db()
    assert (upload.posted_by, upload.release_note, upload.control_total) == (deputy, "The sums agree.", 3)


def test_what_the_portal_prepared_needs_one_person(ruth, amara):
    asking_two()
    earn(amara, "3")
    upload = services.prepare_upload(key="scheduled 2026-10-01", due_on=programme_day())
    with pytest.raises(Refusal, match="Write what you compared"):
        services.release_upload(upload, by=ruth)
    assert services.release_upload(upload, by=ruth, note="Looked at it.").posted_by == ruth


def test_a_run_that_fails_says_why_moves_nothing_and_starts_again(client, ruth, amara):
    earn(amara, "3")
    upload = services.prepare_upload(key="waits", due_on=programme_day())
    assert services.progress_of(upload) == Progress.PREPARED
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journals_statement ADD CONSTRAINT none_today CHECK (posted > 50) NOT VALID")
    with pytest.raises(DatabaseError):
        services.post_upload(upload, by=ruth)
    upload.refresh_from_db()
    assert services.progress_of(upload) == Progress.FAILED and upload.started_by == ruth
    page = text_of(client.get(reverse("admin:journals_upload_change", args=[upload.pk])))
    assert "It failed and moved nothing. The database refused it." in page
    answer = client.post(reverse("admin:journals_upload_start", args=[upload.pk]), follow=True)
    assert "The upload did not finish. How far it came stands below." in text_of(answer)
    assert Entry.objects.waiting().count() == 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journals_statement DROP CONSTRAINT none_today")
    client.post(reverse("admin:journals_upload_start", args=[upload.pk]))
    upload.refresh_from_db()
    assert (services.progress_of(upload), upload.control_total, upload.fault) == (Progress.POSTED, 3, "")


def test_a_run_that_began_and_holds_nothing_was_stopped(client, ruth, amara):
    earn(amara, "3")
    upload = services.prepare_upload(key="waits", due_on=programme_day())
    Upload.objects.update(started_at=timezone.now(), started_by=ruth)
    path = reverse("admin:journals_upload_change", args=[upload.pk])
    page = text_of(client.get(path))
    assert "It was stopped before it was done, so it moved nothing." in page and "Start it again" in page
    assert "Started by Ruth Okello" in text_of(client.get(RUN))
    assert client.get(reverse("admin:journals_upload_start", args=[upload.pk])).status_code == 405
    listed = "/admin/journals/upload/"
    assert "Eastern Time, not done, by Ruth Okello" in text_of(client.get(listed))
    page = text_of(client.post(reverse("admin:journals_upload_start", args=[upload.pk]), follow=True))
    assert "posted " in text_of(client.get(listed))
    assert "One entry was uploaded, 3 credits." in page


def test_a_run_of_named_entries_moves_no_others(amara):
    first, second = earn(amara, "3", "4")
    upload = services.prepare_upload(key="one of them", due_on=programme_day())
    assert services.post_upload(upload, only=[second.pk]).control_total == 4
    assert list(Entry.objects.waiting()) == [first]
