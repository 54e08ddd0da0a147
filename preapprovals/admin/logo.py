"""The program logo: SER’s own is put in the place of the one that comes with the portal (R-SPO-3)."""

from csp.decorators import csp_update
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from preapprovals.forms.logo import LogoForm
from preapprovals.models import LogoMark
from preapprovals.pages import picture_response
from preapprovals.services.logo import put_logo, shapes
from serportal.ui.lists import KeptAdmin


@admin.register(LogoMark)
class LogoMarkAdmin(KeptAdmin):
    """Each row is one logo; the newest is the one that sponsors get. None is changed."""

    form = LogoForm
    list_display = ["put_at", "put_by", "files"]
    list_display_links = None
    list_select_related = ["put_by"]
    list_per_page = 25
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return ["put_at", "put_by"] if obj else ["picture", "drawing"]

    def get_queryset(self, request):
        newer = LogoMark.objects.filter(put_at__gt=OuterRef("put_at"))
        return super().get_queryset(request).defer("png", "svg").annotate(replaced=Exists(newer))

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [path("in-force.<slug:shape>", view, name="preapprovals_logomark_file"), *super().get_urls()]

    @method_decorator([require_safe, csp_update({"sandbox": True})])
    def file_view(self, request, shape) -> HttpResponse:
        """Give the logo in force, whoever put it there."""
        content = shapes().get(shape)
        if content is None:
            raise Http404
        return picture_response(content, shape, "program-logo")

    @admin.display(description=_("in force"))
    def files(self, mark):
        if mark.replaced:
            return _("no longer")
        address = reverse("admin:preapprovals_logomark_file", args=["png"])
        return format_html('<a href="{}">{}</a>', address, _("download it"))

    def save_model(self, request, obj, form, change):
        made = put_logo(png=form.cleaned_data["picture"], svg=form.cleaned_data["drawing"], by=request.user)
        obj.pk, obj.put_at, obj.put_by = made.pk, made.put_at, made.put_by
