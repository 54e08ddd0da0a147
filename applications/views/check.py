"""The end of the form: all answers on one page, with what is still missing, to send them or to discard them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications import asks, reading
from applications.services.checking import FEES
from applications.services.eligibility import UnderWay
from applications.services.filing import file_application
from applications.services.replying import send_reply
from applications.states import Kind, Section
from applications.views.form import OwnDraftView
from serportal.drafts.pages import CheckPage, DiscardPage
from serportal.drafts.reading import Chapter, blocks_of
from serportal.fees.models import FeeRow
from serportal.ui.text import as_key
from serportal.ui.words import day_text


class CheckView(OwnDraftView, CheckPage):
    """All answers on one page, with what is still missing; the one button sends exactly what is shown."""

    check_template = "applications/form/check.html"

    def more(self):
        whole = self.whole
        return {
            "file_rows": reading.rows_with_files(self.chapters),
            "references": whole.references if Section.REFERENCES in whole.sections else [],
            "knowledge": self.knowledge(always=False),
            "experience": self.experience(always=False),
            "fee": whole.fee,
            "amount": self.amount(),
            "window": whole.window,
            "shown": whole.fingerprint(whole.fee),
        }

    @cached_property
    def chapters(self) -> list[Chapter]:
        whole = self.whole
        return reading.chapters(self.draft.kind, whole.content, steps=self.next_steps, programmes=whole.programmes)

    def told(self):
        whole, read = self.whole, {chapter.section: chapter.blocks for chapter in self.chapters}
        if Section.FEE in whole.sections:
            read[Section.FEE] = blocks_of(whole.table(Section.FEE), whole.content[Section.FEE])
        return [
            {"section": section, "blocks": read.get(section, ()), "url": self.url_of(section)}
            for section in whole.sections
            if section != Section.REFERENCES
        ]

    def row_names(self, lacking):
        names = {}
        for section in set(self.whole.sections) & set(asks.LISTED):
            listed = asks.LISTED[section]
            table = self.whole.table(listed)
            rows = (row for row in self.whole.rows(section) if row["id"] in lacking)
            names |= {row["id"]: reading.title_of(listed, table, row, self.steps) for row in rows}
        return names

    def link_to(self, problem):
        return self.url_of(problem.section) if problem.section == Section.REFERENCES else super().link_to(problem)

    def amount(self):
        """Return what the fee is for this person, once they said whether they are a member."""
        said = self.whole.content.get(Section.FEE, {}).get("member")
        return self.whole.fee.amount_for(said == asks.YES) if self.whole.fee and said else None

    def send(self, **given):
        post = self.request.POST
        if self.draft.request_id:
            return send_reply(**given, answer=post.get("answer", ""))
        fee_row = FeeRow.objects.filter(kind=FEES[Kind(self.draft.kind)], pk=as_key(post.get("fee", "")) or 0)
        return file_application(**given, fee_row=fee_row.first())

    def refused(self, refusal, answer):
        if isinstance(refusal, UnderWay):
            messages.info(self.request, str(refusal))
            return redirect(self.case_url(refusal.case))
        return super().refused(refusal, answer)

    def sent(self, case):
        """Say what came of it; where a window closed meanwhile, that it falls in the next one (R-APP-2)."""
        values = {"reference": case.reference, "mail": self.request.user.email, "due": day_text(case.due_on)}
        if self.draft.request_id:
            return _("Sent. {reference} goes on with your answer.").format(**values)
        said = _("Filed as {reference}. A receipt is on its way to {mail}.").format(**values)
        window = case.applications_application.window
        if window is None:
            return said
        values["closes"] = day_text(window.closes_on)
        if self.request.POST.get("window", "") not in {"", str(window.pk)}:
            text = _("The window closed before it arrived, so it counts for the next one, which closes on {closes}.")
            said += " " + text.format(**values)
        else:
            said += " " + _("It counts for the window that closes on {closes}.").format(**values)
        return said + " " + _("You will hear by {due}.").format(**values)


class DiscardView(OwnDraftView, DiscardPage):
    """Say what discarding deletes, the links of referees among it, then delete it."""

    discard_template = "applications/form/discard.html"

    def more(self):
        return {"references": self.whole.references}
