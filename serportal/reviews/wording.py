"""Where a case is, who holds it and what happens next by when, in plain words (SPEC 3)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.reviews import rules
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Step
from serportal.ui.words import day_text, number


@dataclass(frozen=True)
class Standing:
    """One case in words, with the clock behind them."""

    where: str
    next: str
    clock: rules.Clock


def standing(case: ReviewCase, today: date) -> Standing:
    """Say where ``case`` stands on ``today`` to the person who filed it."""
    clock = rules.clock(filed_on=case.filed_on, due_on=case.due_on, today=today)
    if case.step == Step.DONE:
        where = {
            CaseState.APPROVED: _("Approved: {credits} credits.").format(credits=number(case.granted or 0)),
            CaseState.DENIED: _("Denied. The letter says why."),
        }[CaseState(case.state)]
        return Standing(where, _("Nothing more is asked of you."), clock)
    holder = {
        Step.SCREEN: _("With the coordinator, who checks that it is complete."),
        Step.SEAT: _("Complete. The coordinator is choosing three committee members."),
        Step.VOTE: _("With the committee: {n} of 3 have voted.").format(n=case.ballots_in),
        Step.FILL: _("With the committee: {n} of 3 have voted, and the coordinator is filling a seat.").format(
            n=case.ballots_in
        ),
        Step.DECIDE: _("All three have voted. The coordinator is writing to you."),
    }[Step(case.step)]
    if clock.late:
        where = _("{holder} Day {day} of {of}: we are {late} days late, and we are sorry.").format(
            holder=holder, day=clock.day, of=clock.of, late=clock.late
        )
        return Standing(where, _("We promised an answer by {due}.").format(due=day_text(case.due_on)), clock)
    where = _("{holder} Day {day} of {of}. You will hear by {due}.").format(
        holder=holder, day=clock.day, of=clock.of, due=day_text(case.due_on)
    )
    return Standing(where, _("Nothing is asked of you now. If that changes, you get an e-mail."), clock)


WHAT_TO_DO = {
    Step.SCREEN: gettext_lazy("Screen: is it complete?"),
    Step.SEAT: gettext_lazy("Seat three members"),
    Step.VOTE: gettext_lazy("Nothing: {n} of 3 voted"),
    Step.FILL: gettext_lazy("Fill a seat that is open again"),
    Step.DECIDE: gettext_lazy("Decide: read the letter and send it"),
    Step.DONE: gettext_lazy("Nothing: decided"),
}


def todo(step: str, ballots_in: int) -> str:
    """Say what the coordinator has to do about a case, from two columns of its row."""
    return WHAT_TO_DO[Step(step)].format(n=ballots_in)
