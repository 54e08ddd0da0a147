"""What sponsors are reminded of, when, and when no more (SPEC 5)."""

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from journals.states import Delivery
from preapprovals.models import Draft, Occurrence, Offering
from preapprovals.services import renewing, visiting
from preapprovals.services.reminding import CONFIRM, DRAFT, EXPIRY, RECORDS, due
from preapprovals.states import ContactRole, OfferingState
from serportal.files.models import Folder
from serportal.outbox import services as outbox
from serportal.outbox.models import Message, Reminder
from serportal.ui.words import programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db


def told(purpose: str, day=None) -> list[tuple[int, str]]:
    """(person, step) of what is due by ``day`` for one purpose."""
    return [(one.person, one.step) for one in due(day or programme_day()) if one.purpose == purpose]


def manager(offering) -> int:
    return offering.sponsor.contacts.get(role=ContactRole.MANAGER).person_id


@pytest.mark.parametrize(
    ("days", "steps"), [(-19, []), (-20, ["20"]), (-29, ["20"]), (-30, ["20", "30"]), (-90, ["20", "30"]), (-91, [])]
)
def test_completion_is_asked_for_on_day_20_and_30(days, steps):
    """R-SPO-4."""
    offering = factories.offering(valid_from=programme_day() - timedelta(days=200))
    factories.occurrence(offering, days=days)
    assert told(CONFIRM) == [(manager(offering), step) for step in steps]


@pytest.mark.parametrize(
    "columns",
    [
        {"confirmed_at": timezone.now()},
        {"cancelled_at": timezone.now()},
    ],
)
def test_a_date_that_is_confirmed_or_cancelled_asks_for_nothing(columns):
    run = factories.occurrence(days=-25)
    assert told(CONFIRM)
    Occurrence.objects.filter(pk=run.pk).update(**columns)
    assert not told(CONFIRM)


def test_what_is_on_demand_or_only_listed_has_no_day_to_confirm():
    factories.occurrence(factories.offering(delivery=Delivery.ON_DEMAND), days=-25)
    factories.occurrence(factories.offering(credits=None, minutes=0), days=-25)
    assert not told(CONFIRM)


@pytest.mark.parametrize(
    ("days", "steps"), [(61, []), (60, ["60"]), (15, ["60"]), (14, ["60", "14"]), (0, ["60", "14"]), (-1, [])]
)
def test_an_approval_that_ends_is_told_60_and_14_days_before(days, steps):
    """R-SPO-2."""
    last = programme_day() + timedelta(days=days)
    offering = factories.offering(valid_from=last - timedelta(days=700), valid_to=last)
    assert told(EXPIRY) == [(manager(offering), step) for step in steps]


def ending(**columns) -> Offering:
    last = programme_day() + timedelta(days=10)
    offering = factories.offering(valid_from=last - timedelta(days=700), valid_to=last)
    Offering.objects.filter(pk=offering.pk).update(**columns)
    return offering


@pytest.mark.parametrize(
    "columns", [{"recurring": False}, {"state": OfferingState.WARNED}, {"state": OfferingState.TERMINATED}]
)
def test_what_cannot_be_renewed_is_not_asked_about(columns):
    ending(**columns)
    assert not told(EXPIRY)


def test_what_is_renewed_or_asked_for_again_is_not_asked_about():
    ruth, offering, other = factories.coordinator(), ending(), ending()
    assert len(told(EXPIRY)) == 4
    key = renewing.plan_renewal(renewing.with_renewal(Offering.objects.filter(pk=offering.pk)).get()).key
    renewing.renew(offering_id=offering.pk, key=key, by=ruth)
    assert {person for person, _step in told(EXPIRY)} == {manager(other)}
    case = factories.preapproval()
    request = case.preapprovals_preapprovalrequest
    request.renews = other
    request.save(update_fields=["renews"])
    assert not told(EXPIRY)


def test_only_those_who_may_act_and_came_are_reminded():
    offering, reader = ending(), factories.PersonFactory()
    given = {"invited_at": timezone.now(), "invited_by": reader}
    contacts = offering.sponsor.contacts
    contacts.create(email=reader.email, person=reader, role=ContactRole.READER, joined_at=timezone.now(), **given)
    contacts.create(email="invited@delta.example", role=ContactRole.EDITOR, **given)
    assert {person for person, _step in told(EXPIRY)} == {manager(offering)}
    contacts.update(left_at=timezone.now())
    assert not told(EXPIRY)


@pytest.mark.parametrize(
    ("given", "left", "steps"),
    [
        *(
            (30, left, steps)
            for left, steps in [(8, []), (7, ["-7"]), (0, ["-7"]), (-1, ["-7", "1"]), (-99, ["-7", "1"])]
        ),
        *((7, left, steps) for left, steps in [(7, []), (0, []), (-1, ["1"])]),
        (8, 7, ["-7"]),
    ],
)
def test_records_are_asked_for_again_a_week_before_their_day_and_the_day_after(given, left, steps):
    """R-SPO-5: with ``given`` days to answer, ``left`` of them left; less than a week is in the first letter."""
    offering, until = factories.offering(), programme_day() + timedelta(days=left)
    at = datetime.combine(until - timedelta(days=given), time(12), tzinfo=programme_zone())
    visit = visiting.ask_records(
        offering_id=offering.pk, asked_until=until, note="All of it.", by=factories.coordinator(), at=at
    )
    assert told(RECORDS) == [(manager(offering), step) for step in steps]
    visiting.answer_records(visit_id=visit.pk, text="Here.", by=offering.sponsor.contacts.get().person)
    assert not told(RECORDS)


def test_the_line_about_records_leads_to_where_they_are_sent():
    offering, today = factories.offering(), programme_day()
    given = {"note": "All of it.", "by": factories.coordinator(), "at": timezone.now() - timedelta(days=20)}
    visit = visiting.ask_records(offering_id=offering.pk, asked_until=today + timedelta(days=3), **given)
    noon = datetime.combine(today, time(12), tzinfo=programme_zone())
    outbox.note_due(at=noon)
    assert outbox.send_digests(at=noon) == 1
    letter = Message.objects.get(template="reminder-digest").text
    assert f"records of “{offering.title}” by" in letter and visiting.records_address(visit) in letter


@pytest.mark.parametrize(("days", "found"), [(29, False), (30, True), (60, True), (61, False)])
def test_a_request_never_sent_is_told_after_30_days(days, found):
    owner = factories.PersonFactory()
    saved = datetime.combine(programme_day() - timedelta(days=days), time(12), tzinfo=programme_zone())
    Draft.objects.create(owner=owner, folder=Folder.objects.create(), started_at=saved, saved_at=saved)
    assert bool(told(DRAFT)) == found


def test_a_reminder_is_one_line_of_the_days_letter_and_goes_when_its_reason_does():
    run = factories.occurrence(days=-25)
    noon = datetime.combine(programme_day(), time(12), tzinfo=programme_zone())
    outbox.note_due(at=noon)
    assert Reminder.objects.get(purpose=CONFIRM).person_id == manager(run.offering)
    Occurrence.objects.filter(pk=run.pk).update(confirmed_at=noon)
    assert outbox.send_digests(at=noon) == 0
    Occurrence.objects.filter(pk=run.pk).update(confirmed_at=None)
    outbox.note_due(at=noon)
    assert outbox.send_digests(at=noon) == 1
    letter = Message.objects.get(template="reminder-digest")
    assert f"{settings.SITE_URL}/preapprovals/dates/{run.pk}/" in letter.text


def test_a_reminder_is_about_the_case_its_offering_came_from():
    """R-REV-5: mail is hidden with its case."""
    ruth, committee = factories.coordinator(), [factories.member() for _n in range(3)]
    case = factories.preapproved(ruth, committee)
    offering = Offering.objects.get(request=case.pk)
    Offering.objects.filter(pk=offering.pk).update(valid_to=programme_day() + timedelta(days=50))
    assert {one.about for one in due(programme_day()) if one.purpose == EXPIRY} == {case.reference}


def test_the_queries_are_the_same_for_many(django_assert_num_queries):
    for _n in range(3):
        factories.occurrence(days=-25)
        ending()
    with django_assert_num_queries(8):
        assert len(due(programme_day())) == 9
