"""Pages that show several apps at once, the door to files, health, and the pages for what went wrong."""

import logging
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.generic import TemplateView

from applications import permissions as applications
from applications.services import criteria, windows
from cecs import permissions as cecs
from cecs.kind import CecKind
from journals import rules as credit_rules
from journals import services as journals
from journals import wording
from journals.announcements import announced
from journals.states import Activity
from preapprovals import permissions as preapprovals
from serportal.certifications.rules import Year
from serportal.dated.services import by_day
from serportal.fees import services as fees
from serportal.files import rules as file_rules
from serportal.files.models import StoredFile
from serportal.home.context import menu_of
from serportal.home.dashboard import dashboard_of
from serportal.reviews import permissions as reviews
from serportal.reviews.models import Timetable
from serportal.ui.words import letter, number, programme_day

FILE_RULES = [
    reviews.files_visible_to,
    cecs.files_visible_to,
    applications.files_visible_to,
    preapprovals.files_visible_to,
    preapprovals.records_visible_to,
    preapprovals.lists_visible_to,
]

logger = logging.getLogger("serportal.files")

# Hours at one conference, each showing one rule at work: the rate, the cap of an event, the least contact time.
EXAMPLES = [
    (gettext_lazy("90 minutes of sessions at one conference"), Decimal("1.5")),
    (gettext_lazy("22 hours of sessions at one conference"), Decimal(22)),
    (gettext_lazy("One talk of 45 minutes"), Decimal("0.75")),
]


@method_decorator(login_not_required, name="dispatch")
class LandingView(TemplateView):
    """The five doors, and what to read before going through one."""

    template_name = "home/landing.html"

    def get_context_data(self, **kwargs):
        policy = journals.policy_on(programme_day())
        window = windows.window_for(timezone.now())
        return super().get_context_data(policy=policy, window=window, claim_days=CecKind.promised_days, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class RulesView(TemplateView):
    """The rules in force today, made from the rows that the portal itself computes with."""

    template_name = "home/rules.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        rows = journals.around(today)
        a_year = rows.policy.uploads_a_year
        fee_rows, fees_later = fees.fees_around(today)
        criteria_row, criteria_later = criteria.criteria_around(today)
        return super().get_context_data(
            today=today,
            policy=rows.policy,
            schedule=rows.schedule,
            areas=[area.name for area in rows.areas.values() if area.offered],
            announced=by_day([*announced(rows.later), *fees_later, *criteria_later]),
            criteria=criteria_row,
            windows=windows.windows_on(today),
            fees=fee_rows,
            examples=examples(rows),
            timetable=Timetable.objects.in_force(CecKind.key, today)[0],
            claim_days=CecKind.promised_days,
            upload_days=[one for one in credit_rules.upload_days(today, a_year=a_year) if one.year == today.year],
            next_upload=credit_rules.next_upload(today, a_year=a_year),
            **kwargs,
        )


def examples(rows: journals.Around) -> list[tuple[str, str, str]]:
    """Return (what, sentence, credits) of the worked examples, computed by the rules that judge real claims."""
    day = programme_day()
    lines = (line for _category, _name, lines in rows.schedule for line in lines)
    rate = next(line for line in lines if line.activity == Activity.CONFERENCE).as_rate()
    span = credit_rules.Span((Year(1, day, day),))
    worked = []
    for what, hours in EXAMPLES:
        claim = credit_rules.Claim(Activity.CONFERENCE, day, hours)
        credit = credit_rules.credit(claim, rate=rate, policy=rows.policy.as_policy(), span=span)
        worked.append((what, wording.sentence(credit.reasons), number(credit.amount)))
    return worked


class DashboardView(TemplateView):
    """What needs me, what waits on others, where I stand."""

    template_name = "home/dashboard.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        menu = menu_of(user)
        known = {name: menu[name] for name in ("reviewer", "billed", "partner", "contact")}
        shown = dashboard_of(user, **known)
        return super().get_context_data(menu=menu, **shown, **kwargs)


class FileView(View):
    """The one door to files: whoever may not have a file gets the answer of a file that does not exist (SPEC 7)."""

    @method_decorator(cache_control(private=True, no_store=True))
    def get(self, request, pk):
        allowed = (rule(request.user).filter(pk=pk).select_related("folder").first() for rule in FILE_RULES)
        stored = next((one for one in allowed if one is not None), None)
        if stored is None:
            raise Http404
        logger.info("%s opens file %s", request.user.pk, stored.pk)
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
    """Return the owner’s own name for a file; to others the reference and its purpose, which name nobody (SPEC 7).

    Of a visit, of records that SER asked for and of a list of attendees, the reference is the code of the offering.
    """
    if stored.received_from_id == user.pk:
        return stored.name
    if roster := getattr(stored.folder, "roster", None):
        run = roster.occurrence
        return f"attendance-{run.offering.code}-{run.first_day}.{stored.kind}"
    visit = getattr(stored.folder, "visit", None)
    reference = f"records-{visit.offering.code}" if visit else stored.folder.case.reference
    keys = list(stored.folder.files.filter(removed_at__isnull=True).values_list("pk", flat=True))
    place = keys.index(stored.pk) + 1
    what = f"{slugify(stored.purpose_label)}-{place}" if stored.purpose else letter(place)
    return f"{reference}-{what}.{stored.kind}"


def signed_address(stored: StoredFile, user) -> str:
    """Return a link into the private bucket that dies within a minute and downloads under our name and type."""
    return stored.content.storage.url(
        stored.content.name,
        parameters={
            "ResponseContentDisposition": content_disposition_header(True, name_for(stored, user)),
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
    """Say that something broke, in a page that asks neither the database nor the session: either may be what broke."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


@login_not_required
def csrf_failure(request, reason=""):
    """Give back what was typed: the session ended or its page is too old, and nothing was sent."""
    context = {"typed": typed_text(request), "back": page_before(request)}
    return render(request, "errors/csrf.html", context, status=403)


def page_before(request) -> str:
    """Return the page of ours that held the refused form; its form draws a new key when it is opened again."""
    referer = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours else request.path


def typed_text(request) -> list[tuple[str, str]]:
    """Return the names and texts of a refused form, without its keys and without anything secret."""
    hidden = ("csrf", "password", "code", "submit_key", "version", "digest", "next")
    pairs = [(name, text) for name, texts in request.POST.lists() for text in texts]
    kept = [(name, text) for name, text in pairs if text.strip() and not any(word in name for word in hidden)]
    return [(field_name(name), text) for name, text in kept]


def field_name(name: str) -> str:
    """Write a field’s name as words: “first_day” becomes “First day”; allauth’s “login” is the e-mail address."""
    return _("E-mail address") if name in {"login", "email"} else name.replace("_", " ").capitalize()
