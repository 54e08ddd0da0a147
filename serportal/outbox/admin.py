"""The coordinator’s page for the words of letters."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.outbox import services
from serportal.outbox.forms import TemplateForm
from serportal.outbox.models import LetterTemplate
from serportal.outbox.placeholders import described
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key


@admin.register(LetterTemplate)
class LetterTemplateAdmin(admin.ModelAdmin):
    """One page a template: its words, what they may name, how they read, and every wording it had before."""

    list_display = ["sent_when", "subject", "whose_words", "key"]

    @admin.display(description=gettext_lazy("words"))
    def whose_words(self, row):
        return _("edited") if row.is_edited else _("as SER wrote them")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if as_key(object_id) is None:
            raise Http404
        row = LetterTemplate.objects.filter(pk=object_id).first()
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if request.method != "POST":
            return self._page(request, row, self._fresh(row))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        form = TemplateForm(request.POST)
        if not form.is_valid() and "original" not in request.POST:
            return self._page(request, row, form, error=form.summary()[0][1], status=422)
        try:
            return self._act(request, row, form)
        except Refusal as refusal:
            row.refresh_from_db()
            stale = refusal.code == "stale-template"
            return self._page(request, row, form, error=str(refusal), status=409 if stale else 422, stale=stale)

    def _act(self, request, row, form):
        """Do what the pressed button says with what is typed now; only saving changes the template."""
        data = form.cleaned_data
        words = {name: data.get(name, "") for name in ("subject", "body")}
        if "preview" in request.POST:
            services.check(row, **words)
            return self._page(request, row, form)
        if "test" in request.POST:
            services.owe_test(row, **words, key=data["submit_key"], by=request.user)
            told = _("A test of this letter is on its way to {mail}.").format(mail=request.user.email)
            self.message_user(request, told, messages.SUCCESS)
            return self._page(request, row, form)
        if "original" in request.POST:
            services.take_back_original(row.pk, seen=data.get("seen", ""), by=request.user)
            told = _("SER’s original words are back in place.")
        else:
            services.edit_template(row.pk, **words, seen=data["seen"], by=request.user)
            told = _("Saved. Letters written from now on have these words.")
        self.log_change(request, row, told)
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:outbox_lettertemplate_change", row.pk)

    def _fresh(self, row) -> TemplateForm:
        return TemplateForm(initial={"subject": row.subject, "body": row.body})

    def _page(self, request, row, form, *, error="", status=200, stale=False):
        """Show the template with what is typed in ``form``; ``stale`` where others changed it meanwhile."""
        letter = None
        if not error:
            typed = {name: form[name].value() or "" for name in ("subject", "body")}
            letter, error = self._read(row, **typed)
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "opts": self.opts,
            "row": row,
            "form": form,
            "fresh": self._fresh(row),
            "seen": form["seen"].value() if form.is_bound and not stale else row.fingerprint,
            "error": error,
            "stale": stale,
            "may_change": self.has_change_permission(request, row),
            "placeholders": [(f"{{{name}}}", described(name)) for name in row.known],
            "letter": letter,
            "original": self._read(row, subject=row.original_subject, body=row.original_body)[0],
            "wordings": list(row.wordings.select_related("replaced_by")),
        }
        return TemplateResponse(request, "admin/outbox/template.html", context, status=status)

    def _read(self, row, **words) -> tuple:
        """Return (letter, "") as these words read with the samples, or (None, why they cannot be read)."""
        try:
            return services.preview_template(row, **words), ""
        except Refusal as refusal:
            return None, str(refusal)
