"""The pages on which an application is decided, read as their readers read them."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from applications.models import Application
from serportal.accounts.states import Committee
from serportal.reviews import services as reviews
from serportal.reviews.models import Ballot, ReviewCase, Seat
from serportal.reviews.states import CaseState, Choice
from tests import factories
from tests.applications.test_review import complete, decide, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Adeyemi")


@pytest.fixture
def committee():
    return [factories.member(Committee.CERTIFICATION) for _ in range(4)]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def test_a_member_judges_each_criterion_beside_its_figures(client, ruth, committee):
    made = complete("cerp", ruth)
    reviews.seat(made.pk, members=[one.pk for one in committee[:3]], by=ruth)
    seat = Seat.objects.get(member=committee[0])
    reviews.declare(seat.pk, conflict=False, by=committee[0])
    client.force_login(committee[0])
    path = reverse("reviews:case", args=[made.case.reference])
    page = text_of(client.get(path))
    for words in (
        "15 credits in biological science; 15 are needed.",
        "Plant ecology",
        "I would hire her again",
        "Offer CERPIT",
    ):
        assert words in page
    assert "fewer credits" not in page
    keys = re.findall(r'name="(judged-[a-z ]+)"', client.get(path).content.decode())
    given = {"submit_key": str(uuid.uuid4()), "revision": "1", "choice": "approve", "reason": ""}
    refused = client.post(path, given | {keys[0]: "met"})
    assert refused.status_code == 422
    assert "Nothing is ticked for “Experience”. Say whether it is met." in text_of(refused)
    assert client.post(path, given | dict.fromkeys(keys, "met")).status_code == 302
    assert set(Ballot.objects.get().judgements.values()) == {"met"}


def test_the_coordinator_reads_each_step_and_sends_the_letter_with_the_steps(client, ruth, committee):
    made = complete("cerp", ruth)
    client.force_login(ruth)
    page = reverse("admin:reviews_reviewcase_change", args=[made.pk])
    assert "Seat three members" in text_of(client.get(page))
    vote(made, committee, ruth, [Choice.OFFER, Choice.OFFER, Choice.APPROVE], breadth="not met")
    shown = client.get(page)
    assert "CERPIT is offered." in text_of(shown)
    assert "Breadth of the experience: the committee did not find it met." in text_of(shown)
    act = reverse("admin:reviews_reviewcase_decide", args=[made.pk])
    steps = "Lead the monitoring of a project.\n\nTeach what you learned."
    again = client.post(act, {"preview": "1", "steps": steps, "note": ""})
    assert "2. Teach what you learned." in text_of(again)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', again.content.decode())[1]
    assert client.post(act, {"send": "1", "digest": digest, "steps": steps, "note": ""}).status_code == 302
    case = ReviewCase.objects.get(pk=made.pk)
    assert case.state == CaseState.OFFERED
    assert "The applicant may accept CERPIT until" in text_of(client.get(page))


def test_the_list_of_steps_may_not_be_emptied(client, ruth, committee):
    made = complete("cerpit", ruth)
    vote(made, committee, ruth, [Choice.APPROVE] * 3)
    client.force_login(ruth)
    page = client.post(reverse("admin:reviews_reviewcase_decide", args=[made.pk]), {"preview": "1", "steps": " "})
    assert "The list of next steps is empty." in text_of(page)


def test_the_applicant_takes_the_offer_on_a_page(client, ruth, committee):
    made = complete("cerp", ruth)
    case = vote(made, committee, ruth, [Choice.OFFER] * 3)
    decide(case, ruth)
    client.force_login(case.filed_by)
    status = client.get(reverse("applications:case", args=[case.reference]))
    assert "With you: you are offered CERPIT." in text_of(status)
    offer = reverse("applications:offer", args=[case.reference])
    assert "Accept CERPIT" in text_of(client.get(offer))
    assert client.post(offer, {"answer": "perhaps"}).status_code == 404
    assert client.post(offer, {"answer": "accept"}).status_code == 302
    granted = Application.objects.get(pk=case.pk).granted
    after = text_of(client.get(reverse("applications:case", args=[case.reference])))
    assert granted.number in after
    assert client.get(offer).status_code == 302


def test_the_status_page_says_what_blocks_and_who_holds_it(client, ruth):
    made = factories.application("cerp")
    reviews.screen(made.pk, by=ruth)
    client.force_login(made.case.filed_by)
    page = text_of(client.get(reverse("applications:case", args=[made.case.reference])))
    assert "0 of 2 references are in. Name and invite more referees." in page
    assert "The e-learning certificate is not verified yet." in page
    assert "With the coordinator" in page
    assert "With you" in page
    assert "decided by" in page


def test_an_application_of_somebody_else_does_not_exist(client):
    made = factories.application("cerp")
    client.force_login(factories.PersonFactory())
    for name in ("case", "offer", "withdraw", "answer"):
        assert client.get(reverse(f"applications:{name}", args=[made.case.reference])).status_code == 404


def test_withdrawing_is_said_then_done(client, ruth):
    made = factories.application("cerp")
    client.force_login(made.case.filed_by)
    path = reverse("applications:withdraw", args=[made.case.reference])
    assert "This cannot be undone." in text_of(client.get(path))
    assert client.post(path, {"text": "I moved."}).status_code == 302
    assert ReviewCase.objects.get(pk=made.pk).state == CaseState.WITHDRAWN
