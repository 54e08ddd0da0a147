"""Who may see what: decided here, for lists, counts, searches, files and pages alike."""

from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, When
from django.db.models.functions import TruncDate

from serportal.reviews.states import DECIDED, WAITING, SeatState, Step

SITTING = [SeatState.INVITED, SeatState.DECLARED, SeatState.VOTED]
READING = [SeatState.DECLARED, SeatState.VOTED]


class TimetableQuerySet(models.QuerySet):
    def in_force(self, kind: str, day: date):
        return self.filter(kind=kind, effective_from__lte=day).order_by("-effective_from")


class CaseQuerySet(models.QuerySet):
    """Each rule is a condition on the row at hand, so that a case found by its reference is asked about alone."""

    def _related(self, model, accessor: str):
        return model._meta.get_field(accessor).related_model

    def _conflicted(self, user) -> Q:
        """The row's case has a conflict with ``user``, or names them."""
        conflicts, parties = (self._related(self.model, name).objects for name in ("conflicts", "parties"))
        return Q(Exists(conflicts.filter(case=OuterRef("pk"), member=user))) | Q(
            Exists(parties.filter(case=OuterRef("pk"), person=user))
        )

    def _seated(self, user, states) -> Q:
        seats = self._related(self._related(self.model, "panels"), "seats").objects
        return Q(Exists(seats.filter(panel__case=OuterRef("pk"), member=user, state__in=states)))

    def _asked(self, user, states) -> Q:
        """A question about the row’s case is, or was, ``user``’s to answer: while it is open, and if they answered."""
        voters = self._related(self._related(self.model, "polls"), "voters").objects.live()
        return Q(Exists(voters.filter(poll__case=OuterRef("pk"), member=user, state__in=states)))

    def _reviewed(self, user, states) -> Q:
        """The row's case is ``user``’s to coordinate, or to review from a seat in one of ``states`` (R-REV-5).

        So it is for whoever is asked about it with the whole committee.
        """
        clear = ~Q(filed_by=user) & ~self._conflicted(user)
        return clear if user.is_coordinator else clear & (self._seated(user, states) | self._asked(user, states))

    def coordinated_by(self, user):
        """Cases ``user`` may work on as a coordinator: without any conflict with them (R-REV-5)."""
        return self.filter(~Q(filed_by=user) & ~self._conflicted(user)) if user.is_coordinator else self.none()

    def closed_to(self, user):
        """Cases that ``user`` may never work on: their own, and those they have a conflict with."""
        return self.filter(Q(filed_by=user) | self._conflicted(user))

    def hidden_from(self, user):
        """Cases of others whose very existence ``user`` must not learn of."""
        return self.filter(~Q(filed_by=user) & self._conflicted(user))

    def visible_to(self, user):
        """Cases ``user`` may know of: their own, those they coordinate, those they sit on or are asked about."""
        return self.filter(Q(filed_by=user) | self._reviewed(user, SITTING))

    def readable_by(self, user):
        """Cases whose content ``user`` may read; a member of the panel only after declaring no conflict."""
        return self.filter(Q(filed_by=user) | self._reviewed(user, READING))

    def open(self):
        return self.exclude(step=Step.DONE)

    def owing_a_letter(self):
        """Open cases whose letter is still to come: none that waits for a proof (R-DATE) or an offer’s answer."""
        return self.exclude(step__in=[Step.DONE, Step.PROOF, Step.OFFER])

    def late(self, day: date):
        return self.owing_a_letter().filter(due_on__lt=day)

    def with_a_stuck_question(self, day: date):
        """Cases whose question to a whole committee is late, or cannot be answered any more."""
        polls = self._related(self.model, "polls").objects.stuck(day)
        return self.filter(Exists(polls.filter(case=OuterRef("pk"))))

    def decided(self):
        return self.filter(state__in=DECIDED)

    def like(self, case):
        """Decided cases of the same kind and topic whose title looks like that of ``case``, the closest first."""
        return (
            self.decided()
            .filter(kind=case.kind, topic=case.topic, headline__trigram_similar=case.headline)
            .exclude(pk=case.pk)
            .annotate(likeness=TrigramSimilarity("headline", case.headline))
            .order_by("-likeness", "-decided_at")
        )


class SeatQuerySet(models.QuerySet):
    def on_the_desk_of(self, member):
        """Seats that still ask ``member`` for something, the most urgent first; cases of one member stand together.

        Asked for is a ballot, or a second look while a split panel is open to itself. While the submitter is asked a
        question nobody votes.
        """
        ballot = Q(state__in=WAITING, panel__closed_at__isnull=True, panel__case__step__in=[Step.VOTE, Step.FILL])
        second_look = Q(state=SeatState.VOTED, counts=True, settled=False, panel__case__step=Step.SETTLE)
        return (
            self.filter(ballot | second_look, member=member)
            .annotate(
                asked_until=Case(
                    When(panel__case__step=Step.SETTLE, then=TruncDate("panel__split_until")),
                    default=F("ballot_due_on"),
                )
            )
            .select_related("panel__case__filed_by")
            .order_by("asked_until", "panel__case__filed_by", "panel__case_id")
        )

    def voted_by(self, member):
        """Seats from which ``member`` voted, the latest ballot first."""
        voted = self.filter(member=member, state=SeatState.VOTED).annotate(voted_at=Max("ballots__cast_at"))
        return voted.select_related("panel__case").order_by("-voted_at", "-pk")

    def awaiting_ballots(self):
        """Counting seats whose ballot can be cast now and is not in."""
        return self.filter(
            state__in=WAITING,
            counts=True,
            panel__closed_at__isnull=True,
            panel__case__step__in=[Step.VOTE, Step.FILL],
        )

    def silent(self, day: date):
        """Seats whose ballot was due before ``day`` and is not in."""
        return self.awaiting_ballots().filter(ballot_due_on__lt=day)

    def counting(self):
        return self.filter(counts=True)


class PanelQuerySet(models.QuerySet):
    def split_over(self, at: datetime):
        """Split panels whose time to look again is over."""
        return self.filter(split_until__lte=at, case__step=Step.SETTLE)


class BallotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A member's own ballots; a panel's, once all are in, to the coordinator, and to itself while they differ.

        (R-REV-3, R-REV-5)
        """
        own = Q(seat__member=user)
        seats = self.model._meta.get_field("seat").related_model
        panels = seats._meta.get_field("panel").related_model
        split = Q(
            seat__panel__in=panels.objects.filter(
                seats__member=user, seats__counts=True, split_until__isnull=False, case__step=Step.SETTLE
            )
        )
        if not user.is_coordinator:
            return self.filter(own | split)
        cases = panels._meta.get_field("case").related_model.objects.coordinated_by(user)
        return self.filter(own | split | Q(seat__panel__closed_at__isnull=False, seat__panel__case__in=cases))

    def standing(self):
        """The last ballot of each seat."""
        return self.order_by("seat_id", "-pk").distinct("seat_id")


class PollQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def over(self, day: date):
        """Open questions whose due day lies before ``day``."""
        return self.open().filter(due_on__lt=day)

    def stuck(self, day: date):
        """Open questions that no vote will end: late, or without anybody left who may answer.

        While the author of the case is asked something nothing is over.
        """
        voters = self.model._meta.get_field("voters").related_model.objects
        able = voters.filter(poll=OuterRef("pk")).exclude(state=SeatState.RECUSED)
        over = Q(due_on__lt=day) & ~Q(case__step=Step.ANSWER)
        return self.open().filter(over | ~Exists(able))


class VoterQuerySet(models.QuerySet):
    def live(self):
        """Voters of open questions, and whoever answered one that was not ended without an answer."""
        return self.filter(
            Q(poll__closed_at__isnull=True) | Q(state=SeatState.VOTED, poll__outcome__isnull=False),
        )

    def awaited(self):
        """Voters whose answer can be given now and is not in; while the submitter is asked something nobody votes."""
        return self.filter(state__in=WAITING, poll__closed_at__isnull=True).exclude(
            poll__case__step__in=[Step.ANSWER, Step.DONE]
        )

    def on_the_desk_of(self, member):
        """Questions to a whole committee that still ask ``member``, the most urgent first."""
        return (
            self.awaited()
            .filter(member=member)
            .select_related("poll__case__filed_by")
            .order_by("poll__due_on", "poll_id")
        )


class VoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A member’s own votes; those on a question that is answered, to the coordinators of its case (R-REV-5)."""
        own = Q(voter__member=user)
        if not user.is_coordinator:
            return self.filter(own)
        voters = self.model._meta.get_field("voter").related_model
        polls = voters._meta.get_field("poll").related_model
        cases = polls._meta.get_field("case").related_model.objects.coordinated_by(user)
        return self.filter(own | Q(voter__poll__closed_at__isnull=False, voter__poll__case__in=cases))

    def standing(self):
        """The last vote of each voter."""
        return self.order_by("voter_id", "-pk").distinct("voter_id")
