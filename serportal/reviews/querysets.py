"""Who may see what: decided here, for lists, counts, searches, files and pages alike."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from serportal.reviews.states import SeatState, Step

SITTING = [SeatState.INVITED, SeatState.DECLARED, SeatState.VOTED]
READING = [SeatState.DECLARED, SeatState.VOTED]


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

    def _reviewed(self, user, states) -> Q:
        """The row's case is ``user``’s to coordinate, or to review from a seat in one of ``states`` (R-REV-5)."""
        clear = ~Q(filed_by=user) & ~self._conflicted(user)
        return clear if user.is_coordinator else clear & self._seated(user, states)

    def without_conflict_of(self, user):
        """Cases that ``user`` neither filed, nor is named in, nor has a conflict with (R-REV-5)."""
        return self.filter(~Q(filed_by=user) & ~self._conflicted(user))

    def coordinated_by(self, user):
        """Cases ``user`` may work on as a coordinator."""
        return self.without_conflict_of(user) if user.is_coordinator else self.none()

    def hidden_from(self, user):
        """Cases of others whose very existence ``user`` must not learn of."""
        return self.filter(~Q(filed_by=user) & self._conflicted(user))

    def visible_to(self, user):
        """Cases ``user`` may know of: their own, those they coordinate, those they sit on."""
        return self.filter(Q(filed_by=user) | self._reviewed(user, SITTING))

    def readable_by(self, user):
        """Cases whose content ``user`` may read; a member of the panel only after declaring no conflict."""
        return self.filter(Q(filed_by=user) | self._reviewed(user, READING))

    def open(self):
        return self.exclude(step=Step.DONE)

    def late(self, day: date):
        return self.open().filter(due_on__lt=day)


class SeatQuerySet(models.QuerySet):
    def on_the_desk_of(self, member):
        """Seats that still ask ``member`` for something, the most urgent first."""
        return (
            self.filter(member=member, state__in=[SeatState.INVITED, SeatState.DECLARED], panel__closed_at__isnull=True)
            .select_related("panel__case")
            .order_by("panel__ballots_due_on", "panel__case_id")
        )

    def voted_by(self, member):
        """Seats from which ``member`` voted, the latest first."""
        return self.filter(member=member, state=SeatState.VOTED).select_related("panel__case").order_by("-pk")

    def silent(self, day: date):
        """Seats whose ballot was due before ``day`` and is not in."""
        return self.filter(
            state__in=[SeatState.INVITED, SeatState.DECLARED],
            panel__closed_at__isnull=True,
            panel__ballots_due_on__lt=day,
        )


class BallotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A member's own ballots; a coordinator's view of a panel only once all its ballots are in (R-REV-5)."""
        own = Q(seat__member=user)
        if not user.is_coordinator:
            return self.filter(own)
        cases = self.model._meta.get_field("seat").related_model._meta.get_field("panel").related_model
        cases = cases._meta.get_field("case").related_model.objects.coordinated_by(user)
        return self.filter(own | Q(seat__panel__closed_at__isnull=False, seat__panel__case__in=cases))

    def standing(self):
        """The last ballot of each seat."""
        return self.order_by("seat_id", "-pk").distinct("seat_id")
