"""Pages that show several apps at once, the door to files, health, and the pages for what went wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.generic import TemplateView

from cecs import permissions as cecs
from journals import services as journals
from journals.models import ScheduleRow
from serportal.files import rules as file_rules
from serportal.files.models import StoredFile
from serportal.home.dashboard import dashboard_of
from serportal.reviews import permissions as reviews
from serportal.ui.words import programme_day

FILE_RULES = [reviews.files_visible_to, cecs.files_visible_to]


@method_decorator(login_not_required, name="dispatch")
class LandingView(TemplateView):
    """The five doors, and what to read before going through one."""

    template_name = "home/landing.html"


@method_decorator(login_not_required, name="dispatch")
class RulesView(TemplateView):
    """The rules in force today, made from the rows that the portal itself computes with."""

    template_name = "home/rules.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        rows = ScheduleRow.objects.filter(effective_from__lte=today).order_by("category", "activity", "-effective_from")
        return super().get_context_data(
            today=today,
            policy=journals.policy_on(today),
            schedule=rows.distinct("category", "activity"),
            next_upload=journals.next_upload_on(),
            **kwargs,
        )


class DashboardView(TemplateView):
    """What needs me, what waits on others, where I stand."""

    template_name = "home/dashboard.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**dashboard_of(self.request.user), **kwargs)


class FileView(View):
    """The one door to files: whoever may not have a file gets the answer of a file that does not exist (SPEC 7)."""

    @method_decorator(cache_control(private=True, no_store=True))
    def get(self, request, pk):
        allowed = [rule(request.user).values("pk") for rule in FILE_RULES]
        stored = get_object_or_404(StoredFile.objects.filter(pk__in=allowed[0].union(*allowed[1:])), pk=pk)
        if settings.FILES_BUCKET:
            return HttpResponseRedirect(signed_address(stored, request.user))
        response = FileResponse(
            stored.content.open("rb"),
            as_attachment=True,
            filename=name_for(stored, request.user),
            content_type=file_rules.TYPES[stored.kind][0],
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


def name_for(stored: StoredFile, user) -> str:
    """Return the owner’s own name for a file; to others the reference and a letter, which name nobody (SPEC 7)."""
    if stored.received_from_id == user.pk:
        return stored.name
    case = stored.folder.case
    keys = list(stored.folder.files.filter(removed_at__isnull=True).values_list("pk", flat=True))
    return f"{case.reference}-{chr(ord('A') + keys.index(stored.pk))}.{stored.kind}"


def signed_address(stored: StoredFile, user) -> str:
    """Return a link into the private bucket that dies within a minute and downloads under our name and type."""
    return stored.content.storage.url(
        stored.content.name,
        parameters={
            "ResponseContentDisposition": f'attachment; filename="{stored.pk}.{stored.kind}"',
            "ResponseContentType": file_rules.TYPES[stored.kind][0],
        },
    )


@login_not_required
@never_cache
def healthz(request):
    """Whether this process answers; asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request):
    """Whether the database answers and is migrated; a silent broker does not make the portal unready."""
    try:
        executor = MigrationExecutor(connection)
        ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        ready = False
    return HttpResponse("ready" if ready else "not ready", content_type="text/plain", status=200 if ready else 503)


def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    return render(request, "errors/500.html", {"demo": False, "menu": {}}, status=500)


@login_not_required
def csrf_failure(request, reason=""):
    """Give back what was typed: the session ended or its page is too old, and nothing was sent."""
    return render(request, "errors/csrf.html", {"typed": typed_text(request)}, status=403)


def typed_text(request) -> list[tuple[str, str]]:
    """Return the names and texts of a refused form, without its keys and without anything secret."""
    hidden = ("csrf", "password", "code", "submit_key", "version", "digest")
    pairs = [(name, text) for name, texts in request.POST.lists() for text in texts]
    return [(name, text) for name, text in pairs if text.strip() and not any(word in name for word in hidden)]
