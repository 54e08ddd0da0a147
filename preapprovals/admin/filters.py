"""By what the coordinator narrows the list of offerings."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from preapprovals.models import Attendance, Contact, Occurrence, Sponsor
from preapprovals.states import DELIVERED, STANDING, OfferingState, SponsorKind
from serportal.reviews.models import ReviewCase
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

EXPIRED = "expired"
SPANS = (30, 60, 90)


class StandingFilter(admin.SimpleListFilter):
    """Where an offering stands today; that it expired is told by its last day."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*((one.value, one.label) for one in OfferingState), (EXPIRED, _("expired"))]

    def queryset(self, request, queryset):
        today = programme_day()
        if self.value() == EXPIRED:
            return queryset.filter(state__in=STANDING, valid_to__lt=today)
        if self.value() not in OfferingState.values:
            return queryset
        found = queryset.filter(state=self.value())
        return found.filter(valid_to__gte=today) if self.value() in STANDING else found


class ExpiryFilter(admin.SimpleListFilter):
    title = _("expiry")
    parameter_name = "expires"

    def lookups(self, request, model_admin):
        within = [(str(days), _("within {days} days").format(days=days)) for days in SPANS]
        return [*within, ("renewable", _("can be renewed now"))]

    def queryset(self, request, queryset):
        if self.value() == "renewable":
            return queryset.renewable(programme_day())
        days = {str(days): days for days in SPANS}.get(self.value())
        return queryset if days is None else queryset.expiring(programme_day(), within=days)


class ApprovalFilter(admin.SimpleListFilter):
    title = _("approval")
    parameter_name = "approved"

    def lookups(self, request, model_admin):
        return [("yes", _("pre-approved")), ("no", _("only listed"))]

    def queryset(self, request, queryset):
        return queryset.filter(code__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


class DutyFilter(admin.SimpleListFilter):
    """What a sponsor owes about it."""

    title = _("owed by the sponsor")
    parameter_name = "owed"

    def lookups(self, request, model_admin):
        return [("confirm", _("a confirmation of completion, overdue")), ("records", _("an answer about its records"))]

    def queryset(self, request, queryset):
        if self.value() == "confirm":
            overdue = Occurrence.objects.overdue(programme_day()).filter(offering=OuterRef("pk"))
            return queryset.filter(Exists(overdue))
        if self.value() == "records":
            return queryset.filter(visits__asked_until__isnull=False, visits__answered_at__isnull=True).distinct()
        return queryset


class ListFilter(admin.SimpleListFilter):
    """Where a list of attendance tells something else than an open claim of a case that this coordinator may know."""

    title = _("lists and claims")
    parameter_name = "lists"

    def lookups(self, request, model_admin):
        return [("differ", _("they differ"))]

    def queryset(self, request, queryset):
        if self.value() != "differ":
            return queryset
        cases = ReviewCase.objects.coordinated_by(request.user)
        found = Attendance.objects.mismatches().filter(case__in=cases, occurrence__offering=OuterRef("pk"))
        return queryset.filter(Exists(found))


class DeliveryFilter(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "delivery"

    def lookups(self, request, model_admin):
        return list(DELIVERED.items())

    def queryset(self, request, queryset):
        return queryset.filter(delivery=self.value()) if self.value() in DELIVERED else queryset


class NameFilter(admin.SimpleListFilter):
    """Sponsors that may be one: two people brought the same one in (R-SPO-1)."""

    title = _("name")
    parameter_name = "name"

    def lookups(self, request, model_admin):
        return [("same", _("another has the same"))]

    def queryset(self, request, queryset):
        if self.value() != "same":
            return queryset
        others = Sponsor.objects.coordinated_by(request.user).exclude(pk=OuterRef("pk"))
        return queryset.filter(Exists(others.filter(name_key=OuterRef("name_key"))))


class ContactFilter(admin.SimpleListFilter):
    """Sponsors that no letter reaches, or only an invitation did."""

    title = _("contacts")
    parameter_name = "contacts"

    def lookups(self, request, model_admin):
        return [("none", _("nobody")), ("invited", _("invited, and nobody came yet"))]

    def queryset(self, request, queryset):
        if self.value() not in {"none", "invited"}:
            return queryset
        current = Contact.objects.current().filter(sponsor=OuterRef("pk"))
        if self.value() == "none":
            return queryset.filter(~Exists(current))
        return queryset.filter(Exists(current), ~Exists(current.filter(person__isnull=False)))


class SponsorKindFilter(admin.SimpleListFilter):
    title = _("kind of sponsor")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(one.value, one.label) for one in SponsorKind]

    def queryset(self, request, queryset):
        return queryset.filter(sponsor__kind=self.value()) if self.value() in SponsorKind.values else queryset


class SponsorFilter(admin.SimpleListFilter):
    """One sponsor, come from a link: choosing from hundreds would help nobody."""

    title = _("sponsor")
    parameter_name = "sponsor"

    def lookups(self, request, model_admin):
        given = request.GET.get(self.parameter_name, "")
        key = as_key(given)
        sponsors = [] if key is None else Sponsor.objects.coordinated_by(request.user).filter(pk=key)
        self.known = [(str(one.pk), one.name) for one in sponsors]
        return self.known or ([(given, _("nobody we know"))] if given else [])

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(sponsor=self.value()) if self.known else queryset.none()
