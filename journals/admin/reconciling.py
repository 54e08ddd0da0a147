"""Whether claims, entries, statements and exports agree, run by run and in all (R-UPL-5)."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journals.services.reconciling import reconcile


class ReconcilePages:
    """The page on which the quarter is closed; mixed into the admin of uploads."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.reconcile_view)
        return [path("reconcile/", view, name="journals_upload_reconcile"), *super().get_urls()]

    @method_decorator(require_safe)
    def reconcile_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Does everything agree?"),
            "opts": self.opts,
            "found": reconcile(request.user),
        }
        return TemplateResponse(request, "admin/journals/reconcile.html", context)
