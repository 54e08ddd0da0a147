"""The way of one case as its author sees it: what happened, what it waits for now, what comes (SPEC 3, R-REV-9).

Nothing here tells who the reviewers are, or which of them said what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from serportal.reviews.kinds import kind_of
from serportal.reviews.models import CaseEvent, ReviewCase
from serportal.reviews.states import CaseState, Move, Step
from serportal.ui.words import day_text, moment_text, number, programme_day

# The moves that end a case, told in the words of its kind.
ENDING = {Move.APPROVE: CaseState.APPROVED, Move.DENY: CaseState.DENIED}
# The panel’s own business is not in here; of its seats, the first of each round is told.
TOLD = frozenset(
    {
        Move.FILE,
        Move.SCREEN,
        Move.HOLD,
        Move.KEEP,
        Move.READY,
        Move.CLEAR,
        Move.ASK,
        Move.RETRACT,
        Move.ANSWER,
        Move.COMPLETE,
        Move.SPLIT,
        Move.SETTLE,
        Move.TWO,
        Move.REASSIGN,
        Move.EXTEND,
        Move.WINDOW,
        Move.ADVANCE,
        Move.OVER,
        Move.PROVE,
        Move.OFFER,
        Move.ACCEPT,
        Move.REFUSE,
        Move.LAPSE,
        Move.WITHDRAW,
        Move.CLOSE,
        Move.REOPEN,
    }
)
# Of questions to a whole committee only those that decide the case are told.
OF_ALL = frozenset({Move.OPEN, Move.ADMIT, Move.CARRY, Move.FALL})
# What is told with the words that were written about it.
QUOTED = frozenset({Move.ASK, Move.ANSWER, Move.EXTEND, Move.WINDOW, Move.WITHDRAW, Move.CLOSE, Move.REOPEN})
TO_THE_MINUTE = frozenset(
    {
        Move.FILE,
        Move.ASK,
        Move.ANSWER,
        Move.PROVE,
        Move.ADVANCE,
        Move.OFFER,
        Move.ACCEPT,
        Move.REFUSE,
    }
)


@dataclass(frozen=True)
class Stop:
    """One stop of the way; ``place`` is ``done``, ``here`` or empty for what is to come; ``said`` quotes somebody."""

    title: str
    when: str = ""
    text: str = ""
    said: str = ""
    place: str = ""


def trail(case: ReviewCase, events: Iterable[CaseEvent]) -> list[Stop]:
    """Return every stop of ``case`` in order: done, then here, then to come."""
    return [*_done(case, events), *_ahead(case)]


def _done(case: ReviewCase, events: Iterable[CaseEvent]) -> list[Stop]:
    stops, seated = [], False
    told = TOLD | OF_ALL if kind_of(case).asks_all else TOLD
    for event in events:
        move = Move(event.move)
        if move in {Move.REASSIGN, Move.REOPEN}:
            seated = False
        if move == Move.SEAT and not seated:
            seated = True
            stops.append(_stop(event, move))
        elif move in ENDING:
            stops.append(_end(case, event, move))
        elif move in told:
            stops.append(_stop(event, move))
    return stops


def _end(case: ReviewCase, event: CaseEvent, move: Move) -> Stop:
    word = capfirst(kind_of(case).state_label(ENDING[move]))
    return Stop(
        word, moment_text(event.at), _("The letter is on this page and went to your e-mail address."), "", "done"
    )


def _stop(event: CaseEvent, move: Move) -> Stop:
    title, text = {
        Move.FILE: (_("You filed it"), _("A receipt went to your e-mail address.")),
        Move.SCREEN: (_("The coordinator checked it"), _("Complete. Nothing was missing.")),
        Move.HOLD: (_("We checked it"), _("Something was still to come before the review."))
        if event.by_id is None
        else (_("The coordinator checked it"), _("Something was still to come before the review.")),
        Move.KEEP: (_("The coordinator checked it"), _("It did not go to the committee at once.")),
        Move.READY: (_("It is complete"), _("Everything is there, so it can be reviewed.")),
        Move.CLEAR: (_("It is complete"), _("Everything is there, so it can be decided.")),
        Move.ASK: (_("We asked you") if event.by_id is None else _("The coordinator asked you"), ""),
        Move.RETRACT: (_("The question was taken back"), _("Nothing is left for you to answer.")),
        Move.ANSWER: (_("You answered"), ""),
        Move.SEAT: (
            _("It went to the committee"),
            _("Three members read it. Each says first whether they have a conflict of interest."),
        ),
        Move.COMPLETE: (_("All three have voted"), ""),
        Move.SPLIT: (_("All three have voted"), _("They did not agree at once, and looked at it together.")),
        Move.SETTLE: (_("The vote is settled"), ""),
        Move.TWO: (_("The committee has voted"), _("Two ballots that agree decide.")),
        Move.REASSIGN: (_("It goes to three other members"), _("What was voted before does not count.")),
        Move.EXTEND: (_("We needed longer"), ""),
        Move.WINDOW: (_("The review window changed"), ""),
        Move.ADVANCE: (_("Approved in advance"), _("The letter is on this page. The credits wait for your proof.")),
        Move.OVER: (_("The activity was over"), _("We asked you for the proof.")),
        Move.PROVE: (_("You added the proof"), ""),
        Move.OFFER: (_("You were offered CERPIT"), _("The letter is on this page and went to your e-mail address.")),
        Move.ACCEPT: (_("You accepted the offer"), _("You are certified as CERPIT.")),
        Move.REFUSE: (_("You declined the offer"), ""),
        Move.LAPSE: (_("The offer ran out"), _("Nobody answered it by its last day.")),
        Move.WITHDRAW: (_("You withdrew it"), ""),
        Move.CLOSE: (_("We closed it without a decision"), ""),
        Move.REOPEN: (_("The coordinator opened it again"), ""),
        Move.ADMIT: (_("It came late, and the coordinator let it in"), ""),
        Move.OPEN: (
            _("It went to the whole committee"),
            _("Each member says first whether they have a conflict of interest, then votes."),
        ),
        Move.CARRY: (_("The committee has voted"), ""),
        Move.FALL: (_("The committee has voted"), ""),
    }[move]
    when = moment_text(event.at) if move in TO_THE_MINUTE else day_text(programme_day(event.at))
    said = event.note if move in QUOTED else ""
    return Stop(title, when, text, said, "done")


def _ahead(case: ReviewCase) -> list[Stop]:
    by = _("By {due}").format(due=day_text(case.due_on))
    letter = Stop(_("You get a letter"), by, _("By e-mail and on this page, with the reason."))
    if case.step == Step.DONE:
        return []
    if case.step == Step.PROOF:
        confirmed = Stop(_("The coordinator confirms the credits"), text=_("Never more than approved in advance."))
        proof = _("You add the proof")
        if case.state == CaseState.IN_ADVANCE:
            return [_here(_("The activity takes place"), _until(case.over_on)), Stop(proof), confirmed]
        return [_here(proof, by), confirmed]
    here = {
        Step.SCREEN: _here(
            _("The coordinator checks that it is complete"), text=_("If something is missing, you get an e-mail.")
        ),
        Step.ANSWER: _here(_("You answer"), text=_("Only what was asked about is open to you again.")),
        Step.GATES: _here(_("It becomes complete"), text=_("What is still to come is listed on this page.")),
        Step.HELD: _here(_("The coordinator decides whether it goes to the committee")),
        Step.ALONE: _here(_("The coordinator decides")),
        Step.OFFER: _here(_("You accept or decline"), by),
        Step.SEAT: _here(_("The coordinator chooses three committee members"), _after_close(case)),
        Step.SETTLE: _here(
            _("The three look at it together"), text=_("They voted differently. Each may change the ballot once more.")
        ),
        Step.POLL: _here(
            _("The whole committee votes"), text=_("Nobody sees a vote before the answer is certain or the days over.")
        ),
        Step.DECIDE: None,
        Step.CONFIRM: _here(_("The coordinator reads your proof")),
    }.get(
        Step(case.step),
        _here(
            _("{n} of 3 have voted").format(n=number(case.ballots_in)),
            text=_("All three vote before anyone sees a ballot. Two that agree decide."),
        ),
    )
    if here is None:
        return [Stop(letter.title, letter.when, letter.text, place="here")]
    if case.step == Step.OFFER:
        return [here]
    if case.step in {Step.SCREEN, Step.GATES} and kind_of(case).read_alone(case):
        return [here, letter]
    if case.step in {Step.SCREEN, Step.HELD} and kind_of(case).asks_all:
        return [here, Stop(_("The whole committee votes")), letter]
    if case.step in {Step.SCREEN, Step.GATES}:
        return [here, Stop(_("Three committee members read it")), letter]
    return [here, letter]


def _here(title: str, when: str = "", text: str = "") -> Stop:
    return Stop(title, when, text, place="here")


def _after_close(case: ReviewCase) -> str:
    """Say from when what waits for a window is reviewed (R-APP-2)."""
    return _("After {day}").format(day=day_text(case.clock_on)) if case.clock_on > case.filed_on else ""


def _until(day: date | None) -> str:
    return _("Until {day}").format(day=day_text(day)) if day else ""
