"""The coordinator’s pages of offerings: found, read on one page, changed, renewed, withdrawn (SPEC 4)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from journals.states import Activity, Delivery
from preapprovals.models import Notice, Offering, Visit
from preapprovals.services import listing, renewing, visiting
from preapprovals.states import Act, OfferingState, SponsorKind
from serportal.outbox.models import Message
from serportal.outbox.services import render
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/preapprovals/offering/"


@pytest.fixture
def ruth(client):
    person = factories.coordinator(name="Ruth")
    client.force_login(person)
    return person


def ending(days: int, **given) -> Offering:
    """A recurring offering whose last day is ``days`` from today."""
    last = programme_day() + timedelta(days=days)
    return factories.offering(valid_from=last - timedelta(days=700), valid_to=last, **given)


def words(message: Message) -> str:
    return render(message.template, message.context)[1]


def titles(client, query="") -> str:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_is_narrowed_by_expiry(client, ruth):
    for days in (10, 45, 80, 200):
        ending(days, title=f"Ends in {days} days")
    gone = ending(-5, title="Ended")
    for within, found in (("30", [10]), ("60", [10, 45]), ("90", [10, 45, 80])):
        page = titles(client, f"?expires={within}")
        assert [days for days in (10, 45, 80, 200) if f"Ends in {days} days" in page] == found
    assert gone.title in titles(client, "?state=expired")
    assert gone.title not in titles(client, "?state=active")


def test_the_search_forgives_typos_and_reads_codes(client, ruth):
    of = factories.sponsor(name="Dollard Marsh Trust")
    wanted = factories.offering(of, title="Sphagnum and peat hydrology")
    factories.offering(title="Seed mixes for dikes")
    typed = wanted.code.lower().replace("-", " ").replace("0", "o")
    for asked in ("sphagnum", "spagnum", "Dolard Marsh", typed):
        page = titles(client, f"?q={asked}")
        assert wanted.title in page and "Seed mixes" not in page, asked


def test_the_export_is_what_the_list_shows(client, ruth):
    near, far = ending(20, title="=Near()"), ending(300, title="Far")
    table = client.get(f"{LIST}export/csv/?expires=30").getvalue().decode()
    assert near.code in table and far.code not in table
    assert "'=Near()" in table


def test_a_changed_listing_keeps_what_stood_before(client, ruth):
    offering = factories.offering(description="By boat.", url="https://old.example/")
    said = {"change-description": "On foot.", "change-url": "https://old.example/", "change-language": "English"}
    assert client.post(f"{LIST}{offering.pk}/act/change/", said).status_code == 302
    offering.refresh_from_db()
    assert offering.description == "On foot."
    kept = offering.notices.get(act=Act.CHANGED)
    assert kept.reason == "Description was: By boat." and kept.by == ruth
    again = client.post(f"{LIST}{offering.pk}/act/change/", said)
    assert again.status_code == 409 and "nothing was changed" in again.content.decode()


def test_what_is_withdrawn_leaves_the_list_and_its_contacts_are_told(client, ruth):
    offering = factories.offering()
    factories.occurrence(offering)
    assert client.post(f"{LIST}{offering.pk}/act/withdraw/", {"withdraw-reason": ""}).status_code == 422
    assert (
        client.post(f"{LIST}{offering.pk}/act/withdraw/", {"withdraw-reason": "The trust closed."}).status_code == 302
    )
    assert not Offering.objects.public(programme_day()).exists()
    letter = Message.objects.get(template=listing.WITHDRAWN)
    assert letter.person == offering.sponsor.contacts.get().person
    assert "The trust closed." in words(letter)
    refused = client.post(f"{LIST}{offering.pk}/act/withdraw/", {"withdraw-reason": "Again."})
    assert refused.status_code == 409
    assert Notice.objects.filter(act=Act.WITHDRAWN).count() == 1


EVENT = {
    **{"sponsor": "SER Europe", "title": "Peat evening", "category": Activity.TRAINING, "delivery": Delivery.ONLINE},
    **{"starts": "19:00", "ends": "20:30", "zone": "Europe/Amsterdam"},
}


def test_an_event_of_a_chapter_is_listed_without_approval(client, ruth):
    """R-SPO-7."""
    day = programme_day() + timedelta(days=9)
    assert client.post(f"{LIST}add/", {**EVENT, "first_day": day.isoformat()}).status_code == 302
    listed = Offering.objects.get()
    assert listed.code is None and listed.credits is None and listed.sponsor.kind == SponsorKind.SER
    assert listed.occurrences.get().first_day == listed.valid_to == day
    assert listed.notices.get().act == Act.LISTED
    page = client.get(f"{LIST}{listed.pk}/change/").content.decode()
    assert "only listed, not pre-approved" in page and "Ask for its records" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sponsor": ""}, "Write whose event it is."),
        ({"ends": ""}, "Write both times, or neither."),
        ({"ends": "18:00"}, "It ends before it begins."),
        ({"zone": "Middle/Earth"}, "zone"),
        ({"last_day": "2001-01-01"}, "The last day lies before the first."),
        ({"first_day": "soon"}, "This is no day."),
    ],
)
def test_a_wrong_event_gets_a_sentence(client, ruth, changes, sentence):
    given = {**EVENT, "first_day": (programme_day() + timedelta(days=9)).isoformat(), **changes}
    response = client.post(f"{LIST}add/", given)
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Offering.objects.exists()


def test_nobody_elses_event_is_listed_without_approval(ruth):
    """R-SPO-7: only SER and its chapters."""
    day = programme_day()
    given = {"title": "Evening", "category": Activity.TRAINING, "delivery": Delivery.ONLINE, "zone": "UTC"}
    factories.sponsor(name="Dike Academy")
    with pytest.raises(Refusal, match="no chapter of SER"):
        listing.list_event(sponsor="dike academy", first_day=day, last_day=day, by=ruth, **given)
    with pytest.raises(Refusal, match="The last day is over"):
        listing.list_event(sponsor="SER", first_day=day - timedelta(1), last_day=day - timedelta(1), by=ruth, **given)
    assert not Offering.objects.exists()


def ticked(*offerings) -> dict:
    return {"action": "renew_all", "_selected_action": [one.pk for one in offerings]}


def keys_of(offerings) -> dict:
    plans = [renewing.plan_renewal(one) for one in renewing.with_renewal(Offering.objects.filter(pk__in=offerings))]
    return {f"key-{plan.offering.pk}": plan.key for plan in plans}


def test_ticked_offerings_are_shown_and_then_renewed(client, ruth):
    """R-SPO-2: two more years, a new code, a letter; the old code keeps its days."""
    near, far = ending(20, title="Near"), ending(300, title="Far")
    page = client.post(LIST, ticked(near, far)).content.decode()
    assert "One approval would be renewed" in page and "From " in page and "it can be renewed." in page
    assert Offering.objects.count() == 2
    confirmed = {**ticked(near), **keys_of([near.pk]), "confirmed": "1"}
    assert client.post(LIST, confirmed).status_code == 302
    made = near.renewed_by
    assert made.valid_from == near.valid_to + timedelta(days=1)
    assert (made.valid_to - made.valid_from).days in {729, 730}
    assert made.credits == near.credits and made.code not in {near.code, None}
    assert made.notices.get().act == Act.RENEWED
    letter = Message.objects.get(template=renewing.RENEWED)
    assert made.code in words(letter) and near.code in words(letter)
    client.post(LIST, confirmed)
    assert Offering.objects.count() == 3 and Message.objects.filter(template=renewing.RENEWED).count() == 1


def test_a_renewal_carries_the_agenda_and_what_is_on_demand_can_be_taken(ruth):
    old = ending(20, delivery=Delivery.ON_DEMAND)
    old.sessions.create(number=1, starts="09:00", ends="15:00", title="All of it", minutes=360)
    made = renewing.renew(offering_id=old.pk, key=keys_of([old.pk])[f"key-{old.pk}"], by=ruth)
    assert made.sessions.get().title == "All of it" and old.sessions.count() == 1
    run = made.occurrences.get()
    assert (run.first_day, run.last_day) == (made.valid_from, made.valid_to)


def test_a_renewal_that_is_not_what_was_shown_is_not_made(ruth):
    old = ending(20)
    key = keys_of([old.pk])[f"key-{old.pk}"]
    Offering.objects.filter(pk=old.pk).update(credits=Decimal(4))
    with pytest.raises(Refusal, match="changed since it was shown"):
        renewing.renew(offering_id=old.pk, key=key, by=ruth)


@pytest.mark.parametrize(
    ("days", "columns", "sentence"),
    [
        (20, {"state": OfferingState.WARNED}, "It is warned"),
        (20, {"state": OfferingState.TERMINATED}, "It is terminated"),
        (20, {"recurring": False}, "its own days alone"),
        (20, {"code": None, "credits": None}, "only listed"),
        (20, {"minutes": 30}, "no credit any more"),
        (91, {}, "it can be renewed"),
        (-61, {}, "too long ago"),
    ],
)
def test_what_cannot_be_carried_on_says_why(days, columns, sentence):
    """R-SPO-2 (default): only what recurs and is not warned."""
    old = ending(days)
    Offering.objects.filter(pk=old.pk).update(**columns)
    with pytest.raises(Refusal, match=sentence):
        renewing.plan_renewal(renewing.with_renewal(Offering.objects.filter(pk=old.pk)).get())


@pytest.mark.parametrize("days", [-60, 0, 90])
def test_the_edges_of_the_days_in_which_it_can_be_renewed(days):
    old = ending(days)
    assert renewing.plan_renewal(renewing.with_renewal(Offering.objects.filter(pk=old.pk)).get())
    assert list(Offering.objects.renewable(programme_day())) == [old]


def test_a_coordinator_who_acts_for_the_sponsor_sees_none_of_it(client, ruth):
    """R-REV-5."""
    mine = factories.offering(factories.sponsor(ruth), title="My own course")
    other = factories.offering(title="Somebody else’s")
    page = titles(client)
    assert mine.title not in page and other.title in page
    assert client.get(f"{LIST}{mine.pk}/change/").status_code == 404
    assert client.post(f"{LIST}{mine.pk}/act/withdraw/", {"withdraw-reason": "x"}).status_code == 404
    with pytest.raises(Offering.DoesNotExist):
        listing.withdraw_listing(offering_id=mine.pk, reason="x", by=ruth)


def test_a_visit_is_noted_with_its_files(client, ruth):
    offering = factories.offering()
    said = {"visit-on_day": programme_day().isoformat(), "visit-note": "Two of four hours were sales talks."}
    assert client.post(f"{LIST}{offering.pk}/act/visit/", said).status_code == 302
    visit = Visit.objects.get()
    page = f"/admin/preapprovals/visit/{visit.pk}/"
    assert client.post(f"{page}act/files/", {"files-files": [factories.pdf("photo.pdf")]}).status_code == 302
    bad = factories.SimpleUploadedFile("run.exe", b"MZ")
    refused = client.post(f"{page}act/files/", {"files-files": [factories.pdf("more.pdf", b"x"), bad]})
    assert refused.status_code == 409 and "run.exe" in refused.content.decode()
    assert visit.folder.files.count() == 2
    assert "Two of four hours were sales talks." in client.get(f"{page}change/").content.decode()
    assert offering.notices.filter(act=Act.VISITED).exists()


def test_records_are_asked_for_once_and_the_sponsor_is_told(client, ruth):
    """R-SPO-5."""
    offering = factories.offering()
    until = programme_day() + timedelta(days=30)
    said = {"records-asked_until": until.isoformat(), "records-note": "The list of attendance of 3 May."}
    assert client.post(f"{LIST}{offering.pk}/act/records/", said).status_code == 302
    letter = Message.objects.get(template=visiting.ASKED)
    assert "The list of attendance of 3 May." in words(letter)
    assert f"/preapprovals/offerings/{offering.pk}/records/{Visit.objects.get().pk}/" in words(letter)
    assert client.post(f"{LIST}{offering.pk}/act/records/", said).status_code == 409
    assert (
        reverse("admin:preapprovals_visit_change", args=[Visit.objects.get().pk])
        in client.get(f"{LIST}{offering.pk}/change/").content.decode()
    )
    assert offering.title in titles(client, "?owed=records")


def test_what_is_on_demand_is_told_in_nobodys_own_voice(client, ruth):
    """The label of the choice is what a claimant says of the activity; sponsors and the public read another."""
    mine = factories.offering(delivery=Delivery.ON_DEMAND)
    wanjiru = mine.sponsor.contacts.get().person
    pages = {ruth: [f"{LIST}{mine.pk}/change/", LIST, f"{LIST}add/", f"{LIST}export/csv/"], wanjiru: []}
    pages[wanjiru] = [f"/courses/{mine.pk}/", f"/preapprovals/offerings/{mine.pk}/"]
    for person, paths in pages.items():
        client.force_login(person)
        for path in paths:
            answer = client.get(path)
            page = (answer.getvalue() if answer.streaming else answer.content).decode()
            assert "people’s own time" in page and "my own time" not in page, path
    client.force_login(ruth)
    found = client.get(f"{LIST}?delivery=on+demand").content.decode()
    assert mine.title in found and mine.title not in client.get(f"{LIST}?delivery=online").content.decode()
