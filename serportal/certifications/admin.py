"""The coordinator’s pages of certifications: found, taken along, renamed, revoked, retired."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from serportal.certifications import services
from serportal.certifications.forms import EndForm, RenameForm
from serportal.certifications.models import Certification
from serportal.certifications.permissions import can_change_certificate
from serportal.certifications.states import LISTED
from serportal.certifications.wording import BRIEF, told
from serportal.ui.lists import ExportedList, MemberFilter, ReadOnlyAdmin
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

# What can be done about a certification: its form, the service, and what is said afterwards.
ACTS = {
    "rename": (RenameForm, services.rename, _("The certificate bears the new name.")),
    "revoke": (EndForm, services.revoke, _("It is revoked. Its number says so from now on.")),
    "retire": (EndForm, services.retire, _("It is retired. Its number says so from now on.")),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state.value, label) for state, label in BRIEF.items()]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.in_state(self.value(), programme_day()) if self.value() in known else queryset


class DirectoryFilter(admin.SimpleListFilter):
    title = _("public directory")
    parameter_name = "directory"

    def lookups(self, request, model_admin):
        return [("yes", _("in it")), ("no", _("not in it"))]

    def queryset(self, request, queryset):
        listed = Certification.objects.in_directory(programme_day()).values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=listed)
        return queryset.exclude(pk__in=listed) if self.value() == "no" else queryset


@admin.register(Certification)
class CertificationAdmin(ExportedList, ReadOnlyAdmin):
    """Who is certified. Certifications come from decisions; what happens to them later has a reason each."""

    list_display = ["number", "name_on_certificate", "level", "state", "valid_until", "certified_on"]
    list_filter = ["level", StateFilter, DirectoryFilter, MemberFilter]
    search_fields = ["number", "name_on_certificate", "person__email"]
    list_per_page = 25
    show_full_result_count = False
    export_name = "certifications"
    export_related = ("person__listing",)
    export_columns = (
        *(("number", 14), ("name on the certificate", 36), ("level", 10), ("state", 18)),
        *(("certified on", 12), ("valid from", 12), ("valid until", 12)),
        *(("in the directory", 10), ("country shown", 20), ("employer shown", 28), ("e-mail address shown", 28)),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_period()

    def export_row(self, one) -> tuple:
        """What the public may see of a person stands in the last columns, and nothing else of theirs."""
        today, listing = programme_day(), getattr(one.person, "listing", None)
        state = one.state_on(today)
        public = listing is not None and listing.listed and one.person.is_active and state in LISTED
        return (
            *(one.number, one.name_on_certificate, one.level, str(BRIEF[state])),
            *(one.certified_on, one.period_start, one.period_end, "yes" if public else "no"),
            str(one.person.country.name) if public and listing.show_country else "",
            one.person.employer if public and listing.show_employer else "",
            one.person.email if public and listing.show_email else "",
        )

    @admin.display(description=_("state"))
    def state(self, one):
        return BRIEF[one.state_on(programme_day())]

    @admin.display(description=_("valid until"), ordering="period_end")
    def valid_until(self, one):
        return one.period_end

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/certificate.pdf", view(self.paper_view), name="certifications_certification_paper"),
            path("<int:pk>/act/<slug:act>/", view(self.act_view), name="certifications_certification_act"),
        ]
        return [*own, *super().get_urls()]

    def _held(self, request, pk) -> Certification:
        held = self.get_queryset(request).select_related("person", "succeeded_by").filter(pk=pk).first()
        if held is None or not self.has_view_permission(request, held):
            raise Http404
        return held

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        return self._page(request, self._held(request, object_id))

    def act_view(self, request, pk, act):
        """Do one thing about a certification; what cannot be done is said on its page, beside what was typed."""
        held = self._held(request, pk)
        if act not in ACTS:
            raise Http404
        if not request.user.has_perm("certifications.change_certification"):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:certifications_certification_change", pk)
        form_class, service, done = ACTS[act]
        form = form_class(request.POST, prefix=act)
        if not form.is_valid():
            return self._page(request, held, refused={act: form}, status=422)
        try:
            service(certification_id=held.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self._page(request, held, refused={act: form}, error=str(refusal), status=409)
        self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:certifications_certification_change", pk)

    def _page(self, request, held, *, refused=None, error="", status=200):
        today = programme_day()
        possible = can_change_certificate(request.user, held)
        names = [name for name in ACTS if possible and (name == "rename" or not held.ended_as)]
        context = {
            **self.admin_site.each_context(request),
            "title": held.number,
            "opts": self.opts,
            "held": held,
            "brief": BRIEF[held.state_on(today)],
            "told": told(held, today),
            "paper": held.state_on(today) in LISTED,
            "listing": services.listing_of(held.person),
            "periods": held.periods.all(),
            "events": held.events.select_related("by"),
            "forms": {name: (refused or {}).get(name) or ACTS[name][0](prefix=name) for name in names},
            "summary": [line for form in (refused or {}).values() for line in form.summary()],
            "error": error,
        }
        return TemplateResponse(request, "admin/certifications/certification.html", context, status=status)

    @method_decorator(require_safe)
    def paper_view(self, request, pk):
        held = self._held(request, pk)
        try:
            return paper_response(services.certificate(held), held.number)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:certifications_certification_change", pk)
