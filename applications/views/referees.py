"""The referee’s pages: by a link, without an account. GET changes nothing, for mail scanners follow links (SPEC 4)."""

import uuid
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from applications import referee_asks as asks
from applications.forms.references import AnswerForm, DeclineForm
from applications.models import Reference
from applications.services import referees
from applications.services.reference_letters import level_of
from applications.states import ReferenceState
from serportal.drafts.services import StaleDraft, seen_by
from serportal.ui.refusal import Refusal

GRANT = "referee"
GRANT_LASTS = timedelta(hours=12)


@method_decorator(login_not_required, name="dispatch")
class QuietView(View):
    """A page that no cache keeps and no search engine lists."""

    referrer = "same-origin"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = self.referrer
        return response

    def gone(self):
        """Say the same of a link that is wrong, replaced, withdrawn or used up, and give back what was typed."""
        data = asks.kept(self.request.POST)
        typed = [(ask.title, data[ask.name]) for ask in asks.asked("") if data.get(ask.name) and not ask.choices]
        return TemplateResponse(self.request, "references/gone.html", {"typed": typed}, status=404)


@method_decorator(csrf_exempt, name="dispatch")
class LinkView(QuietView):
    """What a link leads to: one button. Only pressing it opens the form, at an address without the link’s secret.

    Under “no-referrer” browsers send no origin with a form, which is what the check against forged requests reads. The
    secret in the address stands in for it: whoever can name it holds the letter. A page elsewhere may still not press.
    """

    referrer = "no-referrer"

    def get(self, request, token):
        reference = referees.behind(token)
        if reference is None:
            return self.gone()
        context = {"reference": reference, "applicant": reference.draft.owner.name, "level": level_of(reference.draft)}
        return TemplateResponse(request, f"references/{referees.state_of(reference)}.html", context)

    def post(self, request, token):
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise PermissionDenied
        if "renew" in request.POST:
            referees.ask_anew(token=token)
            return redirect("references:asked")
        reference = referees.open_form(token=token)
        if reference is None:
            return self.get(request, token)
        request.session.cycle_key()
        request.session[GRANT] = {"reference": reference.pk, "at": timezone.now().isoformat()}
        return redirect("references:form")


class AskedView(QuietView, TemplateView):
    """After asking for a new link, whatever became of it."""

    template_name = "references/asked.html"


class GrantedView(QuietView):
    """A page of the reference that this browser opened by its link, within the last twelve hours."""

    @cached_property
    def reference(self) -> Reference | None:
        grant = self.request.session.get(GRANT)
        if not grant or datetime.fromisoformat(grant["at"]) + GRANT_LASTS < timezone.now():
            return None
        return referees.granted(grant["reference"])

    def answer(self, request):
        """Answer a page of a reference that waits for its answer; any other says where it stands."""
        if self.reference is None:
            return self.gone()
        if self.reference.state in {ReferenceState.RECEIVED, ReferenceState.DECLINED}:
            return self.settled()
        return self.show() if request.method in {"GET", "HEAD"} else self.write()

    def get(self, request):
        return self.answer(request)

    def post(self, request):
        return self.answer(request)

    def settled(self):
        """Show what was sent, read-only, or that nothing more is asked."""
        if self.request.method == "POST":
            messages.info(self.request, _("This reference is closed already; nothing was sent now."))
            return redirect("references:form")
        context = {
            **self.context,
            "told": asks.told(self.reference.data, self.reference.draft.kind),
            "ratings": asks.rated(self.reference.data),
        }
        return TemplateResponse(self.request, f"references/{self.reference.state}.html", context)

    @property
    def context(self) -> dict:
        draft = self.reference.draft
        return {"reference": self.reference, "applicant": draft.owner.name, "level": level_of(draft)}

    def refused(self, refusal: Refusal):
        messages.info(self.request, str(refusal))
        return redirect("references:form")


class FormView(GrantedView):
    """The form. Every button saves first; nothing typed is lost."""

    def show(self):
        return self.page(self.form_for(self.reference.data))

    def form_for(self, data: dict) -> AnswerForm:
        return AnswerForm(data, kind=self.reference.draft.kind)

    def page(self, form: AnswerForm, *, checked=False, errors=(), version=None, status=200):
        context = {
            **self.context,
            "form": form if checked else form.unjudged(),
            "version": version or self.reference.version,
            "page": uuid.uuid4(),
            "summary": [*errors, *(form.summary() if checked else [])],
        }
        return TemplateResponse(self.request, "references/form.html", context, status=status)

    def write(self):
        request, data = self.request, asks.kept(self.request.POST)
        try:
            self.reference = referees.keep_answer(reference_id=self.reference.pk, data=data, seen=seen_by(request.POST))
        except StaleDraft as stale:
            if request.htmx:
                return TemplateResponse(request, "references/_stale.html")
            return self.page(self.form_for(data), errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal as refusal:
            return self.refused(refusal)
        if request.htmx:
            return TemplateResponse(request, "references/_saved.html", {"reference": self.reference})
        if "check" in request.POST:
            form = self.form_for(data)
            if form.is_valid():
                return redirect("references:check")
            return self.page(form, checked=True, status=422)
        messages.success(request, _("Saved. Come back by the link in our letter; it stays good until it ends."))
        return redirect("references:form")


class CheckView(GrantedView):
    """All answers on one page; sending is the one button here, and it sends exactly what is shown."""

    def show(self, *, error: str = "", status: int = 200):
        reference = self.reference
        if not AnswerForm(reference.data, kind=reference.draft.kind).is_valid():
            messages.info(self.request, _("Some answers still need you. Press “Check my answers” to see which."))
            return redirect("references:form")
        context = {
            **self.context,
            "told": asks.told(reference.data, reference.draft.kind),
            "ratings": asks.rated(reference.data),
            "version": reference.version,
            "error": error,
        }
        return TemplateResponse(self.request, "references/check.html", context, status=status)

    def write(self):
        if not AnswerForm(self.reference.data, kind=self.reference.draft.kind).is_valid():
            return self.show()
        version = seen_by(self.request.POST).version
        if version != self.reference.version:
            return self.changed()
        try:
            referees.send_answer(reference_id=self.reference.pk, version=version)
        except StaleDraft:
            self.reference.refresh_from_db()
            return self.changed()
        except Refusal as refusal:
            return self.refused(refusal)
        return redirect("references:form")

    def changed(self):
        told = _("The answers changed after this page was shown. Nothing was sent. Read them once more below.")
        return self.show(error=told, status=409)


class DeclineView(GrantedView):
    """Say what declining means, ask for the reason, then do it once."""

    def show(self):
        return self.page(DeclineForm())

    def page(self, form: DeclineForm, status: int = 200):
        context = {**self.context, "form": form, "summary": form.summary() if form.is_bound else []}
        return TemplateResponse(self.request, "references/decline.html", context, status=status)

    def write(self):
        form = DeclineForm(self.request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            referees.decline(reference_id=self.reference.pk, **form.cleaned_data)
        except Refusal as refusal:
            return self.refused(refusal)
        return redirect("references:form")
