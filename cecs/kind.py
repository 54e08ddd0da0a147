"""What the review process may ask of a CEC claim."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from cecs import wording as words
from cecs.models import CecSubmission
from cecs.services.worth import claim_of
from journals import services as journals
from journals import wording
from journals.rules import Claim, Credit
from serportal.accounts.states import Committee
from serportal.outbox.services import render
from serportal.reviews.kinds import Kind, Letter, Reading, Worth
from serportal.ui.words import day_text, number, programme_day, span_text

ROWS = ("period", "schedule_row", "policy_row", "event", "case__filed_by")


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
        facts = claim_of(case.filed_by, claim, event=claim.event, case=case)
        held = journals.held_by(case.filed_by, facts, case=case)
        credit = credit_of(claim, facts, held)
        worth = Worth(credit.amount, tuple(wording.lines(credit)), wording.sentence(credit.reasons))
        content = {
            "claim": claim,
            "days": claim.days.all(),
            "facts": words.facts(claim, journals.areas_on(case.filed_on)),
            "rows_label": words.rows_label(claim),
            "rules_claim": facts,
            "held": held,
        }
        return Reading(case, worth, content)

    def letter(self, reading, outcome, reasons, note, at):
        case, claim = reading.case, reading.content["claim"]
        paragraphs = [*reasons, note]
        context = {
            "name": case.filed_by.name,
            "reference": case.reference,
            "title": case.headline,
            "days": span_text(claim.first_day, claim.last_day),
            "place": claim.place or claim.provider,
            "credits": number(outcome.credits),
            "sum": wording.sentence(granted(reading, outcome.credits).reasons),
            "counts_in": wording.counts_in(claim.period.year_of(claim.last_day), claim.activity, claim.last_day),
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
            claim=reading.content["rules_claim"],
            description=reading.case.headline,
            credit=granted(reading, decision.credits),
            period=claim.period,
            event=claim.event,
            at=at,
        )

    def url(self, case):
        return reverse("cecs:case", args=[case.reference])


def credit_of(claim: CecSubmission, facts: Claim, held: list) -> Credit:
    """Return what a filed claim is worth now, by the rows it was filed under."""
    return journals.credit_by(facts, claim.period, claim.schedule_row, claim.policy_row, held=held)


def granted(reading: Reading, credits) -> Credit:
    """Return the sum that ends with what was granted: as computed, or as the reviewers lowered it."""
    facts, claim = reading.content["rules_claim"], reading.content["claim"]
    lowered = replace(facts, lowered=credits) if credits < reading.worth.most else facts
    return credit_of(claim, lowered, reading.content["held"])


def tidy(text: str) -> str:
    """Close the gap that an empty placeholder on a line of its own leaves."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
