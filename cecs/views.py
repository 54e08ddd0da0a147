"""The certificant’s way: start, type, check, file, follow. Works without JavaScript; htmx only saves sooner."""

import uuid

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView, TemplateView

from cecs import services
from cecs.forms import ClaimForm, StartForm
from cecs.kind import areas_text
from cecs.models import CecSubmission, Draft
from journals import services as journals
from journals import wording
from journals.rules import Claim
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.reviews.wording import standing
from serportal.ui.refusal import Refusal
from serportal.ui.words import number, programme_day


class ClaimsView(ListView):
    """A member’s drafts and claims, the newest first."""

    template_name = "cecs/list.html"
    paginate_by = 25
    context_object_name = "claims"

    def get_queryset(self):
        return ReviewCase.objects.filter(filed_by=self.request.user, kind="cec").order_by("-filed_at")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = programme_day()
        context["claims"] = [(case, standing(case, today)) for case in context["claims"]]
        context["drafts"] = Draft.objects.of(self.request.user).unfiled()[:25]
        return context


class NewView(TemplateView):
    """What will be asked, and the button that starts a draft; a person who may not file is told why and what to do."""

    template_name = "cecs/new.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        try:
            services.check_may_claim(self.request.user, last_day=None, today=programme_day())
        except Refusal as refusal:
            context["refusal"] = str(refusal)
        context["form"] = StartForm()
        context["drafts"] = Draft.objects.of(self.request.user).unfiled()[:5]
        return context

    def post(self, request):
        form = StartForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("cecs:new")
        try:
            draft = services.start(owner=request.user, key=form.cleaned_data["submit_key"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("cecs:new")
        return redirect("cecs:draft", pk=draft.pk)


class OwnDraftView(View):
    """A page of one draft of this person; a filed one leads to its case, a foreign one does not exist."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            drafts = Draft.objects.of(request.user).select_related("case", "folder")
            self.draft = get_object_or_404(drafts, pk=kwargs["pk"])
            if self.draft.case_id and request.method in {"GET", "HEAD"}:
                return redirect("cecs:case", reference=self.draft.case.reference)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def files(self):
        return list(services.files_of(self.draft))

    def form_for(self, data: dict) -> ClaimForm:
        return ClaimForm(data, files=len(self.files), today=programme_day())

    def sum_for(self, form: ClaimForm) -> dict:
        """Return the sum beside the hours: what can be read so far, in the words of the letter."""
        hours, days, unreadable = form.readable_hours()
        last_day = form.days[-1] if form.days else None
        result = {"hours": hours, "days": days, "unreadable": unreadable, "last_day": last_day}
        if hours and last_day:
            credit = services.work_out(person=self.request.user, claim=Claim(hours, last_day))
            result |= {
                "lines": wording.lines(credit),
                "sentence": wording.sentence(credit.reasons),
                "counts_in": wording.counts_in(credit.year),
                "total": number(credit.amount),
            }
        return result


class DraftView(OwnDraftView):
    """The form. Every button saves first; nothing typed and no file received is lost, whatever else is wrong."""

    def get(self, request, pk):
        return self.show(self.form_for(self.draft.data))

    def show(self, form: ClaimForm, *, errors=(), checked=False, version=None, status=200):
        form.is_valid()
        context = {
            "draft": self.draft,
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
        if self.draft.case_id:
            messages.info(request, _("This claim is already filed. This is where it stands."))
            return redirect("cecs:case", reference=self.draft.case.reference)
        data = services.kept(request.POST)
        try:
            refused = services.add_files(draft=self.draft, uploads=request.FILES.getlist("files"), by=request.user)
            errors = [("id_files", str(refusal)) for refusal in refused]
            self.draft = services.save(
                draft_id=self.draft.pk, owner=request.user, data=data, seen=seen_by(request.POST)
            )
        except services.StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("cecs:draft", pk=self.draft.pk)
        if request.htmx:
            return self.partial(data)
        if "leave" in request.POST and not errors:
            messages.success(request, _("Saved. The draft waits here until you come back."))
            return redirect("cecs:list")
        if "remove" in request.POST:
            return self.remove(request.POST["remove"])
        form = self.form_for(data)
        if "check" in request.POST:
            if form.is_valid() and not errors:
                return redirect("cecs:check", pk=self.draft.pk)
            return self.show(form, errors=errors, checked=True, status=422)
        if errors:
            return self.show(form, errors=errors, status=422)
        anchor = "proof" if request.FILES else "hours" if "work-out" in request.POST else ""
        return redirect(reverse("cecs:draft", args=[self.draft.pk]) + (f"#{anchor}" if anchor else ""))

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


def seen_by(post: QueryDict) -> services.Seen:
    """Return what the page that was sent knew of its draft; what cannot be read is as good as nothing."""
    try:
        page = uuid.UUID(post.get("page", ""))
    except ValueError:
        page = None
    return services.Seen(posted_number(post, "version"), page, posted_number(post, "turn"))


def posted_number(post: QueryDict, name: str) -> int:
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class CheckView(OwnDraftView):
    """All answers on one page; filing is the one button here, and it files exactly what is shown."""

    def get(self, request, pk):
        return self.show()

    def show(self, *, error="", status=200):
        form = self.form_for(self.draft.data)
        if not form.is_valid():
            messages.info(self.request, _("Some answers still need you; they are listed at the top."))
            return redirect("cecs:draft", pk=self.draft.pk)
        context = {
            "draft": self.draft,
            "answers": answers_of(form),
            "areas": areas_text(CecSubmission(areas=form.cleaned_data["areas"])),
            "delivery": dict(form.fields["delivery"].choices)[form.cleaned_data["delivery"]],
            "files": self.files,
            "sum": self.sum_for(form),
            "error": error,
        }
        return TemplateResponse(self.request, "cecs/check.html", context, status=status)

    def post(self, request, pk):
        if self.draft.case_id:
            return redirect("cecs:case", reference=self.draft.case.reference)
        form = self.form_for(self.draft.data)
        if not form.is_valid():
            return self.show()
        try:
            case = services.file_claim(
                draft_id=self.draft.pk,
                owner=request.user,
                answers=answers_of(form),
                version=posted_number(request.POST, "version"),
            )
        except services.StaleDraft:
            self.draft.refresh_from_db()
            changed = _("The answers changed after this page was shown. Nothing was filed. Read them once more below.")
            return self.show(error=changed, status=409)
        except Refusal as refusal:
            return self.show(error=str(refusal), status=422)
        messages.success(
            request,
            _("Filed as {reference}. A receipt is on its way to {mail}.").format(
                reference=case.reference, mail=request.user.email
            ),
        )
        return redirect("cecs:case", reference=case.reference)


def answers_of(form: ClaimForm) -> services.Answers:
    data = form.cleaned_data
    return services.Answers(
        title=data["title"],
        provider=data["provider"],
        first_day=data["first_day"],
        last_day=data["last_day"],
        place=data["place"],
        delivery=data["delivery"],
        areas=data["areas"],
        learned=data["learned"],
        sessions=form.sessions,
    )


class DiscardView(OwnDraftView):
    """Say what discarding deletes, then delete it."""

    def get(self, request, pk):
        return TemplateResponse(request, "cecs/discard.html", {"draft": self.draft, "files": self.files})

    def post(self, request, pk):
        services.discard(draft_id=self.draft.pk, owner=request.user)
        messages.success(request, _("The draft and its files are deleted."))
        return redirect("cecs:list")


class CaseView(TemplateView):
    """Where a filed claim is, who holds it, what happens next by when; what was filed; the letters."""

    template_name = "cecs/case.html"

    def get_context_data(self, **kwargs):
        cases = ReviewCase.objects.filter(filed_by=self.request.user, kind="cec").select_related(
            "cecs_cecsubmission__period", "folder"
        )
        case = get_object_or_404(cases, reference=kwargs["reference"])
        claim = case.cecs_cecsubmission
        events = {event.move: event for event in case.events.order_by("-pk")}
        decision = case.decisions.select_related("entry__upload").first()
        return super().get_context_data(
            case=case,
            claim=claim,
            areas=areas_text(claim),
            days=claim.days.all(),
            stand=standing(case, programme_day()),
            events=events,
            decision=decision,
            entry=getattr(decision, "entry", None),
            files=case.folder.files.filter(removed_at__isnull=True),
            letters=Message.objects.filter(about=case.reference, person=self.request.user).order_by("-owed_at"),
            next_upload=journals.next_upload_on(),
            year=claim.period.year_of(claim.last_day),
            **kwargs,
        )
