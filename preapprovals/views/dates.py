"""The dates of an offering, for the people of its sponsor; coordinators read them (R-SPO-2, R-SPO-4)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from preapprovals.forms.dates import DateForm
from preapprovals.models import Occurrence, Offering, Sponsor
from preapprovals.pages import OfferingSideView, SponsorSideView
from preapprovals.querysets import EDITORS
from preapprovals.services import dates, rosters
from preapprovals.states import STANDING
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class OfferingMixin:
    """Pages about one offering of a sponsor whose dates this person keeps; else there is none."""

    @cached_property
    def offering(self) -> Offering:
        found = Offering.objects.of(self.request.user, EDITORS).select_related("sponsor")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class RunMixin:
    """Pages about one date, as ``OfferingMixin``."""

    @cached_property
    def run(self) -> Occurrence:
        found = Occurrence.objects.of(self.request.user, EDITORS)
        return get_object_or_404(found.select_related("offering__sponsor", "confirmed_by"), pk=self.kwargs["pk"])


class DatesView(OfferingSideView):
    """Every date of an offering, those to come first."""

    def get(self, request, pk):
        context = {
            "offering": self.one,
            "may_edit": self.can_edit,
            "reads_lists": self.can_edit or self.role is None,
            "runs": dates.dates_of(self.one),
            "today": programme_day(),
            "standing": self.one.state in STANDING,
        }
        return TemplateResponse(request, "preapprovals/dates/list.html", context)


class AddView(OfferingMixin, View):
    """Add a date within the approval."""

    def get(self, request, pk):
        return self.show(DateForm.new(self.offering, request.user.time_zone))

    def show(self, form, *, status: int = 200):
        context = {"offering": self.offering, "form": form, "summary": form.summary() if form.is_bound else []}
        return TemplateResponse(self.request, "preapprovals/dates/add.html", context, status=status)

    def post(self, request, pk):
        offering, form = self.offering, DateForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            dates.add_date(offering_id=offering.pk, when=form.when(), by=request.user)
        except Refusal as refusal:
            form.refuse(refusal)
            return self.show(form, status=422)
        messages.success(request, _("The date is added. It stands in the calendar from now on."))
        return redirect("preapprovals:dates", offering.pk)


class DateView(SponsorSideView):
    """One date: what is known of it, what can be done about it, and its lists; coordinators read that only."""

    def find(self, person, pk) -> Occurrence | None:
        found = Occurrence.objects.readable_by(person).filter(pk=pk)
        return found.select_related("offering__sponsor", "confirmed_by").first()

    @property
    def sponsor(self) -> Sponsor:
        return self.one.offering.sponsor

    def get(self, request, pk):
        return self.show()

    def show(self, *, error: str = "", status: int = 200):
        run = self.one
        try:
            rosters.check_may_give(run)
            why_no_list = ""
        except Refusal as refusal:
            why_no_list = str(refusal)
        context = {
            "run": run,
            "offering": run.offering,
            "role": self.role,
            "may_edit": self.can_edit,
            "why_kept": dates.why_kept(run),
            "why_no_list": why_no_list,
            "attended": run.attendances.known().filter(minutes__isnull=False).count(),
            "rosters": rosters.lists_of(run, by=self.request.user),
            "over": run.last_day <= programme_day(),
            "late": run.confirm_by < programme_day(),
            "summary": [("", error)] if error else [],
        }
        return TemplateResponse(self.request, "preapprovals/dates/date.html", context, status=status)

    def post(self, request, pk):
        if "confirm" not in request.POST or not self.can_edit:
            raise Http404
        try:
            dates.confirm(occurrence_id=self.one.pk, by=request.user)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=409)
        messages.success(request, _("You confirm that every participant has the Confirmation of Completion."))
        return redirect("preapprovals:date", pk)


class MoveView(RunMixin, View):
    """Change the days, times or place of a date."""

    def get(self, request, pk):
        return self.show(DateForm.about(self.run))

    def show(self, form, *, status: int = 200):
        context = {
            "run": self.run,
            "offering": self.run.offering,
            "why_kept": dates.why_kept(self.run),
            "form": form,
            "summary": form.summary() if form.is_bound else [],
        }
        return TemplateResponse(self.request, "preapprovals/dates/move.html", context, status=status)

    def post(self, request, pk):
        run, form = self.run, DateForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            dates.move(occurrence_id=run.pk, when=form.when(), by=request.user)
        except Refusal as refusal:
            form.refuse(refusal)
            return self.show(form, status=422)
        messages.success(request, _("The date is changed. Calendars that follow it show that."))
        return redirect("preapprovals:date", pk)


class CancelView(RunMixin, View):
    """Cancel a date, after it was shown what that does."""

    def get(self, request, pk):
        return self.show()

    def show(self, *, error: str = "", status: int = 200):
        context = {
            "run": self.run,
            "offering": self.run.offering,
            "why_kept": dates.why_kept(self.run),
            "summary": [("", error)] if error else [],
        }
        return TemplateResponse(self.request, "preapprovals/dates/cancel.html", context, status=status)

    def post(self, request, pk):
        try:
            dates.cancel(occurrence_id=self.run.pk, by=request.user)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=409)
        messages.success(request, _("The date is cancelled. Calendars that follow it show that."))
        return redirect("preapprovals:date", pk)
