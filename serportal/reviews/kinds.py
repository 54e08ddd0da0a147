"""The one place where ``reviews`` meets the kinds of submission, by the names in ``settings.REVIEW_KINDS``."""

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from serportal.reviews.models import Decision, InfoRequest, Poll, ReviewCase
from serportal.reviews.rules import Outcome
from serportal.reviews.states import Basis, CaseState, Choice, Step, Topic


@dataclass(frozen=True)
class Days:
    """The timetable a kind starts with (SPEC 5); the rows in force are ``models.Timetable``."""

    screen_days: int
    ballot_days: int
    answer_days: int
    alternate_days: int
    settle_days: int
    proof_days: int


@dataclass(frozen=True)
class Worth:
    """The most a case can be granted now, with the lines of the sum and the sentence that says it.

    A kind without credits grants none: its lines are the sheet that was computed.
    """

    most: Decimal
    lines: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True)
class Check:
    """One thing that the portal compared about an approval code, and whether it agrees."""

    said: str
    holds: bool


@dataclass(frozen=True)
class Reading:
    """A case with its content, read once: what its template needs, and what the rules leave for it now.

    ``told`` is the content as [part, label, text], kept with each version (R-REV-6). ``over_on`` is the last day of an
    activity whose proof is still to come (R-DATE). ``code`` is an approval code that the submitter gave, ``checked``
    what was compared about it, and ``by_code`` says whether the coordinator alone may decide on it (R-REV-7).
    """

    case: ReviewCase
    worth: Worth
    content: dict
    told: list[list[str]] = field(default_factory=list)
    over_on: date | None = None
    code: str = ""
    checked: Sequence[Check] = ()
    by_code: bool = False


@dataclass(frozen=True)
class Verdict:
    """What was decided, on what ground, with the reasons that the letter gives, and the next steps where it has any."""

    outcome: Outcome
    basis: Basis
    advance: bool
    reasons: Sequence[str]
    note: str
    at: datetime
    steps: Sequence[str] = ()


@dataclass(frozen=True)
class Criterion:
    """One thing that reviewers judge by itself beside the ballot, and what the computed sheet says about it."""

    key: str
    label: str
    said: str = ""


@dataclass(frozen=True)
class Question:
    """What a case asks a whole committee: ``subject`` names what of it, ``words`` are read before the answer.

    A question that was answered is not asked again, unless about another subject or in other words (R-REV-10).
    """

    topic: Topic
    subject: str
    words: str


@dataclass(frozen=True)
class End:
    """What a kind calls an end for which “approved” or “denied” is not the word, and how it tells who filed it."""

    word: str
    says: str


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


class Kind:
    """What a kind of submission answers. Subclasses live in each app’s ``kind.py``; days count from filing.

    ``promised_days`` is SER’s own promise, which no timetable may exceed (R-REV-1, R-REV-2); ``parts`` are what an
    information request can question, ``proof_parts`` what the proof after an activity opens. ``credits`` says whether
    ballots grant credits.
    """

    credits = True
    # Whether what is granted is entered in the journal of whoever filed it.
    enters = False
    # Whether it may decide if a certification goes on: an open one that was filed in time keeps it as it is (R-PER-4).
    holds = False
    choices: tuple[Choice, ...] = (Choice.APPROVE, Choice.FEWER, Choice.DENY, Choice.ABSTAIN)
    # Whether what was decided about others is shown beside a case of this kind.
    compares = True
    # Whether three members vote; without a panel the coordinator decides once nothing is missing.
    has_panel = True
    # On what ground the coordinator decides where there is no panel.
    own_ground = Basis.PARTNER
    # Whether ``criteria`` are judged one by one.
    judges = False
    # Whether the whole committee decides instead of a panel (R-SPO-6), and whether that is the end of it.
    asks_all = False
    final = False
    # What the coordinator looks for before it goes on to its readers, where nothing else says what is still to come.
    to_screen = gettext_lazy("Read it below: are the days, the sum and the proof there?")
    # The letters to whoever filed what is closed without a decision, and to whoever withdraws.
    closed_letter = "case-closed"
    withdrawn_letter = "case-withdrawn"
    # The ends that it has words of its own for.
    ends: Mapping[CaseState, End] = MappingProxyType({})

    key: str
    series: str
    label: str
    committee: str
    content_template: str
    promised_days: int
    days: Days
    proof_parts: tuple[str, ...] = ()

    def read(self, case: ReviewCase) -> Reading:
        """Return the case with all that its readers, its ballots and its letter need."""
        raise self._silent

    def letter(self, reading: Reading, verdict: Verdict) -> Letter:
        """Return the decision letter, which never names a reviewer (R-REV-9)."""
        raise self._silent

    def carry_out(self, reading: Reading, decision: Decision, *, at: datetime) -> None:
        """Do what the decision means, inside its transaction."""
        raise self._silent

    def offer_taken(self, case: ReviewCase, decision: Decision, *, accept: bool, at: datetime) -> None:
        """Do what taking or declining the offer of ``decision`` means, inside its transaction (R-APP-9)."""
        raise self._silent

    def ended(self, case: ReviewCase, *, at: datetime) -> None:
        """Do what the end of ``case`` without a decision means, inside its transaction."""
        return

    def reopened(self, case: ReviewCase, *, at: datetime) -> None:
        """Do what opening a decided ``case`` again means, inside its transaction; a Refusal keeps it closed."""
        return

    def url(self, case: ReviewCase) -> str:
        """Return the path of the page on which the submitter follows the case."""
        raise self._silent

    def request_url(self, request: InfoRequest) -> str:
        """Return the path of the page on which the submitter answers a question or files the proof."""
        raise self._silent

    def parts(self, case: ReviewCase) -> list[tuple[str, str]]:
        """Return (key, name) of the parts of the submission that can be questioned (R-REV-8)."""
        raise self._silent

    def state_label(self, state: str) -> str:
        """Return the word for ``state`` of a case of this kind: on every page, in every list and table."""
        end = self.ends.get(CaseState(state))
        return str(end.word if end else CaseState(state).label)

    def topic_label(self, topic: str) -> str:
        """Return what ``topic`` is called, for tables over many cases."""
        return topic

    def precedents(self, case: ReviewCase):
        """Return the decisions of panels on the same event and activity, the latest first (R-REV-7)."""
        return Decision.objects.none()

    def with_code(self, cases):
        """Narrow ``cases`` to those that name something pre-approved, which may need no panel (R-REV-7)."""
        return cases.none()

    def flags(self, reading: Reading, *, by) -> list[str]:
        """Return sentences about what the reader ``by`` should notice: no number changes, no hidden case is named."""
        return []

    def ballots(self, case: ReviewCase) -> tuple[Choice, ...]:
        """Return the choices that reviewers of ``case`` have, in the order in which they are shown."""
        return self.choices

    def criteria(self, reading: Reading) -> Sequence[Criterion]:
        """Return what reviewers judge one by one beside the ballot."""
        return ()

    def read_alone(self, case: ReviewCase) -> bool:
        """Whether the coordinator is to decide ``case`` without a panel (R-REV-7); its submitter is told so."""
        return not self.has_panel

    def blocks(self, case: ReviewCase) -> list[str] | None:
        """Return sentences of what must be settled before the review (R-APP-11); None where no such gates exist."""
        return None

    def may_close(self, case: ReviewCase) -> bool:
        """Whether ``case``, which waits to be complete, may be ended without its review."""
        return True

    def may_decide_alone(self, case: ReviewCase, basis: Basis, choice: Choice) -> bool:
        """Whether the coordinator may make ``choice`` without a panel, on a ground that is this kind’s own."""
        return False

    def questions(self, case: ReviewCase) -> Sequence[Question]:
        """Return what is asked of the whole committee about ``case``; an approval waits for a yes (R-REV-10)."""
        return ()

    def barred(self, case: ReviewCase) -> set[int]:
        """Return the keys of people who decided before, and are not asked with the whole committee (R-SPO-6)."""
        return set()

    def answered(self, poll: Poll, *, at: datetime) -> None:
        """Do what the committee’s answer to ``poll`` means, inside its transaction."""
        return

    def steps(self, reading: Reading, outcome: Outcome, ballots: Sequence) -> list[str] | None:
        """Return the list of next steps that the letter proposes; None where a decision like this carries none."""
        return None

    @property
    def _silent(self) -> TypeError:
        return TypeError(f"{type(self).__name__} does not answer this.")


@functools.cache
def kinds() -> dict[str, Kind]:
    found = [import_string(path)() for path in settings.REVIEW_KINDS]
    return {kind.key: kind for kind in found}


def kind_of(case: ReviewCase) -> Kind:
    return kinds()[case.kind]


def unread_with_code(cases):
    """Narrow ``cases`` to those that no panel has yet and that name something pre-approved (R-REV-7)."""
    unread = cases.filter(state=CaseState.SUBMITTED, step__in=[Step.SCREEN, Step.SEAT])
    return functools.reduce(operator.or_, [kind.with_code(unread.filter(kind=key)) for key, kind in kinds().items()])
