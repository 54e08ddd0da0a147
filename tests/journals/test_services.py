"""R-UPL: entries are added, moved once, never changed; a scheduled run may wait for its release."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from journals import rules, services
from journals.models import Entry, ScheduleRow, Upload
from serportal.outbox.models import Message
from serportal.ui.words import programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def entry(ruth):
    factories.decided(ruth, [factories.member() for _ in range(3)])
    return Entry.objects.get()


def refused(error, action):
    with pytest.raises(error), transaction.atomic():
        action()


def test_an_entry_is_never_changed_or_deleted_but_moved_once(entry):
    one, other = (services.prepare_upload(key=key, due_on=programme_day()) for key in ("one", "other"))
    refused(InternalError, lambda: Entry.objects.update(credits=5))
    refused(InternalError, lambda: Entry.objects.update(description="Other"))
    refused(InternalError, lambda: Entry.objects.all()._raw_delete("default"))
    Entry.objects.update(upload=one)
    refused(InternalError, lambda: Entry.objects.update(upload=other))
    refused(InternalError, lambda: Entry.objects.update(upload=None))


@pytest.mark.parametrize("credits", ["0", "-1", "0.1", "100.25", "NaN"])
def test_the_database_refuses_credits_that_cannot_be(entry, credits):
    row = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    row |= {"id": None, "decision_id": None, "source": "import", "credits": credits}
    refused(Exception, lambda: Entry(**row).save(force_insert=True))


def test_a_decision_has_one_entry_however_often_it_is_entered(entry):
    again = services.enter(
        decision=entry.decision,
        claim=rules.Claim("conference", entry.earned_on, Decimal(22)),
        description="Twice",
        credit=rules.Credit(entry.credits, (), None),
        period=entry.period,
        at=timezone.now(),
    )
    assert again == entry
    row = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    refused(IntegrityError, lambda: Entry(**{**row, "id": None}).save(force_insert=True))


def moment_of(day) -> datetime:
    return datetime.combine(day, services.UPLOAD_HOUR, tzinfo=programme_zone())


def test_the_scheduled_run_posts_at_its_hour_what_was_approved_by_then(entry):
    due = services.next_upload_on()
    moment = moment_of(due)
    assert services.post_due_upload(moment - timedelta(minutes=1)) is None
    upload = services.post_due_upload(moment + timedelta(days=3))
    assert (upload.key, upload.entries_posted, upload.control_total) == (f"scheduled {due}", 1, 10)
    assert services.post_due_upload(moment + timedelta(days=4)) == upload
    assert Upload.objects.count() == 1


def test_a_run_made_up_late_leaves_what_was_approved_after_its_moment_for_the_next(entry):
    passed = rules.last_upload(programme_day(), a_year=4)
    upload = services.post_due_upload(timezone.now())
    assert (upload.due_on, upload.entries_posted) == (passed, 0)
    assert Entry.objects.waiting().count() == 1


def test_a_run_may_wait_for_the_coordinator(client, ruth, entry):
    row = services.policy_on(programme_day())
    row.pk, row.upload_waits, row.effective_from = None, True, programme_day()
    row.save()
    moment = moment_of(services.next_upload_on())
    upload = services.post_due_upload(moment)
    assert upload.posted_at is None
    assert Entry.objects.waiting().count() == 1
    client.force_login(ruth)
    page = client.get(reverse("admin:journals_upload_run"))
    assert str(upload) in page.content.decode()
    client.post(reverse("admin:journals_upload_run"), {"submit_key": page.context["form"]["submit_key"].value()})
    upload.refresh_from_db()
    assert (upload.entries_posted, upload.posted_by, upload.control_total) == (1, ruth, 10)


def test_the_button_pressed_twice_is_one_run(client, ruth, entry):
    client.force_login(ruth)
    path = reverse("admin:journals_upload_run")
    key = client.get(path).context["form"]["submit_key"].value()
    first, second = (client.post(path, {"submit_key": key}) for _ in range(2))
    assert first.url == second.url
    assert Upload.objects.get().control_total == 10
    assert client.post(path, {"submit_key": "nonsense"}).status_code == 200
    assert Upload.objects.count() == 1


def test_a_changed_rate_holds_from_its_day_and_a_filed_claim_keeps_its_own(ruth):
    committee = [factories.member() for _ in range(3)]
    case = factories.voted(ruth, committee)
    today = programme_day()
    old = ScheduleRow.objects.get(activity="conference")
    ScheduleRow.objects.create(
        activity="conference",
        category=3,
        measure="hours",
        rate=4,
        unit="hours",
        pre_approvable=True,
        effective_from=today - timedelta(days=5),
    )
    assert services.rate_on("conference", today).rate == 4
    assert services.rate_on("conference", today - timedelta(days=6)) == old
    factories.reviews.decide(case.pk, digest=factories.reviews.preview(case).digest, by=ruth)
    assert Entry.objects.get().sentence.startswith("22 hours ÷ 2 = 11")
    later = factories.claim(last_day=today - timedelta(days=1))
    assert later.amount == Decimal("5.5")


def test_the_letter_says_what_the_ballot_page_and_the_journal_say(client, ruth):
    committee = [factories.member() for _ in range(3)]
    case = factories.seated(ruth, committee)
    factories.reviews.declare(factories.Seat.objects.get(member=committee[0]).pk, conflict=False, by=committee[0])
    client.force_login(committee[0])
    said = client.get(reverse("reviews:case", args=[case.reference])).context["worth"].sentence
    for one in committee:
        factories.vote(case, one)
    case.refresh_from_db()
    factories.reviews.decide(case.pk, digest=factories.reviews.preview(case).digest, by=ruth)
    assert said == Entry.objects.get().sentence == case.cecs_cecsubmission.sentence
    letter = Message.objects.get(key__startswith="decision:").text
    receipt = Message.objects.get(key__startswith="receipt:").context["sum"]
    assert said in letter and said == receipt
