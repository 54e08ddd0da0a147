"""The pages of dates and lists, as the people of a sponsor use them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from preapprovals.models import Attendance, Contact, Occurrence, Roster
from preapprovals.services import roster_taking, rosters, visiting
from preapprovals.services import roster_taking as taking
from preapprovals.states import ContactRole
from serportal.reviews.models import Conflict
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return factories.PersonFactory(name="Anna Berg")


@pytest.fixture
def run(anna):
    return factories.occurrence(factories.offering(factories.sponsor(anna)))


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def seen_in(page) -> str:
    """What the page of a row knows of it, as its form sends it back."""
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def test_a_list_goes_from_a_file_to_letters_on_its_pages(desk, run):
    """R-SPO-4."""
    path = reverse("preapprovals:give-roster", args=[run.pk])
    assert "Check this list" in desk.get(path).content.decode()
    file = SimpleUploadedFile("list.csv", b"Name;E-mail;Hours\nAmara Okafor;amara@marsh.example;6\nLi Na;;6\n")
    page = desk.post(path, {"file": file}, follow=True)
    roster = Roster.objects.get()
    assert page.redirect_chain == [(reverse("preapprovals:roster", args=[roster.pk]), 302)]
    text = page.content.decode()
    assert "One row is ready." in text and "One row needs you." in text and "cannot be reached" in text
    row = reverse("preapprovals:roster-row", args=[roster.pk, 3])
    assert "cannot be reached" in desk.get(row).content.decode()
    wrong = desk.post(
        row, {"name": "Li Na", "email": "li@", "hours": "6", "completed": "yes", "seen": seen_in(desk.get(row))}
    )
    assert wrong.status_code == 422 and "“li@” is no e-mail address." in wrong.content.decode()
    typed = {"name": "Li Na", "email": "li@reed.example", "hours": "4", "completed": "yes", "seen": seen_in(wrong)}
    good = desk.post(row, typed, follow=True)
    assert "2 rows are ready." in good.content.decode()
    path = reverse("preapprovals:roster", args=[roster.pk])
    assert desk.post(path, {"take": "1"}).status_code == 422
    done = desk.post(path, {"take": "1", "told": "on", "confirmations": "on"}, follow=True).content.decode()
    assert "2 people are taken in. Completion of this date is confirmed." in done
    assert sorted(Attendance.objects.values_list("minutes", flat=True)) == [240, 360]
    undo = reverse("preapprovals:undo-roster", args=[roster.pk])
    assert "Was it wrong?" in done
    with transaction.atomic():
        Roster.objects.update(given_at=F("given_at") - timedelta(days=8), taken_at=F("taken_at") - timedelta(days=8))
        assert "Was it wrong?" not in desk.get(path).content.decode()
        transaction.set_rollback(True)
    assert "what it says of 2 people" in desk.get(undo).content.decode()
    assert "The list is undone." in desk.post(undo, follow=True).content.decode()
    assert not Attendance.objects.known().exists() and Occurrence.objects.get().confirmed_at is None


def test_the_preview_says_which_sheet_was_read_and_what_was_not(desk, run):
    excel = (Path(__file__).parent / "rosters" / "excel.xlsx").read_bytes()
    path = reverse("preapprovals:give-roster", args=[run.pk])
    page = desk.post(path, {"file": SimpleUploadedFile("list.xlsx", excel)}, follow=True).content.decode()
    assert "Read from the sheet “Attendees”; the other sheet (Notes) was not read. A hidden sheet (Lookup)" in page
    page = desk.post(path, {"text": "Name\tE-mail\nLi Na\tli@reed.example"}, follow=True).content.decode()
    assert "One row is ready." in page and "Read from the sheet" not in page


def test_a_date_is_added_changed_confirmed_and_cancelled_on_its_pages(desk, run):
    """R-SPO-2."""
    offering = run.offering
    listed = reverse("preapprovals:dates", args=[offering.pk])
    assert "Add a date" in desk.get(listed).content.decode()
    add = reverse("preapprovals:add-date", args=[offering.pk])
    day = offering.valid_to.isoformat()
    given = {
        "first_day": day,
        "starts": "9",
        "ends": "8:30",
        "zone": "Europe/Amsterdam",
        "place": "Delfzijl",
        "country": "NL",
    }
    wrong = desk.post(add, given)
    assert wrong.status_code == 422 and "give the next day as its last day" in wrong.content.decode()
    assert "The date is added." in desk.post(add, {**given, "ends": "17:00"}, follow=True).content.decode()
    made = Occurrence.objects.latest("pk")
    move = reverse("preapprovals:move-date", args=[made.pk])
    assert 'value="17:00"' in desk.get(move).content.decode()
    assert "Calendars that follow it" in desk.post(move, {**given, "ends": "16:00"}, follow=True).content.decode()
    made.refresh_from_db()
    assert (made.sequence, str(made.ends)) == (1, "16:00:00")
    cancel = reverse("preapprovals:cancel-date", args=[made.pk])
    assert "stays in the calendar" in desk.get(cancel).content.decode()
    assert "The date is cancelled." in desk.post(cancel, follow=True).content.decode()
    page = reverse("preapprovals:date", args=[run.pk])
    assert "Every participant has it" in desk.get(page).content.decode()
    assert "Confirmed on" in desk.post(page, {"confirm": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("role", [None, ContactRole.READER])
def test_attendance_is_for_those_who_keep_it(client, run, role):
    """A stranger finds nothing at all, a reader the dates alone."""
    stranger = factories.PersonFactory()
    if role:
        now = timezone.now()
        Contact.objects.create(
            sponsor=run.offering.sponsor,
            email=stranger.email,
            person=stranger,
            role=role,
            invited_at=now,
            invited_by=stranger,
            joined_at=now,
        )
    client.force_login(stranger)
    seen = 200 if role else 404
    assert client.get(reverse("preapprovals:dates", args=[run.offering_id])).status_code == seen
    assert client.get(reverse("preapprovals:date", args=[run.pk])).status_code == seen
    for name in ("give-roster", "move-date", "cancel-date"):
        assert client.get(reverse(f"preapprovals:{name}", args=[run.pk])).status_code == 404
    assert client.post(reverse("preapprovals:date", args=[run.pk]), {"confirm": "1"}).status_code == 404
    assert client.get(reverse("preapprovals:add-date", args=[run.offering_id])).status_code == 404


def test_a_coordinator_reads_dates_and_lists_and_changes_nothing(client, run, anna):
    """What is only being checked is still the sponsor’s own."""
    ruth = factories.coordinator()
    roster = factories.roster(run, "Amara Okafor,amara@marsh.example,6", "Li Na,,6")
    client.force_login(ruth)
    admin = client.get(reverse("admin:preapprovals_offering_change", args=[run.offering_id])).content.decode()
    date, dates = reverse("preapprovals:date", args=[run.pk]), reverse("preapprovals:dates", args=[run.offering_id])
    page = reverse("preapprovals:roster", args=[roster.pk])
    assert f'href="{date}"' in admin and "Add a date" not in client.get(dates).content.decode()
    assert "List of Anna Berg" not in client.get(date).content.decode()
    assert client.get(page).status_code == 404
    roster_taking.take_in(roster_id=roster.pk, told=True, by=anna)
    read = client.get(date).content.decode()
    assert page in read and "Every participant has it" not in read and "Give a list" not in read
    assert "One person attended, by lists of attendance." in client.get(dates).content.decode()
    shown = client.get(page).content.decode()
    assert "amara@marsh.example" in shown and "Not taken in" in shown and "Row 3 Li Na" in shown
    assert reverse("home:file", args=[roster.folder.files.get().pk]) in shown
    assert "<button" not in shown[shown.index("<main") : shown.index("</main")]
    for act in ("take", "columns", "leave", "discard"):
        assert client.post(page, {act: "1"}).status_code == 404
    assert client.post(date, {"confirm": "1"}).status_code == 404
    for name in ("move-date", "cancel-date", "give-roster"):
        assert client.get(reverse(f"preapprovals:{name}", args=[run.pk])).status_code == 404
    for name in ("roster-row", "undo-roster"):
        keys = [roster.pk, 3] if name == "roster-row" else [roster.pk]
        assert client.get(reverse(f"preapprovals:{name}", args=keys)).status_code == 404


def test_a_conflict_hides_dates_lists_and_exports_of_an_offering(client, anna):
    """R-REV-5: also what renews it; another offering of the same sponsor stays."""
    ruth, deputy = factories.coordinator(), factories.coordinator()
    case = factories.preapproved(
        deputy, [factories.member() for _n in range(3)], owner=anna, of=factories.sponsor(anna)
    )
    hidden = case.preapprovals_preapprovalrequest.offering
    again = factories.offering(hidden.sponsor, title="Renewed soils", renews=hidden)
    other = factories.offering(hidden.sponsor, title="Open to everybody")
    runs = {one: factories.occurrence(one) for one in (again, other)}
    lists = {one: factories.roster(run, by=anna) for one, run in runs.items()}
    for one, roster in lists.items():
        roster_taking.take_in(roster_id=roster.pk, told=True, by=anna)
        visiting.note_visit(offering_id=one.pk, on_day=programme_day(), note="Seen.", by=deputy)
    Conflict.objects.create(case=case, member=ruth, declared_at=timezone.now())
    client.force_login(ruth)
    for one, status in {again: 404, other: 200}.items():
        for name, key in {"offering": one, "dates": one, "date": runs[one], "roster": lists[one]}.items():
            assert client.get(reverse(f"preapprovals:{name}", args=[key.pk])).status_code == status, name
    sponsor = client.get(reverse("preapprovals:sponsor", args=[hidden.sponsor_id])).content.decode()
    assert other.title in sponsor and again.title not in sponsor
    assert hidden.title not in sponsor and case.reference not in sponsor
    for model in ("offering", "visit", "sponsor"):
        table = client.get(reverse(f"admin:preapprovals_{model}_export", args=["csv"])).getvalue().decode()
        assert hidden.title not in table and again.title not in table and case.reference not in table


def test_who_opens_a_list_as_it_was_given(client, anna, run, caplog):
    """R-SPO-5: its contacts at once, SER once it is taken in, for six years; nobody with a conflict (R-REV-5)."""
    reader, stranger = factories.PersonFactory(), factories.PersonFactory()
    ruth, conflicted = factories.coordinator(), factories.coordinator()
    for person, role in ((reader, ContactRole.READER), (conflicted, ContactRole.EDITOR)):
        run.offering.sponsor.contacts.create(
            email=person.email,
            person=person,
            role=role,
            invited_at=timezone.now(),
            invited_by=anna,
            joined_at=timezone.now(),
        )
    roster = factories.roster(run)
    file = roster.folder.files.get()

    def opens(person) -> str:
        client.force_login(person)
        response = client.get(reverse("home:file", args=[file.pk]))
        if response.status_code == 404:
            return ""
        assert b"".join(response.streaming_content).startswith(b"Name,E-mail,Hours")
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("text/csv", "nosniff")
        return response["Content-Disposition"]

    others = f'attachment; filename="attendance-{run.offering.code}-{run.first_day}.csv"'
    assert opens(anna) == 'attachment; filename="list.csv"'
    assert [opens(one) for one in (conflicted, reader, stranger, ruth)] == [others, "", "", ""]
    taking.take_in(roster_id=roster.pk, told=True, confirmations=False, by=anna)
    taking.undo(roster_id=roster.pk, by=anna)
    caplog.set_level("INFO", "serportal.files")
    assert [opens(one) for one in (conflicted, reader, stranger, ruth)] == [others, "", "", others]
    said = [record.getMessage() for record in caplog.records if record.name == "serportal.files"]
    assert said == [f"{person.pk} opens file {file.pk}" for person in (conflicted, ruth)]
    page = client.get(reverse("admin:preapprovals_offering_change", args=[run.offering_id])).content.decode()
    assert reverse("home:file", args=[file.pk]) in page and "undone" in page
    client.force_login(anna)
    page = client.get(reverse("preapprovals:roster", args=[roster.pk])).content.decode()
    assert reverse("home:file", args=[file.pk]) in page and "Download “list.csv” as it was given" in page


TYPED = {"name": "Li Na", "hours": "4", "completed": "yes"}


def test_of_two_who_mend_a_row_the_second_sees_what_the_first_saved(client, anna, run):
    """SPEC 6: nothing is overwritten unseen, what was typed is kept, and saving it again is a choice."""
    berta, roster = factories.PersonFactory(), factories.roster(run)
    joined = {"invited_at": timezone.now(), "invited_by": anna, "joined_at": timezone.now()}
    run.offering.sponsor.contacts.create(email=berta.email, person=berta, role=ContactRole.EDITOR, **joined)
    row = reverse("preapprovals:roster-row", args=[roster.pk, 3])

    def saved(person, **typed):
        client.force_login(person)
        return client.post(row, {**TYPED, **typed})

    def email() -> str:
        return roster.rows.get(number=3).said["email"]

    client.force_login(anna)
    seen = seen_in(client.get(row))
    assert saved(berta, email="li@reed.example", seen=seen).status_code == 302
    second = saved(anna, email="li.na@marsh.example", seen=seen)
    text = second.content.decode()
    assert second.status_code == 409 and email() == "li@reed.example"
    assert "Somebody changed this row after you opened it here." in text
    assert "What it says now" in text and "li@reed.example</dd>" in text and 'value="li.na@marsh.example"' in text
    assert saved(anna, email="li@reed.example", seen=seen).status_code == 302, "the same save twice is one"
    left = client.post(row, {**TYPED, "email": "li.na@marsh.example", "leave": "1", "seen": seen})
    assert left.status_code == 409 and not roster.rows.get(number=3).dropped
    assert saved(anna, email="li.na@marsh.example", seen=seen_in(second)).status_code == 302
    assert email() == "li.na@marsh.example"


def test_whatever_became_of_a_row_meanwhile_what_was_typed_is_kept(desk, anna, run):
    """Left out, read under other columns or taken in meanwhile: each is told, and loses nothing that was typed."""
    roster = factories.roster(run)
    row = reverse("preapprovals:roster-row", args=[roster.pk, 3])
    typed = {**TYPED, "email": "li@reed.example", "seen": seen_in(desk.get(row))}
    wrong = desk.post(row, {**typed, "completed": ""})
    assert wrong.status_code == 422 and seen_in(wrong) == typed["seen"], "a refused form knows what it was drawn from"
    rosters.leave_out(roster_id=roster.pk, by=anna)
    page = desk.post(row, typed)
    assert page.status_code == 409 and "It is left out of the list." in page.content.decode()
    rosters.name_columns(roster_id=roster.pk, mapping={"name": 1, "email": 0}, by=anna)
    page = desk.post(row, {**typed, "seen": seen_in(page)})
    assert page.status_code == 409 and 'value="li@reed.example"' in page.content.decode()
    assert desk.post(row, {**typed, "seen": seen_in(page)}).status_code == 302
    taking.take_in(roster_id=roster.pk, told=True, confirmations=False, by=anna)
    page = desk.post(row, {**typed, "email": "other@reed.example"})
    text = page.content.decode()
    assert page.status_code == 409 and "taken in already" in text and 'value="other@reed.example"' in text
    assert "Save this row" not in text and desk.get(row).status_code == 404
