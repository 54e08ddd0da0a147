"""The pages of a committee member: the desk, the conflict question, the ballot."""

from datetime import timedelta

import pytest

from serportal.reviews import services as reviews
from serportal.reviews.models import Seat
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories
from tests.browser import contested
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_a_reviewer(open_page, ruth, committee):
    ines, tomas, wanjiru = committee
    page = open_page(ines)
    album = Album(page, "reviewer")
    album.visit("/reviews/", "desk empty")
    album.visit("/dashboard/", "dashboard empty")
    cast = factories.seated(ruth, committee, title="Peatland Days")
    factories.vote(cast, ines, Choice.FEWER, credits=8, reason="Two sessions were product talks.")
    closed = factories.voted(ruth, committee, title="Mangrove Forum")
    open_case = factories.seated(ruth, committee, title="Dune Symposium")
    Seat.objects.filter(panel__case=open_case).update(ballot_due_on=programme_day() - timedelta(days=3))
    factories.seated(ruth, committee, title="Prairie Talks")
    decided = factories.decided(ruth, committee, title="Seagrass Days")
    album.visit("/dashboard/", "dashboard full")
    album.visit("/reviews/", "desk full")
    album.visit(f"/reviews/{open_case.reference}/", "conflict question")
    press(page, "No conflict, open the case")
    album.look("ballot")
    page.get_by_label("Approve fewer credits").check()
    page.get_by_label("Credits you would grant").fill("lots")
    press(page, "Save and next case")
    album.look("ballot refused", status=422)
    album.visit(f"/reviews/{cast.reference}/", "ballot to change")
    factories.vote(cast, tomas)
    factories.vote(cast, wanjiru)
    press(page, "Save and next case")
    album.look("ballot too late", status=409)
    album.visit(f"/reviews/{closed.reference}/", "ballot closed")
    album.visit(f"/reviews/{decided.reference}/", "decided")
    album.close()


def test_several_cases_at_once(open_page, ruth, committee, amara):
    page = open_page(committee[0])
    album = Album(page, "reviewer")
    for title in ("Seagrass Days", "Peatland Days"):
        factories.seated(ruth, committee, owner=amara, title=title)
    factories.seated(ruth, committee, title="River Restoration Symposium of the Lowlands", hours="13")
    page.goto("/reviews/")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    press(page, "No conflict in the ticked cases")
    album.look("desk, several of one member")
    press(page, "Approve the ticked as computed")
    album.look("desk, nothing ticked")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    press(page, "Approve the ticked as computed")
    album.look("approve the ticked")
    press(page, "Cast these 3 ballots")
    album.look("desk, all voted")
    album.close()


def test_days_away(open_page, ruth, committee):
    page = open_page(committee[0])
    album = Album(page, "reviewer")
    album.visit("/reviews/away/", "away, none")
    press(page, "Note these days")
    album.look("away refused", status=422)
    factories.seated(ruth, committee)
    page.get_by_label("First day").fill(str(programme_day() + timedelta(days=10)))
    page.get_by_label("Last day").fill(str(programme_day() + timedelta(days=20)))
    press(page, "Note these days")
    album.look("away, with a ballot due")
    album.visit("/reviews/", "desk, away soon")
    album.close()


def test_contested_cases_of_a_reviewer(open_page, ruth, committee, amara):
    ines, tomas, wanjiru = committee
    page = open_page(ines)
    album = Album(page, "contested")
    waiting = contested.asked(factories.voted(ruth, committee, owner=amara, title="Seagrass Days"), ruth)
    album.visit(ballot_on(waiting), "the member is asked")
    contested.answered(waiting, hours="12", learned="Four sediment traps that hold, and why the fifth did not.")
    album.visit("/reviews/", "desk after an answer")
    album.visit(ballot_on(waiting), "to confirm after an answer")

    split = contested.split(ruth, [tomas, ines, wanjiru], title="Peatland Days")
    album.visit("/reviews/", "desk with a split panel")
    album.visit(ballot_on(split), "the ballots differ")
    press(page, "My ballot stands")
    album.visit(ballot_on(split), "the ballots differ, mine stands")

    factories.member(name="Zoe Adair")
    abstained = factories.seated(ruth, committee, title="Mangrove Forum")
    factories.vote(abstained, ines, Choice.ABSTAIN)
    album.visit(ballot_on(abstained), "abstained")

    factories.decided(ruth, committee, title="North Sea Wetland Conference")
    flagged = factories.claim(amara, title="North Sea Wetlands Conference")
    reviews.screen(flagged.pk, by=ruth)
    reviews.seat(flagged.pk, members=[one.pk for one in committee], by=ruth)
    factories.claim(amara, title="North Sea Wetlands Conferences")
    reviews.declare(factories.seat_of(flagged, ines).pk, conflict=False, by=ines)
    album.visit(ballot_on(flagged), "with things to notice")
    ines.employer = amara.employer
    ines.save(update_fields=["employer"])
    album.visit(ballot_on(flagged), "conflict question once more")
    press(page, "I have a conflict, step out")
    album.look("stepped out")

    coming = factories.seated(ruth, committee, title="Fen Days", last_day=programme_day() + timedelta(days=10))
    reviews.declare(factories.seat_of(coming, ines).pk, conflict=False, by=ines)
    album.visit(ballot_on(coming), "before the activity")
    page.get_by_text("Ask the coordinator something").click()
    album.look("a question to the coordinator")
    album.close()


def ballot_on(case) -> str:
    return f"/reviews/{case.reference}/"
