"""The review windows: how full each is; add one, and move one with a preview of whom it touches (R-APP-2)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.rows import MoveForm, WindowForm
from applications.models import Window
from applications.services import windows
from serportal.outbox.services import render
from serportal.reviews.models import ReviewCase
from serportal.ui.lists import KeptAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day

SHOWN = 200


@admin.register(Window)
class WindowAdmin(KeptAdmin):
    """Nothing is moved that was not read as a preview first; a window is never deleted."""

    list_display = ["closes_on", "standing", "filed", "ready", "decided", "decided_by"]
    ordering = ["-closes_on"]
    actions = None
    show_full_result_count = False

    def get_queryset(self, request):
        cases = ReviewCase.objects.coordinated_by(request.user).values("pk")
        return super().get_queryset(request).counted(cases)

    @admin.display(description=gettext_lazy("where it stands"))
    def standing(self, window):
        today = programme_day()
        if window.closes_on >= today:
            return _("open")
        return _("closed, to be decided") if window.decided_by >= today else _("over")

    @admin.display(description=gettext_lazy("applications"), ordering="filed")
    def filed(self, window):
        return window.filed

    @admin.display(description=gettext_lazy("to seat"), ordering="ready")
    def ready(self, window):
        return window.ready

    @admin.display(description=gettext_lazy("decided"), ordering="decided")
    def decided(self, window):
        return window.decided

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = WindowForm(request.POST if request.method == "POST" else None)
        if request.method != "POST":
            return self._page(request, "window_add", {"form": form})
        if not form.is_valid():
            return self._page(request, "window_add", {"form": form}, status=422)
        try:
            window = windows.add_window(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self._page(request, "window_add", {"form": form, "error": str(refusal)}, status=409)
        self.log_addition(request, window, _("Added."))
        text = _("The window that closes on {day} is added.").format(day=day_text(window.closes_on))
        self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:applications_window_changelist"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One window with its moves; a new day is previewed, with whom it touches and what they read; then moved."""
        window = self._window(request, object_id)
        if not self.has_change_permission(request, window):
            raise PermissionDenied
        if request.method != "POST":
            days = {"closes_on": window.closes_on, "decided_by": window.decided_by}
            return self._window_page(request, window, MoveForm(initial=days))
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self._window_page(request, window, form, status=422)
        if "edit" in request.POST:
            return self._window_page(request, window, form)
        try:
            if "confirm" in request.POST:
                return self._move(request, window, form)
            return self._preview(request, window, form)
        except Refusal as refusal:
            if refusal.code == "changed-preview":
                fresh = self._window(request, object_id)
                return self._preview(request, fresh, form, error=str(refusal), status=409)
            return self._window_page(request, window, form, error=str(refusal), status=409)

    def _window(self, request, object_id):
        found = self.get_queryset(request).filter(pk=object_id).first() if as_key(object_id) is not None else None
        if found is None:
            raise Http404
        return found

    def _window_page(self, request, window, form, *, error="", status=200):
        page = {"window": window, "form": form, "error": error, "moves": window.moves.select_related("by")}
        return self._page(request, "window", page, status=status)

    def _preview(self, request, window, form, *, error="", status=200):
        days = {name: form.cleaned_data[name] for name in ("closes_on", "decided_by")}
        plan = windows.plan_move(window, by=request.user, **days)
        reason = form.cleaned_data["reason"]
        example = plan.moved[0] if plan.moved else None
        subject, text = render(windows.MOVED_LETTER, windows.letter_of(example, reason=reason)) if example else ("", "")
        page = {
            "window": window,
            "plan": plan,
            "shown": plan.moved[:SHOWN],
            "reason": reason,
            "example": example,
            "subject": subject,
            "text": text,
            "error": error,
        }
        return self._page(request, "window_preview", page, status=status)

    def _move(self, request, window, form):
        moved = windows.move_window(window.pk, by=request.user, **form.cleaned_data)
        self.log_change(request, moved.window, _("Moved as previewed."))
        self.message_user(request, _("The window is moved, and its applicants are told by letter."), messages.SUCCESS)
        return redirect(reverse("admin:applications_window_change", args=[window.pk]))

    def _page(self, request, name: str, page: dict, *, status: int = 200):
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural.capitalize(),
            "opts": self.opts,
            "error": "",
            **page,
        }
        return TemplateResponse(request, f"admin/applications/{name}.html", context, status=status)
