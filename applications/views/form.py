"""The applicant’s way: type section by section, row by row, check, file. Works without JavaScript."""

import uuid
from collections import Counter
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from applications import asks, reading, wording
from applications.forms.answers import AnswersForm, CopyForm
from applications.models import Draft, NextStep, RowText, SectionText
from applications.services import drafts
from applications.services.checking import Whole, look
from applications.services.content import next_steps_of
from applications.states import Document, Kind, Listed, Section, Side
from serportal.drafts.services import StaleDraft, seen_by
from serportal.reviews.kinds import kind_of
from serportal.ui.refusal import Refusal

ROWS_A_PAGE = 50
KNOWLEDGE = frozenset({Section.COURSES, Section.PRIOR, Section.FEE})
EXPERIENCE = frozenset({Section.JOBS, Section.PROJECTS, Section.FEE})
ADD = {
    Listed.DEGREE: gettext_lazy("Add a degree"),
    Listed.COURSE: gettext_lazy("Add a course"),
    Listed.PRIOR: gettext_lazy("Add prior learning"),
    Listed.JOB: gettext_lazy("Add a job"),
    Listed.PROJECT: gettext_lazy("Add a project"),
}
FILE_LABELS = {
    Document.RESUME: gettext_lazy("Résumé"),
    Document.TRANSCRIPT: gettext_lazy("Transcripts"),
    Document.COURSE: gettext_lazy("Certificate of the e-learning course"),
}
WITH_DRAFT = ("folder", "request", "certification", "case__folder", "case__applications_application__criteria")


class OwnDraftView(View):
    """A page of one draft of this person; a sent one leads to its case, a foreign one does not exist."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            own = Draft.objects.filter(owner=request.user).select_related(*WITH_DRAFT)
            self.draft = get_object_or_404(own, pk=kwargs["pk"])
            if self.draft.sent_at:
                return self.to_case()
        return super().dispatch(request, *args, **kwargs)

    def to_case(self):
        if self.request.method == "POST":
            messages.info(self.request, _("This is already sent. This is where it stands."))
        return redirect(kind_of(self.draft.case).url(self.draft.case))

    @cached_property
    def whole(self) -> Whole:
        return look(self.draft)

    @cached_property
    def next_steps(self) -> list[NextStep]:
        """The next steps that the CERPIT of an upgrade came with, if it came with a list of them."""
        return next_steps_of(self.draft)

    @cached_property
    def steps(self) -> dict[str, str]:
        """The text of each next step by its key."""
        return {str(step.pk): step.text for step in self.next_steps}

    def parts(self) -> list[dict]:
        """Return the sections with where each leads and what it still needs."""
        return [self.part(section) for section in self.whole.sections]

    def part(self, section: Section) -> dict:
        needed = Counter(problem.section for problem in self.whole.problems)[section]
        begun = self.whole.is_begun(section)
        state, said = "done", _("done")
        if needed and begun:
            state, said = "todo", ngettext("{n} to do", "{n} to do", needed).format(n=needed)
        elif needed:
            state, said = "todo", _("to do")
        elif not begun:
            state, said = "todo", _("optional")
        elif self.whole.falls_short(section):
            state, said = "todo", _("not enough yet")
        return {"section": section, "label": section.label, "url": self.url_of(section), "state": state, "said": said}

    def url_of(self, section: Section) -> str:
        if section == Section.REFERENCES:
            if self.draft.request_id:
                return reverse("applications:filed-references", args=[self.draft.case.reference])
            return reverse("applications:references", args=[self.draft.pk])
        return reverse("applications:section", args=[self.draft.pk, section])

    def next_url(self, section: Section) -> str:
        """Return where the form goes on after ``section``: the next part, or the check page."""
        rest = self.whole.sections[self.whole.sections.index(section) + 1 :]
        return self.url_of(rest[0]) if rest else reverse("applications:check", args=[self.draft.pk])

    def overview(self):
        return redirect("applications:draft", pk=self.draft.pk)

    def shared(self, section: Section | None = None) -> dict:
        """Return what every page of the form shows: the parts, and the sheets beside what they are made of."""
        return {
            "draft": self.draft,
            "parts": self.parts(),
            "section": section,
            "knowledge": self.knowledge(always=section != Section.FEE) if section in KNOWLEDGE else [],
            "experience": self.experience(always=section != Section.FEE) if section in EXPERIENCE else [],
            "estimated": bool(self.whole.knowledge and self.whole.knowledge.estimated),
            "result": self.result() if section in {Section.FEE, None} else "",
        }

    def knowledge(self, *, always: bool = True) -> list[wording.Told]:
        """Return the lines of the knowledge base; not ``always``: only where they say something."""
        told = self.whole.knowledge and (always or self.whole.speaks(Side.KNOWLEDGE))
        return wording.knowledge_lines(self.whole.knowledge) if told else []

    def experience(self, *, always: bool = True) -> list[wording.Told]:
        told = self.whole.experience and (always or self.whole.speaks(Side.EXPERIENCE))
        return wording.experience_lines(self.whole.experience) if told else []

    def result(self) -> str:
        return wording.result(self.whole.ready, self.draft.kind) if self.whole.knowledge else ""

    def saved_again(self, at: datetime | None = None) -> None:
        """Forget what was read before a save, which was made ``at``."""
        self.__dict__.pop("whole", None)
        if at is not None:
            self.draft.saved_at = max(self.draft.saved_at, at)


class DraftView(OwnDraftView):
    """The whole of an application: its parts with what each still needs, and what the figures speak for."""

    def get(self, request, pk):
        context = {**self.shared(), "open": len(self.whole.problems), "window": self.whole.window}
        return TemplateResponse(request, "applications/form/draft.html", context)


class SectionView(OwnDraftView):
    """One part of the form: its fields, or its rows. Every button saves first; nothing typed is lost."""

    def dispatch(self, request, *args, **kwargs):
        if kwargs["section"] not in Section.values or kwargs["section"] == Section.REFERENCES:
            raise Http404
        self.section = Section(kwargs["section"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, section):
        self.check_asked()
        if self.section in asks.LISTED:
            return self.show_rows()
        return self.show(self.typed_data(), judged="check" in request.GET)

    def check_asked(self) -> None:
        if self.section not in drafts.sections_of(self.draft):
            raise Http404

    def typed_data(self) -> dict:
        """Return what is stored; a signature under words that were replaced since is to be given anew."""
        data = dict(self.whole.content[self.section])
        if self.section == Section.AGREEMENT and data.get("agreement") != str(self.whole.agreement.pk):
            data = {name: text for name, text in data.items() if name not in {"agreed", "typed_name"}}
        return data

    # Fields ----------------------------------------------------------
    def show(self, data: dict, *, judged=False, errors=(), version=None, status=200):
        typed = self.draft.sections.filter(section=self.section).first()
        table = self.whole.table(self.section)
        form = AnswersForm(self.section, table, data, today=self.whole.today, judged=judged)
        lacking = [one for one in self.whole.problems_in(self.section) if one.code == "no-file"]
        context = {
            **self.shared(self.section),
            "form": form,
            "version": version or (typed.version if typed else 1),
            "page": uuid.uuid4(),
            "saved_at": typed.saved_at if typed else None,
            "agreement": self.whole.agreement if self.section == Section.AGREEMENT else None,
            "documents": self.documents() if self.section == Section.DOCUMENTS else [],
            "fee": self.whole.fee if self.section == Section.FEE else None,
            "next_url": self.next_url(self.section),
            "summary": [
                *errors,
                *(form.summary() if judged else []),
                *((f"id_files-{one.field}", one.sentence) for one in lacking if judged),
            ],
        }
        return TemplateResponse(self.request, "applications/form/section.html", context, status=status)

    def documents(self) -> list[dict]:
        """Return the files that this kind asks for, each with those that are there."""
        wanted = [Document.COURSE] if self.draft.kind == Kind.PARTNER else list(Document)
        needed = {one.field for one in self.whole.problems_in(Section.DOCUMENTS) if one.code == "no-file"}
        return [
            {
                "purpose": purpose,
                "label": FILE_LABELS[purpose],
                "needed": purpose in needed,
                "files": [file for file in self.whole.files if file.purpose == purpose],
            }
            for purpose in wanted
        ]

    # Rows ------------------------------------------------------------
    def show_rows(self):
        listed = asks.LISTED[self.section]
        table = self.whole.table(listed)
        lacking = Counter(problem.row for problem in self.whole.problems if problem.section == self.section)
        page = Paginator(self.whole.rows(self.section), ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {
                "id": row["id"],
                "title": reading.title_of(listed, table, row, self.steps),
                "line": reading.line_of(listed, table, row),
                "lacking": lacking[row["id"]],
            }
            for row in page
        ]
        context = {
            **self.shared(self.section),
            "rows": rows,
            "page_obj": page,
            "is_paginated": page.has_other_pages(),
            "add": ADD.get(listed, ""),
            "add_url": reverse("applications:row", args=[self.draft.pk, self.section, uuid.uuid4()]),
            "copy": CopyForm(),
            "next_url": self.next_url(self.section),
            "empty": next((one.sentence for one in self.whole.problems_in(self.section) if not one.row), ""),
        }
        return TemplateResponse(self.request, "applications/form/rows.html", context)

    # What is sent ----------------------------------------------------
    def post(self, request, pk, section):
        self.check_asked()
        if self.section in asks.LISTED:
            return self.post_rows()
        data = drafts.kept(self.section, self.draft.kind, request.POST)
        try:
            errors = self.receive()
            typed = drafts.save_section(
                draft_id=self.draft.pk, owner=request.user, section=self.section, data=data, seen=seen_by(request.POST)
            )
            if "remove" in request.POST:
                drafts.remove_file(draft=self.draft, key=request.POST["remove"], by=request.user)
        except StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return self.overview()
        self.saved_again(typed.saved_at)
        if request.htmx:
            return self.partial(typed)
        if errors:
            return self.show(data, errors=errors, status=422)
        if "leave" in request.POST:
            messages.success(request, _("Saved. The draft waits here until you come back."))
            return self.overview()
        return redirect(self.next_url(self.section) if "next" in request.POST else self.url_of(self.section))

    def receive(self) -> list[tuple[str, str]]:
        """Keep the files that came with the page; return what is to be said of those that were not taken."""
        refused = []
        for purpose in FILE_LABELS if self.section == Section.DOCUMENTS else ():
            uploads = self.request.FILES.getlist(f"files-{purpose}")
            found = drafts.add_files(draft=self.draft, uploads=uploads, purpose=purpose, by=self.request.user)
            refused += [(f"id_files-{purpose}", str(refusal)) for refusal in found]
        return refused

    def post_rows(self):
        """Copy or remove a row; neither needs the row’s own page."""
        post, listed = self.request.POST, asks.LISTED[self.section]
        row_id = as_uuid(post.get("copy") or post.get("remove") or "")
        try:
            if row_id and "remove" in post:
                drafts.remove_row(draft_id=self.draft.pk, owner=self.request.user, listed=listed, row_id=row_id)
                messages.success(self.request, _("Removed."))
            elif row_id and "copy" in post:
                return self.copied(row_id)
        except Refusal as refusal:
            messages.info(self.request, str(refusal))
        return redirect(self.url_of(self.section))

    def copied(self, row_id: uuid.UUID):
        form = CopyForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, form.summary()[0][1])
            return redirect(self.url_of(self.section))
        key = form.cleaned_data["submit_key"]
        try:
            made = drafts.copy_row(draft_id=self.draft.pk, owner=self.request.user, row_id=row_id, key=key)
        except RowText.DoesNotExist:
            messages.info(self.request, _("This row was removed meanwhile, so there is nothing to copy."))
            return redirect(self.url_of(self.section))
        messages.success(self.request, _("A copy, at the end of the list. Change what differs."))
        return redirect("applications:row", pk=self.draft.pk, section=self.section, row=made.pk)

    def stale(self, stale: StaleDraft, data: dict):
        """Keep both: what is stored stays stored, what was typed here is shown again, unsaved."""
        if self.request.htmx:
            return TemplateResponse(self.request, "applications/form/_stale.html", {"draft": self.draft})
        return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)

    def partial(self, typed: SectionText):
        """Answer a save in the background: when it was saved, the version, the sheets and the parts."""
        context = {**self.shared(self.section), "version": typed.version, "saved_at": typed.saved_at}
        return TemplateResponse(self.request, "applications/form/_saved.html", context)


class RowView(OwnDraftView):
    """One row: its fields and files, with the sheet beside it. An unknown key is a row still to be typed."""

    def dispatch(self, request, *args, **kwargs):
        if kwargs["section"] not in asks.LISTED:
            raise Http404
        self.section = Section(kwargs["section"])
        self.listed = asks.LISTED[self.section]
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def row(self) -> RowText | None:
        """The row as it is stored; None for one still to be typed. A row elsewhere does not exist."""
        found = RowText.objects.filter(pk=self.kwargs["row"]).first()
        here = found and found.draft_id == self.draft.pk and found.listed == self.listed
        if (
            self.section not in drafts.sections_of(self.draft)
            or (found and not here)
            or (not found and self.listed == Listed.STEP)
        ):
            raise Http404
        return found

    @property
    def purpose(self) -> str:
        return drafts.purpose_of(self.listed, self.kwargs["row"])

    def get(self, request, **kwargs):
        return self.show(self.row.data if self.row else {}, judged="check" in request.GET)

    def show(self, data: dict, *, judged=False, errors=(), version=None, status=200):
        form = AnswersForm(self.listed, self.whole.table(self.listed), data, today=self.whole.today, judged=judged)
        files = [file for file in self.whole.files if file.purpose == self.purpose]
        unproved = judged and self.listed == Listed.PRIOR and not files
        missing = [("id_files", _("There is no proof of this prior learning. Add at least one file."))]
        context = {
            **self.shared(self.section),
            "row": self.row,
            "row_id": self.kwargs["row"],
            "listed": self.listed,
            "title": self.title(),
            "form": form,
            "version": version if version is not None else self.row.version if self.row else 0,
            "page": uuid.uuid4(),
            "saved_at": self.row.saved_at if self.row else None,
            "section_url": self.url_of(self.section),
            "with_files": self.listed in asks.WITH_FILES,
            "files": files,
            "summary": [*errors, *(form.summary() if judged else []), *(missing if unproved else [])],
        }
        return TemplateResponse(self.request, "applications/form/row.html", context, status=status)

    def title(self) -> str:
        if self.listed == Listed.STEP:
            return self.steps.get(self.row.data.get("step"), "")
        return str(ADD[self.listed] if self.row is None else Listed(self.listed).label).capitalize()

    def post(self, request, **kwargs):
        if self.row is None and "remove" in request.POST:
            return redirect(self.url_of(self.section))
        data = drafts.kept(self.listed, self.draft.kind, request.POST)
        uploads = request.FILES.getlist("files") if self.listed in asks.WITH_FILES else []
        target = {"draft_id": self.draft.pk, "owner": request.user, "listed": self.listed, "row_id": kwargs["row"]}
        try:
            if "remove" in request.POST:
                drafts.remove_row(**target)
                messages.success(request, _("Removed."))
                return redirect(self.url_of(self.section))
            refused = drafts.add_files(draft=self.draft, uploads=uploads, purpose=self.purpose, by=request.user)
            saved = drafts.save_row(**target, data=data, seen=seen_by(request.POST), with_files=bool(uploads))
            if "remove-file" in request.POST:
                drafts.remove_file(draft=self.draft, key=request.POST["remove-file"], by=request.user)
        except StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect(self.url_of(self.section))
        return self.answered(saved, data, [("id_files", str(refusal)) for refusal in refused])

    def answered(self, saved: RowText, data: dict, errors: list[tuple[str, str]]):
        self.saved_again(saved.saved_at)
        self.__dict__["row"] = saved if saved.number else None
        if self.request.htmx:
            context = {**self.shared(self.section), "version": saved.version, "saved_at": saved.saved_at}
            return TemplateResponse(self.request, "applications/form/_saved.html", context)
        if errors:
            return self.show(data, errors=errors, status=422)
        if "another" in self.request.POST:
            messages.success(self.request, _("Saved. Here is room for the next one."))
            return redirect("applications:row", pk=self.draft.pk, section=self.section, row=uuid.uuid4())
        if "save" in self.request.POST:
            return redirect(self.url_of(self.section))
        return redirect("applications:row", pk=self.draft.pk, section=self.section, row=self.kwargs["row"])

    def stale(self, stale: StaleDraft, data: dict):
        """Keep both: what is stored stays stored, what was typed here is shown again, unsaved."""
        self.__dict__.pop("row", None)
        if self.request.htmx:
            return TemplateResponse(self.request, "applications/form/_stale.html", {"draft": self.draft})
        return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
