"""Visits and requests for records: what was seen, what a sponsor sent (R-SPO-5, R-SPO-6)."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from preapprovals.forms.records import FilesForm
from preapprovals.models import Visit
from preapprovals.services import visiting
from serportal.drafts.services import files_in
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList
from serportal.ui.words import programme_day


class AnswerFilter(admin.SimpleListFilter):
    title = gettext_lazy("records")
    parameter_name = "records"

    def lookups(self, request, model_admin):
        return [
            ("open", _("asked for, no answer yet")),
            ("late", _("asked for, answer overdue")),
            ("sent", _("sent")),
            ("visit", _("a visit, none asked for")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.unanswered()
        if self.value() == "late":
            return queryset.unanswered().filter(asked_until__lt=programme_day())
        if self.value() == "sent":
            return queryset.asked().filter(answered_at__isnull=False)
        return queryset.filter(asked_until__isnull=True) if self.value() == "visit" else queryset


@admin.register(Visit)
class VisitAdmin(ExportedList, ActedOnAdmin):
    """Made on the page of an offering, and hidden with it."""

    acts = {"files": Act(FilesForm, visiting.add_visit_files, gettext_lazy("The files are kept."))}
    key = "visit_id"
    page_template = "admin/preapprovals/visit.html"
    page_related = ("offering__sponsor", "folder", "by", "answered_by")
    list_display = ["offering", "sponsor", "on_day", "asked_until", "answered_at", "by"]
    list_filter = [AnswerFilter]
    list_select_related = ["offering__sponsor", "by"]
    search_fields = ["offering__title", "offering__sponsor__name", "note"]
    list_per_page = 25
    show_full_result_count = False
    actions = None
    export_name = "visits"
    export_related = ("offering__sponsor", "by")
    export_columns = (
        *(("code", 15), ("offering", 42), ("sponsor", 30), ("day", 12), ("by", 24), ("note", 60)),
        *(("records asked for by", 12), ("sent on", 12)),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    def export_row(self, one) -> tuple:
        return (
            *(one.offering.code, one.offering.title, one.offering.sponsor.name, one.on_day, one.by.name, one.note),
            *(one.asked_until, programme_day(one.answered_at) if one.answered_at else None),
        )

    @admin.display(description=gettext_lazy("sponsor"), ordering="offering__sponsor__name")
    def sponsor(self, one):
        return one.offering.sponsor.name

    def possible(self, user, one) -> list[str]:
        return list(self.acts) if one.asked_until is None and user.has_perm("preapprovals.change_visit") else []

    def papers(self, one) -> dict:
        return {}

    def page(self, request, one) -> dict:
        return {"title": one.offering.title, "visit": one, "files": files_in(one.folder)}
