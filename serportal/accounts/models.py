"""People, the committees they sit on, and what they signed."""

import zoneinfo

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from serportal.accounts.querysets import UserManager
from serportal.accounts.states import Committee, Purpose
from serportal.dated.models import Dated, holds_from_a_real_day, stays_in_force
from serportal.ui.ranges import days_overlap
from serportal.ui.text import one_line


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone we know. Choose one from the list."), params={"name": name})


class User(AbstractBaseUser, PermissionsMixin):
    """One account for a person, who may be applicant, certificant, committee member and coordinator at once.

    ``is_staff`` makes a coordinator. People are deactivated, never deleted.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("full name"), max_length=200, help_text=_("As it should stand in letters."))
    preferred_name = models.CharField(_("what we should call you"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    country = CountryField(_("country"), blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="America/New_York", validators=[check_time_zone]
    )
    membership_id = models.CharField(
        _("id in the membership system"),
        max_length=40,
        blank=True,
        help_text=_("Uploads are exported under it. Empty for people the membership system does not know."),
    )
    is_staff = models.BooleanField(_("coordinator"), default=False, help_text=_("May work in the admin."))
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_folded"),
            models.CheckConstraint(condition=~models.Q(name=""), name="accounts_user_has_name"),
            models.UniqueConstraint(
                fields=["membership_id"],
                condition=~models.Q(membership_id=""),
                name="accounts_user_membership_id",
                violation_error_message=_("Another person has this id in the membership system already. Check both."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.email = type(self).objects.normalize_email(self.email)
        self.membership_id = one_line(self.membership_id)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.preferred_name or self.name

    @property
    def is_coordinator(self) -> bool:
        return self.is_active and self.is_staff


class CommitteeTerm(models.Model):
    """One stretch of a person's service on one committee; the last day counts."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms", verbose_name=_("member")
    )
    committee = models.CharField(_("committee"), max_length=20, choices=Committee)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty while the term is open."))

    class Meta:
        verbose_name = _("committee term")
        ordering = ["committee", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(committee__in=Committee.values), name="accounts_term_committee"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="accounts_term_ends_after_start",
                violation_error_message=_("The last day comes before the first. Swap the two."),
            ),
            ExclusionConstraint(
                name="accounts_term_no_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("committee", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                violation_error_message=_(
                    "This person already has a term on this committee on some of these days. End the earlier one first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.member}, {self.get_committee_display()}"


class Absence(models.Model):
    """Days on which a committee member takes no case; both ends count."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))

    class Meta:
        verbose_name = _("absence")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="accounts_absence_in_order",
                violation_error_message=_("The last day away comes before the first. Swap the two."),
            ),
            ExclusionConstraint(
                name="accounts_absence_no_overlap",
                expressions=[("member", RangeOperators.EQUAL), days_overlap()],
                violation_error_message=_(
                    "You are away on some of these days already. Remove the earlier entry first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.member_id}, {self.starts_on} – {self.ends_on}"


NAMES = {
    Purpose.APPLICANTS: _("agreement"),
    Purpose.SPONSORS: _("sponsor terms"),
    Purpose.LOGO: _("logo terms"),
}


class Agreement(Dated):
    """The words people sign for one purpose, in the version of a day (R-APP-3, R-SPO-1, R-SPO-3)."""

    SERIES = "purpose"

    purpose = models.CharField(_("what for"), max_length=10, choices=Purpose, default=Purpose.APPLICANTS)
    version = models.CharField(_("version"), max_length=40)
    text = models.TextField(_("text"), help_text=_("Paragraphs with an empty line between them."))
    effective_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("agreement")
        ordering = ["purpose", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "effective_from"], name="accounts_agreement_once_a_day"),
            models.UniqueConstraint(fields=["purpose", "version"], name="accounts_agreement_version_once"),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="accounts_agreement_purpose"),
            models.CheckConstraint(condition=~models.Q(text=""), name="accounts_agreement_says_something"),
            holds_from_a_real_day("accounts_agreement_day"),
        ]
        triggers = [stays_in_force("agreements_stay")]

    def __str__(self):
        return str(_("{what}, version {version}").format(what=NAMES[self.purpose], version=self.version))


class Signature(models.Model):
    """Who signed which agreement, typing which name, when, and about what (a reference); only added."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    typed_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    about = models.CharField(max_length=40)

    class Meta:
        ordering = ["-signed_at", "-pk"]
        triggers = [pgtrigger.Protect(name="signatures_stay", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["person", "agreement", "about"], name="accounts_signed_once"),
            models.CheckConstraint(condition=~models.Q(typed_name=""), name="accounts_signature_has_name"),
        ]

    def __str__(self):
        return f"{self.typed_name}, {self.signed_at:%Y-%m-%d}"
