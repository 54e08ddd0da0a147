"""The letters page and the bills. Registered here, because who may see them depends on the cases."""

from datetime import datetime, time, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from serportal.fees.models import Bill
from serportal.fees.pages import BillPages
from serportal.home.mail import as_it_reads, coming_to, messages_visible_to, told
from serportal.home.money import bills_visible_to
from serportal.outbox import services
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.services.reminding import DIGEST_HOUR
from serportal.outbox.states import TROUBLE, Act, MessageState
from serportal.reviews.models import ReviewCase
from serportal.ui.lists import KeyedActions, MemberFilter
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day, programme_zone

# Addresses and second factors are their owner's; no coordinator reads or changes them here.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)

MOST_AT_ONCE = 200
DAYS_BACK = 7
SHOWN = 25
PEOPLE_A_DAY = 25
PEOPLE_A_PAGE = 100


class TroubleFilter(admin.SimpleListFilter):
    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request, model_admin):
        return [("yes", _("refused or fate unknown"))]

    def queryset(self, request, queryset):
        return queryset.filter(state__in=TROUBLE) if self.value() == "yes" else queryset


class TemplateFilter(admin.SimpleListFilter):
    title = _("template")
    parameter_name = "template"

    def lookups(self, request, model_admin):
        return [
            ("-", _("Came ready: a decision, sign-in, a test")),
            *LetterTemplate.objects.values_list("key", "sent_when"),
        ]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(template="" if self.value() == "-" else self.value())


class DayFilter(admin.SimpleListFilter):
    """The programme’s last days, one by one."""

    title = _("day")
    parameter_name = "day"

    def lookups(self, request, model_admin):
        today = programme_day()
        days = [today - timedelta(days=back) for back in range(DAYS_BACK)]
        return [(day.isoformat(), _("today") if day == today else day_text(day)) for day in days]

    def queryset(self, request, queryset):
        chosen = next((value for value, _label in self.lookup_choices if value == self.value()), None)
        if chosen is None:
            return queryset
        first = datetime.combine(datetime.fromisoformat(chosen), time(), tzinfo=programme_zone())
        return queryset.filter(owed_at__gte=first, owed_at__lt=first + timedelta(days=1))


ASKED = {
    Act.AGAIN: _("They go out within a minute, with the words they have, to the address that their reader has by now."),
    Act.CANCEL: _("They do not go out. What a worker is already sending can no longer be stopped."),
    Act.ARRIVED: _("They count as sent, and it is written down that you say so. Nothing goes out."),
    Act.RETURNED: _(
        "They count as not arrived, so nobody’s certification lapses on the ground of them, and wait among the "
        "messages in trouble. Mend the address, then send them again."
    ),
}


DONE = {
    Act.AGAIN: lambda n: ngettext("%d message is owed again.", "%d messages are owed again.", n),
    Act.CANCEL: lambda n: ngettext("%d message is cancelled.", "%d messages are cancelled.", n),
    Act.ARRIVED: lambda n: ngettext("%d message counts as arrived.", "%d messages count as arrived.", n),
    Act.RETURNED: lambda n: ngettext("%d message counts as not arrived.", "%d messages count as not arrived.", n),
}


@admin.register(Message)
class MessageAdmin(KeyedActions):
    """Everything sent and owed, exactly as it went out. Nobody edits it; what can be done is asked first, then done."""

    list_display = ["owed_at", "subject_or_template", "to", "about_told", "state", "sent_at"]
    list_display_links = ["subject_or_template"]
    list_filter = [TroubleFilter, "state", DayFilter, TemplateFilter, MemberFilter]
    search_fields = ["to", "about", "subject"]
    actions = [act.value for act in Act]
    list_per_page = 25
    show_full_result_count = False
    change_list_template = "admin/outbox/message_list.html"

    def get_urls(self):
        coming = self.admin_site.admin_view(self.coming_view)
        return [path("coming/", coming, name="outbox_message_coming"), *super().get_urls()]

    def get_queryset(self, request):
        return messages_visible_to(request.user)

    @admin.display(description=_("message"))
    def subject_or_template(self, message):
        return str(message)

    @admin.display(description=_("about"), ordering="about")
    def about_told(self, message):
        return message.about_told

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_settle_permission(self, request):
        return request.user.has_perm("outbox.change_message")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show one message as it went out, or as it would go out now, and what can be done about it."""
        if as_key(object_id) is None:
            raise Http404
        message = self.get_queryset(request).select_related("person").filter(pk=object_id).first()
        if message is None:
            raise Http404
        if request.method == "POST" or not self.has_view_permission(request, message):
            raise PermissionDenied
        cases = ReviewCase.objects.coordinated_by(request.user).filter(reference=message.about)
        templates = LetterTemplate.objects.filter(key=message.template)
        context = {
            **self.admin_site.each_context(request),
            "title": str(message),
            "opts": self.opts,
            "message": message,
            "told": told(message),
            "case": cases.first() if message.about else None,
            "template": templates.first() if message.template else None,
            "unwritten": not message.text,
            "letter": as_it_reads(message),
            "events": message.events.select_related("by"),
            "acts": message.possible_acts if self.has_settle_permission(request) else [],
        }
        return TemplateResponse(request, "admin/outbox/message.html", context)

    def coming_view(self, request):
        """Show what goes out in the next 7 days: what is owed now, and whom each day’s reminders reach (SPEC 5)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        plan = coming_to(request.user, most=PEOPLE_A_DAY)
        chosen = next((one for one in plan if one.day.isoformat() == request.GET.get("day")), None)
        if chosen is not None:
            return self.day_view(request, chosen)
        owed = self.get_queryset(request).filter(state=MessageState.OWED)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What goes out in the next 7 days"),
            "opts": self.opts,
            "owed": owed.order_by("next_try_at", "pk")[:SHOWN],
            "owed_count": owed.count(),
            "plan": plan,
            "hour": DIGEST_HOUR,
        }
        return TemplateResponse(request, "admin/outbox/coming.html", context)

    def day_view(self, request, chosen):
        """Show everybody who is told something on one day, a page at a time."""
        pages = Paginator(range(chosen.people), PEOPLE_A_PAGE)
        page = pages.get_page(request.GET.get("page"))
        plan = coming_to(request.user, most=PEOPLE_A_PAGE, page=page.number)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What goes out on {day}").format(day=day_text(chosen.day)),
            "opts": self.opts,
            "one": next(one for one in plan if one.day == chosen.day),
            "page": page,
        }
        return TemplateResponse(request, "admin/outbox/coming_day.html", context)

    @admin.action(description=_("Send again (not arrived or fate unknown)"), permissions=["settle"])
    def again(self, request, queryset):
        return self._ask(request, queryset, Act.AGAIN)

    @admin.action(description=_("Cancel (owed)"), permissions=["settle"])
    def cancel(self, request, queryset):
        return self._ask(request, queryset, Act.CANCEL)

    @admin.action(description=_("Settle as arrived (fate unknown)"), permissions=["settle"])
    def arrived(self, request, queryset):
        return self._ask(request, queryset, Act.ARRIVED)

    @admin.action(description=_("Note that it came back (sent)"), permissions=["settle"])
    def returned(self, request, queryset):
        return self._ask(request, queryset, Act.RETURNED)

    def _ask(self, request, queryset, act):
        """Say exactly what would be done to which messages; once that page is confirmed, do it."""
        chosen = list(queryset.order_by("owed_at", "pk")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = _("More than {most} messages are chosen, so nothing was done. Choose fewer at once.")
            return self.message_user(request, text.format(most=MOST_AT_ONCE), messages.ERROR)
        if "confirmed" in request.POST:
            return self._do(request, chosen, act)
        possible = [message for message in chosen if act in message.possible_acts]
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "opts": self.opts,
            "act": act,
            "asked": ASKED[act],
            "possible": possible,
            "untouched": [message for message in chosen if message not in possible],
            "twice": act == Act.AGAIN and any(message.state == MessageState.UNCERTAIN for message in possible),
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/outbox/confirm.html", context)

    def _do(self, request, chosen, act):
        done = 0
        for message in chosen:
            try:
                services.act_on(message.pk, act, by=request.user)
                done += 1
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
        if done:
            self.message_user(request, DONE[act](done) % done, messages.SUCCESS)
        return redirect("admin:outbox_message_change", chosen[0].pk) if len(chosen) == 1 else None


@admin.register(Bill)
class BillAdmin(BillPages):
    def get_queryset(self, request):
        return bills_visible_to(request.user)
