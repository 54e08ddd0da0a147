"""What the people of a sponsor see of a filed request: where it stands, what was filed, the letters."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from preapprovals import reading, wording
from preapprovals.models import Offering, PreapprovalRequest
from preapprovals.services.sponsors import why_not_ask
from serportal.drafts.forms import StartForm
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Step
from serportal.reviews.trail import trail
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class SponsorCaseMixin:
    """A page of one filed request, for who filed it and those who act for the same sponsor."""

    @cached_property
    def request_filed(self) -> PreapprovalRequest:
        seen = PreapprovalRequest.objects.of(self.request.user).select_related(
            *("case__folder", "case__filed_by", "sponsor", "renews", "offering")
        )
        return get_object_or_404(seen, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.request_filed.case


class CaseView(SponsorCaseMixin, TemplateView):
    """Where a request is, who holds it and what happens next by when; what was filed; the letters."""

    template_name = "preapprovals/case.html"

    def get_context_data(self, **kwargs):
        filed, case = self.request_filed, self.case
        mine = case.filed_by_id == self.request.user.pk
        letters = list(Message.objects.filter(about=case.reference, person=case.filed_by).order_by("-owed_at"))
        stand = standing(case, programme_day())
        chapters = reading.chapters(filed)
        return super().get_context_data(
            case=case,
            filed=filed,
            mine=mine,
            stand=stand,
            stops=trail(case, case.events.all()),
            chapters=chapters,
            agenda=reading.agenda_of(filed),
            category=wording.category_text(filed.category),
            hours=wording.hours_text(filed.minutes),
            file_rows=reading.rows_with_files(chapters),
            files=case.folder.files.filter(removed_at__isnull=True),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            request_open=reviews.open_request(case) if mine and case.step == Step.ANSWER else None,
            why_no_copy=why_not_ask(self.request.user, filed.sponsor),
            start=StartForm(),
            offering=Offering.objects.of(self.request.user).filter(request=filed).first(),
            may_withdraw=mine and case.state not in ENDED,
            **kwargs,
        )


class WithdrawView(SponsorCaseMixin, View):
    """Say what withdrawing means, then do it once; only who filed it may."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and self.case.filed_by_id != request.user.pk:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect("preapprovals:case", reference=reference)
        return TemplateResponse(request, "preapprovals/withdraw.html", {"case": self.case})

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect("preapprovals:case", reference=reference)
