"""R-REV on rows: seats, conflicts, blind ballots, the decision and its letter."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from journals.models import Entry
from serportal.certifications.services import certify
from serportal.certifications.states import Level
from serportal.outbox.models import Message
from serportal.reviews import services
from serportal.reviews.models import Ballot, CaseEvent, Conflict, Decision, ReviewCase, Seat
from serportal.reviews.states import Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


def refused(code):
    """Expect a refusal with this code whose text is a sentence for a person."""

    class Expect:
        def __enter__(self):
            self.raises = pytest.raises(Refusal)
            self.info = self.raises.__enter__()
            return self.info

        def __exit__(self, *error):
            swallowed = self.raises.__exit__(*error)
            assert self.info.value.code == code
            assert str(self.info.value).endswith(".")
            return swallowed

    return Expect()


def test_filing_opens_a_case_with_its_clock_parties_and_receipt():
    amara = factories.certificant(employer="Wadden Delta")
    case = factories.claim(amara)
    assert case.reference.startswith("CEC-") and case.reference.endswith("-0001")
    assert (case.due_on - case.filed_on).days == 28
    assert list(case.parties.values_list("role", "name")) == [
        ("submitter", amara.name),
        ("employer", "Wadden Delta"),
        ("organiser", "Wadden Coast Research Network"),
    ]
    assert Message.objects.get(key=f"receipt:{case.reference}").person == amara
    assert case.amount == 10


def test_the_submitter_and_the_conflicted_are_never_proposed(ruth, committee):
    own = committee[0]
    certify(person=own, level=Level.CERP, on=programme_day() - timedelta(days=300))
    case = factories.screened(ruth, owner=own)
    Conflict.objects.create(case=case, member=committee[1], declared_at=case.filed_at)
    found = [person.pk for person, _facts in services.candidates(case, case.filed_at)]
    assert set(found) == {committee[2].pk, committee[3].pk}
    with refused("wrong-seats"):
        services.seat(case.pk, members=[own.pk, committee[2].pk, committee[3].pk], by=ruth)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_exactly_three_are_seated(ruth, committee, count):
    case = factories.screened(ruth)
    with refused("wrong-seats"):
        services.seat(case.pk, members=[one.pk for one in committee[:count]], by=ruth)
    assert not Seat.objects.exists()
    assert ReviewCase.objects.get(pk=case.pk).step == "seat"


def test_a_same_employer_comes_last_in_the_proposal(ruth, committee):
    close = committee[0]
    case = factories.screened(ruth, owner=factories.certificant(employer=close.employer))
    found = services.candidates(case, case.filed_at)
    assert found[-1][0] == close
    assert found[-1][1].hint == "employer"


def test_seating_invites_each_member_once(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    letters = Message.objects.filter(template="seat-invitation")
    assert set(letters.values_list("person", flat=True)) == {one.pk for one in committee[:3]}
    assert all(case.headline not in str(letter.context) for letter in letters)


def test_a_conflict_hides_the_case_and_asks_for_a_replacement(ruth, committee):
    factories.filling_by_hand()
    case = factories.seated(ruth, committee[:3])
    out = committee[0]
    seat = Seat.objects.get(member=out)
    services.declare(seat.pk, conflict=True, by=out, note="We share a project.")
    case.refresh_from_db()
    assert case.step == "fill"
    assert not ReviewCase.objects.visible_to(out).exists()
    with refused("stepped-out"):
        services.cast(seat.pk, by=out, key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)
    assert [person for person, _ in services.candidates(case, case.filed_at)] == [committee[3]]
    services.seat(case.pk, members=[committee[3].pk], by=ruth)
    case.refresh_from_db()
    assert case.step == "vote"
    assert Seat.objects.filter(panel__case=case, counts=True).count() == 3


def test_an_abstention_is_filled_before_anything_is_decided(ruth, committee):
    factories.filling_by_hand()
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.ABSTAIN)
    factories.vote(case, committee[1])
    factories.vote(case, committee[2])
    case.refresh_from_db()
    assert (case.step, case.ballots_in) == ("fill", 2)
    services.seat(case.pk, members=[committee[3].pk], by=ruth)
    factories.vote(case, committee[3])
    case.refresh_from_db()
    assert (case.step, case.ballots_in) == ("decide", 3)


def test_a_ballot_needs_the_conflict_question_first(ruth, committee):
    factories.seated(ruth, committee[:3])
    seat = Seat.objects.get(member=committee[0])
    with refused("undeclared"):
        services.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)


def test_nobody_casts_on_another_ones_seat(ruth, committee):
    factories.seated(ruth, committee[:3])
    seat = Seat.objects.get(member=committee[0])
    with pytest.raises(Seat.DoesNotExist):
        services.cast(seat.pk, by=committee[1], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)


@pytest.mark.parametrize(
    ("choice", "credits", "reason", "code"),
    [
        (Choice.DENY, None, "", "no-reason"),
        (Choice.FEWER, Decimal(5), "", "no-reason"),
        (Choice.FEWER, None, "Too long.", "credits"),
        (Choice.FEWER, Decimal(0), "Too long.", "credits"),
        (Choice.FEWER, Decimal(10), "Too long.", "credits"),
        (Choice.FEWER, Decimal("5.1"), "Too long.", "credits"),
        (Choice.FEWER, Decimal("-1"), "Too long.", "credits"),
    ],
)
def test_ballots_that_are_refused(ruth, committee, choice, credits, reason, code):
    case = factories.seated(ruth, committee[:3])
    with refused(code):
        factories.vote(case, committee[0], choice, credits, reason)
    assert not Ballot.objects.exists()


def test_a_ballot_on_an_older_revision_is_refused(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    ReviewCase.objects.filter(pk=case.pk).update(revision=2)
    with refused("old-revision"):
        factories.vote(case, committee[0])


def test_the_same_key_is_one_ballot_and_a_new_one_replaces_it_until_all_are_in(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    seat = Seat.objects.get(member=committee[0])
    services.declare(seat.pk, conflict=False, by=committee[0])
    key = uuid.uuid4()
    for _again in range(2):
        services.cast(seat.pk, by=committee[0], key=key, revision=1, choice=Choice.APPROVE)
    assert Ballot.objects.count() == 1
    services.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.DENY, reason="Second thoughts.")
    case.refresh_from_db()
    assert case.ballots_in == 1
    factories.vote(case, committee[1])
    factories.vote(case, committee[2])
    factories.settled(case, committee[:3])
    with refused("closed"):
        services.cast(seat.pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.APPROVE)
    assert [one.choice for one in services.preview(ReviewCase.objects.get(pk=case.pk)).ballots].count("deny") == 1


def test_ballots_are_unreadable_to_others_until_all_are_in(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    assert not Ballot.objects.visible_to(ruth).exists()
    assert not Ballot.objects.visible_to(committee[1]).exists()
    assert Ballot.objects.visible_to(committee[0]).count() == 1
    factories.vote(case, committee[1])
    factories.vote(case, committee[2])
    assert Ballot.objects.visible_to(ruth).count() == 3
    assert Ballot.objects.visible_to(committee[1]).count() == 1


def test_a_decision_makes_letter_entry_and_event_at_once(ruth, committee):
    case = factories.decided(ruth, committee[:3])
    decision = Decision.objects.get(case=case)
    entry = Entry.objects.get(decision=decision)
    letter = Message.objects.get(key=f"decision:{decision.pk}")
    assert (case.state, case.granted, decision.credits, entry.credits) == ("approved", 10, 10, 10)
    assert (letter.to, letter.text) == (case.filed_by.email, decision.letter)
    assert entry.sentence == "22 hours ÷ 2 = 11; a single event counts at most 10."
    assert case.events.last().move == "approve"
    assert not any(one.name in decision.letter or one.email in decision.letter for one in [*committee, ruth])


def test_fewer_credits_are_granted_with_the_reasons_and_without_their_authors(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0], Choice.FEWER, Decimal("7.5"), "Two hours were a boat trip.")
    factories.vote(case, committee[1], Choice.FEWER, Decimal(5), "A trade fair took the last day.")
    factories.vote(case, committee[2])
    case.refresh_from_db()
    made = services.decide(case.pk, digest=services.preview(case).digest, by=ruth)
    assert made.credits == Decimal("7.5")
    assert "Two hours were a boat trip." in made.letter and "A trade fair took the last day." in made.letter
    assert Entry.objects.get().sentence == ("22 hours ÷ 2 = 11; the committee granted 7.5.")


def test_a_denied_claim_has_a_letter_with_reasons_and_no_entry(ruth, committee):
    case = factories.voted(ruth, committee[:3], choices=(Choice.DENY, Choice.APPROVE, Choice.DENY))
    made = services.decide(case.pk, digest=services.preview(case).digest, by=ruth)
    assert "is not approved" in made.letter and "product talks" in made.letter
    assert not Entry.objects.exists()
    case.refresh_from_db()
    assert (case.state, case.granted) == ("denied", 0)


def test_a_letter_that_changed_since_it_was_read_is_not_sent(ruth, committee):
    case = factories.voted(ruth, committee[:3])
    read = services.preview(case).digest
    with refused("changed-letter"):
        services.decide(case.pk, digest=read, note="A paragraph nobody previewed.", by=ruth)
    assert not Decision.objects.exists()
    with refused("changed-letter"):
        services.decide(case.pk, digest="0" * 64, by=ruth)


def test_no_decision_before_all_ballots_are_in(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    case.refresh_from_db()
    with refused("not-ready"):
        services.preview(case)


def test_illegal_moves_say_where_the_case_stands(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    with refused("illegal-move") as info:
        services.screen(case.pk, by=ruth)
    assert case.reference in str(info.value) and "with the committee" in str(info.value)


@pytest.mark.parametrize(("model", "field"), [(Ballot, "reason"), (CaseEvent, "note"), (Decision, "letter")])
def test_history_cannot_be_changed_or_deleted(ruth, committee, model, field):
    factories.decided(ruth, committee[:3])
    with pytest.raises(InternalError), transaction.atomic():
        model.objects.update(**{field: "Rewritten."})
    with pytest.raises(InternalError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_the_database_itself_refuses_the_ballot_of_someone_who_stepped_out(ruth, committee):
    factories.seated(ruth, committee[:3])
    seat = Seat.objects.get(member=committee[0])
    services.declare(seat.pk, conflict=True, by=committee[0])
    row = Ballot(seat=seat, revision=1, submit_key=uuid.uuid4(), choice="approve", cast_at=seat.invited_at)
    with pytest.raises(InternalError), transaction.atomic():
        Ballot.objects.bulk_create([row])


def test_one_counting_seat_a_place(ruth, committee):
    case = factories.seated(ruth, committee[:3])
    seat = Seat.objects.filter(panel__case=case).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(panel=seat.panel, member=committee[3], place=seat.place, invited_at=seat.invited_at)
