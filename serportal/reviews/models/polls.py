"""Questions to a whole committee, who may answer them, and what each answered (R-REV-10, R-SPO-6)."""

import pgtrigger
from django.conf import settings
from django.db import models

from serportal.reviews.models.cases import ReviewCase, append_only
from serportal.reviews.querysets import PollQuerySet, VoteQuerySet, VoterQuerySet
from serportal.reviews.states import Answer, SeatState, Topic

Q = models.Q
VOTING = [SeatState.INVITED, SeatState.DECLARED, SeatState.VOTED, SeatState.RECUSED]


class Poll(models.Model):
    """One question about a case to a whole committee; its electorate is frozen when it opens.

    ``subject`` is what of the case it is about, in the kind’s own words (“Jan Kok, other credentials: …”); asked about
    something else, it is another question. ``outcome`` is None while it is open, and where it ended without an answer.
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="polls")
    number = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=10, choices=Topic)
    subject = models.CharField(max_length=200, blank=True)
    question = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.BooleanField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["due_on"], name="reviews_polls_open", condition=Q(closed_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="reviews_poll_number_once"),
            models.UniqueConstraint(
                fields=["case", "topic", "subject"],
                condition=Q(closed_at__isnull=True),
                name="reviews_one_open_poll_a_subject",
            ),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="reviews_poll_topic_known"),
            models.CheckConstraint(condition=~Q(question=""), name="reviews_poll_asks_something"),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(closed_at__isnull=False), name="reviews_poll_answered_is_closed"
            ),
        ]

    def __str__(self):
        return f"{self.case_id}, question {self.number}"


class Voter(models.Model):
    """One member of the electorate of a question.

    ``counts`` says whether they are part of the whole, more than half of which carries. Who has a conflict never
    answers; of an instructor question they still count, of an appeal they leave the electorate.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voters")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    state = models.CharField(max_length=10, choices=SeatState, default=SeatState.INVITED)
    counts = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, blank=True)
    hint = models.CharField(max_length=8, blank=True)

    objects = VoterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["member"],
                name="reviews_questions_of",
                condition=Q(state__in=[SeatState.INVITED, SeatState.DECLARED]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["poll", "member"], name="reviews_voter_once"),
            models.CheckConstraint(condition=Q(state__in=VOTING), name="reviews_voter_state"),
            models.CheckConstraint(
                condition=Q(counts=True) | Q(state=SeatState.RECUSED), name="reviews_only_the_recused_leave"
            ),
        ]

    def __str__(self):
        return f"{self.poll_id}: {self.member_id}"


class Vote(models.Model):
    """One answer. Votes are only ever added; the last one of a voter stands. Nobody else reads it until all is over."""

    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="votes")
    revision = models.PositiveSmallIntegerField()
    submit_key = models.UUIDField(unique=True)
    answer = models.CharField(max_length=8, choices=Answer)
    reason = models.TextField(blank=True)
    cast_at = models.DateTimeField()

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [
            append_only("votes_stay"),
            pgtrigger.Trigger(
                name="no_vote_of_the_recused_or_late",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("barred", "boolean")],
                func=(
                    "SELECT voter.state = 'recused' OR poll.closed_at IS NOT NULL INTO barred"
                    " FROM reviews_voter voter JOIN reviews_poll poll ON poll.id = voter.poll_id"
                    " WHERE voter.id = NEW.voter_id;"
                    " IF barred THEN RAISE EXCEPTION 'who stepped out, or comes late, does not vote'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="reviews_vote_answer_known"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.NO) | ~Q(reason=""), name="reviews_vote_reason_where_needed"
            ),
        ]

    def __str__(self):
        return f"Vote {self.pk}"
