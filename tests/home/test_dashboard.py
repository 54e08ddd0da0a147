"""A person’s front page: what needs them, what waits on others, and only the doors that are open to them."""

import pytest

from serportal.home.dashboard import dashboard_of
from tests import factories

pytestmark = pytest.mark.django_db

APPLY = "Apply for CERP"


def page_of(client, person) -> str:
    client.force_login(person)
    return client.get("/dashboard/").content.decode()


def test_who_applies_already_is_not_asked_to_apply(client):
    amara = factories.PersonFactory()
    assert APPLY in page_of(client, amara) and "Apply as a partner’s graduate" in page_of(client, amara)
    draft = factories.prepared(owner=amara)
    assert APPLY not in page_of(client, amara)
    factories.sent(draft)
    assert APPLY not in page_of(client, amara)
    assert "Ask for a course to be pre-approved" in page_of(client, amara)


def test_a_fee_that_waits_for_an_answer_waits_on_others():
    fee = {"member": "no", "reduction": "on", "reduction_why": "I live in Malawi and can pay 40."}
    asked, owes = (factories.sent(factories.prepared(**one)).filed_by for one in ({"fee": fee}, {}))
    shown = [dashboard_of(one, reviewer=False, billed=True, partner=False) for one in (asked, owes)]
    assert [(len(one["bills"]), len(one["pleas"])) for one in shown] == [(0, 1), (1, 0)]
