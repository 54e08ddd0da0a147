"""The coordinator’s pages for uploads: preview, run and control total (R-UPL)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from journals import services
from journals.admin.kept import KeptAdmin
from journals.forms import RunForm
from journals.models import Entry, Upload
from serportal.ui.words import number, programme_day

SHOWN = 100


def by_member(entries):
    """Return the sums of the first members by name."""
    rows = entries.values("person__name", "person__email").annotate(entries=Count("pk"), total=Sum("credits"))
    return rows.order_by("person__name", "person__email")[:SHOWN]


@admin.register(Upload)
class UploadAdmin(KeptAdmin):
    """Runs: what waits, what each one moved, and the button that runs one now."""

    list_display = ["__str__", "posted_at", "entries_posted", "members", "control_total"]
    fields = readonly_fields = [
        "due_on",
        "prepared_at",
        "prepared_by",
        "posted_at",
        "posted_by",
        "entries_posted",
        "members",
        "control_total",
    ]
    change_list_template = "admin/journals/upload_list.html"
    change_form_template = "admin/journals/upload.html"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def get_urls(self):
        run = self.admin_site.admin_view(self.run_view)
        return [path("run/", run, name="journals_upload_run"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        waiting = Entry.objects.waiting().aggregate(
            entries=Count("pk"), members=Count("person", distinct=True), total=Sum("credits")
        )
        extra = {"waiting": waiting, "next_upload": services.next_upload_on(), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        moved = Entry.objects.filter(upload=object_id).known_to(request.user)
        title = {"title": _("Upload"), "member_sums": by_member(moved), "show_save": False}
        return super().change_view(request, object_id, form_url, {**title, **(extra_context or {})})

    def has_change_permission(self, request, obj=None):
        return False

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
