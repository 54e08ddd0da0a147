"""Lists of attendees: given, checked, mended and taken in by the people of a sponsor; coordinators read them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from journals.states import Delivery
from preapprovals.forms.rosters import ColumnsForm, GiveForm, MendForm, TakeForm
from preapprovals.models import Occurrence, Roster, RosterRow, Sponsor
from preapprovals.pages import SponsorSideView
from preapprovals.querysets import EDITORS
from preapprovals.services import roster_taking as taking
from preapprovals.services import rosters
from preapprovals.states import RosterState
from preapprovals.views.dates import RunMixin
from serportal.drafts.services import files_in
from serportal.ui.refusal import Refusal
from serportal.ui.tables import Source

A_PAGE, PROBLEMS = 50, 100


class GiveView(RunMixin, View):
    """Give the list of who attended a date."""

    def get(self, request, pk):
        return self.show(GiveForm())

    def show(self, form, *, status: int = 200):
        try:
            rosters.check_may_give(self.run)
            closed = ""
        except Refusal as refusal:
            closed = str(refusal)
        context = {
            "run": self.run,
            "offering": self.run.offering,
            "closed": closed,
            "form": form,
            "summary": form.summary() if form.is_bound else [],
        }
        return TemplateResponse(self.request, "preapprovals/rosters/give.html", context, status=status)

    def post(self, request, pk):
        run, form = self.run, GiveForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            roster = rosters.give(occurrence_id=run.pk, by=request.user, **form.given())
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data.get("file") else "text", str(refusal))
            return self.show(form, status=422)
        return redirect("preapprovals:roster", roster.pk)


class RosterMixin:
    """Pages about one list, for those who keep the attendance of its sponsor; else there is none."""

    @cached_property
    def roster(self) -> Roster:
        runs = Occurrence.objects.of(self.request.user, EDITORS)
        found = Roster.objects.filter(occurrence__in=runs).select_related(
            "occurrence__offering__sponsor", "folder", "given_by", "taken_by"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def run(self) -> Occurrence:
        return self.roster.occurrence

    def back(self, anchor: str = ""):
        return redirect(reverse("preapprovals:roster", args=[self.roster.pk]) + anchor)


class RosterView(RosterMixin, SponsorSideView):
    """A list: what needs somebody, what is ready, what is taken in, and what can be done; coordinators read it."""

    def find(self, person, pk) -> Roster | None:
        found = Roster.objects.readable_by(person).filter(pk=pk)
        return found.select_related("occurrence__offering__sponsor", "given_by", "taken_by", "folder").first()

    @property
    def roster(self) -> Roster:
        return self.one

    @property
    def sponsor(self) -> Sponsor:
        return self.run.offering.sponsor

    def get(self, request, pk):
        return self.show() if self.can_edit else self.read()

    def read(self):
        """Show what was taken in, and what was not, to whom nothing here is to do."""
        rows = self.one.rows.select_related("attendance")
        page = Paginator(rows.filter(attendance__isnull=False), A_PAGE).get_page(self.request.GET.get("page"))
        context = {
            "roster": self.one,
            "file": files_in(self.one.folder).first(),
            "run": self.run,
            "offering": self.run.offering,
            "page_obj": page,
            "others": list(rows.filter(attendance=None)[:PROBLEMS]),
        }
        return TemplateResponse(self.request, "preapprovals/rosters/read.html", context)

    def show(self, *, take=None, columns=None, error: str = "", status: int = 200):
        roster = self.roster
        rows = roster.rows.all()
        counts = rosters.counts_of(roster)
        wrong = list(rows.filter(attendance=None, dropped=False).exclude(problems={})[:PROBLEMS])
        good = (
            rows.filter(attendance__isnull=False)
            if counts["taken"] and not counts["ready"]
            else rows.filter(attendance=None, dropped=False, problems={})
        )
        page = Paginator(good.select_related("attendance"), A_PAGE).get_page(self.request.GET.get("page"))
        sample = rows.first()
        refused = [form for form in (take, columns) if form is not None]
        context = {
            "roster": roster,
            "source": Source(**roster.source).sentences(),
            "file": files_in(roster.folder).first(),
            "run": self.run,
            "offering": self.run.offering,
            "counts": counts,
            "wrong": wrong,
            "more": counts["wrong"] - len(wrong),
            "page_obj": page,
            "dropped": list(rows.filter(dropped=True)[:PROBLEMS]),
            "columns": columns or ColumnsForm(roster, sample.said["cells"] if sample else []),
            "unreachable": not {"email", "certificate"} & set(roster.mapping),
            "nameless": not {"name", "first", "last"} & set(roster.mapping),
            "take": take or TakeForm(),
            "undo_until": taking.undone_until(roster) if taking.can_undo(roster) else None,
            "stays": taking.stays(roster) if roster.state == RosterState.UNDONE else [],
            "summary": [("", error)] if error else [line for form in refused for line in form.summary()],
        }
        return TemplateResponse(self.request, "preapprovals/rosters/roster.html", context, status=status)

    def post(self, request, pk):
        acts = {"take": self.take, "columns": self.columns, "leave": self.leave, "discard": self.discard}
        act = next((act for name, act in acts.items() if name in request.POST), None)
        if act is None or not self.can_edit:
            raise Http404
        try:
            return act(self.roster)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=409)

    def take(self, roster: Roster):
        form = TakeForm(self.request.POST)
        if not form.is_valid():
            return self.show(take=form, status=422)
        taken = taking.take_in(roster_id=roster.pk, by=self.request.user, **form.cleaned_data)
        said = ngettext("One person is taken in.", "{n} people are taken in.", taken.count).format(n=taken.count)
        if taken.left:
            said += " " + ngettext("One row still needs you.", "{n} rows still need you.", taken.left).format(
                n=taken.left
            )
        if taken.confirmed:
            said += " " + _("Completion of this date is confirmed.")
        messages.success(self.request, said)
        return self.back()

    def columns(self, roster: Roster):
        sample = roster.rows.first()
        form = ColumnsForm(roster, sample.said["cells"] if sample else [], self.request.POST)
        if not form.is_valid():
            return self.show(columns=form, status=422)
        rosters.name_columns(roster_id=roster.pk, mapping=form.mapping(), by=self.request.user)
        messages.success(self.request, _("The columns are read anew."))
        return self.back()

    def leave(self, roster: Roster):
        count = rosters.leave_out(roster_id=roster.pk, by=self.request.user)
        said = ngettext("One row is left out.", "{n} rows are left out.", count).format(n=count)
        messages.success(self.request, said)
        return self.back()

    def discard(self, roster: Roster):
        run = roster.occurrence_id
        rosters.discard(roster_id=roster.pk, by=self.request.user)
        messages.success(self.request, _("The list is discarded. Nothing of it was taken in."))
        return redirect("preapprovals:date", run)


class RowView(RosterMixin, View):
    """One row of a list: mended, or left out."""

    @cached_property
    def row(self) -> RosterRow:
        return get_object_or_404(self.roster.rows, number=self.kwargs["number"])

    @property
    def own_days(self) -> bool:
        return self.run.offering.delivery == Delivery.ON_DEMAND

    def get(self, request, pk, number):
        if self.row.attendance_id:
            raise Http404
        return self.show(self.about_row())

    def about_row(self) -> MendForm:
        return MendForm.about(self.row, own_days=self.own_days)

    def show(self, form, *, error: str = "", seen: str = "", stale: bool = False, status: int = 200):
        cells = self.row.said["cells"]
        context = {
            "roster": self.roster,
            "run": self.run,
            "offering": self.run.offering,
            "row": self.row,
            "seen": seen or rosters.mark_of(self.row),
            "now": MendForm.facts(self.row) if stale else [],
            "given": [(head, cell) for head, cell in zip(self.roster.columns, cells, strict=False) if cell],
            "form": form,
            "closed": self.roster.state == RosterState.UNDONE or self.row.attendance_id,
            "summary": [("", error)] if error else form.summary(),
        }
        return TemplateResponse(self.request, "preapprovals/rosters/row.html", context, status=status)

    def post(self, request, pk, number):
        form = MendForm(self.row, request.POST, own_days=self.own_days)
        seen, leave = request.POST.get("seen", ""), "leave" in request.POST
        if not leave and not form.is_valid():
            return self.show(form, seen=seen, status=422)
        known = {"roster_id": self.roster.pk, "number": number, "seen": seen, "by": request.user}
        try:
            if leave:
                self.row = rosters.leave_row_out(**known)
            else:
                self.row = rosters.mend(**known, said=form.said(), sure=bool(form.cleaned_data.get("sure")))
        except rosters.StaleRow as stale:
            self.row = stale.row
            return self.show(form, error=str(stale), stale=True, status=409)
        except Refusal as refusal:
            return self.show(form, error=str(refusal), seen=seen, status=409)
        if self.row.problems and not leave:
            return self.show(self.about_row(), status=422)
        said = _("Row {n} is left out.") if leave else _("Row {n} is ready to be taken in.")
        return self.onward(said.format(n=number))

    def onward(self, said: str):
        """Go on to the next row that needs somebody, or back to the list."""
        messages.success(self.request, said)
        following = self.roster.rows.filter(attendance=None, dropped=False).exclude(problems={})
        following = following.filter(number__gt=self.row.number).first() or following.first()
        if following is not None:
            return redirect("preapprovals:roster-row", self.roster.pk, following.number)
        return self.back()


class UndoView(RosterMixin, View):
    """Undo a list that was taken in, after it was shown what that takes back and what stays."""

    def get(self, request, pk):
        return self.show()

    def show(self, *, error: str = "", status: int = 200):
        roster = self.roster
        if roster.state == RosterState.PREVIEW:
            raise Http404
        stays = taking.stays(roster)
        context = {
            "roster": roster,
            "run": self.run,
            "offering": self.run.offering,
            "stays": stays,
            "goes": rosters.counts_of(roster)["taken"] - len(stays),
            "until": taking.undone_until(roster),
            "summary": [("", error)] if error else [],
        }
        return TemplateResponse(self.request, "preapprovals/rosters/undo.html", context, status=status)

    def post(self, request, pk):
        try:
            kept = taking.undo(roster_id=self.roster.pk, by=request.user)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=409)
        said = _("The list is undone.")
        if kept:
            said += " " + ngettext(
                "One person had accepted the credit and keeps it.",
                "{n} people had accepted theirs and keep it.",
                len(kept),
            ).format(n=len(kept))
        messages.success(request, said)
        return self.back()
