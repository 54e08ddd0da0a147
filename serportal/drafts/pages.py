"""The pages of a draft: type section by section, row by row, check, send. They work without JavaScript.

Plain classes that an app makes its views of: it says which draft, which tables and which words.
"""

import uuid
from collections import Counter
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import TextChoices, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from serportal.drafts.answers import Problem
from serportal.drafts.forms import ReplyForm, StartForm
from serportal.drafts.models import RowTyped, SectionTyped
from serportal.drafts.parts import Parts, purpose_of
from serportal.drafts.services import StaleDraft, seen_by
from serportal.drafts.whole import Whole
from serportal.ui.refusal import Refusal

ROWS_A_PAGE = 50


class OwnDraftPage(View):
    """A page of one draft of this person; a sent one leads to its case, a foreign one does not exist."""

    # The name of the app’s addresses, its tables, and what is read with a draft.
    app = ""
    service: Parts
    with_draft: tuple[str, ...] = ()
    # What stands beside the fields of some sections, and is drawn anew after every save in the background.
    beside_template = ""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            own = self.service.draft.objects.filter(owner=request.user).select_related(*self.with_draft)
            self.draft = get_object_or_404(own, pk=kwargs["pk"])
            if self.draft.sent_at:
                return self.to_case()
        return super().dispatch(request, *args, **kwargs)

    def to_case(self):
        if self.request.method == "POST":
            messages.info(self.request, _("This is already sent. This is where it stands."))
        return redirect(self.case_url(self.draft.case))

    def case_url(self, case) -> str:
        return reverse(f"{self.app}:case", args=[case.reference])

    def look(self) -> Whole:
        raise NotImplementedError

    @cached_property
    def whole(self) -> Whole:
        self.read_sections()
        return self.look()

    def read_sections(self) -> None:
        """Read the sections once for all who ask: which are asked, what they hold and what each still needs."""
        prefetch_related_objects([self.draft], "sections")

    def parts(self) -> list[dict]:
        """Return the sections with where each leads and what it still needs."""
        return [self.part(section) for section in self.whole.sections]

    def part(self, section: TextChoices) -> dict:
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

    def title_of_draft(self) -> str:
        """Return what the draft is called where it has no reference yet."""
        return str(self.draft)

    def url(self, name: str, *args) -> str:
        return reverse(f"{self.app}:{name}", args=[self.draft.pk, *args])

    def url_of(self, section: TextChoices) -> str:
        return self.url("section", section)

    def next_url(self, section: TextChoices) -> str:
        """Return where the form goes on after ``section``: the next part, or the check page."""
        rest = self.whole.sections[self.whole.sections.index(section) + 1 :]
        return self.url_of(rest[0]) if rest else self.url("check")

    def overview(self):
        return redirect(self.url("draft"))

    def shared(self, section: TextChoices | None = None) -> dict:
        """Return what every page of the form shows: the parts, and what stands beside what they add up to."""
        return {
            "draft": self.draft,
            "draft_title": self.title_of_draft(),
            "draft_url": self.url("draft"),
            "parts": self.parts(),
            "section": section,
            **self.beside(section),
        }

    def beside(self, section: TextChoices | None) -> dict:
        """Return what ``beside_template`` needs; ``shows_beside`` says whether it stands there at all."""
        return {}

    def saved_again(self, at: datetime | None = None) -> None:
        """Forget what was read before a save, which was made ``at``."""
        self.__dict__.pop("whole", None)
        self.draft._prefetched_objects_cache = {}
        if at is not None:
            self.draft.saved_at = max(self.draft.saved_at, at)

    def page(self, template: str, context: dict, *, status: int = 200):
        context = {"beside_template": self.beside_template, **context}
        return TemplateResponse(self.request, template, context, status=status)

    def saved(self, section: TextChoices, typed: SectionTyped | RowTyped):
        """Answer a save in the background: when it was saved, the version, what stands beside, and the parts."""
        context = {**self.shared(section), "version": typed.version, "saved_at": typed.saved_at}
        return self.page("drafts/_saved.html", context)


class DraftPage(OwnDraftPage):
    """The whole of a draft: its parts with what each still needs, and the way on."""

    draft_template = "drafts/draft.html"

    def get(self, request, pk):
        context = {
            **self.shared(),
            "open": len(self.whole.problems),
            "check_url": self.url("check"),
            "discard_url": self.url("discard"),
            **self.more(),
        }
        return self.page(self.draft_template, context)

    def more(self) -> dict:
        """Return what only this kind of draft shows."""
        return {}


class SectionPage(OwnDraftPage):
    """One part of the form: its fields, or its rows. Every button saves first; nothing typed is lost."""

    sections: type[TextChoices]
    section_template = "drafts/section.html"
    rows_template = "drafts/rows.html"
    # What the files of the documents are called, by purpose, and the button that adds a row to a list.
    file_labels: dict = {}
    add: dict = {}

    def dispatch(self, request, *args, **kwargs):
        if kwargs["section"] not in self.sections.values:
            raise Http404
        self.section = self.sections(kwargs["section"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk, section):
        self.read_sections()
        self.check_asked()
        if self.section in self.service.listed:
            return self.show_rows()
        return self.show(self.typed_data(), judged="check" in request.GET)

    def check_asked(self) -> None:
        if self.section not in self.service.sections_of(self.draft):
            raise Http404

    def typed_data(self) -> dict:
        """Return what is stored, as the form shows it."""
        return dict(self.whole.content[self.section])

    def form(self, data: dict, *, judged: bool):
        """Return the form of this section."""
        raise NotImplementedError

    def more(self) -> dict:
        """Return what only this section shows."""
        return {}

    # Fields ----------------------------------------------------------
    def show(self, data: dict, *, judged=False, errors=(), version=None, status=200):
        typed = next((one for one in self.draft.sections.all() if one.section == self.section), None)
        form = self.form(data, judged=judged)
        lacking = [one for one in self.whole.problems_in(self.section) if one.code == "no-file"]
        context = {
            **self.shared(self.section),
            "form": form,
            "version": version or (typed.version if typed else 1),
            "page": uuid.uuid4(),
            "saved_at": typed.saved_at if typed else None,
            "documents": self.documents(),
            "next_url": self.next_url(self.section),
            "summary": [
                *errors,
                *(form.summary() if judged else []),
                *((f"id_files-{one.field}", one.sentence) for one in lacking if judged),
            ],
            **self.more(),
        }
        return self.page(self.section_template, context, status=status)

    def purposes(self) -> list[str]:
        """Return the purposes of the files that this section asks for."""
        return [purpose for purpose, section in self.service.documents.items() if section == self.section]

    def documents(self) -> list[dict]:
        """Return the files that this section asks for, each with those that are there."""
        purposes = self.purposes()
        if not purposes:
            return []
        needed = {one.field for one in self.whole.problems_in(self.section) if one.code == "no-file"}
        return [
            {
                "purpose": purpose,
                "label": self.file_labels[purpose],
                "needed": purpose in needed,
                "files": [file for file in self.whole.files if file.purpose == purpose],
            }
            for purpose in purposes
        ]

    # Rows ------------------------------------------------------------
    def show_rows(self):
        listed = self.service.listed[self.section]
        lacking = Counter(problem.row for problem in self.whole.problems if problem.section == self.section)
        page = Paginator(self.whole.rows(self.section), ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        context = {
            **self.shared(self.section),
            "rows": [
                {
                    "url": self.url("row", self.section, row["id"]),
                    "id": row["id"],
                    "title": title,
                    "line": line,
                    "lacking": lacking[row["id"]],
                }
                for row in page
                for title, line in [self.told_row(listed, row)]
            ],
            "page_obj": page,
            "is_paginated": page.has_other_pages(),
            "add": self.add.get(listed, ""),
            "add_url": self.url("row", self.section, uuid.uuid4()),
            "copy": StartForm(),
            "next_url": self.next_url(self.section),
            "empty": next((one.sentence for one in self.whole.problems_in(self.section) if not one.row), ""),
            **self.more(),
        }
        return self.page(self.rows_template, context)

    def told_row(self, listed: str, row: dict) -> tuple[str, str]:
        """Return what a row is called in its list, and what it says in few words."""
        raise NotImplementedError

    # What is sent ----------------------------------------------------
    def post(self, request, pk, section):
        self.check_asked()
        if self.section in self.service.listed:
            return self.post_rows()
        data = self.service.kept(self.draft, self.section, request.POST)
        try:
            errors = self.receive()
            typed = self.service.save_section(
                draft_id=self.draft.pk, owner=request.user, section=self.section, data=data, seen=seen_by(request.POST)
            )
            if "remove" in request.POST:
                self.service.remove_file(draft=self.draft, key=request.POST["remove"], by=request.user)
        except StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return self.overview()
        self.saved_again(typed.saved_at)
        if request.htmx:
            return self.saved(self.section, typed)
        if errors:
            return self.show(data, errors=errors, status=422)
        if "leave" in request.POST:
            messages.success(request, _("Saved. The draft waits here until you come back."))
            return self.overview()
        return redirect(self.next_url(self.section) if "next" in request.POST else self.stay_url())

    def stay_url(self) -> str:
        return self.url_of(self.section)

    def receive(self) -> list[tuple[str, str]]:
        """Keep the files that came with the page; return what is to be said of those that were not taken."""
        refused = []
        for purpose in self.purposes():
            uploads = self.request.FILES.getlist(f"files-{purpose}")
            found = self.service.add_files(draft=self.draft, uploads=uploads, purpose=purpose, by=self.request.user)
            refused += [(f"id_files-{purpose}", str(refusal)) for refusal in found]
        return refused

    def post_rows(self):
        """Copy or remove a row; neither needs the row’s own page."""
        post, listed = self.request.POST, self.service.listed[self.section]
        row_id = as_uuid(post.get("copy") or post.get("remove") or "")
        try:
            if row_id and "remove" in post:
                self.service.remove_row(draft_id=self.draft.pk, owner=self.request.user, listed=listed, row_id=row_id)
                messages.success(self.request, _("Removed."))
            elif row_id and "copy" in post:
                return self.copied(row_id)
        except Refusal as refusal:
            messages.info(self.request, str(refusal))
        return redirect(self.url_of(self.section))

    def copied(self, row_id: uuid.UUID):
        form = StartForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, form.summary()[0][1])
            return redirect(self.url_of(self.section))
        key = form.cleaned_data["submit_key"]
        try:
            made = self.service.copy_row(draft_id=self.draft.pk, owner=self.request.user, row_id=row_id, key=key)
        except self.service.row_text.DoesNotExist:
            messages.info(self.request, _("This row was removed meanwhile, so there is nothing to copy."))
            return redirect(self.url_of(self.section))
        messages.success(self.request, _("A copy, at the end of the list. Change what differs."))
        return redirect(self.url("row", self.section, made.pk))

    def stale(self, stale: StaleDraft, data: dict):
        """Keep both: what is stored stays stored, what was typed here is shown again, unsaved."""
        if self.request.htmx:
            return self.page("drafts/_stale.html", {"draft": self.draft})
        return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)


class RowPage(OwnDraftPage):
    """One row: its fields and files, with what it adds to beside it. An unknown key is a row still to be typed."""

    sections: type[TextChoices]
    row_template = "drafts/row.html"
    add: dict = {}

    def dispatch(self, request, *args, **kwargs):
        if kwargs["section"] not in self.service.listed:
            raise Http404
        self.section = self.sections(kwargs["section"])
        self.listed = self.service.listed[self.section]
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def row(self) -> RowTyped | None:
        """The row as it is stored; None for one still to be typed. A row elsewhere does not exist."""
        found = self.service.row_text.objects.filter(pk=self.kwargs["row"]).first()
        here = found and found.draft_id == self.draft.pk and found.listed == self.listed
        if (
            self.section not in self.service.sections_of(self.draft)
            or (found and not here)
            or (not found and self.listed in self.service.given)
        ):
            raise Http404
        return found

    @property
    def purpose(self) -> str:
        return purpose_of(self.listed, self.kwargs["row"])

    def form(self, data: dict, *, judged: bool):
        """Return the form of this row."""
        raise NotImplementedError

    def title(self) -> str:
        return str(self.add[self.listed] if self.row is None else self.listed.label).capitalize()

    def files_needed(self) -> str:
        """Return the sentence that asks for a file where there is none; "" where none is needed."""
        return ""

    def get(self, request, **kwargs):
        self.read_sections()
        return self.show(self.row.data if self.row else {}, judged="check" in request.GET)

    def show(self, data: dict, *, judged=False, errors=(), version=None, status=200):
        form, needed = self.form(data, judged=judged), self.files_needed()
        files = [file for file in self.whole.files if file.purpose == self.purpose]
        missing = [("id_files", needed)] if judged and needed and not files else []
        context = {
            **self.shared(self.section),
            "row": self.row,
            "given": self.listed in self.service.given,
            "title": self.title(),
            "form": form,
            "version": version if version is not None else self.row.version if self.row else 0,
            "page": uuid.uuid4(),
            "saved_at": self.row.saved_at if self.row else None,
            "section_url": self.url_of(self.section),
            "with_files": self.listed in self.service.with_files,
            "files_needed": bool(needed),
            "files": files,
            "summary": [*errors, *(form.summary() if judged else []), *missing],
        }
        return self.page(self.row_template, context, status=status)

    def post(self, request, **kwargs):
        if self.row is None and "remove" in request.POST:
            return redirect(self.url_of(self.section))
        data = self.service.kept(self.draft, self.listed, request.POST)
        uploads = request.FILES.getlist("files") if self.listed in self.service.with_files else []
        target = {"draft_id": self.draft.pk, "owner": request.user, "listed": self.listed, "row_id": kwargs["row"]}
        try:
            if "remove" in request.POST:
                self.service.remove_row(**target)
                messages.success(request, _("Removed."))
                return redirect(self.url_of(self.section))
            refused = self.service.add_files(draft=self.draft, uploads=uploads, purpose=self.purpose, by=request.user)
            saved = self.service.save_row(**target, data=data, seen=seen_by(request.POST), with_files=bool(uploads))
            if "remove-file" in request.POST:
                self.service.remove_file(draft=self.draft, key=request.POST["remove-file"], by=request.user)
        except StaleDraft as stale:
            return self.stale(stale, data)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect(self.url_of(self.section))
        return self.answered(saved, data, [("id_files", str(refusal)) for refusal in refused])

    def answered(self, saved: RowTyped, data: dict, errors: list[tuple[str, str]]):
        self.saved_again(saved.saved_at)
        self.__dict__["row"] = saved if saved.number else None
        if self.request.htmx:
            return self.saved(self.section, saved)
        if errors:
            return self.show(data, errors=errors, status=422)
        if "another" in self.request.POST:
            messages.success(self.request, _("Saved. Here is room for the next one."))
            return redirect(self.url("row", self.section, uuid.uuid4()))
        if "save" in self.request.POST:
            return redirect(self.url_of(self.section))
        return redirect(self.url("row", self.section, self.kwargs["row"]))

    def stale(self, stale: StaleDraft, data: dict):
        """Keep both: what is stored stays stored, what was typed here is shown again, unsaved."""
        self.__dict__.pop("row", None)
        if self.request.htmx:
            return self.page("drafts/_stale.html", {"draft": self.draft})
        return self.show(data, errors=[("", str(stale))], version=stale.version, status=409)


class CheckPage(OwnDraftPage):
    """All answers on one page, with what is still missing; the one button sends exactly what is shown."""

    check_template = "drafts/check.html"

    def get(self, request, pk):
        return self.show()

    def show(self, *, error="", answer="", status=200):
        context = {
            **self.shared(),
            "told": self.told(),
            "missing": self.missing(),
            "files": self.whole.files,
            "reply": ReplyForm(initial={"answer": answer}) if self.draft.request_id else None,
            "error": error,
            **self.more(),
        }
        return self.page(self.check_template, context, status=status)

    def more(self) -> dict:
        """Return what the page of this kind shows besides, among it what stands for all that is ``shown``."""
        raise NotImplementedError

    def told(self) -> list[dict]:
        """Return the parts that are open here as they are read, each with the way back to it."""
        raise NotImplementedError

    def row_names(self, lacking: set[str]) -> dict[str, str]:
        """Return what each of the rows that still lack something is called."""
        raise NotImplementedError

    def missing(self) -> list[tuple[str, Problem, str]]:
        """Return each problem with the way to its field and, where it is one of many rows, with the name of its row."""
        names = self.row_names({problem.row for problem in self.whole.problems if problem.row})
        return [(self.link_to(problem), problem, names.get(problem.row, "")) for problem in self.whole.problems]

    def link_to(self, problem: Problem) -> str:
        """Return the address of the field that a problem is about, where it says so beside it."""
        page = self.url("row", problem.section, problem.row) if problem.row else self.url_of(problem.section)
        return f"{page}?check=1"

    def send(self, **given):
        """Send the draft, or the answer that it is; return the case."""
        raise NotImplementedError

    def sent(self, case) -> str:
        """Say what came of it."""
        raise NotImplementedError

    def post(self, request, pk):
        answer = request.POST.get("answer", "")
        try:
            case = self.send(draft_id=self.draft.pk, owner=request.user, shown=request.POST.get("shown", ""))
        except Refusal as refusal:
            return self.refused(refusal, answer)
        messages.success(request, self.sent(case))
        return redirect(self.case_url(case))

    def refused(self, refusal: Refusal, answer: str):
        self.saved_again()
        return self.show(error=str(refusal), answer=answer, status=409 if refusal.code == "changed" else 422)


class DiscardPage(OwnDraftPage):
    """Say what discarding deletes, then delete it. An answer to a question cannot be discarded."""

    discard_template = "drafts/discard.html"

    def get(self, request, pk):
        if self.draft.request_id:
            return self.overview()
        context = {
            "draft_title": self.title_of_draft(),
            "draft_url": self.url("draft"),
            "files": self.whole.files,
            **self.more(),
        }
        return self.page(self.discard_template, context)

    def more(self) -> dict:
        """Return what else goes with a draft of this kind."""
        return {}

    def post(self, request, pk):
        self.service.discard(draft_id=self.draft.pk, owner=request.user)
        messages.success(request, _("The draft and its files are deleted."))
        return redirect(f"{self.app}:list")


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
