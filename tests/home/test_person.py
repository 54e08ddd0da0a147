"""Everything of one person on one page, and nothing that a conflict hides (SPEC 4, R-REV-5)."""

import re

import pytest
from django.utils import timezone

from serportal.accounts.states import Committee
from serportal.outbox.models import Message
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


def page_of(client, person, by) -> str:
    client.force_login(by)
    answer = client.get(f"/admin/accounts/user/{person.pk}/everything/")
    assert answer.status_code == 200
    return answer.content.decode()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_shows_a_person_whole(client, ruth, committee):
    amara = factories.certificant(name="Amara Okafor")
    factories.CommitteeTerm.objects.create(member=amara, committee=Committee.APPEALS, starts_on="2024-01-01")
    case = factories.decided(ruth, committee, owner=amara, title="Peat Congress")
    applied = factories.application("upgrade", owner=factories.certificant(name="Li Na", level=factories.Level.CERPIT))
    factories.draft(amara)
    factories.application_draft(amara, "cerp")
    page = page_of(client, amara, ruth)
    told = words(page)
    held = factories.certification_of(amara)
    for said in (held.number, f"{case.reference} Peat Congress", "1 entry, 10 credits, 0 of them uploaded.", "Appeals"):
        assert said in told, said
    assert "A claim of credits, last saved" in told and "CERP application, last saved" in told
    assert f"/files/{case.folder.files.get().pk}/" in page
    assert Message.objects.filter(about=case.reference, person=amara).count() == page.count("/admin/outbox/message/")
    other = page_of(client, applied.case.filed_by, ruth)
    assert applied.bill.number in other and f"/admin/applications/application/{applied.pk}/change/" in other
    assert f"{applied.case.reference}: “Li Na”" in words(other)
    change = client.get(f"/admin/accounts/user/{amara.pk}/change/").content.decode()
    assert f"/admin/accounts/user/{amara.pk}/everything/" in change


def test_a_conflict_hides_a_case_with_all_that_belongs_to_it(client, ruth, committee):
    """R-REV-5: no list and no sum tells that a hidden case exists."""
    holly = factories.certificant(name="Holly Hidden", level=factories.Level.CERPIT)
    before = words(page_of(client, holly, ruth))
    claim = factories.decided(factories.coordinator(), committee, owner=holly, title="Hidden Congress")
    applied = factories.application("upgrade", owner=holly)
    assert "Hidden Congress" in page_of(client, holly, ruth)
    for case in (claim, applied.case):
        case.conflicts.create(member=ruth, declared_at=timezone.now())
    assert words(page_of(client, holly, ruth)) == before


def test_a_long_list_is_cut_and_leads_to_the_rest(client, ruth):
    amara = factories.certificant(name="Amara Okafor")
    for n in range(11):
        factories.imported(amara, credits=str(n + 1))
        factories.billed(amara, about=f"APP-2020-{n:04d}")
    page = page_of(client, amara, ruth)
    assert page.count("/admin/journals/entry/") == 11 and page.count(">INV-") == 10
    for model in ("journals/entry", "fees/bill"):
        assert f"/admin/{model}/?member={amara.pk}" in page
    assert "11 entries, 66 credits" in words(page)
    assert f"/admin/reviews/reviewcase/?member={amara.pk}" not in page


def test_the_letters_of_one_person_are_a_list(client, ruth):
    one, other = factories.claim(), factories.claim()
    client.force_login(ruth)
    page = client.get(f"/admin/outbox/message/?member={one.filed_by_id}").content.decode()
    assert one.reference in page and other.reference not in page
