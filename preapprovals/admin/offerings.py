"""Offerings as the coordinator keeps them: by expiry, one on one page, what can be done about it (SPEC 4)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from preapprovals.admin.filters import (
    ApprovalFilter,
    DeliveryFilter,
    DutyFilter,
    ExpiryFilter,
    ListFilter,
    SponsorFilter,
    SponsorKindFilter,
    StandingFilter,
)
from preapprovals.admin.imports import ImportPages
from preapprovals.admin.oversight import TITLES
from preapprovals.admin.renewals import RenewalPages
from preapprovals.forms.office import AskRecordsForm, EventForm, ListingForm, VisitForm, WithdrawForm
from preapprovals.models import Attendance, Offering, Roster
from preapprovals.rules import Asked
from preapprovals.services import listing, oversight, visiting
from preapprovals.states import STANDING, AttendanceState, RosterState
from serportal.files.models import StoredFile
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList
from serportal.ui.refusal import Refusal
from serportal.ui.text import one_line
from serportal.ui.words import number, programme_day

SHOWN = 25
CODE_NEEDED = {"visit", "records"}


def standing(offering) -> str:
    """Say where an offering stands today: “active, 12 days left”, “expired”, “terminated”."""
    if offering.state not in STANDING:
        return offering.get_state_display()
    left = (offering.valid_to - programme_day()).days
    if left < 0:
        return _("expired")
    days = ngettext("%d day left", "%d days left", left) % left
    return _("{state}, {days}").format(state=offering.get_state_display(), days=days)


@admin.register(Offering)
class OfferingAdmin(RenewalPages, ImportPages, ExportedList, ActedOnAdmin):
    """What is or was on the list. An offering is hidden from whoever its case is hidden from (R-REV-5)."""

    acts = {
        "change": Act(ListingForm, listing.change_listing, gettext_lazy("The listing is changed.")),
        "visit": Act(VisitForm, visiting.note_visit, gettext_lazy("The visit is noted. Add its files on its page.")),
        "records": Act(AskRecordsForm, visiting.ask_records, gettext_lazy("The sponsor is asked for its records.")),
        "withdraw": Act(WithdrawForm, listing.withdraw_listing, gettext_lazy("It is off the list.")),
    }
    key = "offering_id"
    page_template = "admin/preapprovals/offering.html"
    page_related = ("sponsor", "request__case", "renews", "renewed_by", "logo_agreed_by")
    list_display = ["title", "whose", "code", "standing", "valid_to", "amount", "taught"]
    list_filter = [
        *(
            StandingFilter,
            ExpiryFilter,
            ApprovalFilter,
            DutyFilter,
            ListFilter,
            "category",
            DeliveryFilter,
            SponsorKindFilter,
        ),
        SponsorFilter,
    ]
    list_select_related = ["sponsor"]
    # Searching is ``get_search_results``, which forgives typos; the box is shown where this is not empty.
    search_fields = ["search"]
    search_help_text = gettext_lazy("Title, sponsor, instructor or approval code; typing errors are forgiven")
    ordering = ["valid_to", "pk"]
    list_per_page = 25
    show_full_result_count = False
    actions = ["renew_all"]
    change_list_template = "admin/preapprovals/offering_list.html"
    export_name = "offerings"
    export_related = ("sponsor", "request__case", "renews")
    export_columns = (
        *(("code", 15), ("title", 42), ("part of", 30), ("sponsor", 30), ("kind of sponsor", 22)),
        *(("category", 28), ("delivery", 16), ("language", 12), ("state", 24), ("holds from", 12), ("holds until", 12)),
        *(("credits", 9), ("minutes", 9), ("recurring", 10), ("request", 15), ("renews", 15), ("web page", 40)),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    def get_search_results(self, request, queryset, search_term):
        words = one_line(search_term)[:200]
        return queryset.about(Asked(q=words)) if words else queryset, False

    def export_row(self, one) -> tuple:
        return (
            *(one.code or "", one.title, one.part_of, one.sponsor.name, str(one.sponsor.get_kind_display())),
            *(str(one.get_category_display()), str(one.get_delivery_display()), one.language, str(standing(one))),
            *(one.valid_from, one.valid_to, one.credits, one.minutes, _("yes") if one.recurring else _("no")),
            *(one.request.case.reference if one.request else "", one.renews.code or "" if one.renews else "", one.url),
        )

    @admin.display(description=gettext_lazy("sponsor"), ordering="sponsor__name")
    def whose(self, one):
        return format_html('<a href="?sponsor={}">{}</a>', one.sponsor_id, one.sponsor.name)

    @admin.display(description=gettext_lazy("where it stands"), ordering="state")
    def standing(self, one):
        return standing(one)

    @admin.display(description=gettext_lazy("delivery"), ordering="delivery")
    def taught(self, one):
        return one.get_delivery_display()

    @admin.display(description=gettext_lazy("credits"), ordering="credits")
    def amount(self, one):
        return number(one.credits) if one.is_preapproved else _("not pre-approved")

    def possible(self, user, one) -> list[str]:
        if not user.has_perm("preapprovals.change_offering"):
            return []
        here = [name for name in self.acts if one.state in STANDING or name in CODE_NEEDED]
        return [name for name in here if one.is_preapproved or name not in CODE_NEEDED]

    def papers(self, one) -> dict:
        return {}

    def initial(self, one) -> dict[str, dict]:
        return {"change": {name: getattr(one, name) for name in listing.CHANGEABLE}}

    def page(self, request, one) -> dict:
        others = Offering.objects.coordinated_by(request.user).filter(sponsor=one.sponsor).exclude(pk=one.pk)
        cases = ReviewCase.objects.coordinated_by(request.user)
        claims = cases.filter(attendance__occurrence__offering=one)
        runs = list(runs_of(one)[:SHOWN])
        return {
            "title": one.title,
            "offering": one,
            "standing": standing(one),
            "case": cases.filter(pk=one.request_id).first() if one.request_id else None,
            "runs": runs,
            "run_count": runs[0].of if runs else 0,
            "claims": claims.aggregate(
                all=Count("pk"),
                approved=Count("pk", filter=Q(state=CaseState.APPROVED)),
                granted=Coalesce(Sum("granted", filter=Q(state=CaseState.APPROVED)), Value(0), output_field=AMOUNT),
            ),
            "differing": Attendance.objects.mismatches()
            .filter(occurrence__offering=one, case__in=cases)
            .select_related("case", "occurrence")[:SHOWN],
            "latest_claims": claims.order_by("-filed_on", "-pk")[:SHOWN],
            "notices": one.notices.select_related("by").order_by("-at", "-pk"),
            "oversight": [(act, TITLES[act]) for act in oversight.possible(one, programme_day())],
            "visits": one.visits.select_related("by"),
            "others": others.order_by("-listed_at", "-pk")[:SHOWN],
        }

    def has_add_permission(self, request):
        return request.user.has_perm("preapprovals.add_offering")

    def add_view(self, request, form_url="", extra_context=None):
        """List an event of SER or a chapter that is not pre-approved (R-SPO-7)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EventForm(request.POST if request.method == "POST" else None)
        error, status = "", 200
        if request.method == "POST" and form.is_valid():
            try:
                made = listing.list_event(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                error, status = str(refusal), 409
            else:
                self.message_user(request, _("“{0}” is on the list.").format(made.title), messages.SUCCESS)
                return redirect("admin:preapprovals_offering_change", made.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("List an event that is not pre-approved"),
            "opts": self.opts,
            "form": form,
            "error": error,
        }
        return TemplateResponse(
            request, "admin/preapprovals/event.html", context, status=422 if form.errors else status
        )


AMOUNT = Offering._meta.get_field("credits")


def runs_of(offering):
    """Return the dates of an offering, the latest first, each with how many were there and accepted, and its lists.

    ``of`` is how many dates there are.
    """
    known = Attendance.objects.known().filter(occurrence=OuterRef("pk"))
    given = StoredFile.objects.filter(folder=OuterRef("folder"), removed_at__isnull=True).values("pk")
    lists = Roster.objects.exclude(state=RosterState.PREVIEW).annotate(file=Subquery(given[:1]))
    return (
        offering.occurrences.annotate(
            attended=_count(known),
            claimed=_count(known.filter(state=AttendanceState.CLAIMED)),
            of=Window(Count("*")),
        )
        .prefetch_related(Prefetch("rosters", lists, to_attr="lists"))
        .order_by("-first_day", "-pk")
    )


def _count(rows):
    counted = rows.order_by().values("occurrence").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
