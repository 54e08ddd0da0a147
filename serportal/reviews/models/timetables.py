"""The days inside the promised time, and what the portal does by itself: dated rows of one kind of submission."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.reviews.querysets import TimetableQuerySet
from serportal.ui.words import day_text


class Timetable(models.Model):
    """By when each step of a kind is due, in days from filing (SPEC 5); a case keeps the row it was filed under.

    The days of the answer are SER’s promise (R-REV-1, R-REV-2); the kind bounds them. ``fills_itself`` lets the portal
    seat an alternate without a hint of conflict; the lanes let the coordinator decide alone (R-REV-7).
    """

    kind = models.CharField(_("kind"), max_length=12)
    effective_from = models.DateField(_("in force from"))
    screen_days = models.PositiveSmallIntegerField(_("screened by day"))
    ballot_days = models.PositiveSmallIntegerField(_("ballots due on day"))
    answer_days = models.PositiveSmallIntegerField(_("letter by day"))
    alternate_days = models.PositiveSmallIntegerField(_("days an alternate has for the ballot"))
    settle_days = models.PositiveSmallIntegerField(_("days a split panel is open to itself"))
    proof_days = models.PositiveSmallIntegerField(_("days for the proof after an activity approved in advance"))
    fills_itself = models.BooleanField(
        _("an open seat is filled by the portal"),
        default=True,
        help_text=_(
            "With a member who shows no hint of a conflict and is not away; otherwise the coordinator chooses."
        ),
    )
    precedent_lane = models.BooleanField(
        _("the coordinator alone decides what a panel decided for the same event and activity"),
        default=True,
        help_text=_("To be verified with SER."),
    )
    code_lane = models.BooleanField(
        _("the coordinator alone decides a valid approval code with its Confirmation of Completion"),
        default=True,
        help_text=_("To be verified with SER."),
    )

    objects = TimetableQuerySet.as_manager()

    class Meta:
        verbose_name = _("timetable")
        ordering = ["kind", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="reviews_timetable_once_a_day"),
            models.CheckConstraint(
                name="reviews_timetable_in_order",
                condition=models.Q(
                    screen_days__gte=1,
                    ballot_days__gt=models.F("screen_days"),
                    answer_days__gt=models.F("ballot_days"),
                    answer_days__lte=365,
                    alternate_days__gte=1,
                    alternate_days__lte=60,
                    settle_days__gte=1,
                    settle_days__lte=30,
                    proof_days__gte=1,
                    proof_days__lte=365,
                ),
                violation_error_message=_(
                    "The days do not follow each other: screened, then ballots, then the letter."
                ),
            ),
        ]

    def __str__(self):
        return _("{kind}, from {day}").format(kind=self.kind, day=day_text(self.effective_from))
