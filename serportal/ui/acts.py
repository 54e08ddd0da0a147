"""One row on one page, and what can be done about it: each act is a service with a form of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from serportal.ui.forms import PortalForm
from serportal.ui.lists import ReadOnlyAdmin
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key


@dataclass(frozen=True)
class Act:
    """``service`` takes what ``form`` asks, the key of the row, and ``by``; ``done`` is said afterwards."""

    form: type[PortalForm]
    service: Callable
    done: str


class ActedOnAdmin(ReadOnlyAdmin):
    """Nothing is edited: what can be done is done by services, whose refusals stand beside what was typed."""

    acts: dict[str, Act] = {}
    page_template = ""
    # The argument by which the services know the row, and what its page needs beside the row itself.
    key = ""
    page_related: tuple[str, ...] = ()

    def possible(self, user, one) -> list[str]:
        """Return the names of the acts that ``user`` could do about ``one`` now."""
        raise NotImplementedError

    def page(self, request, one) -> dict:
        """Return what the page of ``one`` shows."""
        raise NotImplementedError

    def papers(self, one) -> dict[str, Callable[[], tuple[bytes, str]]]:
        """Return what there is of ``one`` on paper: by its address, what makes (the PDF, its name)."""
        raise NotImplementedError

    def initial(self, one) -> dict[str, dict]:
        """Return what the forms start with, by act."""
        return {}

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<int:pk>/<slug:which>.pdf", view(self.paper_view), name=f"{name}_paper"),
            path("<int:pk>/act/<slug:act>/", view(self.act_view), name=f"{name}_act"),
        ]
        return [*own, *super().get_urls()]

    def _one(self, request, pk):
        """Return a row this coordinator may know of; any other does not exist for them."""
        one = self.get_queryset(request).select_related(*self.page_related).filter(pk=pk).first()
        if one is None or not self.has_view_permission(request, one):
            raise Http404
        return one

    def _to(self, pk):
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        if as_key(object_id) is None:
            raise Http404
        return self._page(request, self._one(request, object_id))

    def act_view(self, request, pk, act):
        one = self._one(request, pk)
        if act not in self.acts:
            raise Http404
        if not request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"):
            raise PermissionDenied
        if request.method != "POST":
            return self._to(pk)
        form = self.acts[act].form(request.POST, request.FILES, prefix=act)
        if not form.is_valid():
            return self._page(request, one, {act: form}, status=422)
        try:
            self.acts[act].service(**{self.key: one.pk}, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self._page(request, self._one(request, pk), {act: form}, error=str(refusal), status=409)
        self.message_user(request, self.acts[act].done, messages.SUCCESS)
        return self._to(pk)

    @method_decorator(require_safe)
    def paper_view(self, request, pk, which):
        make = self.papers(self._one(request, pk)).get(which)
        if make is None:
            raise Http404
        try:
            return paper_response(*make())
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._to(pk)

    def _page(self, request, one, refused=None, *, error="", status=200):
        refused, initial = refused or {}, self.initial(one)
        forms = {name: self.acts[name].form(prefix=name, initial=initial.get(name)) for name in self.acts}
        context = {
            **self.admin_site.each_context(request),
            "title": str(one),
            "opts": self.opts,
            "forms": {name: refused.get(name) or forms[name] for name in self.possible(request.user, one)},
            "summary": [line for form in refused.values() for line in form.summary()],
            "error": error,
            **self.page(request, one),
        }
        return TemplateResponse(request, self.page_template, context, status=status)
