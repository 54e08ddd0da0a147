"""The letters page: what was owed and sent. Registered here, because who may see it depends on the cases."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from serportal.outbox import services
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase

# Addresses and second factors are their owner's; no coordinator reads or changes them here.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


class TroubleFilter(admin.SimpleListFilter):
    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request, model_admin):
        return [("yes", _("refused or fate unknown"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(state__in=[MessageState.FAILED, MessageState.UNCERTAIN])
        return queryset


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Everything sent and owed, exactly as it went out. Read only; a refused or lost one can be owed again."""

    list_display = ["owed_at", "subject_or_template", "to", "about", "state", "sent_at"]
    list_display_links = ["subject_or_template"]
    list_filter = [TroubleFilter, "state"]
    search_fields = ["to", "about", "subject"]
    fields = ["state", "error", "to", "about", "owed_at", "sent_at", "attempts", "subject", "text"]
    readonly_fields = fields
    actions = ["owe_again"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request):
        """A conflict hides the mail of a case as it hides the case (R-REV-5)."""
        hidden = ReviewCase.objects.hidden_from(request.user).filter(reference=OuterRef("about"))
        return super().get_queryset(request).filter(~Exists(hidden))

    @admin.display(description=_("message"))
    def subject_or_template(self, message):
        return str(message)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Send again (refused or fate unknown only)"), permissions=["view"])
    def owe_again(self, request, queryset):
        count = sum(services.retry(pk, by=request.user).state == "owed" for pk in queryset.values_list("pk", flat=True))
        self.message_user(
            request,
            ngettext("%d message is owed again.", "%d messages are owed again.", count) % count,
            messages.SUCCESS,
        )
