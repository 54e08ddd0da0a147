"""The envelope a submission travels in once it is filed: case, people in it, panel, ballots, decision."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.files.models import Folder
from serportal.reviews.querysets import BallotQuerySet, CaseQuerySet, SeatQuerySet
from serportal.reviews.states import (
    DECIDED,
    NEEDS_REASON,
    CaseState,
    Choice,
    Move,
    PartyRole,
    SeatState,
    Step,
)

Q = models.Q


def append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class ReviewCase(models.Model):
    """Who filed what, where it stands, who holds it and when it is due; never what is inside.

    A draft has no case, so no committee query can show one. Only ``reviews.services`` changes ``state`` and ``step``.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12)
    headline = models.CharField(_("title"), max_length=200)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    party = models.CharField(_("organiser"), max_length=200, blank=True)
    amount = models.DecimalField(_("credits computed"), max_digits=6, decimal_places=2, null=True, blank=True)
    granted = models.DecimalField(_("credits granted"), max_digits=6, decimal_places=2, null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases", verbose_name=_("filed by")
    )
    filed_at = models.DateTimeField(_("filed"))
    filed_on = models.DateField(_("filed on"), help_text=_("The programme’s calendar day; the clock starts here."))
    due_on = models.DateField(_("letter due"))
    state = models.CharField(_("state"), max_length=12, choices=CaseState, default=CaseState.SUBMITTED)
    step = models.CharField(_("waits for"), max_length=8, choices=Step, default=Step.SCREEN)
    step_since = models.DateTimeField(_("since"))
    ballots_in = models.PositiveSmallIntegerField(_("ballots in"), default=0)
    revision = models.PositiveSmallIntegerField(default=1)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="case")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="reviews_queue", condition=~Q(step=Step.DONE)),
            models.Index(fields=["step"], name="reviews_step", condition=~Q(step=Step.DONE)),
            models.Index(fields=["filed_by", "-filed_at"], name="reviews_of_person"),
            models.Index(fields=["filed_on"], name="reviews_volume"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="reviews_state_known"),
            models.CheckConstraint(
                name="reviews_done_iff_decided",
                condition=Q(state__in=DECIDED, step=Step.DONE, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & ~Q(step=Step.DONE) & Q(decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="reviews_granted_iff_decided",
                condition=Q(state=CaseState.APPROVED, granted__gte=0, granted__lte=999)
                | Q(state=CaseState.DENIED, granted=0)
                | (~Q(state__in=DECIDED) & Q(granted__isnull=True)),
            ),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("filed_on")), name="reviews_due_after_filed"),
            models.CheckConstraint(condition=Q(ballots_in__lte=3), name="reviews_ballots_in_three"),
        ]

    def __str__(self):
        return f"{self.reference} {self.headline}"


class CaseEvent(models.Model):
    """One thing that happened to a case; written by the service that did it, never changed."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=10, choices=Move)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("events_stay")]
        constraints = [models.CheckConstraint(condition=Q(move__in=Move.values), name="reviews_event_move_known")]

    def __str__(self):
        return f"{self.case_id} {self.move}"


class Party(models.Model):
    """Someone involved in a case: what a reviewer is shown before declaring whether there is a conflict (R-REV-5)."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole)
    name = models.CharField(max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "parties"

    def __str__(self):
        return self.name


class Conflict(models.Model):
    """A member or coordinator who must not see a case."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    note = models.TextField(blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="reviews_conflict_once")]

    def __str__(self):
        return f"{self.case_id}: {self.member_id}"


class Panel(models.Model):
    """The reviewers of one case in one round."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="panels")
    round = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    ballots_due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When all ballots were in.")

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="reviews_panel_once_a_round")]

    def __str__(self):
        return f"{self.case_id} round {self.round}"


class Seat(models.Model):
    """One reviewer's place. ``counts`` while it is one of the three that decide; at most one such seat a place."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SeatState, default=SeatState.INVITED)
    counts = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        indexes = [
            models.Index(
                fields=["member"],
                name="reviews_desk",
                condition=Q(state__in=[SeatState.INVITED, SeatState.DECLARED]),
            ),
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
                condition=~Q(state=SeatState.RECUSED) | Q(counts=False), name="reviews_recused_never_counts"
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
                    " IF seat_state = 'recused' THEN RAISE EXCEPTION 'a recused member does not vote'; END IF;"
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
    """What was decided in one round, and its letter byte for byte as sent (R-REV-9)."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="decisions")
    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField()
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
            )
        ]

    def __str__(self):
        return f"{self.case_id}: {'approved' if self.approved else 'denied'}"


class Submission(models.Model):
    """What every kind's content has in common: the one case it travels in."""

    case = models.OneToOneField(
        ReviewCase, on_delete=models.PROTECT, primary_key=True, related_name="%(app_label)s_%(class)s"
    )

    class Meta:
        abstract = True
