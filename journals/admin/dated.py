"""Dated rows of the journals: the credit schedule, the policy, the knowledge areas."""

from django.contrib import admin

from journals.forms import AreaForm, PolicyForm, ScheduleForm
from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.services import RULES
from serportal.dated.pages import DatedAdmin


@admin.register(ScheduleRow)
class ScheduleRowAdmin(DatedAdmin):
    rows = RULES
    form_class = ScheduleForm
    list_display = ["category", "activity", "worth", "pre_approvable", "standing"]
    list_display_links = ["activity"]
    list_filter = ["category"]


@admin.register(PolicyRow)
class PolicyRowAdmin(DatedAdmin):
    rows = RULES
    form_class = PolicyForm
    list_display = ["effective_from", "event_cap", "least_minutes", "period_credits", "year_credits", "uploads_a_year"]

    def first_to_follow(self):
        return PolicyRow.objects.latest("effective_from")


@admin.register(KnowledgeArea)
class KnowledgeAreaAdmin(DatedAdmin):
    rows = RULES
    form_class = AreaForm
    list_display = ["name", "key", "offered", "place", "standing"]
