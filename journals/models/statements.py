"""What each upload did for each member it touched, and how the membership system names activities (R-UPL-5)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journals.models.ledger import Upload
from journals.querysets import StatementQuerySet
from journals.states import Activity
from serportal.certifications.models import Period

F, Q = models.F, models.Q


class Statement(models.Model):
    """One period of one member in one upload: written by the statement that posts, never changed.

    ``carried_in``, ``exported`` and ``carried_out`` are of the member’s export to the membership system. They chain
    from one statement of a member to the next, whatever the period.
    """

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="statements", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements", db_index=False
    )
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="statements", db_index=False)
    entries = models.PositiveIntegerField(_("entries"))
    opening = models.DecimalField(_("opening"), max_digits=7, decimal_places=2)
    posted = models.DecimalField(_("posted"), max_digits=7, decimal_places=2)
    closing = models.DecimalField(_("closing"), max_digits=7, decimal_places=2)
    needed = models.DecimalField(_("still needed"), max_digits=7, decimal_places=2)
    whole_numbers = models.BooleanField(help_text="Whether the membership system held whole numbers on that day.")
    carried_in = models.DecimalField(_("carried in"), max_digits=7, decimal_places=2)
    exported = models.DecimalField(_("exported"), max_digits=7, decimal_places=2)
    carried_out = models.DecimalField(_("carried out"), max_digits=7, decimal_places=2)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="journals_last_of_person"),
            models.Index(fields=["period", "-id"], name="journals_last_of_period"),
        ]
        triggers = [pgtrigger.Protect(name="statements_stay", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["upload", "period"], name="journals_statement_once"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("posted"), needed__gte=0, entries__gte=1),
                name="journals_statement_adds_up",
            ),
            models.CheckConstraint(
                name="journals_statement_carries",
                condition=Q(
                    exported=F("carried_in") + F("posted") - F("carried_out"),
                    carried_in__gte=0,
                    carried_in__lt=1,
                    carried_out__gte=0,
                    carried_out__lt=1,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.upload_id}: {self.period_id}"


class StatementMail(models.Model):
    """Whether a member wants a letter with each statement; no row is a no."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statement_mail", verbose_name=_("person")
    )
    wanted = models.BooleanField(_("each statement by e-mail"), default=False)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("statements by e-mail")
        verbose_name_plural = _("statements by e-mail")

    def __str__(self):
        return str(self.person)


class CreditTypeCode(models.Model):
    """What the membership system calls the credits of one activity; its import wants the name it has on that day."""

    activity = models.CharField(_("activity"), max_length=12, choices=Activity, unique=True, editable=False)
    code = models.CharField(_("credit type code"), max_length=40, help_text=_("As the membership system has it."))

    class Meta:
        verbose_name = _("credit type code")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="journals_code_activity"),
            models.CheckConstraint(condition=~Q(code=""), name="journals_code_given"),
        ]

    def __str__(self):
        return f"{self.get_activity_display()}: {self.code}"
