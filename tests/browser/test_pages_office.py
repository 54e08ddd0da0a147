"""The coordinator’s other pages: uploads, entries, dated rows, people."""

from datetime import timedelta

import pytest

from journals.models import CreditTypeCode, Entry, KnowledgeArea, PolicyRow, ScheduleRow, Upload
from serportal.certifications.models import Certification
from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message
from serportal.reviews.models import Timetable
from serportal.ui.words import programme_day
from tests import factories
from tests.browser.album import Album
from tests.browser.steps import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    follow(page, f"Open the statement of {amara.name}")
    album.look("upload, one statement", stock=True)
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
        page.goto(f"/admin/journals/{model}/add/?after={row.pk}")
        if model == "schedulerow":
            album.look("new row", stock=True)
            press(page, "Show what it changes")
            album.look("new row refused", status=422, stock=True)
        page.get_by_label(field).fill(value)
        page.get_by_label("In force from").fill(str(programme_day() + timedelta(days=40)))
        press(page, "Show what it changes")
        album.look(f"new {model} preview", stock=True)
        press(page, "Store exactly this")
        page.wait_for_url(f"**/admin/journals/{model}/")
    album.look("list of rows with one for later", stock=True)
    later = PolicyRow.objects.latest("effective_from")
    album.visit(f"/admin/journals/policyrow/{later.pk}/change/", "one policyrow of a later day", stock=True)
    follow(page, "Withdraw it")
    album.look("withdraw a policyrow", stock=True)
    objects = {
        "outbox/message": Message.objects.get(key__startswith="receipt", person=amara),
        "outbox/lettertemplate": LetterTemplate.objects.first(),
        "reviews/timetable": Timetable.objects.first(),
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
    album.visit("/admin/reviews/timetable/add/", "new timetable", stock=True)
    album.visit("/admin/accounts/user/add/", "new user", stock=True)
    album.visit(f"/admin/accounts/user/{amara.pk}/history/", "history of a user", stock=True)
    album.visit("/admin/nothing/", "admin 404", status=404, stock=True)
    album.close()
