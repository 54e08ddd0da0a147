"""The committee member’s desk: seats by deadline, the conflict question, then evidence, arithmetic and ballot."""

import uuid
from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import TemplateView

from serportal.accounts import services as accounts
from serportal.accounts.permissions import StrongSessionMixin
from serportal.files.models import StoredFile
from serportal.reviews import rules, services
from serportal.reviews.forms import AwayForm, BallotForm, ConflictForm, NoteForm, TickedForm, VoteForm
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Ballot, ReviewCase, Seat, Vote, Voter
from serportal.reviews.states import GIVEN_UP, WAITING, Answer, Choice, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import in_credits, number, programme_day

PAST = 25
ALIKE = 3


def desk_of(member) -> list[Seat]:
    return list(Seat.objects.on_the_desk_of(member).prefetch_related("panel__case__parties"))


class DeskView(StrongSessionMixin, TemplateView):
    """What is asked of this member, most urgent first, cases of one submitter together, and the ballots they cast.

    Questions to a whole committee that they sit on stand before the seats.
    """

    template_name = "reviews/desk.html"

    def get_context_data(self, form=None, **kwargs):
        today = programme_day()
        seats = desk_of(self.request.user)
        asked = Voter.objects.on_the_desk_of(self.request.user).prefetch_related("poll__case__parties")
        voted = Seat.objects.voted_by(self.request.user).prefetch_related("ballots")[:PAST]
        return super().get_context_data(
            count=len(seats),
            questions=[(voter, (voter.poll.due_on - today).days) for voter in asked],
            groups=grouped(seats, today),
            invited=sum(seat.state == SeatState.INVITED for seat in seats),
            declared=sum(seat.state == SeatState.DECLARED and not kind_of(seat.panel.case).judges for seat in seats),
            past=[(seat, list(seat.ballots.all())[-1]) for seat in voted],
            away=list(self.request.user.absences.filter(ends_on__gte=today)),
            **kwargs,
        )


def grouped(seats: list[Seat], today) -> list[tuple[object, list[tuple[Seat, int]]]]:
    """Return (submitter, their seats with the days left), the most urgent submitter first (R-CEC)."""
    first: dict[int, int] = {}
    for place, seat in enumerate(seats):
        first.setdefault(seat.panel.case.filed_by_id, place)
    ordered = sorted(seats, key=lambda seat: first[seat.panel.case.filed_by_id])
    return [
        (group[0].panel.case.filed_by, [(seat, (seat.ballot_due_on - today).days) for seat in group])
        for _key, rows in groupby(ordered, key=lambda seat: seat.panel.case.filed_by_id)
        for group in [list(rows)]
    ]


class TogetherView(StrongSessionMixin, View):
    """Several ticked cases at once: “no conflict”, or “approve as computed”, each still its own answer and ballot."""

    def get(self, request):
        return redirect("reviews:desk")

    def post(self, request):
        seats = {seat.panel.case.reference: seat for seat in desk_of(request.user)}
        form = TickedForm(request.POST, references=seats)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("reviews:desk")
        ticked = [seats[reference] for reference in form.cleaned_data["cases"]]
        if "none" in request.POST:
            return self.declare([seat for seat in ticked if seat.state == SeatState.INVITED])
        ready = [seat for seat in ticked if seat.state == SeatState.DECLARED]
        if len(ready) < len(ticked):
            messages.error(request, _("Some ticked cases ask the conflict question first. Answer it, then vote."))
            return redirect("reviews:desk")
        judged = [seat.panel.case.reference for seat in ready if kind_of(seat.panel.case).judges]
        if judged:
            said = _(
                "{cases}: here each criterion is judged by itself. Open it and vote there; leave it unticked here."
            )
            messages.error(request, said.format(cases=", ".join(judged)))
            return redirect("reviews:desk")
        return self.cast(ready) if "cast" in request.POST else self.show(ready)

    def declare(self, seats: list[Seat]):
        done = self._each(seats, lambda seat: services.declare(seat.pk, conflict=False, by=self.request.user))
        messages.success(
            self.request,
            ngettext("No conflict noted in one case.", "No conflict noted in {n} cases.", done).format(n=done),
        )
        return redirect("reviews:desk")

    def show(self, seats: list[Seat]):
        """Show what each ballot would say; nothing is cast yet."""
        cases = [
            {
                "case": seat.panel.case,
                "worth": kind_of(seat.panel.case).read(seat.panel.case).worth,
                "key": uuid.uuid4(),
            }
            for seat in seats
        ]
        return TemplateResponse(self.request, "reviews/together.html", {"cases": cases})

    def cast(self, seats: list[Seat]):
        post = self.request.POST

        def vote(seat: Seat):
            reference = seat.panel.case.reference
            services.cast(
                seat.pk,
                by=self.request.user,
                key=key_in(post.get(f"key-{reference}", "")),
                revision=int(post.get(f"revision-{reference}") or 0),
                choice=Choice.APPROVE,
            )

        done = self._each(seats, vote)
        messages.success(self.request, ngettext("One ballot is saved.", "{n} ballots are saved.", done).format(n=done))
        return redirect("reviews:desk")

    def _each(self, seats: list[Seat], act) -> int:
        """Act on each seat in a transaction of its own; a refusal is told and stops none of the others."""
        done = 0
        for seat in seats:
            try:
                act(seat)
                done += 1
            except Refusal as refusal:
                messages.error(self.request, f"{seat.panel.case.reference}: {refusal}")
        return done


def key_in(text: str) -> uuid.UUID:
    """Return the key that a form was shown with; a form without one gets a key of its own."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


class AwayView(StrongSessionMixin, View):
    """Days on which this member takes no case."""

    def get(self, request):
        return self.show(AwayForm())

    def show(self, form, error="", status=200):
        absences = request_absences(self.request.user)
        due = [
            seat
            for seat in Seat.objects.on_the_desk_of(self.request.user)
            if any(one.starts_on <= seat.ballot_due_on <= one.ends_on for one in absences)
        ]
        context = {"form": form, "absences": absences, "due": due, "error": error}
        return TemplateResponse(self.request, "reviews/away.html", context, status=status)

    def post(self, request):
        absence = as_key(request.POST.get("remove", ""))
        if absence is not None:
            accounts.come_back(member=request.user, absence_id=absence)
            return redirect("reviews:away")
        form = AwayForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            accounts.be_away(member=request.user, first=form.cleaned_data["first"], last=form.cleaned_data["last"])
        except Refusal as refusal:
            return self.show(form, error=str(refusal), status=409)
        messages.success(request, _("Noted. You get no new seat whose ballot falls into these days."))
        return redirect("reviews:away")


def request_absences(user) -> list:
    return list(user.absences.filter(ends_on__gte=programme_day()))


class OwnSeatView(StrongSessionMixin, View):
    """A page of one seat of this member; a case they may not see does not exist for them."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            cases = ReviewCase.objects.visible_to(request.user).exclude(filed_by=request.user)
            seats = Seat.objects.select_related("panel__case__filed_by", "member").filter(
                member=request.user, panel__case__in=cases, panel__case__reference=kwargs["reference"]
            )
            self.seat = seats.exclude(state__in=GIVEN_UP).order_by("-panel__round").first()
            if self.seat is None:
                return self.no_seat(cases)
            self.case = self.seat.panel.case
        return super().dispatch(request, *args, **kwargs)

    def no_seat(self, cases):
        """Lead whoever is asked about the case with the whole committee to the question; nobody else is here."""
        voters = Voter.objects.live().filter(
            member=self.request.user, poll__case__in=cases, poll__case__reference=self.kwargs["reference"]
        )
        voter = voters.exclude(state=SeatState.RECUSED).select_related("poll").order_by("-poll__number").first()
        if voter is None:
            raise Http404
        return redirect("reviews:question", self.kwargs["reference"], voter.poll.number)

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
            "kind": kind_of(self.case),
            "parties": self.case.parties.all(),
            "again": self.seat.state != SeatState.INVITED,
            **self.place(),
        }
        return TemplateResponse(self.request, "reviews/conflict.html", context, status=status)

    def place(self) -> dict:
        """Return “case 2 of 4 on your desk”."""
        keys = [seat.pk for seat in self.desk]
        return {"desk_place": keys.index(self.seat.pk) + 1 if self.seat.pk in keys else 0, "desk_size": len(keys)}

    @property
    def must_declare(self) -> bool:
        """Whether the conflict question is open: never answered, or a hint came up since (R-REV-5)."""
        if self.seat.state == SeatState.INVITED:
            return True
        return self.seat.state in WAITING and bool(services.new_hint(self.seat))


class SeatView(OwnSeatView):
    """The conflict question, and after it everything on one screen: evidence, arithmetic, ballot."""

    def get(self, request, reference):
        return self.show(None)

    def show(self, form, *, error="", status=200):
        """Show the case; whoever has not answered the conflict question gets the question, whatever they sent."""
        if self.must_declare:
            return self.ask(ConflictForm(), status=status)
        kind = kind_of(self.case)
        reading = kind.read(self.case)
        own = Ballot.objects.filter(seat=self.seat).standing().first()
        split = self.case.step == Step.SETTLE and self.seat.counts
        if form is None and self.may_vote(split):
            form = BallotForm(initial=self._initial(own), **self.asked_of(reading))
        context = {
            "case": self.case,
            "seat": self.seat,
            "worth": reading.worth,
            "own": own,
            "form": form if self.may_vote(split) or error else None,
            "error": error,
            "choices": choices(self.case, reading.worth.most, split=split),
            "kind": kind,
            "files": StoredFile.objects.filter(folder=self.case.folder_id, removed_at__isnull=True),
            "content_template": kind.content_template,
            "flags": kind.flags(reading, by=self.request.user),
            "alike": self.alike() if kind.compares else [],
            "changes": self.changes(),
            "over_on": reading.over_on,
            "split": self.split_ballots() if split else [],
            "asked": services.open_request(self.case) if self.case.step == Step.ANSWER else None,
            "answered": self.answered(),
            "questions": services.standings(self.case) if kind.questions(self.case) else (),
            **reading.content,
            **self.place(),
        }
        return TemplateResponse(self.request, "reviews/ballot.html", context, status=status)

    def may_vote(self, split: bool) -> bool:
        if split:
            return not self.seat.settled
        return self.seat.panel.closed_at is None and self.seat.counts and self.case.step in {Step.VOTE, Step.FILL}

    def alike(self) -> list[ReviewCase]:
        """Return what was decided about cases like this one, none of which this member must not know of."""
        hidden = ReviewCase.objects.hidden_from(self.request.user)
        return list(ReviewCase.objects.like(self.case).exclude(pk__in=hidden.values("pk"))[:ALIKE])

    def changes(self) -> list[rules.Change]:
        """Return what the member changed since the version before (R-REV-6)."""
        if self.case.revision == 1:
            return []
        two = list(self.case.revisions.order_by("-number")[:2])
        return rules.changes(two[1].content, two[0].content) if len(two) == 2 else []

    def answered(self):
        """Return the question that led to this version, with what the member wrote beside the changes."""
        if self.case.revision == 1:
            return None
        return self.case.requests.filter(answered=True).order_by("-closed_at").first()

    def split_ballots(self) -> list[Ballot]:
        """Return all ballots of a panel that is open to itself (R-REV-3)."""
        visible = Ballot.objects.visible_to(self.request.user).filter(
            seat__panel=self.seat.panel_id, seat__counts=True, revision=self.case.revision
        )
        return sorted(visible.standing().select_related("seat__member"), key=lambda ballot: ballot.seat.place)

    def _initial(self, own: Ballot | None) -> dict:
        initial = {"revision": self.case.revision}
        if own is not None:
            initial |= {
                "choice": own.choice,
                "reason": own.reason,
                "credits": number(own.credits) if own.credits else "",
            }
            initial |= {f"judged-{key}": value for key, value in own.judgements.items()}
        return initial

    def asked_of(self, reading=None) -> dict:
        """Return what makes the ballot of this case’s kind; its criteria need the case read, where it has any."""
        kind = kind_of(self.case)
        return {"kind": kind, "criteria": kind.criteria(reading or kind.read(self.case)) if kind.judges else ()}

    def post(self, request, reference):
        if self.must_declare:
            return self.show(None)
        form = BallotForm(request.POST, **self.asked_of())
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
                judgements=form.judgements(),
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
            messages.success(
                request, _("Thank you. You stepped out of {0}, and it is closed to you.").format(self.case.reference)
            )
            return self.next_page()
        return redirect("reviews:case", reference=reference)


class ConfirmView(OwnSeatView):
    """Leave one’s ballot as it is while the panel is open to itself."""

    def get(self, request, reference):
        return redirect("reviews:case", reference=reference)

    def post(self, request, reference):
        try:
            services.confirm(self.seat.pk, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("reviews:case", reference=reference)
        messages.success(request, _("Your ballot on {0} stands.").format(self.case.reference))
        return self.next_page()


class DeclineView(OwnSeatView):
    """Give the seat back without a conflict."""

    def get(self, request, reference):
        return redirect("reviews:case", reference=reference)

    def post(self, request, reference):
        try:
            services.decline(self.seat.pk, by=request.user, note=request.POST.get("text", "")[:500])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("reviews:case", reference=reference)
        messages.success(
            request, _("Thank you for saying so. Someone else takes the seat on {0}.").format(self.case.reference)
        )
        return self.next_page()


class AskCoordinatorView(OwnSeatView):
    """A question of a reviewer to the coordinator, who may ask the member; nobody else reads it."""

    def get(self, request, reference):
        return redirect("reviews:case", reference=reference)

    def post(self, request, reference):
        form = NoteForm(request.POST, missing=_("The question is empty. Write what the coordinator should find out."))
        if self.must_declare or not form.is_valid():
            messages.error(request, form.summary()[0][1] if form.errors else _("Answer the conflict question first."))
            return redirect("reviews:case", reference=reference)
        services.note(self.case.pk, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("The coordinator has your question. You can vote now or wait for the answer."))
        return redirect("reviews:case", reference=reference)


class OwnVoteView(StrongSessionMixin, View):
    """A page of one question to a whole committee that this member is part of; any other does not exist for them."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            cases = ReviewCase.objects.visible_to(request.user).exclude(filed_by=request.user)
            voters = Voter.objects.live().exclude(state=SeatState.RECUSED)
            self.voter = (
                voters.select_related("poll__case__filed_by", "member")
                .filter(
                    member=request.user,
                    poll__case__in=cases,
                    poll__case__reference=kwargs["reference"],
                    poll__number=kwargs["number"],
                )
                .first()
            )
            if self.voter is None:
                raise Http404
            self.poll = self.voter.poll
            self.case = self.poll.case
        return super().dispatch(request, *args, **kwargs)

    def ask(self, form, status=200):
        context = {
            "case": self.case,
            "poll": self.poll,
            "form": form,
            "kind": kind_of(self.case),
            "parties": self.case.parties.all(),
            "again": self.voter.state != SeatState.INVITED,
        }
        return TemplateResponse(self.request, "reviews/question_conflict.html", context, status=status)


class QuestionView(OwnVoteView):
    """The conflict question, and after it the question to the whole committee with what was filed (R-REV-10)."""

    def get(self, request, reference, number):
        return self.show(None)

    def show(self, form, *, error="", status=200):
        if services.must_declare(self.voter):
            return self.ask(ConflictForm(), status=status)
        kind = kind_of(self.case)
        reading = kind.read(self.case)
        own = Vote.objects.filter(voter=self.voter).standing().first()
        if form is None and self.may_vote:
            kept = {"answer": own.answer, "reason": own.reason} if own else {}
            form = VoteForm(initial={"revision": self.case.revision, **kept})
        context = {
            "case": self.case,
            "poll": self.poll,
            "voter": self.voter,
            "own": own,
            "form": form if self.may_vote or error else None,
            "error": error,
            "kind": kind,
            "choices": Answer.choices,
            "files": StoredFile.objects.filter(folder=self.case.folder_id, removed_at__isnull=True),
            "content_template": kind.content_template,
            "flags": kind.flags(reading, by=self.request.user),
            **reading.content,
        }
        return TemplateResponse(self.request, "reviews/question.html", context, status=status)

    @property
    def may_vote(self) -> bool:
        return self.poll.closed_at is None and self.case.step not in {Step.ANSWER, Step.DONE}

    def post(self, request, reference, number):
        if services.must_declare(self.voter):
            return self.show(None)
        form = VoteForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        data = form.cleaned_data
        try:
            services.vote(
                self.voter.pk,
                by=request.user,
                key=data["submit_key"],
                revision=data["revision"],
                answer=Answer(data["answer"]),
                reason=data["reason"],
            )
        except Refusal as refusal:
            for one in (self.case, self.poll, self.voter):
                one.refresh_from_db()
            return self.show(form, error=str(refusal), status=409)
        messages.success(request, _("Your vote on {0} is saved.").format(reference))
        return redirect("reviews:desk")


class QuestionConflictView(OwnVoteView):
    """Take the answer to the conflict question; a conflict closes the case for this member for good."""

    def get(self, request, reference, number):
        return redirect("reviews:question", reference, number)

    def post(self, request, reference, number):
        form = ConflictForm(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        conflict = form.cleaned_data["answer"] == "conflict"
        try:
            services.declare_on(self.voter.pk, conflict=conflict, by=request.user, note=form.cleaned_data["note"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("reviews:question", reference, number)
        if conflict:
            messages.success(
                request, _("Thank you. You stepped out of {0}, and it is closed to you.").format(reference)
            )
            return redirect("reviews:desk")
        return redirect("reviews:question", reference, number)


def choices(case: ReviewCase, most, *, split: bool = False) -> list[dict]:
    """Return the ballots in the words of this case; nobody abstains once all are in."""
    kind = kind_of(case)
    labels = {
        Choice.APPROVE: _("Approve {credits}").format(credits=in_credits(most)) if kind.credits else _("Approve"),
    }
    offered = [one for one in kind.ballots(case) if one != Choice.ABSTAIN or not split]
    return [{"value": one, "label": labels.get(one, one.label)} for one in offered]
