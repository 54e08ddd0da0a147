"""Two coordinators, or two tabs, at the same instant about what is on the list: one effect, and an answer for each."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from journals.states import Activity, Delivery
from preapprovals.models import Contact, Notice, Occurrence, Offering, Sponsor
from preapprovals.services import importing, joining, listing
from preapprovals.services.drafts import PARTS
from preapprovals.states import Act
from serportal.drafts.services import Seen
from serportal.home.invariants import broken
from serportal.ui.imports import KNOWN, NEW
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WEBINARS = "title\tsponsor\tminutes\n" + "\n".join(f"Webinar {n}\tSER Europe\t90" for n in range(12))


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


@pytest.mark.parametrize("_round", range(3))
def test_one_list_brought_in_twice_at_once_is_there_once(_round):
    """A double press on the page, and the service beside it: the others find every row here already."""
    ruth, deputy = factories.coordinator(), factories.coordinator()
    tabs, given = [Client(), Client()], {"rows": WEBINARS, "kind": "ser", "confirm": "1"}
    for tab in tabs:
        tab.force_login(deputy)
    plan, *answers = at_once(
        lambda: importing.import_list(WEBINARS, by=ruth),
        *[lambda tab=tab: tab.post("/admin/preapprovals/offering/import/", given) for tab in tabs],
    )
    pages = [answer.content.decode() for answer in answers]
    told = [(page.count("On the list."), page.count("It is here already.")) for page in pages]
    assert sorted([(plan.count(NEW), plan.count(KNOWN)), *told]) == [(0, 12), (0, 12), (12, 0)]
    assert Offering.objects.count() == Occurrence.objects.count() == 12
    assert Offering.objects.values("code").distinct().count() == 12
    assert Notice.objects.filter(act=Act.IMPORTED).count() == 12 and Sponsor.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_lists_of_one_new_sponsor_make_it_once(_round):
    ruth, deputy = factories.coordinator(), factories.coordinator()
    other = WEBINARS.replace("Webinar", "Evening").replace("SER Europe", "ser  EUROPE")
    at_once(
        lambda: importing.import_list(WEBINARS, by=ruth),
        lambda: importing.import_list(other, by=deputy),
        lambda: event("Spring meeting", ruth),
        lambda: event("Autumn meeting", deputy),
    )
    assert Sponsor.objects.count() == 1 and Offering.objects.count() == 26


def event(title: str, by) -> Offering:
    day = programme_day() + timedelta(days=9)
    return listing.list_event(
        sponsor="SER Europe",
        title=title,
        category=Activity.TRAINING,
        delivery=Delivery.ONLINE,
        first_day=day,
        last_day=day,
        zone="UTC",
        by=by,
    )


@pytest.mark.parametrize("_round", range(3))
def test_one_event_listed_twice_at_once_is_one_and_the_other_is_told(_round):
    ruth = factories.coordinator()
    answers = at_once(*[lambda: event("Spring meeting", ruth)] * 3)
    assert Counter(type(one).__name__ for one in answers) == {"Offering": 1, "Refusal": 2}
    assert {one.code for one in answers if isinstance(one, Refusal)} == {"listed"}
    assert Offering.objects.count() == Sponsor.objects.count() == 1
    listing.withdraw_listing(offering_id=Offering.objects.get().pk, reason="It is put off.", by=ruth)
    assert event("Spring meeting", ruth).is_preapproved is False


@pytest.mark.parametrize("_round", range(3))
def test_a_list_comes_in_while_its_sponsor_is_joined_to_another(_round):
    """Whichever is first, every webinar is there once, under a sponsor that is still there."""
    ruth, deputy = factories.coordinator(), factories.coordinator()
    kept, gone = factories.sponsor(name="SER Europa", kind="ser"), factories.sponsor(name="SER Europe", kind="ser")
    given = {"kept_id": kept.pk, "gone_id": gone.pk, "key": joining.plan_joining(kept, gone).key, "by": deputy}
    answers = at_once(lambda: importing.import_list(WEBINARS, by=ruth), lambda: joining.join_sponsors(**given))
    assert [type(one).__name__ for one in answers] == ["Plan", "Sponsor"]
    assert Offering.objects.count() == 12 and not Sponsor.objects.filter(pk=gone.pk).exists()
    assert Contact.objects.filter(sponsor=kept).count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_the_agenda_saved_from_two_tabs_at_once_is_one_of_the_two(_round):
    """SPEC 6: the stale tab is told so."""
    draft = factories.request_draft()
    section = draft.sections.get(section="agenda")
    saves = [
        lambda n=n: PARTS.save_section(
            draft_id=draft.pk,
            owner=draft.owner,
            section="agenda",
            data={**section.data, "what-0": f"Text of tab {n}"},
            seen=Seen(section.version),
        )
        for n in range(2)
    ]
    answers = at_once(*saves)
    assert Counter(type(one).__name__ for one in answers) == {"SectionText": 1, "StaleDraft": 1}
    section.refresh_from_db()
    kept = next(n for n, one in enumerate(answers) if not isinstance(one, Refusal))
    assert section.data["what-0"] == f"Text of tab {kept}" and section.data["what-2"] == "In the marsh"
