"""From screening to the certificate: gates, ballots on criteria, offers, next steps, upgrades (R-APP-8 to R-APP-11)."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from applications.models import Application, NextStep
from applications.services import gates
from serportal.accounts.states import Committee
from serportal.certifications.models import Certification
from serportal.certifications.states import Ending, Level
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Basis, CaseState, Choice, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_zone
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Adeyemi")


@pytest.fixture
def committee():
    return [factories.member(Committee.CERTIFICATION) for _ in range(4)]


def complete(kind: str, ruth, **columns) -> Application:
    """An application of which nothing is missing, screened by ``ruth``."""
    made = factories.application(kind, paid=True, **columns)
    if kind in {"cerp", "cerpit"}:
        factories.reference_in(made)
        factories.reference_in(made, "Ana Souza")
    if kind != "upgrade":
        gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    return Application.objects.select_related("case").get(pk=made.pk)


def vote(made: Application, committee, ruth, choices, **judged) -> ReviewCase:
    reviews.seat(made.pk, members=[one.pk for one in committee[:3]], by=ruth)
    keys = [one.key for one in kind_of(made.case).criteria(kind_of(made.case).read(made.case))]
    for member, choice in zip(committee, choices, strict=False):
        seat = Seat.objects.get(member=member, panel__case=made.case)
        reviews.declare(seat.pk, conflict=False, by=member)
        reviews.cast(
            seat.pk,
            by=member,
            key=uuid.uuid4(),
            revision=made.case.revision,
            choice=choice,
            reason="Three projects are named, none is told." if choice != Choice.APPROVE else "",
            judgements=dict.fromkeys(keys, "met") | judged,
        )
    case = ReviewCase.objects.get(pk=made.pk)
    if case.step == Step.SETTLE:
        for member in committee[:3]:
            reviews.confirm(Seat.objects.get(member=member, panel__case=case).pk, by=member)
    return ReviewCase.objects.get(pk=made.pk)


def decide(case: ReviewCase, ruth, **given):
    return reviews.decide(case.pk, digest=reviews.preview(case, **given).digest, by=ruth, **given)


def test_an_application_waits_for_its_gates_and_goes_on_by_itself(ruth):
    made = factories.application("cerp")
    reviews.screen(made.pk, by=ruth)
    case = ReviewCase.objects.get(pk=made.pk)
    assert (case.state, case.step) == (CaseState.SCREENING, Step.GATES)
    assert [one.gate for one in gates.blocks_of(made)] == ["fee", "references", "course"]
    factories.reference_in(made)
    factories.reference_in(made, "Ana Souza")
    made.bill.refresh_from_db()
    type(made.bill).objects.filter(pk=made.bill_id).update(state="waived", settled_at=timezone.now())
    assert gates.settle_all() == 0
    gates.verify_course(application_id=made.pk, by=ruth)
    case.refresh_from_db()
    assert (case.state, case.step) == (CaseState.READY, Step.SEAT)
    assert Application.objects.get(pk=made.pk).complete_at


def test_two_that_agree_make_a_cerp(ruth, committee):
    made = complete("cerp", ruth)
    case = vote(made, committee, ruth, [Choice.APPROVE, Choice.DENY, Choice.APPROVE])
    decision = decide(case, ruth)
    held = Certification.objects.with_period().get(person=case.filed_by)
    assert (held.level, held.number) == (Level.CERP, Application.objects.get(pk=case.pk).granted.number)
    assert "15 credits in biological science; 15 are needed." in decision.letter
    assert "no reviewer" not in decision.letter
    assert not any(one.name in decision.letter for one in committee)
    assert Message.objects.filter(key=f"welcome:{held.pk}", person=case.filed_by).exists()
    assert not NextStep.objects.exists()


def test_the_middle_ballot_offers_cerpit_and_the_applicant_takes_it_once(ruth, committee):
    made = complete("cerp", ruth)
    case = vote(made, committee, ruth, [Choice.APPROVE, Choice.OFFER, Choice.DENY], breadth="not met")
    decision = decide(case, ruth, steps=["Lead the monitoring of a project.", "Three more credits in soils."])
    case.refresh_from_db()
    assert (case.state, case.step, decision.offer) == (CaseState.OFFERED, Step.OFFER, True)
    assert "1. Lead the monitoring of a project." in decision.letter
    assert not Certification.objects.exists()
    for _twice in range(2):
        reviews.take_offer(case.pk, accept=True, by=case.filed_by)
    held = Certification.objects.get(person=case.filed_by)
    assert held.level == Level.CERPIT
    assert [step.text for step in held.next_steps.all()] == list(decision.steps)
    with pytest.raises(Refusal):
        reviews.take_offer(case.pk, accept=False, by=case.filed_by)


def test_an_offer_that_nobody_answers_ends_after_sixty_days(ruth, committee):
    made = complete("cerp", ruth)
    case = vote(made, committee, ruth, [Choice.OFFER, Choice.OFFER, Choice.DENY])
    decide(case, ruth)
    at = timezone.now()
    assert reviews.lapse_offers(at + timedelta(days=60)) == 0
    with pytest.raises(Refusal, match="ran out"):
        reviews.take_offer(case.pk, accept=True, by=case.filed_by, at=at + timedelta(days=61))
    assert reviews.lapse_offers(at + timedelta(days=61)) == 1
    case.refresh_from_db()
    assert case.state == CaseState.DENIED
    assert not Certification.objects.exists()


def test_a_cerpit_gets_its_next_steps_from_the_sheet(ruth, committee):
    content = factories.application_content("cerpit", factories.PersonFactory())
    content["job"], content["project"] = [], []
    made = complete("cerpit", ruth, content=content)
    case = vote(made, committee, ruth, [Choice.APPROVE] * 3)
    proposed = reviews.preview(case).verdict.steps
    assert any("60 months" in step for step in proposed)
    decide(case, ruth)
    held = Certification.objects.get(person=case.filed_by)
    assert [step.text for step in held.next_steps.all()] == list(proposed)


@pytest.mark.parametrize("choice", [Choice.APPROVE, Choice.DENY])
def test_an_upgrade_closes_the_cerpit_or_changes_nothing(ruth, committee, choice):
    made = complete("upgrade", ruth)
    before = Certification.objects.get(pk=made.certification_id)
    case = vote(made, committee, ruth, [choice] * 3)
    decision = decide(case, ruth)
    before.refresh_from_db()
    if choice == Choice.DENY:
        assert before.ended_as == ""
        assert "stays exactly as it was" in decision.letter
        assert "not refunded" in decision.letter
        assert Certification.objects.count() == 1
    else:
        assert before.ended_as == Ending.UPGRADED
        assert before.succeeded_by.level == Level.CERP
        assert before.succeeded_by.periods.get().starts_on == before.ended_on


def test_ballots_judge_every_criterion(ruth, committee):
    made = complete("cerp", ruth)
    reviews.seat(made.pk, members=[one.pk for one in committee[:3]], by=ruth)
    seat = Seat.objects.get(member=committee[0])
    reviews.declare(seat.pk, conflict=False, by=committee[0])
    given = {"by": committee[0], "key": uuid.uuid4(), "revision": 1}
    with pytest.raises(Refusal, match="no tick yet"):
        reviews.cast(seat.pk, choice=Choice.APPROVE, judgements={"experience": "met"}, **given)
    with pytest.raises(Refusal, match="not one of the ballots"):
        reviews.cast(seat.pk, choice=Choice.FEWER, credits=1, reason="Less.", **given)
    reviews.cast(seat.pk, choice=Choice.ABSTAIN, **given)


def test_a_partner_graduate_is_decided_by_the_coordinator_alone(ruth):
    made = factories.application("partner")
    gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    case = ReviewCase.objects.get(pk=made.pk)
    assert case.step == Step.GATES
    with pytest.raises(Refusal, match="cannot be waived"):
        gates.waive_course(application_id=made.pk, reason="Known.", by=ruth)
    factories.graduate(made, state="yes")
    gates.settle(made.pk)
    case.refresh_from_db()
    assert (case.state, case.step) == (CaseState.READY, Step.ALONE)
    alone = reviews.Alone(basis=Basis.PARTNER, choice=Choice.APPROVE)
    decide(case, ruth, alone=alone)
    assert Certification.objects.get(person=case.filed_by).level == Level.CERPIT


def test_a_graduate_whom_the_college_denies_can_only_be_denied(ruth):
    made = factories.application("partner")
    gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    factories.graduate(made, state="no", note="The last course is not passed.")
    case = gates.settle(made.pk)
    with pytest.raises(Refusal, match="can only be denied"):
        reviews.preview(case, alone=reviews.Alone(basis=Basis.PARTNER, choice=Choice.APPROVE))
    reason = "Niagara College did not confirm it."
    decide(case, ruth, alone=reviews.Alone(basis=Basis.PARTNER, choice=Choice.DENY, reason=reason))
    assert not Certification.objects.exists()


def noon_after(window, *, days):
    """Noon of the programme's zone: the day meant, whatever day it is by UTC while the test runs."""
    return datetime.combine(window.closes_on + timedelta(days=days), time(12), tzinfo=programme_zone())


@pytest.mark.parametrize(("days", "moved"), [(21, False), (22, True)])
def test_what_is_complete_too_late_counts_for_the_next_window(ruth, days, moved):
    made = factories.application("cerp", paid=True)
    first = made.window
    reviews.screen(made.pk, by=ruth)
    at = noon_after(first, days=days)
    gates.settle_all(at)
    made.refresh_from_db()
    case = ReviewCase.objects.get(pk=made.pk)
    assert (made.window.closes_on > first.closes_on) == moved
    assert (case.clock_on, case.due_on) == (made.window.closes_on, made.window.decided_by)
    assert Message.objects.filter(template="application-next-window").exists() == moved


def test_a_tick_asks_one_question_of_those_that_only_wait(ruth, django_assert_num_queries):
    for _n in range(3):
        reviews.screen(factories.application("cerp").pk, by=ruth)
    with django_assert_num_queries(1):
        assert gates.settle_all() == 0


def test_what_was_settled_and_is_owed_again_waits_again(ruth):
    made = complete("cerp", ruth)
    type(made.bill).objects.filter(pk=made.bill_id).update(state="due", settled_at=None)
    gates.settle_all()
    assert ReviewCase.objects.get(pk=made.pk).step == Step.GATES


def test_who_was_complete_in_time_is_not_moved_because_the_coordinator_was_late(ruth):
    """R-APP-11: the days after the close are the applicant’s, not the coordinator’s."""
    made = factories.application("cerp", paid=True)
    factories.reference_in(made)
    factories.reference_in(made, "Ana Souza")
    gates.settle_all()
    assert Application.objects.get(pk=made.pk).complete_at
    late = noon_after(made.window, days=40)
    gates.settle_all(late)
    assert Application.objects.get(pk=made.pk).window == made.window
    reviews.screen(made.pk, by=ruth, at=late)
    gates.verify_course(application_id=made.pk, by=ruth, at=late)
    gates.settle_all(late)
    assert Application.objects.get(pk=made.pk).window == made.window
    assert ReviewCase.objects.get(pk=made.pk).state == CaseState.READY
    assert not Message.objects.filter(template="application-next-window").exists()
