"""The coordinator’s pages for cases: one list, one page a case. Every change goes through a service."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.files.models import StoredFile
from serportal.reviews import rules, services, wording
from serportal.reviews.forms import LetterForm, SeatsForm
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Decision, ReviewCase, Seat
from serportal.reviews.services.panel import open_places
from serportal.reviews.states import SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


@admin.register(ReviewCase)
class ReviewCaseAdmin(admin.ModelAdmin):
    """Cases. Ballots are shown only once all are in; a case in which the coordinator has a conflict does not exist."""

    list_display = ["reference", "headline", "filed_by", "todo", "step_since", "due_on"]
    list_filter = ["step", "state"]
    list_select_related = ["filed_by"]
    search_fields = ["reference", "headline", "party", "filed_by__name", "filed_by__email"]
    list_per_page = 25
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    @admin.display(description=gettext_lazy("what to do"), ordering="step")
    def todo(self, case):
        return wording.todo(case.step, case.ballots_in)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        steps = [
            path("<int:pk>/screen/", view(self.screen_view), name="reviews_reviewcase_screen"),
            path("<int:pk>/seat/", view(self.seat_view), name="reviews_reviewcase_seat"),
            path("<int:pk>/decide/", view(self.decide_view), name="reviews_reviewcase_decide"),
        ]
        return [*steps, *super().get_urls()]

    def _case(self, request, pk) -> ReviewCase:
        """Return a case this coordinator may work on; any other does not exist for them."""
        case = self.get_queryset(request).select_related("filed_by", "folder").filter(pk=pk).first()
        if case is None or not self.has_change_permission(request, case):
            raise Http404
        return case

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        return self._page(request, self._case(request, int(object_id)))

    def _page(self, request, case, *, error="", seats_form=None, letter_form=None, status=200):
        now = timezone.now()
        kind = kind_of(case)
        reading = kind.read(case)
        seats = list(
            Seat.objects.filter(panel__case=case)
            .select_related("member", "panel")
            .order_by("-panel__round", "invited_at", "place")
        )
        panel = seats[0].panel if seats else None
        decisions = Decision.objects.filter(case=case).select_related("decided_by")
        decision = decisions.first() if case.step == Step.DONE else None
        ready = self._preview(case, reading, letter_form) if case.step == Step.DECIDE else None
        seating = case.step in {Step.SEAT, Step.FILL}
        context = {
            **self.admin_site.each_context(request),
            "title": str(case),
            "opts": self.opts,
            "case": case,
            "error": error,
            "kind": kind,
            "content_template": kind.content_template,
            "files": StoredFile.objects.filter(folder=case.folder_id, removed_at__isnull=True),
            "worth": reading.worth,
            "clock": rules.clock(filed_on=case.filed_on, due_on=case.due_on, today=programme_day(now)),
            "todo": wording.todo(case.step, case.ballots_in),
            "screen_by": case.filed_on + timedelta(days=kind.screen_days),
            "panel": panel,
            "seats": seats,
            "seat_states": SeatState,
            "candidates": self._candidates(case, panel, now, seats_form) if seating else [],
            "places": len(open_places(panel)) if seating else 0,
            "parties": case.parties.all(),
            "events": case.events.select_related("by"),
            "decision": decision,
            "preview": ready,
            "letter_form": letter_form or LetterForm(),
            **reading.content,
        }
        return TemplateResponse(request, "admin/reviews/case.html", context, status=status)

    def _candidates(self, case, panel, now, seats_form) -> list[dict]:
        """Return who may sit, best first, with the proposal (or what was ticked before) ticked."""
        places = len(open_places(panel))
        ticked = set(seats_form.data.getlist("members")) if seats_form is not None else None
        return [
            {
                "person": person,
                "facts": facts,
                "ticked": n < places if ticked is None else str(person.pk) in ticked,
            }
            for n, (person, facts) in enumerate(services.candidates(case, now))
        ]

    def _preview(self, case, reading, letter_form):
        note = letter_form.cleaned_data.get("note", "") if letter_form is not None and letter_form.is_valid() else ""
        return services.preview(case, note=note, reading=reading)

    def screen_view(self, request, pk):
        case = self._case(request, pk)
        if request.method != "POST":
            return redirect("admin:reviews_reviewcase_change", pk)
        try:
            services.screen(case.pk, by=request.user)
        except Refusal as refusal:
            case.refresh_from_db()
            return self._page(request, case, error=str(refusal), status=409)
        self.message_user(request, _("{0} is complete. Seat three members next.").format(case.reference))
        return redirect("admin:reviews_reviewcase_change", pk)

    def seat_view(self, request, pk):
        case = self._case(request, pk)
        if request.method != "POST":
            return redirect("admin:reviews_reviewcase_change", pk)
        form = SeatsForm(request.POST, people=get_user_model().objects.filter(is_active=True))
        if not form.is_valid():
            return self._page(request, case, error=form.summary()[0][1], seats_form=form, status=422)
        try:
            services.seat(case.pk, members=[one.pk for one in form.cleaned_data["members"]], by=request.user)
        except Refusal as refusal:
            case.refresh_from_db()
            return self._page(request, case, error=str(refusal), seats_form=form, status=409)
        self.message_user(request, _("The members are seated and invited by e-mail."))
        return redirect("admin:reviews_reviewcase_change", pk)

    def decide_view(self, request, pk):
        """Preview the letter again with the coordinator’s paragraph, or send exactly the letter that was read."""
        case = self._case(request, pk)
        if request.method != "POST":
            return redirect("admin:reviews_reviewcase_change", pk)
        form = LetterForm(request.POST)
        if not form.is_valid():
            return self._page(request, case, error=form.summary()[0][1], letter_form=form, status=422)
        if "send" not in request.POST:
            return self._page(request, case, letter_form=form)
        data = form.cleaned_data
        try:
            services.decide(case.pk, digest=data["digest"], note=data["note"], by=request.user)
        except Refusal as refusal:
            case.refresh_from_db()
            return self._page(request, case, error=str(refusal), letter_form=form, status=409)
        self.message_user(
            request, _("{0} is decided and its letter is on its way.").format(case.reference), messages.SUCCESS
        )
        return redirect("admin:reviews_reviewcase_change", pk)
