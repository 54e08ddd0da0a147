"""The coordinator’s pages of dated rows: what holds, what is stored for later, each change previewed before it is."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.dated.forms import RowForm
from serportal.dated.services import DatedRows
from serportal.ui.lists import KeptAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, number, programme_day


def facts_of(row) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of everything a row says."""
    for field in row._meta.concrete_fields[1:]:
        value = getattr(row, field.attname)
        if field.choices:
            value = row._get_FIELD_display(field)
        elif isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif isinstance(value, date):
            value = day_text(value)
        elif isinstance(value, Decimal):
            value = number(value)
        yield field.verbose_name, value


class DatedAdmin(KeptAdmin):
    """One series of dated rows or more. Nothing is stored that was not read as a preview first."""

    rows: DatedRows
    form_class: type[RowForm]
    show_full_result_count = False
    actions = None

    def get_urls(self):
        view = self.admin_site.admin_view(self.withdraw_view)
        return [path("<int:pk>/withdraw/", view, name=self._name("withdraw")), *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _address(self, page: str, *args) -> str:
        return reverse(f"admin:{self._name(page)}", args=args)

    def _row(self, pk):
        row = self.model.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    @admin.display(description=gettext_lazy("where it stands"))
    def standing(self, row):
        if row.effective_from > programme_day():
            return _("holds from {day}").format(day=day_text(row.effective_from))
        return _("in force since {day}").format(day=day_text(row.effective_from))

    def add_view(self, request, form_url="", extra_context=None):
        """A new row, filled in from the one it follows (``?after=``); then its preview; then it is stored."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        after = request.GET.get("after", "")
        model = self._row(after) if as_key(after) is not None else self.first_to_follow()
        return self._edit(request, follows=model)

    def first_to_follow(self):
        """Return the row whose values a new one starts from, where none is named."""
        return None

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A row of a later day, to change or withdraw; one whose day has come, to read and to follow."""
        if as_key(object_id) is None:
            raise Http404
        row = self._row(object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        why = self.rows.frozen(row, today=programme_day())
        if not why:
            return self._edit(request, stored=row)
        status = 409 if request.method == "POST" else 200
        return self._page(request, "row", {"row": row, "why": why, "facts": list(facts_of(row))}, status=status)

    def _edit(self, request, *, stored=None, follows=None):
        given = stored or follows
        initial = self._initial(given) if given else {}
        if follows:
            initial["effective_from"] = ""
        series = self.model.SERIES if given else ""
        form = self.form_class(request.POST if request.method == "POST" else None, initial=initial, series=series)
        if request.method != "POST" or "edit" in request.POST:
            return self._form(request, form, stored)
        if not form.is_valid():
            return self._form(request, form, stored, status=422)
        row = self.rows.draft(self.model, form.values(), stored=stored)
        try:
            if "confirm" in request.POST and form.cleaned_data["digest"]:
                return self._store(request, row, form)
            change = self.rows.preview(row, by=request.user)
        except Refusal as refusal:
            return self._refused(request, form, row, stored, refusal)
        return self._preview(request, form, change, stored)

    def _initial(self, row) -> dict:
        return {name: getattr(row, name) for name in self.form_class.base_fields if name != "digest"}

    def _form(self, request, form, stored, *, error="", status=200):
        return self._page(request, "form", {"form": form, "row": stored, "error": error}, status=status)

    def _preview(self, request, form, change, stored, *, error="", status=200):
        hidden = [field.as_hidden() for field in form if field.name != "digest"]
        page = {"change": change, "row": stored, "hidden": hidden, "error": error}
        return self._page(request, "preview", page, status=status)

    def _refused(self, request, form, row, stored, refusal):
        """Show what changed since the preview was read, or the form with the reason why this cannot be."""
        if refusal.code == "changed-preview":
            change = self.rows.preview(row, by=request.user)
            return self._preview(request, form, change, stored, error=str(refusal), status=409)
        return self._form(request, form, stored, error=str(refusal), status=409)

    def _store(self, request, row, form):
        changed = row.pk is not None
        row, new = self.rows.store(row, digest=form.cleaned_data["digest"], by=request.user)
        if new and changed:
            self.log_change(request, row, _("Changed before its day, as previewed."))
        elif new:
            self.log_addition(request, row, _("Stored as previewed."))
        text = _("It is stored and holds from {day}.").format(day=day_text(row.effective_from))
        self.message_user(request, text, messages.SUCCESS)
        return redirect(self._address("changelist"))

    def withdraw_view(self, request, pk):
        """Show what withdrawing a row of a later day means; then withdraw it, once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.model.objects.filter(pk=pk).first()
        if row is None and request.method == "POST":
            return self._withdrawn(request)
        row = row or self._row(pk)
        error, status = "", 200
        try:
            if request.method == "POST":
                if self.rows.withdraw(row, digest=request.POST.get("digest", ""), by=request.user):
                    self.log_change(request, row, _("Withdrawn before its day."))
                return self._withdrawn(request)
            change = self.rows.preview_withdrawal(row, by=request.user)
        except Refusal as refusal:
            if refusal.code == "in-force":
                return redirect(self._address("change", pk))
            error, status, change = str(refusal), 409, self.rows.preview_withdrawal(row, by=request.user)
        return self._page(
            request, "preview", {"change": change, "row": row, "withdraw": True, "error": error}, status=status
        )

    def _withdrawn(self, request):
        self.message_user(request, _("It is withdrawn; what holds until then goes on."), messages.SUCCESS)
        return redirect(self._address("changelist"))

    def _page(self, request, name: str, page: dict, *, status: int):
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural.capitalize(),
            "opts": self.opts,
            "list_address": self._address("changelist"),
            **page,
        }
        row = page.get("row")
        if row is not None:
            context["withdraw_address"] = self._address("withdraw", row.pk)
            context["follow_address"] = f"{self._address('add')}?after={row.pk}"
        return TemplateResponse(request, f"admin/dated/{name}.html", context, status=status)
