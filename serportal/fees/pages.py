"""The coordinator’s pages of bills; ``home`` registers them, because who may know of a bill depends on the cases."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from serportal.fees import services
from serportal.fees.forms import ListForm, PartnerForm, PaymentForm, ReasonForm, ReductionForm
from serportal.fees.permissions import can_settle
from serportal.fees.states import BillState
from serportal.ui.lists import ExportedList, MemberFilter, ReadOnlyAdmin
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

# What can be done about a bill: its form, the service, and what is said afterwards.
ACTS = {
    "payment": (PaymentForm, services.record_payment, gettext_lazy("The payment is recorded, and its owner is told.")),
    "reduce": (ReductionForm, services.grant_reduction, gettext_lazy("The fee is reduced, and its owner is told.")),
    "refuse": (ReasonForm, services.refuse_reduction, gettext_lazy("The fee stays, and whoever asked is told.")),
    "waive": (ReasonForm, services.waive, gettext_lazy("The fee is waived, and its owner is told.")),
    "cover": (PartnerForm, services.cover, gettext_lazy("The fee is covered by a partner. Nothing is owed.")),
}


class AskedFilter(admin.SimpleListFilter):
    title = gettext_lazy("reduction")
    parameter_name = "asked"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("waits for an answer"))]

    def queryset(self, request, queryset):
        return queryset.filter(asked_at__isnull=False) if self.value() == "yes" else queryset


class BillPages(ExportedList, ReadOnlyAdmin):
    """Who owes what. Nothing here is edited: each act is one of the services, with its letter."""

    list_display = ["number", "person", "kind", "about", "shown_amount", "state", "billed_at"]
    list_filter = ["state", AskedFilter, "kind", ("billed_at", admin.DateFieldListFilter), MemberFilter]
    list_select_related = ["person"]
    search_fields = ["number", "about", "person__name", "person__email", "payment__reference", "payment__receipt"]
    list_per_page = 25
    show_full_result_count = False
    change_list_template = "admin/fees/bill_list.html"
    export_name = "bills"
    export_related = ("person", "payment")
    export_columns = (
        *(("invoice", 16), ("name", 28), ("e-mail address", 30), ("what for", 28), ("about", 16)),
        *(("fee", 10), ("amount", 10), ("state", 20), ("billed on", 12), ("settled on", 12)),
        *(("receipt", 16), ("reference of the payment", 24), ("paid on", 12)),
    )

    def export_row(self, bill) -> tuple:
        payment = getattr(bill, "payment", None)
        paid = (payment.receipt, payment.reference, payment.paid_on) if payment else ("", "", None)
        return (
            *(bill.number, bill.person.name, bill.person.email, str(bill.get_kind_display()), bill.about),
            *(bill.full_amount, bill.amount, str(bill.get_state_display()), programme_day(bill.billed_at)),
            programme_day(bill.settled_at) if bill.settled_at else None,
            *paid,
        )

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def shown_amount(self, bill):
        return services.asked(bill)

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("payments/", view(self.payments_view), name="fees_bill_payments"),
            path("<int:pk>/<slug:which>.pdf", view(self.paper_view), name="fees_bill_paper"),
            path("<int:pk>/act/<slug:act>/", view(self.act_view), name="fees_bill_act"),
        ]
        return [*own, *super().get_urls()]

    def _bill(self, request, pk):
        """Return a bill this coordinator may know of; any other does not exist for them."""
        bill = self.get_queryset(request).select_related("person", "payment__entered_by", "row").filter(pk=pk).first()
        if bill is None or not self.has_view_permission(request, bill):
            raise Http404
        return bill

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        return self._page(request, self._bill(request, object_id))

    def act_view(self, request, pk, act):
        """Do one thing about a bill; what cannot be done is said on its page, beside what was typed."""
        bill = self._bill(request, pk)
        if act not in ACTS:
            raise Http404
        if not request.user.has_perm("fees.change_bill"):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:fees_bill_change", pk)
        form_class, service, done = ACTS[act]
        form = form_class(request.POST, prefix=act)
        if not form.is_valid():
            return self._page(request, bill, refused={act: form}, status=422)
        try:
            service(bill_id=bill.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self._page(request, self._bill(request, pk), refused={act: form}, error=str(refusal), status=409)
        self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:fees_bill_change", pk)

    def _page(self, request, bill, *, refused=None, error="", status=200):
        initial = {"payment": {"amount": f"{bill.amount:.2f}"}}
        possible = bill.state == BillState.DUE and can_settle(request.user, bill)
        names = [name for name in ACTS if name != "refuse" or bill.asked_at] if possible else []
        forms = {name: ACTS[name][0](prefix=name, initial=initial.get(name)) for name in names}
        context = {
            **self.admin_site.each_context(request),
            "title": bill.number,
            "opts": self.opts,
            "bill": bill,
            "payment": getattr(bill, "payment", None),
            "events": bill.events.select_related("by"),
            "forms": {**forms, **{name: form for name, form in (refused or {}).items() if name in names}},
            "summary": [line for form in (refused or {}).values() for line in form.summary()],
            "error": error,
        }
        return TemplateResponse(request, "admin/fees/bill.html", context, status=status)

    @method_decorator(require_safe)
    def paper_view(self, request, pk, which):
        bill = self._bill(request, pk)
        if which == "invoice":
            return paper_response(services.invoice(bill), bill.number)
        if which == "receipt" and bill.state == BillState.PAID:
            return paper_response(services.receipt(bill), bill.payment.receipt)
        raise Http404

    def payments_view(self, request):
        """Paste or upload a list of payments; read row by row what it would do; then do exactly that."""
        if not request.user.has_perm("fees.change_bill"):
            raise PermissionDenied
        if request.method != "POST":
            return self._list_page(request, ListForm())
        form = ListForm(request.POST, request.FILES)
        if not form.is_valid() or "edit" in request.POST:
            shown = ListForm(initial={"rows": request.POST.get("rows", "")}) if form.is_valid() else form
            return self._list_page(request, shown, status=200 if form.is_valid() else 422)
        text, bills = form.cleaned_data["rows"], self.get_queryset(request)
        done = "confirm" in request.POST
        record = services.record_payments_from_list if done else services.preview_payments
        try:
            lines = record(text, by=request.user, bills=bills)
        except Refusal as refusal:
            return self._list_page(request, form, error=str(refusal), status=422)
        if done:
            self.message_user(request, services.summary(lines), messages.SUCCESS)
        return self._list_page(request, form, lines=lines, rows=text, done=done)

    def _list_page(self, request, form, *, lines=None, rows="", done=False, error="", status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Payments from a list"),
            "opts": self.opts,
            "form": form,
            "lines": lines,
            "rows": rows,
            "good": any(line.outcome == "recorded" for line in lines or []),
            "done": done,
            "error": error,
            "most": services.MOST_ROWS,
        }
        return TemplateResponse(request, "admin/fees/payments.html", context, status=status)
