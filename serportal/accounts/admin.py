from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from serportal.accounts.agreements import AGREEMENTS
from serportal.accounts.forms import AgreementForm
from serportal.accounts.models import Agreement, CommitteeTerm, User
from serportal.dated.pages import DatedAdmin

admin.site.unregister(Group)


class TermInline(admin.StackedInline):
    model = CommitteeTerm
    extra = 0
    can_delete = False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. Passwords are never set here: a person resets their own. Nobody is deleted, only deactivated."""

    list_display = ["name", "email", "country_name", "employer", "is_staff", "is_active"]
    list_per_page = 25
    show_full_result_count = False
    list_filter = ["is_staff", "is_active", "terms__committee"]
    search_fields = ["name", "email", "employer", "membership_id"]
    ordering = ["name"]
    inlines = [TermInline]
    readonly_fields = ["joined_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["name", "preferred_name", "email", "phone"]}),
        (_("Where and what"), {"fields": ["country", "time_zone", "employer", "job_title"]}),
        (_("Account"), {"fields": ["membership_id", "is_active", "is_staff", "joined_at", "last_login"]}),
    ]

    @admin.display(description=_("country"), ordering="country")
    def country_name(self, person):
        return person.country.name

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser makes a coordinator; an address in use is changed by its owner, who can prove it."""
        fields = list(self.readonly_fields)
        if not request.user.is_superuser:
            fields.append("is_staff")
        if obj is not None:
            fields.append("email")
        return fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Agreement)
class AgreementAdmin(DatedAdmin):
    """The words people sign; a version that was in force is followed, never changed."""

    rows = AGREEMENTS
    form_class = AgreementForm
    list_display = ["purpose", "version", "standing"]
    list_filter = ["purpose"]
