"""The Confirmations of Completion of one occurrence: who gets one, each as PDF, all as one ZIP (R-SPO-4)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from preapprovals.models import Attendance, Occurrence, Offering, Sponsor
from preapprovals.pages import SponsorSideView
from preapprovals.services import completion
from serportal.ui.papers import archive_response, paper_response

A_PAGE = 50


def preapproved(person):
    return Offering.objects.readable_by(person).filter(code__isnull=False)


class OccurrenceSideView(SponsorSideView):
    """A page about one occurrence of a pre-approved offering, whose credits count."""

    def find(self, person, pk) -> Occurrence | None:
        found = Occurrence.objects.filter(pk=pk, offering__in=preapproved(person))
        run = found.select_related("offering__sponsor").first()
        return run if run and completion.counting(run.offering).filter(pk=run.pk).exists() else None

    @property
    def sponsor(self) -> Sponsor:
        return self.one.offering.sponsor


class ConfirmationsView(OccurrenceSideView):
    def get(self, request, pk):
        page = Paginator(completion.confirmed(self.one), A_PAGE).get_page(request.GET.get("page"))
        context = {
            "occurrence": self.one,
            "offering": self.one.offering,
            "page": page,
            "rows": completion.completed(self.one, page),
        }
        return TemplateResponse(request, "preapprovals/offerings/confirmations.html", context)


class ArchiveView(OccurrenceSideView):
    """All of them, each made when the one before is sent."""

    def get(self, request, pk):
        name = f"confirmations-{self.one.offering.code}-{self.one.first_day.isoformat()}"
        return archive_response(completion.all_confirmations(self.one), name)


class ConfirmationView(SponsorSideView):
    """One person’s confirmation; none where the sponsor confirmed no time, or too little of it (R-MIN)."""

    def find(self, person, pk) -> Attendance | None:
        found = Attendance.objects.known().filter(minutes__isnull=False, occurrence__offering__in=preapproved(person))
        one = found.select_related("occurrence__offering__sponsor").filter(pk=pk).first()
        return one if one and completion.counting(one.occurrence.offering).filter(attendances=pk).exists() else None

    @property
    def sponsor(self) -> Sponsor:
        return self.one.occurrence.offering.sponsor

    def get(self, request, pk) -> HttpResponse:
        occurrence = self.one.occurrence
        [one] = completion.completed(occurrence, [self.one])
        if not one.credits:
            raise Http404
        return paper_response(
            completion.confirmation(occurrence, one), f"confirmation-{occurrence.offering.code}-{self.one.pk}"
        )
