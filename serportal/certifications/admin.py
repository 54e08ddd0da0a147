"""The coordinator’s pages of certifications: found, taken along, renamed, revoked, retired."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from serportal.certifications import services
from serportal.certifications.forms import EndForm, RenameForm
from serportal.certifications.models import Certification
from serportal.certifications.permissions import can_change_certificate
from serportal.certifications.states import LISTED
from serportal.certifications.wording import BRIEF, told
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList, MemberFilter
from serportal.ui.words import programme_day


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
class CertificationAdmin(ExportedList, ActedOnAdmin):
    """Who is certified. Certifications come from decisions; what happens to them later has a reason each."""

    acts = {
        "rename": Act(RenameForm, services.rename, _("The certificate bears the new name.")),
        "revoke": Act(EndForm, services.revoke, _("It is revoked. Its number says so from now on.")),
        "retire": Act(EndForm, services.retire, _("It is retired. Its number says so from now on.")),
    }
    key = "certification_id"
    page_template = "admin/certifications/certification.html"
    page_related = ("person", "succeeded_by")
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

    def possible(self, user, held) -> list[str]:
        if not can_change_certificate(user, held):
            return []
        return [name for name in self.acts if name == "rename" or not held.ended_as]

    def papers(self, held) -> dict:
        return {"certificate": lambda: (services.certificate(held), held.number)}

    def page(self, request, held) -> dict:
        today = programme_day()
        state = held.state_on(today)
        return {
            "held": held,
            "brief": BRIEF[state],
            "told": told(held, today),
            "paper": state in LISTED,
            "listing": services.listing_of(held.person),
            "periods": held.periods.all(),
            "events": held.events.select_related("by"),
        }
