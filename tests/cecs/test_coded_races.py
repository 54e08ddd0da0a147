"""Two tabs, two people, a sponsor and SER at the same instant: one claim, and a clear answer for the other one."""

import hashlib
import uuid

import pytest
from django.urls import reverse

from cecs import services as cecs
from cecs.models import CecSubmission
from preapprovals.models import Attendance
from preapprovals.services import oversight, roster_taking, rosters
from preapprovals.states import Act
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import attendees, factories
from tests.races import at_once
from tests.test_races import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def filing(draft, run):
    """Return the filing of a short form, ready to start."""
    form = attendees.CodedForm(draft.data, of=cecs.stands(run.offering), files=1, today=programme_day())
    assert form.is_valid()
    answers = form.answers()
    return lambda: cecs.file_coded(draft_id=draft.pk, owner=draft.owner, answers=answers, version=draft.version)


@pytest.mark.parametrize("_round", range(3))
def test_two_short_forms_about_one_date_are_one_claim(_round):
    amara, run = factories.certificant(), factories.occurrence()
    drafts = [attendees.coded_draft(amara, run.offering) for _n in range(3)]
    done = at_once(*[filing(draft, run) for draft in drafts])
    case = ReviewCase.objects.get()
    assert [one for one in done if isinstance(one, ReviewCase)] == [case]
    assert [one.case for one in done if isinstance(one, cecs.AlreadyClaimed)] == [case, case]
    assert Attendance.objects.get().case == case


@pytest.mark.parametrize("_round", range(3))
def test_four_presses_on_accept_are_one_claim(_round):
    amara, run = factories.certificant(), factories.occurrence()
    row = attendees.told(run, amara)
    path = reverse("cecs:accept", args=[row.pk])
    clients = [signed_in(amara) for _n in range(4)]
    answers = at_once(*[lambda c=c: c.post(path) for c in clients])
    assert {answer.url for answer in answers} == {f"/cecs/{ReviewCase.objects.get().reference}/"}
    assert CecSubmission.objects.count() == 1


def test_one_line_accepted_by_two_people_goes_to_whose_it_is():
    amara, bella, run = factories.certificant(), factories.certificant(), factories.occurrence()
    row = attendees.told(run, amara)
    done = at_once(*[lambda p=p: cecs.accept(attendance_id=row.pk, by=p) for p in (amara, bella)])
    assert ReviewCase.objects.get() == done[0] and isinstance(done[1], Refusal)


@pytest.mark.parametrize("_round", range(3))
def test_one_link_followed_by_two_people_is_used_once(_round):
    run, key = factories.occurrence(), uuid.uuid4().hex
    attendees.told(run, email="a@b.example", token_hash=hashlib.sha256(key.encode()).hexdigest())
    people = [factories.certificant() for _n in range(2)]
    done = at_once(*[lambda p=p: cecs.take(token=key, by=p) for p in people])
    assert sorted(type(one).__name__ for one in done) == ["Attendance", "Refusal"]
    assert Attendance.objects.get().person in people


@pytest.mark.parametrize("_round", range(3))
def test_a_claim_and_the_list_that_names_its_member_meet_in_one_row(_round):
    amara, anna = factories.certificant(name="Amara Okafor"), factories.PersonFactory()
    run = factories.occurrence(factories.offering(factories.sponsor(anna)))
    draft = attendees.coded_draft(amara, run.offering)
    text = f"Name,E-mail,Hours\nAmara Okafor,{amara.email},6\n"
    roster = rosters.give(occurrence_id=run.pk, content=text.encode(), name="list.csv", by=anna)
    done = at_once(filing(draft, run), lambda: roster_taking.take_in(roster_id=roster.pk, told=True, by=anna))
    assert [type(one).__name__ for one in done] == ["ReviewCase", "Taken"]
    row = Attendance.objects.get()
    assert (row.case, row.minutes, row.person, row.state) == (done[0], 360, amara, "claimed")


@pytest.mark.parametrize("_round", range(3))
def test_a_list_undone_while_its_credit_is_accepted_leaves_one_truth(_round):
    amara, anna = factories.certificant(name="Amara Okafor"), factories.PersonFactory()
    run = factories.occurrence(factories.offering(factories.sponsor(anna)))
    text = f"Name,E-mail,Hours\nAmara Okafor,{amara.email},6\n"
    roster = rosters.give(occurrence_id=run.pk, content=text.encode(), name="list.csv", by=anna)
    roster_taking.take_in(roster_id=roster.pk, told=True, by=anna)
    row = Attendance.objects.get()
    at_once(
        lambda: cecs.accept(attendance_id=row.pk, by=amara), lambda: roster_taking.undo(roster_id=roster.pk, by=anna)
    )
    row.refresh_from_db()
    assert (row.state == "claimed") == ReviewCase.objects.exists()
    assert row.state in {"claimed", "undone"}


@pytest.mark.parametrize("_round", range(3))
def test_a_termination_while_claims_are_filed_leaves_each_as_the_rules_say(_round):
    """R-SPO-8: the date was over before, so its claim stands whichever came first."""
    ruth, amara, run = factories.coordinator(), factories.certificant(), factories.occurrence()
    draft = attendees.coded_draft(amara, run.offering)
    done = at_once(
        filing(draft, run),
        lambda: oversight.act_on(run.offering_id, act=Act.TERMINATED, reason="No instructor came.", by=ruth),
    )
    assert [type(one).__name__ for one in done] == ["ReviewCase", "Notice"]
    assert CecSubmission.objects.get().occurrence == run
