"""The appeal of a sponsor: written, filed and followed by its people (R-SPO-6)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from preapprovals.forms.oversight import AppealForm
from preapprovals.models import Appeal, AppealDraft, Offering
from preapprovals.querysets import EDITORS
from preapprovals.services import appealing
from serportal.drafts.services import StaleDraft, files_in, seen_by
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Move, Step
from serportal.reviews.trail import trail
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import programme_day


class AppealView(View):
    """The form. Every button saves first; nothing typed and no file received is lost (SPEC 6)."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            offerings = Offering.objects.of(request.user, EDITORS).select_related("sponsor")
            self.offering = get_object_or_404(offerings, pk=kwargs["pk"])
            self.notice = appealing.termination_of(self.offering) or self._last()
            if self.notice is None:
                raise Http404
            self.filed = Appeal.objects.filter(notice=self.notice).select_related("case__filed_by").first()
            drafts = AppealDraft.objects.select_related("folder", "case")
            self.draft = drafts.filter(notice=self.notice, owner=request.user).first()
        return super().dispatch(request, *args, **kwargs)

    def _last(self):
        """Return the termination that was, so that its link still leads somewhere once the appeal was won."""
        return self.offering.notices.filter(appeal_until__isnull=False).last()

    def get(self, request, pk):
        return self.show(self.draft.data.get("grounds", "") if self.draft else "")

    def show(self, grounds, *, errors=(), checked=None, version=None, status=200):
        today = programme_day()
        context = {
            "offering": self.offering,
            "notice": self.notice,
            "filed": self.filed,
            "readable": self.filed is not None
            and Appeal.objects.of(self.request.user).filter(pk=self.filed.pk).exists(),
            "open": self.is_open,
            "late": today > self.notice.appeal_until,
            "days_left": (self.notice.appeal_until - today).days,
            "draft": self.draft,
            "grounds": grounds,
            "form": checked,
            "version": version or (self.draft.version if self.draft else 1),
            "files": files_in(self.draft.folder) if self.draft and not self.draft.case_id else (),
            "summary": [*errors, *(checked.summary() if checked else [])],
        }
        return TemplateResponse(self.request, "preapprovals/appeal/form.html", context, status=status)

    def post(self, request, pk):
        if self.draft is not None and self.draft.case_id:
            return redirect("appeals:case", self.draft.case.reference)
        grounds = clean_text(request.POST.get("grounds", ""))
        if not self.is_open:
            sentence = _("This cannot be appealed any more. What you wrote was not sent; it stands below.")
            return self.show(grounds, errors=[("", sentence)], status=409)
        self.draft = appealing.begin(notice=self.notice, by=request.user)
        try:
            refused = appealing.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            errors = [("id_files", str(refusal)) for refusal in refused]
            self.draft = appealing.save(
                draft_id=self.draft.pk, by=request.user, grounds=grounds, seen=seen_by(request.POST)
            )
            if "remove" in request.POST:
                appealing.remove_file(draft=self.draft, key=request.POST["remove"], by=request.user)
        except StaleDraft as stale:
            self.draft.refresh_from_db()
            return self.show(grounds, errors=[("", str(stale))], version=stale.version, status=409)
        except Refusal:
            return redirect("preapprovals:appeal", pk)
        if errors:
            return self.show(grounds, errors=errors, status=422)
        if "send" not in request.POST:
            return redirect(reverse("preapprovals:appeal", args=[pk]) + "#evidence")
        form = AppealForm({"grounds": grounds})
        if not form.is_valid():
            return self.show(grounds, checked=form, status=422)
        try:
            case = appealing.file_appeal(draft_id=self.draft.pk, by=request.user)
        except Refusal as refusal:
            return self.show(grounds, errors=[("", str(refusal))], status=409)
        messages.success(request, _("Your appeal is filed as {0}.").format(case.reference))
        return redirect("appeals:case", case.reference)

    @property
    def is_open(self) -> bool:
        """Whether the termination stands, and nobody has appealed it."""
        return self.filed is None and appealing.termination_of(self.offering) is not None


class AppealMixin:
    """A page of one filed appeal, for who filed it and those who may act for the sponsor."""

    @cached_property
    def appeal(self) -> Appeal:
        seen = Appeal.objects.of(self.request.user).select_related(
            *("case__folder", "case__filed_by", "notice__offering__sponsor")
        )
        return get_object_or_404(seen, case__reference=self.kwargs["reference"])

    @property
    def case(self) -> ReviewCase:
        return self.appeal.case

    @property
    def mine(self) -> bool:
        return self.case.filed_by_id == self.request.user.pk

    @property
    def may_withdraw(self) -> bool:
        """Whether this person may still withdraw it: what the committee voted on is decided."""
        return self.mine and self.case.state not in ENDED and self.case.step != Step.DECIDE


class AppealCaseView(AppealMixin, TemplateView):
    """Where a filed appeal is, what was written, the letters."""

    template_name = "preapprovals/appeal/case.html"

    def get_context_data(self, **kwargs):
        appeal, case = self.appeal, self.case
        stand = standing(case, programme_day())
        events = list(case.events.all())
        let_in = any(one.move == Move.ADMIT for one in events)
        letters = list(Message.objects.filter(about=case.reference, person=case.filed_by).order_by("-owed_at"))
        return super().get_context_data(
            case=case,
            mine=self.mine,
            may_withdraw=self.may_withdraw,
            appeal=appeal,
            offering=appeal.notice.offering,
            acts=[appeal.notice],
            stand=stand,
            stops=trail(case, events),
            lateness=appealing.lateness(appeal.notice, admitted=let_in) if appeal.late and stand.running else "",
            files=files_in(case.folder),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            **kwargs,
        )


class WithdrawView(AppealMixin, View):
    """Say what withdrawing means, then do it once; only who filed it may."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not self.mine:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, reference):
        if not self.may_withdraw:
            return redirect("appeals:case", reference=reference)
        context = {"case": self.case, "offering": self.appeal.notice.offering}
        return TemplateResponse(request, "preapprovals/appeal/withdraw.html", context)

    def post(self, request, reference):
        try:
            appealing.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn. The termination stands.").format(reference))
        return redirect("appeals:case", reference=reference)
