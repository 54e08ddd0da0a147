"""Who may see which application, and what waits for whom."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Subquery

from applications.rules import GATES
from applications.states import CLOSED, GONE, SILENT, WATCHED, Confirmed, Document, Gate, Kind, ReferenceState, Side
from serportal.accounts.models import Signature
from serportal.fees.states import SETTLED
from serportal.files.models import StoredFile
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Step

Q = models.Q


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
        """Each with its applications among ``cases``: ``filed``, ``ready`` for the panel, and ``decided``."""
        known = models.Q(applications__case__in=cases)
        ready = known & models.Q(applications__case__state=CaseState.READY)
        decided = known & models.Q(applications__case__decided_at__isnull=False)
        counts = {"filed": known, "ready": ready, "decided": decided}
        return self.annotate(**{name: models.Count("applications", filter=one) for name, one in counts.items()})


class ApplicationQuerySet(models.QuerySet):
    def of(self, person):
        """Applications that ``person`` filed, the newest first, with their cases."""
        return self.filter(case__filed_by=person).select_related("case").order_by("-case__filed_at")

    def coordinated_by(self, user):
        """Applications whose cases ``user`` may work on as a coordinator (R-REV-5)."""
        return self.filter(case__in=ReviewCase.objects.coordinated_by(user).values("pk"))

    def before_review(self):
        """Applications whose review has not begun, so that their gates are watched."""
        return self.filter(case__state__in=WATCHED)

    def held_up_by(self, gate: str):
        """Applications whose review ``gate`` still holds up; ``services.gates`` says the same of each (R-APP-11)."""
        asked = Q(kind__in=[kind for kind, gates in GATES.items() if gate in gates])
        shut = {
            Gate.FEE: self._unpaid,
            Gate.REFERENCES: self._unreferred,
            Gate.AGREEMENT: self._unsigned,
            Gate.DOCUMENTS: self._undocumented,
            Gate.COURSE: lambda: Q(course_verified_at=None),
            Gate.PARTNER: lambda: Q(graduate=None) | Q(graduate__state=Confirmed.PENDING),
        }[Gate(gate)]
        return self.before_review().filter(asked, shut())

    def held_up(self):
        """Applications that wait for anything at all."""
        shut = [Q(pk__in=self.model.objects.held_up_by(gate).values("pk")) for gate in Gate]
        return self.filter(Q(*shut, _connector=Q.OR))

    def with_a_course_to_read(self):
        """Applications whose certificate of the e-learning course waits for the coordinator to verify it."""
        return self.held_up_by(Gate.COURSE).filter(Exists(self._files(Document.COURSE)))

    def held_up_by_others(self):
        """Applications that wait for anyone but the coordinator: ``services.gates.Block.ours`` says the same."""
        shut = {gate: Q(pk__in=self.model.objects.held_up_by(gate).values("pk")) for gate in Gate}
        shut[Gate.FEE] &= Q(bill__asked_at=None)
        shut[Gate.COURSE] &= ~Q(Exists(self._files(Document.COURSE)))
        return self.filter(Q(*shut.values(), _connector=Q.OR))

    def with_references(self):
        """Each with how many of its references are in."""
        came = Q(
            case__application_drafts__request=None,
            case__application_drafts__references__state=ReferenceState.RECEIVED,
        )
        counted = self.model._base_manager.filter(pk=OuterRef("pk")).values("pk")
        counted = counted.annotate(n=Count("case__application_drafts__references", filter=came)).values("n")
        return self.annotate(references_in=Subquery(counted))

    def _unpaid(self) -> Q:
        return Q(bill__isnull=False) & ~Q(bill__state__in=SETTLED)

    def _unreferred(self) -> Q:
        few = self.model.objects.with_references().filter(references_in__lt=F("criteria__references_least"))
        return Q(pk__in=few.values("pk"))

    def _unsigned(self) -> Q:
        return Q(~Exists(Signature.objects.filter(about=OuterRef("case__reference"))))

    def _files(self, purpose: str):
        return StoredFile.objects.filter(folder=OuterRef("case__folder"), removed_at=None, purpose=purpose)

    def _undocumented(self) -> Q:
        knowledge = Q(kind=Kind.CERP) | Q(sides__contains=[Side.KNOWLEDGE])
        no_resume, no_transcript = (Q(~Exists(self._files(one))) for one in (Document.RESUME, Document.TRANSCRIPT))
        return ~Q(kind=Kind.UPGRADE) & (no_resume | (knowledge & no_transcript))


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
