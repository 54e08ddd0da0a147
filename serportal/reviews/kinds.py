"""The one place where ``reviews`` meets the kinds of submission, by the names in ``settings.REVIEW_KINDS``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from serportal.reviews.models import Decision, InfoRequest, ReviewCase
from serportal.reviews.rules import Outcome
from serportal.reviews.states import Basis


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
    """The most a case can be granted now, with the lines of the sum and the sentence that says it."""

    most: Decimal
    lines: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True)
class Reading:
    """A case with its content, read once: what its template needs, and what the rules leave for it now.

    ``told`` is the content as [part, label, text], kept with each version (R-REV-6). ``over_on`` is the last day of an
    activity whose proof is still to come (R-DATE). ``code`` is an approval code that the submitter gave (R-REV-7).
    """

    case: ReviewCase
    worth: Worth
    content: dict
    told: list[list[str]] = field(default_factory=list)
    over_on: date | None = None
    code: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was decided, on what ground, with the reasons that the letter gives."""

    outcome: Outcome
    basis: Basis
    advance: bool
    reasons: Sequence[str]
    note: str
    at: datetime


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


class Kind:
    """What a kind of submission answers. Subclasses live in each app’s ``kind.py``; days count from filing.

    ``promised_days`` is SER’s own promise, which no timetable may exceed (R-REV-1, R-REV-2); ``parts`` are what an
    information request can question, ``proof_parts`` what the proof after an activity opens.
    """

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

    def url(self, case: ReviewCase) -> str:
        """Return the path of the page on which the submitter follows the case."""
        raise self._silent

    def request_url(self, request: InfoRequest) -> str:
        """Return the path of the page on which the submitter answers a question or files the proof."""
        raise self._silent

    def parts(self, case: ReviewCase) -> list[tuple[str, str]]:
        """Return (key, name) of the parts of the submission that can be questioned (R-REV-8)."""
        raise self._silent

    def topic_label(self, topic: str) -> str:
        """Return what ``topic`` is called, for tables over many cases."""
        return topic

    def precedents(self, case: ReviewCase):
        """Return the decisions of panels on the same event and activity, the latest first (R-REV-7)."""
        return Decision.objects.none()

    def flags(self, reading: Reading, *, by) -> list[str]:
        """Return sentences about what the reader ``by`` should notice: no number changes, no hidden case is named."""
        return []

    @property
    def _silent(self) -> TypeError:
        return TypeError(f"{type(self).__name__} does not answer this.")


@cache
def kinds() -> dict[str, Kind]:
    found = [import_string(path)() for path in settings.REVIEW_KINDS]
    return {kind.key: kind for kind in found}


def kind_of(case: ReviewCase) -> Kind:
    return kinds()[case.kind]
