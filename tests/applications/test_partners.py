"""Partner programmes: the college is asked, reminded and answers, on its page or by a link (R-APP-7)."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import rules
from applications.models import Draft, Graduate, GraduateAnswer, Partner
from applications.services import drafts, gates, partner_reminders, partners
from applications.services.checking import look
from applications.services.filing import file_application
from applications.services.replying import begin_reply, send_reply
from applications.states import Via
from serportal.drafts.services import Seen
from serportal.home.mail import messages_visible_to
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import Conflict, ReviewCase
from serportal.ui.refusal import Refusal
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
PAGE = reverse("applications:partner")
DAY = timedelta(days=1)


@pytest.fixture
def robert():
    return factories.PersonFactory(name="Robert Beauséjour")


@pytest.fixture
def college(robert):
    return factories.partner(contact=robert)


@pytest.fixture
def chloe(college):
    return factories.asked_of(college)


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def desk(client, ruth):
    client.force_login(ruth)
    return client


@pytest.fixture
def office(client, robert):
    client.force_login(robert)
    return client


def link_of(graduate: Graduate) -> str:
    """The path in the last letter to the college, as its reader gets it."""
    message = Message.objects.filter(template=partners.ASKED, about=graduate.application.case.reference).first()
    return reverse("applications:partner-link", args=[message.secret])


def refused(code: str, action) -> str:
    with pytest.raises(Refusal) as refusal:
        action()
    assert refusal.value.code == code
    return str(refusal.value)


def by_link(graduate: Graduate, *, yes: bool, **given) -> Graduate:
    return partners.answer(graduate_id=graduate.pk, yes=yes, via=Via.LINK, **given)


def letters(template: str) -> list[Message]:
    found = list(Message.objects.filter(template=template, state="owed").order_by("pk"))
    for message in found:
        outbox.write(message)
    return found


def withdrawn(graduate: Graduate) -> Graduate:
    case = graduate.application.case
    reviews.withdraw(case.pk, by=case.filed_by)
    return Graduate.objects.get(pk=graduate.pk)


# When a college is reminded (pure) -------------------------------------
@pytest.mark.parametrize(
    ("asked", "last", "today", "due"),
    [
        ([], None, 30, False),
        ([1], None, 7, False),
        ([1], None, 8, True),
        ([1], 8, 8, False),
        ([1], 8, 14, False),
        ([1], 8, 15, True),
        ([1], 15, 28, False),
        ([1], 15, 29, True),
        ([1], 29, 300, False),
        ([1], None, 300, True),
        ([1, 5], 8, 11, False),
        ([1, 5], 8, 12, True),
        ([1, 5], 12, 14, False),
    ],
)
def test_a_college_is_reminded_after_7_14_and_28_days(asked, last, today, due):
    """SPEC 5: each step once; the letter of one day tells of everyone who waits on it."""
    day = [date(2026, 10, 1) + timedelta(days=n) for n in range(400)]
    told = rules.reminder_due([day[n] for n in asked], last=last and day[last], today=day[today])
    assert told is due


# Asked ---------------------------------------------------------------
def test_the_college_is_asked_by_a_letter_whose_link_nobody_else_can_read(chloe):
    message = Message.objects.get(template=partners.ASKED)
    assert (message.to, message.person) == ("registrar@escarpment.example", None)
    assert chloe.token_hash and message.secret and message.secret not in str(Graduate.objects.values().get())
    assert (chloe.expires_at - chloe.asked_at).days == 60
    outbox.drain()
    sent = mail.outbox[0]
    assert sent.subject == "Did Chloé Tremblay complete Ecosystem Restoration?"
    for said in (
        "Student number: 4471902",
        "Completed on: 24\xa0April 2026",
        "names Escarpment College",
        "Dear Robert",
    ):
        assert said in sent.body
    assert f"http://127.0.0.1:8000/applications/partner/{message.secret}/" in sent.body
    assert message.secret not in str(Message.objects.values().get())


def ask_again(chloe: Graduate, **changes) -> Graduate:
    asked = {name: getattr(chloe, name) for name in ("application", "programme", "student_number", "completed_on")}
    return partners.ask_college(**{**asked, **changes})


def test_asked_twice_it_is_one_question_and_one_letter(chloe):
    by_link(chloe, yes=True)
    assert ask_again(chloe).state == "yes" and Message.objects.filter(template=partners.ASKED).count() == 1


def test_asked_about_something_else_it_is_a_new_question(client, chloe):
    before = link_of(chloe)
    by_link(chloe, yes=False, note="No such student number.")
    again = ask_again(chloe, student_number="4471903")
    assert (again.pk, again.state, again.note, again.via) == (chloe.pk, "pending", "", "")
    assert client.get(before).status_code == 404
    assert "Student number: 4471903" in letters(partners.ASKED)[0].text
    assert [one.note for one in again.answers.all()] == ["No such student number."]


def filed(college: Partner) -> Graduate:
    """An applicant who filed the form itself, and about whom the college was asked by that."""
    amara = factories.PersonFactory(name="Amara Okafor")
    draft = drafts.start(owner=amara, kind="partner", key=uuid.uuid4())
    typed = {
        "person": {"name_on_certificate": "Amara Okafor", "phone": "1", "address": "Dike 1", "country": "NL"},
        "programme": {
            "programme": str(college.programmes.get().pk),
            "student_number": "77 A",
            "completed_on": "2026-04-24",
            "consent": "on",
        },
        "agreement": {"typed_name": "Amara Okafor", "agreed": "on", "truthful": "on"},
    }
    for section, data in typed.items():
        drafts.save_section(draft_id=draft.pk, owner=amara, section=section, data=data, seen=Seen(1))
    drafts.add_files(draft=draft, uploads=[factories.pdf()], purpose="course", by=amara)
    shown = look(Draft.objects.get(pk=draft.pk)).fingerprint(None)
    case = file_application(draft_id=draft.pk, owner=amara, fee_row=None, shown=shown)
    return Graduate.objects.get(application=case.pk)


def test_filing_asks_the_college_and_its_answer_settles_the_gate(college, ruth):
    asked = filed(college)
    assert (asked.programme.partner, asked.student_number, asked.completed_on) == (college, "77 A", date(2026, 4, 24))
    assert "Student number: 77 A" in letters(partners.ASKED)[0].text
    gates.verify_course(application_id=asked.application_id, by=ruth)
    assert reviews.screen(asked.application_id, by=ruth).state == "screening"
    by_link(asked, yes=True)
    assert ReviewCase.objects.get(pk=asked.application_id).state == "ready"


def test_what_the_applicant_corrects_is_asked_anew(college, ruth):
    asked = filed(college)
    by_link(asked, yes=False, note="No such student number.")
    case = asked.application.case
    reviews.ask(case.pk, parts=["programme"], question="Is the number right?", by=ruth)
    reply = begin_reply(reference=case.reference, owner=case.filed_by)
    typed = {**asked.application.content["programme"], "student_number": "77 B"}
    drafts.save_section(draft_id=reply.pk, owner=case.filed_by, section="programme", data=typed, seen=Seen(1))
    shown = look(Draft.objects.get(pk=reply.pk)).fingerprint(None)
    send_reply(draft_id=reply.pk, owner=case.filed_by, answer="It was not.", shown=shown)
    asked.refresh_from_db()
    assert (asked.state, asked.student_number) == ("pending", "77 B")
    assert [one.note for one in asked.answers.all()] == ["No such student number."]
    assert "Student number: 77 B" in letters(partners.ASKED)[-1].text


def test_no_link_goes_to_an_applicant_who_is_the_contact(college, ruth):
    college.contact_email = "Chloe@Place.example"
    college.save()
    chloe = factories.asked_of(college, owner=factories.PersonFactory(email="chloe@place.example"))
    assert chloe.token_hash is None and not Message.objects.exists()
    refused("asks-the-applicant", lambda: partners.send_link(graduate_id=chloe.pk, by=ruth))


# Answered ------------------------------------------------------------
def test_a_confirmation_is_kept_and_told_to_the_applicant(chloe):
    by_link(chloe, yes=True)
    chloe.refresh_from_db()
    assert (chloe.state, chloe.via, chloe.answered_by) == ("yes", "link", None)
    (letter,) = letters("partner-confirmed")
    assert letter.person == chloe.application.case.filed_by
    assert "Escarpment College has confirmed that you completed Ecosystem Restoration" in letter.text
    assert Message.objects.get(template=partners.ASKED).state == "cancelled"


def test_a_denial_needs_a_reason_and_tells_the_applicant_what_to_do(chloe):
    refused("no-reason", lambda: by_link(chloe, yes=False, note=" \u200b"))
    by_link(chloe, yes=False, note="The last course is not passed yet.")
    (letter,) = letters("partner-denied")
    assert "for this reason:\n\nThe last course is not passed yet.\n\n" in letter.text
    assert "write to the college soon" in letter.text and "CERPIT application" in letter.text


def test_the_last_answer_stands_each_is_kept_and_the_same_again_is_none(chloe, robert):
    for _press in range(2):
        by_link(chloe, yes=False, note="Wrong year.")
    partners.answer(graduate_id=chloe.pk, yes=True, via=Via.PAGE, by=robert, seen="no")
    partners.answer(graduate_id=chloe.pk, yes=True, via=Via.PAGE, by=robert, seen="pending")
    kept = GraduateAnswer.objects.values_list("yes", "note", "via", "by")
    assert list(kept) == [(False, "Wrong year.", "link", None), (True, "", "page", robert.pk)]
    chloe.refresh_from_db()
    assert (chloe.state, chloe.note) == ("yes", "")
    assert len(letters("partner-confirmed")) == 1 and letters("partner-denied") == []


def test_an_answer_from_a_page_that_is_behind_is_refused(chloe):
    by_link(chloe, yes=True, seen="pending")
    said = refused("answered-meanwhile", lambda: by_link(chloe, yes=False, note="No.", seen="pending"))
    assert said.startswith("Chloé Tremblay was confirmed on ") and GraduateAnswer.objects.count() == 1


def test_no_answer_counts_once_the_application_is_over(chloe, ruth):
    withdrawn(chloe)
    said = refused("decided", lambda: by_link(chloe, yes=True))
    assert said == "The applicant has withdrawn this application, so no answer is needed any more."
    refused("decided", lambda: partners.send_link(graduate_id=chloe.pk, by=ruth))
    assert not GraduateAnswer.objects.exists()


def test_a_coordinator_enters_and_corrects_with_a_reason_unless_the_case_is_closed_to_them(chloe, ruth):
    refused("no-reason", lambda: partners.enter_answer(graduate_id=chloe.pk, state="yes", reason="", by=ruth))
    partners.enter_answer(graduate_id=chloe.pk, state="yes", reason="They rang.", by=ruth)
    partners.enter_answer(graduate_id=chloe.pk, state="no", reason="They rang again.", by=ruth)
    assert [str(one) for one in chloe.answers.all()] == ["confirmed", "denied"]
    Conflict.objects.create(case=chloe.application.case, member=ruth, declared_at=timezone.now())
    refused("closed", lambda: partners.enter_answer(graduate_id=chloe.pk, state="yes", reason="Oh.", by=ruth))
    refused("closed", lambda: partners.send_link(graduate_id=chloe.pk, by=ruth))


def test_several_are_confirmed_each_by_itself(college, robert):
    chloe, denied, over = (factories.asked_of(college, name=name) for name in ("Chloé", "Denied", "Over"))
    by_link(denied, yes=False, note="No.")
    withdrawn(over)
    ticked = Graduate.objects.of_contact(robert).select_related(*partners.ROWS).order_by("pk")
    assert [bool(line.why) for line in partners.preview_list(ticked)] == [False, True, True]
    assert GraduateAnswer.objects.count() == 1
    assert [bool(line.why) for line in partners.answer_list(ticked, by=robert)] == [False, True, True]
    assert GraduateAnswer.objects.filter(via="page", yes=True, by=robert).get().graduate == chloe


# Reminded --------------------------------------------------------------
def test_one_letter_a_college_and_day_names_everyone_who_waits(college, time_machine):
    time_machine.move_to("2026-11-02T15:00:00Z")
    chloe, sam = factories.asked_of(college), factories.asked_of(college, name="Sam www.evil.example Roy")
    other = factories.asked_of(factories.partner("Other College", contact_email="o@other.example"), name="Lea Noir")
    assert partner_reminders.remind() == 0
    time_machine.move_to("2026-11-09T15:00:00Z")
    by_link(other, yes=True)
    assert [partner_reminders.remind() for _tick in range(2)] == [1, 0]
    (letter,) = letters("partner-reminder")
    assert letter.to == "registrar@escarpment.example"
    assert "Chloé Tremblay, Ecosystem Restoration, asked on 2\xa0November 2026\nSam … Roy, Ecosystem" in letter.text
    time_machine.move_to("2026-11-16T15:00:00Z")
    by_link(sam, yes=True)
    assert partner_reminders.remind() == 1
    assert "Sam" not in letters("partner-reminder")[-1].text
    time_machine.move_to("2027-03-01T15:00:00Z")  # the beat was away: one letter tells what it missed
    assert [partner_reminders.remind() for _tick in range(2)] == [1, 0]
    withdrawn(chloe)
    time_machine.move_to("2027-03-02T15:00:00Z")
    assert partner_reminders.remind() == 0


def test_a_conflict_hides_the_letters_about_a_graduate(college, ruth, time_machine):
    time_machine.move_to("2026-11-02T15:00:00Z")
    chloe, _sam = factories.asked_of(college), factories.asked_of(college, name="Sam Roy")
    time_machine.move_to("2026-11-09T15:00:00Z")
    partner_reminders.remind()
    by_link(chloe, yes=True)
    assert messages_visible_to(ruth).count() == 4
    Conflict.objects.create(case=chloe.application.case, member=ruth, declared_at=timezone.now())
    (left,) = messages_visible_to(ruth)
    assert left.template == partners.ASKED and left.context["graduate"] == "Sam Roy"
    assert messages_visible_to(factories.coordinator()).count() == 4


# By link -------------------------------------------------------------
def test_the_link_shows_one_graduate_and_reading_it_changes_nothing(client, chloe):
    link = link_of(chloe)
    for _scan in range(2):
        response = client.get(link)
        client.head(link)
    page = text_of(response)
    assert "Did Chloé Tremblay complete this programme?" in page and "4471902" in page
    assert chloe.application.case.reference not in page and chloe.application.case.filed_by.email not in page
    assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert Graduate.objects.values().get()["state"] == "pending" and not GraduateAnswer.objects.exists()


def test_an_answer_by_link_leads_to_an_address_without_the_key(chloe):
    client = Client(enforce_csrf_checks=True)
    response = client.post(link_of(chloe), {"answer": "yes", "seen": "pending"}, headers={"origin": "null"})
    assert response.status_code == 302 and response.url == "/applications/partner/thanks/"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Chloé Tremblay is confirmed." in text_of(client.get(response.url))
    assert GraduateAnswer.objects.get().via == "link"


def test_bad_input_by_link_gets_a_sentence_and_keeps_what_was_typed(client, chloe):
    link = link_of(chloe)
    response = client.post(link, {"answer": "no", "note": " ", "seen": "pending"})
    assert response.status_code == 422 and "Say why you cannot confirm it." in text_of(response)
    response = client.post(link, {"answer": "perhaps", "note": "Kept words", "seen": "pending"})
    assert response.status_code == 422 and "Press one of the two buttons" in text_of(response)
    assert "Kept words" in response.content.decode()
    response = client.post(link, {"answer": "no", "note": "x" * 1001, "seen": "pending"})
    assert response.status_code == 422 and "longer than 1,000 signs" in text_of(response)
    assert client.post(link, {}).status_code == 422
    assert not GraduateAnswer.objects.exists()


def test_one_link_in_two_tabs(client, chloe):
    link, yes = link_of(chloe), {"answer": "yes", "seen": "pending"}
    for _tab in range(2):
        assert client.post(link, yes).status_code == 302
    response = client.post(link, {"answer": "no", "note": "Second thoughts.", "seen": "pending"})
    assert response.status_code == 409 and "was confirmed on" in text_of(response)
    assert "Second thoughts." in response.content.decode()
    seen = re.findall(r'name="seen" value="(\w+)"', response.content.decode())
    assert set(seen) == {"yes"}
    assert client.post(link, {"answer": "no", "note": "Second thoughts.", "seen": "yes"}).status_code == 302
    assert [one.yes for one in chloe.answers.all()] == [True, False]


def test_a_link_that_has_run_out_is_renewed_to_the_stored_address_only(client, chloe, time_machine):
    old = link_of(chloe)
    time_machine.move_to(chloe.expires_at)
    response = client.get(old)
    assert response.status_code == 410 and "Chloé" not in text_of(response)
    assert client.post(old, {"answer": "yes", "seen": "pending"}).status_code == 410
    Message.objects.update(state="sent", sent_at=timezone.now())
    for _press in range(2):
        assert client.post(old, {"renew": "1"}).url == "/applications/partner/thanks/"
    (letter,) = letters(partners.ASKED)
    assert letter.to == "registrar@escarpment.example"
    assert client.get(old).status_code == 404
    assert client.get(reverse("applications:partner-link", args=[letter.secret])).status_code == 200


@pytest.mark.parametrize("token", ["x", "thank", "A" * 43, "é", "%00", "a" * 2000])
def test_a_link_that_is_not_ours_tells_nothing(client, chloe, token):
    link = reverse("applications:partner-link", args=[token])
    response = client.get(link)
    assert response.status_code == 404 and "This link does not work" in text_of(response)
    assert client.post(link, {"answer": "yes"}).status_code == 404
    assert client.post(link, {"renew": "1"}, follow=True).status_code == 200
    assert Message.objects.count() == 1


def test_a_link_that_works_is_not_renewed(client, chloe):
    client.post(link_of(chloe), {"renew": "1"})
    assert Message.objects.count() == 1 and client.get(link_of(chloe)).status_code == 200


def test_the_link_says_when_no_answer_is_needed_any_more(client, chloe):
    link = link_of(chloe)
    withdrawn(chloe)
    assert "The applicant has withdrawn" in text_of(client.get(link))
    response = client.post(link, {"answer": "yes", "seen": "pending"})
    assert response.status_code == 409 and not GraduateAnswer.objects.exists()


# The partner’s page --------------------------------------------------------
def test_the_contact_sees_their_graduates_by_programme_and_nothing_else(office, college, chloe):
    college.programmes.create(name="Land Reclamation")
    factories.asked_of(college, name="Sam Roy", programme=college.programmes.last(), student_number="")
    factories.asked_of(factories.partner("Other College"), name="Lea Noir")
    response = office.get(PAGE)
    page = text_of(response)
    assert "2 graduates wait for your answer." in page and "Lea Noir" not in page
    assert page.index("Ecosystem Restoration, Escarpment") < page.index("Chloé") < page.index("Land Recl")
    assert chloe.application.case.reference not in page and "place" not in page
    assert "2 graduates to confirm" in text_of(office.get("/dashboard/"))
    assert "Chloé" in text_of(office.get(PAGE, {"q": "44719"})) and "Sam" not in text_of(
        office.get(PAGE, {"q": "44719"})
    )
    assert "Nobody who waits for your answer is found." in text_of(office.get(PAGE, {"q": "zz"}))
    assert office.get(PAGE, {"page": "x"}).status_code == 200


def test_nobody_else_has_a_partners_page(client, chloe):
    foreign = factories.PersonFactory()
    factories.partner("Other College", contact=foreign)
    stranger = factories.PersonFactory()
    graduate = reverse("applications:partner-graduate", args=[chloe.pk])
    together = reverse("applications:partner-together")
    for person, listed in ((foreign, 200), (stranger, 404), (factories.coordinator(), 404)):
        client.force_login(person)
        assert client.get(PAGE).status_code == listed
        assert "Chloé" not in client.get(PAGE).content.decode()
        assert client.get(graduate).status_code == 404
        assert client.post(graduate, {"answer": "yes", "seen": "pending"}).status_code == 404
        response = client.post(together, {"graduates": chloe.pk, "confirm": "1"}, follow=True)
        assert "Chloé" not in response.content.decode()
    assert not GraduateAnswer.objects.exists()
    with pytest.raises(Graduate.DoesNotExist):
        partners.answer(graduate_id=chloe.pk, yes=True, via=Via.PAGE, by=foreign)


def test_a_contact_never_answers_about_themself(office, college, robert):
    own = factories.asked_of(college, owner=robert)
    assert "Nobody waits for your answer." in text_of(office.get(PAGE))
    assert office.get(reverse("applications:partner-graduate", args=[own.pk])).status_code == 404


def test_one_graduate_is_denied_and_corrected_on_the_page(office, chloe, robert):
    page = reverse("applications:partner-graduate", args=[chloe.pk])
    response = office.post(page, {"answer": "no", "note": "", "seen": "pending"})
    assert response.status_code == 422 and "Say why you cannot confirm it." in text_of(response)
    response = office.post(page, {"answer": "no", "note": "Not yet passed.", "seen": "pending"}, follow=True)
    assert "You do not confirm Chloé Tremblay." in text_of(response) and "Not yet passed." in text_of(response)
    assert "Nobody waits for your answer." in text_of(response)
    assert "Change the reason" in text_of(office.get(page))
    office.post(page, {"answer": "yes", "seen": "no"})
    shown = text_of(office.get(page))
    assert "Denied, on the partner’s page, Robert Beauséjour" in shown and "Yes, all of this is right" not in shown


def test_the_ticked_are_shown_before_they_are_confirmed(office, college):
    chloe, sam = factories.asked_of(college), factories.asked_of(college, name="Sam Roy")
    together = reverse("applications:partner-together")
    assert "Nobody is ticked." in text_of(office.post(together, follow=True))
    assert "Nobody is ticked." in text_of(office.post(together, {"graduates": ["²", "x", "9" * 30]}, follow=True))
    page = text_of(office.post(together, {"graduates": [chloe.pk, sam.pk]}))
    assert "You would confirm 2 graduates" in page and not GraduateAnswer.objects.exists()
    by_link(sam, yes=False, note="No.")
    response = office.post(together, {"graduates": [chloe.pk, sam.pk], "confirm": "1"}, follow=True)
    page = text_of(response)
    assert "One graduate is confirmed." in page and "Sam Roy: Sam Roy was denied on" in page
    page = text_of(office.post(together, {"graduates": [sam.pk]}))
    assert "Left as it is:" in page and "Confirm this graduate" not in page


# The coordinator -----------------------------------------------------------
def act(client, graduate, name, **data):
    address = reverse("admin:applications_graduate_act", args=[graduate.pk, name])
    return client.post(address, {f"{name}-{field}": value for field, value in data.items()}, follow=True)


def test_the_coordinator_enters_an_answer_and_sends_a_new_link(desk, chloe):
    page = reverse("admin:applications_graduate_change", args=[chloe.pk])
    shown = text_of(desk.get(page))
    assert "Enter the college’s answer" in shown and "The link to registrar@escarpment.example works until" in shown
    before = link_of(chloe)
    assert "A new link is on its way" in text_of(act(desk, chloe, "link"))
    assert link_of(chloe) != before and Client().get(before).status_code == 404
    response = act(desk, chloe, "answer", state="", reason="")
    assert response.status_code == 422 and "Choose what the college answered." in text_of(response)
    response = act(desk, chloe, "answer", state="no", reason="They rang.")
    assert "The answer is kept" in text_of(response) and "Denied, entered by a coordinator, Ruth Okello" in text_of(
        response
    )
    assert "Send a new link" not in text_of(response) and "Correct the answer" in text_of(response)
    withdrawn(chloe)
    assert "Correct the answer" not in text_of(desk.get(page))
    assert act(desk, chloe, "answer", state="yes", reason="Again.").status_code == 409


def test_the_list_of_graduates_is_filtered_and_taken_along(desk, college, ruth, time_machine):
    time_machine.move_to("2026-11-02T15:00:00Z")
    chloe, sam = factories.asked_of(college), factories.asked_of(college, name="Sam Roy")
    by_link(sam, yes=True)
    time_machine.move_to("2026-11-12T15:00:00Z")
    desk.force_login(ruth)
    listed = reverse("admin:applications_graduate_changelist")

    def names(**query):
        return set(re.findall(r">(Chloé|Sam)[^<]*, \w+-2026", desk.get(listed, query).content.decode()))

    assert names() == {"Chloé", "Sam"} and names(state__exact="yes") == {"Sam"} and names(q="Roy") == {"Sam"}
    assert names(unanswered="yes") == names(unanswered="7") == {"Chloé"} and names(unanswered="14") == set()
    assert names(unanswered="x") == {"Chloé", "Sam"}
    sheet = desk.get(reverse("admin:applications_graduate_export", args=["csv"])).getvalue().decode()
    assert "Chloé Tremblay,Escarpment College,Ecosystem Restoration,4471902,2026-04-24,2026-11-02" in sheet
    Conflict.objects.create(case=chloe.application.case, member=ruth, declared_at=timezone.now())
    assert names() == {"Sam"}
    page = reverse("admin:applications_graduate_change", args=[chloe.pk])
    assert desk.get(page).status_code == 404 and act(desk, chloe, "link").status_code == 404
    count = re.findall(
        r'field-waiting">(\d+)', desk.get(reverse("admin:applications_partner_changelist")).content.decode()
    )
    assert count == ["0", "0"]


def partner_form(college=None, **changes) -> dict:
    programmes = list(college.programmes.all()) if college else []
    data = {
        "name": "Tidewater University",
        "contact_name": "Registrar",
        "contact_email": "registrar@tidewater.example",
        "contact": "",
        "thanks": "",
        "active": "on",
        "programmes-TOTAL_FORMS": str(len(programmes) + 1),
        "programmes-INITIAL_FORMS": str(len(programmes)),
        f"programmes-{len(programmes)}-name": "Wetland Restoration",
        f"programmes-{len(programmes)}-active": "on",
    }
    for n, one in enumerate(programmes):
        data |= {f"programmes-{n}-id": one.pk, f"programmes-{n}-partner": college.pk, f"programmes-{n}-name": one.name}
    return {**data, **changes}


def test_partners_and_programmes_are_rows_to_edit_and_never_deleted(desk, college):
    add = reverse("admin:applications_partner_add")
    assert desk.post(add, partner_form()).status_code == 302
    made = Partner.objects.get(name="Tidewater University")
    assert made.programmes.get().name == "Wetland Restoration" and not made.fee_covered
    page = reverse("admin:applications_partner_change", args=[college.pk])
    changed = partner_form(college, name=college.name, fee_covered="on")
    assert desk.post(page, changed).status_code == 302
    college.refresh_from_db()
    assert college.fee_covered and not college.programmes.get(name="Ecosystem Restoration").active
    for model, one in (("partner", college), ("programme", college.programmes.first())):
        assert desk.get(reverse(f"admin:applications_{model}_delete", args=[one.pk])).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Escarpment College"}, "A partner of this name is here already."),
        ({"name": "\u200b"}, "Write the name"),
        ({"contact_email": "nobody"}, "This is no e-mail address."),
        ({"contact_email": ""}, "Write the address to which our questions go."),
        ({"contact_name": ""}, "Write whom our letters should address."),
    ],
)
def test_a_partner_is_refused_in_a_sentence(desk, college, changes, sentence):
    response = desk.post(reverse("admin:applications_partner_add"), partner_form(**changes))
    assert response.status_code == 200 and sentence in text_of(response) and Partner.objects.count() == 2


@pytest.mark.parametrize("active", [True, False])
def test_the_contact_is_named_by_the_address_of_an_account_that_is_open(desk, active):
    person = factories.PersonFactory(email="robert@place.example", is_active=active)
    add = reverse("admin:applications_partner_add")
    response = desk.post(add, partner_form(contact=" Robert@Place.example "))
    made = Partner.objects.filter(name="Tidewater University").first()
    if active:
        assert response.status_code == 302 and made.contact == person
        page = desk.get(reverse("admin:applications_partner_change", args=[made.pk])).content.decode()
        assert 'value="robert@place.example"' in page
    else:
        assert made is None and "Nobody has an account with this address." in text_of(response)


def test_a_contact_is_taken_back(desk, college, robert):
    page = reverse("admin:applications_partner_change", args=[college.pk])
    assert desk.post(page, partner_form(college, name=college.name)).status_code == 302
    college.refresh_from_db()
    assert college.contact is None
