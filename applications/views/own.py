"""A person’s applications, and what the coordinator asks about one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import ListView

from applications.models import Application, Draft
from applications.services.replying import begin_reply
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class ApplicationsView(ListView):
    """A person’s drafts and applications, the newest first."""

    template_name = "applications/form/list.html"
    paginate_by = 25
    context_object_name = "applications"

    def get_queryset(self):
        return Application.objects.of(self.request.user).order_by("-case__filed_at", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = programme_day()
        context["applications"] = [
            (one.case, standing(one.case, today), kind_of(one.case).url(one.case)) for one in context["applications"]
        ]
        context["drafts"] = Draft.objects.open_of(self.request.user)
        return context


class AnswerView(View):
    """What the coordinator asks about a filed application; a button opens the parts to answer it (R-REV-8)."""

    @cached_property
    def case(self) -> ReviewCase:
        own = ReviewCase.objects.filter(filed_by=self.request.user, applications_application__isnull=False)
        return get_object_or_404(own, reference=self.kwargs["reference"])

    def get(self, request, reference):
        asked = reviews.open_request(self.case)
        if asked is None:
            return redirect(kind_of(self.case).url(self.case))
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
            return redirect(kind_of(self.case).url(self.case))
        return redirect("applications:draft", pk=draft.pk)
