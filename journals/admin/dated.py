from django.contrib import admin

from journals.admin.kept import KeptAdmin
from journals.models import KnowledgeArea, PolicyRow, ScheduleRow


@admin.register(ScheduleRow)
class ScheduleRowAdmin(KeptAdmin):
    list_display = ["category", "activity", "worth", "pre_approvable", "effective_from"]
    list_display_links = ["activity"]
    list_filter = ["category"]


@admin.register(PolicyRow)
class PolicyRowAdmin(KeptAdmin):
    list_display = ["effective_from", "event_cap", "least_minutes", "period_credits", "year_credits", "uploads_a_year"]


@admin.register(KnowledgeArea)
class KnowledgeAreaAdmin(KeptAdmin):
    list_display = ["name", "key", "offered", "place", "effective_from"]
