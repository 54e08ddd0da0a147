"""Renewal: what it needs, declared and filed by the member, followed, answered, withdrawn (R-PER-7)."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from journals import gates, renewal_asks, rules
from journals.models import Renewal, RenewalDraft
from journals.services import renewing
from journals.standing import current
from journals.views import requests
from serportal.accounts.models import Signature
from serportal.certifications.models import Period
from serportal.certifications.rules import lapses, reinstated_until
from serportal.drafts.forms import AnswersForm
from serportal.reviews import services as reviews
from serportal.ui.words import programme_day

PAGE = "journals:renewal"


class WritingView(requests.WritingView):
    service, names, page, saved_at = renewing, renewal_asks.NAMES, PAGE, "saved"


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

    def forms(self, data, *, judged):
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


class OwnCaseMixin(requests.OwnCaseMixin):
    table, page = Renewal, PAGE
    related = ("case__folder", "period__certification", "bill", "opened")


class AnswerView(OwnCaseMixin, WritingView):
    """Send the proof that an audit asks for, or answer the coordinator; nothing else opens (R-REV-8)."""

    template_name = "journals/renewal/answer.html"
    sent = gettext_lazy("Your answer about {0} is sent.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.asked = reviews.open_request(self.case)
            if self.asked is None:
                return redirect(PAGE, self.case.reference)
            self.draft = RenewalDraft.objects.select_related("folder").filter(request=self.asked).first()
        return super().dispatch(request, *args, **kwargs)

    def forms(self, data, *, judged):
        return [AnswersForm(renewal_asks.ANSWER, data, check=None, today=self.today, judged=judged)]

    def about(self) -> dict:
        return {"case": self.case, "asked": self.asked, "files": self.files()}

    def begin(self):
        return renewing.begin_reply(case_id=self.case.pk, by=self.request.user)

    def send(self):
        return renewing.send_reply(draft_id=self.draft.pk, by=self.request.user)


class CaseView(OwnCaseMixin, requests.FollowedView):
    """Where a renewal is, what it still needs and from whom, what was declared, the letters."""

    template_name = "journals/renewal/case.html"

    def get_context_data(self, **kwargs):
        held, today = self.held, programme_day()
        first, last = renewing.next_period(held.period)
        context = super().get_context_data(
            renewal=held,
            first=first,
            last=last,
            signed=Signature.objects.filter(about=held.case.reference).select_related("agreement").first(),
            wanted=[renewing.entry_line(one) for one in held.wanted.order_by("earned_on", "pk")],
            **kwargs,
        )
        return context | {"blocks": renewing.blocks_of(held, today) if context["open"] else []}


class WithdrawView(OwnCaseMixin, requests.WithdrawView):
    template_name = "journals/renewal/withdraw.html"
