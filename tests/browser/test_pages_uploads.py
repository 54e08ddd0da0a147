"""The coordinator closes a quarter: the next run beside the last, its release, earlier journals, what agrees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journals import services
from journals.models import Entry, PolicyRow, Upload
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import press
from tests.journals.test_importing import listed, row
from tests.journals.test_uploads import policy_values

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN, IMPORT, RECONCILE = (f"/admin/journals/upload/{name}/" for name in ("run", "import", "reconcile"))


def test_a_quarter_is_closed_without_a_spreadsheet(open_page, ruth, committee, amara):
    deputy = factories.coordinator(name="Dag Berg")
    page = open_page(ruth)
    album = Album(page, "uploads")
    taken = factories.decided(ruth, committee, owner=amara)
    factories.decided(ruth, committee, owner=factories.certificant(name="Piet Zwart"), hours="7")
    services.post_upload(services.prepare_upload(key="first", due_on=programme_day()), by=ruth)
    services.reverse(Entry.objects.get(decision__case=taken).pk, reason="The last day was cancelled.", by=ruth)
    factories.decided(ruth, committee, owner=factories.certificant(name="Zoe Adair"), hours="5.5")
    PolicyRow.objects.create(**policy_values(second_person=True))
    album.visit(RUN, "run beside the last", stock=True)
    for heading in page.get_by_text("Who", exact=True).all():
        heading.click()
    album.look("run, who is new", stock=True)
    page.locator("#content form [type=submit]").click()
    album.look("prepared by me", stock=True)
    album.visit(RUN, "run prepared by me", stock=True)
    other = open_page(deputy)
    other_album = Album(other, "uploads")
    other_album.visit(RUN, "run to release", stock=True)
    other.locator("#content form [type=submit]").click()
    other_album.look("release refused", status=409, stock=True)
    other.get_by_label("What you compared").fill("Members and sums agree with the letters.")
    other.locator("#content form [type=submit]").click()
    other_album.look("released", stock=True)
    stopped = services.prepare_upload(key="stopped", due_on=programme_day(), by=deputy)
    Upload.objects.filter(pk=stopped.pk).update(started_at=timezone.now(), started_by=deputy)
    album.visit(f"/admin/journals/upload/{stopped.pk}/change/", "stopped", stock=True)
    album.visit("/admin/journals/upload/", "list", stock=True)
    day = str(amara.periods.get().starts_on + timedelta(days=20))
    rows = [
        row(ID=amara.email, EntryDate=day, CEUsEarned="4"),
        row(ID=amara.email, EntryDate=day, Description="Reeds and their rhizomes", CreditTypeCode="5"),
        row(ID="77", EntryDate="31/02/2024"),
        row(ID="78", CEUsEarned="1.3"),
    ]
    album.visit(IMPORT, "import", stock=True)
    press(page, "Show what each row would do")
    album.look("import refused", status=422, stock=True)
    page.get_by_label("Rows copied from a spreadsheet").fill(listed(*rows))
    press(page, "Show what each row would do")
    album.look("import shown", stock=True)
    press(page, "Bring in the good rows (2)")
    album.look("import done", stock=True)
    assert Entry.objects.filter(source="import").count() == 2
    album.visit(RECONCILE, "reconcile", stock=True)
    album.close()
    other_album.close()
