"""The transcript: every period, every entry and every correction on paper, with its sums and where to ask about it."""

import io
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.utils import timezone

from journals import services, transcripts
from journals.models import Entry
from journals.rules import next_upload
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.certifications.rules import anniversary, last_day
from serportal.certifications.states import Level, PeriodStart
from serportal.ui.words import day_text, programme_day, span_text
from tests import factories
from tests.documents.test_paper import words_of
from tests.journals.test_statements import told
from tests.journals.test_uploads import earn, run

pytestmark = pytest.mark.django_db
D = Decimal
TRANSCRIPT = "/journal/transcript.pdf"


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=800))


def transcript(client, person) -> bytes:
    client.force_login(person)
    response = client.get(TRANSCRIPT)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    name = f"transcript-{programme_day()}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response["Cache-Control"]
    return response.content


def with_earlier_periods(person, count: int) -> list[Period]:
    first = person.periods.get()
    return [
        Period.objects.create(
            certification=first.certification,
            person=person,
            starts_on=anniversary(first.starts_on, -5 * n),
            ends_on=last_day(anniversary(first.starts_on, -5 * n)),
            began_as=PeriodStart.RECERTIFIED,
        )
        for n in range(1, count + 1)
    ]


def test_a_transcript_tells_every_period_entry_correction_and_what_waits(client, ruth, amara):
    committee = [factories.member() for _ in range(3)]
    [older] = with_earlier_periods(amara, 1)
    earn(amara, "7.5", period=older, earned_on=older.starts_on, description="Old dunes")
    case = factories.decided(ruth, committee, owner=amara, title="=1+1 #eval(2) <Peat>")
    run("one")
    services.reverse(Entry.objects.get(decision__case=case).pk, reason="The days were wrong.", by=ruth)
    earn(amara, "2.25", activity="volunteering", description="Dyke watch")
    words = told(words_of(transcript(client, amara)))
    period, today = amara.periods.latest("starts_on"), programme_day()
    own = case.decisions.get().entry
    upload = services.next_upload_on()
    for said in (
        "Transcript of continuing education Amara Okafor",
        f"As of {day_text(today)}",
        f"{period.certification.number} Certified Ecological Restoration Practitioner",
        f"It is valid until {day_text(period.ends_on)}.",
        f"Period {span_text(older.starts_on, older.ends_on)}",
        "7.5 credits, all in the journal.",
        "Category 2, Attending a short course, workshop, field tour or webinar",
        f"Period {span_text(period.starts_on, period.ends_on)}",
        "2.25 credits: 10 in the journal, −7.75 approved and waiting for the upload.",
        f"{day_text(own.earned_on)} =1+1 #eval(2) <Peat> Category 3, Attending a conference or symposium, "
        f"{case.reference} {own.sentence} 10",
        "Correction: =1+1 #eval(2) <Peat>",
        "The days were wrong. −10",
        f"Uploaded on {day_text(today)}",
        f"Approved on {day_text(today)}, uploads on {day_text(upload)}",
        "Dyke watch Category 7, Volunteering on ecological restoration for a not-for-profit Hours = credits. 2.25",
        "No entry",
    ):
        assert told(said) in words, said


def test_an_upload_that_is_late_is_said_to_be(client, amara):
    """R-UPL-2."""
    approved_at = timezone.now() - timedelta(days=200)
    earn(amara, "3", approved_at=approved_at)
    due = next_upload(programme_day(approved_at), a_year=4)
    said = f"Approved on {day_text(programme_day(approved_at))}; the upload of {day_text(due)} has not run yet"
    assert told(said) in told(words_of(transcript(client, amara)))


def test_its_sums_are_those_of_the_journal(client, amara):
    [older] = with_earlier_periods(amara, 1)
    earn(amara, "7.5", "0.25", period=older, earned_on=older.years()[3].first)
    earn(amara, "1", "3.75", "-1")
    earn(amara, "6", earned_on=amara.periods.latest("starts_on").years()[1].first)
    words = told(words_of(transcript(client, amara)))
    number = older.certification.number
    assert f"{number} 0 0 0 7.75 0 7.75" in words
    assert f"{number} 3.75 6 0 0 0 9.75" in words
    for sum_of, credits in ((older.years()[3], "7.75 credits"), (older.years()[0], "0 credits")):
        assert told(f"Year {sum_of.number}, {span_text(sum_of.first, sum_of.last)}: {credits}") in words


def test_it_is_tagged_and_its_code_leads_to_what_is_true_of_the_certificate(client, amara):
    document = transcript(client, amara)
    with pikepdf.open(io.BytesIO(document)) as opened, opened.open_metadata() as metadata:
        assert opened.Root.MarkInfo.Marked and metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Transcript of continuing education"
    address = f"{settings.SITE_URL}/verify/{amara.certifications.get().number}/"
    assert address in words_of(document)
    [found] = zxingcpp.read_barcodes(pypdfium2.PdfDocument(document)[0].render(scale=2).to_pil())
    assert found.text == address


def test_an_upgrade_shows_both_certificates_and_asks_about_the_new_one(client, ruth):
    li = factories.certificant(level=Level.CERPIT, since=programme_day() - timedelta(days=400))
    old = li.certifications.get()
    new = certifications.upgrade(person=li, on=programme_day(), by=ruth).certification
    words = told(words_of(transcript(client, li)))
    assert f"It is no longer used: it was upgraded to {new.number}" in words
    assert f"/verify/{new.number}/" in words and f"/verify/{old.number}/" not in words


def test_thirty_years_come_in_one_go(client, amara, django_assert_num_queries):
    """1,500 entries; the queries do not grow with them."""
    with_earlier_periods(amara, 5)
    client.force_login(amara)
    client.get(TRANSCRIPT)
    with django_assert_num_queries(7):
        client.get(TRANSCRIPT)
    periods = list(amara.periods.all())
    given = {"credits": D("1.25"), "sentence": "1.25 hours = 1.25.", "source": "import", "activity": "training"}
    Entry.objects.bulk_create(
        Entry(
            person=amara,
            period=periods[n % 6],
            description=f"Field day {n}",
            earned_on=periods[n % 6].starts_on + timedelta(days=n),
            approved_at=amara.joined_at,
            **given,
        )
        for n in range(1500)
    )
    with django_assert_num_queries(7):
        document = client.get(TRANSCRIPT).content
    words = words_of(document)
    assert all(f"Field day {n} " in words for n in range(1500))
    assert words.count("312.5") >= 6


def test_who_was_never_certified_has_none(client):
    person = factories.PersonFactory()
    client.force_login(person)
    assert client.get(TRANSCRIPT).status_code == 404
    with pytest.raises(Period.DoesNotExist):
        transcripts.transcript_pdf(person, programme_day())


def test_the_journal_leads_to_it(client, amara):
    client.force_login(amara)
    assert f'href="{TRANSCRIPT}"' in client.get("/journal/").content.decode()
