"""The journal page and its table: sums, caps, what is on its way, proof, corrections, earlier periods (R-PER-5)."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from journals import services
from journals.models import Entry
from journals.pages import page_of
from journals.pictures import fifty_bar, year_bars
from journals.rules import next_upload
from journals.standing import journal_of
from serportal.certifications.models import Period
from serportal.certifications.rules import anniversary, last_day
from serportal.certifications.states import PeriodStart
from serportal.files.models import StoredFile
from serportal.ui.words import day_text, number, programme_day
from tests import factories
from tests.home.test_public import text_of
from tests.journals.test_uploads import earn, run

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=800))


def words_of(client, person, query: str = "") -> str:
    client.force_login(person)
    return text_of(client.get(f"/journal/{query}"))


@pytest.mark.parametrize("about", sorted(factories.FORMS))
def test_every_activity_has_its_line_with_its_sentence_and_its_sum(client, ruth, committee, amara, about):
    case = factories.decided(ruth, committee, owner=amara, about=about)
    entry = Entry.objects.get()
    words = words_of(client, amara)
    assert entry.sentence in words and case.headline in words
    label = "Volunteering" if about == "volunteering" else entry.get_activity_display()
    assert f"{label} {number(entry.credits)}" in words


def test_caps_say_how_far_they_are_used(client, ruth, committee, amara):
    """R-VOL, R-CAP."""
    assert "Volunteering 0 of 5" in words_of(client, amara)
    factories.decided(ruth, committee, owner=amara, about="volunteering")
    factories.decided(ruth, committee, owner=amara, hours="14", title="Delta Days")
    words = words_of(client, amara)
    assert "Volunteering 1.5 of 5" in words
    assert "the most that a single event brings" not in words
    factories.decided(ruth, committee, owner=amara, about="training", title="Delta Days", provider="Elsewhere")
    assert "Delta Days 10 of 10, the most that a single event brings" in words_of(client, amara)
    entry = Entry.objects.filter(activity="training").get()
    services.reverse(entry.pk, reason="The workshop was another day.", by=ruth)
    words = words_of(client, amara)
    assert "the most that a single event brings" not in words


def test_what_waits_is_grouped_by_the_day_of_its_upload(client, amara):
    """R-UPL-2: each approval reaches the journal on the upload day after it; a run that is late is said to be."""
    today = programme_day()
    due = next_upload(today, a_year=4)
    earn(amara, "3")
    later = due + timedelta(days=3)
    with time_machine.travel(timezone.now() + (later - today), tick=False):
        earn(amara, "4")
        after = next_upload(later, a_year=4)
        words = words_of(client, amara)
        assert f"The upload of {day_text(due)} has not run yet".replace("\xa0", " ") in words
        assert f"Uploads on {day_text(after)}".replace("\xa0", " ") in words
        assert words.index("Field day of 3") < words.index("Field day of 4")


def test_the_proof_behind_an_entry_is_named_as_its_owner_knows_it(client, ruth, committee, amara):
    case = factories.decided(ruth, committee, owner=amara)
    mine = case.folder.files.get()
    for name, person in (("scan <1>.pdf", ruth), ("gone.pdf", amara)):
        StoredFile.objects.create(
            folder=case.folder, name=name, kind="pdf", size=9, sha256=name.ljust(64, "0"), received_from=person,
            keep_until=programme_day(), content=mine.content.name,
            removed_at=timezone.now() if name == "gone.pdf" else None,
        )  # fmt: skip
    client.force_login(amara)
    page = client.get("/journal/").content.decode()
    links = re.findall(r'<a href="(/files/[^"]+)">([^<]+)</a>', page)
    assert [name for _link, name in links] == ["certificate.pdf", f"{case.reference}-B.pdf"]
    served = client.get(links[1][0])
    assert f'filename="{links[1][1]}"' in served["Content-Disposition"]
    served.close()
    assert links[0][0] == reverse("home:file", args=[mine.pk])


def test_an_entry_and_its_correction_lead_to_each_other(client, ruth, committee, amara):
    """R-UPL-4."""
    factories.decided(ruth, committee, owner=amara, title="<b>Delta</b> & Days")
    entry = Entry.objects.get()
    run("one")
    made = services.reverse(entry.pk, reason="Cancelled by <the> organiser.", by=ruth)
    client.force_login(amara)
    page = client.get("/journal/").content.decode()
    assert f'id="entry-{entry.pk}"' in page and f'id="entry-{made.pk}"' in page
    assert f'<a href="#entry-{made.pk}">See the correction</a>' in page
    assert f'<a href="#entry-{entry.pk}">It takes back the line “&lt;b&gt;Delta&lt;/b&gt; &amp; Days”.</a>' in page
    assert "Cancelled by &lt;the&gt; organiser." in page and "<b>Delta" not in page
    words = text_of(client.get("/journal/"))
    assert "0 of 50 credits. 10 are uploaded; a correction follows on" in words
    assert "−10" in words and "-10" not in words
    assert "a correction follows on" in text_of(client.get("/dashboard/"))


def test_no_picture_draws_below_zero(ruth, committee, amara):
    """A correction that waits takes of what is uploaded; bars, labels and the table say so."""
    entries = earn(amara, "10", "4")
    run("one")
    services.reverse(entries[0].pk, reason="A mistake.", by=ruth)
    journal = page_of(amara, programme_day()).journal
    bars = year_bars(journal, programme_day())["bars"]
    assert all(bar["have_height"] >= 0 and bar["coming_height"] >= 0 for bar in bars)
    assert bars[0]["label"] == "14 − 10"
    fifty = fifty_bar(journal)
    assert (fifty["have"]["width"], fifty["coming"]["any"], fifty["asked"]["any"]) == ("8.00%", False, False)
    services.reverse(entries[1].pk, reason="A mistake.", by=ruth)
    journal = page_of(amara, programme_day()).journal
    assert fifty_bar(journal)["have"]["width"] == "0.00%"
    assert year_bars(journal, programme_day())["bars"][0]["have_height"] == 0


@pytest.fixture
def upgraded(amara):
    """Amara’s first period was cut short by an upgrade a hundred days ago."""
    first = amara.periods.get()
    day = programme_day() - timedelta(days=100)
    Period.objects.filter(pk=first.pk).update(ends_on=day - timedelta(days=1))
    first.refresh_from_db()
    second = Period.objects.create(
        certification=first.certification,
        person=amara,
        starts_on=day,
        ends_on=last_day(day),
        began_as=PeriodStart.UPGRADED,
    )
    earn(amara, "7", period=first, earned_on=first.starts_on + timedelta(days=40))
    earn(amara, "2", period=second, earned_on=day)
    return first, second


def test_an_earlier_period_stays_visible_and_is_said_not_to_count(client, upgraded, amara):
    """R-PER-5."""
    first, second = upgraded
    words = words_of(client, amara)
    assert "2 of 50 credits." in words and "Field day of 7" not in words
    assert "Other periods" in words
    assert f"/journal/?period={first.starts_on}" in client.get("/journal/").content.decode()
    words = words_of(client, amara, f"?period={first.starts_on}")
    assert "7 credits in this period." in words and "Field day of 7" in words
    assert "It ended with your upgrade to CERP." in words
    assert "What stands here stays visible and no longer counts." in words
    assert "Field day of 2" not in words and "to find" not in words
    assert "no longer counts" not in words_of(client, amara, f"?period={second.starts_on}")


@pytest.mark.parametrize(
    "query", ["?period=", "?period=x", "?period=2020-02-30", "?period=1999-01-01", "?period=0001-01-01"]
)
def test_a_period_that_is_not_theirs_does_not_exist(client, amara, query):
    client.force_login(amara)
    assert client.get(f"/journal/{query}").status_code == 404
    other = factories.certificant(since=programme_day() - timedelta(days=41))
    assert client.get(f"/journal/?period={other.periods.get().starts_on}").status_code == 404


def table_of(client, person) -> list[list[str]]:
    client.force_login(person)
    response = client.get("/journal/entries.csv")
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == f'attachment; filename="journal-{programme_day()}.csv"'
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_table_holds_every_period_and_corrections_below_zero(client, ruth, committee, upgraded, amara):
    first, second = upgraded
    case = factories.decided(ruth, committee, owner=amara, title="=1+1")
    run("one")
    entry = Entry.objects.get(decision__case=case)
    services.reverse(entry.pk, reason="@mistake", by=ruth)
    rows = table_of(client, amara)
    assert ",".join(rows[0]) == (
        "date,activity,category,description,credits,year,period,reference,uploaded on,sentence,approved on,certificate"
    )
    spans = {one: f"{one.starts_on} to {one.ends_on}" for one in upgraded}
    today, old, new = str(programme_day()), *(one.certification.number for one in upgraded)
    conference = [str(entry.earned_on), "Attending a conference or symposium", "3", "'=1+1"]
    assert rows[1:] == [
        [str(first.starts_on + timedelta(days=40)), "Attending a short course, workshop, field tour or webinar", "2",
         "Field day of 7", "7", "1", spans[first], "", today, "Hours = credits.", today, old],
        [str(second.starts_on), "Attending a short course, workshop, field tour or webinar", "2",
         "Field day of 2", "2", "1", spans[second], "", today, "Hours = credits.", today, new],
        [*conference, "10", "1", spans[second], case.reference, today, entry.sentence, today, new],
        [*conference, "-10", "1", spans[second], case.reference, "", "'@mistake", today, new],
    ]  # fmt: skip


def test_the_table_of_someone_without_a_journal_is_its_heading(client):
    assert len(table_of(client, factories.PersonFactory())) == 1


def test_statements_of_past_uploads(client, amara):
    assert "No upload has brought credits" in text_of(_get(client, amara, "/journal/statements/"))
    earn(amara, "12.75")
    run("one")
    earn(amara, "-12.75")
    run("two")
    words = text_of(_get(client, amara, "/journal/statements/"))
    assert "From 0 to 12.75 credits One line. Still needed after it: 37.25." in words
    assert "From 12.75 to 0 credits" in words and "−12.75" in words
    other = factories.certificant()
    assert "12.75" not in text_of(_get(client, other, "/journal/statements/"))


def _get(client, person, path):
    client.force_login(person)
    return client.get(path)


def test_a_page_costs_the_same_after_thirty_years(client, ruth, committee, amara, django_assert_num_queries):
    """PERFORMANCE: eight queries or less, whatever the number of rows."""
    first = amara.periods.get()
    for n in range(1, 6):
        start = anniversary(first.starts_on, -5 * n)
        older = Period.objects.create(
            certification=first.certification,
            person=amara,
            starts_on=start,
            ends_on=last_day(start),
            began_as=PeriodStart.RECERTIFIED,
        )
        earn(amara, *(["1.25"] * 10), period=older, earned_on=older.starts_on)
    factories.decided(ruth, committee, owner=amara)
    factories.claim(amara, about="training")
    client.force_login(amara)
    client.get("/journal/")
    for path in ("/journal/", f"/journal/?period={older.starts_on}"):
        with django_assert_num_queries(8 if path == "/journal/" else 6):
            assert client.get(path).status_code == 200
    with django_assert_num_queries(4):
        b"".join(client.get("/journal/entries.csv").streaming_content)


def test_a_request_for_a_course_is_no_credit_under_review(client):
    """What a sponsor asks to have pre-approved brings the person who files it nothing (R-UPL-2)."""
    amara = factories.certificant()
    course, claim = factories.preapproval(amara), factories.claim(amara)
    assert [case.pk for case in journal_of(amara, programme_day()).in_review] == [claim.pk]
    client.force_login(amara)
    page = client.get("/journal/").content.decode()
    assert course.headline not in page and claim.headline in page
    assert client.get("/dashboard/").context["journal"].in_review == [claim]
