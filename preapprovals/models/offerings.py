"""What is on the list: an approved offering, the sessions of its agenda, and its dated runs."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from journals.models import Event
from journals.states import Delivery
from preapprovals.models.changes import shown
from preapprovals.models.requests import PreapprovalRequest
from preapprovals.models.sponsors import Sponsor
from preapprovals.querysets import OccurrenceQuerySet, OfferingQuerySet
from preapprovals.states import DELIVERED, OFFERED, STANDING, OfferingState
from serportal.accounts.models import check_time_zone

Q = models.Q


class Offering(models.Model):
    """A course or event on the list (R-SPO-3): pre-approved where it has a ``code``, else only listed (R-SPO-7).

    It holds from ``valid_from`` to ``valid_to``, both days included (R-SPO-2): what happens on one of them counts.
    ``credits`` are the most that attending all of it brings. An imported one has no ``request``. ``search`` is what the
    list is searched by.
    """

    request = models.OneToOneField(
        PreapprovalRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="offering"
    )
    renews = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_by")
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="offerings", verbose_name=_("sponsor"))
    code = models.CharField(_("approval code"), max_length=13, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=OfferingState, default=OfferingState.ACTIVE)
    category = models.CharField(_("category"), max_length=12, choices=[(one, one.label) for one in OFFERED])
    title = models.CharField(_("title"), max_length=200)
    part_of = models.CharField(_("part of"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    areas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery)
    language = models.CharField(_("language"), max_length=40, blank=True, default="English")
    instructors = models.TextField(_("instructors"), blank=True, help_text=_("One name a line."))
    minutes = models.PositiveIntegerField(_("contact time in minutes"), default=0)
    credits = models.DecimalField(_("credits"), max_digits=5, decimal_places=2, null=True, blank=True)
    recurring = models.BooleanField(_("offered again and again"), default=False)
    valid_from = models.DateField(_("holds from"))
    valid_to = models.DateField(_("holds until"))
    registration_name = models.CharField(_("registration contact"), max_length=200, blank=True)
    registration_email = models.EmailField(_("registration e-mail"), blank=True)
    url = models.URLField(_("web page"), max_length=500, blank=True)
    price = models.CharField(_("price"), max_length=100, blank=True)
    listed_at = models.DateTimeField(_("listed"))
    logo_agreed_at = models.DateTimeField(_("logo terms accepted"), null=True, blank=True)
    logo_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search = models.TextField(editable=False, default="")

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offering")
        ordering = ["title", "pk"]
        triggers = [shown("offerings_are_shown")]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="preapprovals_search"),
            models.Index(fields=["valid_to"], name="preapprovals_expiry", condition=Q(state__in=STANDING)),
            models.Index(fields=["-listed_at"], name="preapprovals_newest", condition=Q(state__in=STANDING)),
            models.Index(fields=["sponsor", "-listed_at"], name="preapprovals_of_sponsor"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OfferingState.values), name="preapprovals_offering_state"),
            models.CheckConstraint(condition=Q(category__in=[*OFFERED]), name="preapprovals_offering_category"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="preapprovals_offering_delivery"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="preapprovals_offering_days_in_order"
            ),
            models.CheckConstraint(
                name="preapprovals_code_iff_credits",
                condition=Q(code__isnull=True, credits__isnull=True)
                | Q(code__isnull=False, credits__gt=0, credits__lte=100),
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code__regex=r"^SER-[0-9A-Z]{4}-[0-9A-Z]{4}$"),
                name="preapprovals_code_form",
            ),
            models.CheckConstraint(
                name="preapprovals_logo_agreed_by_someone",
                condition=Q(logo_agreed_at__isnull=True, logo_agreed_by__isnull=True)
                | Q(logo_agreed_at__isnull=False, logo_agreed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_preapproved(self) -> bool:
        return self.code is not None

    def get_delivery_display(self) -> str:
        """Return how it is taught as everyone reads it; the label of the choice is said by a claimant."""
        return str(DELIVERED[self.delivery])

    def holds_on(self, day: date) -> bool:
        """Whether it stands and holds on ``day``: on the list, its logo allowed."""
        return self.state in STANDING and self.valid_from <= day <= self.valid_to


class AgendaSession(models.Model):
    """One stretch of contact time of an offering’s agenda, which attendees may have taken part in alone (R-CAT-3).

    ``day`` counts from 1, the first day of an occurrence.
    """

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField(default=1)
    starts = models.TimeField()
    ends = models.TimeField()
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "number"], name="preapprovals_session_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=24 * 60), name="preapprovals_session_minutes"
            ),
        ]

    def __str__(self):
        return self.title


class Occurrence(models.Model):
    """One dated run of an offering; of an on-demand one, the days in which it may be taken.

    ``starts`` and ``ends`` are the times of day by the clock of ``zone``: the beginning on the first day and the end on
    the last. ``uid`` and ``sequence`` are what calendar programs follow it by; ``event`` is what its claims share
    (R-CAP). ``confirmed_at`` says that the sponsor gave every participant the Confirmation of Completion (R-SPO-4).
    """

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="occurrences")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    starts = models.TimeField(_("begins at"), null=True, blank=True)
    ends = models.TimeField(_("ends at"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=50, validators=[check_time_zone])
    place = models.CharField(_("place"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    url = models.URLField(_("address online"), max_length=500, blank=True)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="occurrences")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("completion confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date")
        ordering = ["first_day", "pk"]
        triggers = [shown("dates_are_shown")]
        indexes = [
            models.Index(fields=["last_day", "first_day"], name="preapprovals_calendar"),
            models.Index(fields=["offering", "first_day"], name="preapprovals_runs"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="preapprovals_run_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(starts__isnull=False, ends__isnull=False),
                name="preapprovals_run_both_times",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True)
                | Q(last_day__gt=models.F("first_day"))
                | Q(ends__gt=models.F("starts")),
                name="preapprovals_run_times_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.offering_id}: {self.first_day}"

    @property
    def confirm_by(self) -> date:
        """The day by which every participant has the Confirmation of Completion (R-SPO-4)."""
        return self.last_day + timedelta(days=30)
