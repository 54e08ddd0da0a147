"""Every page in every state: clean for axe, quiet on the console, no wider than a small phone, and pictured."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from cecs.services import Seen
from journals import services as journals
from journals.models import CreditTypeCode, Entry, KnowledgeArea, PolicyRow, ScheduleRow, Upload
from journals.states import Activity
from serportal.certifications.models import Certification
from serportal.certifications.states import PeriodStart
from serportal.home import views as home
from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message
from serportal.reviews import services as reviews
from serportal.reviews.models import Seat
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import FOLDER, Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member(name=name) for name in ("Ines Duarte", "Tomas Lindqvist", "Wanjiru Kamau")]


@pytest.fixture
def amara():
    """Her address is longer than the smallest phone is wide."""
    return factories.certificant(
        name="Amara Okafor",
        email="amara.okafor-van-der-wadden@certification.wadden-delta-consulting.example",
        since=programme_day() - timedelta(days=800),
    )


def announce() -> None:
    """Store a rate and a cap for later days."""
    day = programme_day() + timedelta(days=40)
    rate = {"activity": "conference", "category": 3, "measure": "hours", "rate": 3, "unit": "hours"}
    ScheduleRow.objects.create(**rate, pre_approvable=True, effective_from=day)
    policy = PolicyRow.objects.latest("effective_from")
    policy.pk, policy.event_cap, policy.effective_from = None, 8, day + timedelta(days=90)
    policy.save()


def test_public_pages(open_page):
    page = open_page()
    album = Album(page, "public")
    album.visit("/", "landing")
    album.visit("/rules/", "rules")
    announce()
    album.visit("/rules/", "rules with changes announced")
    for door in ("cerp", "cerpit", "partner", "upgrade"):
        album.visit(f"/applications/new/{door}/", f"door {door}")
    album.visit("/preapprovals/new/", "door preapproval")
    album.visit("/nothing/here/", "error 404", status=404)
    album.visit("/rules/?q=%00", "error 400", status=400)
    album.close()


def test_pages_for_signing_in(open_page):
    page = open_page()
    album = Album(page, "account")
    album.visit("/accounts/login/", "login")
    press(page, "Sign in")
    album.look("login refused")
    page.get_by_label("E-mail address").fill("nobody@place.example")
    page.get_by_label("Password").fill("not the password")
    page.context.clear_cookies()
    press(page, "Sign in")
    album.look("too old", status=403)
    album.visit("/accounts/signup/", "signup")
    page.get_by_label("E-mail address").fill("amara@")
    page.locator("[name=password1]").fill("password")
    page.locator("main form [type=submit]").click()
    album.look("signup refused")
    page.get_by_label("Full name").fill("Nia Mensah")
    page.get_by_label("E-mail address").fill("nia@place.example")
    page.get_by_label("Country").select_option("GH")
    page.locator("[name=password1]").fill("sedge reed willow alder")
    page.locator("main form [type=submit]").click()
    album.look("signup done, address to confirm")
    album.visit("/accounts/password/reset/", "reset")
    page.get_by_label("E-mail address").fill("nia@place.example")
    page.locator("main form [type=submit]").click()
    album.look("reset done")
    album.visit("/accounts/password/reset/key/1-nothing/", "reset link too old")
    album.visit("/accounts/password/reset/key/done/", "reset, new password set")
    album.visit("/accounts/confirm-email/nothing/", "confirmation link too old")
    album.visit("/accounts/inactive/", "inactive")
    album.close()


def test_page_for_a_fault_of_ours(open_page, monkeypatch, caplog):
    page = open_page()
    album = Album(page, "public")

    def broken(_day, _policy):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(home, "examples_on", broken)
    album.visit("/rules/", "error 500", status=500)
    album.close()


def test_pages_of_someone_without_anything(open_page):
    page = open_page(factories.PersonFactory(name="Nia Mensah"))
    album = Album(page, "newcomer")
    album.visit("/dashboard/", "dashboard")
    album.visit("/cecs/", "claims empty")
    album.visit("/cecs/new/", "claim refused")
    album.visit("/journal/", "journal none")
    album.visit("/accounts/profile/", "profile")
    page.get_by_label("Full name").fill("")
    page.locator("main form [type=submit]").click()
    album.look("profile refused")
    album.visit("/accounts/email/", "email")
    album.visit("/accounts/password/set/", "password")
    album.visit("/accounts/2fa/", "second factor")
    album.visit("/accounts/2fa/totp/activate/", "second factor app")
    album.visit("/accounts/2fa/recovery-codes/generate/", "second factor recovery codes")
    album.visit("/accounts/logout/", "logout")
    album.close()


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


@pytest.mark.parametrize("activity", [one for one in Activity.values if one != "conference"])
def test_form_of_every_activity(open_page, amara, activity):
    page = open_page(amara)
    album = Album(page, f"activity {activity}")
    empty = factories.draft(amara, data={"activity": activity}, with_file=False)
    page.goto(f"/cecs/drafts/{empty.pk}/")
    press(page, "Check my answers")
    album.look("refused", status=422)
    filled = factories.draft(amara, data=factories.draft_data(factories.answers_about(activity)))
    album.visit(f"/cecs/drafts/{filled.pk}/", "filled")
    album.visit(f"/cecs/drafts/{filled.pk}/activity/", "another activity")
    factories.claim(amara, about=activity, title="Seen before")
    album.visit(f"/cecs/drafts/{filled.pk}/check/", "check")
    case = factories.claim(amara, about=activity)
    album.visit(status_of(case), "filed")
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
    album.visit("/admin/reviews/reviewcase/", "case list", stock=True)
    for step, case in cases.items():
        album.visit(f"/admin/reviews/reviewcase/{case.pk}/change/", f"case, {step}", stock=True)
    page.goto(f"/admin/reviews/reviewcase/{cases['seat'].pk}/change/")
    expect(page.get_by_role("row", name=neighbour.name)).to_contain_text("Same employer")
    page.get_by_role("checkbox", checked=True).first.uncheck()
    press(page, "Seat and invite 3 members")
    album.look("case, seat refused", status=409, stock=True)
    album.close()


def test_other_pages_of_the_coordinator(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "coordinator")
    album.visit("/admin/journals/upload/run/", "upload run, nothing waits", stock=True)
    factories.decided(ruth, committee, owner=amara)
    factories.decided(ruth, committee, hours="7")
    outbox.drain()
    album.visit("/admin/journals/upload/", "upload list", stock=True)
    album.visit("/admin/journals/upload/run/", "upload run", stock=True)
    page.locator("#content form [type=submit]").click()
    album.look("upload done", stock=True)
    entry = Entry.objects.get(person=amara)
    album.visit("/admin/journals/entry/", "list of entries", stock=True)
    album.visit(f"/admin/journals/entry/?member={amara.pk}", "list of entries of a member", stock=True)
    album.visit(f"/admin/journals/entry/{entry.pk}/change/", "one entry", stock=True)
    follow(page, "Take these credits back")
    album.look("take back", stock=True)
    press(page, "Show the letter with this reason")
    album.look("take back refused", status=422, stock=True)
    page.get_by_label("Reason").fill("The sessions of the last day were cancelled.")
    press(page, "Show the letter with this reason")
    album.look("take back letter", stock=True)
    press(page, "Take 10 credits back and send this letter")
    album.look("one entry taken back", stock=True)
    for model, field, value in (
        ("schedulerow", "Rate", "3"),
        ("policyrow", "Most credits of a single event", "8"),
        ("knowledgearea", "Name", "Biology of restored land"),
    ):
        row = {"schedulerow": ScheduleRow, "policyrow": PolicyRow, "knowledgearea": KnowledgeArea}[
            model
        ].objects.first()
        album.visit(f"/admin/journals/{model}/add/?after={row.pk}", f"new {model}", stock=True)
        press(page, "Show what it changes")
        album.look(f"new {model} refused", status=422, stock=True)
        page.get_by_label(field).fill(value)
        page.get_by_label("In force from").fill(str(programme_day() + timedelta(days=40)))
        press(page, "Show what it changes")
        album.look(f"new {model} preview", stock=True)
        press(page, "Store exactly this")
        album.look(f"list of {model} with one for later", stock=True)
    later = PolicyRow.objects.latest("effective_from")
    album.visit(f"/admin/journals/policyrow/{later.pk}/change/", "one policyrow of a later day", stock=True)
    follow(page, "Withdraw it")
    album.look("withdraw a policyrow", stock=True)
    objects = {
        "outbox/message": Message.objects.get(key__startswith="receipt", person=amara),
        "outbox/lettertemplate": LetterTemplate.objects.first(),
        "accounts/user": committee[0],
        "certifications/certification": Certification.objects.first(),
        "journals/policyrow": PolicyRow.objects.earliest("effective_from"),
        "journals/schedulerow": ScheduleRow.objects.get(activity="book"),
        "journals/knowledgearea": KnowledgeArea.objects.get(key="restoration"),
        "journals/credittypecode": CreditTypeCode.objects.first(),
        "journals/upload": Upload.objects.get(),
    }
    for model, one in objects.items():
        name = model.split("/")[1]
        album.visit(f"/admin/{model}/", f"list of {name}", stock=True)
        album.visit(f"/admin/{model}/{one.pk}/change/", f"one {name}", stock=True)
    album.visit("/admin/accounts/user/add/", "new user", stock=True)
    album.visit(f"/admin/accounts/user/{amara.pk}/history/", "history of a user", stock=True)
    album.visit("/admin/nothing/", "admin 404", status=404, stock=True)
    album.close()


def test_messages(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "messages")
    case = factories.decided(ruth, committee, owner=amara, title="Prairie Talks")
    mails = list(Message.objects.filter(about=case.reference).order_by("pk"))
    album.visit(f"/admin/outbox/message/{mails[0].pk}/change/", "owed", stock=True)
    outbox.drain()
    Message.objects.filter(pk=mails[1].pk).update(state="failed", sent_at=None, error="550 no such mailbox")
    Message.objects.filter(pk=mails[2].pk).update(state="uncertain", sent_at=None, error="The mail server fell silent")
    album.visit("/admin/outbox/message/?template=seat-invitation", "list", stock=True)
    album.visit(f"/admin/outbox/message/{mails[-1].pk}/change/", "sent", stock=True)
    album.visit(f"/admin/outbox/message/{mails[2].pk}/change/", "uncertain", stock=True)
    press(page, "Send again …")
    album.look("asked about one", stock=True)
    page.goto("/admin/outbox/message/")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("again")
    press(page, "Go")
    album.look("asked about several", stock=True)
    press(page, "Send again")
    expect(page.get_by_text("2 messages are owed again.")).to_be_visible()
    album.close()


def test_what_goes_out(open_page, ruth, committee, amara):
    page = open_page(ruth)
    album = Album(page, "coming")
    album.visit("/admin/outbox/message/coming/", "nothing", stock=True)
    for days in (3, 10, 26):
        factories.seated(ruth, committee, owner=amara, at=timezone.now() - timedelta(days=days))
    album.visit("/admin/outbox/message/coming/", "week", stock=True)
    album.visit("/admin/outbox/message/", "from the list", stock=True)
    ring_tomorrow()
    page.goto("/admin/outbox/message/?template=reminder-digest")
    page.locator("#result_list tbody th a").last.click()
    album.look("digest", stock=True)
    album.close()


def ring_tomorrow() -> None:
    """Let the beats of tomorrow noon ring."""
    tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=17)
    outbox.note_due(at=tomorrow)
    assert outbox.send_digests(at=tomorrow)


def test_a_letter_template(open_page, ruth):
    page = open_page(ruth)
    album = Album(page, "template")
    row = LetterTemplate.objects.get(key="cec-denied")
    album.visit("/admin/outbox/lettertemplate/", "list", stock=True)
    album.visit(f"/admin/outbox/lettertemplate/{row.pk}/change/", "as it came", stock=True)
    page.get_by_label("Subject").fill("{referenz}: not approved")
    press(page, "Preview")
    album.look("unknown placeholder", status=422, stock=True)
    page.get_by_label("Subject").fill("{reference}: not approved this time")
    press(page, "Preview")
    expect(page.get_by_role("article", name="As HTML")).to_contain_text("Amara Okafor")
    press(page, "Send a test to me")
    expect(page.get_by_text(f"A test of this letter is on its way to {ruth.email}.")).to_be_visible()
    press(page, "Save")
    page.get_by_text("SER’s original words").click()
    page.get_by_text("Until ").click()
    album.look("edited", stock=True)
    outbox.edit_template(
        row.pk, subject="Theirs", body="Theirs", seen=LetterTemplate.objects.get(pk=row.pk).fingerprint, by=ruth
    )
    page.get_by_label("Subject").fill("Mine")
    press(page, "Save")
    album.look("stale", status=409, stock=True)
    album.close()


def status_of(case) -> str:
    return f"/cecs/{case.reference}/"
