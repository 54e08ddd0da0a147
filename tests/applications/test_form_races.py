"""Pressed twice, typed in two tabs, sent while someone still types: one effect each (SPEC 6)."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Draft
from applications.services import drafts
from applications.services.checking import look
from applications.services.filing import file_application
from serportal.drafts.services import StaleDraft
from serportal.fees.models import Bill
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("_round", range(3))
def test_four_starts_are_one_draft(_round):
    amara = factories.PersonFactory()
    found = at_once(*[lambda: drafts.start(owner=amara, kind="cerp", key=uuid.uuid4())] * 4)
    assert len(set(found)) == Draft.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_four_presses_on_send_are_one_application(_round):
    draft = factories.prepared()
    path = reverse("applications:check", args=[draft.pk])
    page = signed_in(draft.owner).get(path)
    sent = {"shown": page.context["shown"], "fee": page.context["fee"].pk}
    clients = [signed_in(draft.owner) for _ in range(4)]
    answers = at_once(*[lambda c=c: c.post(path, sent) for c in clients])
    case = ReviewCase.objects.get()
    assert {answer.url for answer in answers} == {reverse("applications:case", args=[case.reference])}
    assert Application.objects.count() == Bill.objects.count() == 1
    assert Message.objects.filter(template="application-receipt").count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_sending_and_saving_at_once_never_files_what_was_not_shown(_round):
    """Either the save came first and nothing is filed, or the filing did and the save is refused."""
    draft = factories.prepared()
    whole = look(draft)
    row = draft.rows.filter(listed="course").first()
    send = {"draft_id": draft.pk, "owner": draft.owner, "fee_row": whole.fee, "shown": whole.fingerprint(whole.fee)}
    save = {"draft_id": draft.pk, "owner": draft.owner, "listed": "course", "row_id": row.pk}
    data = {**row.data, "credits": "1"}
    filed, saved = at_once(
        lambda: file_application(**send), lambda: drafts.save_row(**save, data=data, seen=drafts.Seen(row.version))
    )
    if isinstance(filed, Exception):
        assert isinstance(filed, Refusal) and filed.code == "changed" and saved.data["credits"] == "1"
        assert not ReviewCase.objects.exists()
    else:
        assert saved.code == "filed"
        assert Application.objects.get().content["course"][0]["credits"] == row.data["credits"]


@pytest.mark.parametrize("_round", range(3))
def test_two_tabs_on_one_new_row_are_one_row(_round):
    draft = factories.application_draft()
    key = uuid.uuid4()
    given = {"draft_id": draft.pk, "owner": draft.owner, "listed": "job", "row_id": key, "seen": drafts.Seen(0)}
    found = at_once(*[lambda n=n: drafts.save_row(**given, data={"title": f"Tab {n}"}) for n in range(3)])
    assert sum(isinstance(one, StaleDraft) for one in found) == 2
    assert draft.rows.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_rows_added_at_once_get_places_of_their_own(_round):
    draft = factories.application_draft()
    given = {"draft_id": draft.pk, "owner": draft.owner, "listed": "job", "seen": drafts.Seen(0)}
    add = [lambda: drafts.save_row(**given, row_id=uuid.uuid4(), data={"title": "x"})] * 4
    assert not [one for one in at_once(*add) if isinstance(one, Exception)]
    assert sorted(draft.rows.values_list("number", flat=True)) == [1, 2, 3, 4]
