"""The form, from start to the check page: sections and rows saved as typed, figures beside them, sentences for gaps."""

import uuid

import pytest
from django.urls import reverse

from applications.models import Draft, RowText, SectionText
from applications.services import drafts
from applications.services.checking import look
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(client):
    person = factories.PersonFactory(name="Amara Okafor")
    client.force_login(person)
    return person


def start(owner, kind="cerp") -> Draft:
    return drafts.start(owner=owner, kind=kind, key=uuid.uuid4())


def path(draft, section="", row="") -> str:
    parts = [str(part) for part in (section, row) if part]
    return "/".join([reverse("applications:draft", args=[draft.pk]).rstrip("/"), *parts, ""])


def test_every_page_of_every_kind_opens(client, amara):
    for kind in ("cerp", "cerpit", "partner"):
        draft = start(amara, kind)
        for section in drafts.sections_of(draft):
            if section != "references":
                answer = client.get(path(draft, section))
                assert answer.status_code == 200, (kind, section)
        assert client.get(path(draft)).status_code == 200
        assert client.get(path(draft, "check")).status_code == 200
        assert client.get(path(draft, "discard")).status_code == 200
    draft = Draft.objects.get(kind="cerp")
    for section in ("degrees", "courses", "prior", "jobs", "projects"):
        assert client.get(path(draft, section, uuid.uuid4())).status_code == 200
    assert client.get(reverse("applications:list")).status_code == 200


def test_a_row_is_added_and_saved(client, amara):
    draft, row = start(amara), uuid.uuid4()
    answer = client.post(path(draft, "courses", row), {"title": "Soils", "version": 0, "save": "1"})
    assert answer.status_code == 302 and answer.url == path(draft, "courses")
    assert RowText.objects.get(pk=row).data == {"title": "Soils"}
    assert "Soils" in client.get(path(draft, "courses")).content.decode()
    assert SectionText.objects.get(draft=draft).section == "person"


def test_a_part_that_adds_up_to_less_than_is_asked_is_not_called_done(client, amara):
    """What falls short is told, and may be sent all the same (R-APP-9)."""
    content = factories.application_content("cerp", amara)
    content["project"][2]["phases"] = ["planning"]
    draft = factories.prepared(owner=amara, course=content["course"][1:], project=content["project"])
    whole = look(draft)
    assert not whole.problems
    assert {section for section in whole.sections if whole.falls_short(section)} == {"courses", "projects"}
    page = client.get(path(draft)).content.decode()
    assert page.count("<span>not enough yet</span>") == 2
    cerpit = factories.prepared("cerpit", course=content["course"], job=[], project=[])
    assert not any(look(cerpit).falls_short(section) for section in look(cerpit).sections)
