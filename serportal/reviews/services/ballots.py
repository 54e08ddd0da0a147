"""Ballots: blind until all are in, each on one version, tallied by themselves (R-REV-3, R-REV-4, R-REV-6)."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.reviews import rules
from serportal.reviews.kinds import Kind, kind_of
from serportal.reviews.models import Ballot, Panel, ReviewCase, Seat
from serportal.reviews.services.moving import lock, lock_for, move, needed
from serportal.reviews.services.panel import (
    candidates,
    current_panel,
    fill,
    new_hint,
    owe_to_seat,
    own_seat,
    replace,
    tell_replaced,
)
from serportal.reviews.states import GIVEN_UP, NEEDS_REASON, Choice, Judgement, Move, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import moment_text, number, programme_day


@transaction.atomic
def cast(
    seat_id: int,
    *,
    by,
    key: uuid.UUID,
    revision: int,
    choice: Choice,
    credits: Decimal | None = None,
    reason: str = "",
    judgements: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Ballot:
    """Add ``by``’s ballot; the third deciding one closes the panel. The same ``key`` again returns the first ballot.

    Raises Refusal for a ballot on an older revision (R-REV-6), on a closed panel, without the conflict question
    answered, without a needed reason, for a choice or criteria that the kind does not have, or for credits outside what
    the rules leave (R-REV-4). While a split panel is
    open to itself each may revise once (R-REV-3).
    """
    at = at or timezone.now()
    case, seat = own_seat(seat_id, by)
    cast_before = Ballot.objects.filter(submit_key=key, seat=seat).first()
    if cast_before is not None:
        return cast_before
    _check_seat(case, seat, revision)
    _check_ballot(case, choice, credits, reason)
    judged = _judged(case, choice, judgements or {})
    ballot = Ballot.objects.create(
        seat=seat,
        revision=revision,
        submit_key=key,
        choice=choice,
        credits=credits if choice == Choice.FEWER else None,
        reason=reason,
        judgements=judged,
        cast_at=at,
    )
    if case.step == Step.SETTLE:
        _settle_seat(case, seat, by=by, at=at)
    else:
        seat.state, seat.counts = SeatState.VOTED, choice != Choice.ABSTAIN
        seat.save(update_fields=["state", "counts"])
        _count_ballots(case, seat.panel, by, at)
    return ballot


@transaction.atomic
def confirm(seat_id: int, *, by, at: datetime | None = None) -> Seat:
    """Leave one’s ballot as it is while the split panel is open to itself; asked again, it stays so (R-REV-3)."""
    at = at or timezone.now()
    case, seat = own_seat(seat_id, by)
    if seat.settled:
        return seat
    if case.step != Step.SETTLE or not seat.counts:
        raise Refusal("not-split", _("The panel of {0} is not open to itself any more.").format(case.reference))
    _settle_seat(case, seat, by=by, at=at)
    return seat


def _check_seat(case: ReviewCase, seat: Seat, revision: int) -> None:
    if seat.state in GIVEN_UP or (seat.state == SeatState.VOTED and not seat.counts):
        raise Refusal("stepped-out", _("You stepped out of {0}; the seat is no longer yours.").format(case.reference))
    if case.step == Step.ANSWER:
        raise Refusal(
            "asked",
            _("A question about {0} was sent to whoever filed it. Vote when it is answered.").format(case.reference),
        )
    if case.step == Step.SETTLE and not seat.settled:
        pass
    elif seat.panel.closed_at or case.step not in {Step.VOTE, Step.FILL}:
        raise Refusal("closed", _("All ballots on {0} are in, so yours stands as it is.").format(case.reference))
    if seat.state == SeatState.INVITED:
        raise Refusal("undeclared", _("Answer the conflict question first; the ballot follows it."))
    if new_hint(seat):
        raise Refusal(
            "new-hint",
            _("Since you declared no conflict, you and the member came to share an employer or a mail domain. ")
            + _("Answer the conflict question once more; your ballot follows it."),
        )
    if revision != case.revision:
        raise Refusal(
            "old-revision", _("This was changed by whoever filed it after you opened it. Read it again, then vote.")
        )


def _check_ballot(case: ReviewCase, choice: Choice, credits: Decimal | None, reason: str) -> None:
    if case.step == Step.SETTLE and choice == Choice.ABSTAIN:
        raise Refusal("no-abstention", _("All ballots are in. Confirm yours, or approve or deny."))
    if choice not in kind_of(case).ballots(case):
        raise Refusal(
            "no-such-ballot", _("This is not one of the ballots on {0}. Tick one of the list.").format(case.reference)
        )
    if choice in NEEDS_REASON and not reason:
        raise Refusal("no-reason", needs_reason(kind_of(case)))
    if choice == Choice.FEWER:
        check_fewer(credits, kind_of(case).read(case).worth.most)


def needs_reason(kind: Kind) -> str:
    """Say which ballots of a kind need a reason, and who reads it."""
    if kind.credits:
        return _("Denying or granting fewer credits needs a reason. The member reads it.")
    return _("Denying or offering CERPIT needs a reason. The applicant reads it.")


def _judged(case: ReviewCase, choice: Choice, judgements: Mapping[str, str]) -> dict[str, str]:
    """Return what was said about each criterion; raises Refusal where one is missing from a ballot that decides."""
    kind = kind_of(case)
    wanted = [one.key for one in kind.criteria(kind.read(case))] if kind.judges else []
    known = {key: judgements[key] for key in wanted if judgements.get(key) in Judgement.values}
    if choice != Choice.ABSTAIN and len(known) < len(wanted):
        raise Refusal("no-judgement", _("Some criteria have no tick yet. Say of each whether it is met."))
    return known


def check_fewer(credits: Decimal | None, most: Decimal) -> None:
    """Raise Refusal unless ``credits`` is fewer than the rules leave, in steps of a quarter (R-REV-4)."""
    if credits is None or not rules.QUARTER <= credits < most or credits % rules.QUARTER:
        raise Refusal(
            "credits",
            _("Fewer credits means from 0.25 to less than {most}, in steps of 0.25.").format(most=number(most)),
        )


def deciding_ballots(panel: Panel, revision: int) -> list[Ballot]:
    """Return the ballots of ``panel`` that count, in the order of the seats."""
    cast = Ballot.objects.filter(seat__panel=panel, seat__counts=True, seat__state=SeatState.VOTED, revision=revision)
    return sorted(cast.standing().select_related("seat__member"), key=lambda ballot: ballot.seat.place)


def as_votes(ballots: list[Ballot]) -> list[rules.Vote]:
    return [rules.Vote(Choice(one.choice), one.credits) for one in ballots]


def _count_ballots(case: ReviewCase, panel: Panel, by, at: datetime) -> None:
    """Keep ``ballots_in`` true, fill the place of an abstention, close the panel after the third ballot."""
    counting = list(panel.seats.counting().values_list("state", flat=True))
    case.ballots_in = counting.count(SeatState.VOTED)
    move(case, Move.VOTE, by=by, at=at, also=("ballots_in",))
    if case.ballots_in == rules.SEATS:
        _close(case, panel, by=by, at=at)
    elif len(counting) < rules.SEATS and case.step == Step.VOTE:
        move(case, Move.ABSTAIN, by=by, at=at)
        fill(case, at=at)


def _close(case: ReviewCase, panel: Panel, *, by, at: datetime) -> None:
    """All ballots are in: ready to decide, or, where they differ, open to the panel itself first (R-REV-3)."""
    panel.closed_at = at
    if rules.split(as_votes(deciding_ballots(panel, case.revision))):
        panel.split_until = at + timedelta(days=case.timetable.settle_days)
        move(case, Move.SPLIT, by=by, at=at)
        for seat in panel.seats.counting().select_related("panel__case", "member"):
            until = moment_text(panel.split_until)
            owe_to_seat(seat, "seat-split", key=f"split:{seat.pk}:{case.revision}", at=at, until=until)
    else:
        move(case, Move.COMPLETE, by=by, at=at)
    panel.save(update_fields=["closed_at", "split_until"])


def _settle_seat(case: ReviewCase, seat: Seat, *, by, at: datetime) -> None:
    """The ballot of this seat stands; once all three do, the tally stands."""
    seat.settled = True
    seat.save(update_fields=["settled"])
    move(case, Move.VOTE, by=by, at=at)
    if not seat.panel.seats.counting().filter(settled=False).exists():
        move(case, Move.SETTLE, by=by, at=at)


def settle_over(at: datetime | None = None) -> int:
    """Let the tally of every split panel whose days are over stand; return how many. Any tick finds them."""
    at, settled = at or timezone.now(), 0
    for case_id in list(Panel.objects.split_over(at).values_list("case", flat=True)):
        with transaction.atomic():
            case = lock(case_id)
            panel = current_panel(case)
            if case.step == Step.SETTLE and panel.split_until <= at:
                move(case, Move.SETTLE, by=None, at=at)
                settled += 1
    return settled


def replace_silent(at: datetime | None = None) -> int:
    """Offer the place of everyone whose ballot is overdue to an alternate; return how many (SPEC 5: day 15).

    Where nobody is left who may sit, the silent member keeps the seat and the coordinator sees it. Any tick finds them.
    """
    at, replaced = at or timezone.now(), 0
    for seat_id, case_id in list(Seat.objects.silent(programme_day(at)).values_list("pk", "panel__case")):
        with transaction.atomic():
            case = lock(case_id)
            silent = Seat.objects.silent(programme_day(at)).filter(pk=seat_id).exists()
            if silent and case.timetable.fills_itself and _alternate_ready(case, at):
                replace(seat_id, reason=_("The ballot was not in by its day."), by=None, at=at)
                replaced += 1
    return replaced


def _alternate_ready(case: ReviewCase, at: datetime) -> bool:
    return any(not facts.hint and facts.away_until is None for _person, facts in candidates(case, at))


@transaction.atomic
def close_on_two(case_id: int, *, reason: str, by, at: datetime | None = None) -> ReviewCase:
    """Close a panel on the two ballots that are in, if they agree; logged with its reason (R-REV-3).

    Raises Refusal unless exactly two deciding ballots are in and both approve or both deny.
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    reason = needed(reason, _("Deciding on two ballots needs a reason. It stays in the history of the case."))
    if rules.after(case.state, case.step, Move.TWO):
        panel = current_panel(case)
        ballots = deciding_ballots(panel, case.revision)
        if len(ballots) != 2 or rules.split(as_votes(ballots)):
            raise Refusal(
                "not-two",
                _("Two ballots that agree are needed to decide {0}, and there are none. Fill the seat instead.").format(
                    case.reference
                ),
            )
        panel.quorum, panel.closed_at = 2, at
        panel.save(update_fields=["quorum", "closed_at"])
        waiting = panel.seats.counting().exclude(state=SeatState.VOTED).select_related("panel__case", "member")
        for seat in waiting:
            tell_replaced(seat, at)
        waiting.update(state=SeatState.REPLACED, counts=False)
    move(case, Move.TWO, by=by, at=at, note=reason)
    return case
