"""What the review process may ask of a request for pre-approval."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import wording
from journals.states import Activity
from preapprovals import asks
from preapprovals import reading as read
from preapprovals import wording as words
from preapprovals.models import PreapprovalRequest
from preapprovals.services import approving
from preapprovals.services.worth import worth_by
from preapprovals.states import Section
from serportal.accounts.states import Committee
from serportal.drafts.reading import told
from serportal.outbox.services import render
from serportal.reviews.kinds import Days, Kind, Letter, Reading, Worth
from serportal.ui.text import tidy
from serportal.ui.words import day_text, number, programme_day

ROWS = ("sponsor", "schedule_row", "policy_row", "renews", "offering")


class PreapprovalKind(Kind):
    """A course or event of a sponsor: answered in 42 days (R-REV-2), screened by day 5, ballots on day 21 (SPEC 5)."""

    key = "preapproval"
    series = "PRE"
    label = gettext_lazy("Pre-approval request")
    committee = Committee.CONTINUING_EDUCATION
    content_template = "preapprovals/_content.html"
    promised_days = 42
    days = Days(screen_days=5, ballot_days=21, answer_days=42, alternate_days=10, settle_days=3, proof_days=90)

    def read(self, case):
        request = PreapprovalRequest.objects.select_related(*ROWS).prefetch_related("instructors").get(pk=case.pk)
        request.case = case
        credit = worth_by(request.category, request.minutes, case.filed_on, request.schedule_row, request.policy_row)
        chapters = read.chapters(request)
        return Reading(
            case=case,
            worth=Worth(credit.amount, tuple(wording.lines(credit)), wording.sentence(credit.reasons)),
            content={"filed": request, "chapters": chapters, "agenda": read.agenda_of(request)},
            told=told(chapters) + read.told_agenda(request),
        )

    def letter(self, reading, verdict):
        case, request, outcome = reading.case, reading.content["filed"], verdict.outcome
        first, last = approving.holds(request, programme_day(verdict.at))
        fewer = words.fewer_text(outcome.credits, reading.worth.most) if outcome.approved else ""
        subject, text = render(
            "preapproval-approved" if outcome.approved else "preapproval-denied",
            {
                "name": case.filed_by.name,
                "reference": case.reference,
                "title": request.title,
                "sponsor": request.sponsor.name,
                "today": day_text(programme_day(verdict.at)),
                "credits": number(outcome.credits),
                "sum": reading.worth.sentence,
                "code": request.code if outcome.approved else "",
                "validity": words.validity_text(first, last, recurring=request.recurring, delivery=request.delivery),
                "reasons": words.paragraphs([fewer, *verdict.reasons, verdict.note]),
                "link": settings.SITE_URL + self.url(case),
            },
        )
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        """Put it on the list with its code and dates, or take it off again (R-SPO-3)."""
        request = reading.content["filed"]
        if decision.approved and decision.credits:
            approving.approve(request=request, decision=decision, at=at)
        else:
            approving.take_back(request=request, decision=decision, at=at)

    def url(self, case):
        return reverse("preapprovals:case", args=[case.reference])

    def request_url(self, request):
        return reverse("preapprovals:answer", args=[request.case.reference])

    def parts(self, case):
        filed = PreapprovalRequest.objects.get(pk=case.pk)
        asked = asks.sections_of(filed.content.get(Section.OFFERING, {}))
        return [(str(one), str(one.label)) for one in asked if one != Section.TERMS]

    def topic_label(self, topic):
        return str(Activity(topic).label)

    def flags(self, reading, *, by):
        request = reading.content["filed"]
        found = words.wrong_instructors(request)
        if request.renews is not None and request.renews.state != "active":
            found.append(
                _("It would renew an offering that is now “{state}”.").format(state=request.renews.get_state_display())
            )
        return found
