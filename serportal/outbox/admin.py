from django.contrib import admin

from serportal.outbox.models import LetterTemplate


@admin.register(LetterTemplate)
class LetterTemplateAdmin(admin.ModelAdmin):
    list_display = ["sent_when", "subject", "key"]
    readonly_fields = ["key", "sent_when", "known"]
    fields = ["sent_when", "known", "subject", "body"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
