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
class Letter:
    subject: str
    text: str


class Kind:
    """What a kind of submission answers. Subclasses live in each app's ``kind.py``; days count from filing."""

    key: str
    series: str
    label: str
    committee: str
    content_template: str
    screen_days: int
    ballot_days: int
    answer_days: int

    def content(self, case: ReviewCase) -> dict:
        """Return what ``content_template`` needs to show the submission to whoever may read it."""
        raise TypeError(f"{type(self).__name__} does not answer this.")

    def worth(self, case: ReviewCase, at: datetime) -> Worth:
        """Return what the rules leave for this case at ``at``."""
        raise TypeError(f"{type(self).__name__} does not answer this.")

    def letter(self, case: ReviewCase, outcome: Outcome, reasons: list[str], note: str, at: datetime) -> Letter:
        """Return the decision letter, which never names a reviewer (R-REV-9)."""
        raise TypeError(f"{type(self).__name__} does not answer this.")

    def carry_out(self, case: ReviewCase, decision: Decision, *, by, at: datetime) -> None:
        """Do what the decision means, inside its transaction."""
        raise TypeError(f"{type(self).__name__} does not answer this.")

    def url(self, case: ReviewCase) -> str:
        """Return the path of the page on which the submitter follows the case."""
        raise TypeError(f"{type(self).__name__} does not answer this.")


@cache
def kinds() -> dict[str, Kind]:
    found = [import_string(path)() for path in settings.REVIEW_KINDS]
    return {kind.key: kind for kind in found}


def kind_of(case: ReviewCase) -> Kind:
    return kinds()[case.kind]
