"""The coordinator’s pages of sponsors and what they offer, and the page on which a sponsor sends its records."""

from datetime import timedelta

import pytest

from preapprovals.models import Visit
from preapprovals.services import oversight, roster_taking, visiting
from preapprovals.states import Act
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTED = """title\tsponsor\tminutes\tdescription
Peat and water\tSER Europe\t90\tWhy peat needs water.
Seeds\tSER Europe\tlong\t
Sand\tSER Europe\tlong\t
"""


def test_pages_of_offerings(open_page, ruth):
    owner = factories.PersonFactory(name="Bram Vos")
    of, last = factories.sponsor(owner), programme_day() + timedelta(days=20)
    near = factories.offering(of, title="Clay dikes", valid_from=last - timedelta(days=700), valid_to=last)
    factories.occurrence(near, days=-40)
    run = factories.occurrence(near, days=-20)
    factories.sponsor(name="Delta Restoration Institut")
    page = open_page(ruth)
    album = Album(page, "offerings")
    album.visit("/admin/preapprovals/offering/", "list", stock=True)
    page.locator("tr", has_text="Clay dikes").locator("input[type=checkbox]").check()
    page.locator("select[name=action]").select_option("renew_all")
    page.locator("button[name=index]").first.click()
    album.look("renewals", stock=True)
    press(page, "Renew them and send the letters (1)")
    visiting.note_visit(offering_id=near.pk, on_day=programme_day(), note="Two hours were sales talks.", by=ruth)
    visiting.ask_records(offering_id=near.pk, asked_until=last, note="The list of attendance.", by=ruth)
    album.visit(f"/admin/preapprovals/offering/{near.pk}/change/", "one", stock=True)
    album.visit("/admin/preapprovals/offering/add/", "event", stock=True)
    album.visit("/admin/preapprovals/offering/import/", "import", stock=True)
    page.get_by_label("Rows copied").fill(LISTED)
    press(page, "Show what each row would do")
    album.look("import shown", stock=True)
    press(page, "Put the good rows on the list (1)")
    album.look("import done", stock=True)
    album.visit("/admin/preapprovals/sponsor/", "sponsors", stock=True)
    album.visit(f"/admin/preapprovals/sponsor/{of.pk}/change/", "sponsor", stock=True)
    page.get_by_role("link", name="Show what joining").first.click()
    album.look("join", stock=True)
    asked = Visit.objects.get(asked_until__isnull=False)
    album.visit("/admin/preapprovals/visit/", "visits", stock=True)
    album.visit(f"/admin/preapprovals/visit/{asked.pk}/change/", "records asked for", stock=True)
    seen = Visit.objects.get(asked_until__isnull=True)
    album.visit(f"/admin/preapprovals/visit/{seen.pk}/change/", "visit", stock=True)
    album.visit("/admin/", "queue", stock=True)
    roster = factories.roster(run)
    roster_taking.take_in(roster_id=roster.pk, told=True, by=owner)
    album.visit(f"/preapprovals/dates/{run.pk}/", "date read")
    album.visit(f"/preapprovals/rosters/{roster.pk}/", "list read")
    album.close()
    theirs = Album(open_page(owner), "records")
    warned = factories.offering(of, title="Sand and sales")
    oversight.act_on(warned.pk, act=Act.WARNED, reason="It was a product show.", by=ruth)
    ended = factories.offering(of, title="Salt and sales")
    oversight.act_on(ended.pk, act=Act.TERMINATED, reason="It was one again.", by=ruth)
    theirs.visit("/dashboard/", "dashboard")
    theirs.visit(f"/preapprovals/offerings/{near.pk}/records/{asked.pk}/", "asked")
    theirs.page.get_by_label("Your answer").fill("Here it is.")
    theirs.page.get_by_role("button", name="Send it to SER").click()
    theirs.look("sent")
    theirs.close()
