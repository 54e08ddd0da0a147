"""Filing a request, once and whole; answering a question; copies and renewals (R-SPO-1, R-REV-8)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from preapprovals.models import Draft, PreapprovalRequest, Sponsor
from preapprovals.services.checking import look
from preapprovals.services.drafts import PARTS, start
from preapprovals.services.filing import file_request
from preapprovals.services.replying import begin_reply, send_reply
from serportal.accounts.models import Agreement, Signature
from serportal.drafts.services import Seen
from serportal.fees.models import Bill, FeeRow
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanjiru():
    return factories.PersonFactory(name="Wanjiru Kamau", email="wanjiru@delta.example", employer="Delta Works")


def refusal(act, **given) -> str:
    with pytest.raises(Refusal) as found:
        act(**given)
    return found.value.code


def offering(**changes) -> dict:
    return {**factories.preapproval_content()["offering"], **changes}


def test_filing_keeps_everything_in_one_piece(wanjiru):
    """R-SPO-1, R-REV-2: sponsor, request, sum, instructors, parties, signature and receipt; due after 42 days."""
    case = factories.filed(factories.request_draft(wanjiru))
    made = case.preapprovals_preapprovalrequest
    assert case.due_on == case.filed_on + timedelta(days=42) and case.amount == Decimal(6)
    assert (made.minutes, made.credits, made.sentence) == (360, Decimal(6), "6 hours = 6.")
    assert made.sponsor.name == "Delta Restoration Institute" and made.sponsor.contacts.get().person == wanjiru
    assert made.content["sponsor"]["sponsor"] == str(made.sponsor_id)
    assert made.area_names == "Physical science" and made.first_planned == made.last_planned
    assert [(one.name, one.qualification) for one in made.instructors.all()] == [("Wanjiru Kamau", "ser")]
    named = set(case.parties.values_list("role", "name"))
    assert {("submitter", "Wanjiru Kamau"), ("employer", "Delta Works")} <= named
    assert {("organiser", "Delta Restoration Institute"), ("instructor", "Wanjiru Kamau")} <= named
    assert {file.purpose.partition(":")[0] for file in case.folder.files.all()} == {"syllabus", "teacher"}
    signed = Signature.objects.get(about=case.reference)
    assert signed.agreement.purpose == "sponsors" and signed.typed_name == "Wanjiru Kamau"
    assert not Bill.objects.exists()
    assert Message.objects.get(key=f"receipt:{case.reference}").template == "preapproval-receipt"
    assert case.revisions.get().content


def test_filed_twice_is_one_request(wanjiru):
    draft = factories.request_draft(wanjiru)
    assert factories.filed(draft) == factories.filed(draft)
    assert PreapprovalRequest.objects.count() == Sponsor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_filings_at_once_are_one_request(wanjiru):
    draft = factories.request_draft(wanjiru)
    whole = look(Draft.objects.get(pk=draft.pk))
    given = {"draft_id": draft.pk, "owner": wanjiru, "shown": whole.fingerprint(None)}
    cases = at_once(lambda: file_request(**given), lambda: file_request(**given))
    assert len({case.pk for case in cases}) == 1
    assert ReviewCase.objects.count() == Sponsor.objects.count() == 1
    assert Message.objects.filter(template="preapproval-receipt").count() == 1


def test_what_changed_since_it_was_shown_is_not_filed(wanjiru):
    draft = factories.request_draft(wanjiru)
    shown = look(draft).fingerprint(None)
    given = {"draft_id": draft.pk, "owner": wanjiru, "shown": shown}
    PARTS.save_section(draft_id=draft.pk, owner=wanjiru, section="agenda", data={"style": "webinar"}, seen=Seen(2))
    assert refusal(file_request, **given) == "changed"
    PARTS.discard(draft_id=factories.request_draft(wanjiru).pk, owner=wanjiru)
    assert not ReviewCase.objects.exists() and not Sponsor.objects.exists() and Draft.objects.count() == 1


def test_new_terms_are_read_before_anything_is_filed(wanjiru):
    draft = factories.request_draft(wanjiru)
    Agreement.objects.create(purpose="sponsors", version="2", text="Other words.", effective_from=programme_day())
    whole = look(draft)
    assert [problem.code for problem in whole.problems] == ["another-agreement"]
    given = {"draft_id": draft.pk, "owner": wanjiru, "shown": whole.fingerprint(None)}
    assert refusal(file_request, **given) == "incomplete"


def test_a_fee_above_nothing_is_billed_as_it_was_shown(wanjiru):
    """R-SPO-1: it is free now; a row above zero asks for it, the one that the page showed."""
    FeeRow.objects.create(kind="preapproval", member_amount=50, other_amount=80, effective_from=programme_day())
    case = factories.filed(factories.request_draft(wanjiru))
    bill = case.preapprovals_preapprovalrequest.bill
    assert bill.amount == Decimal(80) and bill.about == case.reference


def test_a_sponsor_one_acts_for_is_no_new_one(wanjiru):
    there = factories.sponsor(wanjiru, name="Delta Restoration Institute")
    chosen = {"sponsor": {"sponsor": str(there.pk), "contact_name": "W", "contact_email": "w@delta.example"}}
    assert factories.filed(factories.request_draft(wanjiru, **chosen)).preapprovals_preapprovalrequest.sponsor == there
    renamed = {
        "sponsor": {**chosen["sponsor"], "sponsor": "new", "name": "DELTA Restoration  Institute", "kind": "ser"}
    }
    assert factories.filed(factories.request_draft(wanjiru, **renamed)).preapprovals_preapprovalrequest.sponsor == there
    foreign = factories.sponsor(name="Somebody else’s")
    typed = {"sponsor": {**chosen["sponsor"], "sponsor": str(foreign.pk)}}
    assert "invalid_choice" in [one.code for one in look(factories.request_draft(wanjiru, **typed)).problems]


def test_a_committee_member_who_teaches_or_acts_for_the_sponsor_is_taken_for_that_person(wanjiru):
    """R-REV-5: by the name or by the address."""
    teacher, address = factories.member(name="Anouk de Vries"), factories.member(email="noah@delta.example")
    rows = factories.preapproval_content()["teacher"]
    rows = [{**rows[0], "name": "anouk  DE VRIES", "ser_number": "CERP-1"}]
    rows.append({**rows[0], "name": "N. Tremblay", "email": "Noah@delta.example"})
    case = factories.filed(factories.request_draft(wanjiru, teacher=rows))
    taken = set(case.parties.filter(role="instructor").values_list("person", flat=True))
    assert taken == {teacher.pk, address.pk}


def test_what_is_on_demand_has_an_estimate_and_neither_agenda_nor_dates(wanjiru):
    """R-QUAL: what is taken at a distance says how long it takes and how attendance is verified."""
    distant = offering(delivery="on demand")
    draft = factories.request_draft(wanjiru, offering=distant)
    assert {"agenda", "dates"}.isdisjoint(PARTS.sections_of(draft))
    assert [one.field for one in look(draft).problems] == ["verification", "estimated_hours", "estimate_basis"]
    distant |= {"verification": "Ten questions.", "estimated_hours": "2.5", "estimate_basis": "Five films."}
    filed = factories.filed(factories.request_draft(wanjiru, offering=distant)).preapprovals_preapprovalrequest
    assert (filed.minutes, filed.credits, filed.first_planned) == (150, Decimal("2.5"), None)
    assert not {"agenda", "date"} & set(filed.content)


def test_a_webinar_is_one_number(wanjiru):
    webinar = {"agenda": {"style": "webinar", "minutes": "90"}}
    filed = factories.filed(factories.request_draft(wanjiru, **webinar)).preapprovals_preapprovalrequest
    assert (filed.minutes, filed.credits) == (90, Decimal("1.5"))


def line(starts, ends, what="Soils", **more) -> dict:
    return {"day-0": "1", "from-0": starts, "to-0": ends, "what-0": what, "item-0": "teach", **more}


SECOND = {"day-1": "1", "from-1": "10:00", "to-1": "12:00", "what-1": "Plants", "item-1": "teach"}


@pytest.mark.parametrize(
    ("agenda", "code"),
    [
        (line("22:00", "02:00"), "over-midnight"),
        (line("09:00", "11:00", **SECOND), "overlap"),
        (line("09:00", "09:00"), "no-minutes"),
        (line("09:00", "39:00"), "no-time"),
        (line("09:00", "9 o’clock"), "no-time"),
        (line("09:00", ""), "to-missing"),
        (line("09:00", "10:00", ""), "what-missing"),
        (line("09:00", "10:00", **{"day-0": "0"}), "no-day"),
        (line("09:00", "10:00", **{"item-0": "nap"}), "no-item"),
        (line("09:00", "09:45"), "worth-nothing"),
        (line("09:00", "12:00", **{"item-0": "break"}), "worth-nothing"),
        ({}, "no-rows"),
        ({"style": "webinar"}, "no-minutes"),
        ({"style": "webinar", "minutes": "an hour"}, "no-minutes"),
        ({"style": "webinar", "minutes": "1800000"}, "no-minutes"),
        ({"style": "webinar", "minutes": "40"}, "worth-nothing"),
    ],
)
def test_an_agenda_that_cannot_be_is_told_in_a_sentence(wanjiru, agenda, code):
    """R-MIN: overlaps, midnight, no minutes, thirty hours; under an hour of contact time brings nothing."""
    draft = factories.request_draft(wanjiru, agenda=agenda)
    found = look(draft).problems
    assert code in [problem.code for problem in found]
    assert all("{" not in problem.sentence for problem in found)


def test_a_clock_that_changes_in_the_night_adds_and_takes_nothing(wanjiru):
    row = {"first_day": "2027-03-28", "last_day": "2027-03-28", "zone": "Europe/Amsterdam", "place": "Groningen"}
    night = line("00:00", "06:00")
    filed = factories.filed(factories.request_draft(wanjiru, agenda=night, date=[row]))
    assert filed.preapprovals_preapprovalrequest.minutes == 360


def on(days: int) -> str:
    return (programme_day() + timedelta(days=days)).isoformat()


PLACE = {"zone": "Europe/Amsterdam", "place": "Groningen"}


@pytest.mark.parametrize(
    ("rows", "recurring", "code"),
    [
        ([{**PLACE, "first_day": on(9), "last_day": on(8)}], "yes", "end-before-start"),
        ([{**PLACE, "first_day": on(900)}], "yes", "too-late"),
        ([{**PLACE, "first_day": on(9)}, {**PLACE, "first_day": on(19)}], "no", "second-date"),
        ([{**PLACE, "first_day": on(9), "starts": "9"}], "yes", "one-time"),
        ([{**PLACE, "first_day": on(9), "starts": "9", "ends": "9"}], "yes", "end-before-start"),
        ([{**PLACE, "first_day": on(9), "starts": "noon", "ends": "14"}], "yes", "no-time"),
        ([{"zone": "Mars/Olympus", "place": "Here", "first_day": on(9)}], "yes", "invalid_choice"),
        ([{"zone": "Europe/Amsterdam", "first_day": on(9)}], "yes", "needed"),
        ([{**PLACE, "first_day": on(9), "url": "javascript:alert(1)"}], "yes", "no-address"),
        ([], "yes", "no-rows"),
    ],
)
def test_a_date_that_cannot_be_is_told_in_a_sentence(wanjiru, rows, recurring, code):
    draft = factories.request_draft(wanjiru, date=rows, offering=offering(recurring=recurring))
    assert code in [problem.code for problem in look(draft).problems]


def test_a_date_shorter_than_the_agenda_is_told(wanjiru):
    two_days = line("09:00", "12:00") | {"day-1": "2", "from-1": "9", "to-1": "12", "what-1": "More", "item-1": "teach"}
    draft = factories.request_draft(wanjiru, agenda=two_days)
    assert [problem.code for problem in look(draft).problems] == ["shorter-than-agenda"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": "A", "qualification": "ser"}, "ser_number"),
        ({"name": "A", "qualification": "society"}, "detail"),
        ({"name": "A", "qualification": "other"}, "detail"),
        ({"name": "A", "qualification": "employed"}, "employer"),
        ({"name": "A", "qualification": "friend", "email": "a@b.example"}, "qualification"),
        ({"name": "A", "qualification": "ser", "ser_number": "CERP-1", "email": "nobody"}, "email"),
    ],
)
def test_what_qualifies_an_instructor_is_asked(wanjiru, row, field):
    """R-INST: each basis is named."""
    draft = factories.request_draft(wanjiru, teacher=[row])
    assert [problem.field for problem in look(draft).problems] == [field]


# Two tabs ----------------------------------------------------------------
def test_a_second_tab_of_the_agenda_is_told_and_keeps_its_text(client, wanjiru):
    client.force_login(wanjiru)
    draft = factories.request_draft(wanjiru)
    page = reverse("preapprovals:section", args=[draft.pk, "agenda"])
    version = draft.sections.get(section="agenda").version
    first = client.post(page, {"version": version, **line("09:00", "10:30"), "stay": "1"})
    second = client.post(page, {"version": version, **line("14:00", "16:00", "Birds"), "stay": "1"})
    assert first.status_code == 302 and second.status_code == 409
    assert 'value="Birds"' in second.content.decode() and "Nothing of yours is lost" in second.content.decode()
    assert draft.sections.get(section="agenda").data["to-0"] == "10:30"


def test_more_lines_save_first_and_a_line_of_its_day_alone_is_none(client, wanjiru):
    client.force_login(wanjiru)
    draft = start(owner=wanjiru, key=uuid.uuid4())
    page = reverse("preapprovals:section", args=[draft.pk, "agenda"])
    typed = {"version": 1, "style": "agenda", **line("9", "11"), "day-1": "1", "item-1": "teach", "more": "14"}
    shown = client.post(page, typed, follow=True)
    assert shown.context["form"].count == 14
    assert set(draft.sections.get(section="agenda").data) == {"style", "day-0", "from-0", "to-0", "what-0", "item-0"}
    saved = client.post(page, {**typed, "version": 2, "to-0": "12", "turn": "2"}, headers={"hx-request": "true"})
    assert "3 hours of contact time." in saved.content.decode()


# Questions ---------------------------------------------------------------
def test_a_question_opens_its_parts_alone_and_the_sum_is_worked_out_anew(client, wanjiru):
    """R-REV-8, R-REV-6."""
    ruth = factories.coordinator()
    case = factories.filed(factories.request_draft(wanjiru))
    reviews.ask(case.pk, parts=["agenda"], question="When is lunch?", by=ruth)
    draft = begin_reply(reference=case.reference, owner=wanjiru)
    assert PARTS.sections_of(draft) == ("agenda",)
    given = {"draft_id": draft.pk, "owner": wanjiru}
    assert refusal(PARTS.save_section, **given, section="offering", data={}, seen=Seen(1)) == "not-asked"
    PARTS.save_section(**given, section="agenda", data=line("09:00", "12:00"), seen=Seen(1))
    client.force_login(wanjiru)
    page = client.get(reverse("preapprovals:check", args=[draft.pk]))
    assert page.context["missing"] == []
    sent = client.post(
        reverse("preapprovals:check", args=[draft.pk]),
        {"shown": page.context["shown"], "answer": "There is none."},
        follow=True,
    )
    assert "goes on with your answer" in sent.content.decode()
    case.refresh_from_db()
    made = PreapprovalRequest.objects.get(pk=case.pk)
    assert (case.revision, case.amount, made.minutes, made.sentence) == (2, Decimal(3), 180, "3 hours = 3.")
    assert made.content["teacher"] and made.content["date"]
    assert Message.objects.filter(template="preapproval-answer-received", about=case.reference).count() == 1


def test_an_answer_that_leaves_no_agenda_open_is_refused(wanjiru):
    """What is on demand has no agenda; made live by an answer, it would be worth nothing."""
    distant = offering(
        delivery="on demand", verification="Ten questions.", estimated_hours="2", estimate_basis="Films."
    )
    case = factories.filed(factories.request_draft(wanjiru, offering=distant))
    reviews.ask(case.pk, parts=["offering"], question="Is it live?", by=factories.coordinator())
    draft = begin_reply(reference=case.reference, owner=wanjiru)
    live = {**distant, "delivery": "online"}
    PARTS.save_section(draft_id=draft.pk, owner=wanjiru, section="offering", data=live, seen=Seen(1))
    draft = Draft.objects.select_related("request", "case__folder", "folder", "owner").get(pk=draft.pk)
    whole = look(draft)
    assert [problem.code for problem in whole.problems] == ["worth-nothing"]
    given = {"draft_id": draft.pk, "owner": wanjiru, "answer": "", "shown": whole.fingerprint(None)}
    assert refusal(send_reply, **given) == "incomplete"


# Copies and renewals -----------------------------------------------------
def test_a_copy_keeps_instructors_with_their_resumes_and_asks_dates_and_terms_anew(client, wanjiru):
    case = factories.filed(factories.request_draft(wanjiru))
    client.force_login(wanjiru)
    key = uuid.uuid4()
    for _press in range(2):
        client.post("/preapprovals/new/", {"submit_key": key, "like": case.reference})
    draft = Draft.objects.get(pk=key)
    whole = look(draft)
    assert {problem.section for problem in whole.problems} == {"dates", "terms"}
    teacher = draft.rows.get()
    assert teacher.data["name"] == "Wanjiru Kamau"
    purposes = {file.purpose for file in whole.files}
    assert purposes == {"syllabus", f"teacher:{teacher.pk}"}
    assert draft.sponsor == case.preapprovals_preapprovalrequest.sponsor
    PARTS.discard(draft_id=draft.pk, owner=wanjiru)
    for stored in case.folder.files.all():
        with stored.content.open() as content:
            assert content.read(4) == b"%PDF"


def test_who_only_reads_for_a_sponsor_is_told_who_can_ask_and_makes_no_second_one(client, wanjiru):
    """R-SPO-1: neither by a copy, nor by a renewal, nor by typing its name."""
    case, li = factories.filed(factories.request_draft(wanjiru)), factories.PersonFactory(name="Li Na")
    there = Sponsor.objects.get()
    factories.contact(there, li.email, "reader", li)
    like = case.preapprovals_preapprovalrequest
    for begun in ({"like": like}, {"renews": factories.offering(there)}):
        with pytest.raises(Refusal, match="or ask themselves: Wanjiru Kamau"):
            start(owner=li, key=uuid.uuid4(), **begun)
    client.force_login(li)
    assert case.reference not in client.get("/preapprovals/new/").content.decode()
    page = client.get(reverse("preapprovals:case", args=[case.reference])).content.decode()
    assert "You only read for Delta" in page and "Copy it into a new draft" not in page
    answer = client.post("/preapprovals/new/", {"submit_key": uuid.uuid4(), "like": case.reference}, follow=True)
    assert "You only read for Delta" in answer.content.decode() and not Draft.objects.filter(owner=li).exists()
    draft = factories.request_draft(li)
    assert [(one.field, one.code) for one in look(draft).problems] == [("name", "only-reads")]
    assert refusal(factories.filed, draft=draft) == "incomplete"
    wanjiru.is_active = False
    wanjiru.save()
    assert "nobody manages it at present" in look(draft).problems[0].sentence
    there.contacts.filter(person=li).update(role="editor")
    assert factories.filed(draft).preapprovals_preapprovalrequest.sponsor == there == Sponsor.objects.get()


def test_a_copy_by_somebody_who_left_the_sponsor_asks_who_offers_it(wanjiru):
    case = factories.filed(factories.request_draft(wanjiru))
    Sponsor.objects.get().contacts.update(left_at=case.filed_at)
    draft = start(owner=wanjiru, key=uuid.uuid4(), like=case.preapprovals_preapprovalrequest)
    typed = draft.sections.get(section="sponsor").data
    assert typed["sponsor"] == "new" and {"name", "kind", "country"}.isdisjoint(typed)
    assert typed["contact_email"] == wanjiru.email


def test_a_second_sponsor_of_one_name_is_told_to_the_coordinator(client, wanjiru):
    """Somebody unrelated types the same name: nobody is let in by it, and the two can be joined."""
    factories.sponsor(name="DELTA restoration  institute")
    case = factories.filed(factories.request_draft(wanjiru))
    made = case.preapprovals_preapprovalrequest.sponsor
    assert Sponsor.objects.count() == 2
    ruth, noah = factories.coordinator(), factories.member()
    client.force_login(ruth)
    page = client.get(reverse("admin:reviews_reviewcase_change", args=[case.pk])).content.decode()
    assert "Another sponsor has the same name." in page
    assert reverse("admin:preapprovals_sponsor_change", args=[made.pk]) in page
    lists = client.get("/admin/preapprovals/sponsor/?name=same").content.decode()
    assert lists.count("field-name") == 2
    kind, filed = kind_of(case), kind_of(case).read(case)
    told = "Another sponsor has the same name. If the two are one, join them on the sponsor’s page."
    assert told in kind.flags(filed, by=ruth) and told not in kind.flags(filed, by=noah)
    factories.contact(Sponsor.objects.exclude(pk=made.pk).get(), ruth.email, "reader", ruth)
    assert told not in kind.flags(filed, by=ruth)


def test_an_approval_is_renewed_by_who_acts_for_its_sponsor_and_only_before_it_ends(wanjiru):
    sponsor = factories.sponsor(wanjiru)
    running = factories.offering(sponsor, title="Soils", valid_from=programme_day() - timedelta(days=600))
    draft = start(owner=wanjiru, key=uuid.uuid4(), renews=running)
    assert draft.renews == running and look(draft).offering["title"] == "Soils" and draft.sponsor == sponsor
    over = factories.offering(sponsor, valid_from=programme_day() - timedelta(days=800))
    ended = factories.offering(sponsor, state="terminated")
    given = {"owner": wanjiru, "key": uuid.uuid4()}
    assert refusal(start, **given, renews=over) == "expired"
    assert refusal(start, **given, renews=factories.offering(sponsor)) == "early"
    assert refusal(start, **given, renews=ended) == "not-standing"
    assert refusal(start, **given, renews=factories.offering(factories.sponsor())) == "not-yours"
    factories.offering(sponsor, renews=running)
    running.refresh_from_db()
    assert refusal(start, **given, renews=running) == "renewed"
    assert Draft.objects.count() == 1
