"""The sponsor’s form: begun, typed in any order, judged, with its sum beside it (R-SPO-1, SPEC 6)."""

import uuid

import pytest
from django.urls import reverse

from preapprovals.models import Draft
from preapprovals.services.drafts import PARTS, start
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanjiru(client):
    person = factories.PersonFactory(name="Wanjiru Kamau", email="wanjiru@delta.example")
    client.force_login(person)
    return person


def begin(owner, **given) -> Draft:
    return start(owner=owner, key=uuid.uuid4(), **given)


def path(draft, *parts) -> str:
    return "/".join([reverse("preapprovals:draft", args=[draft.pk]).rstrip("/"), *map(str, parts), ""])


def test_every_page_of_an_empty_draft_opens(client, wanjiru):
    draft = begin(wanjiru)
    for part in ("", "check/", "discard/", *(f"{one}/" for one in PARTS.sections_of(draft)), f"dates/{uuid.uuid4()}/",
                 f"teachers/{uuid.uuid4()}/", *(f"{one}/?check=1" for one in PARTS.sections_of(draft))):  # fmt: skip
        assert client.get(path(draft) + part).status_code == 200, part


def test_a_request_typed_page_by_page_is_filed(client, wanjiru):
    draft = factories.request_draft(wanjiru)
    page = client.get(path(draft, "check"))
    assert page.context["missing"] == []
    assert "6 hours = 6." in page.content.decode()
    filed = client.post(path(draft, "check"), {"shown": page.context["shown"]}, follow=True)
    assert "Filed as PRE-" in filed.content.decode()
