"""Many approvals carried on at once: shown first for each of them, then done one by one (R-SPO-2)."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from preapprovals.services import renewing
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

MOST_AT_ONCE = 100


class RenewalPages:
    """The action of the list of offerings; mixed into its admin."""

    def has_renew_permission(self, request):
        return request.user.has_perm("preapprovals.change_offering")

    @admin.action(description=gettext_lazy("Renew for two more years"), permissions=["renew"])
    def renew_all(self, request, queryset):
        """Say what renewing would make of each ticked offering; once that page is confirmed, do exactly that."""
        if queryset.count() > MOST_AT_ONCE:
            said = _("At most {most} can be renewed at once. Narrow the list, or tick fewer.")
            return self.message_user(request, said.format(most=MOST_AT_ONCE), messages.ERROR)
        chosen = queryset.order_by("valid_to", "pk")
        if "confirmed" in request.POST:
            return self._renew(request, chosen)
        plans, refused, rows = [], [], renewing.rules_of(programme_day())
        for one in renewing.with_renewal(chosen):
            try:
                plans.append(renewing.plan_renewal(one, rows=rows))
            except Refusal as refusal:
                refused.append((one, str(refusal)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Renew these approvals?"),
            "opts": self.opts,
            "plans": plans,
            "refused": refused,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/preapprovals/renewals.html", context)

    def _renew(self, request, chosen):
        keys = {one.pk: request.POST[f"key-{one.pk}"] for one in chosen if f"key-{one.pk}" in request.POST}
        done = 0
        for one in chosen:
            if one.pk not in keys:
                continue
            try:
                renewing.renew(offering_id=one.pk, key=keys[one.pk], by=request.user)
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{one.title}: {refusal}", messages.WARNING)
        if done:
            said = ngettext(
                "%d approval is renewed, its new code on its way.",
                "%d approvals are renewed, their new codes on their way.",
                done,
            )
            self.message_user(request, said % done, messages.SUCCESS)
