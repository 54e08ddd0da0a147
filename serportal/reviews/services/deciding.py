"""The decision: previewed, then made with its letter, its effect and its message in one transaction (R-REV-9)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import Letter, Reading, Verdict, kind_of
from serportal.reviews.models import Ballot, Decision, InfoRequest, Panel, ReviewCase, Seat, Vote
from serportal.reviews.services import polls
from serportal.reviews.services.asking import open_request
from serportal.reviews.services.ballots import as_votes, check_fewer, deciding_ballots
from serportal.reviews.services.moving import illegal, lock, lock_for, move, needed, owe_to_author
from serportal.reviews.services.panel import current_panel
from serportal.reviews.states import AHEAD, APPROVING, Answer, Basis, CaseState, Choice, Move, Purpose, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, in_credits, programme_day


@dataclass(frozen=True)
class Alone:
    """What the coordinator decides without a panel, and on what ground (R-REV-7, R-DATE)."""

    basis: Basis
    choice: Choice
    credits: Decimal | None = None
    reason: str = ""
    precedent: Decision | None = None


@dataclass(frozen=True)
class Preview:
    """A decision as it would be made now. ``digest`` names exactly this text, so that only this text is sent."""

    reading: Reading
    panel: Panel | None
    ballots: list[Ballot]
    verdict: Verdict
    letter: Letter
    digest: str

    @property
    def outcome(self) -> rules.Outcome:
        return self.verdict.outcome


def preview(
    case: ReviewCase,
    *,
    note: str = "",
    steps: Sequence[str] | None = None,
    alone: Alone | None = None,
    reading: Reading | None = None,
    closed: tuple[Panel, list[Ballot]] | None = None,
    at: datetime | None = None,
) -> Preview:
    """Work out the decision of a case as it would be made now; changes nothing.

    ``steps`` are the next steps as the coordinator wrote them, None for those the portal proposes (R-APP-8).

    Raises Refusal before all ballots are in, where the coordinator may not decide ``alone`` like this, and for an
    approval while the whole committee has not said yes to what it was asked (R-REV-10).
    ``reading`` and ``closed`` (the closed panel and its ballots) spare reading them again where the caller has.
    """
    at = at or timezone.now()
    kind = kind_of(case)
    reading = reading or kind.read(case)
    if alone is not None:
        panel, ballots, basis = None, [], alone.basis
        outcome, reasons = _judged_alone(case, reading, alone)
    elif kind.asks_all:
        panel, ballots, basis = None, [], Basis.COMMITTEE
        outcome, reasons = _judged_by_all(case)
    else:
        panel, ballots, basis, outcome = _judged_by_panel(case, reading, closed)
        reasons = _reasons(ballots, outcome, most=reading.worth.most)
        if outcome.approved:
            polls.check_answers(case)
    advance = outcome.approved and reading.over_on is not None and basis != Basis.PROOF
    proposed = kind.steps(reading, outcome, ballots)
    given = () if proposed is None else tuple(proposed if steps is None else steps)
    if proposed is not None and not given:
        raise Refusal("no-steps", _("The list of next steps is empty. Write at least one; the letter carries them."))
    verdict = Verdict(outcome, basis, advance, reasons, note, at, given)
    letter = kind.letter(reading, verdict)
    digest = hashlib.sha256(f"{letter.subject}\n{letter.text}\n{outcome.credits}\n{given}".encode()).hexdigest()
    return Preview(reading, panel, ballots, verdict, letter, digest)


@transaction.atomic
def decide(
    case_id: int,
    *,
    digest: str,
    note: str = "",
    steps: Sequence[str] | None = None,
    alone: Alone | None = None,
    by,
    at: datetime | None = None,
) -> Decision:
    """Make the decision whose letter was previewed as ``digest`` and owe the letter to the member.

    Raises Refusal when the case is not ready, or when the letter would read differently by now (another approval
    took the credits, a day passed): the coordinator reads the new one first.
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    get_user_model().objects.select_for_update(no_key=True).get(pk=case.filed_by_id)
    made = preview(case, note=note, steps=steps, alone=alone, at=at)
    if made.digest != digest:
        raise Refusal(
            "changed-letter",
            _("The letter changed since you read it. Nothing was sent. Read the new one below, then send it."),
        )
    verdict = made.verdict
    decision = Decision.objects.create(
        case=case,
        basis=verdict.basis,
        panel=made.panel,
        precedent=alone.precedent if alone else None,
        advance=verdict.advance,
        note=alone.reason if alone else "",
        approved=verdict.outcome.approved,
        offer=verdict.outcome.offer,
        steps=list(verdict.steps),
        credits=verdict.outcome.credits,
        subject=made.letter.subject,
        letter=made.letter.text,
        decided_at=at,
        decided_by=by,
    )
    InfoRequest.objects.filter(case=case, closed_at__isnull=True).update(closed_at=at)
    polls.end_all(case, at=at)
    if verdict.outcome.offer:
        _offer(case, by=by, at=at)
    elif verdict.advance:
        _approve_in_advance(case, made, by=by, at=at)
    else:
        _end(case, made, by=by, at=at)
    kind_of(case).carry_out(made.reading, decision, at=at)
    outbox.owe_ready(
        key=f"decision:{decision.pk}",
        at=at,
        to=case.filed_by.email,
        person=case.filed_by,
        subject=decision.subject,
        text=decision.letter,
        about=case.reference,
    )
    return decision


def _end(case: ReviewCase, made: Preview, *, by, at: datetime) -> None:
    case.granted, case.decided_at = made.outcome.credits, at
    what = Move.APPROVE if made.outcome.approved else Move.DENY
    move(case, what, by=by, at=at, also=("granted", "decided_at"))


def _offer(case: ReviewCase, *, by, at: datetime) -> None:
    """Offer the lower level, for the applicant to take until ``due_on`` (R-APP-9)."""
    case.clock_on = max(programme_day(at), case.filed_on)
    case.due_on = case.clock_on + rules.OFFER_STANDS
    move(case, Move.OFFER, by=by, at=at, also=("clock_on", "due_on"))


@transaction.atomic
def take_offer(case_id: int, *, accept: bool, by=None, at: datetime | None = None) -> ReviewCase:
    """Accept or decline an offer for its applicant ``by``; without ``by`` it ran out. Pressed twice, it is done once.

    Raises Refusal where no offer is open, and after its last day. The kind does what accepting means.
    """
    at = at or timezone.now()
    case = lock(case_id)
    if by is not None and case.filed_by_id != by.pk:
        raise ReviewCase.DoesNotExist(f"{case_id} is not a case of {by.pk}")
    ended = case.events.filter(move__in=[Move.ACCEPT, Move.REFUSE, Move.LAPSE], at__gte=_offered_at(case)).last()
    if ended is not None and case.step == Step.DONE and (ended.move == Move.ACCEPT) == accept:
        return case
    if case.step == Step.OFFER and by is not None and programme_day(at) > case.due_on:
        raise Refusal(
            "run-out",
            _("The offer ran out on {day}. Write to us if you still want it.").format(day=day_text(case.due_on)),
        )
    case.granted, case.decided_at = Decimal(0), at
    what = Move.ACCEPT if accept else Move.REFUSE if by is not None else Move.LAPSE
    move(case, what, by=by, at=at, also=("granted", "decided_at"))
    kind_of(case).offer_taken(case, case.decisions.filter(offer=True).latest("pk"), accept=accept, at=at)
    return case


def _offered_at(case: ReviewCase) -> datetime:
    offer = case.decisions.filter(offer=True).order_by("pk").last()
    if offer is None:
        raise illegal(case)
    return offer.decided_at


def lapse_offers(at: datetime | None = None) -> int:
    """End every offer whose last day is over; return how many. Any tick finds them."""
    at, ended = at or timezone.now(), 0
    over = ReviewCase.objects.filter(step=Step.OFFER, due_on__lt=programme_day(at))
    for case_id in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            if lock(case_id).step == Step.OFFER:
                take_offer(case_id, accept=False, at=at)
                ended += 1
    return ended


def _approve_in_advance(case: ReviewCase, made: Preview, *, by, at: datetime) -> None:
    """Approve “up to”: the author files the proof once the activity is over (R-DATE)."""
    case.amount, case.over_on = made.outcome.credits, made.reading.over_on
    case.due_on = max(case.over_on, programme_day(at)) + timedelta(days=case.timetable.proof_days)
    move(case, Move.ADVANCE, by=by, at=at, also=("amount", "over_on", "due_on"))
    InfoRequest.objects.create(
        case=case,
        purpose=Purpose.PROOF,
        parts=list(kind_of(case).proof_parts),
        asked_at=at,
        from_state=CaseState.AWAITING_PROOF,
        from_step=Step.PROOF,
    )
    if case.over_on < programme_day(at):
        move(case, Move.OVER, by=None, at=at)


def _judged_by_panel(case: ReviewCase, reading: Reading, closed: tuple[Panel, list[Ballot]] | None = None):
    """Return (panel, ballots, basis, outcome) of a case whose ballots are all in."""
    if closed is None or case.step != Step.DECIDE:
        panel = current_panel(case) if case.step == Step.DECIDE else None
        closed = panel, deciding_ballots(panel, case.revision) if panel else []
    panel, ballots = closed
    outcome = rules.tally(as_votes(ballots), most=reading.worth.most, quorum=panel.quorum) if panel else None
    if outcome is None:
        raise _not_ready(case)
    return panel, ballots, Basis.PANEL if panel.quorum == rules.SEATS else Basis.TWO, outcome


def _judged_by_all(case: ReviewCase) -> tuple[rules.Outcome, list[str]]:
    """Return (outcome, reasons) of what the whole committee decided (R-SPO-6); the reasons name nobody."""
    poll = case.polls.filter(outcome__isnull=False).last() if case.step == Step.DECIDE else None
    if poll is None:
        raise _not_ready(case)
    side = Answer.YES if poll.outcome else Answer.NO
    votes = Vote.objects.filter(voter__poll=poll, voter__state=SeatState.VOTED).standing()
    reasons = [one.reason for one in votes if one.answer == side and one.reason]
    return rules.Outcome(approved=poll.outcome, credits=Decimal(0)), list(dict.fromkeys(reasons))


def _not_ready(case: ReviewCase) -> Refusal:
    return Refusal(
        "not-ready",
        _("{reference} is “{step}”, so there is no decision to send.").format(
            reference=case.reference, step=case.get_step_display()
        ),
    )


def _judged_alone(case: ReviewCase, reading: Reading, alone: Alone):
    """Return (outcome, reasons) of the coordinator’s own decision; raises Refusal where it is not theirs to make."""
    what = Move.DENY if alone.choice == Choice.DENY else Move.APPROVE
    if alone.choice not in {Choice.APPROVE, Choice.FEWER, Choice.DENY}:
        raise illegal(case)
    if not rules.after(case.state, case.step, what) or case.step == Step.DECIDE:
        raise illegal(case)
    _check_ground(case, reading, alone)
    if alone.choice == Choice.DENY:
        return rules.Outcome(approved=False, credits=Decimal(0)), [
            needed(alone.reason, _("Denying needs a reason. The member reads it."))
        ]
    most = min(reading.worth.most, promised(case)) if alone.basis == Basis.PROOF else reading.worth.most
    if alone.choice == Choice.FEWER:
        check_fewer(alone.credits, most)
        reason = needed(alone.reason, _("Granting fewer credits needs a reason. The member reads it."))
        return rules.Outcome(approved=True, credits=alone.credits), [reason]
    return rules.Outcome(approved=True, credits=most), []


def promised(case: ReviewCase) -> Decimal:
    """Return the credits up to which a case was approved in advance (R-DATE)."""
    return case.decisions.filter(advance=True).values_list("credits", flat=True).first() or Decimal(0)


def _check_ground(case: ReviewCase, reading: Reading, alone: Alone) -> None:
    """Raise Refusal unless the coordinator may decide on this ground without a panel (R-REV-7)."""
    refused = {
        Basis.PRECEDENT: _("No panel has decided this event and activity yet, so a panel decides it."),
        Basis.CODE: _("No approval code was found to count for this, so a panel decides it."),
        Basis.PROOF: _("Nothing was approved in advance here, so there is no proof to confirm."),
        Basis.PARTNER: _("The college has not confirmed this graduate, so it can only be denied, with the reason."),
        Basis.OFFICE: _("This is not for the coordinator to decide alone."),
    }
    allowed = {
        Basis.PRECEDENT: lambda: (
            case.timetable.precedent_lane
            and alone.precedent is not None
            and kind_of(case).precedents(case).filter(pk=alone.precedent.pk).exists()
        ),
        Basis.CODE: lambda: case.timetable.code_lane and reading.by_code,
        Basis.PROOF: lambda: case.state in AHEAD,
        Basis.PARTNER: lambda: kind_of(case).may_decide_alone(case, Basis.PARTNER, alone.choice),
        Basis.OFFICE: lambda: kind_of(case).may_decide_alone(case, Basis.OFFICE, alone.choice),
    }
    in_proof = case.state in AHEAD
    if alone.basis not in allowed or (alone.basis == Basis.PROOF) != in_proof or not allowed[alone.basis]():
        raise Refusal("no-ground", refused.get(alone.basis, _("This is for a panel to decide.")))


def _reasons(ballots: list[Ballot], outcome: rules.Outcome, *, most: Decimal) -> list[str]:
    """Return the reasons of the ballots that carried, each once and without its author.

    Why someone would have granted fewer is no reason of a decision that grants ``most``.
    """
    if outcome.offer:
        return list(dict.fromkeys(one.reason for one in ballots if one.choice == Choice.OFFER and one.reason))
    carried = [one for one in ballots if (one.choice in APPROVING) == outcome.approved and one.reason]
    if outcome.approved and outcome.credits >= most:
        return []
    if outcome.approved:
        carried = [one for one in carried if one.choice == Choice.FEWER and one.credits is not None]
    return list(dict.fromkeys(one.reason for one in carried))


@transaction.atomic
def reopen(case_id: int, *, reason: str, by, at: datetime | None = None) -> ReviewCase:
    """Open a decided case again for a new panel; nothing is deleted, and what was granted stands until then (R-REV-9).

    The seats of the panel that decided count no more. The member is told why and by when they hear.
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    reason = needed(reason, _("Reopening needs a reason. The member reads it in a letter."))
    if kind_of(case).final:
        raise Refusal("final", _("The decision on {0} is final and cannot be opened again.").format(case.reference))
    case.granted, case.decided_at, case.ballots_in = None, None, 0
    case.clock_on = programme_day(at)
    case.due_on = case.clock_on + timedelta(days=case.timetable.answer_days)
    fields = ("granted", "decided_at", "ballots_in", "clock_on", "due_on")
    place = None if kind_of(case).has_panel else (CaseState.READY, Step.ALONE)
    if rules.after(case.state, case.step, Move.REOPEN) is None:
        raise illegal(case)
    move(case, Move.REOPEN, by=by, at=at, note=reason, also=fields, to=place)
    InfoRequest.objects.filter(case=case, closed_at__isnull=True).update(closed_at=at)
    Seat.objects.filter(panel__case=case, counts=True).update(counts=False)
    kind_of(case).reopened(case, at=at)
    key = f"reopened:{case.decisions.latest('pk').pk}"
    owe_to_author(case, "case-reopened", key=key, at=at, reason=reason, due=day_text(case.due_on))
    return case


def await_proof(at: datetime | None = None) -> int:
    """Ask for the proof of every case approved in advance whose activity is over; return how many (R-DATE).

    Any tick finds them, however late it runs.
    """
    at, asked = at or timezone.now(), 0
    over = ReviewCase.objects.filter(state=CaseState.IN_ADVANCE, over_on__lt=programme_day(at))
    for case_id in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            case = lock(case_id)
            if case.state == CaseState.IN_ADVANCE:
                move(case, Move.OVER, by=None, at=at)
                owe_to_author(
                    case,
                    "case-proof",
                    key=f"proof:{case.pk}:{case.over_on}",
                    at=at,
                    credits=in_credits(case.amount),
                    due=day_text(case.due_on),
                    answer_link=settings.SITE_URL + kind_of(case).request_url(open_request(case)),
                )
                asked += 1
    return asked
