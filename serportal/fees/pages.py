"""The coordinator’s pages of bills; ``home`` registers them, because who may know of a bill depends on the cases."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from serportal.fees import services
from serportal.fees.forms import ListForm, PartnerForm, PaymentForm, ReasonForm, ReductionForm
from serportal.fees.permissions import can_settle
from serportal.fees.states import BillState
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList, MemberFilter
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class AskedFilter(admin.SimpleListFilter):
    title = _("reduction")
    parameter_name = "asked"

    def lookups(self, request, model_admin):
        return [("yes", _("waits for an answer"))]

    def queryset(self, request, queryset):
        return queryset.filter(asked_at__isnull=False) if self.value() == "yes" else queryset


class BillPages(ExportedList, ActedOnAdmin):
    """Who owes what."""

    acts = {
        "payment": Act(PaymentForm, services.record_payment, _("The payment is recorded, and its owner is told.")),
        "reduce": Act(ReductionForm, services.grant_reduction, _("The fee is reduced, and its owner is told.")),
        "refuse": Act(ReasonForm, services.refuse_reduction, _("The fee stays, and whoever asked is told.")),
        "waive": Act(ReasonForm, services.waive, _("The fee is waived, and its owner is told.")),
        "cover": Act(PartnerForm, services.cover, _("The fee is covered by a partner. Nothing is owed.")),
    }
    key = "bill_id"
    page_template = "admin/fees/bill.html"
    page_related = ("person", "payment", "row")
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

    @admin.display(description=_("amount"), ordering="amount")
    def shown_amount(self, bill):
        return services.asked(bill)

    def get_urls(self):
        payments = self.admin_site.admin_view(self.payments_view)
        return [path("payments/", payments, name="fees_bill_payments"), *super().get_urls()]

    def possible(self, user, bill) -> list[str]:
        if bill.state != BillState.DUE or not can_settle(user, bill):
            return []
        return [name for name in self.acts if name != "refuse" or bill.asked_at]

    def initial(self, bill) -> dict[str, dict]:
        return {"payment": {"amount": f"{bill.amount:.2f}"}}

    def papers(self, bill) -> dict:
        papers = {"invoice": lambda: (services.invoice(bill), bill.number)}
        if bill.state == BillState.PAID:
            papers["receipt"] = lambda: (services.receipt(bill), bill.payment.receipt)
        return papers

    def page(self, request, bill) -> dict:
        payment = getattr(bill, "payment", None)
        return {"bill": bill, "payment": payment, "events": bill.events.select_related("by")}

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
