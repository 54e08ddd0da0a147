"""What the review process may ask of a CEC claim."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from cecs import asks
from cecs import wording as words
from cecs.models import CecSubmission
from cecs.services.checking import code_checks, roster_flags, roster_of
from cecs.services.worth import claim_of
from journals import services as journals
from journals import wording
from journals.models import Entry
from journals.rules import Claim, Credit, next_upload
from journals.states import Activity, Ruling
from preapprovals.services import oversight
from serportal.accounts.states import Committee
from serportal.outbox.services import render
from serportal.reviews.kinds import Days, Kind, Letter, Reading, Worth
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import Basis
from serportal.ui.text import tidy
from serportal.ui.words import day_text, in_credits, programme_day, span_text

ROWS = (
    *("period", "schedule_row", "policy_row", "event", "case__filed_by", "case__attendance"),
    *("occurrence__offering__sponsor", "occurrence__event"),
)


class CecKind(Kind):
    """Credits for an activity of a certificant: answered in 28 days (R-REV-1), screened by day 4, ballots on day 14."""

    key = "cec"
    series = "CEC"
    label = "CEC claim"
    committee = Committee.CONTINUING_EDUCATION
    content_template = "cecs/_content.html"
    enters = True
    holds = True
    tools_template = "admin/cecs/_tools.html"
    promised_days = 28
    days = Days(screen_days=4, ballot_days=14, answer_days=28, alternate_days=7, settle_days=3, proof_days=90)
    proof_parts = ("where", "proof")

    def read(self, case):
        claim = (
            CecSubmission.objects.with_journal(programme_day())
            .with_rosters()
            .prefetch_related("days")
            .select_related(*ROWS)
            .get(pk=case.pk)
        )
        facts = claim_of(case.filed_by, claim, event=claim.event, case=case, rulings=frozenset(claim.rulings))
        held = journals.held_by(case.filed_by, facts, case=case)
        credit = credit_of(claim, facts, held)
        roster = roster_of(claim)
        checked = code_checks(claim, roster) if claim.approval_code else ()
        return Reading(
            case=case,
            worth=Worth(credit.amount, tuple(wording.lines(credit)), wording.sentence(credit.reasons)),
            content={
                "claim": claim,
                "days": claim.days.all(),
                "facts": words.facts(claim),
                "rows_label": words.rows_label(claim),
                "rulings_said": [str(Ruling(code).label) for code in claim.rulings],
                "rules_claim": facts,
                "held": held,
                "roster": roster,
            },
            told=words.told(claim),
            over_on=claim.last_day if claim.in_advance else None,
            code=claim.approval_code,
            checked=[one.check for one in checked],
            by_code=bool(checked) and all(one.check.holds for one in checked if one.needed),
        )

    def letter(self, reading, verdict):
        case, claim, outcome = reading.case, reading.content["claim"], verdict.outcome
        sums = granted(reading, outcome.credits)
        paragraphs = [*verdict.reasons, verdict.note]
        upload = next_upload(programme_day(verdict.at), a_year=claim.uploads_a_year)
        context = {
            "name": case.filed_by.name,
            "reference": case.reference,
            "title": case.headline,
            "days": span_text(claim.first_day, claim.last_day),
            "place": claim.place or claim.provider,
            "credits": in_credits(outcome.credits),
            "sum": wording.sentence(sums.reasons),
            "counts_in": wording.counts_in(claim.period.year_of(claim.last_day), claim.activity, claim.last_day),
            "reasons": "\n\n".join(paragraph for paragraph in paragraphs if paragraph),
            "ground": words.ground(verdict.basis, roster=reading.content["roster"].confirms),
            "today": day_text(programme_day(verdict.at)),
            "journal": words.in_journal(
                outcome,
                claim.standing,
                stays=stays(claim, outcome.credits),
                upload=upload,
                advance=verdict.advance,
            ),
            "link": settings.SITE_URL + self.url(case),
        }
        fewer = outcome.credits < reading.worth.most
        template = "cec-denied"
        if verdict.advance:
            template = "cec-approved-in-advance"
        elif outcome.approved:
            template = "cec-approved-fewer" if fewer else "cec-approved"
        subject, text = render(template, context)
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        """Enter what was granted. A new decision on the same claim first takes back what the earlier one brought."""
        case, claim = reading.case, reading.content["claim"]
        if decision.advance:
            return
        for entry in Entry.objects.standing().filter(decision__case=case):
            if decision.approved and stays(claim, decision.credits):
                return
            reason = words.decided_anew(case, at)
            journals.reverse(entry.pk, reason=reason, by=decision.decided_by, at=at, tell=False)
        if decision.approved and decision.credits:
            journals.enter(
                decision=decision,
                claim=reading.content["rules_claim"],
                description=case.headline,
                credit=granted(reading, decision.credits),
                period=claim.period,
                event=claim.event,
                at=at,
            )

    def url(self, case):
        return reverse("cecs:case", args=[case.reference])

    def request_url(self, request):
        return reverse("cecs:answer", args=[request.case.reference])

    def parts(self, case):
        form = asks.FORMS[case.topic]
        return [(part, str(form.titled(part))) for part in ("where", "hours", "taught", "proof") if form.has_part(part)]

    def topic_label(self, topic):
        return str(Activity(topic).label)

    def precedents(self, case):
        """Decisions of panels on other claims about the same event and activity, the latest first (R-REV-7)."""
        event = CecSubmission.objects.filter(pk=case.pk).values_list("event__same_as", "event").first()
        root = event and (event[0] or event[1])
        if not root:
            return Decision.objects.none()
        alike = CecSubmission.objects.about(root).filter(activity=case.topic).exclude(pk=case.pk)
        return Decision.objects.filter(case__in=alike.values("pk"), basis=Basis.PANEL).order_by("-decided_at")

    def flags(self, reading, *, by):
        claim = reading.content["claim"]
        flags = claim.flags
        named = [reference for _code, values in flags for reference in values.get("references", "").split(", ")]
        hidden = ReviewCase.objects.hidden_from(by).filter(reference__in=named) if any(named) else ()
        noticed = words.noticed(flags, hidden={case.reference for case in hidden})
        ended = oversight.ended_on(reading.code) if reading.code else None
        if ended and claim.last_day > ended:
            noticed.append(words.after_the_end(ended))
        return [*noticed, *roster_flags(claim, reading.content["roster"])]

    def read_alone(self, case):
        return case.cecs_cecsubmission.occurrence_id is not None and case.timetable.code_lane

    def with_code(self, cases):
        return cases.filter(cecs_cecsubmission__occurrence__isnull=False)


def credit_of(claim: CecSubmission, facts: Claim, held: list) -> Credit:
    """Return what a filed claim is worth now, by the rows it was filed under."""
    return journals.credit_by(facts, claim.period, claim.schedule_row, claim.policy_row, held=held)


def stays(claim: CecSubmission, credits) -> bool:
    """Whether the entry of an earlier decision says exactly what a decision for so many ``credits`` would enter."""
    return claim.standing == credits and claim.standing_as_it_is


def granted(reading: Reading, credits) -> Credit:
    """Return the sum that ends with what was granted: as computed, or as the reviewers lowered it."""
    facts, claim = reading.content["rules_claim"], reading.content["claim"]
    lowered = replace(facts, lowered=credits) if credits < reading.worth.most else facts
    return credit_of(claim, lowered, reading.content["held"])
