"""What is on the list, and its dates."""

from datetime import timedelta

import pytest

from preapprovals.models import Offering
from preapprovals.rules import read_code
from preapprovals.services.offerings import add_occurrence
from preapprovals.states import OfferingState
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_preapproved_offering_has_a_code_and_a_listed_one_has_none():
    """R-SPO-7."""
    known, listed = factories.offering(), factories.offering(credits=None, minutes=0)
    assert read_code(known.code) == known.code
    assert known.is_preapproved and not listed.is_preapproved


def test_what_expired_or_was_terminated_is_public_no_more():
    """R-SPO-3."""
    today = programme_day()
    old = factories.offering(valid_from=today - timedelta(days=60), valid_to=today - timedelta(days=1))
    gone, here = factories.offering(), factories.offering()
    Offering.objects.filter(pk=gone.pk).update(state=OfferingState.TERMINATED)
    assert list(Offering.objects.public(today)) == [here]
    assert list(Offering.objects.public(old.valid_to)) == [old, here]


def test_a_date_lies_within_the_approval():
    """R-SPO-2."""
    made = factories.offering()
    day = made.valid_to + timedelta(days=1)
    with pytest.raises(Refusal, match="The approval holds"):
        add_occurrence(offering_id=made.pk, first_day=made.valid_to, last_day=day, zone="UTC", by=None)
    add_occurrence(offering_id=made.pk, first_day=made.valid_to, last_day=made.valid_to, zone="UTC", by=None)


def test_two_sessions_of_one_conference_share_its_event():
    """R-CAP: the cap belongs to the event, whichever session a claim is about."""
    of = factories.sponsor()
    one, other = (
        factories.occurrence(factories.offering(of, title=title, part_of="SER2027, Denver"))
        for title in ("Soils symposium", "Seeds symposium")
    )
    assert one.event == other.event
    assert factories.occurrence(factories.offering(of)).event != one.event
