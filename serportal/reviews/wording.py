"""Where a case is, who holds it and what happens next by when, in plain words (SPEC 3)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.reviews import rules
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Step
from serportal.ui.words import day_text, in_credits


@dataclass(frozen=True)
class Standing:
    """One case in words, with the clock behind them; ``yours`` says that it waits for its author."""

    where: str
    next: str
    clock: rules.Clock
    yours: bool = False
    running: bool = True


def standing(case: ReviewCase, today: date) -> Standing:
    """Say where ``case`` stands on ``today`` to the person who filed it."""
    clock = rules.clock(filed_on=case.clock_on, due_on=case.due_on, today=today)
    if case.step == Step.DONE:
        return Standing(_ended(case), _("Nothing more is asked of you."), clock, running=False)
    if case.step == Step.PROOF:
        return _ahead(case, clock)
    if case.step == Step.OFFER:
        where = _("With you: you are offered CERPIT.")
        then = _("Accept or decline by {due}. After that day the offer is gone.").format(due=day_text(case.due_on))
        return Standing(where, then, clock, yours=True, running=False)
    if case.step == Step.GATES:
        return _incomplete(case, clock, today)
    if case.step == Step.ANSWER:
        where = _("With you: the coordinator asked you something. Day {day} of {of}.").format(
            day=clock.day, of=clock.of
        )
        return Standing(
            where,
            _("Answer soon: we mean to write to you by {due}, and that day stays while we wait.").format(
                due=day_text(case.due_on)
            ),
            clock,
            yours=True,
        )
    holder = _holder(case)
    if case.clock_on > today:
        where = _("{holder} The review begins after the window closes on {closes}. You will hear by {due}.").format(
            holder=holder, closes=day_text(case.clock_on), due=day_text(case.due_on)
        )
        return Standing(where, _("Nothing is asked of you now. If that changes, you get an e-mail."), clock)
    if clock.late:
        where = _("{holder} Day {day} of {of}: we are {late} days late, and we are sorry.").format(
            holder=holder, day=clock.day, of=clock.of, late=clock.late
        )
        return Standing(where, _("We promised an answer by {due}.").format(due=day_text(case.due_on)), clock)
    where = _("{holder} Day {day} of {of}. You will hear by {due}.").format(
        holder=holder, day=clock.day, of=clock.of, due=day_text(case.due_on)
    )
    return Standing(where, _("Nothing is asked of you now. If that changes, you get an e-mail."), clock)


def state_text(case: ReviewCase) -> str:
    """Return the word for the state of ``case``, in the words of its kind."""
    return kind_of(case).state_label(case.state)


def _ended(case: ReviewCase) -> str:
    end = kind_of(case).ends.get(CaseState(case.state))
    if end is not None:
        return str(end.says)
    return {
        CaseState.APPROVED: _("Approved: {credits}.").format(credits=in_credits(case.granted or 0))
        if kind_of(case).credits
        else _("Approved."),
        CaseState.DENIED: _("Denied. The letter says why."),
        CaseState.WITHDRAWN: _("Withdrawn. Nothing was decided."),
    }[CaseState(case.state)]


def _incomplete(case: ReviewCase, clock: rules.Clock, today: date) -> Standing:
    """Say that something is still to come before the review; the page lists what, and who holds it (R-APP-11)."""
    where = _(
        "Not complete yet: something is still to come before the review. The list below says what, and from whom."
    )
    if case.clock_on > today:
        then = _("The window closes on {closes}; what is complete by then or soon after is decided by {due}.")
        then = then.format(closes=day_text(case.clock_on), due=day_text(case.due_on))
    else:
        then = _("Once it is complete, the review begins.")
    return Standing(where, then, clock, yours=True)


def _ahead(case: ReviewCase, clock: rules.Clock) -> Standing:
    """Say what an approval in advance waits for: its last day, then the proof (R-DATE)."""
    credits = in_credits(case.amount or 0)
    if case.state == CaseState.IN_ADVANCE:
        where = _("Approved in advance, up to {credits}. Nothing is credited before the activity is over.")
        then = _("After {day} we ask you for the proof.").format(day=day_text(case.over_on))
        return Standing(where.format(credits=credits), then, clock, running=False)
    where = _("With you: approved in advance, up to {credits}, and the activity is over.")
    then = _("Add the proof by {due}; then the coordinator confirms the credits.").format(due=day_text(case.due_on))
    return Standing(where.format(credits=credits), then, clock, yours=True, running=False)


def _holder(case: ReviewCase) -> str:
    return {
        Step.SCREEN: _("With the coordinator, who checks that it is complete."),
        Step.HELD: _("With the coordinator, who decides whether it goes to the committee."),
        Step.ALONE: _("Complete. The coordinator decides."),
        Step.SEAT: _("Complete. The coordinator is choosing three committee members.")
        if case.state in {CaseState.SUBMITTED, CaseState.READY}
        else _("The coordinator is choosing three committee members."),
        Step.VOTE: _("With the committee: {n} of 3 have voted.").format(n=case.ballots_in),
        Step.FILL: _("With the committee: {n} of 3 have voted, and the coordinator is filling a seat.").format(
            n=case.ballots_in
        ),
        Step.SETTLE: _("All three have voted. They are looking at it together once more."),
        Step.POLL: _("With the whole committee, which votes on it."),
        Step.DECIDE: _("The committee has voted. The coordinator is writing to you."),
        Step.CONFIRM: _("With the coordinator, who reads your proof."),
    }[Step(case.step)]


WHAT_TO_DO = {
    Step.SCREEN: gettext_lazy("Screen: is it complete?"),
    Step.GATES: gettext_lazy("Incomplete: see what is still to come"),
    Step.HELD: gettext_lazy("Settle what keeps it from the committee"),
    Step.ALONE: gettext_lazy("Decide: it is complete, and there is no panel"),
    Step.SEAT: gettext_lazy("Seat three members"),
    Step.VOTE: gettext_lazy("Nothing: {n} of 3 voted"),
    Step.FILL: gettext_lazy("Fill a seat that is open again"),
    Step.SETTLE: gettext_lazy("Nothing: the ballots differ, and the panel looks at them"),
    Step.POLL: gettext_lazy("Nothing: the whole committee votes"),
    Step.DECIDE: gettext_lazy("Decide: read the letter and send it"),
    Step.ANSWER: gettext_lazy("Nothing: the submitter was asked a question"),
    Step.PROOF: gettext_lazy("Nothing: the proof is to come"),
    Step.CONFIRM: gettext_lazy("Confirm: read the proof and send the letter"),
    Step.OFFER: gettext_lazy("Nothing: the applicant was offered CERPIT"),
    Step.DONE: gettext_lazy("Nothing: ended"),
}


def todo(step: str, ballots_in: int) -> str:
    """Say what the coordinator has to do about a case, from two columns of its row."""
    return WHAT_TO_DO[Step(step)].format(n=ballots_in)
