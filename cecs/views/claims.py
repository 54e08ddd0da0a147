"""The certificant’s way: start, type, check, file, follow. Works without JavaScript; htmx only saves sooner."""

import uuid
from datetime import date

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import ListView, TemplateView

from cecs import asks, rules, services
from cecs import wording as words
from cecs.forms import ActivityForm, ClaimForm, CodeForm, CopyForm, Opened, StartForm
from cecs.models import CecSubmission, Draft
from cecs.views.coded import GuessedTooOften, known
from journals import services as journals
from journals import wording
from journals.models import Entry
from journals.states import PUBLICATIONS, SERVICE, SHARED, Activity
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase
from serportal.reviews.rules import Change, changes
from serportal.reviews.states import ENDED, CaseState, Purpose
from serportal.reviews.trail import Stop, trail
from serportal.reviews.wording import standing
from serportal.ui.asks import parse_day
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, number, programme_day

NEVER_ISSUED = gettext_lazy(
    "We never issued this code. Compare it with your Confirmation of Completion; it looks like SER-7KQM-2WXA. Without "
    "a code, choose what you did below."
)


class ClaimsView(ListView):
    """A member’s drafts and claims, the newest first."""

    template_name = "cecs/list.html"
    paginate_by = 25
    context_object_name = "claims"

    def get_queryset(self):
        return ReviewCase.objects.filter(filed_by=self.request.user, kind="cec").order_by("-filed_at", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = programme_day()
        context["claims"] = [(case, standing(case, today)) for case in context["claims"]]
        context["drafts"] = Draft.objects.of(self.request.user).unsent().claims()[:25]
        context["offered"] = services.offered_to(self.request.user, most=25)
        return context


def choices_on(day) -> list[tuple[str, list[dict]]]:
    """Return (category, its activities with what they bring and what to have at hand) of the schedule in force."""
    return [
        (name, [{"row": row, "key": row.activity, "at_hand": asks.FORMS[row.activity].at_hand} for row in rows])
        for _category, name, rows in journals.schedule_on(day)
    ]


class NewView(TemplateView):
    """What did you do: the choice starts a draft; a person who may not file is told why and what to do."""

    template_name = "cecs/new.html"
    code_form = CodeForm()

    def get(self, request):
        """A code leads to what it is for; one that was never issued is shown again with what to do."""
        if "code" not in request.GET:
            return super().get(request)
        self.code_form = CodeForm(request.GET)
        try:
            offering = known(request, request.GET["code"]) if self.code_form.is_valid() else None
        except GuessedTooOften:
            return respond_429(request)
        if offering is not None:
            return redirect("claim:code", offering.code)
        if self.code_form.is_valid():
            self.code_form.add_error("code", NEVER_ISSUED)
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        try:
            services.check_may_claim(self.request.user, last_day=None, today=programme_day())
        except Refusal as refusal:
            context["refusal"] = str(refusal)
        context["form"] = StartForm()
        context["code_form"] = self.code_form
        context["chosen"] = self.request.GET.get("activity", "")
        context["choices"] = choices_on(programme_day())
        context["drafts"] = Draft.objects.of(self.request.user).unsent().claims()[:5]
        return context

    def post(self, request):
        form = StartForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("cecs:new")
        data = form.cleaned_data
        try:
            draft = services.start(owner=request.user, key=data["submit_key"], activity=data["activity"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("cecs:new")
        return redirect("cecs:draft", pk=draft.pk)


class CopyView(View):
    """Start the next claim as a copy of a filed one; its days, hours and proof are asked anew (R-CEC)."""

    def get(self, request, reference):
        return redirect("cecs:case", reference=reference)

    def post(self, request, reference):
        like = get_object_or_404(Draft.objects.of(request.user), case__reference=reference)
        form = CopyForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("cecs:case", reference=reference)
        try:
            draft = services.start(owner=request.user, key=form.cleaned_data["submit_key"], like=like)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("cecs:case", reference=reference)
        messages.success(
            request, _("A new draft, copied from {0}. Its days and its proof are yours to add.").format(reference)
        )
        return redirect("cecs:draft", pk=draft.pk)


class OwnDraftView(View):
    """A page of one draft of this person; a sent one leads to its case, a foreign one does not exist."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            drafts = Draft.objects.of(request.user).select_related("case", "folder", "request__case")
            self.draft = get_object_or_404(drafts, pk=kwargs["pk"])
            if self.draft.sent_at and request.method in {"GET", "HEAD"}:
                return redirect("cecs:case", reference=self.draft.case.reference)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def files(self):
        return list(services.files_of(self.draft))

    @cached_property
    def areas(self):
        return journals.areas_on(programme_day())

    @cached_property
    def opened(self) -> Opened | None:
        """Return what a question, or the wish for proof, opened; None for a new claim."""
        request = self.draft.request
        if request is None:
            return None
        base = CecSubmission.objects.prefetch_related("days").select_related("event").get(pk=request.case_id)
        return Opened(base, services.opened(request), request.purpose == Purpose.PROOF)

    def form_for(self, data: dict) -> ClaimForm:
        data = {"activity": self.draft.activity, **data}
        first, last = (parse_day(data.get(name), rules.EARLIEST) for name in ("first_day", "last_day"))
        events = []
        if data["activity"] in SHARED and first and last and first <= last:
            events = services.own_events(self.request.user, first, last)
        return ClaimForm(
            data,
            files=len(self.files),
            today=programme_day(),
            areas=self.areas,
            events=events,
            opened=self.opened,
        )

    def sum_for(self, form: ClaimForm) -> dict:
        """Return the sum as far as it can be told, in the words of the letter."""
        rows, unreadable = form.readable_rows()
        result = {
            "hours": sum(row.hours for row in rows),
            "rows": len(rows),
            "unreadable": unreadable,
            "has_hours": form.asks.has_hours,
            "in_advance": form.in_advance,
        }
        content = form.so_far()
        if content is not None:
            work = services.work_out(
                person=self.request.user,
                content=content,
                own=form.events,
                case=self.draft.case if self.draft.request_id else None,
            )
            credit = work.credit
            result |= {
                "lines": wording.lines(credit),
                "sentence": wording.sentence(credit.reasons),
                "counts_in": wording.counts_in(credit.year, content.activity, content.last_day),
                "total": number(credit.amount),
            }
        return result


class DraftView(OwnDraftView):
    """The form. Every button saves first; nothing typed and no file received is lost, whatever else is wrong."""

    def get(self, request, pk):
        if self.draft.by_code:
            return redirect("cecs:coded", pk=pk)
        return self.show(self.form_for(self.draft.data))

    def show(self, form: ClaimForm, *, errors=(), checked=False, version=None, status=200):
        form.is_valid()
        context = {
            "named": services.offering_of(form.raw.get("approval_code", "")) if not self.opened else None,
            "draft": self.draft,
            "activity": Activity(self.draft.activity),
            "asks": form.asks,
            "opened": self.opened,
            "has": {part: form.has(part) for part in asks.PARTS},
            "titles": {part: form.asks.titled(part) for part in asks.PARTS},
            "one_day": form.activity in PUBLICATIONS,
            "version": version or self.draft.version,
            "page": uuid.uuid4(),
            "form": form if checked else form.unjudged(),
            "files": self.files,
            "sum": self.sum_for(form),
            "steps": form.steps(),
            "checked": checked,
            "summary": [*errors, *(form.summary() if checked else [])],
        }
        return TemplateResponse(self.request, "cecs/form.html", context, status=status)

    def post(self, request, pk):
        if self.draft.sent_at:
            messages.info(request, _("This claim is already filed. This is where it stands."))
            return redirect("cecs:case", reference=self.draft.case.reference)
        data = services.kept(request.POST)
        try:
            refused = services.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            errors = [("id_files", str(refusal)) for refusal in refused]
            self.draft = services.save(
                draft_id=self.draft.pk, owner=request.user, data=data, seen=services.seen_by(request.POST)
            )
        except services.StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return self.back()
        if request.htmx:
            return self.partial(data)
        if "leave" in request.POST and not errors:
            messages.success(request, _("Saved. The draft waits here until you come back."))
            return self.back()
        if "remove" in request.POST:
            return self.remove(request.POST["remove"])
        if "by-code" in request.POST:
            services.turn(draft_id=self.draft.pk, owner=request.user, code=data.get("approval_code", ""))
            return redirect("cecs:draft", pk=self.draft.pk)
        form = self.form_for(data)
        if "check" in request.POST:
            if form.is_valid() and not errors:
                return redirect("cecs:check", pk=self.draft.pk)
            return self.show(form, errors=errors, checked=True, status=422)
        if errors:
            return self.show(form, errors=errors, status=422)
        anchor = "proof" if request.FILES else "sum" if "work-out" in request.POST else ""
        return redirect(reverse("cecs:draft", args=[self.draft.pk]) + (f"#{anchor}" if anchor else ""))

    def back(self):
        """Lead to the claim that this is about, or to the list of claims."""
        if self.draft.case_id:
            return redirect("cecs:case", reference=self.draft.case.reference)
        return redirect("cecs:list")

    def stale(self, stale: services.StaleDraft, data: dict):
        """Keep both: what is stored stays stored, what was typed here is shown again, unsaved."""
        if self.request.htmx:
            return TemplateResponse(self.request, "cecs/_stale.html", {"draft": self.draft})
        self.draft.refresh_from_db()
        return self.show(self.form_for(data), errors=[("", str(stale))], version=stale.version, status=409)

    def remove(self, key: str):
        try:
            services.remove_file(draft=self.draft, key=key, by=self.request.user)
        except Refusal as refusal:
            messages.info(self.request, str(refusal))
        return redirect(reverse("cecs:draft", args=[self.draft.pk]) + "#proof")

    def partial(self, data: dict):
        """Answer a save in the background: the sum, the parts done and to do, and when it was saved."""
        form = self.form_for(data)
        context = {
            "draft": self.draft,
            "form": form,
            "sum": self.sum_for(form),
            "steps": form.steps(),
            "rows_changed": self.request.POST.get("rows") != form.rows_key,
        }
        return TemplateResponse(self.request, "cecs/_saved.html", context)


class ActivityView(OwnDraftView):
    """Another activity for this draft; what was typed stays."""

    def get(self, request, pk):
        return self.show(ActivityForm(initial={"activity": self.draft.activity}))

    def show(self, form, status=200):
        context = {"draft": self.draft, "form": form, "choices": choices_on(programme_day())}
        return TemplateResponse(self.request, "cecs/activity.html", context, status=status)

    def post(self, request, pk):
        form = ActivityForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            services.change_activity(draft_id=self.draft.pk, owner=request.user, activity=form.cleaned_data["activity"])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        return redirect("cecs:draft", pk=self.draft.pk)


class CheckView(OwnDraftView):
    """All answers on one page; filing is the one button here, and it files exactly what is shown."""

    def get(self, request, pk):
        return self.show()

    def show(self, *, error="", status=200):
        form = self.form_for(self.draft.data)
        if not form.is_valid():
            messages.info(self.request, _("Some answers still need you; they are listed at the top."))
            return redirect("cecs:draft", pk=self.draft.pk)
        answers = form.answers()
        self.sum = self.sum_for(form)
        context = {
            "draft": self.draft,
            "answers": answers,
            "facts": words.facts(answers, self.areas),
            "rows_label": words.rows_label(answers),
            "titles": {part: form.asks.titled(part) for part in asks.PARTS},
            "files": self.files,
            "sum": self.sum,
            "apart": self.apart(answers),
            "alike": [] if self.opened else services.lookalikes(self.request.user, answers),
            "opened": self.opened,
            "changes": self.changes(answers),
            "answer": form.cleaned_data.get("answer", ""),
            "error": error,
        }
        return TemplateResponse(self.request, "cecs/check.html", context, status=status)

    def apart(self, answers: services.Answers) -> str:
        """Say what a year of service may bring although other service of that level leaves nothing of it (R-ROLE)."""
        if self.opened or answers.activity not in SERVICE or self.sum.get("total") != "0":
            return ""
        claim = services.claim_of(self.request.user, answers, event=None)
        credits = services.credit_apart(self.request.user, claim)
        if not credits:
            return ""
        text = _(
            "By itself it brings nothing. You may send it all the same: the coordinator decides whether it counts "
            "apart, and it could then bring up to {credits} credits."
        )
        return text.format(credits=number(credits))

    def changes(self, answers: services.Answers) -> list[Change]:
        """Return what the answer changes of the claim as it is filed."""
        if not self.opened:
            return []
        return changes(words.told(self.opened.base), words.told_by(answers, self.areas))

    def post(self, request, pk):
        if self.draft.sent_at:
            return redirect("cecs:case", reference=self.draft.case.reference)
        form = self.form_for(self.draft.data)
        if not form.is_valid():
            return self.show()
        send = services.send_reply if self.opened else services.file_claim
        try:
            case = send(
                draft_id=self.draft.pk,
                owner=request.user,
                answers=form.answers(),
                version=services.seen_by(request.POST).version,
            )
        except services.StaleDraft:
            self.draft.refresh_from_db()
            changed = _("The answers changed after this page was shown. Nothing was filed. Read them once more below.")
            return self.show(error=changed, status=409)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=422)
        sent = _("Filed as {reference}. A receipt is on its way to {mail}.")
        if self.opened:
            sent = _("Sent. {reference} goes on with your answer.")
        messages.success(request, sent.format(reference=case.reference, mail=request.user.email))
        return redirect("cecs:case", reference=case.reference)


class DiscardView(OwnDraftView):
    """Say what discarding deletes, then delete it."""

    def get(self, request, pk):
        return TemplateResponse(request, "cecs/discard.html", {"draft": self.draft, "files": self.files})

    def post(self, request, pk):
        services.discard(draft_id=self.draft.pk, owner=request.user)
        messages.success(request, _("The draft and its files are deleted."))
        return redirect("cecs:list")


class OwnCaseMixin:
    """A page of one filed claim of this person; anybody else’s does not exist."""

    @cached_property
    def case(self) -> ReviewCase:
        cases = ReviewCase.objects.filter(filed_by=self.request.user, kind="cec").select_related(
            "cecs_cecsubmission__period", "folder"
        )
        return get_object_or_404(cases, reference=self.kwargs["reference"])


def credited(case: ReviewCase, entry: Entry | None, next_upload: date) -> list[Stop]:
    """Return the last stop of a claim, its credits in the journal, where it has come or can still come to it."""
    title, coming = _("The credits reach your journal"), day_text(next_upload)
    reversal = getattr(entry, "reversal", None)
    if reversal:
        return [Stop(_("The credits were taken back"), day_text(programme_day(reversal.approved_at)), place="done")]
    if entry and entry.upload:
        posted = day_text(programme_day(entry.upload.posted_at))
        return [Stop(_("The credits reached your journal"), posted, place="done")]
    if entry and case.state in ENDED:
        return [Stop(title, coming, place="here")]
    if entry:
        return [Stop(_("The credits in your journal follow the new decision"))]
    if case.state in ENDED:
        return []
    return [Stop(title, _("{day}, if approved before that day").format(day=coming))]


class CaseView(OwnCaseMixin, TemplateView):
    """Where a filed claim is, who holds it, what happens next by when; what was filed; the letters."""

    template_name = "cecs/case.html"

    def get_context_data(self, **kwargs):
        case, claim = self.case, self.case.cecs_cecsubmission
        entry = Entry.objects.filter(decision__case=case).select_related("upload", "reversal").order_by("-pk").first()
        letters = list(Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"))
        stand, next_upload = standing(case, programme_day()), journals.next_upload_on()
        return super().get_context_data(
            case=case,
            claim=claim,
            facts=words.facts(claim),
            rows_label=words.rows_label(claim),
            days=claim.days.all(),
            stand=stand,
            stops=[*trail(case, case.events.all()), *credited(case, entry, next_upload)],
            entry=entry,
            files=case.folder.files.filter(removed_at__isnull=True),
            letters=letters,
            newest=next((letter for letter in letters if letter.text), None),
            next_upload=next_upload,
            request_open=reviews.open_request(case) if stand.yours else None,
            may_withdraw=case.state not in ENDED,
            copy=CopyForm(),
            counts_in=wording.counts_in(claim.period.year_of(claim.last_day), claim.activity, claim.last_day),
            **kwargs,
        )


class AnswerView(OwnCaseMixin, View):
    """What the coordinator asks, or the proof that is due; a button opens the parts to answer it."""

    def get(self, request, reference):
        asked = reviews.open_request(self.case)
        if asked is None or self.case.state == CaseState.IN_ADVANCE:
            return redirect("cecs:case", reference=reference)
        context = {
            "case": self.case,
            "asked": asked,
            "proof": asked.purpose == Purpose.PROOF,
            "parts": [name for part, name in kinds()["cec"].parts(self.case) if part in services.opened(asked)],
        }
        return TemplateResponse(request, "cecs/answer.html", context)

    def post(self, request, reference):
        try:
            draft = services.begin_reply(reference=self.case.reference, owner=request.user)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("cecs:case", reference=reference)
        return redirect("cecs:draft", pk=draft.pk)


class WithdrawView(OwnCaseMixin, View):
    """Say what withdrawing means, then do it once."""

    def get(self, request, reference):
        if self.case.state in ENDED:
            return redirect("cecs:case", reference=reference)
        return TemplateResponse(request, "cecs/withdraw.html", {"case": self.case})

    def post(self, request, reference):
        try:
            reviews.withdraw(self.case.pk, by=request.user, reason=request.POST.get("text", "")[:1000])
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("{0} is withdrawn.").format(reference))
        return redirect("cecs:case", reference=reference)
