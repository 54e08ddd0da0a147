"""Arrangements in extenuating circumstances: asked for, agreed, taken back (R-PER-3, R-PER-4, R-PER-6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from journals.models import Arrangement, ArrangementDraft
from journals.rules import Terms
from journals.services import arranging
from journals.standing import journal_of
from journals.states import Shape
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.rules import last_day
from serportal.certifications.states import Level, PeriodStart, Standing
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.outbox.services import render
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import Basis, CaseState, Choice, Move, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    """In her second year; the first ended with 3 credits."""
    person = factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=500))
    factories.imported(person, credits="3", earned_on=programme_day() - timedelta(days=400))
    return person


def journal(person):
    return journal_of(person, programme_day())


def year(person, number: int):
    return journal(person).progress.years[number - 1]


def body_of(case: ReviewCase, template: str) -> str:
    key = {"arrangement-receipt": f"receipt:{case.reference}", "case-withdrawn": f"withdrawn:{case.pk}"}[template]
    found = Message.objects.get(key=key)
    assert found.template == template
    return render(found.template, found.context)[1]


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    return caught.value.code


def test_it_is_filed_with_a_reference_a_receipt_and_28_days(amara):
    """R-PER-3: the member tells SER. SPEC 5: answered in 28 days; SPEC 9: ARR-…"""
    case = factories.arrangement(amara)
    assert case.reference == f"ARR-{case.filed_on.year}-0001" and case.kind == "arrangement"
    assert (case.due_on - case.filed_on).days == 28
    assert (case.step, case.amount, case.headline) == (Step.SCREEN, None, "Year 1: a lower minimum")
    held = Arrangement.objects.get()
    assert held.asked == Terms(Shape.REDUCED, 1, D(3)) and held.open and held.agreed is None
    text = body_of(case, "arrangement-receipt")
    assert "a minimum of 3 credits for year 1" in text and day_text(case.due_on) in text
    assert case.reference in text and reverse("journals:arrangement", args=[case.reference]) in text
    assert year(amara, 1).missing == 2


def test_sent_twice_it_is_one_case(amara):
    case = factories.arrangement(amara)
    draft = ArrangementDraft.objects.get()
    assert arranging.file_arrangement(draft_id=draft.pk, by=amara) == case
    assert ReviewCase.objects.count() == 1 and draft.folder == case.folder


def test_agreed_it_changes_the_year_and_says_by_whom_and_why(ruth, amara):
    """R-PER-3: stored with who and why. R-PER-4: a short year blocks renewal until an arrangement exists."""
    assert [one.year.number for one in journal(amara).short_years] == [1]
    case = factories.arranged(ruth, amara)
    assert (case.state, case.granted) == (CaseState.APPROVED, 0)
    held, decision = Arrangement.objects.get(), Decision.objects.get()
    assert held.agreed == Terms(Shape.REDUCED, 1, D(3)) and held.in_force and not held.open
    assert (decision.basis, decision.decided_by, decision.panel) == (Basis.OFFICE, ruth, None)
    assert "asked for a minimum of 3 credits for year 1" in decision.letter
    assert "Year 1 of your period" in decision.letter and "needs 3 credits." in decision.letter
    assert Message.objects.get(key=f"decision:{decision.pk}").text == decision.letter
    now = journal(amara)
    assert now.short_years == [] and now.progress.years[0].least == 3
    assert now.progress.missing == 47
    assert list(broken()) == []


def test_denied_it_changes_nothing_and_can_be_asked_again(ruth, amara):
    case = factories.arranged(ruth, amara, Choice.DENY)
    letter = Decision.objects.get().letter
    assert case.state == CaseState.DENIED and "The claims of that year are still to be read." in letter
    assert "You may ask again" in letter
    assert year(amara, 1).missing == 2
    again = factories.arrangement(amara, credits="2")
    assert again.reference.endswith("-0002") and Arrangement.objects.filter(open=True).get().credits == 2


def test_one_is_open_for_a_year_at_a_time(amara):
    factories.arrangement(amara)
    assert refused(factories.arrangement, amara, credits="2") == "open"
    end = journal(amara).period.ends_on + timedelta(days=90)
    longer = factories.arrangement(amara, shape="extension", ends=end.isoformat())
    assert Arrangement.objects.get(pk=longer.pk).year is None
    later = (end + timedelta(days=1)).isoformat()
    assert refused(factories.arrangement, amara, shape="extension", ends=later) == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.filter(pk=longer.pk).update(year=1, shape=Shape.MAKE_UP)


def test_credits_made_up_count_for_the_short_year_only(ruth, amara):
    """R-PER-3: make-up date. The sentence on the page says that they left the year in which they were earned."""
    factories.imported(amara, credits="6", earned_on=programme_day() - timedelta(days=20))
    until = programme_day() + timedelta(days=60)
    factories.arranged(ruth, amara, shape="make-up", day=until.isoformat())
    first, second = journal(amara).progress.years[:2]
    assert (first.total, first.missing, first.made_up) == (5, 0, 2)
    assert (second.total, second.gave) == (4, 2)
    assert journal(amara).progress.total == 9
    assert day_text(until) in Decision.objects.get().letter


def test_a_year_to_be_made_up_stays_short_until_it_is(ruth, amara):
    until = programme_day() + timedelta(days=60)
    factories.arranged(ruth, amara, shape="make-up", day=until.isoformat())
    assert [one.missing for one in journal(amara).short_years] == [2]


def test_an_extension_moves_the_end_and_certificate_and_directory_follow(ruth, amara):
    """R-PER-3: extension of the period, with who and why."""
    factories.listed(amara)
    period = Period.objects.get(person=amara)
    before, end = period.ends_on, period.ends_on + timedelta(days=120)
    case = factories.arranged(ruth, amara, shape="extension", ends=end.isoformat())
    period.refresh_from_db()
    held = Arrangement.objects.get()
    assert (period.ends_on, held.moved_from, held.agreed_day) == (end, before, end)
    event = CertificationEvent.objects.get(act="moved")
    assert (event.by, event.note) == (ruth, case.reference)
    own = factories.certification_of(amara)
    assert own.state_on(before + timedelta(days=100)) == Standing.ACTIVE or own.period_end == end
    assert Certification.objects.in_directory(end + timedelta(days=90)).get() == own
    assert certifications.certificate(own).startswith(b"%PDF")
    assert [one.year.number for one in journal(amara).progress.years] == [1, 2, 3, 4, 5]
    assert f"ends on {day_text(end)} instead of {day_text(before)}" in Decision.objects.get().letter
    assert list(broken()) == []


def test_what_is_earned_in_the_longer_period_counts_in_it(ruth, amara):
    period = Period.objects.get(person=amara)
    Period.objects.filter(pk=period.pk).update(
        starts_on=programme_day() - timedelta(days=1850), ends_on=last_day(programme_day() - timedelta(days=1850))
    )
    end = programme_day() + timedelta(days=60)
    factories.arranged(ruth, amara, shape="extension", ends=end.isoformat())
    factories.imported(amara, credits="4", earned_on=programme_day() - timedelta(days=2))
    assert year(amara, 5).total == 4 and journal(amara).standing == Standing.RENEWAL_DUE


def test_an_extension_does_not_reach_into_the_next_period(ruth, amara):
    """The periods of a person share no day (R-PER-1); refused in a sentence, when asked and when decided."""
    period = Period.objects.get(person=amara)
    case = factories.arrangement(amara, shape="extension", ends=(period.ends_on + timedelta(days=90)).isoformat())
    reviews.screen(case.pk, by=ruth)
    Period.objects.create(
        certification=period.certification,
        person=amara,
        starts_on=period.ends_on + timedelta(days=1),
        ends_on=last_day(period.ends_on + timedelta(days=1)),
        began_as=PeriodStart.RECERTIFIED,
    )
    assert refused(factories.settle_alone, case, ruth) == "renewed"
    assert arranging.facts_of(period, programme_day()).closed(programme_day()).code == "renewed"
    assert (
        refused(certifications.move_end, period_id=period.pk, to=period.ends_on + timedelta(days=9), note="", by=ruth)
        == "overlaps"
    )
    assert factories.settle_alone(case, ruth, Choice.DENY).state == CaseState.DENIED


@pytest.mark.parametrize(
    ("days_over", "code"), [(0, ""), (30, ""), (90, ""), (200, ""), (364, ""), (440, ""), (470, "too-late")]
)
def test_a_past_period_is_arranged_while_it_can_be_reinstated(ruth, days_over, code):
    """R-PER-6: in grace, and while reinstatement within 12 months is open."""
    start = programme_day() - timedelta(days=1826 + days_over)
    person = factories.certificant(since=start)
    if code:
        assert refused(factories.arrangement, person) == code
        assert not ReviewCase.objects.exists()
    else:
        factories.arranged(ruth, person)
        assert year(person, 1).least == 3


def test_nothing_is_arranged_about_a_certification_that_ended(ruth, amara):
    certifications.retire(certification_id=factories.certification_of(amara).pk, reason="Asked for it.", by=ruth)
    assert refused(factories.arrangement, amara) == "ended"


def test_a_request_without_a_reason_or_a_shape_stays_a_draft(amara):
    draft = arranging.begin(period=amara.periods.get(), by=amara)
    assert refused(arranging.file_arrangement, draft_id=draft.pk, by=amara) == "no-shape"
    assert arranging.begin(period=amara.periods.get(), by=amara) == draft
    assert not ReviewCase.objects.exists()


def test_the_coordinator_may_agree_to_something_else_and_the_letter_says_both(ruth, amara):
    case = factories.arrangement(amara, credits="0")
    reviews.screen(case.pk, by=ruth)
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D("2.5")), by=ruth)
    until = programme_day() + timedelta(days=100)
    arranging.offer(case.pk, wanted=Terms(Shape.MAKE_UP, None, day=until), by=ruth)
    assert case.events.filter(move=Move.TERMS).count() == 2
    factories.settle_alone(case, ruth)
    held, letter = Arrangement.objects.get(), Decision.objects.get().letter
    assert held.asked == Terms(Shape.REDUCED, 1, D(0)) and held.agreed == Terms(Shape.MAKE_UP, 1, day=until)
    assert "asked for a minimum of 0 credits for year 1" in letter and f"made up until {day_text(until)}" in letter


def test_what_could_change_nothing_is_not_offered(ruth, amara):
    case = factories.arrangement(amara)
    end = amara.periods.get().ends_on
    assert refused(arranging.offer, case.pk, wanted=Terms(Shape.REDUCED, None, D(5)), by=ruth) == "not-fewer"
    assert refused(arranging.offer, case.pk, wanted=Terms(Shape.EXTENSION, day=end), by=ruth) == "not-later"
    longer = factories.arrangement(amara, shape="extension", ends=(end + timedelta(days=9)).isoformat())
    assert refused(arranging.offer, longer.pk, wanted=Terms(Shape.REDUCED, 1, D(2)), by=ruth) == "names-no-year"
    factories.settle_alone(reviews.screen(case.pk, by=ruth), ruth)
    assert refused(arranging.offer, case.pk, wanted=Terms(Shape.REDUCED, None, D(1)), by=ruth) == "not-open"


def test_offered_as_it_was_asked_nothing_is_offered_otherwise(ruth, amara):
    case = factories.arrangement(amara)
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D(3)), by=ruth)
    assert not case.events.filter(move=Move.TERMS).exists()
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D(4)), by=ruth)
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D(3)), by=ruth)
    assert Arrangement.objects.get().offered_shape == ""


def test_the_letter_changes_with_the_terms_so_what_was_read_is_what_is_sent(ruth, amara):
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    alone = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)
    digest = reviews.preview(case, alone=alone).digest
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D(1)), by=ruth)
    assert refused(reviews.decide, case.pk, digest=digest, alone=alone, by=ruth) == "changed-letter"


def test_a_year_that_is_no_longer_short_is_not_arranged(ruth, amara):
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    factories.imported(amara, credits="2", earned_on=programme_day() - timedelta(days=390))
    assert refused(factories.settle_alone, case, ruth) == "not-short"


def test_a_later_arrangement_takes_the_place_of_an_earlier_one(ruth, amara):
    first = factories.arranged(ruth, amara, credits="4")
    later = factories.arranged(ruth, amara, credits="2")
    assert Arrangement.objects.get(pk=first.pk).replaced_by_id == later.pk
    assert year(amara, 1).least == 2
    assert refused(reviews.reopen, first.pk, reason="A mistake.", by=ruth) == "replaced"
    assert list(broken()) == []


def test_opened_again_it_holds_until_it_is_denied_and_then_the_earlier_one_does(ruth, amara):
    """R-REV-9: a decision can be reopened with a reason; nothing is deleted."""
    first = factories.arranged(ruth, amara, credits="4")
    later = factories.arranged(ruth, amara, credits="2")
    reviews.reopen(later.pk, reason="The letter of the doctor is of another year.", by=ruth)
    assert year(amara, 1).least == 2 and Arrangement.objects.get(pk=later.pk).open
    assert refused(factories.arrangement, amara, credits="1") == "open"
    factories.settle_alone(later, ruth, Choice.DENY)
    held = Arrangement.objects.get(pk=later.pk)
    assert (held.agreed, held.open) == (None, False)
    assert Arrangement.objects.get(pk=first.pk).in_force and year(amara, 1).least == 4
    assert Decision.objects.filter(case=later).count() == 2
    assert list(broken()) == []


def test_an_extension_that_is_denied_after_all_gives_the_end_back(ruth, amara):
    period = Period.objects.get(person=amara)
    before, end = period.ends_on, period.ends_on + timedelta(days=100)
    case = factories.arranged(ruth, amara, shape="extension", ends=end.isoformat())
    reviews.reopen(case.pk, reason="It was meant for somebody else.", by=ruth)
    arranging.offer(case.pk, wanted=Terms(Shape.EXTENSION, day=end + timedelta(days=10)), by=ruth)
    factories.settle_alone(case, ruth)
    period.refresh_from_db()
    assert period.ends_on == end + timedelta(days=10) and Arrangement.objects.get().moved_from == before
    reviews.reopen(case.pk, reason="It was meant for somebody else.", by=ruth)
    factories.settle_alone(case, ruth, Choice.DENY)
    period.refresh_from_db()
    assert (period.ends_on, Arrangement.objects.get().moved_from) == (before, None)
    assert list(broken()) == []


def test_an_extension_in_use_is_not_taken_back(ruth, amara):
    period = Period.objects.get(person=amara)
    begun = programme_day() - timedelta(days=1850)
    Period.objects.filter(pk=period.pk).update(starts_on=begun, ends_on=last_day(begun))
    case = factories.arranged(ruth, amara, shape="extension", ends=(programme_day() + timedelta(days=9)).isoformat())
    factories.imported(amara, credits="4", earned_on=programme_day() - timedelta(days=2))
    reviews.reopen(case.pk, reason="A mistake.", by=ruth)
    assert refused(factories.settle_alone, case, ruth, Choice.DENY) == "used"
    assert Period.objects.get().ends_on == programme_day() + timedelta(days=9)


def test_an_extension_that_a_renewal_follows_stays(ruth):
    """R-PER-6: taken back, it would leave days between two periods that no period holds."""
    piet, li = (factories.certificant(since=programme_day() - timedelta(days=1850)) for _ in range(2))
    end = programme_day() + timedelta(days=9)
    early, late = (factories.arranged(ruth, one, shape="extension", ends=end.isoformat()) for one in (piet, li))
    reviews.reopen(late.pk, reason="A mistake.", by=ruth)
    for person in (piet, li):
        certifications.renew(period_id=person.periods.get().pk, by=ruth)
    assert refused(reviews.reopen, early.pk, reason="A mistake.", by=ruth) == "followed"
    assert refused(factories.settle_alone, late, ruth, Choice.DENY) == "followed"
    old, new = piet.periods.order_by("starts_on")
    assert (old.ends_on, new.starts_on) == (end, end + timedelta(days=1))


def test_two_extensions_follow_each_other(ruth, amara):
    end = Period.objects.get(person=amara).ends_on
    first, second = (
        factories.arranged(ruth, amara, shape="extension", ends=(end + timedelta(days=days)).isoformat())
        for days in (30, 60)
    )
    assert Period.objects.get().ends_on == end + timedelta(days=60)
    assert Arrangement.objects.get(pk=first.pk).replaced_by_id == second.pk
    assert list(broken()) == []


def test_withdrawn_it_can_be_asked_anew(amara):
    case = factories.arrangement(amara)
    reviews.withdraw(case.pk, by=amara)
    assert not Arrangement.objects.get().open
    assert case.reference in body_of(case, "case-withdrawn")
    assert factories.arrangement(amara).state == CaseState.SUBMITTED


def test_a_question_opens_only_what_is_asked_about(ruth, amara):
    """R-REV-8: only the questioned parts; the answer goes back to the coordinator, who reads both versions."""
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    asked = reviews.ask(case.pk, parts=[arranging.REASON], question="From when to when?", by=ruth)
    draft = arranging.begin_reply(case_id=case.pk, by=amara)
    assert draft.data["reason"].startswith("Six months") and draft.data["credits"] == "3"
    data = {**draft.data, "credits": "0", "reason": "April to September 2025.", "answer": "The dates stand below."}
    arranging.save(draft_id=draft.pk, by=amara, data=data, seen=factories.Seen(draft.version))
    arranging.add_files(draft=draft, uploads=[factories.pdf()], by=amara)
    arranging.send_reply(draft_id=draft.pk, by=amara)
    case.refresh_from_db()
    held = Arrangement.objects.get()
    assert (held.reason, held.credits) == ("April to September 2025.", 3)
    assert (case.state, case.step, case.revision) == (CaseState.SUBMITTED, Step.SCREEN, 2)
    assert case.folder.files.count() == 1
    assert case.requests.get().answer == "The dates stand below."
    assert Message.objects.filter(template="arrangement-answer-received", about=case.reference).count() == 1
    assert arranging.send_reply(draft_id=draft.pk, by=amara) == case
    assert refused(arranging.begin_reply, case_id=asked.case_id, by=amara) == "nothing-asked"
    assert list(broken()) == []


def test_a_questioned_wish_may_change_and_what_was_offered_is_forgotten(ruth, amara):
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    arranging.offer(case.pk, wanted=Terms(Shape.REDUCED, None, D(1)), by=ruth)
    reviews.ask(case.pk, parts=[arranging.ASKED], question="Would time to make it up help?", by=ruth)
    draft = arranging.begin_reply(case_id=case.pk, by=amara)
    until = programme_day() + timedelta(days=90)
    data = {**draft.data, "shape": "make-up", "day": until.isoformat()}
    arranging.save(draft_id=draft.pk, by=amara, data=data, seen=factories.Seen(draft.version))
    arranging.send_reply(draft_id=draft.pk, by=amara)
    held = Arrangement.objects.select_related("case").get()
    assert held.asked == held.offered == Terms(Shape.MAKE_UP, 1, day=until)
    assert (held.case.headline, held.case.topic) == ("Year 1: credits made up later", Shape.MAKE_UP)


def test_nobody_decides_their_own_or_one_that_a_conflict_hides(ruth):
    """R-REV-5: the own request and a conflict close the case to a coordinator; a deputy takes it."""
    deputy = factories.coordinator(name="Deputy")
    begun = programme_day() - timedelta(days=500)
    certifications.certify(person=ruth, level=Level.CERP, on=begun)
    case = factories.arrangement(ruth)
    assert refused(reviews.screen, case.pk, by=ruth) == "closed"
    assert refused(arranging.offer, case.pk, wanted=Terms(Shape.REDUCED, None, D(1)), by=ruth) == "closed"
    assert list(Arrangement.objects.coordinated_by(ruth)) == []
    assert [one.pk for one in Arrangement.objects.coordinated_by(deputy)] == [case.pk]
    reviews.screen(case.pk, by=deputy)
    assert factories.settle_alone(case, deputy).state == CaseState.APPROVED


def test_no_panel_decides_it_and_no_other_ground(ruth, amara):
    case = factories.arrangement(amara)
    assert not kind_of(case).has_panel
    reviews.screen(case.pk, by=ruth)
    case.refresh_from_db()
    assert (case.state, case.step) == (CaseState.READY, Step.ALONE)
    for basis in (Basis.PARTNER, Basis.CODE, Basis.PROOF):
        alone = reviews.Alone(basis=basis, choice=Choice.APPROVE)
        assert refused(reviews.preview, case, alone=alone) == "no-ground"
    claim = factories.claim()
    alone = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)
    assert refused(reviews.preview, claim, alone=alone) == "no-ground"


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_decide_at_once_and_one_of_them_does(ruth, amara):
    deputy = factories.coordinator(name="Deputy")
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    plans = [
        (ruth, reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)),
        (deputy, reviews.Alone(basis=Basis.OFFICE, choice=Choice.DENY, reason="Not this time.")),
    ]
    digests = [reviews.preview(case, alone=alone).digest for _by, alone in plans]
    found = at_once(
        *(
            lambda by=by, alone=alone, digest=digest: reviews.decide(case.pk, digest=digest, alone=alone, by=by)
            for (by, alone), digest in zip(plans, digests, strict=True)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["Decision", "Refusal"]
    decision = Decision.objects.get()
    assert Arrangement.objects.get().in_force == decision.approved
    assert Message.objects.filter(key__startswith="decision:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_while_it_is_decided_it_is_one_or_the_other(ruth, amara):
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    alone = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)
    digest = reviews.preview(case, alone=alone).digest
    found = at_once(
        lambda: reviews.decide(case.pk, digest=digest, alone=alone, by=ruth),
        lambda: reviews.withdraw(case.pk, by=amara),
    )
    assert [isinstance(one, Refusal) for one in found].count(True) == 1
    case.refresh_from_db()
    held = Arrangement.objects.get()
    assert held.in_force == (case.state == CaseState.APPROVED) == Decision.objects.exists()
    assert not held.open


@pytest.mark.django_db(transaction=True)
def test_sent_from_two_tabs_at_once_it_is_one_case(amara):
    draft = arranging.begin(period=amara.periods.get(), by=amara)
    data = {"shape": "reduced", "year": "1", "credits": "3", "reason": "Illness."}
    arranging.save(draft_id=draft.pk, by=amara, data=data, seen=factories.Seen(1))
    found = at_once(*[lambda: arranging.file_arrangement(draft_id=draft.pk, by=amara)] * 3)
    assert {one.pk for one in found} == {ReviewCase.objects.get().pk}
    assert Message.objects.filter(template="arrangement-receipt").count() == 1
