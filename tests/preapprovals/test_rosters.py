"""Lists of attendees from giving to undoing: rows, letters and what becomes of claims (R-SPO-4, R-SPO-5)."""

import pytest

from preapprovals.models import Attendance, Roster
from preapprovals.services import roster_taking as taking
from preapprovals.services import rosters
from preapprovals.states import AttendanceState
from tests import factories

pytestmark = pytest.mark.django_db
S = AttendanceState


@pytest.fixture
def anna():
    return factories.PersonFactory(name="Anna Berg")


@pytest.fixture
def run(anna):
    return factories.occurrence(factories.offering(factories.sponsor(anna)))


def given(run, by, *lines: str, headings: str = "Name,E-mail,Hours", at=None) -> Roster:
    text = "\n".join([headings, *lines])
    return rosters.give(occurrence_id=run.pk, content=text.encode(), name="list.csv", by=by, at=at)


def problems(roster: Roster) -> dict[int, dict]:
    return {row.number: row.problems for row in roster.rows.all() if row.problems}


def test_good_rows_are_taken_in_and_the_others_wait(run, anna):
    """R-SPO-4."""
    amara = factories.certificant(name="Amara Okafor", email="amara@marsh.example")
    roster = given(run, anna, "Amara Okafor,AMARA@marsh.example,6", "Jan de Boer,jan@dike.example,4.5", "Li Na,,6")
    assert problems(roster) == {
        4: {"email": "There is neither an e-mail address nor a certificate number, so this person cannot be reached. "
            "Add one."}
    }  # fmt: skip
    assert not Attendance.objects.exists()
    taken = taking.take_in(roster_id=roster.pk, told=True, by=anna)
    assert (taken.count, taken.left, taken.confirmed) == (2, 1, False)
    own = Attendance.objects.get(person=amara)
    other = Attendance.objects.get(person=None)
    assert (own.minutes, own.state, own.token_hash) == (360, S.OFFERED, "")
    assert (other.minutes, other.email, len(other.token_hash)) == (270, "jan@dike.example", 64)
    assert list(Attendance.objects.offered_to(amara)) == [own]
    assert list(Attendance.objects.addressed_to("Jan@dike.example")) == [other]
