"""The lines of every journal: found, read on one page, taken back with a preview (R-UPL-4)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Func, Value
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from journals import services
from journals.forms import ReasonForm
from journals.models import Entry
from journals.permissions import can_correct
from serportal.certifications.models import Period
from serportal.certifications.rules import YEARS
from serportal.outbox.services import render
from serportal.ui.lists import ExportedList, MemberFilter, ReadOnlyAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, in_credits, programme_day, signed


class Anniversary(Func):
    """The day so many years after a period’s first; PostgreSQL puts 29 February where our rules do (R-PER-2)."""

    template = "(%(expressions)s * INTERVAL '1 year')"
    arg_joiner = " + "


class PeriodFilter(admin.SimpleListFilter):
    """Periods that run today or are over; of one member, each of theirs."""

    title = gettext_lazy("period")
    parameter_name = "period"

    def lookups(self, request, model_admin):
        member = as_key(request.GET.get(MemberFilter.parameter_name, ""))
        own = [] if member is None else Period.objects.of(member)
        return [
            ("running", _("running")),
            ("over", _("over")),
            *((str(one.pk), f"{one.starts_on} – {one.ends_on}") for one in own),
        ]

    def queryset(self, request, queryset):
        today = programme_day()
        if self.value() == "running":
            return queryset.filter(period__starts_on__lte=today, period__ends_on__gte=today)
        if self.value() == "over":
            return queryset.filter(period__ends_on__lt=today)
        known = dict(self.lookup_choices)
        return queryset.filter(period=self.value()) if self.value() in known else queryset


class YearFilter(admin.SimpleListFilter):
    title = gettext_lazy("certification year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(str(number), _("year {n}").format(n=number)) for number in range(1, YEARS + 1)]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        number = int(self.value())
        first, following = (Anniversary(F("period__starts_on"), Value(years)) for years in (number - 1, number))
        return queryset.filter(earned_on__gte=first, earned_on__lt=following)


class UploadedFilter(admin.SimpleListFilter):
    title = gettext_lazy("upload")
    parameter_name = "uploaded"

    def lookups(self, request, model_admin):
        return [("yes", _("uploaded")), ("no", _("approved, waiting"))]

    def queryset(self, request, queryset):
        return queryset.filter(upload__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


@admin.register(Entry)
class EntryAdmin(ExportedList, ReadOnlyAdmin):
    """Every line of every journal but those of cases hidden from this coordinator; changed by services alone."""

    list_display = ["description", "member", "earned_on", "amount", "activity", "standing"]
    list_filter = [MemberFilter, PeriodFilter, YearFilter, UploadedFilter, "source", "activity"]
    list_select_related = ["person", "upload", "reversal"]
    search_fields = ["description", "person__name", "person__email", "decision__case__reference"]
    search_help_text = gettext_lazy("Title, member’s name or e-mail address, reference of the claim")
    list_per_page = 25
    show_full_result_count = False
    actions = None
    export_name = "entries"
    export_related = ("person", "period", "upload", "reversal", "decision__case", "reverses__decision__case")
    export_columns = (
        *(("member", 24), ("e-mail address", 30), ("earned on", 12), ("activity", 28), ("title", 42)),
        *(("credits", 9), ("certification year", 9), ("period from", 12), ("period until", 12)),
        *(("reference", 15), ("approved on", 12), ("uploaded on", 12), ("taken back on", 12), ("sentence", 60)),
    )

    def export_row(self, entry):
        decision = entry.decision or (entry.reverses.decision if entry.reverses_id else None)
        taken_back = getattr(entry, "reversal", None)
        return (
            *(entry.person.name, entry.person.email, entry.earned_on, str(entry.get_activity_display())),
            *(entry.description, entry.credits, entry.period.year_of(entry.earned_on).number),
            *(entry.period.starts_on, entry.period.ends_on, decision.case.reference if decision else ""),
            programme_day(entry.approved_at),
            programme_day(entry.upload.posted_at) if entry.upload_id and entry.upload.posted_at else None,
            programme_day(taken_back.approved_at) if taken_back else None,
            entry.sentence,
        )

    def get_queryset(self, request):
        return super().get_queryset(request).known_to(request.user)

    @admin.display(description=gettext_lazy("member"))
    def member(self, entry):
        return format_html('<a href="?member={}">{}</a>', entry.person_id, entry.person.name)

    @admin.display(description=gettext_lazy("credits"), ordering="credits")
    def amount(self, entry):
        return signed(entry.credits)

    @admin.display(description=gettext_lazy("where it stands"))
    def standing(self, entry):
        where = _("waits for its upload")
        if entry.upload_id:
            where = _("uploaded on {day}").format(day=day_text(programme_day(entry.upload.posted_at)))
        if hasattr(entry, "reversal"):
            return _("{where}; taken back").format(where=where)
        return where

    def get_urls(self):
        back = self.admin_site.admin_view(self.take_back_view)
        return [path("<int:pk>/take-back/", back, name="journals_entry_take_back"), *super().get_urls()]

    def _entry(self, request, pk) -> Entry:
        """Return an entry this coordinator may know of; any other does not exist for them."""
        rows = self.get_queryset(request).select_related(
            "person", "period__certification", "upload", "event", "entered_by", "decision__case"
        )
        entry = rows.select_related("reversal__entered_by", "reverses__decision__case").filter(pk=pk).first()
        if entry is None or not self.has_view_permission(request, entry):
            raise Http404
        return entry

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        if as_key(object_id) is None:
            raise Http404
        entry = self._entry(request, object_id)
        decision = entry.decision or (entry.reverses.decision if entry.reverses_id else None)
        context = {
            **self.admin_site.each_context(request),
            "title": str(entry),
            "opts": self.opts,
            "entry": entry,
            "amount": signed(entry.credits),
            "year": entry.period.year_of(entry.earned_on),
            "case": decision.case if decision else None,
            "correction": getattr(entry, "reversal", None),
            "correctable": can_correct(request.user, entry),
        }
        return TemplateResponse(request, "admin/journals/entry.html", context)

    def take_back_view(self, request, pk):
        """Show what taking the credits back changes and the letter that goes out; then do exactly that, once."""
        entry = self._entry(request, pk)
        if not request.user.has_perm("journals.change_entry"):
            raise PermissionDenied
        form = ReasonForm(request.POST if request.method == "POST" else None)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        if reason and "confirm" in request.POST:
            return self._take_back(request, entry, form)
        return self._preview(request, entry, form, status=422 if form.errors else 200)

    def _preview(self, request, entry, form, *, error="", status=200):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            correction = services.preview_reversal(entry, reason=reason)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("admin:journals_entry_change", entry.pk)
        subject, text = render(services.REVERSAL_LETTER, correction.letter) if reason else ("", "")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take credits back"),
            "opts": self.opts,
            "entry": entry,
            "correction": correction,
            "correctable": can_correct(request.user, entry),
            "form": form,
            "error": error,
            "subject": subject,
            "text": text,
        }
        return TemplateResponse(request, "admin/journals/take_back.html", context, status=status)

    def _take_back(self, request, entry, form):
        data = form.cleaned_data
        try:
            made = services.reverse(entry.pk, reason=data["reason"], by=request.user, digest=data["digest"])
        except Refusal as refusal:
            return self._preview(request, entry, form, error=str(refusal), status=409)
        if made.entered_by_id == request.user.pk:
            text = _("{credits} taken back. {name} is told by letter.")
        else:
            text = _("{by} had already taken back {credits}. Nothing was done a second time.")
        values = {"credits": in_credits(entry.credits), "name": entry.person.name, "by": made.entered_by}
        self.message_user(request, text.format(**values), messages.SUCCESS)
        return redirect(reverse("admin:journals_entry_change", args=[entry.pk]))
