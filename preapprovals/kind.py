"""What the review process may ask of a request for pre-approval."""

from decimal import Decimal
from types import MappingProxyType

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journals import wording
from journals.states import Activity
from preapprovals import asks
from preapprovals import reading as read
from preapprovals import wording as words
from preapprovals.models import Appeal, PreapprovalRequest
from preapprovals.services import appealing, approving, instructors, joining
from preapprovals.services.worth import worth_by
from preapprovals.states import Section
from serportal.accounts.states import Committee
from serportal.drafts.reading import told
from serportal.outbox.services import render
from serportal.reviews.kinds import Days, End, Kind, Letter, Question, Reading, Worth
from serportal.reviews.states import CaseState, Choice, Topic
from serportal.ui.text import tidy
from serportal.ui.words import day_text, in_credits, programme_day

ROWS = ("sponsor", "schedule_row", "policy_row", "renews", "offering")


class PreapprovalKind(Kind):
    """A course or event of a sponsor: answered in 42 days (R-REV-2), screened by day 5, ballots on day 21 (SPEC 5)."""

    key = "preapproval"
    series = "PRE"
    label = gettext_lazy("Pre-approval request")
    committee = Committee.CONTINUING_EDUCATION
    content_template = "preapprovals/_content.html"
    tools_template = "admin/preapprovals/_request_tools.html"
    to_screen = gettext_lazy("Read it below: are the objectives, the agenda, every résumé and the syllabus there?")
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
            content={
                "filed": request,
                "chapters": chapters,
                "agenda": read.agenda_of(request),
                "file_rows": read.rows_with_files(chapters),
            },
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
                "credits": in_credits(outcome.credits),
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

    def questions(self, case):
        return instructors.questions(case)

    def answered(self, poll, *, at):
        instructors.keep_answer(poll)

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
        found = words.wrong_instructors(request) + instructors.uncertified(request, reading.case.filed_on)
        if request.renews is not None and request.renews.state != "active":
            found.append(
                _("It would renew an offering that is now “{state}”.").format(state=request.renews.get_state_display())
            )
        if others := list(joining.namesakes(request.sponsor, by=by)):
            text = ngettext(
                "Another sponsor has the same name. If the two are one, join them on the sponsor’s page.",
                "{n} other sponsors have the same name. Those that are one are joined on the sponsor’s page.",
                len(others),
            )
            found.append(text.format(n=len(others)))
        return found


class AppealKind(Kind):
    """An appeal against a termination: the whole committee votes by day 28, letter by day 42; final (R-SPO-6)."""

    key = "appeal"
    series = "APL"
    label = gettext_lazy("Appeal")
    committee = Committee.APPEALS
    content_template = "preapprovals/appeal/_content.html"
    tools_template = "admin/preapprovals/_appeal_tools.html"
    closed_letter = "appeal-closed"
    withdrawn_letter = "appeal-withdrawn"
    ends = MappingProxyType(
        {
            CaseState.APPROVED: End(
                gettext_lazy("overturned"), gettext_lazy("The termination is overturned. The decision is final.")
            ),
            CaseState.DENIED: End(
                gettext_lazy("upheld"), gettext_lazy("The termination is upheld, so it stands. The decision is final.")
            ),
            CaseState.WITHDRAWN: End(
                CaseState.WITHDRAWN.label, gettext_lazy("It ended without a decision. The termination stands.")
            ),
        }
    )
    choices = (Choice.APPROVE, Choice.DENY, Choice.ABSTAIN)
    credits = False
    compares = False
    asks_all = True
    final = True
    promised_days = 42
    days = Days(screen_days=5, ballot_days=28, answer_days=42, alternate_days=10, settle_days=3, proof_days=90)

    def read(self, case):
        appeal = Appeal.objects.select_related("notice__offering__sponsor", "notice__by").get(pk=case.pk)
        appeal.case = case
        acts = list(appeal.notice.offering.notices.filter(pk__lte=appeal.notice_id))
        return Reading(
            case=case,
            worth=Worth(Decimal(0), (), ""),
            content={"appeal": appeal, "offering": appeal.notice.offering, "acts": acts},
            told=[["grounds", str(_("Grounds")), appeal.grounds]],
        )

    def flags(self, reading, *, by):
        appeal = reading.content["appeal"]
        admitted = appeal.late and appealing.is_admitted(reading.case)
        return [appealing.lateness(appeal.notice, admitted=admitted)] if appeal.late else []

    def blocks(self, case):
        found = []
        if Appeal.objects.filter(pk=case.pk, late=True).exists() and not appealing.is_admitted(case):
            found.append(_("It came late. It goes to the committee only if you let it in, with a reason."))
        if appealing.nobody_left(case):
            found.append(
                _("Nobody of the committee is left who may vote on it. Give someone a term on the committee first.")
            )
        return found

    def may_close(self, case):
        late = Appeal.objects.filter(pk=case.pk, late=True).exists()
        return late and not appealing.is_admitted(case)

    def questions(self, case):
        asked = _("Should the termination be overturned, so that the offering is pre-approved again?")
        return [Question(Topic.APPEAL, case.party, asked)]

    def barred(self, case):
        return appealing.barred(case)

    def letter(self, reading, verdict):
        case, offering = reading.case, reading.content["offering"]
        subject, text = render(
            "appeal-upheld" if verdict.outcome.approved else "appeal-not-upheld",
            {
                "name": case.filed_by.name,
                "reference": case.reference,
                "title": offering.title,
                "sponsor": offering.sponsor.name,
                "code": offering.code,
                "today": day_text(programme_day(verdict.at)),
                "validity": words.appeal_validity(offering, programme_day(verdict.at)),
                "reasons": words.paragraphs([*verdict.reasons, verdict.note]),
                "link": settings.SITE_URL + self.url(case),
            },
        )
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        appealing.carry_out(reading.content["appeal"], overturned=decision.approved, at=at)

    def ended(self, case, *, at):
        appealing.leave(case, at=at)

    def url(self, case):
        return reverse("appeals:case", args=[case.reference])

    def parts(self, case):
        return []
