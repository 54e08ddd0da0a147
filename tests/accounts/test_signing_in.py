"""Making an account, signing in, a forgotten password, the second factor: our words, our own links."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client

from serportal.accounts.models import CommitteeTerm
from serportal.outbox.models import Message
from serportal.ui.words import programme_day

pytestmark = pytest.mark.django_db

PASSWORD = "restore-the-land"
ANSWERS = {"name": "Amara Okafor", "email": "Amara@Example.org", "country": "CA", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def _mail_is_owed(settings):
    """The test run puts another mail backend in place; here the portal’s own is what is tested."""
    settings.EMAIL_BACKEND = "serportal.outbox.backend.OutboxBackend"


@pytest.fixture
def person(django_user_model):
    return known(django_user_model, "amara@example.org", name="Amara Okafor")


def known(model, email, **fields):
    """Return a person whose address is confirmed."""
    user = model.objects.create_user(email, PASSWORD, **{"country": "CA", **fields})
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def link_in(message) -> str:
    """Return the path of the one link in a message, after checking that it is the portal’s own."""
    links = re.findall(r"https?://\S+", message.text)
    assert len(links) == 1
    assert links[0].startswith(settings.SITE_URL + "/accounts/")
    return links[0].removeprefix(settings.SITE_URL)


# Making an account ----------------------------------------------------
def test_an_account_is_made_confirmed_and_used(client, django_user_model):
    response = client.post("/accounts/signup/", ANSWERS, headers={"host": "localhost"})
    assert response.status_code == 302
    assert "Open the link we sent you" in client.get(response.url).content.decode()

    user = django_user_model.objects.get()
    assert (user.name, user.email, user.country.code) == ("Amara Okafor", "amara@example.org", "CA")
    message = Message.objects.get()
    assert message.to == "amara@example.org"
    assert message.subject == "Confirm your e-mail address"
    assert "SER Certification Program" in message.text
    assert "localhost" not in message.text
    assert "testserver" not in message.text

    path = link_in(message)
    reader = Client()
    assert "<strong>amara@example.org</strong>" in reader.get(path).content.decode()
    assert not EmailAddress.objects.get().verified, "a mail scanner that opens the link must change nothing"
    assert reader.post(path).status_code == 302
    assert EmailAddress.objects.get().verified

    assert sign_in(reader, "amara@example.org").url == "/dashboard/"


def test_an_unconfirmed_account_cannot_sign_in(client):
    client.post("/accounts/signup/", ANSWERS)
    response = sign_in(Client(), "amara@example.org")
    assert response.url == "/accounts/confirm-email/"


def test_a_known_address_gets_the_same_answer_as_an_unknown_one(client, person):
    stranger, owner = Client(), Client()
    first = stranger.post("/accounts/signup/", {**ANSWERS, "email": "someone@example.org"}, follow=True)
    second = owner.post("/accounts/signup/", ANSWERS, follow=True)
    assert first.redirect_chain == second.redirect_chain
    assert without_keys(first).replace("someone@", "amara@") == without_keys(second)

    message = Message.objects.get(to="amara@example.org")
    assert message.subject == "You already have an account"
    assert link_in(message) == "/accounts/password/reset/"


def without_keys(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_refused_form_lists_each_answer_and_keeps_what_was_typed(client):
    page = client.post("/accounts/signup/", {"email": "no address", "password1": "password"}).content.decode()
    assert 'id="errors" role="alert" tabindex="-1" autofocus' in page
    for anchor in ("id_name", "id_email", "id_country", "id_password1"):
        assert f'<a href="#{anchor}">' in page
        assert f'id="{anchor}_error"' in page
    assert page.count('aria-invalid="true"') == 4
    assert 'value="no address"' in page
    assert 'value="password"' not in page
    assert "Please check: Make an account" in page
    assert "Write it like name@example.org." in page


@pytest.mark.parametrize(
    ("path", "purposes"),
    [
        ("/accounts/signup/", ["name", "email", "country", "new-password"]),
        ("/accounts/login/", ["email", "current-password"]),
        ("/accounts/password/reset/", ["email"]),
    ],
)
def test_fields_have_labels_purposes_and_no_placeholders(client, path, purposes):
    page = client.get(path).content.decode()
    assert re.findall(r'autocomplete="([\w-]+)"', page) == purposes
    assert page.count('<label class="form-label"') == len(purposes)
    assert page.count('<span class="asteriskField">*</span>') == len(purposes)
    assert "placeholder" not in page
    assert "novalidate" in page


# Signing in -----------------------------------------------------------
def test_a_wrong_password_is_told_in_the_summary(client, person):
    response = sign_in(client, person.email, "not-the-password")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="errors" role="alert"' in page
    assert "do not belong together" in page
    assert 'value="amara@example.org"' in page


def test_an_unknown_address_gets_the_words_of_a_wrong_password(client, person):
    wrong = sign_in(client, person.email, "not-the-password").content.decode()
    unknown = sign_in(Client(), "nobody@example.org", "not-the-password").content.decode()
    sentence = re.search(r"[^>]*do not belong together[^<]*", wrong)[0]
    assert sentence in unknown


def test_too_many_attempts_get_a_page_of_ours(client, person):
    for _attempt in range(40):
        response = sign_in(client, person.email, "not-the-password")
        if response.status_code == 429:
            break
    assert "often in a short time" in response.content.decode() or "too many attempts" in response.content.decode()


def test_a_closed_account_is_told_so(client, person):
    person.is_active = False
    person.save()
    response = sign_in(client, person.email)
    assert "This account is closed" in client.get(response.url).content.decode()
    assert client.get("/dashboard/").status_code == 302


def test_signing_out_asks_first_and_happens_by_post(client, person):
    client.force_login(person)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.post("/accounts/logout/").url == "/"
    assert client.get("/dashboard/").status_code == 302


# A forgotten password -------------------------------------------------
def test_a_new_password_is_chosen_by_the_link_in_the_mail(client, person):
    response = client.post("/accounts/password/reset/", {"email": person.email}, headers={"host": "localhost"})
    assert response.url == "/accounts/password/reset/done/"
    message = Message.objects.get()
    assert "Dear Amara Okafor," in message.text
    form = client.get(link_in(message), follow=True)
    assert "Choose a new password" in form.content.decode()

    address = form.redirect_chain[-1][0]
    differing = client.post(address, {"password1": "bring-back-the-river", "password2": "bring-back-the-lake"})
    assert "The two passwords differ." in differing.content.decode()
    done = client.post(address, {"password1": "bring-back-the-river", "password2": "bring-back-the-river"}, follow=True)
    assert "Your password is changed" in done.content.decode()

    assert sign_in(Client(), person.email).status_code == 200
    assert sign_in(Client(), person.email, "bring-back-the-river").url == "/dashboard/"
    assert "This link no longer works" in Client().get(link_in(message), follow=True).content.decode()


def test_an_unknown_address_is_told_the_same_and_written_to(client):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, headers={"host": "localhost"})
    assert response.url == "/accounts/password/reset/done/"
    assert link_in(Message.objects.get()) == "/accounts/signup/"


# One’s own pages ------------------------------------------------------
OWN = ["/accounts/profile/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]


@pytest.mark.parametrize("path", OWN)
def test_own_pages_need_a_signed_in_person(client, person, path):
    response = client.get(path)
    assert response.status_code == 302
    client.force_login(person)
    response = client.get(path)
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script" not in response.content.decode()


def test_the_profile_is_saved_and_refused_in_words(client, person):
    client.force_login(person)
    page = client.get("/accounts/profile/").content.decode()
    for path in ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"):
        assert f'href="{path}"' in page
    assert 'autocomplete="organization"' in page

    answers = {"name": "", "country": "CA", "time_zone": "Europe/Berlin", "employer": "Moor & Fen"}
    refused = client.post("/accounts/profile/", answers).content.decode()
    assert '<a href="#id_name">' in refused
    assert "Moor &amp; Fen" in refused

    saved = client.post("/accounts/profile/", {**answers, "name": "Amara O."}, follow=True)
    assert "Your profile is saved." in saved.content.decode()
    person.refresh_from_db()
    assert (person.name, person.time_zone, person.employer) == ("Amara O.", "Europe/Berlin", "Moor & Fen")


def test_a_second_address_is_added_and_proved(client, person):
    client.force_login(person)
    client.post("/accounts/email/", {"action_add": "", "email": "river@example.org"})
    message = Message.objects.get(to="river@example.org")
    client.post(link_in(message))
    assert EmailAddress.objects.get(email="river@example.org").verified
    client.post("/accounts/email/", {"action_primary": "", "email": "river@example.org"})
    person.refresh_from_db()
    assert person.email == "river@example.org"


def test_a_wrong_current_password_is_named(client, person):
    client.force_login(person)
    answers = {"oldpassword": "no", "password1": "bring-back-the-river", "password2": "bring-back-the-river"}
    page = client.post("/accounts/password/change/", answers).content.decode()
    assert "This is not your current password." in page
    assert '<a href="#id_oldpassword">' in page


# The second factor ----------------------------------------------------
def test_a_coordinator_without_a_second_factor_is_led_to_set_one_up(client, django_user_model, settings):
    settings.MFA_REQUIRED = True
    known(django_user_model, "coordinator@example.org", name="Coordinator", is_staff=True)
    sign_in(client, "coordinator@example.org")
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/"
    page = response.content.decode()
    assert "Your work here needs it" in page
    assert 'href="/accounts/2fa/totp/activate/"' in page


def test_a_reviewer_is_told_too_and_others_may_choose(client, django_user_model, person):
    client.force_login(person)
    assert "It is your choice" in client.get("/accounts/2fa/").content.decode()
    CommitteeTerm.objects.create(member=person, committee="continuing_education", starts_on=programme_day())
    assert "Your work here needs it" in client.get("/accounts/2fa/").content.decode()


def test_setting_the_app_up_asks_for_the_password_shows_the_key_and_names_a_wrong_code(client, person):
    sign_in(client, person.email)
    response = client.get("/accounts/2fa/totp/activate/")
    assert response.url.startswith("/accounts/reauthenticate/")
    assert "Is it you?" in client.get(response.url).content.decode()
    page = client.post(response.url, {"password": PASSWORD}, follow=True).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert 'id="authenticator_secret"' in page
    assert 'autocomplete="one-time-code"' in page
    page = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    assert "This code does not match." in page


def test_an_app_just_set_up_must_be_used_once_before_the_admin_opens(client, django_user_model, settings):
    settings.MFA_REQUIRED = True
    user = known(django_user_model, "coordinator@example.org", name="Coordinator", is_staff=True)
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.post("/accounts/2fa/recovery-codes/generate/")
    page = client.get("/admin/", follow=True).content.decode()
    assert "Prove it once in this session" in page
    assert 'href="/accounts/2fa/reauthenticate/?next=/admin/"' in page

    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes[0] in shown
    assert "<script" not in shown
    response = client.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": codes[0], "next": "/admin/"})
    assert response.url == "/admin/"
    assert "Prove it once" not in client.get("/accounts/2fa/").content.decode()


def test_signing_in_then_asks_for_the_code(client, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    response = sign_in(client, person.email)
    assert response.url == "/accounts/2fa/authenticate/"
    page = client.get(response.url).content.decode()
    assert "Your code, please" in page
    assert "<script" not in page
    page = client.post(response.url, {"code": "12"}).content.decode()
    assert '<a href="#id_code">' in page
    assert "This code does not match." in page
    client.force_login(person)
