from django.contrib import admin

from serportal.certifications.models import Certification, Period


class PeriodInline(admin.TabularInline):
    model = Period
    extra = 0
    fields = readonly_fields = ["starts_on", "ends_on", "began_as"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Certification)
class CertificationAdmin(admin.ModelAdmin):
    """Who is certified. Read only: certifications come from decisions."""

    list_display = ["number", "name_on_certificate", "level", "certified_on"]
    list_filter = ["level"]
    search_fields = ["number", "name_on_certificate", "person__email"]
    fields = readonly_fields = ["number", "person", "level", "name_on_certificate", "certified_on"]
    inlines = [PeriodInline]
    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
