"""The coordinator’s pages for uploads: preview, run, statements, the files for other systems (R-UPL)."""

from django.contrib import admin, messages
from django.contrib.postgres.aggregates import BoolOr
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journals import exports, services
from journals.admin.statements import StatementPages
from journals.forms import RunForm
from journals.models import CreditTypeCode, Entry, Statement, Upload
from serportal.accounts.models import User
from serportal.ui.lists import KeptAdmin, ReadOnlyAdmin
from serportal.ui.sheets import sheet
from serportal.ui.text import as_key
from serportal.ui.words import number, programme_day

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
class UploadAdmin(StatementPages, ReadOnlyAdmin):
    """Runs: what waits, what each one moved and for whom, and the button that runs one now."""

    list_display = ["__str__", "posted_at", "entries_posted", "members", "control_total"]
    change_list_template = "admin/journals/upload_list.html"
    show_full_result_count = False

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("run/", view(self.run_view), name="journals_upload_run"),
            path("<int:pk>/entries.csv", view(self.entries_view), name="journals_upload_entries"),
            path("<int:pk>/membership.csv", view(self.membership_view), name="journals_upload_membership"),
        ]
        return [*own, *super().get_urls()]

    def _upload(self, request, pk) -> Upload:
        upload = self.get_queryset(request).select_related("posted_by", "prepared_by").filter(pk=pk).first()
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
        rows = exports.membership_rows(upload, request.user)
        return sheet(rows, f"membership-import-{upload.due_on}-{upload.pk}.csv", mark=False)

    def run_view(self, request):
        """Show exactly what a run would move now, then run it once for the key of this page (R-UPL-3)."""
        if not request.user.has_perm("journals.change_upload"):
            raise PermissionDenied
        form = RunForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._run(request, form.cleaned_data["submit_key"])
        prepared = Upload.objects.filter(posted_at__isnull=True).first()
        waiting = Entry.objects.waiting()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Run an upload now"),
            "opts": self.opts,
            "form": form,
            "prepared": prepared,
            "sums": waiting.aggregate(
                entries=Count("pk"), members=Count("person", distinct=True), total=Sum("credits")
            ),
            "member_sums": by_member(waiting.known_to(request.user)),
        }
        return TemplateResponse(request, "admin/journals/run.html", context)

    def _run(self, request, key) -> HttpResponseRedirect:
        prepared = Upload.objects.filter(posted_at__isnull=True).first()
        upload = prepared or services.prepare_upload(key=f"by hand {key}", due_on=programme_day(), by=request.user)
        upload = services.post_upload(upload, by=request.user)
        self.message_user(
            request,
            _("{entries} entries of {members} members were uploaded, {total} credits in all.").format(
                entries=upload.entries_posted, members=upload.members, total=number(upload.control_total)
            ),
            messages.SUCCESS,
        )
        return redirect(reverse("admin:journals_upload_change", args=[upload.pk]))
