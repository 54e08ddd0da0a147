"""What must be true before a period is renewed, and from when to when it can be (R-PER-4, R-PER-6, R-PER-7)."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from journals.rules.sums import Progress, YearSum
from serportal.certifications.rules import reinstated_until, renewal_opens


@dataclass(frozen=True)
class Gate:
    """One thing that a renewal needs: a code for tests, whether it is there, and the values of its sentence."""

    code: str
    met: bool
    values: dict = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A period with all that bears on its renewal.

    ``ended`` says that its certification did before its time, ``following`` is the first day of a later period,
    ``open`` the reference of a renewal that is not decided yet. ``filed_on`` is the day on which the one that is looked
    at was filed: what was filed in time is not too late, however long it is read. ``asked`` names, by the number of a
    year, a request for an arrangement that is still being read.
    """

    ends_on: date
    progress: Progress
    lapsed_on: date | None = None
    ended: bool = False
    following: date | None = None
    open: str = ""
    filed_on: date | None = None
    asked: Mapping[int, str] = dataclasses.field(default_factory=dict)


def gates(held: Held, today: date) -> list[Gate]:
    """Return everything that the renewal of a period needs, met or not.

    What rules it out for good is told alone: nothing that the member could earn would change it.
    """
    barred = _barred(held, today)
    return [barred] if barred else [_opening(held, today), *tally(held, today)]


def _barred(held: Held, today: date) -> Gate | None:
    if held.ended:
        return Gate("ended", met=False)
    if held.following is not None:
        return Gate("followed", met=False, values={"day": held.following})
    if held.lapsed_on is not None and (held.filed_on or today) > reinstated_until(held.lapsed_on):
        return Gate("too-late", met=False, values={"day": held.ends_on, "last": reinstated_until(held.lapsed_on)})
    if held.open:
        return Gate("open", met=False, values={"reference": held.open})
    return None


def _opening(held: Held, today: date) -> Gate:
    opens = renewal_opens(held.ends_on)
    return Gate("opens", met=today >= opens, values={"day": opens})


def tally(held: Held, today: date) -> Iterator[Gate]:
    """Yield the credits of the period and of each of its years: approved ones count, uploaded or not (R-PER-4)."""
    sums = held.progress
    values = {"total": sums.total, "goal": sums.goal, "missing": sums.missing, "ends": held.ends_on}
    yield Gate("total" if today <= held.ends_on else "total-over", met=not sums.missing, values=values)
    for one in sums.years:
        yield _of_year(one, held.asked.get(one.year.number, ""), today)


def _of_year(one: YearSum, asked: str, today: date) -> Gate:
    """Say what a year lacks, and by which way it can still come to it (R-PER-3, R-PER-4)."""
    values = {"number": one.year.number, "last": one.year.last, "total": one.total, "least": one.least}
    values |= {"missing": one.missing}
    if not one.missing:
        return Gate("year", met=True, values=values)
    if one.year.last >= today:
        return Gate("year-runs", met=False, values=values)
    if asked:
        return Gate("year-asked", met=False, values={**values, "reference": asked})
    if one.arranged is not None and one.arranged.until is not None and one.arranged.until >= today:
        made_up = {"day": one.arranged.until, "reference": one.arranged.reference}
        return Gate("year-made-up", met=False, values={**values, **made_up})
    return Gate("year-short", met=False, values=values)
