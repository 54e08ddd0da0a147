"""Arrangements: what was agreed with whom, and the coordinator’s change of what would be (R-PER-3)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import terms
from journals.models import Arrangement
from journals.services import arranging
from journals.states import Shape
from serportal.reviews.models import Decision, ReviewCase
from serportal.ui.lists import ReadOnlyAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day


class ForceFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "holds"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("yes", _("agreed, in force"))]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.filter(open=True)
        return queryset.in_force() if self.value() == "yes" else queryset


@admin.register(Arrangement)
class ArrangementAdmin(ReadOnlyAdmin):
    """Every request for an arrangement, the latest first; what it became, and who decided it when."""

    list_display = ["reference", "member", "asked", "agreed", "decision"]
    list_display_links = None
    list_filter = [ForceFilter, "shape"]
    search_fields = ["case__reference", "case__filed_by__name", "case__filed_by__email"]
    ordering = ["-pk"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request):
        """Without those of a case that a conflict hides (R-REV-5)."""
        last = Decision.objects.filter(case=OuterRef("pk")).order_by("-pk")
        return (
            super()
            .get_queryset(request)
            .coordinated_by(request.user)
            .select_related("case__filed_by", "period__certification", "replaced_by__case")
            .annotate(decider=Subquery(last.values("decided_by__name")[:1]))
        )

    @admin.display(description=gettext_lazy("reference"), ordering="pk")
    def reference(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:reviews_reviewcase_change", args=[row.pk]), row.case.reference
        )

    @admin.display(description=gettext_lazy("member"), ordering="case__filed_by__name")
    def member(self, row):
        return f"{row.case.filed_by.name}, {row.period.certification.number}"

    @admin.display(description=gettext_lazy("asked for"))
    def asked(self, row):
        return terms.asked_text(row.asked, row.period, row.moved_from or row.period.ends_on)

    @admin.display(description=gettext_lazy("agreed"), empty_value="—")
    def agreed(self, row):
        if row.agreed is None:
            return None
        said = terms.asked_text(row.agreed, row.period, row.moved_from or row.period.ends_on)
        if row.replaced_by is None:
            return said
        return _("{said}; replaced by {later}").format(said=said, later=row.replaced_by.case.reference)

    @admin.display(description=gettext_lazy("decision"))
    def decision(self, row):
        if row.case.decided_at is None:
            return row.case.get_state_display()
        text = _("{state} by {name}, {day}")
        day = day_text(programme_day(row.case.decided_at))
        return text.format(state=row.case.get_state_display(), name=row.decider, day=day)

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [path("<int:pk>/terms/", view(self.terms_view), name="journals_arrangement_terms")]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An arrangement is read and decided on the page of its case."""
        return redirect("admin:journals_arrangement_changelist")

    def terms_view(self, request, pk):
        """Change what an approval would agree to; a refusal is said on the page of the case."""
        cases = ReviewCase.objects.coordinated_by(request.user).filter(kind="arrangement")
        if not cases.filter(pk=pk).exists():
            raise Http404
        if not request.user.has_perm("reviews.change_reviewcase"):
            raise PermissionDenied
        page = redirect("admin:reviews_reviewcase_change", pk)
        if request.method != "POST":
            return page
        wanted = arranging.read_terms(request.POST)
        if wanted.shape not in Shape.values:
            self.message_user(request, _("Nothing is ticked. Tick what would be agreed."), messages.ERROR)
            return page
        try:
            held = arranging.offer(pk, wanted=wanted, by=request.user)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            said = terms.asked_text(held.offered, held.period, held.moved_from or held.period.ends_on)
            self.message_user(request, _("An approval now agrees to: {said}.").format(said=said), messages.SUCCESS)
        return page
