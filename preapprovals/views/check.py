"""The end of the form: all answers on one page, with what is still missing, to send them or to discard them."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from preapprovals import asks, reading
from preapprovals.services.filing import file_request
from preapprovals.services.replying import send_reply
from preapprovals.states import Section
from preapprovals.views.form import OwnDraftView
from serportal.drafts.pages import CheckPage, DiscardPage
from serportal.drafts.reading import Block, Chapter, Fact, blocks_of
from serportal.fees.models import FeeRow
from serportal.fees.states import FeeKind
from serportal.ui.text import as_key
from serportal.ui.words import day_text


class CheckView(OwnDraftView, CheckPage):
    """All answers on one page, with what is still missing; the one button sends exactly what is shown."""

    check_template = "preapprovals/form/check.html"

    def more(self):
        return {
            "file_rows": reading.rows_with_files(self.chapters),
            "agenda": self.whole.agenda if self.whole.agenda.rows else None,
            "minutes": self.whole.minutes,
            "fee": self.whole.fee,
            "shown": self.whole.fingerprint(self.whole.fee),
        }

    @cached_property
    def chapters(self) -> list[Chapter]:
        known = self.whole.areas
        names = (known[key].name for key in self.whole.offering.get("areas", []) if key in known)
        content = self.whole.content
        chosen = {str(one.pk): one for one in self.whole.sponsors}.get(content[Section.SPONSOR].get("sponsor"))
        if chosen is not None:
            facts = {"name": chosen.name, "kind": chosen.kind, "website": chosen.website, "country": chosen.country}
            content = {**content, Section.SPONSOR: {**content[Section.SPONSOR], **facts}}
        return reading.chapters_of(content, ", ".join(names))

    def told(self):
        read = {chapter.section: chapter.blocks for chapter in self.chapters}
        read[Section.TERMS] = blocks_of(self.whole.table(Section.TERMS), self.whole.content[Section.TERMS])
        if self.whole.is_webinar:
            read[Section.AGENDA] = [Block((Fact(_("Minutes of instruction"), str(self.whole.minutes)),))]
        return [
            {
                "section": section,
                "blocks": read.get(section, ()),
                "url": self.url_of(section),
                "agenda": "preapprovals/_agenda.html" if section == Section.AGENDA and self.whole.agenda.rows else "",
            }
            for section in self.whole.sections
        ]

    def row_names(self, lacking):
        rows = [(listed, row) for listed in asks.LISTED.values() for row in self.whole.content.get(listed, [])]
        return {row["id"]: reading.title_of(listed, row) for listed, row in rows if row["id"] in lacking}

    def send(self, **given):
        post = self.request.POST
        if self.draft.request_id:
            return send_reply(**given, answer=post.get("answer", ""))
        fee = FeeRow.objects.filter(kind=FeeKind.PREAPPROVAL, pk=as_key(post.get("fee", "")) or 0)
        return file_request(**given, fee_row=fee.first())

    def sent(self, case):
        if self.draft.request_id:
            return _("Sent. {reference} goes on with your answer.").format(reference=case.reference)
        text = _("Filed as {reference}. A receipt is on its way to {mail}. You will hear by {due}.")
        return text.format(reference=case.reference, mail=self.request.user.email, due=day_text(case.due_on))


class DiscardView(OwnDraftView, DiscardPage):
    """Say what discarding deletes, then delete it."""
