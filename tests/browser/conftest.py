"""Chromium for the tests of this folder: one browser for all of them, and a fresh profile for each person.

The people are those whom the pictures show. The tests of one role’s pages lie in one file, so that files run side by
side.
"""

import shutil
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from serportal.ui.words import programme_day
from tests import factories

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="package")
def chromium(django_db_setup):
    """The system’s Chromium, as long as tests of this folder run.

    Playwright keeps an event loop in this thread, so Django must be told that the database may be asked beside it. Both
    end with this folder: connections opened meanwhile belong to the loop and would keep the test database in use.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("There is no Chromium here: install the system package chromium.")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors on the console (violations of the policy too), parts it did not get."""
    return []


@pytest.fixture
def open_page(chromium, live_server, complaints):
    """Return a function that opens a page in a fresh profile, signed in as ``person`` if one is given.

    A test fails in the end if any of its pages made the browser complain.
    """
    contexts = []

    def opened(person=None, **options) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-GB", reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if person is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live_server.url}])
        page = context.new_page()
        listen(page, complaints)
        return page

    yield opened
    for context in contexts:
        context.close()
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)


def session_of(person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def listen(page: Page, complaints: list[str]) -> None:
    """Write down what goes wrong on ``page``. A refused form is a page with an error status, which is no complaint."""

    def said(message):
        if message.type == "error" and "the server responded with a status of" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def answered(response):
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", answered)


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
