"""What an applicant sees of a filed application: where it stands, what blocks it, the letters, the offer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from applications.kind import sheets_of
from applications.models import Application
from applications.reading import rows_with_files
from applications.services import gates
from applications.services.content import chapters_of
from applications.services.papers import application_paper
from applications.states import Kind
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Step
from serportal.reviews.trail import trail
from serportal.reviews.wording import standing
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class OwnCaseMixin:
    """A page of one filed application of this person; anybody else’s does not exist."""

    @cached_property
    def application(self) -> Application:
        applications = Application.objects.of(self.request.user).select_related(
            *("case__folder", "criteria", "window", "bill", "certification", "granted", "graduate__programme__partner")
        )
        return get_object_or_404(applications, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.application.case


class CaseView(OwnCaseMixin, TemplateView):
    """Where an application is, who holds it, what still blocks it and what comes; what was filed; the letters."""

    template_name = "applications/case.html"

    def get_context_data(self, **kwargs):
        application, case = self.application, self.case
        letters = list(Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"))
        stand = standing(case, programme_day())
        chapters = chapters_of(application)
        return super().get_context_data(
            case=case,
            application=application,
            stand=stand,
            stops=trail(case, case.events.all()),
            blocks=gates.blocks_of(application) if case.state in gates.WATCHED else [],
            watched=case.state in gates.WATCHED,
            waits_for_window=application.window is not None and case.clock_on > programme_day(),
            sheet=sheets_of(application).lines(),
            chapters=chapters,
            file_rows=rows_with_files(chapters),
            files=case.folder.files.filter(removed_at__isnull=True),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            request_open=reviews.open_request(case) if case.step == Step.ANSWER else None,
            offer=case.decisions.filter(offer=True).order_by("-pk").first() if case.step == Step.OFFER else None,
            has_references=application.kind in {Kind.CERP, Kind.CERPIT},
            may_withdraw=case.state not in ENDED and case.step != Step.OFFER,
            graduate=getattr(application, "graduate", None),
            **kwargs,
        )


class PaperView(OwnCaseMixin, View):
    """One’s own application as PDF, without what the referees answered."""

    def get(self, request, reference):
        return paper_response(application_paper(self.application), reference)


class WithdrawView(OwnCaseMixin, View):
    """Say what withdrawing means, then do it once."""

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect("applications:case", reference=reference)
        return TemplateResponse(
            request, "applications/withdraw.html", {"case": self.case, "application": self.application}
        )

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect("applications:case", reference=reference)


class OfferView(OwnCaseMixin, View):
    """Say what taking or declining the offer means, then do it once (R-APP-9)."""

    def get(self, request, reference):
        if self.case.step != Step.OFFER:
            return redirect("applications:case", reference=reference)
        offer = self.case.decisions.filter(offer=True).order_by("-pk").first()
        return TemplateResponse(request, "applications/offer.html", {"case": self.case, "offer": offer})

    def post(self, request, reference):
        answer = request.POST.get("answer")
        if answer not in {"accept", "decline"}:
            raise Http404
        try:
            reviews.take_offer(self.case.pk, accept=answer == "accept", by=request.user)
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            done = _("You are certified as CERPIT. Welcome.") if answer == "accept" else _("The offer is declined.")
            messages.success(request, done)
        return redirect("applications:case", reference=reference)
