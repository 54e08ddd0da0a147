"""Academic partners, their programmes, and what they say about their graduates (R-APP-7)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.querysets import GraduateQuerySet
from applications.states import Confirmed, Via
from serportal.reviews.models.cases import append_only

Q = models.Q


class Partner(models.Model):
    """A college whose graduates use the short form. ``contact`` may sign in and answer on the partner’s page."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    contact_name = models.CharField(_("contact"), max_length=200)
    contact_email = models.EmailField(_("e-mail address of the contact"))
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partners",
        verbose_name=_("account of the contact"),
    )
    fee_covered = models.BooleanField(_("the partner covers the fee"), default=False)
    thanks = models.TextField(
        _("thank-you text"), blank=True, help_text=_("Shown to its graduates after they applied.")
    )
    active = models.BooleanField(_("takes part"), default=True)

    class Meta:
        verbose_name = _("academic partner")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Programme(models.Model):
    """A programme of a partner whose graduates may use the short form."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(_("programme"), max_length=200)
    active = models.BooleanField(_("takes part"), default=True)

    class Meta:
        verbose_name = _("programme")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "name"], name="applications_a_programme_once"),
        ]

    def __str__(self):
        return f"{self.name}, {self.partner}"


class Graduate(models.Model):
    """What a college is asked about one applicant, and what it said. Its last answer stands; each is an event."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="graduate")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="graduates")
    student_number = models.CharField(max_length=60, blank=True)
    completed_on = models.DateField()
    state = models.CharField(max_length=7, choices=Confirmed, default=Confirmed.PENDING)
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    via = models.CharField(max_length=11, choices=Via, blank=True)
    note = models.TextField(blank=True, help_text="Why it was denied; read by coordinators and the applicant.")

    objects = GraduateQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner’s graduate")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["programme"], name="applications_unanswered", condition=Q(state="pending"))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Confirmed.values), name="applications_graduate_state"),
            models.CheckConstraint(
                condition=Q(state=Confirmed.PENDING, answered_at__isnull=True, via="")
                | (~Q(state=Confirmed.PENDING) & Q(answered_at__isnull=False, via__in=Via.values)),
                name="applications_answered_iff_at",
            ),
            models.CheckConstraint(condition=~Q(state=Confirmed.NO) | ~Q(note=""), name="applications_no_has_reason"),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.state}"


class GraduateAnswer(models.Model):
    """One answer of a college about a graduate, as it was given; only added, so that a correction hides nothing.

    ``by`` is empty where it came by the link. ``note`` is why it was denied, or the coordinator’s reason to enter it.
    """

    graduate = models.ForeignKey(Graduate, on_delete=models.PROTECT, related_name="answers")
    yes = models.BooleanField()
    note = models.TextField(blank=True)
    via = models.CharField(max_length=11, choices=Via)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("graduate_answers_stay")]
        constraints = [
            models.CheckConstraint(condition=Q(via__in=Via.values), name="applications_answer_via_known"),
            models.CheckConstraint(condition=Q(yes=True) | ~Q(note=""), name="applications_answer_no_has_reason"),
        ]

    def __str__(self):
        return str(_("confirmed") if self.yes else _("denied"))
