"""The coordinator’s pages of applications: what each still waits for, and what can be done about it."""

import logging
from collections.abc import Iterator
from itertools import islice

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.admin.filters import ApplicantFilter, BlockFilter, StateFilter, StepFilter, WindowFilter
from applications.forms.course import VerifyForm, WaiveForm
from applications.models import Application
from applications.services import gates, papers, sheets
from applications.states import PARTS, WATCHED, Area, Kind
from serportal.reviews import rules as review_rules
from serportal.reviews.forms import MOST_SEATED
from serportal.reviews.states import CaseState, Step
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ROWS_AT_ONCE, ExportedList
from serportal.ui.papers import archive_response
from serportal.ui.words import programme_day

logger = logging.getLogger("serportal.exports")

MOST_PAPERS = 200
LINES = [(area, part) for area in Area for part in (None, *PARTS[area])]


class ApplicationList(ChangeList):
    """A page of the list, with what stands before each application on it, in as many queries for one as for many.

    ``to_seat`` are the keys of those in the whole list that wait for a panel, at most as many as are seated at once.
    """

    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_blocks(self.result_list)
        ready = self.queryset.filter(case__state=CaseState.READY, case__step=Step.SEAT).order_by("case__due_on", "pk")
        self.to_seat = list(ready.values_list("pk", flat=True)[:MOST_SEATED])


def with_blocks(applications) -> list[Application]:
    """Return ``applications``, each with ``blocks``: what still stands before its review."""
    found = list(applications)
    facts = gates.facts_of([one for one in found if one.case.state in WATCHED])
    for one in found:
        one.blocks = gates.blocks_of(one, facts[one.pk]) if one.pk in facts else []
    return found


@admin.register(Application)
class ApplicationAdmin(ExportedList, ActedOnAdmin):
    """Applications of others; a conflict hides one as it hides its case (R-REV-5), where what was filed is read."""

    acts = {
        "verify": Act(VerifyForm, gates.verify_course, _("The e-learning certificate is verified.")),
        "waive": Act(WaiveForm, gates.waive_course, _("The e-learning course is waived.")),
    }
    key = "application_id"
    page_template = "admin/applications/application.html"
    page_related = (*papers.ROWS, "granted", "course_verified_by")
    list_display = ["reference", "name", "kind", "state", "missing", "holder", "age", "due"]
    list_filter = [WindowFilter, BlockFilter, StateFilter, StepFilter, "kind", "ready_as", ApplicantFilter]
    change_list_template = "admin/applications/application_list.html"
    list_select_related = export_related = papers.ROWS
    search_fields = ["case__reference", "name_on_certificate", "case__filed_by__name", "case__filed_by__email"]
    search_help_text = _("Reference, or the applicant’s name or e-mail address")
    list_per_page = 25
    show_full_result_count = False
    actions = None
    export_name = "applications"
    export_columns = (
        *(("reference", 15), ("name", 28), ("e-mail address", 30), ("kind", 18), ("filed on", 12), ("age in days", 8)),
        *(("window", 12), ("letter due", 12), ("state", 18), ("waits for", 24)),
        *(("what is missing", 60), ("who holds it", 30), ("figures say", 16)),
        *((f"{part or area}, {what}", 10) for area, part in LINES for what in ("shown", "needed")),
        *(("months, shown", 10), ("months, needed", 10), ("projects, shown", 10), ("projects, needed", 10)),
        *(("phases", 8), ("references in", 10), ("fee", 14)),
    )

    def get_urls(self):
        archive = self.admin_site.admin_view(self.archive_view)
        return [path("papers.zip", archive, name="applications_application_archive"), *super().get_urls()]

    @method_decorator(require_safe)
    def archive_view(self, request):
        """Send the filtered list as PDFs in one ZIP, each made while the one before it travels."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:applications_application_changelist")
        keys = list(found.values_list("pk", flat=True)[: MOST_PAPERS + 1])
        if len(keys) > MOST_PAPERS:
            said = _("The list has more than {most} applications, too many for one ZIP. Narrow it first.")
            self.message_user(request, said.format(most=MOST_PAPERS), messages.ERROR)
            back = reverse("admin:applications_application_changelist")
            return redirect(f"{back}?{request.GET.urlencode()}")
        logger.info("%s takes %s applications on paper", request.user.pk, len(keys))
        known = self.get_queryset(request).select_related(*papers.ROWS)
        one_by_one = (one for key in keys for one in known.filter(pk=key))
        return archive_response(papers.papers(one_by_one), f"{self.export_name}-{programme_day().isoformat()}")

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    def get_changelist(self, request, **kwargs):
        return ApplicationList

    def get_ordering(self, request):
        """The incomplete ones first, and among them those that wait the longest."""
        return [Case(When(case__step=Step.GATES, then=Value(0)), default=Value(1)), "case__filed_at", "pk"]

    @admin.display(description=_("reference"), ordering="case__reference")
    def reference(self, one):
        return one.case.reference

    @admin.display(description=_("name"), ordering="case__filed_by__name")
    def name(self, one):
        return one.case.filed_by.name

    @admin.display(description=_("state"), ordering="case__state")
    def state(self, one):
        return one.case.get_state_display()

    @admin.display(description=_("what is missing"))
    def missing(self, one):
        return " ".join(block.sentence for block in one.blocks)

    @admin.display(description=_("who holds it"))
    def holder(self, one):
        """Name who holds what is missing; where nothing is, whose turn it is."""
        holders = dict.fromkeys(block.holder for block in one.blocks)
        return ", ".join(holders) or str(review_rules.HOLDERS[one.case.step].label)

    @admin.display(description=_("age in days"), ordering="-case__filed_at")
    def age(self, one):
        return (programme_day() - one.case.filed_on).days

    @admin.display(description=_("due"), ordering="case__due_on")
    def due(self, one):
        return one.case.due_on

    def export_rows(self, found) -> Iterator[tuple]:
        rows = found.with_references().iterator(chunk_size=ROWS_AT_ONCE)
        while some := with_blocks(islice(rows, ROWS_AT_ONCE)):
            yield from map(self.export_row, some)

    def export_row(self, one) -> tuple:
        case = one.case
        return (
            *(case.reference, case.filed_by.name, case.filed_by.email, str(one.get_kind_display()), case.filed_on),
            *(self.age(one), one.window.closes_on if one.window else None, case.due_on),
            *(str(case.get_state_display()), str(case.get_step_display())),
            *(self.missing(one), self.holder(one), str(one.get_ready_as_display())),
            *self._figures(one),
            *(one.references_in, str(one.bill.get_state_display()) if one.bill else ""),
        )

    def _figures(self, one) -> list:
        """Both sheets as they were computed: semester credits shown and needed, months, projects, phases."""
        knowledge, experience = sheets.restored(one.knowledge), sheets.restored(one.experience)
        lines = {(line.area, line.part): (line.total, line.least) for line in knowledge.lines} if knowledge else {}
        figures = [cell for key in LINES for cell in lines.get(key, (None, None))]
        if experience is None:
            return [*figures, None, None, None, None, None]
        demands = experience.demands
        worked = [experience.shown, demands.months, experience.projects, demands.projects, len(experience.phases)]
        return [*figures, *worked]

    def possible(self, user, one) -> list[str]:
        """The course, as long as it is asked for and the review has not begun (R-APP-7, R-APP-11)."""
        watched = one.case.state in WATCHED | {CaseState.ASKED}
        asked = one.kind != Kind.UPGRADE and one.course_verified_at is None
        if not (watched and asked and user.has_perm("applications.change_application")):
            return []
        return [name for name in self.acts if name != "waive" or one.kind != Kind.PARTNER]

    def papers(self, one) -> dict:
        return {"application": lambda: (papers.application_paper(one, referees=True), one.case.reference)}

    def page(self, request, one) -> dict:
        facts = gates.facts_of([one])[one.pk]
        return {
            "title": f"{one.case.reference}: {one.case.headline}",
            "application": one,
            "case": one.case,
            "gates": gates.look_over(one, facts),
            "references": facts.references,
            "files": one.case.folder.files.filter(removed_at__isnull=True, purpose="course"),
            "days": (programme_day() - one.case.filed_on).days,
        }
