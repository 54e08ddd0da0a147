"""The coordinator’s work queue, list of cases and page of one case, at every step."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from serportal.accounts.states import Committee
from serportal.reviews import services as reviews
from serportal.reviews.models import Seat
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories
from tests.browser import contested
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = "/admin/reviews/reviewcase/"


def test_work_queue_and_cases(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "coordinator")
    album.visit("/dashboard/", "dashboard")
    album.visit("/admin/", "queue empty", stock=True)
    neighbour = factories.member(name="Zoe Adair", employer=amara.employer)
    cases = {
        "screen": factories.claim(amara, title="Seagrass Days", at=timezone.now() - timedelta(days=30)),
        "seat": factories.screened(ruth, owner=amara, title="Peatland Days"),
        "vote": factories.seated(ruth, committee, owner=amara, title="Mangrove Forum"),
        "fill": factories.seated(ruth, committee, owner=amara, title="Dune Symposium"),
        "decide": factories.voted(ruth, committee, [Choice.DENY, *[Choice.APPROVE] * 2], title="Prairie Talks"),
        "done": factories.decided(ruth, committee, owner=amara, title="River Symposium"),
    }
    reviews.declare(Seat.objects.get(panel__case=cases["fill"], member=committee[0]).pk, conflict=True, by=committee[0])
    cache.clear()  # the charts of the empty queue
    album.visit("/admin/", "queue full", stock=True)
    album.visit(CASES, "case list", stock=True)
    for step, case in cases.items():
        album.visit(case_page(case), f"case, {step}", stock=True)
    page.goto(case_page(cases["seat"]))
    expect(page.get_by_role("row", name=neighbour.name)).to_contain_text("Same employer")
    page.get_by_role("checkbox", checked=True).first.uncheck()
    press(page, "Seat and invite 3 members")
    album.look("case, seat refused", status=409, stock=True)
    album.close()


def test_contested_cases_of_the_coordinator(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "contested")
    cases = {
        "question open": contested.asked(factories.voted(ruth, committee, owner=amara), ruth),
        "split": contested.split(ruth, committee, owner=amara, title="Peatland Days"),
        "approved in advance": contested.in_advance(ruth, committee, owner=amara, title="Fen Days"),
        "awaiting proof": contested.awaiting_proof(ruth, committee, owner=amara, title="Reed Day"),
        "reopened": contested.reopened(ruth, committee, owner=amara, title="Dune Symposium"),
        "withdrawn": reviews.withdraw(factories.claim(amara, title="Heath").pk, reason="Wrong file.", by=amara),
        "denied": factories.decided(ruth, committee, choices=[Choice.DENY] * 3, owner=amara, title="Fair"),
    }
    answered = contested.asked(factories.seated(ruth, committee, owner=amara, title="Salt Days"), ruth)
    cases["answered"] = contested.answered(answered, hours="12", learned="Four sediment traps that hold.")
    for state, case in cases.items():
        album.visit(case_page(case), f"case, {state}", stock=True)

    album.visit(case_page(factories.claim(amara, title="Mangrove Forum")), "case, to screen", stock=True)
    page.get_by_text("Ask Amara Okafor something").click()
    press(page, "Send the question")
    album.look("case, question refused", status=422, stock=True)

    two = factories.seated(ruth, committee, owner=amara, title="Lagoon Days")
    for one in committee[:2]:
        factories.vote(two, one)
    page.goto(case_page(two))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    album.look("case, every way out", stock=True)

    proven = contested.proven(contested.awaiting_proof(ruth, committee, owner=amara, title="Seagrass Days"))
    album.visit(case_page(proven), "case, proof to confirm", stock=True)
    page.get_by_label("A paragraph of your own").fill("Thank you for the photographs.")
    press(page, "Show the letter")
    album.look("case, proof and its letter", stock=True)
    album.close()


def test_cases_without_enough_people_and_without_a_panel(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "lanes")
    factories.decided(ruth, committee, title="North Sea Wetlands Conference")
    same = factories.claim(amara, hours="8", approval_code="SER-7KQM-2WXA")
    page.goto(case_page(same))
    page.get_by_text("Decide it without a panel").click()
    album.look("case, decided before", stock=True)
    press(page, "Decide alike: show the letter")
    album.look("case, decided before, its letter", stock=True)
    album.visit(f"/admin/cecs/cecsubmission/{same.pk}/rulings/", "rulings", stock=True)
    press(page, "Note it with the case")
    album.look("rulings refused", status=422, stock=True)
    page.locator("[name=code]").first.check()
    page.get_by_label("Why").fill("The field day was not part of the conference.")
    press(page, "Note it with the case")
    album.look("rulings, one decided", stock=True)
    alike = factories.claim(factories.certificant(), title="North Sea Wetland Conference")
    album.visit(f"/admin/cecs/cecsubmission/{alike.pk}/rulings/", "rulings, events alike", stock=True)

    blocked = factories.seated(ruth, committee, owner=amara, title="Peatland Days")
    reviews.declare(factories.seat_of(blocked, committee[0]).pk, conflict=True, by=committee[0])
    album.visit(case_page(blocked), "case, nobody left", stock=True)
    factories.member(Committee.CERTIFICATION, name="Zoe Adair")
    album.visit(case_page(blocked), "case, lent from another committee", stock=True)
    follow(page, "I have a conflict of interest")
    album.look("step aside", stock=True)
    album.close()


def test_several_cases_in_the_list(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "list")
    factories.claim(amara, title="Seagrass Days", at=timezone.now() - timedelta(days=30))
    factories.claim(title="Heath Days")
    for title in ("Peatland Days", "River Restoration Symposium of the Lowlands"):
        factories.screened(ruth, owner=amara, title=title)
    factories.voted(ruth, committee, title="Prairie Talks")
    factories.voted(ruth, committee, [Choice.DENY] * 3, title="Fair")
    contested.asked(factories.claim(amara, title="Dune Symposium"), ruth)
    album.visit(f"{CASES}?holder=coordinator&due=late", "narrowed", stock=True)
    album.visit(f"{CASES}?member={amara.pk}", "of one member", stock=True)
    album.visit(f"{CASES}?q=nothing+like+it", "nothing found", stock=True)
    for action in ("screen_all", "seat_all", "decide_all", "extend_all"):
        page.goto(CASES)
        page.locator("#action-toggle").check()
        page.get_by_label("Action:").select_option(action)
        press(page, "Go")
        album.look(action, stock=True)
    press(page, "Show what it would change")
    album.look("extend_all refused", status=422, stock=True)
    page.get_by_label("The answer goes out by").fill(str(programme_day() + timedelta(days=35)))
    page.get_by_label("Why").fill("Two members are ill.")
    press(page, "Show what it would change")
    album.look("extend_all ready", stock=True)
    page.get_by_role("button", name="Send the extension letters").click()
    album.look("extend_all done", stock=True)
    album.close()


def case_page(case) -> str:
    return f"{CASES}{case.pk}/change/"
