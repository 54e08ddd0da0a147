"""Who may see which application, and what waits for whom."""

from datetime import date

from django.db import models

from applications.states import CLOSED, GONE, SILENT, Confirmed
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Step

Q = models.Q


class DraftQuerySet(models.QuerySet):
    def open_of(self, person):
        """Applications that ``person`` is preparing, the last one saved first; answers are not among them."""
        return self.filter(owner=person, sent_at__isnull=True, request__isnull=True).order_by("-saved_at")


class ReferenceQuerySet(models.QuerySet):
    def counting(self):
        """References that take a place: neither declined nor replaced."""
        return self.exclude(state__in=GONE)

    def silent(self):
        """References that were asked for and may still come, of applications that are not decided or withdrawn."""
        return self.filter(Q(draft__case=None) | ~Q(draft__case__state__in=CLOSED), state__in=SILENT)


class WindowQuerySet(models.QuerySet):
    def open_on(self, day: date):
        """Windows that have not closed before ``day``, the next to close first."""
        return self.filter(closes_on__gte=day).order_by("closes_on")

    def counted(self, cases):
        """Each with its applications among ``cases``: ``filed``, ``ready`` with every gate settled, and ``decided``."""
        known = models.Q(applications__case__in=cases)
        ready = known & models.Q(applications__complete_at__isnull=False)
        decided = known & models.Q(applications__case__decided_at__isnull=False)
        counts = {"filed": known, "ready": ready, "decided": decided}
        return self.annotate(**{name: models.Count("applications", filter=one) for name, one in counts.items()})


class ApplicationQuerySet(models.QuerySet):
    def of(self, person):
        """Applications that ``person`` filed, the newest first, with their cases."""
        return self.filter(case__filed_by=person).select_related("case").order_by("-case__filed_at")


class GraduateQuerySet(models.QuerySet):
    """What a college is asked about. ``application`` and the case it travels in share their key."""

    def of_contact(self, person):
        """Graduates of the colleges that ``person`` answers for; nobody answers about themself."""
        return self.filter(programme__partner__contact=person).exclude(application__case__filed_by=person)

    def unanswered(self):
        """Graduates whose college was asked and is silent, while its answer still counts."""
        return self.filter(state=Confirmed.PENDING).exclude(application__case__step=Step.DONE)

    def coordinated_by(self, user):
        """Graduates of the cases ``user`` may work on as a coordinator (R-REV-5)."""
        return self.filter(application__in=ReviewCase.objects.coordinated_by(user).values("pk"))

    def found(self, words: str):
        """Graduates whose name or student number holds ``words``; all of them where there are none."""
        named = models.Q(application__name_on_certificate__icontains=words) | models.Q(student_number__icontains=words)
        return self.filter(named) if words else self
