"""Who may see which request, offering and roster, and what is on the list."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from preapprovals.states import STANDING, AttendanceState, ContactRole, RosterState
from serportal.reviews.states import ENDED

# The request of an offering, and those of the offerings it renews one after the other: a chain of eight years.
REQUESTS = ("request", "renews__request", "renews__renews__request", "renews__renews__renews__request")
EDITORS = (ContactRole.MANAGER, ContactRole.EDITOR)


class SponsorQuerySet(models.QuerySet):
    def of(self, person, roles=tuple(ContactRole)):
        """Sponsors that ``person`` acts for in one of ``roles``."""
        contacts = self.model._meta.get_field("contacts").related_model.objects.current()
        return self.filter(Exists(contacts.filter(sponsor=OuterRef("pk"), person=person, role__in=roles)))

    def readable_by(self, person):
        """Sponsors that ``person`` acts for; every one for a coordinator."""
        return self.all() if person.is_coordinator else self.of(person)


class ContactQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at__isnull=True)

    def managing(self):
        """Contacts who can act as managers today: they came, and their account is open."""
        return self.current().filter(role=ContactRole.MANAGER, person__is_active=True)

    def invited(self, person):
        """Invitations that ``person`` can answer: to an address they proved to be theirs."""
        own = person.emailaddress_set.filter(verified=True).annotate(low=Lower("email")).values("low")
        return self.current().filter(person__isnull=True, email__in=own)


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

    def readable_by(self, person):
        """Offerings of a person’s sponsors, and those they may work on as a coordinator."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person)
        theirs = self.model.objects.coordinated_by(person).values("pk")
        return self.filter(Q(sponsor__in=sponsors) | Q(pk__in=theirs))

    def coordinated_by(self, user):
        """Offerings that ``user`` may work on as a coordinator: without any conflict (R-REV-5).

        Hidden is what came from a case that is closed to them, what renews that, and what they offer themselves.
        """
        if not user.is_coordinator:
            return self.none()
        request = self.model._meta.get_field("request").related_model
        closed = request._meta.get_field("case").related_model.objects.closed_to(user)
        hidden = self.model.objects.of(user).values("pk")
        clear = [~Exists(closed.filter(pk=OuterRef(f"{name}_id"))) for name in REQUESTS]
        return self.filter(*clear).exclude(pk__in=hidden)


class OccurrenceQuerySet(models.QuerySet):
    def public(self, day: date):
        """Dates of offerings that anyone may see on ``day``; cancelled ones among them."""
        return self.filter(offering__state__in=STANDING, offering__valid_to__gte=day)

    def held(self):
        return self.filter(cancelled_at__isnull=True)

    def to_confirm(self, day: date):
        """Pre-approved dates over by ``day`` whose sponsor has not confirmed completion yet (R-SPO-4)."""
        over = self.held().filter(offering__code__isnull=False, last_day__lte=day, confirmed_at__isnull=True)
        return over.order_by("last_day", "pk")

    def of(self, person, roles=tuple(ContactRole)):
        """Dates of the sponsors that ``person`` acts for in one of ``roles``."""
        offerings = self.model._meta.get_field("offering").related_model.objects.of(person, roles)
        return self.filter(offering__in=offerings)


class AttendanceQuerySet(models.QuerySet):
    def known(self):
        """Rows that count: not taken back with their roster."""
        return self.exclude(state=AttendanceState.UNDONE)

    def offered_to(self, person):
        """What a roster says of ``person``, or of an address that is theirs, and they have not answered yet."""
        own = person.emailaddress_set.filter(verified=True).annotate(low=Lower("email")).values("low")
        theirs = Q(person=person) | Q(person=None, email__in=own)
        return self.filter(theirs, state=AttendanceState.OFFERED)

    def addressed_to(self, email: str):
        return self.filter(Q(email__iexact=email), person__isnull=True)

    def mismatches(self):
        """Where list and claim differ while the claim can still be decided: more hours claimed than told, or not told.

        A claim is not told of where a list of its date is taken in and does not have the person. Coordinators see
        those of the cases they coordinate: narrow it by them (R-REV-5).
        """
        rosters = self.model._meta.get_field("occurrence").related_model._meta.get_field("rosters").related_model
        told = rosters.objects.filter(occurrence=OuterRef("occurrence"), state=RosterState.TAKEN)
        open_claims = self.filter(state=AttendanceState.CLAIMED).exclude(case__state__in=ENDED)
        return open_claims.annotate(claimed_minutes=F("case__cecs_cecsubmission__hours") * 60).filter(
            Q(claimed_minutes__gt=F("minutes")) | Q(Exists(told), minutes__isnull=True)
        )
