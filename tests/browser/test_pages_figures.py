"""The coordinator’s figures: pictures, tables, the list of who will fall short."""

from datetime import timedelta

import pytest

from journals import services as journals
from serportal.certifications.rules import anniversary
from serportal.certifications.states import Level
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_figures(open_page, ruth, committee, amara):
    today = programme_day()
    for n, country in enumerate(("NG", "KE", "NL", "NL")):
        level = (Level.CERP, Level.CERPIT)[n % 2]
        person = factories.certificant(
            since=anniversary(today + timedelta(days=60), -1 - n), level=level, country=country
        )
        for back in range(6):
            earned_on = today - timedelta(days=1 + 80 * back)
            if earned_on >= person.periods.get().starts_on:
                activity = ("training", "paper", "course")[back % 3]
                factories.imported(person, credits=f"{n}.5", earned_on=earned_on, activity=activity)
    journals.post_upload(journals.prepare_upload(key="run", due_on=today))
    factories.decided(ruth, committee, owner=amara)
    factories.offering()
    page = open_page(ruth)
    album = Album(page, "figures")
    for key in ("people", "short", "credits", "waiting", "courses"):
        album.visit(f"/admin/figures/{key}/", key, stock=True)
    album.visit("/admin/figures/credits/?from=2026-9&level=none", "not understood", stock=True)
    album.close()
