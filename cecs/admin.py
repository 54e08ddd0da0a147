"""The coordinator’s page for questions of the rules about one claim; the claim itself is read on its case’s page."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from cecs import services
from cecs.forms import LinkForm, RulingForm
from cecs.models import CecSubmission
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal


@admin.register(CecSubmission)
class ClaimAdmin(admin.ModelAdmin):
    """No list and no form of its own: one page of rulings for a claim that the coordinator may work on."""

    def has_module_permission(self, request):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.rulings_view)
        return [path("<int:pk>/rulings/", view, name="cecs_cecsubmission_rulings")]

    def _claim(self, request, pk) -> CecSubmission:
        cases = ReviewCase.objects.coordinated_by(request.user)
        claim = CecSubmission.objects.select_related("case", "event").filter(pk=pk, case__in=cases).first()
        if claim is None or not request.user.has_perm("reviews.change_reviewcase"):
            raise Http404
        return claim

    def rulings_view(self, request, pk):
        """Say that a claim counts apart or is the same as another, or that two events are one; each with a reason."""
        claim = self._claim(request, pk)
        if request.method == "POST":
            form = (LinkForm if "link" in request.POST else RulingForm)(request.POST)
            if not form.is_valid():
                return self._show(request, claim, form, error=form.summary()[0][1], status=422)
            try:
                self._act(claim, form, request.user)
            except Refusal as refusal:
                return self._show(request, claim, form, error=str(refusal), status=409)
            self.message_user(request, _("Noted, and the sum follows it."), messages.SUCCESS)
            return redirect("admin:cecs_cecsubmission_rulings", pk)
        return self._show(request, claim, RulingForm())

    def _act(self, claim: CecSubmission, form: forms.Form, user) -> None:
        data = form.cleaned_data
        if isinstance(form, LinkForm):
            services.link_event(claim.pk, event_id=data["link"], by=user)
        else:
            services.rule(claim.pk, code=data["code"], holds=data["holds"], reason=data["reason"], by=user)

    def _show(self, request, claim, form, *, error="", status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Questions of the rules about {0}").format(claim.case.reference),
            "opts": self.opts,
            "claim": claim,
            "case": claim.case,
            "error": error,
            "form": form,
            "ruled": claim.ruled.select_related("by"),
            "events": services.similar_events(claim, by=request.user),
        }
        return TemplateResponse(request, "admin/cecs/rulings.html", context, status=status)
