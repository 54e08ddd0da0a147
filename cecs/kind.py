"""What the review process may ask of a CEC claim."""

from django.conf import settings
from django.urls import reverse

from cecs.models import CecSubmission
from journals import services as journals
from journals import wording
from journals.rules import Claim, Credit
from serportal.accounts.states import Committee
from serportal.outbox.services import render
from serportal.reviews.kinds import Kind, Letter, Reading, Worth
from serportal.ui.words import day_text, number, programme_day, span_text

ROWS = ("period", "schedule_row", "policy_row")


class CecKind(Kind):
    """Credits for an activity of a certificant: answered in 28 days (R-REV-1), screened by day 4, ballots on day 14."""

    key = "cec"
    series = "CEC"
    label = "CEC claim"
    committee = Committee.CONTINUING_EDUCATION
    content_template = "cecs/_content.html"
    screen_days = 4
    ballot_days = 14
    answer_days = 28

    def read(self, case):
        claim = CecSubmission.objects.prefetch_related("days").select_related(*ROWS).get(pk=case.pk)
        credit = self._credit(claim)
        worth = Worth(credit.amount, tuple(wording.lines(credit)), wording.sentence(credit.reasons))
        return Reading(case, worth, {"claim": claim, "days": claim.days.all(), "areas": areas_text(claim)})

    def _credit(self, claim: CecSubmission) -> Credit:
        worth = Claim(claim.hours, claim.last_day)
        return journals.credit_by(worth, claim.period, claim.schedule_row, claim.policy_row)

    def letter(self, reading, outcome, reasons, note, at):
        case, claim = reading.case, reading.content["claim"]
        paragraphs = [*reasons, note]
        context = {
            "name": case.filed_by.name,
            "reference": case.reference,
            "title": claim.title,
            "days": span_text(claim.first_day, claim.last_day),
            "place": claim.place,
            "credits": number(outcome.credits),
            "sum": reading.worth.sentence,
            "counts_in": wording.counts_in(claim.period.year_of(claim.last_day)),
            "reasons": "\n\n".join(paragraph for paragraph in paragraphs if paragraph),
            "today": day_text(programme_day(at)),
            "upload": day_text(journals.next_upload_on(at)),
            "link": settings.SITE_URL + self.url(case),
        }
        template = "cec-denied"
        if outcome.approved:
            template = "cec-approved" if outcome.credits == reading.worth.most else "cec-approved-fewer"
        subject, text = render(template, context)
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        if not decision.approved or not decision.credits:
            return
        claim = reading.content["claim"]
        journals.enter(
            decision=decision,
            activity=claim.activity,
            description=claim.title,
            earned_on=claim.last_day,
            credit=self._credit(claim),
            period=claim.period,
            at=at,
        )

    def url(self, case):
        return reverse("cecs:case", args=[case.reference])


def areas_text(claim: CecSubmission) -> str:
    """“Biological science, ecological restoration”."""
    labels = dict(CecSubmission._meta.get_field("areas").base_field.choices)
    return ", ".join(str(labels[area]) for area in claim.areas)


def tidy(text: str) -> str:
    """Close the gap that an empty placeholder on a line of its own leaves."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
