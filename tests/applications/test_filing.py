"""From the draft to the case: all or nothing, once, with exactly what was shown (R-APP-2, R-APP-10, R-APP-11)."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Criteria, Draft, Partner, Window
from applications.services import drafts
from applications.services.checking import look
from applications.services.filing import file_application
from serportal.accounts.models import Agreement, Signature
from serportal.fees.models import Bill, BillEvent, FeeRow
from serportal.outbox.models import Message
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import factories

pytestmark = pytest.mark.django_db


def refusal(action, **given) -> str:
    with pytest.raises(Refusal) as found:
        action(**given)
    return found.value.code


def body(case: ReviewCase, template: str) -> str:
    message = Message.objects.get(about=case.reference, template=template)
    return "\n".join(str(text) for text in message.context.values())


@pytest.mark.parametrize(
    ("kind", "receipt", "case_kind", "billed"),
    [
        ("cerp", "application-receipt", "application", ("due", 350)),
        ("cerpit", "application-receipt", "application", ("due", 200)),
        ("upgrade", "application-receipt-upgrade", "application", ("due", 150)),
        ("partner", "application-receipt-partner", "partner", ("covered", 200)),
    ],
)
def test_each_kind_is_filed_whole(kind, receipt, case_kind, billed):
    draft = factories.prepared(kind)
    case = factories.sent(draft)
    made = Application.objects.get(pk=case.pk)
    draft.refresh_from_db()
    assert (case.kind, case.topic, draft.case_id) == (case_kind, kind, case.pk)
    assert draft.sent_at == case.filed_at
    assert made.content["person"]["name_on_certificate"] == draft.owner.name
    assert made.criteria == Criteria.objects.get()
    assert Signature.objects.get(about=case.reference).typed_name == draft.owner.name
    assert (made.bill.state, made.bill.amount) == billed
    window = Window.objects.open_on(programme_day()).first()
    if kind == "partner":
        assert made.window is None and case.due_on == case.filed_on + timedelta(days=28)
        assert (made.knowledge, made.ready_as) == ({}, "")
        assert made.graduate.completed_on == date(2026, 4, 24) and made.graduate.state == "pending"
    else:
        assert (made.window, case.clock_on, case.due_on) == (window, window.closes_on, window.decided_by)
        assert made.ready_as == "cerp"
        assert day_text(window.closes_on) in body(case, receipt)
    assert day_text(case.due_on) in body(case, receipt)
    assert case.revisions.count() == 1


def test_filed_twice_it_is_one_case():
    draft = factories.prepared()
    assert factories.sent(draft) == factories.sent(draft)
    assert Message.objects.filter(template="application-receipt").count() == Bill.objects.count() == 1


def test_everyone_named_is_a_party():
    owner = factories.PersonFactory(name="Amara Okafor", employer="Reed Press")
    chair = factories.member(name="Wanjiru Kamau", email="ref@reed.example")
    job = {"employer": "Dollard Marsh Trust", "title": "Restorer", "weekly_hours": "40", "restoration": "100",
           "duties": "Marshes.", "first_day": "2020-01-01", "supervisor": "Kamau,  WANJIRU"}  # fmt: skip
    draft = factories.prepared(owner=owner, job=[job], referees=0)
    factories.invited(draft, name="Jan de Boer")
    factories.named(draft, name="W. Kamau", email="REF+portal@reed.example")
    case = factories.sent(draft)
    parties = {(party.role, party.name): party.person for party in case.parties.all()}
    assert parties[("submitter", "Amara Okafor")] == owner
    assert parties[("supervisor", "Kamau, WANJIRU")] == chair
    assert {("employer", "Reed Press"), ("employer", "Dollard Marsh Trust")} <= parties.keys()
    assert ("institution", "Wadden University") in parties
    assert parties[("referee", "Jan de Boer")] is None
    assert parties[("referee", "W. Kamau")] == chair


# What was shown is what is filed ----------------------------------------
def shown(draft) -> dict:
    whole = look(Draft.objects.get(pk=draft.pk))
    return {
        "draft_id": draft.pk,
        "owner": draft.owner,
        "fee_row": whole.fee,
        "shown": whole.fingerprint(whole.fee),
    }


def change_answer(draft):
    row = draft.rows.filter(listed="course").first()
    data = {**row.data, "credits": "1"}
    seen = drafts.Seen(row.version)
    drafts.save_row(draft_id=draft.pk, owner=draft.owner, listed="course", row_id=row.pk, data=data, seen=seen)


def add_file(draft):
    upload = factories.pdf("more.pdf", b"more")
    drafts.add_files(draft=draft, uploads=[upload], purpose="transcript", by=draft.owner)


def rename_referee(draft):
    one = draft.references.first()
    one.name = "Somebody Else"
    one.save(update_fields=["name"])


def new_agreement(draft):
    Agreement.objects.create(version="2", text="Other words.", effective_from=programme_day())


def new_criteria(draft):
    Criteria.objects.create(effective_from=programme_day(), biological=16)


@pytest.mark.parametrize("change", [change_answer, add_file, rename_referee, new_agreement, new_criteria])
def test_whatever_changed_since_it_was_shown_stops_the_filing(change):
    draft = factories.prepared()
    given = shown(draft)
    change(draft)
    assert refusal(file_application, **given) == "changed"
    assert not ReviewCase.objects.exists() and not Bill.objects.exists() and not Signature.objects.exists()


def test_the_fee_that_was_shown_holds():
    """A fee that rises while the form is open is owed by those who open it after that (R-APP-10)."""
    draft = factories.prepared()
    given = shown(draft)
    FeeRow.objects.create(kind="cerp", member_amount=300, other_amount=400, effective_from=programme_day())
    case = file_application(**given)
    assert Bill.objects.get(about=case.reference).amount == 350


def test_a_fee_that_was_never_shown_is_no_fee():
    draft = factories.prepared()
    given = shown(draft)
    cheaper = FeeRow.objects.create(kind="cerp", member_amount=0, other_amount=1, effective_from=date(2000, 1, 2))
    FeeRow.objects.create(kind="cerp", member_amount=250, other_amount=350, effective_from=date(2000, 1, 3))
    assert refusal(file_application, **{**given, "fee_row": cheaper}) == "changed"
    assert refusal(file_application, **{**given, "fee_row": None}) == "changed"


def test_a_smaller_fee_is_asked_for_with_the_filing():
    fee = {"member": "no", "reduction": "on", "reduction_why": "I live in Malawi and can pay 40."}
    case = factories.sent(factories.prepared(fee=fee | {"invoice_to": "Shire Trust, Blantyre"}))
    bill = Bill.objects.get(about=case.reference)
    assert bill.billed_to == "Shire Trust, Blantyre"
    assert bill.asked_at and BillEvent.objects.get(bill=bill, act="asked").note == "I live in Malawi and can pay 40."
    assert list(Message.objects.filter(template__startswith="fee-").values_list("template", flat=True)) == [
        "fee-invoice-asked"
    ]


def test_members_pay_less():
    case = factories.sent(factories.prepared(fee={"member": "yes", "membership_number": "SER-77"}))
    assert Bill.objects.get(about=case.reference).amount == 250


# Windows ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "closes"),
    [
        # 30 April 2027, 23:59:59 Eastern Time (daylight saving, UTC−4), and one second later.
        (datetime(2027, 5, 1, 3, 59, 59, tzinfo=UTC), date(2027, 4, 30)),
        (datetime(2027, 5, 1, 4, 0, 0, tzinfo=UTC), date(2027, 10, 31)),
        # 31 October 2027 is before the clocks change in the United States, so UTC−4 as well.
        (datetime(2027, 11, 1, 3, 59, 59, tzinfo=UTC), date(2027, 10, 31)),
        (datetime(2027, 11, 1, 4, 0, 0, tzinfo=UTC), date(2028, 4, 30)),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu"])
def test_the_window_closes_at_midnight_in_the_programme_zone(at, closes, zone, time_machine):
    """Wherever the applicant is, the last second of the day counts and the next does not (R-APP-2)."""
    time_machine.move_to(at, tick=False)
    owner = factories.PersonFactory(time_zone=zone)
    case = factories.sent(factories.prepared(owner=owner))
    made = Application.objects.select_related("window").get(pk=case.pk)
    assert made.window.closes_on == case.clock_on == closes
    assert day_text(closes) in body(case, "application-receipt")


def test_the_page_says_that_a_window_closed_meanwhile(client, time_machine):
    time_machine.move_to(datetime(2027, 5, 1, 3, 59, 59, tzinfo=UTC), tick=False)
    draft = factories.prepared()
    client.force_login(draft.owner)
    path = reverse("applications:check", args=[draft.pk])
    page = client.get(path)
    sent = {name: page.context[name] for name in ("shown",)}
    sent |= {"fee": page.context["fee"].pk, "window": page.context["window"].pk}
    time_machine.move_to(datetime(2027, 5, 1, 4, 0, 0, tzinfo=UTC), tick=False)
    answer = client.post(path, sent)
    [said] = [str(message) for message in get_messages(answer.wsgi_request)]
    assert "The window closed before it arrived, so it counts for the next one, which closes on" in said
    assert Application.objects.get().window.closes_on == date(2027, 10, 31)


def test_no_window_known_is_said():
    Window.objects.all().delete()
    draft = factories.prepared()
    assert refusal(file_application, **shown(draft)) == "no-window"


# What is missing --------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "section", "code"),
    [
        ({"course": []}, "courses", "no-rows"),
        ({"job": []}, "jobs", "no-rows"),
        ({"project": []}, "projects", "no-rows"),
        ({"person": {}}, "person", "required"),
        ({"fee": {}}, "fee", "required"),
        ({"agreement": {}}, "agreement", "required"),
        ({"prior": [{"area": "quantitative", "credits": "3", "learned": "R", "how": "Work"}]}, "prior", "no-proof"),
        ({"referees": 1}, "references", "too-few"),
    ],
)
def test_what_is_missing_is_told_and_stops_the_filing(changes, section, code):
    draft = factories.prepared(**changes)
    found = {(problem.section, problem.code) for problem in look(draft).problems}
    assert (section, code) in found
    assert refusal(file_application, **shown(draft)) == "incomplete"


def test_cerpit_asks_only_for_the_chosen_side():
    """R-APP-1: a half-typed job is nobody’s business where knowledge is what was chosen."""
    draft = factories.prepared("cerpit", job=[{"employer": "Dollard"}], project=[])
    assert look(draft).problems == []
    person = {"name_on_certificate": "A", "country": "NL", "sides": ["experience"]}
    draft = factories.prepared("cerpit", person=person, course=[], job=[{"employer": "Dollard"}])
    assert {problem.section for problem in look(draft).problems} == {"jobs"}


def test_prior_learning_on_a_cerpit_form_is_refused_and_ignored():
    """R-APP-1: PLAR is for CERP only, however it was posted."""
    draft = factories.prepared("cerpit")
    row = {"draft_id": draft.pk, "owner": draft.owner, "listed": "prior", "row_id": uuid.uuid4()}
    data = {"area": "quantitative", "credits": "9", "learned": "R", "how": "Work"}
    assert refusal(drafts.save_row, **row, data=data, seen=drafts.Seen(0)) == "not-asked"
    draft.rows.create(listed="prior", number=1, data=data, saved_at=draft.saved_at)
    assert "prior" not in look(draft).content
    assert "prior" not in Application.objects.get(pk=factories.sent(draft).pk).content


# A second one -----------------------------------------------------------
def test_a_second_application_of_the_kind_waits_for_the_first():
    owner = factories.PersonFactory()
    case = factories.sent(factories.prepared(owner=owner))
    given = {"owner": owner, "kind": "cerp", "key": uuid.uuid4()}
    assert refusal(drafts.start, **given) == "under-way"
    other = factories.prepared("cerpit", owner=owner)
    Draft.objects.filter(pk=other.pk).update(kind="cerp")
    assert refusal(file_application, **shown(Draft.objects.get(pk=other.pk))) == "under-way"
    factories.reviews.withdraw(case.pk, by=owner)
    Draft.objects.filter(pk=other.pk).delete()
    assert drafts.start(**given).kind == "cerp"


def test_a_partner_that_does_not_cover_the_fee_leaves_it_to_the_graduate():
    """R-APP-7: the flag of the partner decides."""
    draft = factories.prepared("partner")
    assert "fee" not in drafts.sections_of(draft)
    Partner.objects.update(fee_covered=False)
    assert drafts.sections_of(draft)[-1] == "fee"
    at = timezone.now()
    factories.typed_part(draft, "fee", {"fee": {"member": "no"}}, at)
    case = factories.sent(draft)
    bill = Application.objects.get(pk=case.pk).bill
    assert (bill.state, bill.amount) == ("due", 200)
    assert any("not paid" in sentence for sentence in kind_of(case).blocks(case))


def test_a_fee_that_the_partner_covers_is_a_bill_of_which_nothing_is_owed():
    case = factories.sent(factories.prepared("partner"))
    bill = Application.objects.get(pk=case.pk).bill
    assert (bill.state, bill.events.last().note) == ("covered", "Niagara College")
    assert not Message.objects.filter(template="fee-invoice").exists()
