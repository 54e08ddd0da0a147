"""What a panel leaves behind, in bulk: seats, ballots, history, decision and the letters about them."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse

from cecs.wording import ground, in_journal
from journals import rules, wording
from journals import services as journals
from serportal.demo.clock import dice
from serportal.demo.topics import DENIED, LOWERED
from serportal.outbox import services as outbox
from serportal.outbox import twin
from serportal.outbox.models import LetterTemplate, Message
from serportal.outbox.states import MessageState
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Ballot, CaseEvent, Decision, Panel, ReviewCase, Seat
from serportal.reviews.states import APPROVING, Basis, Choice, Move, SeatState
from serportal.ui.words import day_text, in_credits, programme_day, span_text

REASONS = {Choice.FEWER: LOWERED[0], Choice.DENY: DENIED[0]}


class Verdicts:
    """Decides piles of claims as ``reviews.services`` decides one; another kind says what its letters say."""

    kind = "cec"
    reasons = REASONS

    def __init__(self, *, coordinator, bench: list):
        self.coordinator, self.bench = coordinator, bench
        self.rng = dice(f"verdicts {self.kind}")
        self.templates = {row.key: row for row in LetterTemplate.objects.all()}
        self.words = outbox.all_words()

    def reach(self, claims: list, cases: list[ReviewCase]) -> list[Decision]:
        """Seat, vote and decide every claim; return the decisions in the same order."""
        ballot_days = timedelta(days=kinds()[self.kind].days.ballot_days)
        pairs = list(zip(claims, cases, strict=True))
        panels = Panel.objects.bulk_create(
            Panel(
                case=case,
                opened_at=claim.moment(2),
                ballots_due_on=claim.filed_on + ballot_days,
                closed_at=claim.moment(8),
            )
            for claim, case in pairs
        )
        seats = Seat.objects.bulk_create(
            Seat(
                panel=panel,
                member=self.bench[who],
                place=place,
                state=SeatState.VOTED,
                invited_at=claim.moment(2),
                ballot_due_on=claim.filed_on + ballot_days,
                declared_at=claim.moment(3),
            )
            for claim, panel in zip(claims, panels, strict=True)
            for place, who in enumerate(claim.bench, start=1)
        )
        votes = [(claim, vote, 6 + n) for claim in claims for n, vote in enumerate(claim.votes)]
        Ballot.objects.bulk_create(
            Ballot(
                seat=seat,
                revision=1,
                submit_key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                choice=vote.choice,
                credits=vote.credits,
                reason=self.reasons.get(vote.choice, ""),
                judgements=claim.judged,
                cast_at=claim.moment(step),
            )
            for seat, (claim, vote, step) in zip(seats, votes, strict=True)
        )
        CaseEvent.objects.bulk_create(
            CaseEvent(case=case, move=move, by=by, at=at)
            for claim, case in pairs
            for move, by, at in self._events(claim)
        )
        return Decision.objects.bulk_create(
            self._decision(claim, case, panel) for (claim, case), panel in zip(pairs, panels, strict=True)
        )

    def _events(self, claim) -> Iterator[tuple[Move, object, datetime]]:
        members = [self.bench[who] for who in claim.bench]
        yield Move.FILE, claim.person, claim.filed
        yield Move.SCREEN, self.coordinator, claim.moment(1)
        yield Move.SEAT, self.coordinator, claim.moment(2)
        for member in members:
            yield Move.DECLARE, member, claim.moment(3)
        for n, member in enumerate(members):
            yield Move.VOTE, member, claim.moment(6 + n)
        yield Move.COMPLETE, members[-1], claim.moment(8)
        yield Move.APPROVE if claim.outcome.approved else Move.DENY, self.coordinator, claim.decided

    def _decision(self, claim, case: ReviewCase, panel: Panel) -> Decision:
        carried = [one for one in claim.votes if (one.choice in APPROVING) == claim.outcome.approved]
        reasons = {REASONS[one.choice] for one in carried if one.choice in REASONS}
        subject, letter = self._filled(
            "cec-denied"
            if not claim.outcome.approved
            else "cec-approved"
            if claim.outcome.credits == claim.credit.amount
            else "cec-approved-fewer",
            {
                **self._facts(claim, case),
                "place": claim.answers.place,
                "credits": in_credits(claim.outcome.credits),
                "sum": wording.sentence(claim.final.reasons),
                "counts_in": wording.counts_in(claim.credit.year),
                "reasons": "\n\n".join(reasons),
                "ground": ground(Basis.PANEL),
                "today": day_text(programme_day(claim.decided)),
                "journal": in_journal(
                    claim.outcome, None, stays=False, upload=self._next_upload(claim.decided), advance=False
                ),
            },
        )
        return Decision(
            case=case,
            panel=panel,
            approved=claim.outcome.approved,
            credits=claim.outcome.credits,
            subject=subject,
            letter=letter.replace("\n\n\n\n", "\n\n"),
            decided_at=claim.decided,
            decided_by=self.coordinator,
        )

    def _next_upload(self, at: datetime) -> date:
        day = programme_day(at)
        if not hasattr(self, "_a_year"):
            self._a_year = journals.policy_on(day).uploads_a_year
        return rules.next_upload(day, a_year=self._a_year)

    def _facts(self, claim, case: ReviewCase) -> dict[str, str]:
        return {
            "name": claim.person.name,
            "reference": case.reference,
            "title": claim.answers.title,
            "days": span_text(claim.answers.first_day, claim.answers.last_day),
            "sum": wording.sentence(claim.credit.reasons),
            "link": settings.SITE_URL + reverse("cecs:case", args=[case.reference]),
        }

    def _filled(self, template: str, context: dict[str, str]) -> tuple[str, str]:
        return outbox.filled(self.templates[template], context)

    def letters(self, claims: list, cases: list[ReviewCase], decisions: list[Decision]) -> Iterator[Message]:
        """Yield the receipt and the decision letter of each claim, sent long ago."""
        for claim, case, decision in zip(claims, cases, decisions, strict=True):
            template, context = self._receipt(claim, case)
            receipt = {"key": f"receipt:{case.reference}", "template": template, "context": context}
            yield self._sent(claim, case, claim.filed, *self._filled(template, context), **receipt)
            decided = {"key": f"decision:{decision.pk}"}
            yield self._sent(claim, case, claim.decided, decision.subject, decision.letter, **decided)

    def _receipt(self, claim, case: ReviewCase) -> tuple[str, dict[str, str]]:
        more = {"filed": day_text(case.filed_on), "most": in_credits(case.amount), "due": day_text(case.due_on)}
        return "cec-receipt", {**self._facts(claim, case), **more}

    def _sent(self, claim, case: ReviewCase, at: datetime, subject: str, text: str, **fields) -> Message:
        return Message(
            to=claim.person.email,
            person=claim.person,
            about=case.reference,
            subject=subject,
            text=text,
            html=twin.document(subject, text, words=self.words),
            state=MessageState.SENT,
            attempts=1,
            next_try_at=at,
            owed_at=at,
            claimed_at=at,
            sent_at=at + timedelta(seconds=1),
            **fields,
        )
