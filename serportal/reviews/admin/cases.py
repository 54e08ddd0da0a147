"""The list of cases, and what can be done to one: each button is one service."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.reviews import rules, services, wording
from serportal.reviews.admin.batches import BATCHES, Batch
from serportal.reviews.admin.filters import (
    CodeFilter,
    DueFilter,
    FiledByFilter,
    HolderFilter,
    KindFilter,
    QuestionFilter,
    StateFilter,
)
from serportal.reviews.admin.page import CasePage, as_alone, whole
from serportal.reviews.forms import (
    AloneForm,
    DaysForm,
    ExtensionForm,
    LetterForm,
    NoteForm,
    QuestionForm,
    SeatsForm,
)
from serportal.reviews.kinds import kind_of, kinds
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Step
from serportal.ui.lists import ExportedList
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day


def as_action(batch: type[Batch]):
    """Return the action of the list of cases that previews ``batch`` and, confirmed, does it."""

    @admin.action(description=batch.label, permissions=["change"])
    def run(modeladmin, request, queryset):
        return modeladmin.batch(request, queryset, batch)

    run.__name__ = batch.name
    return run


@admin.register(ReviewCase)
class ReviewCaseAdmin(ExportedList):
    """Cases. Ballots are shown only once all are in; a case in which the coordinator has a conflict does not exist."""

    list_display = ["reference", "headline", "member", "todo", "turn", "since", "due_on"]
    list_filter = [HolderFilter, DueFilter, "step", StateFilter, KindFilter, CodeFilter, QuestionFilter, FiledByFilter]
    list_select_related = ["filed_by"]
    search_fields = ["reference", "headline", "party", "filed_by__name", "filed_by__email"]
    search_help_text = gettext_lazy("Reference, title, organiser, or the member’s name or e-mail address")
    list_per_page = 25
    show_full_result_count = False
    actions = [as_action(batch) for batch in BATCHES]
    export_name = "cases"
    export_related = ("filed_by",)
    export_columns = (
        *(("reference", 15), ("kind", 12), ("activity", 28), ("title", 42), ("organiser", 30)),
        *(("filed by", 24), ("e-mail address", 30), ("filed on", 12), ("state", 20), ("waits for", 24)),
        *(("whose turn", 16), ("since", 12), ("letter due", 12), ("ballots in", 10)),
        *(("credits asked for", 10), ("credits granted", 10), ("decided on", 12)),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    @admin.display(description=gettext_lazy("what to do"), ordering="step")
    def todo(self, case):
        return wording.todo(case.step, case.ballots_in)

    @admin.display(description=gettext_lazy("filed by"), ordering="filed_by__name")
    def member(self, case):
        return format_html('<a href="?member={}">{}</a>', case.filed_by_id, case.filed_by)

    @admin.display(description=gettext_lazy("since"), ordering="step_since")
    def since(self, case):
        return day_text(programme_day(case.step_since))

    @admin.display(description=gettext_lazy("whose turn"))
    def turn(self, case):
        return rules.HOLDERS[case.step].label

    def export_row(self, case):
        kind = kinds()[case.kind]
        return (
            *(case.reference, str(kind.label), kind.topic_label(case.topic), case.headline, case.party),
            *(case.filed_by.name, case.filed_by.email, case.filed_on),
            *(kind.state_label(case.state), wording.todo(case.step, case.ballots_in)),
            *(str(rules.HOLDERS[case.step].label), programme_day(case.step_since), case.due_on, case.ballots_in),
            *(case.amount, case.granted, programme_day(case.decided_at) if case.decided_at else None),
        )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        acts = {
            "screen": self.screen_view,
            "ask": self.ask_view,
            "retract": self.retract_view,
            "seat": self.seat_view,
            "replace": self.replace_view,
            "reassign": self.reassign_view,
            "days": self.days_view,
            "anew": self.anew_view,
            "two": self.two_view,
            "extend": self.extend_view,
            "decide": self.decide_view,
            "alone": self.alone_view,
            "reopen": self.reopen_view,
            "close": self.close_view,
            "note": self.note_view,
            "aside": self.aside_view,
        }
        view = self.admin_site.admin_view
        paths = [
            path(f"<int:pk>/{act}/", view(handler), name=f"reviews_reviewcase_{act}") for act, handler in acts.items()
        ]
        return [*paths, *super().get_urls()]

    def _case(self, request, pk) -> ReviewCase:
        """Return a case this coordinator may work on; any other does not exist for them."""
        case = whole(self.get_queryset(request)).filter(pk=pk).first()
        if case is None or not self.has_change_permission(request, case):
            raise Http404
        return case

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if as_key(object_id) is None:
            raise Http404
        return self._page(request, self._case(request, int(object_id)))

    def _page(self, request, case, *, error="", status=200, **forms):
        context = {
            **self.admin_site.each_context(request),
            "title": str(case),
            "opts": self.opts,
            **CasePage(case, request.user, forms=forms, error=error).context(),
        }
        return TemplateResponse(request, "admin/reviews/case.html", context, status=status)

    def _act(self, request, pk, form, name: str, act: Callable[[ReviewCase, dict], str]):
        """Do what one form asks and say it; what is refused is shown on the page with everything that was typed."""
        case = self._case(request, pk)
        if request.method != "POST":
            return redirect("admin:reviews_reviewcase_change", pk)
        form = form(case) if callable(form) else form
        if form is not None and not form.is_valid():
            return self._page(request, case, error=form.summary()[0][1], status=422, **{name: form})
        try:
            said = act(case, form.cleaned_data if form is not None else {})
        except Refusal as refusal:
            return self._page(request, self._case(request, pk), error=str(refusal), status=409, **{name: form})
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:reviews_reviewcase_change", pk)

    def batch(self, request, queryset, kind: type[Batch]):
        """Show what a batch would do to each chosen case; confirmed, do it and say what was left out."""
        if queryset.count() > kind.most:
            said = _("{n} cases are chosen; at most {most} can be worked on at once. Narrow the list, or tick fewer.")
            self.message_user(request, said.format(n=queryset.count(), most=kind.most), messages.ERROR)
            return None
        cases = list(queryset.select_related("filed_by", "folder", "timetable").order_by("due_on", "pk"))
        sent = "preview" in request.POST or "confirmed" in request.POST
        form = kind.form_class(request.POST if sent else None) if kind.form_class else None
        batch = kind(request.user, form)
        if "confirmed" in request.POST and batch.ready:
            keys = {case.pk: request.POST[f"key-{case.pk}"] for case in cases if f"key-{case.pk}" in request.POST}
            count, refused = batch.run(cases, keys)
            if count:
                self.message_user(request, batch.done(count), messages.SUCCESS)
            for sentence in refused:
                self.message_user(request, sentence, messages.WARNING)
            return None
        plans = batch.plans(cases)
        context = {
            **self.admin_site.each_context(request),
            "title": batch.title,
            "opts": self.opts,
            "batch": batch,
            "plans": plans,
            "possible": sum(not plan.refusal for plan in plans),
            "shares": batch.shares(),
            "form": form,
            "error": form.summary()[0][1] if form is not None and sent and not batch.ready else "",
        }
        return TemplateResponse(request, "admin/reviews/batch.html", context, status=422 if context["error"] else 200)

    # Before the panel --------------------------------------------------
    def screen_view(self, request, pk):
        def act(case, data):
            services.screen(case.pk, by=request.user)
            case.refresh_from_db()
            said = {
                Step.GATES: _("{0} is screened. It is ready once what is still to come is there."),
                Step.HELD: _("{0} is screened. It does not go to the committee before you settle what keeps it."),
                Step.ALONE: _("{0} is complete. Decide it next."),
                Step.POLL: _("{0} is complete. The whole committee is invited by e-mail to vote on it."),
            }
            return said.get(case.step, _("{0} is complete. Seat three members next.")).format(case.reference)

        return self._act(request, pk, None, "", act)

    def ask_view(self, request, pk):
        def form(case):
            return QuestionForm(request.POST, parts=kind_of(case).parts(case))

        def act(case, data):
            services.ask(case.pk, parts=data["parts"], question=data["question"], by=request.user)
            return _("The member is asked by e-mail. Only the ticked parts are open to them.")

        return self._act(request, pk, form, "question", act)

    def retract_view(self, request, pk):
        def act(case, data):
            services.retract(case.pk, by=request.user)
            return _("The question is taken back, and {0} goes on.").format(case.reference)

        return self._act(request, pk, None, "", act)

    # The panel ---------------------------------------------------------
    def seat_view(self, request, pk):
        def form(case):
            others = self.get_queryset(request).filter(filed_by=case.filed_by_id).exclude(pk=case.pk)
            people = get_user_model().objects.filter(is_active=True)
            return SeatsForm(request.POST, people=people, others=others.values_list("pk", flat=True))

        def act(case, data):
            members = [one.pk for one in data["members"]]
            services.seat(case.pk, members=members, considered=data["considered"], by=request.user)
            return self._seat_others(request, case, members, data)

        return self._act(request, pk, form, "seats", act)

    def _seat_others(self, request, case, members, data) -> str:
        """Seat the same people on the member’s other ticked cases; say which could not be."""
        seated, refused = [case.reference], []
        for other in ReviewCase.objects.filter(pk__in=data["together"]):
            try:
                services.seat(other.pk, members=members, considered=data["considered"], by=request.user)
                seated.append(other.reference)
            except Refusal as refusal:
                refused.append(f"{other.reference}: {refusal}")
        for sentence in refused:
            self.message_user(request, sentence, messages.WARNING)
        return _("The members are seated on {cases} and invited by e-mail.").format(cases=", ".join(seated))

    def replace_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. It stays in the history of the case."))

        def act(case, data):
            seat = Seat.objects.filter(panel__case=case, pk=as_key(request.POST.get("seat", ""))).first()
            if seat is None:
                raise Refusal("no-seat", _("This seat is not one of this case. Choose one from the list."))
            services.replace(seat.pk, reason=data["text"], by=request.user)
            return _("{name} no longer sits on {case}, and was told.").format(name=seat.member, case=case.reference)

        return self._act(request, pk, form, "replace", act)

    def reassign_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. It stays in the history of the case."))

        def act(case, data):
            services.reassign(case.pk, reason=data["text"], by=request.user)
            return _("The panel of {0} is dissolved. Seat a new one.").format(case.reference)

        return self._act(request, pk, form, "reassign", act)

    def two_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. It stays in the history of the case."))

        def act(case, data):
            services.close_on_two(case.pk, reason=data["text"], by=request.user)
            return _("{0} is closed on its two ballots. Read the letter and send it.").format(case.reference)

        return self._act(request, pk, form, "two", act)

    # Questions to the whole committee ----------------------------------
    def days_view(self, request, pk):
        def act(case, data):
            poll = self._poll(request, case)
            services.give_days(poll.pk, until=data["until"], reason=data["reason"], by=request.user)
            return _("The committee has until {day} to answer.").format(day=day_text(data["until"]))

        return self._act(request, pk, DaysForm(request.POST), "days", act)

    def anew_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. It stays in the history of the case."))

        def act(case, data):
            services.ask_anew(self._poll(request, case).pk, reason=data["text"], by=request.user)
            return _("The committee as it is today is asked about {0}.").format(case.reference)

        return self._act(request, pk, form, "anew", act)

    def _poll(self, request, case):
        poll = case.polls.filter(pk=as_key(request.POST.get("poll", ""))).first()
        if poll is None:
            raise Refusal("no-poll", _("This question is not one of this case. Choose one from the list."))
        return poll

    def extend_view(self, request, pk):
        def act(case, data):
            services.extend(case.pk, until=data["until"], reason=data["reason"], by=request.user)
            return _("The extension letter about {0} is on its way.").format(case.reference)

        return self._act(request, pk, ExtensionForm(request.POST), "extension", act)

    # Decisions ---------------------------------------------------------
    def decide_view(self, request, pk):
        """Preview the letter again with the coordinator’s paragraph, or send exactly the letter that was read."""
        form = LetterForm(request.POST)
        if request.method == "POST" and "send" not in request.POST and form.is_valid():
            return self._page(request, self._case(request, pk), letter=form)

        def act(case, data):
            services.decide(
                case.pk, digest=data["digest"], note=data["note"], steps=form.listed_steps(), by=request.user
            )
            return _("{0} is decided and its letter is on its way.").format(case.reference)

        return self._act(request, pk, form, "letter", act)

    def alone_view(self, request, pk):
        """The coordinator’s own decision: previewed first, then sent as it was read (R-REV-7, R-DATE)."""
        form = AloneForm(request.POST, by=request.user)
        if request.method == "POST" and "send" not in request.POST and form.is_valid():
            return self._page(request, self._case(request, pk), alone=form)

        def act(case, data):
            services.decide(
                case.pk,
                digest=data["digest"],
                note=data["note"],
                steps=form.listed_steps(),
                alone=as_alone(form),
                by=request.user,
            )
            return _("{0} is decided and its letter is on its way.").format(case.reference)

        return self._act(request, pk, form, "alone", act)

    def reopen_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. The member reads it in a letter."))

        def act(case, data):
            services.reopen(case.pk, reason=data["text"], by=request.user)
            return _("{0} is open again, and the member was told. Seat a panel next.").format(case.reference)

        return self._act(request, pk, form, "reopen", act)

    def close_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The reason is missing. Whoever filed it reads it in a letter."))

        def act(case, data):
            services.close(case.pk, reason=data["text"], by=request.user)
            return _("{0} is closed, and whoever filed it is told.").format(case.reference)

        return self._act(request, pk, form, "close", act)

    # At any time -------------------------------------------------------
    def note_view(self, request, pk):
        form = NoteForm(request.POST, missing=_("The note is empty. Write what the next coordinator should know."))

        def act(case, data):
            services.note(case.pk, text=data["text"], by=request.user)
            return _("The note is kept with {0}. The member and the committee do not see it.").format(case.reference)

        return self._act(request, pk, form, "note", act)

    def aside_view(self, request, pk):
        """A coordinator’s own conflict: the case is gone for them, and a deputy takes it (R-REV-5)."""
        case = self._case(request, pk)
        if request.method == "POST" and "sure" in request.POST:
            services.step_aside(case.pk, by=request.user, note=request.POST.get("text", "")[:500])
            self.message_user(request, _("You stepped aside. The case is closed to you; another coordinator takes it."))
            return redirect("admin:index")
        context = {**self.admin_site.each_context(request), "title": _("Step aside?"), "opts": self.opts, "case": case}
        return TemplateResponse(request, "admin/reviews/aside.html", context)
