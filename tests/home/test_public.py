"""The pages anyone may open: they say what is true, follow the rows in force and need no inline script or style."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils.html import strip_tags

from applications.models import Criteria, Window
from journals.models import PolicyRow, ScheduleRow
from serportal.demo.views import LettersView
from serportal.fees.models import FeeRow
from serportal.home import views
from serportal.outbox import services as outbox
from serportal.ui.words import day_text, programme_day

pytestmark = pytest.mark.django_db

PAGES = {
    "/": [
        "What would you like to do?",
        "about 90 minutes",
        "may wait for the next window",
        "www.ser.org/cerpapplications",
    ],
    "/rules/": [
        "Credit schedule on",
        "22 hours ÷ 2 = 11; a single event counts at most 10.",
        "1.5 hours ÷ 2 = 0.75.",
        "CERP needs knowledge and experience, CERPIT one of the two.",
        "60 months of full-time work",
        "2 to 3, each answered by a link",
    ],
    "/applications/new/cerp/": ["9 in ecology", "Prior learning (PLAR)", "At least 3 projects", "about 90 minutes"],
    "/applications/new/cerpit/": ["If you choose knowledge", "If you choose experience", "60 months of full-time work"],
    "/applications/new/partner/": ["Niagara College", "The college has paid the fee", "e-learning course"],
    "/applications/new/cerp/checklist/": ["Print this page", "9 in ecology", "proof of prior learning"],
    "/applications/self-check/": ["You need no account, and nothing is stored.", "Add another job"],
    "/applications/new/upgrade/": ["hold CERPIT today", "your CERPIT stays as it was", "Prior learning (PLAR)"],
    "/preapprovals/new/": ["Sign in and start", "names and résumés", "six weeks (42 days)", "up to two years"],
    "/accounts/login/": ["Sign in", "I forgot my password", "Fields with an asterisk (*) must be filled in."],
    "/accounts/signup/": ["Make an account", "Country", "At least 10 characters"],
    "/accounts/password/reset/": ["Ask for a new password"],
    "/accounts/password/reset/done/": ["Look at your e-mail"],
    "/accounts/confirm-email/": ["Open the link we sent you"],
    "/accounts/confirm-email/not-a-key/": ["This link no longer works"],
    "/accounts/inactive/": ["This account is closed"],
}


def text_of(response) -> str:
    """Return what is read on a page, on single spaces."""
    words = " ".join(strip_tags(response.content.decode().replace("<", " <")).split())
    return words.replace("\xa0", " ").replace("&#x27;", "'")


def policy_of_today(**figures) -> PolicyRow:
    row = PolicyRow.objects.in_force(programme_day())[0]
    row.pk, row.effective_from = None, programme_day()
    for name, value in figures.items():
        setattr(row, name, value)
    row.save()
    return row


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_says_what_it_is_for(client, path):
    response = client.get(path)
    assert response.status_code == 200
    words = text_of(response)
    for sentence in PAGES[path]:
        assert sentence in words
    assert settings.CONTACT_EMAIL in words


@pytest.mark.parametrize("path", [*PAGES, "/no/such/page/"])
def test_every_page_forbids_inline_code(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_no_link_of_a_public_page_is_dead(client, path):
    page = client.get(path).content.decode()
    for address in set(re.findall(r'(?:href|action)="(/[^"#?]*)', page)):
        if not address.startswith("/static/"):
            assert Client().get(address).status_code in {200, 302}, address


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_names_no_amount_of_money_but_the_fees_in_force(client, path):
    kind = path.rstrip("/").rpartition("/")[2]
    held = [row for row in FeeRow.objects.all() if path == "/rules/" or row.kind == kind]
    amounts = {amount for row in held for amount in (row.member_amount, row.other_amount) if amount}
    named = re.findall(r"(?:USD|\$)\s?([\d.]*)", text_of(client.get(path)))
    assert {Decimal(amount) for amount in named} == amounts


def test_templates_hold_no_inline_script_style_or_handler():
    pages = list((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    assert len(pages) > 50
    pages.remove(Path(settings.BASE_DIR) / "templates" / "outbox" / "letter.html")  # a mail, which has no style sheet
    for page in pages:
        markup = page.read_text()
        assert not re.search(r"<[^>]*\sstyle\s*=", markup), page
        assert not re.search(r"<style\b", markup), page
        assert not re.search(r"<[^>]*\son[a-z]+\s*=", markup), page
        assert not re.search(r"<script\b(?![^>]*\bsrc=)", markup), page


@pytest.mark.parametrize("path", ["cerpit/", "partner/", "cerpit/checklist/", "partner/checklist/"])
def test_prior_learning_is_never_shown_to_applicants_in_training(client, path):
    """R-APP-1."""
    words = text_of(client.get(f"/applications/new/{path}"))
    assert "PLAR" not in words
    assert "rior learning" not in words


def test_an_unknown_kind_of_application_does_not_exist(client):
    assert client.get("/applications/new/master/").status_code == 404


def test_the_landing_page_shows_the_policy_in_force(client):
    assert "Five years, 50 credits, at least 5 in each year." in text_of(client.get("/"))
    policy_of_today(period_credits=60, year_credits=Decimal("7.50"), event_cap=12, uploads_a_year=2)
    words = text_of(client.get("/"))
    assert "Five years, 60 credits, at least 7.5 in each year." in words
    assert "12 at most for a single event" in words
    assert "2 times a year" in words


def test_the_rules_page_follows_a_changed_policy(client):
    policy_of_today(event_cap=8, least_minutes=30, volunteer_cap=4, step=Decimal("0.50"), uploads_a_year=2)
    words = text_of(client.get("/rules/"))
    assert "22 hours ÷ 2 = 11; a single event counts at most 8." in words
    assert "rounded down to steps of 0.5, that is 0." in words
    assert "30 minutes for each activity." in words
    assert "At most 4 credits in a period." in words
    assert "2 times a year approved credits are uploaded to the journals: 1 January and 1 July." in words


def test_the_rules_page_follows_a_changed_rate(client):
    ScheduleRow.objects.create(
        activity="conference",
        category=3,
        measure="hours",
        rate=4,
        unit="hours",
        pre_approvable=False,
        effective_from=programme_day(),
    )
    words = text_of(client.get("/rules/"))
    assert "Attending a conference or symposium 4 hours = 1 credit no" in words
    assert "2 hours = 1 credit" not in words
    assert "22 hours ÷ 4 = 5.5." in words


def test_landing_and_rules_name_the_windows_as_they_stand(client):
    """R-APP-2: windows are rows."""
    today = programme_day()
    window = Window.objects.create(closes_on=today, decided_by=today + timedelta(days=40))
    closes, by = (day_text(day).replace("\xa0", " ") for day in (window.closes_on, window.decided_by))
    assert f"The next window closes on {closes} ." in text_of(client.get("/"))
    assert f"Window closes Decided by {closes} {by}" in text_of(client.get("/rules/"))


def test_the_rules_page_announces_criteria_of_a_later_day(client):
    row = Criteria.objects.get()
    row.pk, row.effective_from, row.months = None, programme_day() + timedelta(days=9), 48
    row.save()
    assert "Experience: 48 months of full-time work instead of 60." in text_of(client.get("/rules/"))


def test_a_rate_of_tomorrow_is_not_shown_today(client):
    later = programme_day().replace(year=programme_day().year + 1, day=1)
    ScheduleRow.objects.create(
        activity="book", category=5, measure="each", rate=20, unit="book", pre_approvable=False, effective_from=later
    )
    assert "10 credits for each book" in text_of(client.get("/rules/"))


def test_the_schedule_is_a_table_that_can_be_heard(client):
    page = client.get("/rules/").content.decode()
    assert page.count("<caption>") == 5
    assert page.count('scope="rowgroup"') == 7
    areas, windows = 5, 4
    assert page.count('scope="row"') == ScheduleRow.objects.count() + 3 + FeeRow.objects.count() + areas + windows
    for anchor in ("credits", "deciding", "uploads", "fees"):
        assert f'id="{anchor}"' in page


def test_the_rules_page_asks_the_database_little(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        client.get("/rules/")


def test_a_missing_page_says_so_and_what_to_do(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    words = text_of(response)
    assert "There is no such page" in words
    assert "Check the address" in words
    assert settings.CONTACT_EMAIL in words


def test_an_unreadable_address_gets_a_page(client):
    response = client.get("/rules/", {"a": "\x00"})
    assert response.status_code == 400
    assert "Go back and try again." in text_of(response)


def test_a_forbidden_page_has_words():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    response = views.forbidden(request)
    assert response.status_code == 403
    assert "This page is not open to you" in text_of(response)


def test_the_page_for_our_own_mistakes_asks_nothing_of_what_may_be_broken(django_assert_num_queries):
    request = RequestFactory().get("/")  # without user, session and messages
    with django_assert_num_queries(0):
        response = views.server_error(request)
    assert response.status_code == 500
    assert "Something broke on our side" in text_of(response)
    assert settings.CONTACT_EMAIL in text_of(response)


def test_a_stale_form_gives_back_what_was_typed_except_secrets():
    typed = {
        "name": "Amara Okafor",
        "email": "amara@example.org",
        "learned": "Tidal <flats>\nand more",
        "password1": "a very secret thing",
        "submit_key": "9c1d",
        "csrfmiddlewaretoken": "stale",
        "empty": " ",
    }
    response = Client(enforce_csrf_checks=True).post(
        "/accounts/signup/", typed, headers={"referer": "http://testserver/accounts/signup/?next=/cecs/new/"}
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert "Nothing was sent" in page
    assert "Amara Okafor" in page
    assert "amara@example.org" in page
    assert "Tidal &lt;flats&gt;\nand more" in page
    for secret in ("a very secret thing", "9c1d", "stale"):
        assert secret not in page
    assert page.count("<textarea") == 3
    assert 'href="http://testserver/accounts/signup/?next=/cecs/new/"' in page


def test_a_stale_form_never_leads_to_a_foreign_page():
    response = Client(enforce_csrf_checks=True).post(
        "/accounts/signup/", {}, headers={"referer": "https://evil.example/"}
    )
    page = response.content.decode()
    assert "evil.example" not in page
    assert 'href="/accounts/signup/"' in page


def test_the_letters_of_the_demonstration_show_text_links_and_what_waits():
    outbox.owe_ready(
        key="a", to="amara@example.org", subject="Open this", text="Dear Amara,\n\nhttp://127.0.0.1:8000/x/ <b>now</b>"
    )
    request = RequestFactory().get("/demo/letters/")
    request.user = AnonymousUser()
    page = LettersView.as_view()(request).render().content.decode()
    assert '<a href="http://127.0.0.1:8000/x/"' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "<p>Dear Amara,</p>" in page


def test_a_letter_not_yet_written_waits_for_the_worker(django_user_model):
    person = django_user_model.objects.create_user("amara@example.org", "restore-the-land", name="Amara Okafor")
    outbox.owe(key="b", template="cec-receipt", person=person, context={}, about="CEC-2026-0001")
    request = RequestFactory().get("/demo/letters/")
    request.user = AnonymousUser()
    page = text_of(LettersView.as_view()(request).render())
    assert "waits for the worker" in page
    assert "CEC-2026-0001" in page
