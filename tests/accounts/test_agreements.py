"""The words people sign, as dated rows: previewed, then stored; no signature ever changes its words (R-APP-3)."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from serportal.accounts.agreements import AGREEMENTS, agreement_on, changed_words
from serportal.accounts.models import Agreement
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
ADD = reverse("admin:accounts_agreement_add")
SOON = programme_day() + timedelta(days=40)


@pytest.fixture
def ruth(client):
    ruth = factories.coordinator(name="Ruth Okello")
    client.force_login(ruth)
    return ruth


@pytest.fixture
def first():
    return Agreement.objects.get(purpose="applicants")


def signed(agreement: Agreement):
    person = factories.PersonFactory()
    return person.signatures.create(
        agreement=agreement, typed_name="A", signed_at=timezone.now(), about="APP-2026-0001"
    )


def typed(first: Agreement, **changes) -> dict:
    text = first.text.replace("I have a right to be heard before that.", "I am heard before that.")
    return {"purpose": "applicants", "version": "2", "text": text, "effective_from": SOON.isoformat(), **changes}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo.", []),
        ("One.\n\nTwo.", "One.\n\n\n Two. ", []),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", ["New: “Three.”"]),
        ("One.\n\nTwo.", "Two.", ["No longer there: “One.”"]),
        ("One.\n\nTwo.", "One.\n\n2.", ["No longer there: “Two.”", "New: “2.”"]),
    ],
)
def test_every_paragraph_that_goes_or_comes_is_quoted(before, after, said):
    assert changed_words(before, after) == said


def test_a_new_version_is_previewed_and_stored_once(client, ruth, first):
    signed(first)
    page = client.get(f"{ADD}?after={first.pk}").content.decode()
    assert "I have a right to be heard before that." in page and 'value="1"' in page
    response = client.post(ADD, typed(first))
    page = text_of(response)
    assert "People sign version 2 instead of version 1." in page and "I am heard before that.”" in page
    assert "One signature is under the version that holds until then, and it stays." in page
    assert Agreement.objects.count() == 3
    digest = response.context["change"].digest
    for _press in range(2):
        response = client.post(ADD, typed(first, digest=digest, confirm="1"), follow=True)
        assert "It is stored and holds from" in text_of(response)
    stored = Agreement.objects.get(version="2")
    assert "\n\nI agree that SER" in stored.text and Agreement.objects.count() == 4
    assert agreement_on("applicants", programme_day()) == first and agreement_on("applicants", SOON) == stored
    assert agreement_on("sponsors", SOON).version == agreement_on("logo", SOON).version == "1"


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"version": " "}, 422, "Version: name it"),
        ({"text": "\u200b"}, 422, "Text: write the words that people sign."),
        ({"effective_from": "2026-13-01"}, 422, "In force from: write a day"),
        ({"version": "1"}, 409, "Version 1 is another agreement already."),
        ({"effective_from": "2020-01-01"}, 409, "is past"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(client, ruth, first, changes, status, sentence):
    response = client.post(ADD, typed(first, **changes))
    assert response.status_code == status and sentence in text_of(response)
    assert "I am heard before that." in response.content.decode() or "text" in changes


def test_a_version_in_force_stays_and_one_of_a_later_day_can_be_withdrawn(client, ruth, first):
    page = reverse("admin:accounts_agreement_change", args=[first.pk])
    assert "has been in force since" in text_of(client.get(page))
    with pytest.raises(InternalError), transaction.atomic():
        Agreement.objects.filter(pk=first.pk).update(text="Else.")
    row = Agreement(version="2", text="Be fair.", effective_from=SOON)
    later, _new = AGREEMENTS.store(row, digest=AGREEMENTS.preview(row).digest, by=ruth)
    withdraw = reverse("admin:accounts_agreement_withdraw", args=[later.pk])
    digest = client.get(withdraw).context["change"].digest
    assert "It is withdrawn" in text_of(client.post(withdraw, {"digest": digest}, follow=True))
    assert Agreement.objects.get(purpose="applicants") == first


def test_nobody_but_a_coordinator_changes_what_people_sign(first):
    row = Agreement(version="2", text="Be fair.", effective_from=SOON)
    digest = AGREEMENTS.preview(row).digest
    with pytest.raises(Refusal) as refusal:
        AGREEMENTS.store(row, digest=digest, by=factories.PersonFactory())
    assert refusal.value.code == "not-yours"
