"""What SER says before somebody applies, whom it lets start, and the self-check (R-APP)."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from applications.models import Criteria, Draft, Partner, Programme, Window
from serportal.certifications.states import Level
from serportal.fees.models import FeeRow
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
TODAY = programme_day()
KINDS = ["cerp", "cerpit", "partner", "upgrade"]
CHECK = "/applications/self-check/"


def words_of(client, path: str) -> str:
    return text_of(client.get(path))


# The doors --------------------------------------------------------------
@pytest.mark.parametrize("kind", ["cerp", "cerpit", "upgrade"])
def test_a_door_names_the_window_of_today_and_the_fee_in_force(client, kind):
    """R-APP-2, R-APP-10."""
    window = Window.objects.open_on(TODAY)[0]
    words = words_of(client, f"/applications/new/{kind}/")
    closes, by = (day_text(day).replace("\xa0", " ") for day in (window.closes_on, window.decided_by))
    assert f"falls in the window that closes on {closes}, 23:59 Eastern Time , and is decided by {by}" in words
    row = FeeRow.objects.get(kind=kind)
    assert f"Members of SER USD {row.member_amount:.2f} Everyone else USD {row.other_amount:.2f}" in words
    assert "You may apply on any day of the year." in words and "may wait for the next window" in words
    assert "not refundable" in words and "www.ser.org/cerpapplications" in words


def test_a_door_tells_the_close_in_the_readers_own_zone_too(client):
    """EXPERIENCE, words."""
    client.force_login(factories.PersonFactory(time_zone="Asia/Tokyo"))
    assert re.search(
        r"23:59 Eastern Time; \d+ \w+, 1[23]:59 where you are", words_of(client, "/applications/new/cerp/")
    )


@pytest.mark.parametrize("kind", ["cerp", "cerpit", "upgrade"])
def test_a_door_and_its_checklist_follow_changed_rows(client, kind):
    row = Criteria.objects.get()
    row.pk, row.effective_from, row.biological, row.months, row.projects = None, TODAY, Decimal("17.5"), 72, 4
    row.save()
    FeeRow.objects.create(kind=kind, member_amount=1, other_amount=2, effective_from=TODAY)
    Window.objects.create(closes_on=TODAY, decided_by=TODAY + timedelta(days=40))
    for path in (f"/applications/new/{kind}/", f"/applications/new/{kind}/checklist/"):
        words = words_of(client, path)
        assert "Biological science 17.5 9 in ecology" in words
        assert "72 months of full-time work" in words and "At least 4 projects" in words
        assert f"closes on {day_text(TODAY)}".replace("\xa0", " ") in words
    assert "USD 1.00" in words_of(client, f"/applications/new/{kind}/")


def test_the_short_way_names_each_partner_with_who_pays(client):
    """R-APP-7."""
    words = words_of(client, "/applications/new/partner/")
    assert "Niagara College Ecosystem Restoration, Graduate Certificate The college has paid the fee" in words
    assert "USD" not in words and "window that closes" not in words and "about 90 minutes" in words
    ohio = Partner.objects.create(name="Ohio State", contact_name="Ohio", contact_email="ohio@place.example")
    Programme.objects.create(partner=ohio, name="Restoration Minor")
    Programme.objects.create(partner=ohio, name="Closed Programme", active=False)
    Partner.objects.create(name="Gone College", contact_name="x", contact_email="x@place.example", active=False)
    words = words_of(client, "/applications/new/partner/")
    assert "Ohio State Restoration Minor You pay the fee of a CERPIT application." in words
    assert "Closed Programme" not in words and "Gone College" not in words
    assert "USD 100.00" in words and "USD 200.00" in words


@pytest.mark.parametrize("kind", KINDS)
def test_a_checklist_is_a_list_to_print(client, kind):
    response = client.get(f"/applications/new/{kind}/checklist/")
    words = text_of(response)
    assert response.status_code == 200 and "Print this page" in words and "www.ser.org/cerpapplications" in words
    assert ("Quantitative science" in words) == (kind != "partner")
    assert "e-learning course" in words or kind == "upgrade"


def test_an_unknown_kind_has_no_checklist(client):
    assert client.get("/applications/new/master/checklist/").status_code == 404


# The self-check ---------------------------------------------------------
KNOWS = {
    **{"biological": "15", "ecology": "9", "physical": "15", "earth": "6", "resource": "12", "ecological": "3"},
    **{"human": "3", "quantitative": "9", "restoration": "12"},
}
PHASES = ["inventory", "planning", "implementation", "monitoring"]
WORKED = {"months-1": "60", "percent-1": "100", "projects": "3", "phases": PHASES}
CERP, CERPIT, NEITHER = "speaks for CERP:", "speaks for CERPIT:", "speaks for neither yet."


def check(client, **typed):
    return client.get(f"{CHECK}?{urlencode(typed, doseq=True)}")


STANDING = [
    (KNOWS | WORKED, CERP, []),
    (KNOWS, CERPIT, ["0 of 60 months of full-time work; 60 more are needed.", "0 of 3 projects; 3 more are needed."]),
    (WORKED, CERPIT, ["0 of 15 credits in biological science; 15 more are needed."]),
    ({"unit": "semester"}, NEITHER, ["0 of 12 credits in ecological restoration; 12 more are needed."]),
    (KNOWS | {"ecology": "8.99"}, NEITHER, ["8.99 of 9 credits in ecology; 0.01 more are needed."]),
    # Quarter credits count two thirds: 22.5 are 15.
    (KNOWS | {"unit": "quarter"}, NEITHER, ["10 of 15 credits in biological science; 5 more are needed."]),
    ({name: str(Decimal(text) * 3 / 2) for name, text in KNOWS.items()} | {"unit": "quarter"}, CERPIT, []),
    (WORKED | {"months-1": "59"}, NEITHER, ["59 of 60 months of full-time work; 1 more are needed."]),
    (WORKED | {"hours-1": "20"}, NEITHER, ["30 of 60 months of full-time work; 30 more are needed."]),
    (WORKED | {"months-1": "30", "months-2": "30", "percent-2": "50"}, CERPIT, []),
    (
        WORKED | {"months-1": "30", "months-2": "30", "percent-2": "49"},
        NEITHER,
        ["45 of 60 months of full-time work; 15 more"],
    ),
    (WORKED | {"percent-1": "49"}, NEITHER, ["60 months count half"]),
    (WORKED | {"projects": "2"}, NEITHER, ["2 of 3 projects; 1 more is needed."]),
    (WORKED | {"phases": PHASES[:3]}, NEITHER, ["No project shows: monitoring."]),
]


@pytest.mark.parametrize(("typed", "verdict", "sentences"), STANDING)
def test_what_was_entered_is_judged_by_the_rules(client, typed, verdict, sentences):
    """R-APP-1, R-APP-4, R-APP-5."""
    response = check(client, **typed)
    words = text_of(response)
    assert response.status_code == 200 and f"What you entered {verdict}" in words
    for sentence in sentences:
        assert sentence in words


BAD = [
    ({"biological": "many"}, "Biological science: write a number from 0 to 500."),
    ({"ecology": "-1"}, "Of these in ecology: write a number from 0 to 500."),
    ({"restoration": "501"}, "Ecological restoration: write a number from 0 to 500."),
    ({"biological": "5", "ecology": "9"}, "Biological science: its parts have more credits than the whole area."),
    ({"ecological": "2", "human": "2", "resource": "3"}, "Resource management and conservation: its parts have more"),
    ({"human": "2"}, "Resource management and conservation: its parts have more credits than the whole area."),
    ({"unit": "stones"}, "My credits are: choose semester or quarter credits."),
    ({"months-1": "12.5", "percent-1": "100"}, "Job 1, months: write a whole number from 0 to 600."),
    ({"months-2": "601", "percent-2": "1"}, "Job 2, months: write a whole number from 0 to 600."),
    ({"months-1": "12"}, "Job 1: write how many percent of your time was restoration."),
    ({"months-1": "12", "percent-1": "101"}, "Job 1, percent restoration: write a whole number from 0 to 100."),
    ({"months-1": "12", "percent-1": "50", "hours-1": "200"}, "Job 1, hours a week: write a number from 0 to 80."),
    ({"projects": "²"}, "Projects: write a whole number from 0 to 200."),
    ({"phases": ["monitoring"]}, "Projects: you chose phases, so write in how many projects you worked."),
    ({"phases": ["sleeping"], "projects": "1"}, "Phases: choose from the list."),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_bad_input_gets_a_sentence_that_names_the_field(client, typed, sentence):
    response = check(client, **typed)
    words = text_of(response)
    assert response.status_code == 200 and sentence in words and "What you entered" not in words
    for value in typed.values():
        for text in [value] if isinstance(value, str) else []:
            if text != "stones":
                assert f'value="{text}"' in response.content.decode()


def test_the_self_check_grows_by_a_job_and_keeps_what_was_typed(client):
    response = check(client, **WORKED, jobs="2", more="1")
    page = response.content.decode()
    assert 'name="months-3"' in page and 'name="months-4"' not in page and 'value="60"' in page
    assert "What you entered" not in text_of(response)
    full = check(client, jobs="12", more="1").content.decode()
    assert 'name="months-12"' in full and 'name="months-13"' not in full and 'name="more"' not in full
    for jobs in ("0", "-3", "x", "²", "9" * 40):
        assert check(client, jobs=jobs).content.decode().count('name="months-') in {2, 12}


def test_the_longest_work_that_can_be_typed_is_counted(client):
    jobs = {f"months-{n}": "600" for n in range(1, 13)} | {f"percent-{n}": "100" for n in range(1, 13)}
    assert "speaks for CERPIT" in text_of(check(client, jobs="12", **jobs, projects="3", phases=PHASES))


def test_the_self_check_follows_the_criteria_in_force(client):
    row = Criteria.objects.get()
    row.pk, row.effective_from, row.months = None, TODAY, 61
    row.save()
    assert "60 of 61 months of full-time work; 1 more are needed." in text_of(check(client, **WORKED))


def test_an_empty_self_check_asks_and_judges_nothing(client):
    words = words_of(client, CHECK)
    assert "You need no account, and nothing is stored." in words and "What you entered" not in words


# Starting ---------------------------------------------------------------
def press(client, kind: str, key: uuid.UUID | None = None, **more):
    return client.post(f"/applications/new/{kind}/", {"submit_key": str(key or uuid.uuid4())}, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_starting_asks_to_sign_in_and_comes_back(client, kind):
    path = f"/applications/new/{kind}/"
    assert f'href="/accounts/login/?next={path}"' in client.get(path).content.decode()
    response = press(client, kind)
    assert response.status_code == 302 and response["Location"] == f"/accounts/login/?next={path}"
    assert not Draft.objects.exists()


@pytest.mark.parametrize("kind", ["cerp", "cerpit", "partner"])
def test_the_button_starts_one_draft_however_often_it_is_pressed(client, kind):
    amara, key = factories.PersonFactory(), uuid.uuid4()
    client.force_login(amara)
    responses = [press(client, kind, key), press(client, kind, key), press(client, kind)]
    draft = Draft.objects.get()
    assert (draft.owner, draft.kind) == (amara, kind)
    assert {response["Location"] for response in responses} == {f"/applications/drafts/{draft.pk}/"}
    page = client.get(f"/applications/new/{kind}/")
    assert "Go on with your application" in text_of(page) and b"Start the application" not in page.content
    assert str(draft.pk) in page.content.decode()


def test_a_button_without_its_key_starts_nothing_and_says_so(client):
    client.force_login(factories.PersonFactory())
    response = client.post("/applications/new/cerp/", {"submit_key": "x"}, follow=True)
    assert "This form was sent without its key." in text_of(response) and not Draft.objects.exists()


def lapsed(level: Level):
    return factories.certificant(level=level, since=TODAY - timedelta(days=2200))


WHO = [
    # who, what they ask for, what they read before the button (None: they may start)
    (lambda: factories.certificant(), "cerp", "You hold CERP"),
    (lambda: factories.certificant(), "cerpit", "You hold CERP"),
    (lambda: factories.certificant(), "partner", "You hold CERP"),
    (lambda: factories.certificant(), "upgrade", "You hold CERP"),
    (lambda: factories.certificant(level=Level.CERPIT), "cerp", "Your way to CERP is the upgrade"),
    (lambda: factories.certificant(level=Level.CERPIT), "cerpit", "there is nothing to apply for"),
    (lambda: factories.certificant(level=Level.CERPIT), "upgrade", None),
    (lambda: lapsed(Level.CERPIT), "upgrade", "lapsed, and only a current one can be upgraded"),
    (lambda: lapsed(Level.CERPIT), "cerp", None),
    (lambda: lapsed(Level.CERP), "cerp", None),
    (lambda: factories.PersonFactory(), "upgrade", "this account holds none"),
    (lambda: factories.PersonFactory(), "cerpit", None),
]


@pytest.mark.parametrize(("who", "kind", "sentence"), WHO)
def test_who_cannot_start_reads_why_before_the_button(client, who, kind, sentence):
    """R-APP-8."""
    client.force_login(who())
    page = client.get(f"/applications/new/{kind}/")
    assert (b"Start the application" in page.content) == (sentence is None)
    if sentence is None:
        assert press(client, kind)["Location"].startswith("/applications/drafts/")
    else:
        assert sentence in text_of(page)
        assert sentence in text_of(press(client, kind, follow=True)) and not Draft.objects.exists()


def test_who_has_sent_one_is_led_to_it(client):
    application = factories.application("cerp")
    client.force_login(application.case.filed_by)
    Draft.objects.filter(owner=application.case.filed_by).update(
        case=application.case, sent_at=application.case.filed_at
    )
    page = client.get("/applications/new/cerp/")
    assert f"Your application {application.case.reference} is still under way." in text_of(page)
    assert f'href="/applications/{application.case.reference}/"' in page.content.decode()
