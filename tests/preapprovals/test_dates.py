"""The dates of an offering, and what its sponsor owes (R-SPO-2, R-SPO-4, R-SPO-5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from preapprovals.models import Attendance, Occurrence, Offering, Visit
from preapprovals.services import dates, duties
from preapprovals.services import roster_taking as taking
from preapprovals.services.dates import When
from preapprovals.states import AttendanceState, OfferingState
from serportal.files.models import Folder
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


def when(day, **given) -> When:
    facts = {"first_day": day, "last_day": day, "zone": "America/New_York", "place": "Ithaca", "country": "US", **given}
    return When(**facts)


def moved(run: Occurrence, day, **given) -> Occurrence:
    return dates.move(occurrence_id=run.pk, when=when(day, **given), by=None)


def test_a_date_sent_twice_is_one():
    offering = factories.offering()
    day = programme_day()
    one, other = (dates.add_date(offering_id=offering.pk, when=when(day), by=None) for _n in range(2))
    assert one == other and offering.occurrences.count() == 1


def test_a_date_that_moves_keeps_its_uid_and_counts_its_changes():
    run = factories.occurrence()
    day = run.offering.valid_to
    again = moved(run, day, place="Utica")
    assert (again.uid, again.sequence, again.place, again.first_day) == (run.uid, 1, "Utica", day)
    assert again.changed_at > run.changed_at and again.event != run.event
    assert moved(run, day, place="Utica").sequence == 1
    with pytest.raises(Refusal, match="The approval holds"):
        moved(run, day + timedelta(days=1))


def test_a_cancelled_date_stays_marked_and_cannot_be_moved():
    run = factories.occurrence()
    for _n in range(2):
        gone = dates.cancel(occurrence_id=run.pk, by=None)
    assert gone.cancelled_at and gone.sequence == 1
    with pytest.raises(Refusal, match="This date was cancelled on"):
        moved(run, programme_day())
    assert list(run.offering.occurrences.held()) == []


@pytest.mark.parametrize(
    "act", [lambda run: moved(run, programme_day()), lambda run: dates.cancel(occurrence_id=run.pk, by=None)]
)
def test_what_somebody_claimed_or_attended_stays_as_it_is(act):
    run = factories.occurrence()
    roster = factories.roster(run)
    taking.take_in(roster_id=roster.pk, told=True, by=roster.given_by)
    with pytest.raises(Refusal, match="Undo the list first"):
        act(run)
    amara = factories.certificant()
    claim = factories.claim(amara, about="training", last_day=run.last_day)
    Attendance.objects.create(occurrence=run, person=amara, name=amara.name, case=claim, state=AttendanceState.CLAIMED)
    with pytest.raises(Refusal, match="One person has claimed credits"):
        act(run)


def test_dates_of_what_was_terminated_do_not_change():
    run = factories.occurrence()
    Offering.objects.update(state=OfferingState.TERMINATED)
    with pytest.raises(Refusal, match="This offering is terminated"):
        moved(run, programme_day())
    with pytest.raises(Refusal, match="This offering is terminated"):
        dates.add_date(offering_id=run.offering_id, when=when(programme_day()), by=None)


def test_completion_is_confirmed_once_and_not_before_the_last_day():
    """R-SPO-4."""
    anna, run, later = factories.PersonFactory(), factories.occurrence(days=0), factories.occurrence(days=1)
    first = dates.confirm(occurrence_id=run.pk, by=anna)
    assert first.confirmed_by == anna
    assert dates.confirm(occurrence_id=run.pk, by=factories.PersonFactory()).confirmed_by == anna
    with pytest.raises(Refusal, match="This date ends on"):
        dates.confirm(occurrence_id=later.pk, by=anna)


def test_what_a_sponsor_owes_stands_in_the_order_of_its_days():
    """R-SPO-4, R-SPO-5: 30 days after a date, records by their day, renewal before the end."""
    today = programme_day()
    sponsor = factories.sponsor()
    ending = factories.offering(sponsor, valid_from=today - timedelta(days=400), valid_to=today + timedelta(days=30))
    old = factories.occurrence(ending, days=-40)
    new = factories.occurrence(ending, days=-1)
    done = factories.occurrence(ending, days=-3)
    dates.confirm(occurrence_id=done.pk, by=None)
    dates.cancel(occurrence_id=factories.occurrence(ending, days=-5).pk, by=None)
    factories.occurrence(ending, days=4)
    factories.occurrence(factories.offering(sponsor, credits=None), days=-8)
    factories.occurrence(days=-9)
    asked = Visit.objects.create(
        offering=ending,
        folder=Folder.objects.create(),
        on_day=today,
        note="Send the lists of March.",
        at=timezone.now(),
        by=factories.coordinator(),
        asked_until=today + timedelta(days=5),
    )
    owed = duties.owed_by(sponsor, today)
    assert [(one.what, one.part, one.days_left) for one in owed] == [
        ("confirm", old.pk, -10),
        ("records", asked.pk, 5),
        ("confirm", new.pk, 29),
        ("renew", None, 30),
    ]
    kept = duties.records_kept_until(sponsor, today)
    assert (kept - new.last_day).days in {2191, 2192}
    assert duties.records_kept_until(factories.sponsor(), today) is None
