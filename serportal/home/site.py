"""The coordinator’s admin: who may enter, and the work queue on its front page."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from serportal.accounts.permissions import session_is_strong


class PortalAdminSite(admin.AdminSite):
    site_title = site_header = _("SER Certification")
    index_title = _("Work queue")
    index_template = "admin/queue.html"
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Coordinators only, and only in a session that proved a second factor (ARCHITECTURE 17)."""
        return request.user.is_active and request.user.is_staff and session_is_strong(request)

    def login(self, request, extra_context=None):
        """There is one way to sign in; a coordinator without a second factor is led to set one up."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
        if request.user.is_staff and not session_is_strong(request):
            return redirect("mfa_index")
        return redirect("home:dashboard")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def get_urls(self):
        from serportal.home.figures import pages as figures  # noqa: PLC0415  (models load after the site)

        view = self.admin_view(self.everything)
        return [
            *figures.urls(self),
            path("accounts/user/<int:pk>/everything/", view, name="accounts_user_everything"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def everything(self, request, pk):
        """Show all that is known of one person; which apps know something, only this site knows."""
        from serportal.home.person import everything_of  # noqa: PLC0415  (models load after the site)

        person = get_object_or_404(get_user_model(), pk=pk)
        if not request.user.has_perm("accounts.view_user"):
            raise PermissionDenied
        context = {
            **self.each_context(request),
            "title": _("Everything of {name}").format(name=person.name),
            "person": person,
            **everything_of(person, by=request.user),
        }
        return TemplateResponse(request, "admin/accounts/everything.html", context)

    def index(self, request, extra_context=None):
        return super().index(request, {**(extra_context or {}), **self.queue(request)})

    @cached_property
    def queue(self):
        from serportal.home.queue import work_queue  # noqa: PLC0415  (models load after the site)

        return work_queue
