"""What a person owes: their own bills, nobody else’s. A bill of somebody else does not exist."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView

from serportal.fees import services
from serportal.fees.forms import AddresseeForm, AskForm
from serportal.fees.models import Bill
from serportal.fees.states import BillState
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal


class BillsView(ListView):
    """Every bill of this person, the newest first."""

    template_name = "fees/list.html"
    paginate_by = 25
    context_object_name = "bills"

    def get_queryset(self):
        return Bill.objects.of(self.request.user)


class BillView(View):
    """One bill: what it is for, how to pay it, and the question for a smaller fee."""

    def get(self, request, number):
        return self.page(request, self.bill(number))

    def post(self, request, number):
        """Ask for a smaller fee; asked twice, it is one request."""
        if "billed_to" in request.POST:
            return self.make_out(request, number)
        bill, form = self.bill(number), AskForm(request.POST)
        if not form.is_valid():
            return self.page(request, bill, form=form, status=422)
        try:
            services.ask_reduction(bill_id=bill.pk, text=form.cleaned_data["text"], by=request.user)
        except Refusal as refusal:
            return self.page(request, self.bill(number), form=form, error=str(refusal), status=409)
        messages.success(request, _("We have your question. You get a letter with our answer; do not pay before it."))
        return redirect("fees:bill", number)

    def make_out(self, request, number):
        bill, form = self.bill(number), AddresseeForm(request.POST)
        if not form.is_valid():
            return self.page(request, bill, addressee=form, status=422)
        services.make_out(bill_id=bill.pk, by=request.user, **form.cleaned_data)
        messages.success(request, _("The invoice is made out as you said. Open it below."))
        return redirect("fees:bill", number)

    def bill(self, number) -> Bill:
        return get_object_or_404(Bill.objects.select_related("payment"), person=self.request.user, number=number)

    def page(self, request, bill, *, form=None, addressee=None, error="", status=200):
        context = {
            "addressee": addressee or AddresseeForm(initial={"billed_to": bill.billed_to}),
            "bill": bill,
            "payment": getattr(bill, "payment", None),
            "events": bill.events.all(),
            "form": (form or AskForm()) if services.can_ask(bill) else None,
            "error": error,
        }
        return TemplateResponse(request, "fees/bill.html", context, status=status)


class PaperView(View):
    """The invoice, or the receipt once there is one, as PDF."""

    def get(self, request, number, which) -> HttpResponse:
        bill = get_object_or_404(Bill.objects.select_related("payment", "person"), person=request.user, number=number)
        if which == "invoice":
            return paper_response(services.invoice(bill), bill.number)
        if which == "receipt" and bill.state == BillState.PAID:
            return paper_response(services.receipt(bill), bill.payment.receipt)
        raise Http404
