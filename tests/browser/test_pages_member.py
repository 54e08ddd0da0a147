"""The pages of a certificant: drafts, claims in every state, the journal."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cecs.services import Seen
from journals import services as journals
from journals.models import Entry
from serportal.certifications.states import PeriodStart
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories
from tests.browser import contested
from tests.browser.album import FOLDER, Album
from tests.browser.steps import follow, press
from tests.documents.test_paper import words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_a_draft(open_page, amara):
    page = open_page(amara)
    album = Album(page, "draft")
    album.visit("/dashboard/", "dashboard, nothing to do")
    album.visit("/journal/", "journal without entries")
    album.visit("/cecs/new/", "new")
    press(page, "Attending a conference or symposium")
    album.look("empty")
    press(page, "Check my answers")
    album.look("empty refused", status=422)

    data = factories.draft_data(title="", last_day="2026-13-40", **{"hours-0": "eight", "what-1": ""})
    wrong = factories.draft(amara, data=data)
    page.goto(f"/cecs/drafts/{wrong.pk}/")
    press(page, "Check my answers")
    album.look("refused", status=422)

    draft = factories.draft(amara)
    album.visit(f"/cecs/drafts/{draft.pk}/", "filled")
    elsewhere = factories.draft_data(title="Typed in another tab")
    factories.cecs.save(draft_id=draft.pk, owner=amara, data=elsewhere, seen=Seen(draft.version))
    page.get_by_label("Name of the event").fill("Typed in this tab")
    press(page, "Save and leave")
    album.look("stale", status=409)
    album.visit(f"/cecs/drafts/{draft.pk}/discard/", "discard")
    album.visit(f"/cecs/drafts/{draft.pk}/check/", "check")
    draft.refresh_from_db()
    factories.cecs.save(draft_id=draft.pk, owner=amara, data=factories.draft_data(), seen=Seen(draft.version))
    press(page, "File this claim")
    album.look("check stale", status=409)
    album.visit("/cecs/", "claims with drafts only")
    album.close()


def test_forms_refused_ahead_and_alike(open_page, amara):
    """Each activity’s form as it is filled is pictured where a person types it, in test_every_activity."""
    page = open_page(amara)
    album = Album(page, "activity")
    for activity in ("course", "board"):
        empty = factories.draft(amara, data={"activity": activity}, with_file=False)
        page.goto(f"/cecs/drafts/{empty.pk}/")
        press(page, "Check my answers")
        album.look(f"{activity} refused", status=422)
    ahead = factories.answers_about("training", last_day=programme_day() + timedelta(days=20))
    coming = factories.draft(amara, data=factories.draft_data(ahead))
    album.visit(f"/cecs/drafts/{coming.pk}/", "training before it happens")
    album.visit(f"/cecs/drafts/{coming.pk}/activity/", "another activity")
    album.visit(f"/cecs/drafts/{coming.pk}/check/", "training before it happens, check")
    factories.claim(amara, about="paper", title="Salt and sedges")
    again = factories.draft(amara, data=factories.draft_data(factories.answers_about("paper")))
    album.visit(f"/cecs/drafts/{again.pk}/check/", "paper that looks like another, check")
    album.visit(status_of(factories.claim(amara, about="volunteering")), "volunteering filed")
    album.visit(status_of(factories.claim(amara, about="board")), "board filed")
    album.close()


def test_questions_to_the_member(open_page, ruth, committee, amara):
    page = open_page(amara)
    album = Album(page, "question")
    case = contested.asked(factories.voted(ruth, committee, owner=amara), ruth)
    outbox.drain()
    album.visit("/dashboard/", "dashboard")
    album.visit(status_of(case), "open")
    follow(page, "Read and answer")
    album.look("read")
    press(page, "Answer it")
    album.look("form")
    press(page, "Check my answers")
    album.look("form refused", status=422)
    page.get_by_label("Your answer").fill("I left at noon on the last day, and did not sit in the closing debate.")
    page.get_by_label("Hours", exact=True).nth(3).fill("")
    page.get_by_label("Sessions you sat in").nth(3).fill("")
    page.get_by_label("Hours", exact=True).nth(2).fill("3.5")
    page.get_by_label("What did you learn").fill("Three sediment traps that hold, and one that does not.")
    page.get_by_label("What I report here is true").check()
    press(page, "Check my answers")
    album.look("check")
    press(page, "Send my answer")
    album.look("answered")
    album.close()


def test_a_claim_before_its_activity(open_page, ruth, committee, amara):
    page = open_page(amara)
    album = Album(page, "advance")
    coming = contested.in_advance(ruth, committee, owner=amara)
    awaiting = contested.awaiting_proof(ruth, committee, owner=amara, title="Peatland Days")
    proven = contested.proven(contested.awaiting_proof(ruth, committee, owner=amara, title="Dune Symposium"))
    outbox.drain()
    album.visit("/dashboard/", "dashboard")
    album.visit("/cecs/", "claims")
    album.visit(status_of(coming), "approved in advance")
    album.visit(status_of(awaiting), "awaiting proof")
    follow(page, "Add the proof")
    album.look("proof asked")
    press(page, "Add the proof")
    album.look("proof form")
    album.visit(status_of(proven), "proof filed")
    album.close()


def test_claims_that_end_or_begin_again(open_page, ruth, committee, amara):
    page = open_page(amara)
    album = Album(page, "claim")
    case = factories.seated(ruth, committee, owner=amara, title="Mangrove Forum")
    page.goto(status_of(case))
    follow(page, "Withdraw this claim")
    album.look("withdraw")
    page.get_by_label("Why?").fill("I filed the wrong certificate.")
    press(page, "Withdraw it")
    album.look("withdrawn")
    reopened = contested.reopened(ruth, committee, owner=amara)
    late = factories.screened(ruth, owner=amara, title="Fen Days", at=timezone.now() - timedelta(days=31))
    reviews.extend(late.pk, until=programme_day() + timedelta(days=9), reason="Two members are ill.", by=ruth)
    outbox.drain()
    album.visit(status_of(reopened), "reopened")
    album.visit(status_of(late), "extended")
    album.visit(status_of(contested.split(ruth, committee, owner=amara, title="Reed Day")), "split")
    album.close()


def test_pages_of_a_filed_claim(open_page, ruth, committee, amara):
    page = open_page(amara)
    album = Album(page, "claim")
    album.visit(status_of(factories.claim(amara, title="Seagrass Days")), "to screen")
    album.visit(status_of(factories.screened(ruth, owner=amara, title="Peatland Days")), "to seat")
    case = factories.seated(ruth, committee, owner=amara, title="Mangrove Forum")
    factories.vote(case, committee[0])
    album.visit(status_of(case), "with the committee")
    album.visit(status_of(factories.voted(ruth, committee, owner=amara, title="Prairie Talks")), "all voted")
    denied = factories.voted(ruth, committee, [Choice.DENY, Choice.DENY, Choice.APPROVE], owner=amara, title="Fair")
    reviews.decide(denied.pk, digest=reviews.preview(denied).digest, by=ruth)
    uploaded = factories.decided(ruth, committee, owner=amara, title="Dune Symposium", hours="13")
    journals.post_upload(journals.prepare_upload(key="the last", due_on=programme_day()))
    approved = factories.decided(ruth, committee, owner=amara, title="River Restoration Symposium of the Lowlands")
    outbox.drain()
    album.visit(status_of(denied), "denied")
    album.visit(status_of(approved), "approved")
    album.visit(status_of(uploaded), "uploaded")
    factories.draft(amara)
    album.visit("/dashboard/", "dashboard full")
    album.visit("/cecs/", "claims full")
    album.visit("/journal/", "journal")
    journal_with_everything(ruth, committee, amara)
    album.visit("/journal/", "journal with everything")
    album.visit("/dashboard/", "dashboard with a correction")
    album.visit(f"/journal/?period={amara.periods.earliest('starts_on').starts_on}", "journal of an earlier period")
    album.visit("/journal/statements/", "statements")
    stated = amara.statements.earliest("pk")
    album.visit(f"/journal/statements/{stated.pk}/", "statement")
    album.close()


def journal_with_everything(ruth, committee, amara) -> None:
    """An earlier period, volunteering, an event at its cap, a correction that waits, and one that is uploaded."""
    period = amara.periods.get()
    before = period.starts_on - timedelta(days=1)
    earlier = amara.periods.create(
        certification=period.certification,
        starts_on=before - timedelta(days=1500),
        ends_on=before,
        began_as=PeriodStart.CERTIFIED,
    )
    type(period).objects.filter(pk=period.pk).update(began_as=PeriodStart.UPGRADED)
    factories.imported(amara, credits="7.5", period=earlier, earned_on=before - timedelta(days=900))
    factories.imported(amara, credits="12", description="Field school on the Wadden islands")
    mistaken = factories.imported(amara, credits="4", description="Webinar that was cancelled")
    factories.decided(ruth, committee, owner=amara, about="volunteering")
    journals.post_upload(journals.prepare_upload(key="before", due_on=programme_day()))
    journals.reverse(mistaken.pk, reason="The organiser told us that the webinar was cancelled.", by=ruth)
    journals.post_upload(journals.prepare_upload(key="after", due_on=programme_day()))
    taught = factories.decided(ruth, committee, owner=amara, about="training", title="Reading a salt marsh")
    journals.reverse(Entry.objects.get(decision__case=taught).pk, reason="It was the same day twice.", by=ruth)
    uploaded = Entry.objects.get(description="Field school on the Wadden islands")
    journals.reverse(uploaded.pk, reason="The field school was entered for the wrong person.", by=ruth)


def test_a_journal_on_paper(open_page, ruth, committee, amara):
    """Without its frame, black on white, every year open, nothing wider than the paper."""
    factories.decided(ruth, committee, owner=amara, title="Old dunes", last_day=amara.periods.get().starts_on)
    journal_with_everything(ruth, committee, amara)
    page = open_page(amara)
    page.set_viewport_size({"width": 720, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("/journal/")
    for gone in (page.locator(".masthead"), page.locator(".foot"), page.get_by_role("link", name="All entries")):
        expect(gone).to_be_hidden()
    expect(page.get_by_text("Your journal").first).to_be_visible()
    for line in page.locator("details li").all():
        expect(line).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    page.screenshot(path=FOLDER / "member-journal-on-paper.png", full_page=True, caret="initial")
    words = words_of(page.pdf(format="A4"))
    for said in ("The same in numbers", "Credits by activity, and limits", "Year 1: 10 credits", "Old dunes", "Proof:"):
        assert said in words
    for gone in ("Sign out", "Dashboard", "All entries of every period", "All your periods", "Rules in force"):
        assert gone not in words


def status_of(case) -> str:
    return f"/cecs/{case.reference}/"
