"""Renewal: what it needs, declared and filed by the member, followed, answered, withdrawn (R-PER-7)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from journals import gates, renewal_asks, rules
from journals.models import Renewal, RenewalDraft
from journals.services import renewing
from journals.standing import current
from serportal.accounts.models import Signature
from serportal.certifications.models import Period
from serportal.certifications.rules import lapses, reinstated_until
from serportal.drafts.forms import AnswersForm
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
    """A form whose every button saves first, so that nothing typed and no file received is lost (SPEC 6)."""

    draft: RenewalDraft | None = None

    def get(self, request, **kwargs):
        return self.show(self.draft.data if self.draft else {})

    def show(self, data, *, errors=(), judged=False, version=None, status=200):
        forms = self.forms(data, judged=judged)
        found = [line for form in forms for line in form.summary()] if judged else []
        context = {
            "forms": forms,
            "draft": self.draft,
            "version": version or (self.draft.version if self.draft else 1),
            "summary": [*errors, *found],
            **self.about(),
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def post(self, request, **kwargs):
        data = {name: clean_text(request.POST.get(name, ""))[:4000] for name in renewal_asks.NAMES}
        try:
            self.draft = self.begin()
            refused = renewing.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            self.draft = renewing.save(draft_id=self.draft.pk, by=request.user, data=data, seen=seen_by(request.POST))
            if "remove" in request.POST:
                renewing.remove_file(draft=self.draft, key=request.POST["remove"], by=request.user)
        except StaleDraft as stale:
            self.draft.refresh_from_db()
            return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        if refused:
            return self.show(data, errors=[("id_files", str(one)) for one in refused], status=422)
        if "send" not in request.POST:
            return redirect(request.path + "#saved")
        if not all(form.is_valid() for form in self.forms(data, judged=True)):
            return self.show(data, judged=True, status=422)
        try:
            case = self.send()
        except Refusal as refusal:
            return self.show(data, errors=[("", str(refusal))], status=409)
        messages.success(request, self.sent.format(case.reference))
        return redirect("journals:renewal", case.reference)

    @cached_property
    def today(self):
        return programme_day()


class RenewView(WritingView):
    """What the renewal of one’s own period needs, at any time; once all of it is there, the form itself."""

    template_name = "journals/renewal/form.html"
    sent = gettext_lazy("Your renewal is filed as {0}.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            periods = list(Period.objects.of(request.user))
            if not periods:
                return redirect("journals:journal")
            self.period = current(periods, self.today)
            drafts = RenewalDraft.objects.select_related("folder")
            self.draft = drafts.filter(owner=request.user, period=self.period, case__isnull=True).first()
        return super().dispatch(request, *args, **kwargs)

    def forms(self, data, *, judged) -> list[AnswersForm]:
        return renewal_asks.forms_for(data, today=self.today, judged=judged)

    def about(self) -> dict:
        found = rules.gates(renewing.held_of(self.period, self.today), self.today)
        row, agreement = renewing.fee_of(self.period, self.today), renewing.agreement_of(self.today)
        first, last = renewing.next_period(self.period)
        lapsed_on = self.period.certification.lapsed_on
        over = self.today > self.period.ends_on
        return {
            "period": self.period,
            "gates": gates.told(found),
            "ready": all(one.met for one in found),
            "barred": any(one.code in gates.BARRED for one in found),
            "fee": row,
            "agreement": agreement,
            "shown": renewing.shown(row, agreement),
            "first": first,
            "last": last,
            "lapses": lapses(self.period.ends_on) if over and lapsed_on is None else None,
            "reinstated_until": reinstated_until(lapsed_on) if lapsed_on else None,
        }

    def begin(self):
        return renewing.begin(period=self.period, by=self.request.user)

    def send(self):
        shown = self.request.POST.get("shown", "")
        return renewing.file_renewal(draft_id=self.draft.pk, by=self.request.user, shown=shown)


class OwnCaseMixin:
    """A page of one renewal, for who filed it."""

    @cached_property
    def renewal(self) -> Renewal:
        own = Renewal.objects.filter(case__filed_by=self.request.user)
        rows = own.select_related("case__folder", "period__certification", "bill", "opened")
        return get_object_or_404(rows, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.renewal.case


class AnswerView(OwnCaseMixin, WritingView):
    """Send the proof that an audit asks for, or answer the coordinator; nothing else opens (R-REV-8)."""

    template_name = "journals/renewal/answer.html"
    sent = gettext_lazy("Your answer about {0} is sent.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.asked = reviews.open_request(self.case)
            if self.asked is None:
                return redirect("journals:renewal", self.case.reference)
            self.draft = RenewalDraft.objects.select_related("folder").filter(request=self.asked).first()
        return super().dispatch(request, *args, **kwargs)

    def forms(self, data, *, judged) -> list[AnswersForm]:
        return [AnswersForm(renewal_asks.ANSWER, data, check=None, today=self.today, judged=judged)]

    def about(self) -> dict:
        files = files_in(self.draft.folder) if self.draft else ()
        return {"case": self.case, "asked": self.asked, "files": files}

    def begin(self):
        return renewing.begin_reply(case_id=self.case.pk, by=self.request.user)

    def send(self):
        return renewing.send_reply(draft_id=self.draft.pk, by=self.request.user)


class CaseView(OwnCaseMixin, TemplateView):
    """Where a renewal is, what it still needs and from whom, what was declared, the letters."""

    template_name = "journals/renewal/case.html"

    def get_context_data(self, **kwargs):
        held, case, today = self.renewal, self.case, programme_day()
        letters = list(Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"))
        first, last = renewing.next_period(held.period)
        open_case = case.state not in ENDED
        return super().get_context_data(
            case=case,
            renewal=held,
            first=first,
            last=last,
            stand=standing(case, today),
            blocks=renewing.blocks_of(held, today) if open_case else [],
            open=open_case,
            stops=trail(case, case.events.all()),
            signed=Signature.objects.filter(about=case.reference).select_related("agreement").first(),
            wanted=[renewing.entry_line(one) for one in held.wanted.order_by("earned_on", "pk")],
            files=files_in(case.folder),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            to_answer=case.step == Step.ANSWER,
            **kwargs,
        )


class WithdrawView(OwnCaseMixin, View):
    """Say what withdrawing means, then do it once."""

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect("journals:renewal", reference)
        return TemplateResponse(request, "journals/renewal/withdraw.html", {"case": self.case, "renewal": self.renewal})

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect("journals:renewal", reference)
