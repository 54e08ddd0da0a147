"""A person’s requests, sponsors and offerings, and what the coordinator asks about a request."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import ListView

from preapprovals.models import Draft, Offering, PreapprovalRequest, Sponsor
from preapprovals.querysets import EDITORS
from preapprovals.services.replying import begin_reply
from preapprovals.views.offerings import can_be_renewed
from serportal.drafts.forms import StartForm
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

SHOWN = 50


class PreapprovalsView(ListView):
    """What a person prepares and asked for, alone or for the sponsors they act for, and what came of it."""

    template_name = "preapprovals/list.html"
    paginate_by = 25
    context_object_name = "requests"

    def get_queryset(self):
        return (
            PreapprovalRequest.objects.of(self.request.user)
            .select_related("sponsor")
            .order_by("-case__filed_at", "-pk")
        )

    def get_context_data(self, **kwargs):
        context, user, today = super().get_context_data(**kwargs), self.request.user, programme_day()
        editing = set(Sponsor.objects.of(user, EDITORS).values_list("pk", flat=True))
        offerings = Offering.objects.of(user).select_related("sponsor", "renewed_by").order_by("-valid_to", "title")
        context["requests"] = [(one, standing(one.case, today)) for one in context["requests"]]
        context["drafts"] = Draft.objects.open_of(user).with_title()[:SHOWN]
        context["sponsors"] = Sponsor.objects.of(user).order_by("name", "pk")[:SHOWN]
        context["offerings"] = [
            (one, one.sponsor_id in editing and can_be_renewed(one, today)) for one in offerings[:SHOWN]
        ]
        return {**context, "today": today, "start": StartForm()}


class AnswerView(View):
    """What the coordinator asks about a filed request; a button opens the parts to answer it (R-REV-8)."""

    @cached_property
    def case(self) -> ReviewCase:
        own = ReviewCase.objects.filter(filed_by=self.request.user, preapprovals_preapprovalrequest__isnull=False)
        return get_object_or_404(own, reference=self.kwargs["reference"])

    def get(self, request, reference):
        asked = reviews.open_request(self.case)
        if asked is None:
            return redirect("preapprovals:case", reference=reference)
        names = dict(kind_of(self.case).parts(self.case))
        context = {
            "case": self.case,
            "case_url": kind_of(self.case).url(self.case),
            "asked": asked,
            "parts": [names[part] for part in asked.parts if part in names],
        }
        return TemplateResponse(request, "drafts/answer.html", context)

    def post(self, request, reference):
        try:
            draft = begin_reply(reference=self.case.reference, owner=request.user)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("preapprovals:case", reference=reference)
        return redirect("preapprovals:draft", pk=draft.pk)
