"""Arrangements: asked for by the member, followed, answered, withdrawn (R-PER-3)."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from journals import asks, terms
from journals.models import Arrangement, ArrangementDraft
from journals.services import arranging
from journals.standing import current
from journals.views import requests
from serportal.certifications.models import Period
from serportal.reviews import services as reviews
from serportal.reviews.states import Purpose

PAGE = "journals:arrangement"


class WritingView(requests.WritingView):
    """The form about one period; ``parts`` are what a question opened, all of it otherwise."""

    service, names, page, saved_at = arranging, asks.NAMES, PAGE, "evidence"
    template_name = "journals/arrangement/form.html"
    parts: list[str] | None = None

    def forms(self, data, *, judged):
        return [asks.form_for(self.facts, data, today=self.today, judged=judged, parts=self.parts)]

    def about(self) -> dict:
        takes_files = self.parts is None or arranging.FILES in self.parts
        return {"files": self.files(), "takes_files": takes_files, "period": self.facts.period}


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
            **super().about(),
            "closed": "" if closed is None else terms.obstacle_text(closed),
            "years": self.facts.progress.years,
            "today": self.today,
        }

    def begin(self):
        return arranging.begin(period=self.facts.period, by=self.request.user)

    def send(self):
        return arranging.file_arrangement(draft_id=self.draft.pk, by=self.request.user)


class OwnCaseMixin(requests.OwnCaseMixin):
    table, page = Arrangement, PAGE
    related = ("case__folder", "period__certification", "replaced_by__case")


class AnswerView(OwnCaseMixin, WritingView):
    """Answer the coordinator: only the questioned parts are open again (R-REV-8)."""

    sent = gettext_lazy("Your answer about {0} is sent.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.asked = reviews.open_request(self.case)
            if self.asked is None or self.asked.purpose != Purpose.QUESTION:
                return redirect(PAGE, self.case.reference)
            self.facts = arranging.facts_of(self.held.period, self.today, without=self.held)
            self.parts = self.asked.parts
            self.draft = ArrangementDraft.objects.select_related("folder").filter(request=self.asked).first()
        return super().dispatch(request, *args, **kwargs)

    def fresh(self) -> dict:
        return {**arranging.as_typed(self.held.asked), "reason": self.held.reason}

    def about(self) -> dict:
        return {**super().about(), "case": self.case, "asked": self.asked}

    def begin(self):
        return arranging.begin_reply(case_id=self.case.pk, by=self.request.user)

    def send(self):
        return arranging.send_reply(draft_id=self.draft.pk, by=self.request.user)


class CaseView(OwnCaseMixin, requests.FollowedView):
    """Where a request is, what was asked and what was agreed, the letters."""

    template_name = "journals/arrangement/case.html"

    def get_context_data(self, **kwargs):
        held = self.held
        ends_on = held.moved_from or held.period.ends_on
        return super().get_context_data(
            arrangement=held,
            asked=terms.asked_text(held.asked, held.period, ends_on),
            agreed=terms.agreed_text(held.agreed, held.period, ends_on) if held.agreed else "",
            **kwargs,
        )


class WithdrawView(OwnCaseMixin, requests.WithdrawView):
    template_name = "journals/arrangement/withdraw.html"
