"""The list of cases: narrowed, taken along as a table, and worked on several at a time (SPEC 4)."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from journals.models import Entry
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.reviews import services
from serportal.reviews.models import Conflict, Extension, ReviewCase, Seat
from serportal.reviews.states import Choice, Step
from serportal.ui import lists, sheets
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

LIST = reverse("admin:reviews_reviewcase_changelist")


@pytest.fixture(autouse=True)
def _everything_holds():
    yield
    assert list(broken()) == []


@pytest.fixture
def desk(client, ruth):
    client.force_login(ruth)
    return client


def listed(client, query: str = "") -> set[str]:
    page = client.get(f"{LIST}?{query}").content.decode()
    return set(re.findall(r'<th class="field-reference"><a [^>]*>([^<]+)</a>', page))


def names(*cases) -> set[str]:
    return {case.reference for case in cases}


# Filters ---------------------------------------------------------------
def test_it_is_narrowed_by_turn_day_state_kind_and_member(desk, ruth, committee):
    amara = factories.certificant(name="Amara")
    new = factories.claim(owner=amara)
    open_panel = factories.seated(ruth, committee[:3], title="Dunes")
    ready = factories.voted(ruth, committee[:3], title="Peat")
    over = factories.decided(ruth, committee[:3], title="Reeds")
    ReviewCase.objects.filter(pk=new.pk).update(due_on=programme_day() + timedelta(days=3))
    ReviewCase.objects.filter(pk=open_panel.pk).update(due_on=programme_day() + timedelta(days=10))
    assert listed(desk) == names(new, open_panel, ready, over)
    assert listed(desk, "holder=coordinator") == names(new, ready)
    assert listed(desk, "holder=committee") == names(open_panel)
    assert listed(desk, "holder=nobody") == names(over)
    assert listed(desk, "due=week") == names(new)
    assert listed(desk, "due=fortnight") == names(open_panel)
    assert listed(desk, "due=later") == names(ready)
    assert listed(desk, "due=late") == set()
    assert listed(desk, "kind=cec") == names(new, open_panel, ready, over)
    assert listed(desk, f"member={amara.pk}") == names(new)
    assert listed(desk, "member=999999") == listed(desk, "member=x") == set()
    assert listed(desk, "state__exact=approved") == names(over)
    assert listed(desk, "step__exact=vote") == names(open_panel)
    assert listed(desk, "q=peat") == names(ready)
    assert listed(desk, "q=Amara&holder=coordinator") == names(new)


def test_each_of_the_filters_stays_chosen_with_the_others(desk, ruth):
    factories.claim(owner=factories.certificant(name="Amara"))
    page = desk.get(f"{LIST}?holder=coordinator&due=later").content.decode()
    assert "?due=late&amp;holder=coordinator" in page
    assert f"{LIST}export/csv/?due=later&amp;holder=coordinator" in page


# Tables ----------------------------------------------------------------
def as_csv(client, query: str = "") -> list[dict]:
    answer = client.get(f"{LIST}export/csv/?{query}")
    assert answer["Content-Disposition"] == f'attachment; filename="cases-{programme_day().isoformat()}.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_xlsx(client, query: str = ""):
    answer = client.get(f"{LIST}export/xlsx/?{query}")
    assert "no-store" in answer["Cache-Control"]
    return load_workbook(io.BytesIO(answer.content)).active


def test_the_table_is_what_the_list_shows_on_all_its_pages(desk, ruth, committee):
    amara = factories.certificant(name="Amara")
    cases = [factories.claim(owner=amara, title=f"Marsh {n}", provider=f"Trust {n}") for n in range(27)]
    factories.decided(ruth, committee[:3], title="Reeds")
    rows = as_csv(desk, f"member={amara.pk}&p=2&o=1")
    assert [row["reference"] for row in rows] == sorted(names(*cases))
    assert len(listed(desk, f"member={amara.pk}")) == 25
    assert as_csv(desk, "q=Reeds") == [
        {
            "reference": ReviewCase.objects.get(headline="Reeds").reference,
            "kind": "CEC claim",
            "activity": "Attending a conference or symposium",
            "title": "Reeds",
            "organiser": "Wadden Coast Research Network",
            "filed by": ReviewCase.objects.get(headline="Reeds").filed_by.name,
            "e-mail address": ReviewCase.objects.get(headline="Reeds").filed_by.email,
            "filed on": programme_day().isoformat(),
            "state": "approved",
            "waits for": "Nothing: ended",
            "whose turn": "nobody",
            "since": programme_day().isoformat(),
            "letter due": (programme_day() + timedelta(days=28)).isoformat(),
            "ballots in": "3",
            "credits asked for": "10",
            "credits granted": "10",
            "decided on": programme_day().isoformat(),
        }
    ]
    page = as_xlsx(desk, f"member={amara.pk}")
    assert [row[0].value for row in page.iter_rows(min_row=2)] == [case.reference for case in cases]
    assert page.freeze_panes == "A2"


DANGEROUS = ["=1+1", '=HYPERLINK("http://x")', "+cmd", "-2+3", "@SUM(A1)", "＝1+1", "|cmd"]


def test_no_cell_of_either_table_runs(desk):
    """RELIABILITY C27: what members typed stays words."""
    for title in DANGEROUS:
        factories.claim(title=title)
    assert all(row["title"].startswith("'") for row in as_csv(desk))
    for row in as_xlsx(desk).iter_rows(min_row=2):
        assert row[3].data_type == "s" and row[3].value in DANGEROUS
        assert (row[7].value.date(), row[14].value) == (programme_day(), 10)


def test_a_workbook_takes_every_character_and_day():
    rows = [("a\x00b\x1fc", "x" * 40_000, date(2026, 1, 1), None, "<b>&")]
    answer = sheets.workbook([(str(n), 9) for n in range(5)], rows, "a name that is longer than a page may be called")
    cells = next(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
    assert [cell.value for cell in cells][:1] + [cell.value for cell in cells][3:] == ["abc", None, "<b>&"]


def test_too_many_rows_for_xlsx_are_said_and_nothing_is_cut_off(desk, monkeypatch):
    factories.claim()
    factories.claim()
    monkeypatch.setitem(sheets.MOST_ROWS, "xlsx", 1)
    answer = desk.get(f"{LIST}export/xlsx/?holder=coordinator", follow=True)
    assert answer.redirect_chain == [(f"{LIST}?holder=coordinator", 302)]
    assert "more than 1 rows" in answer.content.decode()
    assert len(as_csv(desk)) == 2


def test_a_table_of_what_cannot_be_asked_leads_back_to_the_list(desk):
    assert desk.get(f"{LIST}export/csv/?p=x&nothing=1").url == LIST
    assert desk.get(f"{LIST}export/pdf/").status_code == 404


def test_a_hidden_case_is_in_no_list_table_or_batch(desk, ruth):
    """R-REV-5: neither a row, nor a count, nor a refusal tells of it."""
    hidden, shown = factories.claim(title="Hidden"), factories.claim(title="Shown")
    Conflict.objects.create(case=hidden, member=ruth, declared_at=timezone.now())
    assert listed(desk) == names(shown)
    assert [row["title"] for row in as_csv(desk)] == ["Shown"]
    assert as_xlsx(desk).max_row == 2
    page = chosen(desk, "screen_all", hidden, shown).content.decode()
    assert "Hidden" not in page and "of 1 chosen" in page
    confirm(desk, "screen_all", {hidden.pk: "screen"}, hidden)
    assert ReviewCase.objects.get(pk=hidden.pk).step == Step.SCREEN


def test_entries_are_given_as_a_table_too(desk, ruth, committee):
    factories.decided(ruth, committee[:3], title="=Reeds")
    path = reverse("admin:journals_entry_changelist")
    text = b"".join(desk.get(f"{path}export/csv/").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["title"], row["credits"], row["uploaded on"]) == ("'=Reeds", "10", "")
    page = load_workbook(io.BytesIO(desk.get(f"{path}export/xlsx/?uploaded=no").content)).active
    assert (page["E2"].value, page["E2"].data_type, page["F2"].value) == ("=Reeds", "s", 10)
    assert load_workbook(io.BytesIO(desk.get(f"{path}export/xlsx/?uploaded=yes").content)).active.max_row == 1


def test_what_is_taken_along_is_logged_without_a_name(desk, ruth, caplog):
    caplog.set_level("INFO", lists.logger.name)
    desk.get(f"{LIST}export/csv/?q=Amara")
    assert [record.getMessage() for record in caplog.records] == [f"{ruth.pk} exports reviews.reviewcase as csv"]


# Several at once ---------------------------------------------------------
def chosen(client, action: str, *cases, **data):
    return client.post(LIST, {"action": action, "_selected_action": [case.pk for case in cases], **data})


def shown_keys(answer) -> dict[int, str]:
    found = re.findall(r'name="key-(\d+)" value="([^"]*)"', answer.content.decode())
    return {int(pk): key for pk, key in found}


def confirm(client, action: str, keys: dict[int, str], *cases, **data):
    hidden = {f"key-{pk}": key for pk, key in keys.items()}
    return client.post(
        LIST,
        {"action": action, "_selected_action": [case.pk for case in cases], "confirmed": "1", **hidden, **data},
        follow=True,
    )


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def step_of(*cases) -> list[str]:
    return [ReviewCase.objects.get(pk=case.pk).step for case in cases]


def test_screening_several_leaves_out_what_is_screened_already(desk, ruth):
    new, also, done = factories.claim(), factories.claim(), factories.screened(ruth)
    page = chosen(desk, "screen_all", new, also, done)
    assert shown_keys(page) == {new.pk: "screen", also.pk: "screen"}
    assert "to 2 cases of 3 chosen" in page.content.decode() and "Left out." in page.content.decode()
    assert step_of(new, also) == [Step.SCREEN] * 2
    services.screen(also.pk, by=ruth)
    answer = confirm(desk, "screen_all", shown_keys(page), new, also, done)
    assert step_of(new, also) == [Step.SEAT] * 2
    assert told(answer)[0] == "1 case is complete."
    assert told(answer)[1].startswith(f"{also.reference}: ") and len(told(answer)) == 2


def test_seating_several_spreads_the_work_and_keeps_one_members_cases_together(desk, ruth):
    committee = [factories.member() for _ in range(6)]
    amara = factories.certificant()
    two = [factories.screened(ruth, owner=amara, title=f"Marsh {n}") for n in range(2)]
    other = factories.screened(ruth, title="Dunes")
    page = chosen(desk, "seat_all", *two, other)
    keys = shown_keys(page)
    assert keys[two[0].pk] == keys[two[1].pk]
    assert not set(keys[other.pk].split(",")) & set(keys[two[0].pk].split(","))
    answer = confirm(desk, "seat_all", keys, *two, other)
    assert told(answer) == ["3 cases are seated, their members invited."]
    seated = {
        pk: {str(one) for one in Seat.objects.filter(panel__case=pk).values_list("member", flat=True)} for pk in keys
    }
    assert seated == {pk: set(key.split(",")) for pk, key in keys.items()}
    assert {int(one) for key in keys.values() for one in key.split(",")} == {one.pk for one in committee}
    assert Message.objects.filter(template="seat-invitation").count() == 9


def test_seating_leaves_out_where_somebody_must_look_and_where_too_few_may_sit(desk, ruth):
    factories.member(employer="Dike Office"), factories.member(), factories.member()
    hinted = factories.screened(ruth, owner=factories.certificant(employer="Dike Office"))
    page = chosen(desk, "seat_all", hinted)
    assert shown_keys(page) == {} and "may know the submitter" in page.content.decode()
    assert 'name="confirmed"' not in page.content.decode()


def test_too_few_members_are_said(desk, ruth):
    factories.member()
    case = factories.screened(ruth)
    assert "Too few may sit." in chosen(desk, "seat_all", case).content.decode()


def test_a_seat_that_nobody_was_shown_is_not_given(desk, ruth, committee):
    case = factories.screened(ruth)
    stranger = factories.certificant()
    answer = confirm(desk, "seat_all", {case.pk: f"{stranger.pk},x,{'9' * 30}"}, case)
    assert step_of(case) == [Step.SEAT] and told(answer)[0].startswith(case.reference)


def test_several_letters_are_read_and_exactly_those_are_sent(desk, ruth, committee):
    yes = factories.voted(ruth, committee[:3], title="Peat")
    no = factories.voted(ruth, committee[:3], title="Sand", choices=(Choice.DENY,) * 3)
    early = factories.seated(ruth, committee[:3], title="Early")
    page = chosen(desk, "decide_all", yes, no, early)
    text = page.content.decode()
    assert "Approved, 10 credits" in text and "Denied" in text and "Left out." in text
    assert text.count('class="letter"') == 2 and set(shown_keys(page)) == {yes.pk, no.pk}
    answer = confirm(desk, "decide_all", shown_keys(page), yes, no, early)
    assert told(answer) == ["2 cases are decided, their letters on their way."]
    assert Entry.objects.get().decision.case_id == yes.pk
    for case in (yes, no):
        assert Message.objects.get(key=f"decision:{case.decisions.get().pk}").text.startswith(
            case.decisions.get().letter[:40]
        )


def test_a_letter_that_changed_meanwhile_is_not_sent(desk, ruth, committee):
    """Two claims about one event: the first approval takes credits of the second (R-CAP)."""
    amara = factories.certificant()
    two = [factories.voted(ruth, committee[:3], owner=amara, title="One Forum") for _ in range(2)]
    page = chosen(desk, "decide_all", *two)
    answer = confirm(desk, "decide_all", shown_keys(page), *two)
    assert told(answer)[0] == "1 case is decided, its letter on its way."
    assert "The letter changed since you read it." in told(answer)[1]
    assert sorted(step_of(*two)) == sorted([Step.DONE, Step.DECIDE])


def test_an_extension_asks_for_its_day_and_reason_and_keeps_what_was_typed(desk, ruth, committee):
    one, other = factories.claim(), factories.claim()
    decided = factories.decided(ruth, committee[:3], title="Done")
    until = one.due_on + timedelta(days=7)
    assert 'name="until"' in chosen(desk, "extend_all", one, other, decided).content.decode()
    wrong = chosen(desk, "extend_all", one, preview="1", until="", reason="The committee is in the field.")
    assert wrong.status_code == 422 and "The committee is in the field." in wrong.content.decode()
    data = {"until": until.isoformat(), "reason": "The committee is in the field."}
    page = chosen(desk, "extend_all", one, other, decided, preview="1", **data)
    assert set(shown_keys(page)) == {one.pk, other.pk}
    assert not Extension.objects.exists()
    answer = confirm(desk, "extend_all", shown_keys(page), one, other, decided, **data)
    assert told(answer) == ["2 extension letters are on their way."]
    assert {row.to_due for row in Extension.objects.all()} == {until}
    assert Message.objects.filter(template="case-extended").count() == 2


def test_an_extension_too_far_is_left_out_case_by_case(desk):
    near, far = factories.claim(), factories.claim()
    ReviewCase.objects.filter(pk=far.pk).update(due_on=far.due_on + timedelta(days=20))
    data = {"until": (near.due_on + timedelta(days=7)).isoformat(), "reason": "In the field."}
    assert set(shown_keys(chosen(desk, "extend_all", near, far, preview="1", **data))) == {near.pk}


@pytest.mark.parametrize("typed", [{"until": 9}, {"reason": "Another one."}, {"due": 1}])
def test_an_extension_other_than_the_one_shown_is_not_sent(desk, typed):
    """Typed anew after the preview, or extended by a colleague meanwhile."""
    case = factories.claim()
    data = {"until": (case.due_on + timedelta(days=7)).isoformat(), "reason": "In the field."}
    keys = shown_keys(chosen(desk, "extend_all", case, preview="1", **data))
    if "until" in typed:
        data["until"] = (case.due_on + timedelta(days=typed["until"])).isoformat()
    data["reason"] = typed.get("reason", data["reason"])
    if "due" in typed:
        ReviewCase.objects.filter(pk=case.pk).update(due_on=case.due_on + timedelta(days=typed["due"]))
    answer = confirm(desk, "extend_all", keys, case, **data)
    assert "Nothing was sent." in told(answer)[0] and not Extension.objects.exists()


def test_a_confirmation_whose_form_is_empty_does_nothing(desk):
    case = factories.claim()
    answer = confirm(desk, "extend_all", {case.pk: case.due_on.isoformat()}, case, until="", reason="")
    assert answer.status_code == 422 and not Extension.objects.exists()


def test_more_than_can_be_read_are_refused(desk, monkeypatch):
    cases = [factories.claim(title=f"Marsh {n}", provider=f"Trust {n}") for n in range(26)]
    answer = desk.post(LIST, {"action": "screen_all", "_selected_action": [case.pk for case in cases]}, follow=True)
    assert "26 cases are chosen; at most 25" in told(answer)[0]
    assert set(step_of(*cases)) == {Step.SCREEN}
    whole_window = desk.post(LIST, {"action": "seat_all", "_selected_action": [case.pk for case in cases]})
    assert whole_window.status_code == 200 and whole_window.content.count(b"Left out.") == 26
