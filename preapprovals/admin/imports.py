"""Archived webinars from a list: shown row by row first, then brought in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from preapprovals.forms.office import ImportForm
from preapprovals.rules.imports import Column
from preapprovals.services import importing
from preapprovals.states import SponsorKind
from serportal.ui.imports import BAD, NEW
from serportal.ui.refusal import Refusal
from serportal.ui.sheets import sheet
from serportal.ui.tables import as_text
from serportal.ui.words import programme_day


class ImportPages:
    """The page on which a list is brought in; mixed into the admin of offerings."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="preapprovals_offering_import"), *super().get_urls()]

    def import_view(self, request):
        """Paste or upload a list, read what each row would do, then do exactly that; or take its bad rows along."""
        if not request.user.has_perm("preapprovals.add_offering"):
            raise PermissionDenied
        if request.method != "POST":
            return self._import_page(request, ImportForm())
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form, status=422)
        text, kind = form.cleaned_data["rows"], form.cleaned_data["kind"]
        done = "confirm" in request.POST
        try:
            if file := form.cleaned_data["file"]:
                table = importing.read_file(file.read())
                text = as_text(table.rows)
                for sentence in table.source.sentences():
                    self.message_user(request, sentence, messages.INFO)
            if "edit" in request.POST:
                return self._import_page(request, ImportForm(initial={"rows": text, "kind": kind}))
            if done:
                plan = importing.import_list(text, kind=kind, by=request.user)
            else:
                plan = importing.plan_import(text, kind=kind)
        except Refusal as refusal:
            return self._import_page(request, form, error=str(refusal), status=422)
        if "bad" in request.POST:
            return sheet(plan.bad_rows(), f"left-out-{programme_day().isoformat()}.csv")
        if done:
            self.message_user(request, importing.summary(plan), messages.SUCCESS)
        return self._import_page(request, form, plan=plan, rows=text, kind=kind, done=done)

    def _import_page(self, request, form, *, plan=None, rows="", kind="", done=False, error="", status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Archived webinars from a list"),
            "opts": self.opts,
            "form": form,
            "plan": plan,
            "new": plan.count(NEW) if plan else 0,
            "bad": plan.count(BAD) if plan else 0,
            "rows": rows,
            "kind": kind,
            "done": done,
            "error": error,
            "most": importing.MOST_ROWS,
            "columns": [one.value for one in Column],
            "kinds": SponsorKind.values,
        }
        return TemplateResponse(request, "admin/preapprovals/import.html", context, status=status)
