"""A sponsor’s whole history on one page, and two sponsors that are one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from preapprovals.models import Contact, Offering, Sponsor
from preapprovals.services import contacts, correcting, importing, joining, visiting
from preapprovals.states import Act, ContactRole
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import Conflict
from serportal.reviews.states import Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/preapprovals/sponsor/"


@pytest.fixture
def ruth(client):
    person = factories.coordinator(name="Ruth")
    client.force_login(person)
    return person


def page_of(client, sponsor) -> str:
    response = client.get(f"{LIST}{sponsor.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


def bare(page: str) -> str:
    """Return a page without the key of its forms, which is drawn anew each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_page_tells_requests_credits_duties_and_warnings(client, ruth):
    committee = [factories.member() for _n in range(3)]
    case = factories.preapproved(ruth, committee)
    offering = Offering.objects.get(request=case.pk)
    old = factories.offering(offering.sponsor, title="An older course")
    old.notices.create(act=Act.WARNED, reason="No confirmations.", at=timezone.now(), by=ruth)
    factories.occurrence(old, days=-29)
    visiting.ask_records(
        offering_id=old.pk, asked_until=programme_day() + timedelta(days=9), note="All of it.", by=ruth
    )
    page = page_of(client, offering.sponsor)
    told = (
        case.reference,
        "6 of 6",
        "An older course",
        "No confirmations.",
        "confirmations due on",
        "Its records",
    )
    for words in told:
        assert words in page, words
    assert offering.sponsor.name in client.get(f"{LIST}?q=Deltta Restor").content.decode()


def test_a_conflict_hides_a_request_and_its_offering_from_the_page(client, ruth):
    """R-REV-5: two worlds, one with a case that Ruth must not know of."""
    committee, deputy = [factories.member() for _n in range(3)], factories.coordinator()
    mine = factories.PersonFactory()
    of = factories.sponsor(mine)
    without, listed = bare(page_of(client, of)), bare(client.get(LIST).content.decode())
    case = factories.preapproved(deputy, committee, owner=mine, of=of)
    assert case.reference in page_of(client, of)
    Conflict.objects.create(case=case, member=ruth, declared_at=timezone.now())
    assert bare(page_of(client, of)) == without
    assert bare(client.get(LIST).content.decode()) == listed
    offering = Offering.objects.get()
    assert client.get(f"/admin/preapprovals/offering/{offering.pk}/change/").status_code == 404
    again = factories.offering(of, title="Renewed", renews=offering)
    assert not Offering.objects.coordinated_by(ruth).filter(pk=again.pk).exists()
    assert Offering.objects.coordinated_by(deputy).filter(pk=again.pk).exists()


def test_what_was_granted_for_alike_requests_stands_beside_a_case(client, ruth):
    """The page of a case and the ballot ask the same list, and a conflict hides a line of it (R-REV-5)."""
    committee = [factories.member() for _n in range(3)]
    before = factories.preapproved(ruth, committee, credits=4, choice=Choice.FEWER)
    waiting = reviews.screen(factories.preapproval().pk, by=ruth)
    case = reviews.screen(factories.preapproval().pk, by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in committee], by=ruth)
    reviews.declare(factories.seat_of(case, committee[0]).pk, conflict=False, by=committee[0])
    pages = {ruth: f"/admin/reviews/reviewcase/{waiting.pk}/change/", committee[0]: f"/reviews/{case.reference}/"}
    granted = {ruth: "4 of 6 credits", committee[0]: "<b>4</b> of 6"}
    for person, page in pages.items():
        client.force_login(person)
        shown = client.get(page).content.decode()
        assert "Decided before" in shown and granted[person] in shown
    for person, page in pages.items():
        Conflict.objects.create(case=before, member=person, declared_at=timezone.now())
        client.force_login(person)
        assert "Decided before" not in client.get(page).content.decode()


def two_of_one_name():
    """Two sponsors of one name with a contact in common, who reads for the one and manages the other."""
    ines, li = factories.PersonFactory(), factories.PersonFactory()
    kept, gone = factories.sponsor(li, name="Dike Academy"), factories.sponsor(ines, name="DIKE academy")
    given = {"invited_at": timezone.now(), "invited_by": li, "joined_at": timezone.now()}
    kept.contacts.create(email=ines.email.upper(), person=ines, role=ContactRole.READER, **given)
    gone.contacts.create(email="bram@dike.example", role=ContactRole.EDITOR, invited_at=timezone.now(), invited_by=ines)
    return kept, gone, ines


def test_two_sponsors_are_shown_and_then_joined(client, ruth):
    kept, gone, ines = two_of_one_name()
    offering = factories.offering(gone, title="Clay dikes")
    draft_case = factories.preapproval(ines, gone)
    join = f"{LIST}{kept.pk}/join/"
    assert f"{join}?with={gone.pk}" in page_of(client, kept)
    shown = client.get(join, {"with": gone.pk})
    assert "One offering moves." in shown.content.decode() and "bram@dike.example moves" in shown.content.decode()
    assert Sponsor.objects.count() == 2
    posted = {"with": gone.pk, "key": shown.context["plan"].key}
    assert client.post(join, posted).status_code == 302
    offering.refresh_from_db()
    assert offering.sponsor == kept and "dike academy" in offering.search
    assert offering.notices.get(act=Act.CHANGED).reason == "Its sponsor was: DIKE academy"
    assert kept.requests.get().case == draft_case
    current = Contact.objects.current().filter(sponsor=kept)
    assert current.get(person=ines).role == ContactRole.MANAGER
    assert current.filter(email="bram@dike.example").exists() and not Sponsor.objects.filter(pk=gone.pk).exists()
    assert client.post(join, posted).status_code == 404


def test_what_changed_since_it_was_shown_is_not_joined(ruth):
    kept, gone, _ines = two_of_one_name()
    key = joining.plan_joining(kept, gone).key
    gone.contacts.filter(role=ContactRole.EDITOR).update(left_at=timezone.now())
    with pytest.raises(Refusal, match="changed since it was shown"):
        joining.join_sponsors(kept_id=kept.pk, gone_id=gone.pk, key=key, by=ruth)
    with pytest.raises(Refusal, match="one and the same"):
        joining.plan_joining(kept, kept)


def test_a_coordinator_does_not_join_what_is_their_own(client, ruth):
    kept, _gone, _ines = two_of_one_name()
    mine = factories.sponsor(ruth, name="Dike  Academy")
    assert client.get(f"{LIST}{mine.pk}/change/").status_code == 404
    assert client.get(f"{LIST}{kept.pk}/join/", {"with": mine.pk}).status_code == 404
    with pytest.raises(Refusal, match="not here any more"):
        joining.join_sponsors(kept_id=kept.pk, gone_id=mine.pk, key="", by=ruth)


def corrected(sponsor, **changes) -> dict:
    said = {"name": sponsor.name, "kind": sponsor.kind, "website": sponsor.website, "country": str(sponsor.country)}
    return {f"correct-{name}": text for name, text in {**said, "reason": "They wrote to us.", **changes}.items()}


def test_a_sponsor_is_corrected_and_what_stood_before_is_kept(client, ruth):
    sponsor = factories.sponsor(name="Delta Instite", kind="non-profit")
    offering = factories.offering(sponsor, title="Clay dikes")
    act = f"{LIST}{sponsor.pk}/act/correct/"
    said = {"name": "Delta Institute", "kind": "educational", "website": "https://delta.example", "country": "NL"}
    page = client.post(act, corrected(sponsor, **said), follow=True).content.decode()
    for words in ("They wrote to us.", "Name was: Delta Instite", "Kind was: Non-profit", "Website was empty.", "Ruth"):
        assert words in page, words
    sponsor.refresh_from_db()
    assert {name: str(getattr(sponsor, name)) for name in said} == said
    assert sponsor.name_key == factories.sponsor(name="delta INSTITUTE").name_key
    assert offering.notices.get(act=Act.CHANGED).reason == "Its sponsor was: Delta Instite"
    assert "Clay dikes" in client.get("/courses/?q=delta+institute").content.decode()
    assert list(broken()) == []


def test_a_correction_that_cannot_be_is_refused_in_words(client, ruth):
    """What was typed stays on the page; what the coordinator has a part in does not exist for them (R-REV-5)."""
    sponsor, other = factories.sponsor(name="Delta"), factories.sponsor(name="Dike Academy")
    act = f"{LIST}{sponsor.pk}/act/correct/"
    for changes, status, sentence in (
        ({}, 409, "Everything reads as before"),
        ({"name": "DIKE academy", "country": "BE"}, 409, "Another sponsor is called DIKE academy."),
        ({"name": " "}, 422, "Write the name of the sponsor."),
        ({"website": "delta"}, 422, "This is no web address."),
        ({"name": "Delta Works", "reason": ""}, 422, "Write why it is corrected."),
    ):
        answer = client.post(act, corrected(sponsor, **changes))
        page = answer.content.decode()
        assert answer.status_code == status and sentence in page, sentence
        assert 'value="BE" selected' in page or "country" not in changes
    sponsor.refresh_from_db()
    assert sponsor.name == "Delta" and str(sponsor.country) == ""
    factories.contact(other, ruth.email, ContactRole.READER, ruth)
    assert client.post(f"{LIST}{other.pk}/act/correct/", corrected(other, name="Mine")).status_code == 404
    with pytest.raises(Sponsor.DoesNotExist):
        correcting.correct_sponsor(sponsor_id=other.pk, name="Mine", reason="Mine.", by=ruth)


def test_a_sponsor_without_contacts_is_found_and_gets_one(client, ruth):
    """What was brought in from a list: no letter about it reached anybody."""
    importing.import_list("title\tsponsor\tminutes\nPeat\tSER Europe\t90", by=ruth)
    alone, whole = Sponsor.objects.get(), factories.sponsor(name="Dike Academy")

    def named(query: str) -> set[str]:
        page = client.get(f"{LIST}?contacts={query}").content.decode()
        return {one.name for one in (alone, whole) if one.name in page}

    assert (named("none"), named("invited")) == ({"SER Europe"}, set())
    assert "no letter about it reaches anybody" in page_of(client, alone)
    act = f"{LIST}{alone.pk}/act/invite/"
    assert client.post(act, {"invite-email": "nobody", "invite-role": "manager"}).status_code == 422
    made = client.post(act, {"invite-email": "office@ser.example", "invite-role": "manager"}, follow=True)
    assert "An invitation is on its way." in made.content.decode() and "invited on" in made.content.decode()
    assert client.post(act, {"invite-email": "office@ser.example", "invite-role": "editor"}).status_code == 409
    letter = Message.objects.get(template="sponsor-invited")
    assert letter.to == "office@ser.example" and letter.context["link"].endswith(f"/sponsors/{alone.pk}/join/")
    assert (named("none"), named("invited")) == (set(), {"SER Europe"})
    office = factories.PersonFactory(email="office@ser.example")
    contacts.accept(contact_id=alone.contacts.get().pk, by=office)
    assert (named("none"), named("invited")) == (set(), set())
    assert alone.contacts.get().role == ContactRole.MANAGER
