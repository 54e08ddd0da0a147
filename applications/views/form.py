"""The applicant’s way: type section by section, row by row, check, file. Works without JavaScript."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import reading, wording
from applications.forms.answers import answers_form
from applications.models import NextStep
from applications.services import drafts
from applications.services.checking import look
from applications.services.content import next_steps_of
from applications.states import Document, Kind, Listed, Section, Side
from serportal.drafts import pages

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


class OwnDraftView(pages.OwnDraftPage):
    """A page of one application that this person prepares, with the sheets beside what they are made of."""

    app = "applications"
    service = drafts.PARTS
    with_draft = ("folder", "request", "certification", "case__folder", "case__applications_application__criteria")
    beside_template = "applications/form/_sheet.html"

    def look(self):
        return look(self.draft)

    @cached_property
    def next_steps(self) -> list[NextStep]:
        """The next steps that the CERPIT of an upgrade came with, if it came with a list of them."""
        return next_steps_of(self.draft)

    @cached_property
    def steps(self) -> dict[str, str]:
        """The text of each next step by its key."""
        return {str(step.pk): step.text for step in self.next_steps}

    def url_of(self, section):
        if section == Section.REFERENCES:
            if self.draft.request_id:
                return reverse("applications:filed-references", args=[self.draft.case.reference])
            return self.url("references")
        return super().url_of(section)

    def beside(self, section):
        knowledge = self.knowledge(always=section != Section.FEE) if section in KNOWLEDGE else []
        experience = self.experience(always=section != Section.FEE) if section in EXPERIENCE else []
        return {
            "knowledge": knowledge,
            "experience": experience,
            "shows_beside": bool(knowledge or experience),
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


class DraftView(OwnDraftView, pages.DraftPage):
    """The whole of an application, with what the figures speak for."""

    draft_template = "applications/form/draft.html"

    def more(self):
        return {"window": self.whole.window}


class SectionView(OwnDraftView, pages.SectionPage):
    """One part of the form: its fields, or its rows. References have pages of their own."""

    sections = Section
    section_template = "applications/form/section.html"
    rows_template = "applications/form/rows.html"
    file_labels = FILE_LABELS
    add = ADD

    def dispatch(self, request, *args, **kwargs):
        if kwargs["section"] == Section.REFERENCES:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def typed_data(self):
        """Return what is stored; a signature under words that were replaced since is to be given anew."""
        data = super().typed_data()
        if self.section == Section.AGREEMENT and data.get("agreement") != str(self.whole.agreement.pk):
            data = {name: text for name, text in data.items() if name not in {"agreed", "typed_name"}}
        return data

    def form(self, data, *, judged):
        return answers_form(self.section, self.whole.table(self.section), data, today=self.whole.today, judged=judged)

    def purposes(self):
        found = super().purposes()
        return [Document.COURSE] if found and self.draft.kind == Kind.PARTNER else found

    def more(self):
        return {
            "agreement": self.whole.agreement if self.section == Section.AGREEMENT else None,
            "fee": self.whole.fee if self.section == Section.FEE else None,
        }

    def told_row(self, listed, row):
        table = self.whole.table(listed)
        return reading.title_of(listed, table, row, self.steps), reading.line_of(listed, table, row)


class RowView(OwnDraftView, pages.RowPage):
    """One row: its fields and files, with the sheet beside it."""

    sections = Section
    add = ADD

    def form(self, data, *, judged):
        return answers_form(self.listed, self.whole.table(self.listed), data, today=self.whole.today, judged=judged)

    def files_needed(self):
        needed = self.listed == Listed.PRIOR
        return _("There is no proof of this prior learning. Add at least one file.") if needed else ""

    def title(self):
        if self.listed == Listed.STEP:
            return self.steps.get(self.row.data.get("step"), "")
        return super().title()
