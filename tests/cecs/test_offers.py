"""What a roster offers: accepted with one button, declined, or reached by the link of a letter (R-SPO-4, R-CEC)."""

import hashlib
from decimal import Decimal

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from cecs import services as cecs
from cecs.models import CecSubmission
from journals.models import Entry
from journals.states import Activity
from preapprovals.models import Attendance, Occurrence
from preapprovals.states import AttendanceState
from serportal.files.models import StoredFile
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Basis, Choice
from serportal.ui.refusal import Refusal
from tests import attendees, factories

pytestmark = pytest.mark.django_db

TOKEN = "a-link-that-nobody-guesses"
LINK = f"/cecs/attendance/{TOKEN}/"


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor")


@pytest.fixture
def run():
    return factories.occurrence()


def accept(client, row):
    return client.post(reverse("cecs:accept", args=[row.pk]))


def linked(run, **given) -> Attendance:
    """A line about an address that no account has, with the link of its letter."""
    key = hashlib.sha256(TOKEN.encode()).hexdigest()
    return attendees.told(run, **{"email": "amara@work.example", "name": "Amara Okafor", "token_hash": key, **given})


def test_one_button_files_the_claim_with_the_roster_as_its_proof(client, amara, run):
    row = attendees.told(run, amara, grade="Pass", certificate="CERP-0001")
    client.force_login(amara)
    for path in ("/dashboard/", "/cecs/"):
        page = client.get(path).content.decode()
        assert "Accept this credit" in page and "Its roster says 6 hours." in page
    answer = accept(client, row)
    case = ReviewCase.objects.get()
    assert answer.url == f"/cecs/{case.reference}/"
    claim, proof = CecSubmission.objects.get(), StoredFile.objects.get()
    assert (claim.occurrence, claim.hours, case.amount, case.step) == (run, 6, 6, "screen")
    assert (proof.folder, proof.kind) == (case.folder, "pdf")
    with proof.content.open("rb") as content, pikepdf.open(content) as document:
        assert document.docinfo["/Title"] == "Attendance as the sponsor’s roster tells it"
    row.refresh_from_db()
    assert (row.case, row.state) == (case, "claimed")
    assert Message.objects.filter(template="cec-receipt-code", person=amara).count() == 1
    assert "Three committee members read it" not in client.get(answer.url).content.decode()
    assert accept(client, row).url == answer.url and CecSubmission.objects.count() == 1
    assert "Accept this credit" not in client.get("/dashboard/").content.decode()


def test_an_accepted_credit_is_decided_by_code_and_waits_for_its_upload(client, amara, run):
    case = cecs.accept(attendance_id=attendees.told(run, amara).pk, by=amara)
    ruth, alone = factories.coordinator(), reviews.Alone(Basis.CODE, Choice.APPROVE)
    made = reviews.decide(case.pk, digest=reviews.preview(case, alone=alone).digest, alone=alone, by=ruth)
    assert "its sponsor confirms that you took part" in made.letter
    entry = Entry.objects.get()
    assert (entry.person, entry.credits, entry.upload, entry.event) == (amara, 6, None, run.event)
    client.force_login(amara)
    assert "Wetland soils in the field" in client.get("/journal/").content.decode()


@pytest.mark.parametrize(
    ("minutes", "hours", "credits"), [(360, 6, 6), (400, 6, 6), (150, Decimal("2.5"), Decimal("2.5")), (60, 1, 1)]
)
def test_partial_attendance_gives_its_part(amara, run, minutes, hours, credits):
    case = cecs.accept(attendance_id=attendees.told(run, amara, minutes=minutes).pk, by=amara)
    assert (CecSubmission.objects.get().hours, case.amount) == (hours, credits)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"minutes": 59}, "59.* minutes"),
        ({"minutes": 0}, "0 minutes"),
    ],
)
def test_what_brings_nothing_is_refused_in_a_sentence(client, amara, run, told, said):
    row = attendees.told(run, amara, **told)
    with pytest.raises(Refusal, match="no credits"):
        cecs.accept(attendance_id=row.pk, by=amara)
    client.force_login(amara)
    answer = client.post(reverse("cecs:accept", args=[row.pk]), follow=True)
    assert "would bring no credits" in answer.content.decode()
    assert not ReviewCase.objects.exists() and not StoredFile.objects.exists()


def test_a_failed_course_brings_nothing(amara):
    run = factories.occurrence(factories.offering(category=Activity.COURSE))
    with pytest.raises(Refusal, match="not passed"):
        cecs.accept(attendance_id=attendees.told(run, amara, grade="Fail").pk, by=amara)


def test_only_whose_it_is_accepts_or_declines_it(client, amara, run):
    row = attendees.told(run, amara)
    client.force_login(factories.certificant())
    for act in ("accept", "decline"):
        answer = client.post(reverse(f"cecs:{act}", args=[row.pk]), follow=True)
        assert "Nothing is offered to you here any more" in answer.content.decode()
        assert client.post(reverse(f"cecs:{act}", args=[10**9])).url == "/cecs/"
    row.refresh_from_db()
    assert row.state == "offered" and not ReviewCase.objects.exists()


def test_declined_it_is_gone_and_the_code_still_counts(client, amara, run):
    row = attendees.told(run, amara)
    client.force_login(amara)
    answer = client.post(reverse("cecs:decline", args=[row.pk]), follow=True)
    page = answer.content.decode()
    assert run.offering.code in page and "Accept this credit" not in page
    with pytest.raises(Refusal, match="declined"):
        cecs.accept(attendance_id=row.pk, by=amara)
    case = attendees.coded_claim(amara, on=run)
    row.refresh_from_db()
    assert (row.case, row.state) == (case, "claimed")


def test_what_was_taken_back_or_cancelled_is_offered_no_more(amara, run):
    row = attendees.told(run, amara)
    Occurrence.objects.filter(pk=run.pk).update(cancelled_at=row.told_at)
    with pytest.raises(Refusal, match="was cancelled"):
        cecs.accept(attendance_id=row.pk, by=amara)
    Attendance.objects.update(state=AttendanceState.UNDONE)
    with pytest.raises(Refusal, match="any more"):
        cecs.accept(attendance_id=row.pk, by=amara)
    assert cecs.offered_to(amara, most=10) == []


def test_who_is_no_certificant_reads_why(client, run):
    person = factories.PersonFactory()
    row = attendees.told(run, person)
    client.force_login(person)
    answer = client.post(reverse("cecs:accept", args=[row.pk]), follow=True)
    assert "Only people who hold CERP or CERPIT" in answer.content.decode()
    assert not ReviewCase.objects.exists()


def test_an_account_made_later_finds_what_was_told_of_its_address(run):
    row = attendees.told(run, email="new@place.example", name="New Person")
    person = factories.certificant(email="new@place.example", name="New Person")
    assert [one.pk for one, _hours in cecs.offered_to(person, most=10)] == [row.pk]
    EmailAddress.objects.update(verified=False)
    assert cecs.offered_to(person, most=10) == []
    EmailAddress.objects.update(verified=True)
    case = cecs.accept(attendance_id=row.pk, by=person)
    row.refresh_from_db()
    assert (row.person, row.case) == (person, case)


# The link of a letter --------------------------------------------------------------------------------------------


def test_the_link_says_what_it_is_and_following_it_changes_nothing(client, run):
    row = linked(run)
    page = client.get(LINK).content.decode()
    assert "Amara Okafor took part" in page and "CERP or CERPIT" in page and "6 hours" in page
    assert f"/accounts/login/?next={LINK}" in page
    assert client.post(LINK).url == f"/accounts/login/?next={LINK}"
    row.refresh_from_db()
    assert row.person is None and row.state == "offered"


def test_an_account_takes_it_and_accepts_it(client, amara, run):
    row = linked(run)
    client.force_login(amara)
    assert "It is me" in client.get(LINK).content.decode()
    answer = client.post(LINK, follow=True)
    assert "Accept this credit" in answer.content.decode()
    case = cecs.accept(attendance_id=row.pk, by=amara)
    flags = kind_of(case).flags(kind_of(case).read(case), by=factories.coordinator())
    assert flags == ["The e-mail address on the roster is not one of this account."]
    assert client.post(LINK).url == f"/cecs/{case.reference}/"


def test_a_used_link_and_an_invented_one_look_the_same_to_others(client, amara, run):
    linked(run)
    cecs.take(token=TOKEN, by=amara)
    client.force_login(factories.certificant())
    used, invented = client.get(LINK), client.get("/cecs/attendance/nothing/")
    assert used.status_code == invented.status_code == 404
    assert "This link leads nowhere" in used.content.decode() and "This link leads nowhere" in invented.content.decode()
    assert client.post(LINK).status_code == 404
    assert Attendance.objects.get().person == amara


def test_a_link_about_somebody_who_claimed_already_confirms_the_claim(client, amara, run):
    case = attendees.coded_claim(amara, on=run)
    linked(run, minutes=240)
    client.force_login(amara)
    assert client.post(LINK).url == f"/cecs/{case.reference}/"
    own = Attendance.objects.known().get()
    assert (own.case, own.minutes, own.rows.count()) == (case, 240, 1)
    flags = kind_of(case).flags(kind_of(case).read(case), by=factories.coordinator())
    assert "The roster confirms 4 hours, and 6 are claimed." in flags


def test_somebody_without_certification_may_keep_it_and_reads_what_it_is_good_for(client, run):
    linked(run)
    person = factories.PersonFactory()
    client.force_login(person)
    page = client.get(LINK).content.decode()
    assert "Only people who hold CERP or CERPIT" in page and "once you hold CERP or CERPIT" in page
    client.post(LINK)
    assert Attendance.objects.get().person == person


def test_an_accepted_claim_can_be_asked_about_and_answered(client, amara, run):
    """What was filed by one button is answered in the form that asks everything."""
    case = cecs.accept(attendance_id=attendees.told(run, amara).pk, by=amara)
    reviews.ask(case.pk, parts=["hours"], question="When did you leave?", by=factories.coordinator())
    draft = cecs.begin_reply(reference=case.reference, owner=amara)
    client.force_login(amara)
    page = client.get(reverse("cecs:draft", args=[draft.pk]))
    assert page.status_code == 200 and "When did you leave?" in page.content.decode()
    data = {**draft.data, "hours-0": "5", "attested": "on", "answer": "At four."}
    client.post(reverse("cecs:draft", args=[draft.pk]), {**data, "version": draft.version, "check": "1"})
    draft.refresh_from_db()
    client.post(reverse("cecs:check", args=[draft.pk]), {"version": draft.version})
    claim = CecSubmission.objects.get()
    assert (claim.hours, claim.occurrence, claim.event) == (5, run, run.event)
