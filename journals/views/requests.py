"""What the pages of arrangements and of renewals share: written on one page, followed, withdrawn (SPEC 6)."""

from collections.abc import Sequence
from types import ModuleType

from django.contrib import messages
from django.db.models import Model
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from serportal.drafts.forms import AnswersForm
from serportal.drafts.models import Typed
from serportal.drafts.services import StaleDraft, files_in, seen_by
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Step
from serportal.reviews.trail import trail
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import programme_day


class WritingView(View):
    """A form whose every button saves first, so that nothing typed and no file received is lost (SPEC 6).

    Subclasses say what it asks (``forms``), what stands beside it (``about``), and how it is begun and sent.
    """

    # What is done to a draft, the names of its fields, the address of its case, and where the page goes on once saved.
    service: ModuleType
    names: Sequence[str]
    page: str
    saved_at: str
    draft: Typed | None = None

    def get(self, request, **kwargs):
        return self.show(self.draft.data if self.draft else self.fresh())

    def fresh(self) -> dict:
        """Return what stands in a form that nobody has typed into yet."""
        return {}

    def show(self, data, *, errors=(), judged=False, version=None, status=200):
        forms: list[AnswersForm] = self.forms(data, judged=judged)
        found = [line for form in forms for line in form.summary()] if judged else []
        context = {
            "forms": forms,
            "draft": self.draft,
            "version": version or (self.draft.version if self.draft else 1),
            "summary": [*errors, *found],
            **self.about(),
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def files(self):
        return files_in(self.draft.folder) if self.draft else ()

    def post(self, request, **kwargs):
        data = {name: clean_text(request.POST.get(name, "")) for name in self.names}
        by = request.user
        try:
            self.draft = self.begin()
            refused = self.service.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=by)
            self.draft = self.service.save(draft_id=self.draft.pk, by=by, data=data, seen=seen_by(request.POST))
            if "remove" in request.POST:
                self.service.remove_file(draft=self.draft, key=request.POST["remove"], by=by)
        except StaleDraft as stale:
            self.draft.refresh_from_db()
            return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        if refused:
            return self.show(data, errors=[("id_files", str(one)) for one in refused], status=422)
        if "send" not in request.POST:
            return redirect(f"{request.path}#{self.saved_at}")
        if not all(form.is_valid() for form in self.forms(data, judged=True)):
            return self.show(data, judged=True, status=422)
        try:
            case = self.send()
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        messages.success(request, self.sent.format(case.reference))
        return redirect(self.page, case.reference)

    @cached_property
    def today(self):
        return programme_day()


class OwnCaseMixin:
    """A page of one request, for who filed it; ``table`` holds its content, read with ``related``."""

    table: type[Model]
    related: tuple[str, ...]
    page: str

    @cached_property
    def held(self):
        rows = self.table.objects.filter(case__filed_by=self.request.user).select_related(*self.related)
        return get_object_or_404(rows, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.held.case


class FollowedView(OwnCaseMixin, TemplateView):
    """Where a request is, what was filed, the letters."""

    def get_context_data(self, **kwargs):
        case = self.case
        letters = list(Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"))
        return super().get_context_data(
            case=case,
            held=self.held,
            open=case.state not in ENDED,
            stand=standing(case, programme_day()),
            stops=trail(case, case.events.all()),
            files=files_in(case.folder),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            to_answer=case.step == Step.ANSWER,
            **kwargs,
        )


class WithdrawView(OwnCaseMixin, View):
    """Say what withdrawing means, then do it once."""

    template_name: str

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect(self.page, reference)
        return TemplateResponse(request, self.template_name, {"case": self.case, "held": self.held})

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect(self.page, reference)
