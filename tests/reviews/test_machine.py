"""The process as a machine: any moves in any order, legal or not, by anyone; the whole database holds after each.

Every step goes through the services. What is refused is refused in a sentence and leaves no trace. ``make test`` plays
a few short games with one seed; ``make prove`` plays many long ones with ever new seeds.
"""

import uuid
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cecs import services as cecs
from journals import services as journals
from journals.models import Entry
from serportal.home.invariants import broken
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.rules import placeholders
from serportal.reviews import services
from serportal.reviews.models import Ballot, Decision, ReviewCase, Seat
from serportal.reviews.rules import HOLDERS
from serportal.reviews.states import ENDED, Basis, Choice, SeatState, Step
from serportal.ui.refusal import Refusal
from tests import factories

pytestmark = pytest.mark.django_db

who = st.integers(0, 5)
WHY = "Two of the hours were a boat trip."


class Review(RuleBasedStateMachine):
    """One claim of one member, a committee of six, two coordinators, and days that pass."""

    @initialize(advance=st.booleans(), fills=st.booleans())
    def file(self, advance, fills):
        self.point = transaction.savepoint()
        self.now, self.refused = timezone.now(), []
        if not fills:
            factories.filling_by_hand()
        self.ruth, self.deputy = factories.coordinator(), factories.coordinator()
        self.committee = [factories.member() for _ in range(6)]
        self.owner = factories.certificant()
        last = factories.programme_day() + timedelta(days=6 if advance else -14)
        self.case_id = factories.claim(self.owner, last_day=last).pk

    def teardown(self):
        if hasattr(self, "point"):
            transaction.savepoint_rollback(self.point)

    @property
    def case(self) -> ReviewCase:
        return ReviewCase.objects.get(pk=self.case_id)

    def seat(self, n: int) -> Seat | None:
        return factories.seat_of(self.case, self.committee[n])

    def attempt(self, act):
        """Do ``act``, or get a sentence and have nothing changed."""
        before = self.facts()
        try:
            with transaction.atomic():
                return act()
        except Refusal as refusal:
            assert str(refusal).endswith(".") and "{" not in str(refusal) and "%" not in str(refusal), refusal
            assert self.facts() == before
        return None

    def facts(self):
        case = self.case
        return case.state, case.step, case.revision, case.ballots_in, case.events.count(), Message.objects.count()

    # The coordinator -------------------------------------------------------------------------------------------
    @rule()
    def screen(self):
        self.attempt(lambda: services.screen(self.case_id, by=self.ruth, at=self.now))

    @rule(hinted=st.booleans())
    def seat_the_proposed(self, hinted):
        case = self.case
        found = [person.pk for person, _facts in services.candidates(case, self.now)]
        places = len(services.open_places(services.current_panel(case)))
        chosen = found[:places] if hinted else found[-places:] if places else []
        self.attempt(lambda: services.seat(self.case_id, members=chosen, considered=True, by=self.ruth, at=self.now))

    @rule(n=who)
    def replace(self, n):
        seat = self.seat(n)
        if seat:
            self.attempt(lambda: services.replace(seat.pk, reason=WHY, by=self.ruth, at=self.now))

    @rule()
    def reassign(self):
        self.attempt(lambda: services.reassign(self.case_id, reason=WHY, by=self.ruth, at=self.now))

    @rule()
    def close_on_two(self):
        self.attempt(lambda: services.close_on_two(self.case_id, reason=WHY, by=self.ruth, at=self.now))

    @rule(days=st.integers(-1, 60))
    def extend(self, days):
        until = self.case.due_on + timedelta(days=days)
        self.attempt(lambda: services.extend(self.case_id, until=until, reason=WHY, by=self.ruth, at=self.now))

    @rule(part=st.sampled_from(["hours", "where", "taught", "nonsense"]))
    def ask(self, part):
        self.attempt(lambda: services.ask(self.case_id, parts=[part], question="Why?", by=self.ruth, at=self.now))

    @rule()
    def retract(self):
        self.attempt(lambda: services.retract(self.case_id, by=self.ruth, at=self.now))

    @rule(basis=st.sampled_from([None, None, None, Basis.PROOF, Basis.CODE]), choice=st.sampled_from(Choice))
    def decide(self, basis, choice):
        alone = services.Alone(basis, choice, Decimal(2) if choice == Choice.FEWER else None, WHY) if basis else None
        if alone and choice == Choice.ABSTAIN:
            return
        act = self.attempt(lambda: services.preview(self.case, alone=alone, at=self.now))
        if act is None:
            return
        made = services.decide(self.case_id, digest=act.digest, alone=alone, by=self.ruth, at=self.now)
        assert isinstance(made, Decision) and "{" not in made.letter
        assert not any(one.name in made.letter for one in [*self.committee, self.ruth])

    @rule()
    def reopen(self):
        self.attempt(lambda: services.reopen(self.case_id, reason=WHY, by=self.deputy, at=self.now))

    @rule()
    def take_back(self):
        entry = Entry.objects.standing().first()
        if entry:
            self.attempt(lambda: journals.reverse(entry.pk, reason=WHY, by=self.deputy, at=self.now))

    # The panel -------------------------------------------------------------------------------------------------
    @rule(n=who, conflict=st.sampled_from([False, False, False, True]))
    def declare(self, n, conflict):
        seat = self.seat(n)
        if seat:
            self.attempt(lambda: services.declare(seat.pk, conflict=conflict, by=seat.member, at=self.now))

    @rule(n=who)
    def decline(self, n):
        seat = self.seat(n)
        if seat:
            self.attempt(lambda: services.decline(seat.pk, by=seat.member, at=self.now))

    @rule(n=who, choice=st.sampled_from(Choice), revision=st.sampled_from([0, 0, 0, -1]), earlier=st.booleans())
    def cast(self, n, choice, revision, earlier):
        seats = Seat.objects.filter(panel__case=self.case_id, member=self.committee[n]).order_by("panel__round")
        seat = (seats.first() if earlier else seats.last()) if seats else None
        if seat is None:
            return
        if seat.state == SeatState.INVITED:
            self.attempt(lambda: services.declare(seat.pk, conflict=False, by=seat.member, at=self.now))
        credits = Decimal("1.5") if choice == Choice.FEWER else None
        vote = {"key": uuid.uuid4(), "revision": self.case.revision + revision, "choice": choice, "credits": credits}
        made = self.attempt(lambda: services.cast(seat.pk, **vote, reason=WHY, by=seat.member, at=self.now))
        if made is not None:
            newest = Seat.objects.filter(panel__case=self.case_id).order_by("-panel__round").first()
            assert seat.panel_id == newest.panel_id
            assert services.cast(seat.pk, **vote, reason=WHY, by=seat.member, at=self.now) == made

    @rule(n=who)
    def confirm(self, n):
        for seat in Seat.objects.filter(panel__case=self.case_id, member=self.committee[n]):
            self.attempt(lambda seat=seat: services.confirm(seat.pk, by=seat.member, at=self.now))

    @rule()
    def all_vote(self):
        """Three approvals, so that games reach the end."""
        for seat in Seat.objects.awaiting_ballots().filter(panel__case=self.case_id):
            self.cast(self.committee.index(seat.member), Choice.APPROVE, 0, False)

    # The member and the days ------------------------------------------------------------------------------------
    @rule(hours=st.sampled_from(["6", "12", "22"]), named=st.sampled_from([None, 0, 3]))
    def answer(self, hours, named):
        case = self.case
        with suppress(Refusal):
            draft = cecs.begin_reply(reference=case.reference, owner=self.owner, at=self.now)
            if case.step == Step.PROOF:
                cecs.add_files(draft=draft, uploads=[factories.pdf(extra=hours.encode())], by=self.owner)
            last = case.cecs_cecsubmission.last_day
            given = factories.answers(hours, last_day=last, with_people=self.committee[named].name if named else "")
            reply = {"draft_id": draft.pk, "owner": self.owner, "answers": given, "version": draft.version}
            self.attempt(lambda: cecs.send_reply(**reply, at=self.now))

    @rule(mine=st.booleans())
    def withdraw(self, mine):
        if mine:
            self.attempt(lambda: services.withdraw(self.case_id, by=self.owner, at=self.now))
        else:
            with pytest.raises(ReviewCase.DoesNotExist), transaction.atomic():
                services.withdraw(self.case_id, by=self.committee[0], at=self.now)

    @rule(days=st.integers(0, 16))
    def days_pass(self, days):
        self.now += timedelta(days=days)
        services.settle_over(self.now)
        services.replace_silent(self.now)
        services.await_proof(self.now)

    # What holds -------------------------------------------------------------------------------------------------
    @invariant()
    def everything_holds(self):
        assert list(broken()) == []

    @invariant()
    def somebody_holds_the_case_or_it_has_ended(self):
        case = self.case
        assert case.step in HOLDERS and (case.step == Step.DONE) == (case.state in ENDED)

    @invariant()
    def what_stands_in_the_journal_is_what_was_granted_last(self):
        standing = list(Entry.objects.standing().filter(person=self.owner))
        assert len(standing) <= 1
        assert sum(Entry.objects.filter(person=self.owner).values_list("credits", flat=True)) == sum(
            one.credits for one in standing
        )

    @invariant()
    def nobody_with_a_conflict_is_asked_for_a_ballot(self):
        asked = Seat.objects.awaiting_ballots().filter(panel__case=self.case_id)
        hidden = [seat for seat in asked if not ReviewCase.objects.visible_to(seat.member).exists()]
        assert hidden == []
        assert asked.count() <= 3

    @invariant()
    def every_letter_owed_can_be_written(self):
        known = dict(LetterTemplate.objects.values_list("key", "body"))
        for template, context in Message.objects.exclude(template="").values_list("template", "context"):
            assert placeholders(known[template]) <= set(context)

    @invariant()
    def ballots_are_only_ever_added(self):
        count = Ballot.objects.filter(seat__panel__case=self.case_id).count()
        assert count >= getattr(self, "ballots", 0)
        self.ballots = count


def games(*, few: int = 8, steps: int = 25) -> profile:
    """Return few short games, always the same ones; under the profile ``prove`` many long ones, ever new."""
    if profile.default.max_examples > FEW:
        return profile(max_examples=profile.default.max_examples // 30, stateful_step_count=60, **QUIET)
    return profile(max_examples=few, stateful_step_count=steps, derandomize=True, database=None, **QUIET)


FEW = 100
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.long
def test_any_moves_in_any_order_keep_everything_true():
    run_state_machine_as_test(Review, settings=games())
