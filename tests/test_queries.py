"""A page costs the same queries for one row and for three (PERFORMANCE.md); each number is literal."""

import uuid
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Criteria, Partner, Programme, Window
from applications.services import partners, references
from journals import services as journals
from journals.models import Entry, ScheduleRow
from journals.states import Delivery
from preapprovals.models import Attendance, Draft
from preapprovals.services import contacts, visiting
from preapprovals.states import ContactRole
from serportal.accounts.states import Committee
from serportal.files.models import Folder
from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message
from serportal.reviews import services as reviews
from serportal.ui.words import programme_day
from tests import attendees, factories
from tests.cecs.test_coded import with_sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


@pytest.fixture(params=[1, 3])
def rows(request):
    return request.param


def asked(client, person, path, assert_num, count):
    client.force_login(person)
    client.get(path)
    with assert_num(count):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_dashboard_and_journal_of_a_member(client, ruth, committee, rows, django_assert_num_queries):
    amara = factories.certificant()
    for n in range(rows):
        factories.draft(amara)
        factories.claim(amara, title=f"Waiting {n}")
        factories.decided(ruth, committee, owner=amara, title=f"Decided {n}")
    page = asked(client, amara, reverse("home:dashboard"), django_assert_num_queries, 9)
    assert page.count("Waiting ") >= rows
    page = asked(client, amara, reverse("journals:journal"), django_assert_num_queries, 8)
    assert page.count("Decided ") >= rows


def test_renewals_of_a_member_and_the_coordinators_page_of_one(client, ruth, rows, django_assert_num_queries):
    amara = factories.renewable()
    for _n in range(rows):
        factories.imported(amara, credits="1")
        reviews.withdraw(factories.renewal(amara).pk, by=amara)
    asked(client, amara, reverse("journals:renew"), django_assert_num_queries, 13)
    case = factories.renewal(amara, audited=True)
    page = asked(client, amara, reverse("journals:renewal", args=[case.reference]), django_assert_num_queries, 16)
    assert page.count("Field day of") == 6
    asked(client, amara, reverse("journals:renewal-answer", args=[case.reference]), django_assert_num_queries, 6)
    asked(client, ruth, reverse("admin:reviews_reviewcase_change", args=[case.pk]), django_assert_num_queries, 16)


def test_what_a_person_is_reminded_of(client, ruth, committee, rows, django_assert_num_queries):
    old = timezone.now() - timedelta(days=40)
    for n in range(rows):
        Draft.objects.create(owner=committee[0], folder=Folder.objects.create(), started_at=old, saved_at=old)
        factories.seated(ruth, committee, title=f"Due {n}")
    page = asked(client, committee[0], reverse("reminders:own"), django_assert_num_queries, 20)
    assert page.count("is not sent yet") == rows and page.count("Your ballot on") == 4 * rows


def test_arrangements_of_a_member_and_the_coordinators_pages_of_them(client, ruth, rows, django_assert_num_queries):
    for n in range(rows):
        amara = factories.certificant(since=programme_day() - timedelta(days=1500))
        for year in range(1, rows + 1):
            factories.arranged(ruth, amara, year=str(year))
        case = factories.arrangement(amara, year="5", reason=f"Reason {n}")
    page = asked(client, amara, reverse("journals:journal"), django_assert_num_queries, 7)
    assert page.count(": a lower minimum") == rows + 1
    asked(client, amara, reverse("journals:arrangement-new"), django_assert_num_queries, 9)
    asked(client, amara, reverse("journals:arrangement", args=[case.reference]), django_assert_num_queries, 7)
    page = asked(client, ruth, reverse("admin:journals_arrangement_changelist"), django_assert_num_queries, 5)
    assert page.count("a minimum of 3 credits for year 5") == rows
    asked(client, ruth, reverse("admin:reviews_reviewcase_change", args=[case.pk]), django_assert_num_queries, 10)


def test_the_papers_of_a_journal(client, ruth, committee, rows, django_assert_num_queries):
    amara = factories.certificant()
    for n in range(rows):
        factories.decided(ruth, committee, owner=amara, title=f"Uploaded {n}")
        journals.post_upload(journals.prepare_upload(key=f"run {n}", due_on=programme_day()))
    stated = amara.statements.latest("pk")
    asked(client, amara, reverse("journals:statements"), django_assert_num_queries, 6)
    page = asked(client, amara, reverse("journals:statement", args=[stated.pk]), django_assert_num_queries, 7)
    assert f"Uploaded {rows - 1}" in page
    for_coordinators = reverse("admin:journals_upload_statement", args=[stated.upload_id, stated.period_id])
    asked(client, ruth, for_coordinators, django_assert_num_queries, 9)


def test_the_plan_of_a_member_and_their_deadlines(client, ruth, committee, rows, django_assert_num_queries):
    amara, path = factories.certificant(), reverse("plan:plan")
    feed = reverse("plan:deadlines", args=[journals.open_feed(by=amara).key])
    planned = {}
    for n in range(rows):
        factories.decided(ruth, committee, owner=amara, title=f"Decided {n}", hours="2")
        factories.claim(amara, about="instruction", regular="yes", first_taught_on=programme_day(), title=f"Course {n}")
        factories.draft(amara)
        factories.occurrence(factories.offering(title=f"Dated {n}", minutes=0), days=20 + n)
        factories.offering(title=f"Always {n}", delivery=Delivery.ON_DEMAND)
        small = {"credits": 1, "minutes": 60}
        run = factories.occurrence(factories.offering(**small), days=9)
        course = factories.offering(delivery=Delivery.ON_DEMAND, **small)
        planned |= {f"listed-{2 * n}": f"run-{run.pk}", f"day-{2 * n + 1}": programme_day().isoformat()}
        planned |= {f"listed-{2 * n + 1}": f"course-{course.pk}"}
    shown = asked(client, amara, path, django_assert_num_queries, 14)
    assert shown.count(">Dated ") == shown.count(">Always ") == rows
    typed = {"activity-7": "conference", "day-7": "2027-01-09", "hours-7": "8", "event-7": "Decided 0"}
    shown = asked(client, amara, f"{path}?{urlencode({**planned, **typed})}", django_assert_num_queries, 18)
    assert shown.count("Take it out") == rows * 2 + 1
    assert asked(client, amara, feed, django_assert_num_queries, 11).count("SUMMARY:Not sent yet") == rows


def test_claims_of_a_member(client, rows, django_assert_num_queries):
    amara = factories.certificant()
    for n in range(rows):
        factories.claim(amara, title=f"Claim {n}")
    page = asked(client, amara, reverse("cecs:list"), django_assert_num_queries, 7)
    assert page.count("Claim ") >= rows


def test_what_rosters_offer_and_the_short_form(client, ruth, rows, django_assert_num_queries):
    amara = factories.certificant()
    offering = with_sessions(factories.offering(), *[(1, f"{9 + n:02}:00", f"{10 + n:02}:00") for n in range(rows + 1)])
    for n in range(rows + 1):
        attendees.told(factories.occurrence(offering, days=-5 - n), amara)
        factories.occurrence(offering, days=5 + n)
        case = attendees.coded_claim(on=factories.occurrence(offering, days=-20 - n))
    page = asked(client, amara, reverse("home:dashboard"), django_assert_num_queries, 9)
    assert page.count("Accept this credit") == rows + 1
    asked(client, amara, reverse("cecs:list"), django_assert_num_queries, 6)
    asked(client, amara, reverse("claim:code", args=[offering.code]), django_assert_num_queries, 7)
    draft = attendees.coded_draft(amara, offering)
    asked(client, amara, reverse("cecs:coded", args=[draft.pk]), django_assert_num_queries, 11)
    asked(client, ruth, reverse("admin:reviews_reviewcase_change", args=[case.pk]), django_assert_num_queries, 12)
    path = f"{reverse('admin:reviews_reviewcase_changelist')}?code=open"
    assert asked(client, ruth, path, django_assert_num_queries, 5).count("CEC-") >= rows


def test_claim_form_and_status(client, rows, django_assert_num_queries):
    amara = factories.certificant()
    draft = factories.draft(amara)
    for n in range(rows - 1):
        factories.cecs.add_files(draft=draft, uploads=[factories.pdf(extra=b"%d" % n)], by=amara)
    asked(client, amara, reverse("cecs:draft", args=[draft.pk]), django_assert_num_queries, 10)
    case = factories.claim(amara)
    asked(client, amara, reverse("cecs:case", args=[case.reference]), django_assert_num_queries, 10)


def test_desk_and_ballot_of_a_member(client, ruth, committee, rows, django_assert_num_queries):
    for n in range(rows):
        case = factories.seated(ruth, committee, title=f"Case {n}")
        factories.vote(case, committee[0])
    for n in range(rows):
        case = factories.seated(ruth, committee, title=f"Waiting {n}")
    page = asked(client, committee[1], reverse("reviews:desk"), django_assert_num_queries, 8)
    assert page.count("Waiting ") == rows
    factories.reviews.declare(
        factories.Seat.objects.get(panel__case=case, member=committee[1]).pk, conflict=False, by=committee[1]
    )
    path = reverse("reviews:case", args=[case.reference])
    assert "Your ballot" in asked(client, committee[1], path, django_assert_num_queries, 11)
    client.force_login(committee[1])
    key = client.get(path).context["form"]["submit_key"].value()
    with django_assert_num_queries(14):  # two of them open and close the test’s savepoint
        assert client.post(path, {"submit_key": key, "revision": 1, "choice": "approve"}).status_code == 302


def test_saving_a_draft(client, django_assert_num_queries):
    amara = factories.certificant()
    draft = factories.draft(amara)
    client.force_login(amara)
    path = reverse("cecs:draft", args=[draft.pk])
    data = factories.draft_data(learned=str(uuid.uuid4()))
    with django_assert_num_queries(13):  # two of them open and close the test’s savepoint
        assert client.post(path, {**data, "version": draft.version}, HTTP_HX_REQUEST="true").status_code == 200


def test_the_coordinators_pages(client, ruth, committee, rows, django_assert_num_queries):
    for n in range(rows):
        factories.claim(title=f"To screen {n}")
        factories.decided(ruth, committee, title=f"Decided {n}")
        case = factories.voted(ruth, committee, title=f"Ready {n}")
    page = asked(client, ruth, reverse("admin:index"), django_assert_num_queries, 7)
    assert page.count("To screen ") == rows
    page = asked(client, ruth, reverse("admin:reviews_reviewcase_changelist"), django_assert_num_queries, 5)
    assert page.count(">Ready ") == rows
    with django_assert_num_queries(6):
        assert client.get(reverse("admin:reviews_reviewcase_export", args=["xlsx"])).status_code == 200
    asked(client, ruth, reverse("admin:reviews_reviewcase_change", args=[case.pk]), django_assert_num_queries, 12)
    asked(client, ruth, reverse("admin:journals_upload_run"), django_assert_num_queries, 13)
    asked(client, ruth, reverse("admin:journals_upload_changelist"), django_assert_num_queries, 7)
    asked(client, ruth, reverse("admin:outbox_message_changelist"), django_assert_num_queries, 6)
    letter = Message.objects.get(about=case.reference, template="cec-receipt")
    asked(client, ruth, reverse("admin:outbox_message_change", args=[letter.pk]), django_assert_num_queries, 8)


def test_a_letter_template_and_its_earlier_words(client, ruth, rows, django_assert_num_queries):
    row = LetterTemplate.objects.get(key="cec-denied")
    for n in range(rows):
        row = outbox.edit_template(row.pk, subject=f"Wording {n}", body=row.body, seen=row.fingerprint, by=ruth)
    asked(client, ruth, reverse("admin:outbox_lettertemplate_changelist"), django_assert_num_queries, 6)
    path = reverse("admin:outbox_lettertemplate_change", args=[row.pk])
    assert asked(client, ruth, path, django_assert_num_queries, 5).count("when Ruth changed them") == rows


def test_what_goes_out_in_the_next_days(client, ruth, committee, rows, django_assert_num_queries):
    since = programme_day() - timedelta(days=200)
    for n in range(rows):
        owner, at = factories.certificant(since=since), timezone.now() - timedelta(days=10)
        factories.seated(ruth, committee, owner=owner, title=f"Case {n}", at=at)
    page = asked(client, ruth, reverse("admin:outbox_message_coming"), django_assert_num_queries, 25)
    assert page.count("Your ballot on") >= rows * 3


def test_the_coordinators_pages_about_journals(client, ruth, committee, rows, django_assert_num_queries):
    for n in range(rows):
        factories.decided(ruth, committee, title=f"Decided {n}")
        ScheduleRow.objects.create(**schedule_row(n))
    upload = journals.post_upload(journals.prepare_upload(key="run", due_on=programme_day()))
    for n in range(rows):
        factories.decided(ruth, committee, title=f"Waiting {n}")
    entry = Entry.objects.waiting().first()
    asked(client, ruth, reverse("admin:journals_upload_run"), django_assert_num_queries, 13)
    page = asked(client, ruth, reverse("admin:journals_entry_changelist"), django_assert_num_queries, 6)
    assert page.count("Decided ") == page.count("Waiting ") == rows
    asked(client, ruth, reverse("admin:journals_entry_change", args=[entry.pk]), django_assert_num_queries, 7)
    asked(client, ruth, reverse("admin:journals_entry_take_back", args=[entry.pk]), django_assert_num_queries, 13)
    page = asked(client, ruth, reverse("admin:journals_upload_change", args=[upload.pk]), django_assert_num_queries, 10)
    assert page.count('<th scope="row">') == rows
    asked(client, ruth, reverse("admin:journals_upload_reconcile"), django_assert_num_queries, 12)
    asked(client, ruth, reverse("admin:journals_schedulerow_changelist"), django_assert_num_queries, 6)
    last = ScheduleRow.objects.latest("effective_from")
    asked(client, ruth, reverse("admin:journals_schedulerow_change", args=[last.pk]), django_assert_num_queries, 6)
    asked(client, ruth, reverse("admin:journals_schedulerow_withdraw", args=[last.pk]), django_assert_num_queries, 13)
    client.logout()
    client.get("/rules/")
    # One for each kind of row: policy, schedule, areas, timetable, fees, criteria, windows.
    with django_assert_num_queries(7):
        assert client.get("/rules/").content.count(b"instead of") == rows


def test_bills_of_a_person_and_the_coordinators_pages_of_them(client, ruth, rows, django_assert_num_queries):
    amara = factories.PersonFactory()
    for n in range(rows):
        bill = factories.billed(amara, about=f"APP-2026-{n:04d}")
        factories.paid(factories.billed(amara, about=f"APP-2025-{n:04d}"), ruth)
    page = asked(client, amara, reverse("fees:bills"), django_assert_num_queries, 5)
    assert page.count("APP-") == rows * 2
    asked(client, amara, reverse("fees:bill", args=[bill.number]), django_assert_num_queries, 6)
    page = asked(client, amara, reverse("home:dashboard"), django_assert_num_queries, 8)
    assert page.count("This fee is due.") == rows
    page = asked(client, ruth, reverse("admin:fees_bill_changelist"), django_assert_num_queries, 5)
    assert page.count("APP-") == rows * 2
    asked(client, ruth, reverse("admin:fees_bill_change", args=[bill.pk]), django_assert_num_queries, 5)
    with django_assert_num_queries(5):
        assert client.get(reverse("admin:fees_bill_export", args=["csv"])).getvalue().count(b"APP-") == rows * 2
    asked(client, ruth, reverse("admin:fees_feerow_changelist"), django_assert_num_queries, 5)


def test_the_directory_and_what_it_leads_to(client, ruth, django_assert_num_queries, rows):
    """One query for the rows, whatever is asked, and no counting of the rest."""
    for n in range(rows * 9):
        amara = factories.listed(factories.certificant(name=f"Amara {n}"), show_country=True)
    number = factories.certification_of(amara).number
    for path in ("/directory/", "/directory/?q=amarra", "/directory/?country=NL&level=CERP", f"/directory/?q={number}"):
        with django_assert_num_queries(1):
            assert client.get(path).content.count(b'class="when"') == (1 if number in path else min(rows * 9, 25))
    with django_assert_num_queries(1):
        assert client.get(f"/verify/{number}/").status_code == 200
    asked(client, amara, reverse("certifications:own"), django_assert_num_queries, 5)
    asked(client, ruth, reverse("admin:certifications_certification_changelist"), django_assert_num_queries, 5)
    with django_assert_num_queries(5):
        response = client.get(reverse("admin:certifications_certification_export", args=["csv"]))
        assert response.getvalue().count(b"CERP-") == rows * 9
    held = factories.certification_of(amara)
    page = reverse("admin:certifications_certification_change", args=[held.pk])
    asked(client, ruth, page, django_assert_num_queries, 7)


def schedule_row(n: int) -> dict:
    return {
        "activity": "conference",
        "category": 3,
        "measure": "hours",
        "rate": 3 + n,
        "unit": "hours",
        "pre_approvable": True,
        "effective_from": programme_day() + timedelta(days=40 + n),
    }


@pytest.mark.parametrize(("path", "count"), [("/", 2), ("/rules/", 7), ("/verify/", 0), ("/healthz", 0)])
def test_public_pages(client, path, count, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(count):
        assert client.get(path).status_code == 200


def test_what_a_college_and_the_coordinator_see_of_graduates(client, ruth, rows, django_assert_num_queries):
    robert = factories.PersonFactory()
    college = factories.partner(contact=robert)
    for n in range(rows):
        factories.asked_of(college, name=f"Robin {n}")
        chloe = factories.asked_of(college, name=f"Kim {n}")
        partners.enter_answer(graduate_id=chloe.pk, state="yes", reason="They rang.", by=ruth)
    page = asked(client, robert, reverse("applications:partner"), django_assert_num_queries, 7)
    assert page.count("</a></h3>") == rows * 2
    asked(client, robert, reverse("applications:partner-graduate", args=[chloe.pk]), django_assert_num_queries, 6)
    page = asked(client, robert, reverse("home:dashboard"), django_assert_num_queries, 8)
    assert "to confirm" in page
    waiting = list(college.programmes.get().graduates.unanswered().values_list("pk", flat=True))
    with django_assert_num_queries(5):
        shown = client.post(reverse("applications:partner-together"), {"graduates": waiting})
    assert shown.content.decode().count("Robin ") == rows
    page = asked(client, ruth, reverse("admin:applications_graduate_changelist"), django_assert_num_queries, 6)
    assert page.count("Robin ") == page.count("Kim ") == rows
    asked(client, ruth, reverse("admin:applications_graduate_change", args=[chloe.pk]), django_assert_num_queries, 5)
    with django_assert_num_queries(6):
        sheet = client.get(reverse("admin:applications_graduate_export", args=["csv"]))
        assert sheet.getvalue().count(b"Robin ") == rows
    for n in range(rows):
        factories.partner(f"College {n}")
    page = asked(client, ruth, reverse("admin:applications_partner_changelist"), django_assert_num_queries, 5)
    assert page.count(">College ") == rows
    asked(client, ruth, reverse("admin:applications_programme_changelist"), django_assert_num_queries, 5)
    asked(client, ruth, reverse("admin:accounts_agreement_changelist"), django_assert_num_queries, 5)
    client.logout()
    chloe.token_hash = partners.key_of("a key")
    chloe.save()
    with django_assert_num_queries(1):
        assert client.get(reverse("applications:partner-link", args=["a key"])).status_code == 200


DOORS = [
    ("/applications/new/cerp/", 3),
    ("/applications/new/cerpit/", 3),
    ("/applications/new/upgrade/", 3),
    ("/applications/new/partner/", 2),
    ("/applications/new/cerp/checklist/", 2),
    ("/applications/self-check/?biological=15&months-1=60&percent-1=100", 1),
]


@pytest.mark.parametrize(("path", "count"), DOORS)
def test_what_is_said_before_an_application(client, path, count, rows, django_assert_num_queries):
    """One for each kind of row, however many partners and windows there are."""
    for n in range(rows):
        partner = Partner.objects.create(name=f"College {n}", fee_covered=True)
        Programme.objects.create(partner=partner, name="Restoration")
        Window.objects.create(closes_on=programme_day() + timedelta(days=n), decided_by=date(2199, 1, 1))
    client.get(path)
    with django_assert_num_queries(count):
        assert client.get(path).status_code == 200


def test_the_door_of_somebody_signed_in(client, rows, django_assert_num_queries):
    amara = factories.PersonFactory()
    for _ in range(rows):
        application = factories.application("cerpit", amara)
        reviews.withdraw(application.case_id, by=amara)
    page = asked(client, amara, reverse("applications:new", args=["cerp"]), django_assert_num_queries, 9)
    assert "Start the application" in page


def test_criteria_and_windows_of_the_coordinator(client, ruth, rows, django_assert_num_queries):
    for n in range(rows):
        day = programme_day() + timedelta(days=n + 1)
        Window.objects.create(closes_on=day, decided_by=day + timedelta(days=60))
        Criteria.objects.create(effective_from=day, months=61 + n)
    filed = [factories.application("cerp") for _ in range(rows)]
    page = asked(client, ruth, reverse("admin:applications_window_changelist"), django_assert_num_queries, 5)
    assert f'<td class="field-filed">{rows}</td>' in page
    window = filed[0].window
    path = reverse("admin:applications_window_change", args=[window.pk])
    asked(client, ruth, path, django_assert_num_queries, 5)
    typed = {
        "closes_on": str(window.closes_on),
        "decided_by": str(window.decided_by + timedelta(days=7)),
        "reason": "A long meeting.",
    }
    with django_assert_num_queries(6):
        assert client.post(path, typed).content.count(b"/admin/reviews/reviewcase/") == rows
    asked(client, ruth, reverse("admin:applications_criteria_changelist"), django_assert_num_queries, 5)


def test_references_of_an_applicant_and_their_answers(client, rows, django_assert_num_queries):
    draft = factories.application_draft()
    for n in range(rows):
        made = factories.referred(draft, f"Referee{n} Kamau")
    listed = asked(
        client, draft.owner, reverse("applications:references", args=[draft.pk]), django_assert_num_queries, 9
    )
    assert listed.count("Answered on") == rows
    one = reverse("applications:reference", args=[draft.pk, made.pk])
    asked(client, draft.owner, one, django_assert_num_queries, 7)
    with django_assert_num_queries(1):
        assert len(references.answers_of(draft)) == rows
    with django_assert_num_queries(2):
        references.flags_of(draft)


def test_the_page_of_a_referee(client, django_assert_num_queries):
    made = factories.invited(factories.application_draft())
    page = reverse("references:link", args=[factories.token_of(made)])
    with django_assert_num_queries(1):
        client.get(page)
    client.post(page, {"open": "1"})
    with django_assert_num_queries(2):
        client.get(reverse("references:form"))


def test_the_coordinators_pages_of_applications(client, ruth, rows, django_assert_num_queries):
    for _n in range(rows):
        made = factories.application("cerp")
        factories.reference_in(made)
        factories.graduate(factories.application("partner"))
    address = reverse("admin:applications_application_changelist")
    page = asked(client, ruth, address, django_assert_num_queries, 10)
    assert page.count("1 of 2 references are in.") == rows
    asked(client, ruth, f"{address}?missing=something&window={made.window_id}", django_assert_num_queries, 10)
    with django_assert_num_queries(14):  # the page of the list is read before its table
        table = client.get(reverse("admin:applications_application_export", args=["csv"])).getvalue()
    assert table.count(b"1 of 2 references are in.") == rows
    for name in ("Ana Souza", "Li Na")[: rows - 1]:
        factories.reference_in(made, name)
    page = reverse("admin:applications_application_change", args=[made.pk])
    asked(client, ruth, page, django_assert_num_queries, 8)
    asked(client, ruth, reverse("admin:reviews_reviewcase_change", args=[made.pk]), django_assert_num_queries, 20)
    paper = reverse("admin:applications_application_paper", args=[made.pk, "application"])
    asked_paper(client, paper, django_assert_num_queries, 9)
    client.force_login(made.case.filed_by)
    asked_paper(client, reverse("applications:paper", args=[made.case.reference]), django_assert_num_queries, 7)


def asked_paper(client, path, assert_num, count):
    client.get(path)
    with assert_num(count):
        assert client.get(path)["Content-Type"] == "application/pdf"


def test_the_coordinators_figures(client, ruth, committee, rows, django_assert_num_queries):
    """The same for one case of each sort, in one country, as for three in three."""
    since = programme_day() - timedelta(days=330)
    for n in range(rows):
        amara = factories.certificant(since=since, country=("NL", "KE", "FR")[n])
        factories.decided(ruth, committee, owner=amara, hours="2", title=f"Decided {n}")
        factories.claim(amara, title=f"Waiting {n}")
        factories.arranged(ruth, factories.certificant(since=since), year="1", credits="4")
    journals.post_upload(journals.prepare_upload(key="run", due_on=programme_day()))
    counts = {"people": 7, "short": 15, "credits": 7, "waiting": 7, "courses": 7}
    for key, count in counts.items():
        page = asked(client, ruth, reverse(f"admin:figures_{key}"), django_assert_num_queries, count)
        assert key != "short" or page.count("4 short.") == 2 * rows


def test_everything_of_a_person(client, ruth, committee, rows, django_assert_num_queries):
    amara = factories.certificant(level=factories.Level.CERPIT)
    for n in range(rows):
        factories.decided(ruth, committee, owner=amara, title=f"Decided {n}")
        factories.draft(amara)
        factories.billed(amara, about=f"APP-2025-{n:04d}")
    factories.application("upgrade", owner=amara)
    page = asked(
        client, ruth, reverse("admin:accounts_user_everything", args=[amara.pk]), django_assert_num_queries, 19
    )
    assert page.count("A claim of credits") == rows and page.count("Decided ") == rows * 2


def test_pages_of_an_application_that_is_prepared(client, rows, django_assert_num_queries):
    draft = factories.prepared()
    for n in range(rows - 1):
        given = {"draft_id": draft.pk, "owner": draft.owner, "listed": "course", "row_id": uuid.uuid4()}
        data = {"title": f"Course {n}", "credits": "3"}
        factories.application_drafts.save_row(**given, data=data, seen=factories.Seen(0))
        upload = factories.pdf(extra=b"%d" % n)
        factories.application_drafts.add_files(draft=draft, uploads=[upload], purpose="transcript", by=draft.owner)
    row = draft.rows.filter(listed="course").first()
    pages = {"": 11, "person/": 10, "courses/": 10, f"courses/{row.pk}/": 11, "documents/": 10, "check/": 12}
    for page, queries in pages.items():
        path = reverse("applications:draft", args=[draft.pk]) + page
        asked(client, draft.owner, path, django_assert_num_queries, queries)


def test_saving_a_section_and_a_row_of_an_application(client, rows, django_assert_num_queries):
    draft = factories.prepared()
    for n in range(rows - 1):
        given = {"draft_id": draft.pk, "owner": draft.owner, "listed": "course", "row_id": uuid.uuid4()}
        factories.application_drafts.save_row(**given, data={"title": f"Course {n}"}, seen=factories.Seen(0))
    client.force_login(draft.owner)
    row = draft.rows.filter(listed="course").first()
    base = reverse("applications:draft", args=[draft.pk])
    section = draft.sections.get(section="person")
    saves = {
        "person/": (15, {**section.data, "version": section.version, "statement": "Marshes."}),
        f"courses/{row.pk}/": (16, {**row.data, "version": row.version, "grade": "8"}),
    }
    for path, (queries, posted) in saves.items():
        with django_assert_num_queries(queries):  # two of them open and close the test’s savepoint
            assert client.post(base + path, posted, headers={"hx-request": "true"}).status_code == 200


def test_own_applications(client, rows, django_assert_num_queries):
    amara = factories.PersonFactory()
    for kind in ("cerp", "cerpit", "partner")[:rows]:
        factories.application(kind, owner=amara)
    asked(client, amara, reverse("applications:list"), django_assert_num_queries, 6)


def test_the_list_and_the_calendar_of_courses(client, rows, django_assert_num_queries):
    """Four for anybody, whatever is asked, once somebody has looked since the last change; one for who still has it."""
    for n in range(rows * 9):
        one = factories.offering(title=f"Course {n}")
        factories.occurrence(one, days=1 + n % 3, country="KE")
    shown = min(rows * 9, 25)
    pages = [
        ("/courses/", 4, '<p class="when">', shown),
        ("/courses/?q=courze&country=KE&credits=5&sort=title", 4, '<p class="when">', shown),
        ("/courses/?q=volcano&country=KE&approved=on", 4, '<p class="when">', 0),
        (f"/courses/{one.pk}/", 5, '<p class="when">', 1),
        ("/courses/feed.xml", 3, "<entry>", rows * 9),
        ("/calendar/?view=list", 3, '<p class="when">', rows * 9),
        ("/calendar/", 3, 'scope="col"', 7),
        ("/calendar.ics?country=KE", 3, "BEGIN:VEVENT", rows * 9),
        (f"/courses/{one.pk}.ics", 2, "BEGIN:VEVENT", 1),
    ]
    for path, queries, told, count in pages:
        client.get(path)
        with django_assert_num_queries(queries):
            page = client.get(path)
        assert page.content.decode().count(told) == count, path
        with django_assert_num_queries(1):
            assert client.get(path, headers={"If-None-Match": page["ETag"]}).status_code == 304


def test_pages_of_a_sponsor_and_its_kit(client, ruth, rows, django_assert_num_queries):
    marisol = factories.PersonFactory()
    delta = factories.sponsor(marisol)
    offering = factories.offering(delta)
    for n in range(rows):
        factories.preapproval(marisol, delta)
        factories.offering(delta, title=f"Offered {n}")
        email = f"person{n}@delta.example"
        contacts.invite(sponsor_id=delta.pk, email=email, role=ContactRole.EDITOR, by=marisol)
        run = factories.occurrence(offering, days=n - 20)
    for n in range(rows):
        Attendance.objects.create(occurrence=run, name=f"Attended {n}", email=f"a{n}@b.example", minutes=200 + n)
    pages = {
        "sponsor": (delta, 11, 9),
        "offering": (offering, 9, 8),
        "kit": (offering, 6, 6),
        "logo": (offering, 6, 6),
    }
    for name, (one, own, coordinators) in {**pages, "confirmations": (run, 10, 10)}.items():
        path = reverse(f"preapprovals:{name}", args=[one.pk])
        for person, count in ((marisol, own), (ruth, coordinators)):
            page = asked(client, person, path, django_assert_num_queries, count)
    assert page.count("Attended ") == rows * 2
    path = reverse("preapprovals:confirmations-archive", args=[run.pk])
    with django_assert_num_queries(8):
        assert len(b"".join(client.get(path).streaming_content)) > 20_000 * rows


def test_questions_to_a_whole_committee(client, ruth, committee, rows, django_assert_num_queries):
    """The desk, the question and the case with one and with three of them."""
    teachers = [factories.other_teacher(name=f"Teacher {n}") for n in range(rows)]
    case = reviews.screen(factories.preapproval(teacher=teachers).pk, by=ruth)
    for number in range(1, rows + 1):
        factories.answer_question(case, committee[0], number=number)
        factories.answer_question(case, committee[1], "no", reason="No proof.", number=number)
    page = asked(client, committee[2], reverse("reviews:desk"), django_assert_num_queries, 8)
    assert page.count("First: do you have a conflict") == rows
    voter = case.polls.get(number=1).voters.get(member=committee[2])
    reviews.declare_on(voter.pk, conflict=False, by=committee[2])
    path = reverse("reviews:question", args=[case.reference, 1])
    assert "Your vote" in asked(client, committee[2], path, django_assert_num_queries, 8)
    page = asked(
        client, ruth, reverse("admin:reviews_reviewcase_change", args=[case.pk]), django_assert_num_queries, 16
    )
    assert page.count("have answered. The committee counts") == rows


def grown(rows: int):
    """A draft of a request with ``rows`` instructors, dates, files and lines of its agenda."""
    content = factories.preapproval_content()
    lines = {}
    for n in range(rows):
        times = {f"from-{n}": f"{9 + n}:00", f"to-{n}": f"{10 + n}:00", f"what-{n}": f"Session {n}"}
        lines |= {**times, f"day-{n}": "1", f"item-{n}": "teach"}
    teacher, day = {**content["teacher"][0], "ser_number": "CERP-0042"}, content["date"][0]
    return factories.request_draft(teacher=[teacher] * rows, date=[day] * rows, agenda=lines)


def test_pages_of_a_request_that_is_prepared(client, rows, django_assert_num_queries):
    draft = grown(rows)
    row = draft.rows.filter(listed="teacher").first()
    pages = {"": 12, "sponsor/": 12, "offering/": 12, "agenda/": 12, "teachers/": 12, f"teachers/{row.pk}/": 13}
    for page, queries in {**pages, "check/": 13}.items():
        path = reverse("preapprovals:draft", args=[draft.pk]) + page
        asked(client, draft.owner, path, django_assert_num_queries, queries)


def test_saving_the_agenda_of_a_request(client, rows, django_assert_num_queries):
    draft = grown(rows)
    client.force_login(draft.owner)
    section = draft.sections.get(section="agenda")
    path = reverse("preapprovals:section", args=[draft.pk, "agenda"])
    with django_assert_num_queries(19):  # two of them open and close the test’s savepoint
        posted = {**section.data, "version": section.version, "to-0": "09:45"}
        assert client.post(path, posted, headers={"hx-request": "true"}).status_code == 200


def test_own_requests(client, rows, django_assert_num_queries):
    amara = factories.PersonFactory()
    delta = factories.sponsor(amara)
    for _n in range(rows):
        factories.preapproval(amara, delta)
        factories.offering(delta)
        factories.request_draft(amara)
    asked(client, amara, reverse("preapprovals:list"), django_assert_num_queries, 9)
    page = asked(client, amara, reverse("preapprovals:new"), django_assert_num_queries, 7)
    assert page.count('name="like"') == rows
    client.logout()
    with django_assert_num_queries(2):
        client.get(reverse("preapprovals:new"))


def test_the_page_of_an_appeal(client, ruth, rows, django_assert_num_queries):
    offering = factories.offering()
    for n in range(rows):
        factories.contact(offering.sponsor, f"{n}@delta.example", ContactRole.EDITOR, person=factories.PersonFactory())
        factories.member(Committee.APPEALS)
    amara = offering.sponsor.contacts.latest("pk").person
    case = reviews.screen(factories.appeal(ruth, offering).pk, by=ruth)
    for voter in case.polls.get().voters.all()[: rows // 2 + 1]:
        factories.answer_question(case, voter.member)
    case.refresh_from_db()
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)
    page = asked(client, amara, reverse("appeals:case", args=[case.reference]), django_assert_num_queries, 7)
    assert "The termination is overturned." in page
    path = f"{reverse('admin:reviews_reviewcase_changelist')}?question=stuck&kind=appeal&state__exact=approved"
    asked(client, ruth, path, django_assert_num_queries, 5)


def test_what_a_sponsor_owes_costs_its_contacts_one_query(client, ruth, rows, django_assert_num_queries):
    anna = factories.PersonFactory()
    offering = factories.offering(factories.sponsor(anna))
    for n in range(rows):
        factories.occurrence(offering, days=-10 - n)
        given = {"asked_until": programme_day() + timedelta(days=9), "note": "All of it.", "by": ruth}
        visiting.ask_records(offering_id=factories.offering(offering.sponsor).pk, **given)
    page = asked(client, anna, reverse("home:dashboard"), django_assert_num_queries, 8)
    assert page.count("Confirm completion") == page.count("Send the records") == rows
    path = reverse("preapprovals:sponsor", args=[offering.sponsor_id])
    assert asked(client, anna, path, django_assert_num_queries, 11).count("Confirm completion") == rows


def test_the_coordinators_pages_of_offerings(client, ruth, committee, rows, django_assert_num_queries):
    of = factories.sponsor()
    last = programme_day() + timedelta(days=20)
    for n in range(rows):
        one = factories.offering(of, title=f"Course {n}", valid_from=last - timedelta(days=700), valid_to=last)
        factories.occurrence(one, days=-40)
        visiting.note_visit(offering_id=one.pk, on_day=programme_day(), note="Seen.", by=ruth)
        factories.preapproved(ruth, committee, of=of)
    for _n in range(rows - 1):
        factories.occurrence(one)
        visiting.note_visit(offering_id=one.pk, on_day=programme_day(), note="Seen.", by=ruth)
    address = reverse("admin:preapprovals_offering_changelist")
    page = asked(client, ruth, f"{address}?expires=30&owed=confirm", django_assert_num_queries, 5)
    assert page.count(">Course ") == rows
    asked(client, ruth, reverse("admin:preapprovals_offering_change", args=[one.pk]), django_assert_num_queries, 12)
    asked(client, ruth, reverse("admin:preapprovals_sponsor_changelist"), django_assert_num_queries, 5)
    asked(client, ruth, reverse("admin:preapprovals_sponsor_change", args=[of.pk]), django_assert_num_queries, 13)
    asked(client, ruth, reverse("admin:preapprovals_visit_changelist"), django_assert_num_queries, 5)
    with django_assert_num_queries(5):
        table = client.get(reverse("admin:preapprovals_offering_export", args=["csv"])).getvalue()
    assert table.count(b"Course ") == rows
    keys = [one.pk for one in of.offerings.filter(title__startswith="Course")]
    with django_assert_num_queries(8):
        client.post(address, {"action": "renew_all", "_selected_action": keys})
    text = "title\tsponsor\tminutes\n" + "".join(f"Peat {n}\t{of.name}\t90\n" for n in range(rows))
    with django_assert_num_queries(8):
        client.post(reverse("admin:preapprovals_offering_import"), {"rows": text, "kind": "ser"})


def test_dates_and_lists_of_a_sponsor(client, ruth, rows, django_assert_num_queries):
    anna = factories.PersonFactory()
    offering = factories.offering(factories.sponsor(anna))
    for n in range(rows):
        run = factories.occurrence(offering, days=-10 - n)
    names = ["Wanjiru Kamau", "Jan de Boer", "Sofia Rossi"][:rows]
    lines = [f"{name},p{n}@marsh.example,6" for n, name in enumerate(names)]
    roster = factories.roster(run, *lines, *(f"Nobody {n}ara,," for n in "abc"[:rows]))
    page = asked(client, anna, reverse("preapprovals:dates", args=[offering.pk]), django_assert_num_queries, 6)
    assert page.count("Ithaca") == rows
    asked(client, anna, reverse("preapprovals:date", args=[run.pk]), django_assert_num_queries, 10)
    asked(client, anna, reverse("preapprovals:give-roster", args=[run.pk]), django_assert_num_queries, 4)
    page = asked(client, anna, reverse("preapprovals:roster", args=[roster.pk]), django_assert_num_queries, 12)
    assert page.count("<br>p") == page.count("cannot be reached") == rows
    path = reverse("preapprovals:roster-row", args=[roster.pk, 2 + rows])
    asked(client, anna, path, django_assert_num_queries, 5)
    client.post(reverse("preapprovals:roster", args=[roster.pk]), {"take": "1", "told": "on"})
    asked(client, anna, reverse("preapprovals:undo-roster", args=[roster.pk]), django_assert_num_queries, 6)
    asked(client, ruth, reverse("preapprovals:dates", args=[offering.pk]), django_assert_num_queries, 6)
    asked(client, ruth, reverse("preapprovals:date", args=[run.pk]), django_assert_num_queries, 9)
    page = asked(client, ruth, reverse("preapprovals:roster", args=[roster.pk]), django_assert_num_queries, 9)
    assert page.count("<br>p") == page.count("cannot be reached") == rows
