"""Earlier journals from a list: shown row by row first, then brought in as an upload of their own (R-UPL-5)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals.forms import HistoryForm
from journals.rules.history import NEEDED, Column
from journals.services import importing
from serportal.ui.imports import BAD, KNOWN, NEW
from serportal.ui.refusal import Refusal
from serportal.ui.sheets import sheet
from serportal.ui.tables import as_text, read_table
from serportal.ui.words import in_credits, programme_day

SHOWN = 200


class HistoryPages:
    """The page on which earlier journals are brought in; mixed into the admin of uploads."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="journals_upload_import"), *super().get_urls()]

    def import_view(self, request):
        """Paste or upload a list, read what each row would do, then do exactly that; or take its bad rows along."""
        if not request.user.has_perm("journals.change_upload"):
            raise PermissionDenied
        if request.method != "POST":
            return self._import_page(request, HistoryForm())
        form = HistoryForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form, status=422)
        text, activity, upload = form.cleaned_data["rows"], form.cleaned_data["activity"], None
        try:
            if file := form.cleaned_data["file"]:
                table = read_table(file.read(), most_rows=importing.MOST_ROWS + 1)
                text = as_text(table.rows)
                for sentence in table.source.sentences():
                    self.message_user(request, sentence, messages.INFO)
            given = {"rows": text, "activity": activity}
            if "edit" in request.POST:
                return self._import_page(request, HistoryForm(initial=given))
            if "confirm" in request.POST:
                plan, upload = importing.import_history(text, activity=activity, by=request.user)
            else:
                plan = importing.plan_history(text, activity=activity, by=request.user)
        except Refusal as refusal:
            return self._import_page(request, form, error=str(refusal), status=422)
        if "bad" in request.POST:
            return sheet(plan.bad_rows(), f"left-out-{programme_day().isoformat()}.csv")
        if "confirm" in request.POST:
            self._tell(request, plan, upload)
        return self._import_page(request, form, plan=plan, upload=upload, done="confirm" in request.POST, **given)

    def _tell(self, request, plan, upload) -> None:
        if upload is None:
            self.message_user(request, _("Nothing was new, so nothing was brought in."), messages.INFO)
            return
        said = ngettext(
            "One line was brought in, {total}.",
            "{entries} lines were brought in, {total} in all (members: {members}).",
            upload.entries_posted,
        )
        values = {
            "entries": upload.entries_posted,
            "members": upload.members,
            "total": in_credits(upload.control_total),
        }
        self.message_user(request, said.format(**values), messages.SUCCESS)

    def _import_page(self, request, form, *, plan=None, status=200, **more):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Earlier journals from a list"),
            "opts": self.opts,
            "form": form,
            "plan": plan,
            "lines": sorted(plan.lines, key=lambda one: one.outcome != BAD)[:SHOWN] if plan else [],
            "new": plan.count(NEW) if plan else 0,
            "known": plan.count(KNOWN) if plan else 0,
            "bad": plan.count(BAD) if plan else 0,
            "most": importing.MOST_ROWS,
            "columns": [one.value for one in Column],
            "needed": [one.value for one in NEEDED],
            **more,
        }
        return TemplateResponse(request, "admin/journals/history.html", context, status=status)
