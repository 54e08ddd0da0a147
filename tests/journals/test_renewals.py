"""Renewals: filed, paid, audited, confirmed, taken back; reinstatement (R-PER-4, R-PER-6, R-PER-7)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from journals import services as journals
from journals.models import Entry, Renewal, RenewalDraft
from journals.services import renewing
from journals.standing import journal_of
from serportal.accounts.models import Agreement, Signature
from serportal.accounts.states import Purpose
from serportal.certifications import services as certifications
from serportal.certifications.models import CertificationEvent, Period
from serportal.certifications.rules import last_day
from serportal.certifications.states import Act, Level, PeriodStart, Standing
from serportal.fees.models import Bill, FeeRow
from serportal.fees.states import BillState, FeeKind
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.outbox.services import render
from serportal.reviews import services as reviews
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import Basis, CaseState, Choice, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, money, programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, timedelta(days=1)
CONFIRM = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    """Thirty days before the end of her period, with 50 credits."""
    return factories.renewable(name="Amara Okafor")


def period_of(person) -> Period:
    return person.periods.earliest("starts_on")


def body(key: str) -> str:
    found = Message.objects.get(key=key)
    return found.text or render(found.template, found.context)[1]


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    return caught.value.code


def taken_back(person, by) -> None:
    entry = Entry.objects.filter(person=person).latest("earned_on")
    journals.reverse(entry.pk, reason="Attended by somebody else.", by=by)


def test_it_is_filed_with_a_bill_a_signature_a_receipt_and_28_days(amara):
    """R-PER-7: attestation, Code of Ethics re-signed, fee. SPEC 5: 28 days; SPEC 9: REN-…"""
    case = factories.renewal(amara, disclosure="not kept without a yes", invoice_to="Delta Institute")
    held, first = Renewal.objects.get(), period_of(amara).ends_on + DAY
    assert case.reference == f"REN-{case.filed_on.year}-0001" and (case.due_on - case.filed_on).days == 28
    assert (case.kind, case.headline) == ("renewal", f"Renewal of {period_of(amara).certification.number}")
    assert (held.open, held.opened, held.disclosure, held.audited) == (True, None, "", False)
    bill = held.bill
    assert (bill.kind, bill.amount, bill.about, bill.billed_to) == (
        FeeKind.RENEW_CERP,
        D(125),
        case.reference,
        "Delta Institute",
    )
    signature = Signature.objects.get(about=case.reference)
    assert (signature.person, signature.typed_name) == (amara, "Amara Okafor")
    assert signature.agreement == Agreement.objects.get(purpose=Purpose.APPLICANTS)
    text = body(f"receipt:{case.reference}")
    assert f"It would run from {day_text(first)} to {day_text(last_day(first))}." in text
    assert (
        f"The fee of {money(D(125))} is not paid yet ({bill.number}); whoever filed this pays it." in text
        and day_text(case.due_on) in text
    )
    assert reverse("journals:renewal", args=[case.reference]) in text
    assert list(broken()) == []


def test_the_fee_is_of_the_level_and_of_members_or_others():
    cerpit = factories.renewable(level=Level.CERPIT)
    case = factories.renewal(cerpit, member="no", reduction="on", reduction_why="Kenya; half of it.")
    assert (case.journals_renewal.bill.kind, case.journals_renewal.bill.amount) == (FeeKind.RENEW_CERPIT, D(200))
    assert "A smaller fee is asked for" in body(f"receipt:{case.reference}")


def test_it_waits_for_its_fee_and_then_for_the_coordinator(ruth, amara):
    case = factories.renewal(amara)
    assert (case.state, case.step) == (CaseState.SCREENING, Step.GATES)
    assert renewing.settle_all() == 0
    factories.paid(case.journals_renewal.bill, ruth)
    assert renewing.settle_all() == 1 and renewing.settle_all() == 0
    case.refresh_from_db()
    assert (case.state, case.step) == (CaseState.READY, Step.ALONE)


def test_nothing_to_pay_leaves_nothing_to_wait_for(amara):
    day = programme_day() - DAY
    FeeRow.objects.create(kind=FeeKind.RENEW_CERP, member_amount=0, other_amount=0, effective_from=day)
    assert factories.renewal(amara).step == Step.ALONE


def test_confirmed_it_opens_the_next_period_with_certificate_and_letter(ruth, amara):
    """R-PER-6: the new period starts on the day after the old end. R-PER-7: the coordinator confirms."""
    factories.listed(amara)
    before = period_of(amara)
    case = factories.renewed(ruth, amara)
    held, decision = Renewal.objects.get(), Decision.objects.get()
    assert (case.state, decision.basis, decision.decided_by) == (CaseState.APPROVED, Basis.OFFICE, ruth)
    opened = held.opened
    assert (opened.starts_on, opened.ends_on) == (before.ends_on + DAY, last_day(before.ends_on + DAY))
    assert (opened.began_as, opened.certification, held.open) == (
        PeriodStart.RECERTIFIED,
        before.certification,
        False,
    )
    event = CertificationEvent.objects.get(act=Act.RENEWED)
    assert (event.by, event.note) == (ruth, case.reference)
    own = factories.certification_of(amara)
    assert own.period_end == opened.ends_on and own.state_on(before.ends_on + DAY) == Standing.ACTIVE
    assert certifications.certificate(own).startswith(b"%PDF")
    letter = body(f"decision:{decision.pk}")
    assert f"{own.number} is renewed for five years" in letter and certifications.address_of(own) in letter
    assert day_text(opened.ends_on) in letter and reverse("certifications:own") in letter
    assert "It had lapsed" not in letter
    assert list(broken()) == []


def test_the_certificate_the_directory_and_the_journal_show_the_new_period(ruth, client, amara):
    factories.listed(amara)
    opened = factories.renewed(ruth, amara).journals_renewal.opened
    number, until = opened.certification.number, day_text(opened.ends_on)
    assert until in client.get(f"/verify/{number}/").content.decode()
    assert until in client.get("/directory/").content.decode()
    client.force_login(amara)
    assert until in client.get(reverse("certifications:own")).content.decode()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"ends_in": 181}, "opens"),
        ({"short": {"5": "9.75", 5: "9.75"}}, "total"),
        ({"short": {2: "4", 3: "16"}}, "year-short"),
        ({"ends_in": -460}, "too-late"),
    ],
)
def test_what_is_missing_refuses_it_in_a_sentence(made, code):
    person = factories.renewable(**made)
    draft = factories.renewal_draft(person)
    today = programme_day()
    shown = renewing.shown(renewing.fee_of(draft.period, today), renewing.agreement_of(today))
    assert refused(renewing.file_renewal, draft_id=draft.pk, by=person, shown=shown) == code
    assert not ReviewCase.objects.exists() and not Bill.objects.exists() and not Signature.objects.exists()


def test_a_short_year_renews_once_it_is_arranged(ruth):
    """R-PER-4: a short year blocks renewal until an arrangement exists; surplus counts to the 50."""
    person = factories.renewable(short={2: "3", 3: "17"})
    asked = factories.arrangement(person, year="2")
    held = renewing.held_of(period_of(person), programme_day())
    assert [one.code for one in renewing.missing(held, programme_day())] == ["year-asked"]
    reviews.screen(asked.pk, by=ruth)
    factories.settle_alone(asked, ruth)
    assert factories.renewed(ruth, person).state == CaseState.APPROVED


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"typed_name": " \u200b"}, "no-name"),
        ({"truthful": ""}, "not-declared"),
        ({"agreed": ""}, "not-declared"),
        ({"sanctions": ""}, "not-answered"),
        ({"unchanged": "perhaps"}, "not-answered"),
        ({"member": ""}, "no-member"),
    ],
)
def test_nobody_renews_without_declaration_and_signature(amara, typed, code):
    assert refused(factories.renewal, amara, **typed) == code
    assert not ReviewCase.objects.exists()


def test_what_was_shown_is_what_is_signed_and_owed(amara):
    """R-APP-10: the fee that was shown; another one by now is read first."""
    draft = factories.renewal_draft(amara)
    shown = renewing.shown(renewing.fee_of(draft.period, programme_day()), renewing.agreement_of(programme_day()))
    FeeRow.objects.create(kind=FeeKind.RENEW_CERP, member_amount=130, other_amount=230, effective_from=programme_day())
    assert refused(renewing.file_renewal, draft_id=draft.pk, by=amara, shown=shown) == "changed"
    assert refused(renewing.file_renewal, draft_id=draft.pk, by=amara, shown="") == "changed"
    assert not Bill.objects.exists()


def test_sanctions_and_changes_are_kept_as_they_were_told(amara):
    typed = {"sanctions": "yes", "disclosure": "A warning of 2025.", "unchanged": "no", "changes": "Amara Bello"}
    held = factories.renewal(amara, **typed).journals_renewal
    assert (held.disclosure, held.changes) == ("A warning of 2025.", "Amara Bello")
    assert held.membership_number == "SER-7001"


def test_sent_twice_it_is_one_and_another_is_refused(amara):
    case = factories.renewal(amara)
    draft = RenewalDraft.objects.get()
    assert renewing.file_renewal(draft_id=draft.pk, by=amara, shown="") == case
    assert factories.renewal(amara) == case and ReviewCase.objects.count() == 1
    assert refused(factories.renewal, amara, member="no") == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        Renewal.objects.create(case=factories.claim(amara), period=period_of(amara), bill=Bill.objects.get())


def test_before_the_fee_is_recorded_it_is_not_confirmed(ruth, amara):
    """R-PER-7: fee recorded."""
    case = factories.renewal(amara)
    held = Renewal.objects.select_related("period__certification", "bill", "case").get(pk=case.pk)
    assert refused(renewing.check_confirmable, held, programme_day()) == "blocked"
    assert refused(reviews.preview, case, alone=CONFIRM) == "illegal-move"


def test_credits_taken_back_meanwhile_keep_it_from_being_confirmed(ruth, amara):
    """R-PER-4: checked again when it is confirmed."""
    case = factories.paid_renewal(amara)
    digest = reviews.preview(case, alone=CONFIRM).digest
    taken_back(amara, ruth)
    with pytest.raises(Refusal) as caught:
        reviews.decide(case.pk, digest=digest, alone=CONFIRM, by=ruth)
    assert caught.value.code == "blocked" and "10 of the 50 credits are still missing" in str(caught.value)
    assert "Year 5 still needs 5" in str(caught.value)
    assert Period.objects.count() == 1 and not Decision.objects.exists()


def test_confirmed_it_is_not_opened_again_and_says_what_to_do(ruth, amara):
    case = factories.renewed(ruth, amara)
    with pytest.raises(Refusal) as caught:
        reviews.reopen(case.pk, reason="A mistake.", by=ruth)
    assert caught.value.code == "confirmed" and "Revoke or retire" in str(caught.value)
    assert Renewal.objects.get().opened is not None


def test_denied_nothing_changes_and_the_fee_that_was_paid_counts_for_the_next_one(ruth, amara):
    case = factories.settle_alone(factories.paid_renewal(amara), ruth, Choice.DENY)
    letter = body(f"decision:{Decision.objects.get().pk}")
    assert case.state == CaseState.DENIED and "The claims of that year are still to be read." in letter
    assert reverse("journals:renew") in letter and Period.objects.count() == 1
    again = factories.renewal(amara)
    assert again.journals_renewal.bill == case.journals_renewal.bill and again.step == Step.ALONE
    assert refused(reviews.reopen, case.pk, reason="It was right.", by=ruth) == "open"
    reviews.withdraw(again.pk, by=amara)
    reviews.reopen(case.pk, reason="It was right.", by=ruth)
    case.refresh_from_db()
    assert case.step == Step.ALONE and Renewal.objects.get(pk=case.pk).open
    assert factories.settle_alone(case, ruth).state == CaseState.APPROVED
    assert list(broken()) == []


def test_withdrawn_its_fee_is_not_asked_for_and_it_can_be_filed_anew(amara):
    case = factories.renewal(amara)
    reviews.withdraw(case.pk, by=amara)
    held = Renewal.objects.get()
    assert (held.open, held.bill.state) == (False, BillState.WAIVED)
    again = factories.renewal(amara)
    assert again.journals_renewal.bill != held.bill and again.step == Step.GATES
    assert list(broken()) == []


def test_in_grace_it_is_renewed_without_a_lost_day(ruth):
    """R-PER-6: grace of 90 days; “recertified” is the day after the old end."""
    person = factories.renewable(ends_in=-60)
    end = period_of(person).ends_on
    held = factories.renewed(ruth, person).journals_renewal
    assert held.opened.starts_on == end + DAY
    assert factories.certification_of(person).state_on(programme_day()) == Standing.ACTIVE


def test_what_lapsed_is_reinstated_on_the_same_way(ruth):
    """R-PER-6: reinstatement within 12 months; its new period starts on the day after the old end."""
    person = factories.renewable(ends_in=-200)
    end, own = period_of(person).ends_on, factories.certification_of(person)
    assert own.state_on(programme_day()) == Standing.LAPSED
    case = factories.paid_renewal(person)
    assert case.headline == f"Reinstatement of {own.number}"
    factories.settle_alone(case, ruth)
    own = factories.certification_of(person)
    assert own.state_on(programme_day()) == Standing.ACTIVE and own.period_start == end + DAY
    assert CertificationEvent.objects.filter(act=Act.REINSTATED).count() == 1
    assert "It had lapsed, and is reinstated." in Decision.objects.get().letter
    assert list(broken()) == []


def test_a_reinstatement_filed_in_time_is_not_too_late_when_it_is_confirmed(ruth):
    """R-PER-4: what was filed in time and is still undecided holds the status as it is."""
    person = factories.renewable(ends_in=-440)
    case = factories.paid_renewal(person)
    late = timezone.now() + 25 * DAY
    assert factories.settle_alone(case, ruth, at=late).state == CaseState.APPROVED
    assert Period.objects.count() == 2


def test_a_certification_that_ended_meanwhile_is_not_renewed(ruth, amara):
    case = factories.paid_renewal(amara)
    certifications.revoke(certification_id=factories.certification_of(amara).pk, reason="Fraud.", by=ruth)
    assert refused(reviews.preview, case, alone=CONFIRM) == "blocked"
    assert Period.objects.count() == 1


def test_what_was_done_in_the_old_period_counts_there_however_late_it_is_approved(ruth):
    """R-PER-4: no carry-over. R-DATE: an activity counts in the period that holds its day."""
    person = factories.renewable(ends_in=-20)
    committee = [factories.member() for _n in range(3)]
    old = period_of(person)
    opened = factories.renewed(ruth, person).journals_renewal.opened
    before = factories.decided(ruth, committee, owner=person, last_day=old.ends_on - 5 * DAY)
    since = factories.decided(ruth, committee, owner=person, last_day=opened.starts_on, title="Another one")
    periods = {entry.decision.case: entry.period for entry in Entry.objects.filter(decision__isnull=False)}
    assert periods == {before: old, since: opened}
    journal = journal_of(person, programme_day())
    assert journal.period == opened and journal.progress.total == Entry.objects.get(decision__case=since).credits


@pytest.mark.parametrize("ends_in", [30, 0])
def test_revoked_before_the_new_period_begins_it_never_does(ruth, amara, ends_in):
    """R-PER-1: periods do not overlap, so a period that never began is in the way of no later certification."""
    person = amara if ends_in else factories.renewable(ends_in=0)
    case = factories.renewed(ruth, person)
    number = factories.certification_of(person).number
    certifications.revoke(certification_id=factories.certification_of(person).pk, reason="Fraud.", by=ruth)
    assert [one.ends_on for one in person.periods.all()] == [programme_day()]
    assert Renewal.objects.get(pk=case.pk).opened is None
    assert refused(reviews.reopen, case.pk, reason="A mistake.", by=ruth) == "confirmed"
    again = certifications.certify(person=person, level=Level.CERP, on=programme_day() + 10 * DAY)
    assert again.certification.number != number and list(broken()) == []


def test_upgraded_before_the_new_period_begins_a_cerpit_starts_its_own(ruth):
    """R-PER-5: an upgrade starts a new period."""
    person = factories.renewable(level=Level.CERPIT)
    factories.renewed(ruth, person)
    period = certifications.upgrade(person=person, on=programme_day(), by=ruth)
    assert [one.starts_on for one in person.periods.order_by("starts_on")][1:] == [period.starts_on]
    assert list(broken()) == []


# The audit ------------------------------------------------------------------
def test_an_audit_asks_for_the_proof_of_three_entries_at_once(amara):
    """R-PER-7: a random share of renewals is audited."""
    case = factories.renewal(amara, audited=True)
    held = Renewal.objects.get()
    assert held.audited and held.wanted.count() == 3 and (case.state, case.step) == (CaseState.ASKED, Step.ANSWER)
    asked = case.requests.get()
    assert asked.asked_by is None and asked.parts == [renewing.PROOF]
    assert all(renewing.entry_line(one) in asked.question for one in held.wanted.all())
    assert "drawn by lot" in body(f"question:{asked.pk}")
    assert "The proof that the audit asks for is not here yet; whoever" in body(f"receipt:{case.reference}")


def answered(case, person) -> None:
    draft = renewing.begin_reply(case_id=case.pk, by=person)
    renewing.add_files(draft=draft, uploads=[factories.pdf()], by=person)
    renewing.send_reply(draft_id=draft.pk, by=person)
    case.refresh_from_db()


def test_audited_it_is_confirmed_when_the_proof_came_and_was_read(ruth, amara):
    case = factories.renewal(amara, audited=True)
    factories.paid(case.journals_renewal.bill, ruth)
    draft = renewing.begin_reply(case_id=case.pk, by=amara)
    assert refused(renewing.send_reply, draft_id=draft.pk, by=amara) == "nothing-given"
    answered(case, amara)
    assert (case.step, case.folder.files.count()) == (Step.SCREEN, 1)
    assert Message.objects.filter(template="renewal-answer-received").count() == 1
    assert refused(reviews.preview, case, alone=CONFIRM) == "unread"
    reviews.screen(case.pk, by=ruth)
    assert factories.settle_alone(case, ruth).state == CaseState.APPROVED
    assert list(broken()) == []


def test_a_question_taken_back_does_not_lead_out_of_an_audit(ruth, amara):
    case = factories.renewal(amara, audited=True)
    factories.paid(case.journals_renewal.bill, ruth)
    reviews.retract(case.pk, by=ruth)
    reviews.screen(case.pk, by=ruth)
    case.refresh_from_db()
    assert case.step == Step.GATES and renewing.settle_all() == 0
    reviews.ask(case.pk, parts=[renewing.PROOF], question="The certificate of 2024, please.", by=ruth)
    answered(case, amara)
    reviews.screen(case.pk, by=ruth)
    assert factories.settle_alone(case, ruth).state == CaseState.APPROVED


def test_withdrawing_does_not_lead_out_of_an_audit_either(amara):
    first = factories.renewal(amara, audited=True)
    reviews.withdraw(first.pk, by=amara)
    again = factories.renewal(amara, audited=False).journals_renewal
    assert again.audited and list(again.wanted.all()) == list(first.journals_renewal.wanted.all())


def test_the_lot_falls_on_the_share_that_is_set(amara):
    assert settings.AUDIT_SHARE == 0.05

    class Drawn(factories.Lot):
        def __init__(self, value):
            self.value = value

        def random(self):
            return self.value

    for value, audited in [(0.0499, True), (0.05, False), (0.99, False)]:
        case = factories.renewal(factories.renewable())
        held = case.journals_renewal
        renewing._draw(held, Drawn(value))
        assert held.audited is audited


# Races ----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_once_it_is_one_renewal(ruth, amara):
    case = factories.paid_renewal(amara)
    digest = reviews.preview(case, alone=CONFIRM).digest
    found = at_once(*[lambda: reviews.decide(case.pk, digest=digest, alone=CONFIRM, by=ruth)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["Decision", "Refusal"]
    assert Period.objects.count() == 2 and CertificationEvent.objects.filter(act=Act.RENEWED).count() == 1
    assert Message.objects.filter(key__startswith="decision:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_filed_from_three_tabs_at_once_it_is_one_case_with_one_bill(amara):
    draft = factories.renewal_draft(amara)
    shown = renewing.shown(renewing.fee_of(draft.period, programme_day()), renewing.agreement_of(programme_day()))
    found = at_once(*[lambda: renewing.file_renewal(draft_id=draft.pk, by=amara, shown=shown)] * 3)
    assert {one.pk for one in found} == {ReviewCase.objects.get().pk}
    assert Bill.objects.count() == 1 and Message.objects.filter(template="renewal-receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_while_it_is_confirmed_it_is_one_or_the_other(ruth, amara):
    case = factories.paid_renewal(amara)
    digest = reviews.preview(case, alone=CONFIRM).digest
    found = at_once(
        lambda: reviews.decide(case.pk, digest=digest, alone=CONFIRM, by=ruth),
        lambda: reviews.withdraw(case.pk, by=amara),
    )
    assert [isinstance(one, Refusal) for one in found].count(True) == 1
    held = Renewal.objects.select_related("case").get()
    assert (held.opened is not None) == (held.case.state == CaseState.APPROVED) == (Period.objects.count() == 2)


@pytest.mark.django_db(transaction=True)
def test_credits_taken_back_while_it_is_confirmed_come_before_it_or_after(ruth, amara):
    case = factories.paid_renewal(amara)
    digest = reviews.preview(case, alone=CONFIRM).digest
    at = timezone.now()
    found = at_once(
        lambda: reviews.decide(case.pk, digest=digest, alone=CONFIRM, by=ruth, at=at),
        lambda: taken_back(amara, ruth),
    )
    confirmed = not isinstance(found[0], Refusal)
    assert Period.objects.count() == (2 if confirmed else 1)
    assert Entry.objects.filter(reverses__isnull=False).count() == 1
