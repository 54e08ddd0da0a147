"""Who offers what is pre-approved, and the people who act for them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from preapprovals.models.changes import shown
from preapprovals.querysets import ContactQuerySet, SponsorQuerySet
from preapprovals.states import ContactRole, SponsorKind

Q = models.Q


class Sponsor(models.Model):
    """An organisation, or a person, who offers courses and events (R-SPO). ``name_key`` is the folded name."""

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=SponsorKind)
    website = models.URLField(_("website"), blank=True)
    country = CountryField(_("country"), blank=True)
    made_at = models.DateTimeField()

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        ordering = ["name", "pk"]
        triggers = [shown("sponsors_are_shown")]
        indexes = [models.Index(fields=["name_key"], name="preapprovals_sponsor_key")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SponsorKind.values), name="preapprovals_sponsor_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="preapprovals_sponsor_has_name"),
        ]

    def __str__(self):
        return self.name


class Contact(models.Model):
    """Someone who acts for a sponsor: invited by e-mail, ``person`` once that person has come; ``left_at`` ends it."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField(_("e-mail address"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsor_contacts"
    )
    role = models.CharField(_("may"), max_length=8, choices=ContactRole)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "sponsor", Lower("email"), condition=Q(left_at__isnull=True), name="preapprovals_contact_once"
            ),
            models.UniqueConstraint(
                fields=["sponsor", "person"],
                condition=Q(left_at__isnull=True, person__isnull=False),
                name="preapprovals_person_once",
            ),
            models.CheckConstraint(condition=Q(role__in=ContactRole.values), name="preapprovals_contact_role"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, joined_at__isnull=True)
                | Q(person__isnull=False, joined_at__isnull=False),
                name="preapprovals_joined_iff_person",
            ),
        ]

    def __str__(self):
        return self.email
