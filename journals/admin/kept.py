from django.contrib import admin


class KeptAdmin(admin.ModelAdmin):
    """Rows that are never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that only services make and change."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
