"""A person’s front page: what needs them, what waits on others, and only the doors that are open to them."""

from datetime import datetime, time, timedelta

import pytest

from preapprovals.models import Offering
from preapprovals.services import appealing, dates, oversight, visiting
from preapprovals.states import Act, ContactRole
from serportal.drafts.services import Seen
from serportal.home.dashboard import dashboard_of
from serportal.ui.words import programme_day, programme_zone
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
    shown = [dashboard_of(one, reviewer=False, billed=True, partner=False, contact=False) for one in (asked, owes)]
    assert [(len(one["bills"]), len(one["pleas"])) for one in shown] == [(0, 1), (1, 0)]


def owing():
    """A sponsor that owes one thing of every kind, its manager and the coordinator who asked for it."""
    wanjiru, ruth, today = factories.PersonFactory(), factories.coordinator(), programme_day()
    of = factories.sponsor(wanjiru)
    named = {
        name: factories.offering(of, title=f"{name} course", **more)
        for name, more in {
            "Confirmed": {},
            "Asked": {},
            "Ending": {"valid_from": today - timedelta(days=700), "valid_to": today + timedelta(days=50)},
            "Warned": {},
            "Ended": {},
        }.items()
    }
    factories.occurrence(named["Confirmed"], days=-12)
    visiting.ask_records(
        offering_id=named["Asked"].pk, asked_until=today + timedelta(days=9), note="All lists.", by=ruth
    )
    oversight.act_on(named["Warned"].pk, act=Act.WARNED, reason="No confirmations.", by=ruth)
    oversight.act_on(named["Ended"].pk, act=Act.TERMINATED, reason="None at all.", by=ruth)
    return of, wanjiru, ruth, named


def test_what_a_sponsor_owes_needs_those_who_may_do_it(client):
    """R-SPO-4, R-SPO-5, R-SPO-6: a warning first, the rest by their days; nothing for who only reads."""
    of, wanjiru, *_rest = owing()
    page = page_of(client, wanjiru)
    places = [page.index(f"{name} course") for name in ("Warned", "Asked", "Confirmed", "Ended", "Ending")]
    assert places == sorted(places)
    for said in ("9 days left", "18 days left", "30 days left", "50 days left", "You can appeal until"):
        assert said in page, said
    li = factories.PersonFactory()
    contact = factories.contact(of, li.email, ContactRole.READER, li)
    assert "Nothing needs you now." in page_of(client, li)
    client.force_login(li)
    read = client.get(f"/preapprovals/sponsors/{of.pk}/").content.decode()
    assert "Send the records that SER asked for" in read and "/records/" not in read
    contact.role = ContactRole.EDITOR
    contact.save()
    assert "Confirm completion" in page_of(client, li)


def test_what_is_done_needs_nobody_any_more(client):
    of, wanjiru, ruth, named = owing()
    dates.confirm(occurrence_id=named["Confirmed"].occurrences.get().pk, by=wanjiru)
    visiting.answer_records(visit_id=named["Asked"].visits.get().pk, text="They are with you.", by=wanjiru)
    factories.offering(of, title="Next", renews=named["Ending"])
    oversight.act_on(named["Warned"].pk, act=Act.CLEARED, reason="All of it came.", by=ruth)
    ended = appealing.termination_of(Offering.objects.get(pk=named["Ended"].pk))
    draft = appealing.begin(notice=ended, by=wanjiru)
    appealing.save(draft_id=draft.pk, by=wanjiru, grounds="They were sent.", seen=Seen(draft.version))
    assert "You can appeal until" in page_of(client, wanjiru)
    appealing.file_appeal(draft_id=draft.pk, by=wanjiru)
    assert "Nothing needs you now." in page_of(client, wanjiru)


@pytest.mark.parametrize(("days", "shown"), [(30, True), (31, False)])
def test_an_appeal_is_offered_until_its_last_day(client, days, shown):
    """R-SPO-6: day 30 counts."""
    wanjiru, day = factories.PersonFactory(), programme_day() - timedelta(days=days)
    at = datetime.combine(day, time(12), tzinfo=programme_zone())
    offering = factories.offering(factories.sponsor(wanjiru))
    oversight.act_on(offering.pk, act=Act.TERMINATED, reason="None.", by=factories.coordinator(), at=at)
    assert ("You can appeal until" in page_of(client, wanjiru)) is shown
