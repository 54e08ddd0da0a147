"""Sponsors with their whole history, and joining two that are one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from preapprovals.admin.filters import ContactFilter, NameFilter
from preapprovals.forms.office import FirstContactForm, SponsorForm
from preapprovals.models import Notice, Occurrence, Offering, Sponsor, Visit
from preapprovals.services import contacts, correcting, joining
from preapprovals.states import Act as Did
from serportal.reviews.models import ReviewCase
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key, one_line
from serportal.ui.words import programme_day

SHOWN = 50
GRAVE = (Did.WARNED, Did.CLEARED, Did.TERMINATED, Did.OVERTURNED, Did.UPHELD, Did.RETRACTED, Did.REFUSED)


@admin.register(Sponsor)
class SponsorAdmin(ExportedList, ActedOnAdmin):
    """Who offers something. What a coordinator must not know of is not counted for them (R-REV-5)."""

    acts = {
        "correct": Act(SponsorForm, correcting.correct_sponsor, gettext_lazy("The sponsor is corrected.")),
        "invite": Act(FirstContactForm, contacts.invite, gettext_lazy("An invitation is on its way.")),
    }
    key = "sponsor_id"
    page_template = "admin/preapprovals/sponsor.html"
    list_display = ["name", "kind", "country", "offered", "next_end", "people"]
    list_filter = ["kind", ContactFilter, NameFilter]
    # Searching is ``get_search_results``, which forgives typos; the box is shown where this is not empty.
    search_fields = ["name"]
    search_help_text = gettext_lazy("Name, or the e-mail address of a contact; typing errors in names are forgiven")
    list_per_page = 25
    show_full_result_count = False
    actions = None
    export_name = "sponsors"
    export_columns = (
        *(("name", 40), ("kind", 24), ("country", 24), ("web page", 36)),
        *(("on the list", 10), ("next end", 12), ("contacts", 10)),
    )

    def get_queryset(self, request):
        known = Offering.objects.coordinated_by(request.user).filter(sponsor=OuterRef("pk"))
        listed = known.public(programme_day()).order_by().values("sponsor")
        rows = super().get_queryset(request).coordinated_by(request.user)
        return rows.annotate(
            offered=Coalesce(Subquery(listed.annotate(n=Count("pk")).values("n")), 0),
            next_end=Subquery(listed.annotate(first=Min("valid_to")).values("first")),
            people=Count("contacts", filter=Q(contacts__left_at__isnull=True)),
        )

    def get_search_results(self, request, queryset, search_term):
        words = one_line(search_term)[:200]
        if not words:
            return queryset, False
        named = Q(name__icontains=words) | Q(name__trigram_word_similar=words)
        mailed = Q(pk__in=Sponsor.objects.filter(contacts__email__icontains=words).values("pk"))
        return queryset.filter(named | mailed), False

    def export_row(self, one) -> tuple:
        return (
            *(one.name, str(one.get_kind_display()), one.country.name, one.website),
            *(one.offered, one.next_end, one.people),
        )

    @admin.display(description=gettext_lazy("on the list"), ordering="offered")
    def offered(self, one):
        return one.offered

    @admin.display(description=gettext_lazy("next end"), ordering="next_end")
    def next_end(self, one):
        return one.next_end

    @admin.display(description=gettext_lazy("contacts"), ordering="people")
    def people(self, one):
        return one.people

    def get_urls(self):
        view = self.admin_site.admin_view(self.join_view)
        return [path("<int:pk>/join/", view, name="preapprovals_sponsor_join"), *super().get_urls()]

    def _sponsor(self, request, key) -> Sponsor:
        found = None if key is None else Sponsor.objects.coordinated_by(request.user).filter(pk=key).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def possible(self, user, one) -> list[str]:
        return list(self.acts) if user.has_perm("preapprovals.change_sponsor") else []

    def papers(self, one) -> dict:
        return {}

    def initial(self, one) -> dict[str, dict]:
        return {"correct": {name: getattr(one, name) for name in correcting.CORRECTED}}

    def page(self, request, one) -> dict:
        offerings = Offering.objects.coordinated_by(request.user).filter(sponsor=one)
        cases = ReviewCase.objects.coordinated_by(request.user)
        requests = cases.filter(preapprovals_preapprovalrequest__sponsor=one)
        own, today = offerings.values("pk"), programme_day()
        runs = Occurrence.objects.to_confirm(today).filter(offering__in=own)
        return {
            "title": one.name,
            "sponsor": one,
            "today": today,
            "contacts": one.contacts.select_related("person").order_by("left_at", "pk"),
            "requests": requests.order_by("-filed_on", "-pk")[:SHOWN],
            "offerings": offerings.order_by("-valid_to", "-pk")[:SHOWN],
            "grave": Notice.objects.filter(offering__in=own, act__in=GRAVE).select_related("offering", "by")[:SHOWN],
            "runs": runs.select_related("offering").order_by("last_day", "pk")[:SHOWN],
            "records": Visit.objects.unanswered().filter(offering__in=own).select_related("offering"),
            "ending": offerings.renewable(today).order_by("valid_to"),
            "alike": joining.alike(one, by=request.user)[:SHOWN],
            "corrections": correcting.corrections_of(one)[:SHOWN],
            "may_join": request.user.has_perm("preapprovals.change_sponsor"),
        }

    def join_view(self, request, pk):
        """Show what joining another sponsor to this one moves; then do exactly that, once."""
        if not request.user.has_perm("preapprovals.change_sponsor"):
            raise PermissionDenied
        kept = self._sponsor(request, pk)
        given = request.POST if request.method == "POST" else request.GET
        gone = self._sponsor(request, as_key(given.get("with", "")))
        error = ""
        if request.method == "POST":
            key = request.POST.get("key", "")
            try:
                joining.join_sponsors(kept_id=kept.pk, gone_id=gone.pk, key=key, by=request.user)
            except Refusal as refusal:
                error = str(refusal)
            else:
                said = _("“{gone}” is joined to “{kept}”.").format(gone=gone.name, kept=kept.name)
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:preapprovals_sponsor_change", kept.pk)
        try:
            plan = joining.plan_joining(kept, gone)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:preapprovals_sponsor_change", kept.pk)
        cases = ReviewCase.objects.coordinated_by(request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Join two sponsors?"),
            "opts": self.opts,
            "plan": plan,
            "offerings": Offering.objects.coordinated_by(request.user).filter(sponsor=gone).count(),
            "requests": cases.filter(preapprovals_preapprovalrequest__sponsor=gone).count(),
            "error": error,
        }
        return TemplateResponse(request, "admin/preapprovals/join.html", context, status=409 if error else 200)
