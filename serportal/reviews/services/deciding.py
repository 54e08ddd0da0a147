"""The decision: previewed, then made with its letter, its effect and its message in one transaction (R-REV-9)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import Letter, Reading, kind_of
from serportal.reviews.models import Ballot, Decision, Panel, ReviewCase
from serportal.reviews.services.moving import lock, move
from serportal.reviews.states import APPROVING, CaseState, Choice, Move, Step
from serportal.ui.refusal import Refusal


@dataclass(frozen=True)
class Preview:
    """A decision as it would be made now. ``digest`` names exactly this text, so that only this text is sent."""

    reading: Reading
    panel: Panel
    ballots: list[Ballot]
    outcome: rules.Outcome
    letter: Letter
    digest: str


def preview(case: ReviewCase, *, note: str = "", reading: Reading | None = None, at: datetime | None = None) -> Preview:
    """Work out the decision of a case whose ballots are all in; changes nothing. Raises Refusal before that.

    ``reading`` spares reading the case again where the caller has done so.
    """
    at = at or timezone.now()
    if case.step != Step.DECIDE:
        raise Refusal(
            "not-ready",
            _("{reference} is “{step}”, so there is no decision to send.").format(
                reference=case.reference, step=case.get_step_display()
            ),
        )
    panel, ballots = _closed_panel(case)
    kind = kind_of(case)
    reading = reading or kind.read(case)
    outcome = rules.tally([rules.Vote(Choice(one.choice), one.credits) for one in ballots], most=reading.worth.most)
    if outcome is None:
        raise Refusal("not-ready", _("{0} has fewer than three deciding ballots.").format(case.reference))
    letter = kind.letter(reading, outcome, _reasons(ballots, outcome), note, at)
    digest = hashlib.sha256(f"{letter.subject}\n{letter.text}\n{outcome.credits}".encode()).hexdigest()
    return Preview(reading, panel, ballots, outcome, letter, digest)


@transaction.atomic
def decide(case_id: int, *, digest: str, note: str = "", by, at: datetime | None = None) -> Decision:
    """Make the decision whose letter was previewed as ``digest`` and owe the letter to the member.

    Raises Refusal when the case is not ready, or when the letter would read differently by now (another approval
    took the credits, a day passed): the coordinator reads the new one first.
    """
    at = at or timezone.now()
    case = lock(case_id)
    get_user_model().objects.select_for_update(no_key=True).get(pk=case.filed_by_id)
    made = preview(case, note=note, at=at)
    if made.digest != digest:
        raise Refusal(
            "changed-letter",
            _("The letter changed since you read it. Nothing was sent. Read the new one below, then send it."),
        )
    case.granted, case.decided_at = made.outcome.credits, at
    what = Move.APPROVE if made.outcome.approved else Move.DENY
    move(case, what, by=by, at=at, also=("granted", "decided_at"))
    decision = Decision.objects.create(
        case=case,
        panel=made.panel,
        approved=case.state == CaseState.APPROVED,
        credits=made.outcome.credits,
        subject=made.letter.subject,
        letter=made.letter.text,
        decided_at=at,
        decided_by=by,
    )
    kind_of(case).carry_out(made.reading, decision, at=at)
    outbox.owe_ready(
        key=f"decision:{decision.pk}",
        to=case.filed_by.email,
        person=case.filed_by,
        subject=decision.subject,
        text=decision.letter,
        about=case.reference,
    )
    return decision


def _closed_panel(case: ReviewCase) -> tuple[Panel, list[Ballot]]:
    """Return the newest panel and its deciding ballots, in the order of the seats."""
    cast = Ballot.objects.filter(seat__panel__case=case, seat__counts=True, seat__panel__closed_at__isnull=False)
    cast = sorted(
        cast.standing().select_related("seat__member", "seat__panel"),
        key=lambda ballot: (-ballot.seat.panel.round, ballot.seat.place),
    )
    panel = cast[0].seat.panel
    return panel, [ballot for ballot in cast if ballot.seat.panel_id == panel.pk]


def _reasons(ballots: list[Ballot], outcome: rules.Outcome) -> list[str]:
    """Return the reasons of the ballots that carried, each once and without its author."""
    carried = [one for one in ballots if (one.choice in APPROVING) == outcome.approved and one.reason]
    if outcome.approved:
        carried = [one for one in carried if one.choice == Choice.FEWER and one.credits is not None]
    return list(dict.fromkeys(one.reason for one in carried))
