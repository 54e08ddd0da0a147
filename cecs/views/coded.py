"""The short way: scan or type a code, choose the date, add the proof (SPEC 8)."""

import uuid

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from cecs import services
from cecs.forms import CodedForm, CodeForm, CopyForm
from cecs.models import Draft
from journals import wording
from preapprovals.models import Offering
from serportal.ui import guesses
from serportal.ui.refusal import Refusal
from serportal.ui.words import number, programme_day

GUESSES = "approval-code"


class GuessedTooOften(Exception):
    """Somebody tries codes."""


def known(request, code: str) -> Offering | None:
    """Return what ``code`` stands for, or None. Raises GuessedTooOften after many wrong ones from one address.

    Right ones count nothing: a whole conference may share one address.
    """
    if guesses.too_many(request, GUESSES):
        raise GuessedTooOften
    offering = services.offering_of(code)
    if offering is None:
        guesses.count(request, GUESSES)
    return offering


@method_decorator(login_not_required, name="dispatch")
class ClaimView(View):
    """What a code is for and what to do with it; the button starts the claim, and reading changes nothing."""

    def dispatch(self, request, *args, **kwargs):
        try:
            self.offering = known(request, kwargs["code"])
        except GuessedTooOften:
            return respond_429(request)
        if self.offering is None:
            context = {"typed": kwargs["code"][:40], "form": CodeForm(initial={"code": kwargs["code"][:40]})}
            return TemplateResponse(request, "cecs/code_unknown.html", context, status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, code):
        return self.show()

    def show(self, status=200):
        of, today = services.stands(self.offering), programme_day()
        context = {
            "offering": self.offering,
            "of": of,
            "today": today,
            "expired": of.ended_on is None and self.offering.valid_to < today,
            "runs": [] if of.on_demand else services.claimable(of, today),
            "others": [] if of.on_demand else services.others(of, today),
            "form": CopyForm(),
            "refusal": self.refusal(today),
        }
        return TemplateResponse(self.request, "cecs/code.html", context, status=status)

    def refusal(self, today) -> str:
        """Say why somebody who is signed in cannot file claims; "" where they can (R-CEC)."""
        if self.request.user.is_authenticated:
            try:
                services.check_may_claim(self.request.user, last_day=None, today=today)
            except Refusal as refusal:
                return str(refusal)
        return ""

    def post(self, request, code):
        if not request.user.is_authenticated:
            return redirect_to_login(request.path, reverse("account_login"))
        form = CopyForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return self.show(status=422)
        try:
            draft = services.begin(
                owner=request.user, of=services.stands(self.offering), key=form.cleaned_data["submit_key"]
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return self.show(status=409)
        return redirect("cecs:coded", pk=draft.pk)


class CodedView(View):
    """The short form of one draft. Every button saves first; only “File this claim” files."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            drafts = Draft.objects.of(request.user).select_related("case", "folder")
            self.draft = get_object_or_404(drafts, pk=kwargs["pk"])
            if self.draft.sent_at:
                if request.method == "POST":
                    messages.info(request, _("This claim is already filed. This is where it stands."))
                return redirect("cecs:case", reference=self.draft.case.reference)
            if not self.draft.by_code:
                return redirect("cecs:draft", pk=self.draft.pk)
            self.of = services.stands(services.offering_of(self.draft.by_code))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def files(self):
        return list(services.files_of(self.draft))

    def form(self, data: dict | None = None) -> CodedForm:
        return CodedForm(data or self.draft.data, of=self.of, files=len(self.files), today=programme_day())

    def get(self, request, pk):
        return self.show(self.form())

    def show(self, form: CodedForm, *, errors=(), checked=False, version=None, status=200):
        form.is_valid()
        today = programme_day()
        context = {
            "draft": self.draft,
            "of": self.of,
            "offering": self.of.offering,
            "form": form if checked else form.unjudged(),
            "runs": getattr(form, "runs", {}),
            "others": [] if self.of.on_demand else services.others(self.of, today),
            "files": self.files,
            "sum": self.sum_for(form),
            "version": version or self.draft.version,
            "page": uuid.uuid4(),
            "summary": [*errors, *(form.summary() if checked else [])],
        }
        return TemplateResponse(self.request, "cecs/coded.html", context, status=status)

    def sum_for(self, form: CodedForm) -> dict:
        """Return the sum as far as it can be told, in the words of the letter."""
        answers = form.answers()
        if answers is None:
            return {"by_code": True}
        credit = services.work_out(person=self.request.user, content=answers).credit
        return {
            "has_hours": True,
            "hours": answers.hours,
            "lines": wording.lines(credit),
            "sentence": wording.sentence(credit.reasons),
            "counts_in": wording.counts_in(credit.year, answers.activity, answers.last_day),
            "total": number(credit.amount),
        }

    def post(self, request, pk):
        refused = []
        try:
            refused = services.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            self.draft = services.save_coded(
                draft_id=self.draft.pk, owner=request.user, posted=request.POST, seen=services.seen_by(request.POST)
            )
        except services.StaleDraft as stale:
            data = services.with_typed(self.draft, request.POST)
            return self.show(self.form(data), errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("cecs:list")
        errors = [("id_files", str(refusal)) for refusal in refused]
        if "remove" in request.POST:
            return self.remove(request.POST["remove"])
        if "other" in request.POST:
            services.turn(draft_id=self.draft.pk, owner=request.user)
            return redirect("cecs:draft", pk=self.draft.pk)
        if errors:
            return self.show(self.form(), errors=errors, status=422)
        if "file" in request.POST:
            return self.file()
        if "leave" in request.POST:
            messages.success(request, _("Saved. The draft waits here until you come back."))
            return redirect("cecs:list")
        return redirect(reverse("cecs:coded", args=[pk]) + ("#proof" if request.FILES else "#sum"))

    def remove(self, key: str):
        services.remove_file(draft=self.draft, key=key, by=self.request.user)
        return redirect(reverse("cecs:coded", args=[self.draft.pk]) + "#proof")

    def file(self):
        form = self.form()
        if not form.is_valid():
            return self.show(form, checked=True, status=422)
        try:
            case = services.file_coded(
                draft_id=self.draft.pk,
                owner=self.request.user,
                answers=form.answers(),
                version=self.draft.version,
            )
        except services.AlreadyClaimed as refusal:
            messages.info(self.request, str(refusal))
            return redirect("cecs:case", reference=refusal.case.reference)
        except Refusal as refusal:
            return self.show(form, errors=[("", str(refusal))], status=409)
        sent = _("Filed as {reference}. A receipt is on its way to {mail}.")
        messages.success(self.request, sent.format(reference=case.reference, mail=self.request.user.email))
        return redirect("cecs:case", reference=case.reference)
