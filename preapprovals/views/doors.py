"""The sponsor’s door: what SER asks, and the button that starts a draft, empty, as a copy, or to renew (R-SPO)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from journals.services import policy_on
from preapprovals.models import Draft, Offering, PreapprovalRequest
from preapprovals.services.drafts import start
from serportal.drafts.forms import StartForm
from serportal.fees.services import fee_on
from serportal.fees.states import FeeKind
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

SHOWN = 20


@method_decorator(login_not_required, name="dispatch")
class DoorView(TemplateView):
    """What SER asks of a sponsor, for everyone; signed in, the ways to begin."""

    template_name = "preapprovals/door.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, programme_day()
        fee = fee_on(FeeKind.PREAPPROVAL, today)
        context = {"policy": policy_on(today), "fee": fee.other_amount, "form": StartForm()}
        if user.is_authenticated:
            filed = PreapprovalRequest.objects.copied_by(user).select_related("sponsor")
            context |= {
                "drafts": Draft.objects.open_of(user).with_title()[:SHOWN],
                "earlier": filed.order_by("-case__filed_at", "-pk")[:SHOWN],
            }
        return super().get_context_data(**context, **kwargs)

    def post(self, request):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        form = StartForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("preapprovals:new")
        try:
            made = start(owner=request.user, key=form.cleaned_data["submit_key"], **self.chosen())
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("preapprovals:list")
        return redirect("preapprovals:draft", pk=made.pk)

    def chosen(self) -> dict:
        """Return what the draft begins with: nothing, an earlier request, or an offering to carry on."""
        post, user = self.request.POST, self.request.user
        if "like" in post:
            filed = PreapprovalRequest.objects.of(user).select_related("sponsor", "case__folder")
            return {"like": get_object_or_404(filed, case__reference=post["like"])}
        if "renews" in post:
            own = Offering.objects.of(user).select_related("sponsor", "request__case__folder")
            key = as_key(post["renews"])
            if key is None:
                raise Http404
            return {"renews": get_object_or_404(own, pk=key)}
        return {}
