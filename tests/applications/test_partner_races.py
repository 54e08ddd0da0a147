"""The page, the link, the coordinator and the beat at the same instant: one answer stands, one letter goes."""

import pytest

from applications.models import GraduateAnswer
from applications.services import partner_reminders, partners
from applications.states import Via
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def college():
    return factories.partner(contact=factories.PersonFactory())


@pytest.mark.parametrize("_round", range(3))
def test_two_answers_that_differ_are_one_answer_and_one_that_is_told(college, _round):
    chloe = factories.asked_of(college)
    given = {"graduate_id": chloe.pk, "seen": "pending"}
    answers = at_once(
        lambda: partners.answer(**given, yes=True, via=Via.PAGE, by=college.contact),
        lambda: partners.answer(**given, yes=False, note="Not yet.", via=Via.LINK),
    )
    assert [one.code for one in answers if isinstance(one, Refusal)] == ["answered-meanwhile"]
    assert Message.objects.filter(template__in=partners.ANSWERS).count() == GraduateAnswer.objects.count() == 1


def test_the_same_answer_by_page_and_link_at_once_is_one(college):
    chloe = factories.asked_of(college)
    given = {"graduate_id": chloe.pk, "yes": True, "seen": "pending"}
    at_once(
        lambda: partners.answer(**given, via=Via.PAGE, by=college.contact),
        *[lambda: partners.answer(**given, via=Via.LINK)] * 3,
    )
    assert Message.objects.filter(template="partner-confirmed").count() == GraduateAnswer.objects.count() == 1


def test_four_beats_at_once_remind_a_college_once(college, time_machine):
    time_machine.move_to("2026-11-02T15:00:00Z")
    factories.asked_of(college)
    time_machine.move_to("2026-11-09T15:00:00Z")
    assert sum(at_once(*[partner_reminders.remind] * 4)) == 1
    assert Message.objects.filter(template=partner_reminders.REMINDER).count() == 1


def test_a_link_renewed_twice_at_once_leaves_the_one_in_the_last_letter(college, time_machine):
    chloe = factories.asked_of(college)
    old = Message.objects.get(template=partners.ASKED).secret
    time_machine.move_to(chloe.expires_at)
    at_once(*[lambda: partners.renew_link(old)] * 3)
    owed = Message.objects.get(template=partners.ASKED, state="owed")
    assert partners.found_by(owed.secret) == chloe and partners.found_by(old) is None
