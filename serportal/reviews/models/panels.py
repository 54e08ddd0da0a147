"""The reviewers of a case, their ballots, and what was decided."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from serportal.reviews.models.cases import ReviewCase, append_only
from serportal.reviews.querysets import BallotQuerySet, PanelQuerySet, SeatQuerySet
from serportal.reviews.states import ALONE, GIVEN_UP, NEEDS_REASON, WAITING, Basis, Choice, SeatState

Q = models.Q


class Panel(models.Model):
    """The reviewers of one case in one round; the newest round is the one that counts.

    ``closed_at`` is set while all ballots are in. Ballots that differ open the panel to itself until ``split_until``
    (R-REV-3). ``quorum`` is two where the coordinator closed it on two ballots that agree.
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="panels")
    round = models.PositiveSmallIntegerField(default=1)
    quorum = models.PositiveSmallIntegerField(default=3)
    opened_at = models.DateTimeField()
    ballots_due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When all ballots were in.")
    split_until = models.DateTimeField(null=True, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ["round"]
        indexes = [
            models.Index(fields=["split_until"], name="reviews_split", condition=Q(split_until__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="reviews_panel_once_a_round"),
            models.CheckConstraint(condition=Q(quorum__in=[2, 3]), name="reviews_quorum_two_or_three"),
        ]

    def __str__(self):
        return f"{self.case_id} round {self.round}"


class Seat(models.Model):
    """One reviewer's place. ``counts`` while it is one of the three that decide; at most one such seat a place.

    ``hint`` is the hint of a conflict that was known when the member last answered the question (R-REV-5);
    ``settled`` says that they confirmed or revised their ballot while the split panel was open to itself.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SeatState, default=SeatState.INVITED)
    counts = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    ballot_due_on = models.DateField()
    declared_at = models.DateTimeField(null=True, blank=True)
    hint = models.CharField(max_length=8, blank=True)
    temporary = models.BooleanField(default=False, help_text="Of another committee (R-REV-3).")
    settled = models.BooleanField(default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        indexes = [
            models.Index(
                fields=["member"],
                name="reviews_desk",
                condition=Q(state__in=WAITING),
            ),
            models.Index(fields=["ballot_due_on"], name="reviews_seats_due", condition=Q(state__in=WAITING)),
            models.Index(fields=["member", "-id"], name="reviews_voted", condition=Q(state=SeatState.VOTED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["panel", "member"], name="reviews_seat_once_a_member"),
            models.UniqueConstraint(
                fields=["panel", "place"], condition=Q(counts=True), name="reviews_one_seat_a_place"
            ),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="reviews_seat_place"),
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="reviews_seat_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=GIVEN_UP) | Q(counts=False), name="reviews_given_up_never_counts"
            ),
        ]

    def __str__(self):
        return f"{self.panel_id}: {self.member_id}"


class Ballot(models.Model):
    """One vote. Ballots are only ever added; the last one of a seat stands. Nobody else reads it until all are in."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="ballots")
    revision = models.PositiveSmallIntegerField()
    submit_key = models.UUIDField(unique=True)
    choice = models.CharField(max_length=8, choices=Choice)
    credits = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.TextField(blank=True)
    judgements = models.JSONField(default=dict, blank=True, help_text="By criterion of the kind, where it has any.")
    cast_at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [
            append_only("ballots_stay"),
            pgtrigger.Trigger(
                name="no_ballot_of_the_recused",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("seat_state", "text")],
                func=(
                    "SELECT state INTO seat_state FROM reviews_seat WHERE id = NEW.seat_id;"
                    " IF seat_state IN ('recused', 'declined', 'replaced') THEN"
                    " RAISE EXCEPTION 'who gave the seat up does not vote'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="reviews_ballot_choice_known"),
            models.CheckConstraint(
                condition=Q(choice=Choice.FEWER, credits__gt=0, credits__lte=100)
                | (~Q(choice=Choice.FEWER) & Q(credits__isnull=True)),
                name="reviews_ballot_credits_iff_fewer",
            ),
            models.CheckConstraint(
                condition=~Q(choice__in=NEEDS_REASON) | ~Q(reason=""), name="reviews_ballot_reason_where_needed"
            ),
        ]

    def __str__(self):
        return f"Ballot {self.pk}"


class Decision(models.Model):
    """What was decided, on what ground, and its letter byte for byte as sent (R-REV-9).

    ``offer`` denies what was asked and offers the lower level instead (R-APP-9); ``steps`` are the next steps that the
    letter carries (R-APP-8). ``advance`` approves “up to” ``credits`` before the activity is over; another decision
    follows on its proof. ``note`` is the coordinator’s reason where they decided alone; ``precedent`` what they
    followed (R-REV-7).
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="decisions")
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.PANEL)
    panel = models.OneToOneField(Panel, null=True, blank=True, on_delete=models.PROTECT, related_name="decision")
    precedent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    advance = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    approved = models.BooleanField()
    offer = models.BooleanField(default=False)
    steps = ArrayField(models.CharField(max_length=1000), default=list, blank=True)
    credits = models.DecimalField(max_digits=5, decimal_places=2)
    subject = models.CharField(max_length=300)
    letter = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at"]
        triggers = [append_only("decisions_stay")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved=True, credits__gte=0, credits__lte=100) | Q(approved=False, credits=0),
                name="reviews_denied_is_zero",
            ),
            models.CheckConstraint(condition=Q(approved=True) | Q(advance=False), name="reviews_advance_approves"),
            models.CheckConstraint(condition=Q(approved=False) | Q(offer=False), name="reviews_offer_is_no_approval"),
            models.CheckConstraint(
                condition=Q(basis__in=ALONE, panel__isnull=True)
                | Q(basis=Basis.COMMITTEE, panel__isnull=True)
                | Q(basis__in=[Basis.PANEL, Basis.TWO], panel__isnull=False),
                name="reviews_basis_has_its_panel",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.PRECEDENT) | Q(precedent__isnull=False), name="reviews_precedent_is_named"
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {'approved' if self.approved else 'denied'}"
