"""What the coordinator’s lists share: rows that stay, narrowing to one member, taking the list along as a table."""

import logging
from collections.abc import Iterable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from serportal.ui import sheets
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

logger = logging.getLogger("serportal.exports")

ROWS_AT_ONCE = 1000


class MemberFilter(admin.SimpleListFilter):
    """One member, come from a link in the list: choosing from twenty thousand would help nobody."""

    title = _("member")
    parameter_name = "member"
    field = "person"

    def lookups(self, request, model_admin):
        given = request.GET.get(self.parameter_name, "")
        key = as_key(given)
        people = [] if key is None else get_user_model().objects.filter(pk=key)
        self.known = [(str(person.pk), person.name) for person in people]
        return self.known or ([(given, _("nobody we know"))] if given else [])

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(**{self.field: self.value()}) if self.known else queryset.none()


class KeyedActions(admin.ModelAdmin):
    """A list whose actions take the rows that were ticked, and pass over what can be no row."""

    def response_action(self, request, queryset):
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [key for key in ticked if as_key(key) is not None])
        return super().response_action(request, queryset)


class KeptAdmin(admin.ModelAdmin):
    """Rows that are never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that only services make and change."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ExportedList(KeyedActions):
    """A list that is also given as CSV and XLSX: exactly what its search and filters leave, every page of it."""

    change_list_template = "admin/exported_list.html"
    export_name = ""
    export_columns: tuple[tuple[str, int], ...] = ()
    export_related: tuple[str, ...] = ()

    def export_row(self, one) -> tuple:
        """Return the cells of one row, in the order of ``export_columns``: pairs of heading and width."""
        raise NotImplementedError

    def export_rows(self, found) -> Iterable[tuple]:
        """Return the rows of ``found``; a list whose rows need more than themselves reads it for many at once."""
        return map(self.export_row, found.iterator(chunk_size=ROWS_AT_ONCE))

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/<slug:shape>/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def export_view(self, request, shape):
        if shape not in sheets.SHAPES:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        changelist = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(changelist)
        most = sheets.MOST_ROWS[shape]
        if most is not None and found.count() > most:
            said = _("The list has more than {most} rows, too many for XLSX. Narrow it first, or take it as CSV.")
            self.message_user(request, said.format(most=most), messages.ERROR)
            return redirect(f"{reverse(changelist)}?{request.GET.urlencode()}")
        logger.info("%s exports %s as %s", request.user.pk, self.opts.label_lower, shape)
        rows = self.export_rows(found.select_related(*self.export_related))
        return sheets.SHAPES[shape](self.export_columns, rows, f"{self.export_name}-{programme_day().isoformat()}")
