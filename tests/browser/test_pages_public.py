"""The pages that everybody sees, and those for signing in."""

from datetime import timedelta

import pytest

from journals.models import PolicyRow, ScheduleRow
from serportal.home import views as home
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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

    def broken(_rows):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(home, "examples", broken)
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
