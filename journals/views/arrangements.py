"""Arrangements: asked for by the member, followed, answered, withdrawn (R-PER-3)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from journals import asks, terms
from journals.models import Arrangement, ArrangementDraft
from journals.services import arranging
from journals.standing import current
from serportal.certifications.models import Period
from serportal.drafts.services import StaleDraft, files_in, seen_by
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Purpose, Step
from serportal.reviews.trail import trail
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import programme_day


class WritingView(View):
    """A form whose every button saves first, so that nothing typed and no file received is lost (SPEC 6)."""

    template_name = "journals/arrangement/form.html"
    parts: list[str] | None = None

    def get(self, request, **kwargs):
        return self.show(self.draft.data if self.draft else self.fresh())

    def fresh(self) -> dict:
        return {}

    def show(self, data, *, errors=(), judged=False, version=None, status=200):
        form = asks.form_for(self.facts, data, today=self.today, judged=judged, parts=self.parts)
        context = {
            "form": form,
            "draft": self.draft,
            "version": version or (self.draft.version if self.draft else 1),
            "files": files_in(self.draft.folder) if self.draft else (),
            "takes_files": self.parts is None or arranging.FILES in self.parts,
            "summary": [*errors, *(form.summary() if judged else [])],
            "period": self.facts.period,
            **self.about(),
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def post(self, request, **kwargs):
        data = {name: clean_text(request.POST.get(name, ""))[:8000] for name in asks.NAMES}
        try:
            self.draft = self.begin()
            refused = arranging.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            self.draft = arranging.save(draft_id=self.draft.pk, by=request.user, data=data, seen=seen_by(request.POST))
            if "remove" in request.POST:
                arranging.remove_file(draft=self.draft, key=request.POST["remove"], by=request.user)
        except StaleDraft as stale:
            self.draft.refresh_from_db()
            return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        if refused:
            return self.show(data, errors=[("id_files", str(one)) for one in refused], status=422)
        if "send" not in request.POST:
            return redirect(request.path + "#evidence")
        form = asks.form_for(self.facts, data, today=self.today, judged=True, parts=self.parts)
        if not form.is_valid():
            return self.show(data, judged=True, status=422)
        try:
            case = self.send()
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        messages.success(request, self.sent.format(case.reference))
        return redirect("journals:arrangement", case.reference)

    @cached_property
    def today(self):
        return programme_day()


class NewView(WritingView):
    """Ask about one’s own period: the reason in one’s own words, what would help, files."""

    sent = gettext_lazy("Your request is filed as {0}.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            periods = list(Period.objects.of(request.user))
            if not periods:
                raise Http404
            period = current(periods, self.today)
            self.facts = arranging.facts_of(period, self.today)
            drafts = ArrangementDraft.objects.select_related("folder")
            self.draft = drafts.filter(owner=request.user, period=period, case__isnull=True).first()
        return super().dispatch(request, *args, **kwargs)

    def fresh(self) -> dict:
        """Begin with the year that the address names, such as a link beside a short one."""
        year = self.request.GET.get("year", "")
        begun = {str(one.year.number) for one in self.facts.progress.years if one.year.first <= self.today}
        return {"year": year} if year in begun else {}

    def about(self) -> dict:
        closed = self.facts.closed(self.today)
        return {
            "closed": "" if closed is None else terms.obstacle_text(closed),
            "years": self.facts.progress.years,
            "today": self.today,
        }

    def begin(self):
        return arranging.begin(period=self.facts.period, by=self.request.user)

    def send(self):
        return arranging.file_arrangement(draft_id=self.draft.pk, by=self.request.user)


class OwnCaseMixin:
    """A page of one request, for who filed it."""

    @cached_property
    def arrangement(self) -> Arrangement:
        own = Arrangement.objects.filter(case__filed_by=self.request.user)
        rows = own.select_related("case__folder", "period__certification", "replaced_by__case")
        return get_object_or_404(rows, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.arrangement.case


class AnswerView(OwnCaseMixin, WritingView):
    """Answer the coordinator: only the questioned parts are open again (R-REV-8)."""

    sent = gettext_lazy("Your answer about {0} is sent.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.asked = reviews.open_request(self.case)
            if self.asked is None or self.asked.purpose != Purpose.QUESTION:
                return redirect("journals:arrangement", self.case.reference)
            held = self.arrangement
            self.facts, self.parts = arranging.facts_of(held.period, self.today, without=held), self.asked.parts
            self.draft = ArrangementDraft.objects.select_related("folder").filter(request=self.asked).first()
        return super().dispatch(request, *args, **kwargs)

    def fresh(self) -> dict:
        return {**arranging.as_typed(self.arrangement.asked), "reason": self.arrangement.reason}

    def about(self) -> dict:
        return {"case": self.case, "asked": self.asked}

    def begin(self):
        return arranging.begin_reply(case_id=self.case.pk, by=self.request.user)

    def send(self):
        return arranging.send_reply(draft_id=self.draft.pk, by=self.request.user)


class CaseView(OwnCaseMixin, TemplateView):
    """Where a request is, what was asked and what was agreed, the letters."""

    template_name = "journals/arrangement/case.html"

    def get_context_data(self, **kwargs):
        held, case = self.arrangement, self.case
        ends_on = held.moved_from or held.period.ends_on
        letters = list(Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"))
        return super().get_context_data(
            case=case,
            arrangement=held,
            asked=terms.asked_text(held.asked, held.period, ends_on),
            agreed=terms.agreed_text(held.agreed, held.period, ends_on) if held.agreed else "",
            stand=standing(case, programme_day()),
            stops=trail(case, case.events.all()),
            files=files_in(case.folder),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            to_answer=case.step == Step.ANSWER,
            may_withdraw=case.state not in ENDED,
            **kwargs,
        )


class WithdrawView(OwnCaseMixin, View):
    """Say what withdrawing means, then do it once."""

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect("journals:arrangement", reference)
        return TemplateResponse(request, "journals/arrangement/withdraw.html", {"case": self.case})

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect(reverse("journals:arrangement", args=[reference]))
