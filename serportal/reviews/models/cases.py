"""The case of a filed submission, what happened to it, who is involved, what was asked and noted."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.files.models import Folder
from serportal.reviews.models.timetables import Timetable
from serportal.reviews.querysets import CaseQuerySet
from serportal.reviews.states import DECIDED, ENDED, CaseState, Move, PartyRole, Purpose, Step

Q = models.Q


def append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class ReviewCase(models.Model):
    """Who filed what, where it stands, who holds it and when it is due; never what is inside.

    A draft has no case, so no committee query can show one. Only ``reviews.services`` changes ``state`` and ``step``.
    ``granted`` is what a decided case brought; a case approved in advance has none yet.
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
    clock_on = models.DateField(
        _("clock started"), help_text=_("Filing; later the proof, or the day on which it was opened again.")
    )
    due_on = models.DateField(_("letter due"))
    over_on = models.DateField(
        _("activity over"), null=True, blank=True, help_text=_("The last day of what was approved in advance.")
    )
    timetable = models.ForeignKey(Timetable, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(_("state"), max_length=21, choices=CaseState, default=CaseState.SUBMITTED)
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
            models.Index(fields=["over_on"], name="reviews_ahead", condition=Q(state=CaseState.IN_ADVANCE)),
            GinIndex(fields=["headline"], opclasses=["gin_trgm_ops"], name="reviews_headline_like"),
            GinIndex(fields=["party"], opclasses=["gin_trgm_ops"], name="reviews_party_like"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="reviews_state_known"),
            models.CheckConstraint(
                name="reviews_done_iff_ended",
                condition=Q(state__in=DECIDED, step=Step.DONE, decided_at__isnull=False)
                | Q(state=CaseState.WITHDRAWN, step=Step.DONE, decided_at__isnull=True)
                | (~Q(state__in=ENDED) & ~Q(step=Step.DONE) & Q(decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="reviews_granted_iff_decided",
                condition=Q(state=CaseState.APPROVED, granted__gte=0, granted__lte=999)
                | Q(state=CaseState.DENIED, granted=0)
                | (~Q(state__in=DECIDED) & Q(granted__isnull=True)),
            ),
            models.CheckConstraint(
                condition=Q(clock_on__gte=models.F("filed_on"), due_on__gte=models.F("clock_on")),
                name="reviews_due_after_filed",
            ),
            models.CheckConstraint(condition=Q(ballots_in__lte=3), name="reviews_ballots_in_three"),
        ]

    def __str__(self):
        return f"{self.reference} {self.headline}"


class CaseEvent(models.Model):
    """One thing that happened to a case; written by the service that did it, never changed.

    ``by`` is empty where the portal acted by itself: a seat filled, a split panel’s time over.
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=10, choices=Move)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("events_stay")]
        constraints = [models.CheckConstraint(condition=Q(move__in=Move.values), name="reviews_event_move_known")]

    def __str__(self):
        return f"{self.case_id} {self.move}"


class Revision(models.Model):
    """What a submission said in one of its versions, as its readers saw it; a ballot belongs to one (R-REV-6).

    ``content`` is a list of [part, label, text]; ``files`` the keys of the files that were there.
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=list)
    files = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        triggers = [append_only("revisions_stay")]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="reviews_revision_once")]

    def __str__(self):
        return f"{self.case_id}, version {self.number}"


class InfoRequest(models.Model):
    """Parts of a filed submission that are open to its author again: a question, or the proof (R-REV-8, R-DATE).

    At most one of a case is open. ``from_state`` and ``from_step`` are where the case stood when it was asked.
    """

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="requests")
    purpose = models.CharField(max_length=8, choices=Purpose)
    parts = ArrayField(models.CharField(max_length=20))
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_state = models.CharField(max_length=21, choices=CaseState)
    from_step = models.CharField(max_length=8, choices=Step)
    closed_at = models.DateTimeField(null=True, blank=True)
    answered = models.BooleanField(default=False)
    answer = models.TextField(blank=True, help_text="What the author wrote beside the changed parts.")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at__isnull=True), name="reviews_one_open_request"
            ),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(closed_at__isnull=False), name="reviews_answered_is_closed"
            ),
            models.CheckConstraint(
                condition=~Q(purpose=Purpose.QUESTION) | ~Q(question=""), name="reviews_a_question_says_something"
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.question[:60]}"


class Extension(models.Model):
    """A letter that says an answer takes longer, and until when (R-REV-3)."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="extensions")
    from_due = models.DateField()
    to_due = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        triggers = [append_only("extensions_stay")]
        constraints = [
            models.CheckConstraint(condition=Q(to_due__gt=models.F("from_due")), name="reviews_extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="reviews_extension_has_reason"),
        ]

    def __str__(self):
        return f"{self.case_id} until {self.to_due}"


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


class CaseNote(models.Model):
    """What coordinators write down about a case for each other, and what a reviewer asks them; no one else reads it."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("notes_stay")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reviews_note_says_something")]

    def __str__(self):
        return self.text[:60]


class Submission(models.Model):
    """What every kind's content has in common: the one case it travels in."""

    case = models.OneToOneField(
        ReviewCase, on_delete=models.PROTECT, primary_key=True, related_name="%(app_label)s_%(class)s"
    )

    class Meta:
        abstract = True
