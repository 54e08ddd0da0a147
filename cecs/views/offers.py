"""What a roster offers: accept a credit with one button, decline it, or follow the link of a letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from cecs import services
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class AcceptView(View):
    """One press makes and files the claim; however often it is pressed, it is one."""

    def get(self, request, pk):
        return redirect("cecs:list")

    def post(self, request, pk):
        try:
            case = services.accept(attendance_id=pk, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("cecs:list")
        said = _("Accepted: {reference} is filed with the roster as its proof. Nothing more is asked of you.")
        messages.success(request, said.format(reference=case.reference))
        return redirect("cecs:case", reference=case.reference)


class DeclineView(View):
    """It was somebody else, or they do not want it."""

    def get(self, request, pk):
        return redirect("cecs:list")

    def post(self, request, pk):
        try:
            row = services.decline(attendance_id=pk, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("Declined. If that changes, the approval code {code} still counts for that day.")
            messages.success(request, said.format(code=row.occurrence.offering.code))
        return redirect("cecs:list")


@method_decorator(login_not_required, name="dispatch")
class LinkView(View):
    """What the link in a letter to somebody without an account offers; a button takes it into the account at hand."""

    def get(self, request, token):
        row = services.linked(token)
        if row is None or row.person_id not in {None, request.user.pk}:
            return TemplateResponse(request, "cecs/link_used.html", status=404)
        context = {
            "row": row,
            "offering": row.occurrence.offering,
            "hours": services.hours_of(row),
            "refusal": self.refusal(),
            "path": request.path,
        }
        return TemplateResponse(request, "cecs/link.html", context)

    def refusal(self) -> str:
        if self.request.user.is_authenticated:
            try:
                services.check_may_claim(self.request.user, last_day=None, today=programme_day())
            except Refusal as refusal:
                return str(refusal)
        return ""

    def post(self, request, token):
        if not request.user.is_authenticated:
            return redirect_to_login(request.path, reverse("account_login"))
        try:
            row = services.take(token=token, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return TemplateResponse(request, "cecs/link_used.html", status=404)
        if row.case_id:
            return redirect("cecs:case", reference=row.case.reference)
        messages.success(request, _("It is yours now. Accept the credit below."))
        return redirect("cecs:list")
