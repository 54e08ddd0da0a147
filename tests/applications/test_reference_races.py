"""Two tabs, two ticks, two presses at the same instant: one reference, one reminder, one link (R-APP-6)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Reference
from applications.services import reference_letters, references
from applications.states import ReferenceState
from serportal.outbox.models import Message
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(3))
def test_two_tabs_that_send_at_once_are_one_reference(_round):
    draft = factories.application_draft()
    made = factories.invited(draft)
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.post(reverse("references:link", args=[factories.token_of(made)]), {"open": "1"})
    tabs[0].post(reverse("references:form"), factories.reference_data(version="1"))
    check = reverse("references:check")
    answers = at_once(*[lambda tab=tab: tab.post(check, {"version": "2"}) for tab in tabs])
    assert {answer.status_code for answer in answers} == {302}
    assert Reference.objects.get().state == ReferenceState.RECEIVED
    assert Message.objects.filter(template="reference-thanks").count() == 1
    assert Message.objects.filter(template="reference-received").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_ticks_remind_once(_round):
    week = timezone.now() - timedelta(days=7)
    factories.invited(factories.application_draft(), at=week)
    assert sorted(at_once(*[reference_letters.remind_silent] * 3)) == [0, 0, 1]
    assert Message.objects.filter(template="reference-reminder").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_presses_on_a_link_that_ran_out_are_one_letter(_round):
    made = factories.invited(factories.application_draft(), at=timezone.now() - timedelta(days=61))
    page = reverse("references:link", args=[factories.token_of(made)])
    answers = at_once(*[lambda: Client().post(page, {"renew": "1"}) for _ in range(3)])
    assert {answer.status_code for answer in answers} == {302}
    assert Message.objects.filter(template="reference-link").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_tabs_name_no_more_than_count(_round):
    draft = factories.application_draft()
    for name in ("One Referee", "Two Referee"):
        factories.named(draft, name)
    names = ["Three Referee", "Four Referee", "Five Referee"]
    answers = at_once(*[lambda name=name: factories.named(draft, name) for name in names])
    assert sum(isinstance(answer, Reference) for answer in answers) == 1
    assert sorted(getattr(answer, "code", "named") for answer in answers) == ["enough", "enough", "named"]


def test_an_invitation_pressed_twice_is_one_letter():
    draft = factories.application_draft()
    made = factories.named(draft)
    at_once(*[lambda: references.invite(draft_id=draft.pk, reference_id=made.pk, by=draft.owner) for _ in range(3)])
    assert Message.objects.count() == 1
