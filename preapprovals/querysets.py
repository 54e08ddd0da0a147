"""Who may see which request, offering and roster, and what is on the list."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef, Q

from preapprovals.states import STANDING, AttendanceState, ContactRole

EDITORS = (ContactRole.MANAGER, ContactRole.EDITOR)


class SponsorQuerySet(models.QuerySet):
    def of(self, person, roles=tuple(ContactRole)):
        """Sponsors that ``person`` acts for in one of ``roles``."""
        contacts = self.model._meta.get_field("contacts").related_model.objects.current()
        return self.filter(Exists(contacts.filter(sponsor=OuterRef("pk"), person=person, role__in=roles)))


class ContactQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at__isnull=True)


class DraftQuerySet(models.QuerySet):
    def open_of(self, person):
        """Requests that ``person`` is preparing, the last one saved first; answers are not among them."""
        return self.filter(owner=person, sent_at__isnull=True, request__isnull=True).order_by("-saved_at")


class RequestQuerySet(models.QuerySet):
    def of(self, person):
        """Requests that ``person`` filed, or that were filed for a sponsor they act for, with their cases."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person)
        return self.filter(Q(case__filed_by=person) | Q(sponsor__in=sponsors)).select_related("case")


class OfferingQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(state__in=STANDING)

    def public(self, day: date):
        """What anyone may see on ``day``: standing and not expired, pre-approved or only listed (R-SPO-3, R-SPO-7)."""
        return self.standing().filter(valid_to__gte=day)

    def of(self, person, roles=tuple(ContactRole)):
        """Offerings of the sponsors that ``person`` acts for in one of ``roles``."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person, roles)
        return self.filter(sponsor__in=sponsors)


class OccurrenceQuerySet(models.QuerySet):
    def public(self, day: date):
        """Dates of offerings that anyone may see on ``day``; cancelled ones among them."""
        return self.filter(offering__state__in=STANDING, offering__valid_to__gte=day)

    def held(self):
        return self.filter(cancelled_at__isnull=True)


class AttendanceQuerySet(models.QuerySet):
    def known(self):
        """Rows that count: not taken back with their roster."""
        return self.exclude(state=AttendanceState.UNDONE)

    def offered_to(self, person):
        """What a roster says of ``person``, or of an address that is theirs, and they have not answered yet."""
        addresses = EmailAddress.objects.filter(user=person, verified=True).values("email")
        theirs = Q(person=person) | Q(person=None, email__in=addresses)
        return self.filter(theirs, state=AttendanceState.OFFERED)

    def addressed_to(self, email: str):
        return self.filter(Q(email__iexact=email), person__isnull=True)
