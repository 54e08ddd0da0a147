"""The coordinator’s pages for uploads: preview, run, statements, the files for other systems (R-UPL)."""

from django.contrib import admin, messages
from django.contrib.postgres.aggregates import BoolOr
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from journals import exports, services
from journals.admin.importing import HistoryPages
from journals.admin.reconciling import ReconcilePages
from journals.admin.statements import StatementPages
from journals.forms import ReleaseForm, RunForm
from journals.models import CreditTypeCode, Entry, Statement, Upload
from journals.services.comparing import compare
from serportal.accounts.models import User
from serportal.ui.lists import KeptAdmin, ReadOnlyAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.sheets import sheet
from serportal.ui.text import as_key
from serportal.ui.words import in_credits, moment_text, programme_day

SHOWN = 100
STATEMENTS_SHOWN = 25
SUMS = ("posted", "carried_in", "exported", "carried_out")


def by_member(entries):
    """Return the sums of the first members by name."""
    rows = entries.values("person__name", "person__email").annotate(entries=Count("pk"), total=Sum("credits"))
    return rows.order_by("person__name", "person__email")[:SHOWN]


def sums_of(statements) -> dict:
    """Return what a run posted, exported and keeps for later exports beyond what came from earlier ones, in sum."""
    sums = statements.aggregate(whole=BoolOr("whole_numbers"), **{name: Sum(name, default=0) for name in SUMS})
    return {**sums, "kept": sums["carried_out"] - sums["carried_in"]}


@admin.register(CreditTypeCode)
class CreditTypeCodeAdmin(KeptAdmin):
    """What the membership system calls each activity; an export uses the names it has on that day."""

    list_display = ["activity", "code"]
    fields = ["activity", "code"]
    readonly_fields = ["activity"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False


@admin.register(Upload)
class UploadAdmin(StatementPages, HistoryPages, ReconcilePages, ReadOnlyAdmin):
    """Runs: what waits, what each one moved and for whom, and the button that runs one now."""

    list_display = ["__str__", "stands", "entries_posted", "members", "control_total"]
    list_select_related = ["prepared_by", "started_by", "posted_by"]
    change_list_template = "admin/journals/upload_list.html"
    show_full_result_count = False

    @admin.display(description=gettext_lazy("where it stands"), ordering="posted_at")
    def stands(self, upload):
        """Who did last what about it; whether a run that began still runs is told on its page."""
        if upload.posted_at:
            by, said = upload.posted_by, _("posted {at}")
        elif upload.started_at:
            by, said = upload.started_by, _("started {at}, not done")
        else:
            by, said = upload.prepared_by, _("prepared {at}, waits for its release")
        text = said.format(at=moment_text(upload.posted_at or upload.started_at or upload.prepared_at))
        return _("{text}, by {name}").format(text=text, name=by.name) if by else text

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("run/", view(self.run_view), name="journals_upload_run"),
            path("<int:pk>/start/", view(self.start_view), name="journals_upload_start"),
            path("<int:pk>/entries.csv", view(self.entries_view), name="journals_upload_entries"),
            path("<int:pk>/membership.csv", view(self.membership_view), name="journals_upload_membership"),
        ]
        return [*own, *super().get_urls()]

    def _upload(self, request, pk) -> Upload:
        people = "posted_by", "prepared_by", "started_by"
        upload = self.get_queryset(request).select_related(*people).filter(pk=pk).first()
        if upload is None or not self.has_view_permission(request, upload):
            raise Http404
        return upload

    def changelist_view(self, request, extra_context=None):
        waiting = Entry.objects.waiting().aggregate(
            entries=Count("pk"), members=Count("person", distinct=True), total=Sum("credits")
        )
        extra = {"waiting": waiting, "next_upload": services.next_upload_on(), **(extra_context or {})}
        return super().changelist_view(request, extra)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One run: its totals, whether they agree, a statement for each member, and its two files (R-UPL-5).

        Totals are of everything; rows leave out what a conflict hides from this coordinator (R-REV-5).
        """
        if as_key(object_id) is None:
            raise Http404
        upload = self._upload(request, object_id)
        stated = Statement.objects.filter(upload=upload)
        known = stated.known_to(request.user)
        asked = request.GET.get("q", "").strip()
        found = known.filter(person__name__icontains=asked) if asked else known
        rows = found.select_related("person", "period__certification").order_by("person__name", "pk")
        nameless = User.objects.filter(membership_id="", pk__in=known.values("person")).order_by("name")
        context = {
            **self.admin_site.each_context(request),
            "title": str(upload),
            "opts": self.opts,
            "upload": upload,
            "progress": services.progress_of(upload),
            "yours": self._yours(request, upload),
            "sums": sums_of(stated),
            "page_obj": Paginator(rows, STATEMENTS_SHOWN).get_page(request.GET.get("page")),
            "asked": asked,
            "nameless": nameless[:SHOWN],
            "nameless_count": nameless.count(),
        }
        return TemplateResponse(request, "admin/journals/upload.html", context)

    @method_decorator(require_safe)
    def entries_view(self, request, pk):
        upload = self._upload(request, pk)
        return sheet(exports.run_rows(upload, request.user), f"upload-{upload.due_on}-{upload.pk}.csv")

    @method_decorator(require_safe)
    def membership_view(self, request, pk):
        upload = self._upload(request, pk)
        if upload.is_history:
            raise Http404
        rows = exports.membership_rows(upload, request.user)
        return sheet(rows, f"membership-import-{upload.due_on}-{upload.pk}.csv", mark=False)

    def run_view(self, request):
        """Show exactly what a run would move now, then run it once for the key of this page (R-UPL-3).

        Where a second person releases it, the first one’s button prepares it and the other’s runs it.
        """
        if not request.user.has_perm("journals.change_upload"):
            raise PermissionDenied
        form, release = RunForm(request.POST or None), ReleaseForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and release.is_valid():
            return self._run(request, form, release)
        return self._run_page(request, form, release)

    def _run_page(self, request, form, release, *, error="", status=200):
        prepared = self._prepared()
        known = Entry.objects.known_to(request.user)
        sums = Entry.objects.waiting().aggregate(
            entries=Count("pk"), members=Count("person", distinct=True), total=Sum("credits")
        )
        compared = compare(known) if sums["entries"] else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Run an upload now"),
            "opts": self.opts,
            "form": form,
            "release": release,
            "prepared": prepared,
            "progress": services.progress_of(prepared) if prepared else "",
            "second_person": services.policy_on(programme_day()).second_person,
            "yours": self._yours(request, prepared),
            "sums": sums,
            "compared": compared,
            "more": sums["total"] - compared.last.control_total if compared and compared.last else 0,
            "member_sums": by_member(known.waiting()),
            "error": error,
        }
        return TemplateResponse(request, "admin/journals/run.html", context, status=status)

    def _prepared(self) -> Upload | None:
        unposted = Upload.objects.filter(posted_at__isnull=True)
        return unposted.select_related("prepared_by", "started_by").first()

    def _yours(self, request, upload: Upload | None) -> bool:
        """Whether another coordinator has to release ``upload``, since this one prepared it."""
        if upload is None or upload.posted_at is not None or upload.prepared_by_id != request.user.pk:
            return False
        return services.policy_on(programme_day()).second_person

    def _run(self, request, form, release) -> HttpResponse:
        upload, today = self._prepared(), programme_day()
        if upload is None:
            key = f"by hand {form.cleaned_data['submit_key']}"
            upload = services.prepare_upload(key=key, due_on=today, by=request.user)
            if upload.posted_at is None and services.policy_on(today).second_person:
                self.message_user(request, _("It is prepared. Another coordinator releases it."), messages.SUCCESS)
                return redirect("admin:journals_upload_change", upload.pk)
        try:
            return self._release(request, upload, release.cleaned_data["note"])
        except Refusal as refusal:
            return self._run_page(request, form, release, error=str(refusal), status=409)

    @method_decorator(require_POST)
    def start_view(self, request, pk):
        """Start a run again that was stopped, by one press."""
        upload = self._upload(request, pk)
        if not request.user.has_perm("journals.change_upload"):
            raise PermissionDenied
        try:
            return self._release(request, upload)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:journals_upload_run")

    def _release(self, request, upload: Upload, note: str = "") -> HttpResponseRedirect:
        try:
            upload = services.release_upload(upload, by=request.user, note=note)
        except (DatabaseError, InterfaceError):
            self.message_user(request, _("The upload did not finish. How far it came stands below."), messages.ERROR)
            return redirect("admin:journals_upload_change", upload.pk)
        said = ngettext(
            "One entry was uploaded, {total}.",
            "{entries} entries of {members} members were uploaded, {total} in all.",
            upload.entries_posted,
        )
        values = {
            "entries": upload.entries_posted,
            "members": upload.members,
            "total": in_credits(upload.control_total),
        }
        self.message_user(request, said.format(**values), messages.SUCCESS)
        return redirect("admin:journals_upload_change", upload.pk)
