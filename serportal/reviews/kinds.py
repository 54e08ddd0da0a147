"""The one place where ``reviews`` meets the kinds of submission, by the names in ``settings.REVIEW_KINDS``."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.rules import Outcome


@dataclass(frozen=True)
class Worth:
    """The most a case can be granted now, with the lines of the sum and the sentence that says it."""

    most: Decimal
    lines: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True)
class Reading:
    """A case with its content, read once: what its template needs, and what the rules leave for it now."""

    case: ReviewCase
    worth: Worth
    content: dict


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


class Kind:
    """What a kind of submission answers. Subclasses live in each app’s ``kind.py``; days count from filing."""

    key: str
    series: str
    label: str
    committee: str
    content_template: str
    screen_days: int
    ballot_days: int
    answer_days: int

    def read(self, case: ReviewCase) -> Reading:
        """Return the case with all that its readers, its ballots and its letter need."""
        raise self._silent

    def letter(self, reading: Reading, outcome: Outcome, reasons: list[str], note: str, at: datetime) -> Letter:
        """Return the decision letter, which never names a reviewer (R-REV-9)."""
        raise self._silent

    def carry_out(self, reading: Reading, decision: Decision, *, at: datetime) -> None:
        """Do what the decision means, inside its transaction."""
        raise self._silent

    def url(self, case: ReviewCase) -> str:
        """Return the path of the page on which the submitter follows the case."""
        raise self._silent

    @property
    def _silent(self) -> TypeError:
        return TypeError(f"{type(self).__name__} does not answer this.")


@cache
def kinds() -> dict[str, Kind]:
    found = [import_string(path)() for path in settings.REVIEW_KINDS]
    return {kind.key: kind for kind in found}


def kind_of(case: ReviewCase) -> Kind:
    return kinds()[case.kind]
