"""The sponsor’s way: type section by section, row by row, check, send. Works without JavaScript."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import wording as credit_words
from preapprovals import reading
from preapprovals import wording as words
from preapprovals.forms.answers import AgendaForm, answers_form
from preapprovals.services.checking import Whole, look, no_resume
from preapprovals.services.drafts import PARTS
from preapprovals.states import Document, Listed, Section
from serportal.drafts import pages
from serportal.ui.text import as_key
from serportal.ui.words import number

ADD = {Listed.INSTRUCTOR: gettext_lazy("Add an instructor"), Listed.DATE: gettext_lazy("Add a date")}
FILE_LABELS = {Document.SYLLABUS: gettext_lazy("Syllabus, or other information that says what people learn")}
WITH_SUM = frozenset({Section.AGENDA, None})


class OwnDraftView(pages.OwnDraftPage):
    """A page of one request that this person prepares, with what it is worth beside what that is made of."""

    app = "preapprovals"
    service = PARTS
    with_draft = ("owner", "folder", "request", "renews", "case__folder", "case__preapprovals_preapprovalrequest")
    beside_template = "preapprovals/form/_sum.html"

    def look(self):
        return look(self.draft)

    def title_of_draft(self):
        return self.whole.offering.get("title") or _("Request for pre-approval")

    def beside(self, section):
        shown = section in WITH_SUM or (section == Section.OFFERING and self.whole.on_demand)
        return {"shows_beside": shown, "sum": sum_of(self.whole) if shown else None}


def sum_of(whole: Whole) -> dict:
    """Return what a request adds up to so far: its contact time, its credits, and the sentences of both."""
    credit = whole.worth.credit if whole.worth else None
    return {
        "minutes": whole.minutes,
        "time": words.agenda_text(whole.agenda) if whole.agenda.rows else words.hours_text(whole.minutes) + ".",
        "lines": credit_words.lines(credit) if credit else [],
        "total": number(credit.amount) if credit else "",
        "sentence": whole.sentence,
        "wrong": [words.wrong_text(one) for one in whole.agenda.wrong],
        "no_category": bool(whole.minutes and not credit),
    }


class DraftView(OwnDraftView, pages.DraftPage):
    """The whole of a request: its parts with what each still needs, and what it is worth so far."""

    draft_template = "preapprovals/form/draft.html"


class SectionView(OwnDraftView, pages.SectionPage):
    """One part of the form: its fields, its rows, or the lines of the agenda."""

    sections = Section
    rows_template = "preapprovals/form/rows.html"
    file_labels = FILE_LABELS
    add = ADD

    @property
    def section_template(self):
        return f"preapprovals/form/{'agenda' if self.section == Section.AGENDA else 'section'}.html"

    def typed_data(self):
        """Return what is stored; a signature under terms that were replaced since is to be given anew."""
        data = super().typed_data()
        if self.section == Section.TERMS and data.get("agreement") != str(self.whole.agreement.pk):
            data = {}
        return data

    def form(self, data, *, judged):
        if self.section == Section.AGENDA:
            lines = as_key(self.request.GET.get("lines", "")) or 0
            return AgendaForm(data, self.whole.problems_in(self.section), judged=judged, lines=lines)
        return answers_form(self.section, self.whole.table(self.section), data, today=self.whole.today, judged=judged)

    def more(self):
        return {"agreement": self.whole.agreement if self.section == Section.TERMS else None}

    def stay_url(self):
        """Stay on the agenda with more lines, or with what is said of those there are."""
        if self.section != Section.AGENDA:
            return super().stay_url()
        lines = as_key(self.request.POST.get("more", ""))
        return f"{super().stay_url()}?{f'lines={lines}' if lines else 'check=1'}"

    def told_row(self, listed, row):
        return reading.title_of(listed, row), reading.line_of(listed, row)


class RowView(OwnDraftView, pages.RowPage):
    """One instructor with the résumé, or one date."""

    sections = Section
    add = ADD

    def form(self, data, *, judged):
        return answers_form(self.listed, self.whole.table(self.listed), data, today=self.whole.today, judged=judged)

    def files_needed(self):
        return no_resume() if self.listed == Listed.INSTRUCTOR else ""
