"""The committee member’s desk: seats by deadline, the conflict question, then evidence, arithmetic and ballot."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from serportal.accounts.permissions import StrongSessionMixin
from serportal.files.models import StoredFile
from serportal.reviews import services
from serportal.reviews.forms import BallotForm, ConflictForm
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Ballot, ReviewCase, Seat
from serportal.reviews.states import Choice, SeatState
from serportal.ui.refusal import Refusal
from serportal.ui.words import number, programme_day

PAST = 25


class DeskView(StrongSessionMixin, TemplateView):
    """What is asked of this member, most urgent first, and the ballots they cast."""

    template_name = "reviews/desk.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        seats = list(Seat.objects.on_the_desk_of(self.request.user))
        voted = Seat.objects.voted_by(self.request.user).prefetch_related("ballots")[:PAST]
        return super().get_context_data(
            seats=[(seat, (seat.panel.ballots_due_on - today).days) for seat in seats],
            past=[(seat, list(seat.ballots.all())[-1]) for seat in voted],
            **kwargs,
        )


class OwnSeatView(StrongSessionMixin, View):
    """A page of one seat of this member; a case they may not see does not exist for them."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            cases = ReviewCase.objects.visible_to(request.user).exclude(filed_by=request.user)
            seats = Seat.objects.select_related("panel__case__filed_by").filter(
                member=request.user, panel__case__in=cases, panel__case__reference=kwargs["reference"]
            )
            self.seat = seats.exclude(state=SeatState.RECUSED).order_by("-panel__round").first()
            if self.seat is None:
                raise Http404
            self.case = self.seat.panel.case
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def desk(self) -> list[Seat]:
        return list(Seat.objects.on_the_desk_of(self.request.user))

    def next_page(self):
        """Return the next case on the desk, or the desk itself when nothing is left."""
        waiting = [seat for seat in self.desk if seat.panel.case_id != self.case.pk]
        return (
            redirect("reviews:case", reference=waiting[0].panel.case.reference) if waiting else redirect("reviews:desk")
        )

    def ask(self, form, status=200):
        context = {
            "case": self.case,
            "seat": self.seat,
            "form": form,
            "parties": self.case.parties.all(),
            **self.place(),
        }
        return TemplateResponse(self.request, "reviews/conflict.html", context, status=status)

    def place(self) -> dict:
        """Return “case 2 of 4 on your desk”."""
        keys = [seat.pk for seat in self.desk]
        return {"desk_place": keys.index(self.seat.pk) + 1 if self.seat.pk in keys else 0, "desk_size": len(keys)}


class SeatView(OwnSeatView):
    """The conflict question, and after it everything on one screen: evidence, arithmetic, ballot."""

    def get(self, request, reference):
        return self.show(None)

    def show(self, form, *, error="", status=200):
        """Show the case; whoever has not answered the conflict question gets the question, whatever they sent."""
        if self.seat.state == SeatState.INVITED:
            return self.ask(ConflictForm(), status=status)
        kind = kind_of(self.case)
        reading = kind.read(self.case)
        own = Ballot.objects.filter(seat=self.seat).standing().first()
        open_for_ballot = self.seat.panel.closed_at is None and self.seat.counts
        if form is None and open_for_ballot:
            form = BallotForm(initial=self._initial(own))
        context = {
            "case": self.case,
            "seat": self.seat,
            "worth": reading.worth,
            "own": own,
            "form": form,
            "error": error,
            "choices": choices(reading.worth.most),
            "files": StoredFile.objects.filter(folder=self.case.folder_id, removed_at__isnull=True),
            "content_template": kind.content_template,
            **reading.content,
            **self.place(),
        }
        return TemplateResponse(self.request, "reviews/ballot.html", context, status=status)

    def _initial(self, own: Ballot | None) -> dict:
        initial = {"revision": self.case.revision}
        if own is not None:
            initial |= {
                "choice": own.choice,
                "reason": own.reason,
                "credits": number(own.credits) if own.credits else "",
            }
        return initial

    def post(self, request, reference):
        form = BallotForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        data = form.cleaned_data
        try:
            services.cast(
                self.seat.pk,
                by=request.user,
                key=data["submit_key"],
                revision=data["revision"],
                choice=Choice(data["choice"]),
                credits=data["credits"],
                reason=data["reason"],
            )
        except Refusal as refusal:
            self.case.refresh_from_db()
            self.seat.refresh_from_db()
            return self.show(form, error=str(refusal), status=409)
        messages.success(request, _("Your ballot on {0} is saved.").format(self.case.reference))
        return redirect("reviews:desk") if "stay" in request.POST else self.next_page()


class ConflictView(OwnSeatView):
    """Take the answer to the conflict question; a conflict closes the case for this member for good."""

    def get(self, request, reference):
        return redirect("reviews:case", reference=reference)

    def post(self, request, reference):
        form = ConflictForm(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        conflict = form.cleaned_data["answer"] == "conflict"
        try:
            services.declare(self.seat.pk, conflict=conflict, by=request.user, note=form.cleaned_data["note"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("reviews:case", reference=reference)
        if conflict:
            messages.success(request, _("Thank you. You stepped out of this case, and it is closed to you."))
            return self.next_page()
        return redirect("reviews:case", reference=reference)


def choices(most) -> list[dict]:
    """Return the four ballots in the words of this case."""
    return [
        {"value": Choice.APPROVE, "label": _("Approve {credits} credits").format(credits=number(most))},
        {"value": Choice.FEWER, "label": _("Approve fewer credits")},
        {"value": Choice.DENY, "label": _("Deny")},
        {"value": Choice.ABSTAIN, "label": _("Abstain")},
    ]
