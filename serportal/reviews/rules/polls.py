"""What a whole committee answers: more than half of the electorate carries (R-REV-10, R-SPO-6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from serportal.reviews.states import Answer


@dataclass(frozen=True)
class Count:
    """How a question stands: ``able`` of the ``whole`` electorate may answer, ``open`` of them have not yet."""

    whole: int
    able: int
    yes: int
    open: int

    @property
    def needed(self) -> int:
        return majority(self.whole)


def majority(whole: int) -> int:
    """Return how many must say yes: more than half of the whole electorate, whoever answers."""
    return whole // 2 + 1


def count(answers: Iterable[str | None], *, barred: int = 0) -> Count:
    """Count ``answers`` of those who may answer (None: not yet), and ``barred`` more who count and may not."""
    said = list(answers)
    return Count(len(said) + barred, len(said), said.count(Answer.YES), said.count(None))


def result(count: Count, *, over: bool = False) -> bool | None:
    """Return what the committee answers, or None while it is open.

    It is certain as soon as more than half say yes, or too few are left to reach that; once its days are ``over``, what
    is not a yes is a no. Where nobody is left who may answer, nothing is decided.
    """
    if not count.able:
        return None
    if count.yes >= count.needed:
        return True
    return False if over or not count.open or count.yes + count.open < count.needed else None
