"""Whole histories of a journal against one kept on paper, as simply as SPEC 2.1 and 2.2 can be read.

The arithmetic alone, over two periods that touch: what each claim brings, where each line counts, what is told to the
membership system. ``test_history_machine`` does the same with the portal itself. ``make test`` tries a hundred, always
the same ones; ``make prove`` ten thousand, ever new.
"""

from calendar import isleap
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from journals import rules
from journals.rules import Claim, Credited, ExportLine, Line
from serportal.certifications.rules import last_day, years
from tests.journals.test_rules import POLICY, RATES, rate
from tests.reviews.test_machine import FEW

D = Decimal
PROVING = profile.default.max_examples > FEW
# A period, from 0, and a year of it, from 1; None for a day that no period holds.
Place = tuple[int, int] | None
OF_EVENTS = {"course", "training", "conference", "instruction", "event", "volunteering"}


# On paper ------------------------------------------------------------------------------------------------------
def birthday(start: date, n: int) -> date:
    """R-PER-2: counted from the start; 29 February falls on the 28th in common years."""
    if (start.month, start.day) == (2, 29) and not isleap(start.year + n):
        return date(start.year + n, 2, 28)
    return start.replace(year=start.year + n)


def year_on_paper(starts: list[date], day: date) -> Place:
    """Return (period, year from 1) of ``day`` by walking from one birthday to the next; no two hold one day."""
    for period, start in enumerate(starts):
        for year in range(1, 6):
            if birthday(start, year - 1) <= day < birthday(start, year):
                return period, year
    return None


@dataclass
class Paper:
    """A line as somebody would write it down. ``run`` is the upload that moved it, None while it waits.

    ``entry`` and ``at`` are its key and its moment where the portal holds it too, ``period`` the one that it went into.
    """

    what: str
    day: date
    credits: Decimal
    event: object = None
    course: str = ""
    code: str = ""
    taken_back: bool = False
    run: str | None = None
    entry: int = 0
    at: datetime | None = None
    period: int = 0


def worth_on_paper(claim: Claim, lines: list[Paper], place_of: Callable[[date], Place]) -> Decimal:
    """R-CAT, R-MIN, R-ONCE, R-DUP, R-DATE, R-CAP, R-VOL and R-STEP, each read once in the order of crediting."""
    place = place_of(claim.completed_on)
    stand = [line for line in lines if not line.taken_back and line.credits > 0]
    taught = claim.course and any(line.course == claim.course for line in stand)
    known = claim.code and any((line.code, line.what) == (claim.code, claim.activity) for line in stand)
    if place is None or (claim.hours is not None and claim.hours < 1) or taught or known:
        return D(0)
    measure, amount = RATES[claim.activity]
    left = claim.hours / amount if measure == "hours" else D(amount)
    if claim.activity in OF_EVENTS:
        left = min(left, 10 - sum(one.credits for one in stand if claim.event and one.event == claim.event))
    if claim.activity == "volunteering":
        same = [one for one in stand if one.what == "volunteering" and place_of(one.day)[0] == place[0]]
        left = min(left, 5 - sum(one.credits for one in same))
    return max(D(0), D(int(left * 4)) / 4)


# The arithmetic ------------------------------------------------------------------------------------------------
start_days = st.dates(date(1999, 1, 1), date(2090, 12, 31)) | st.sampled_from(
    [date(year, 2, 29) for year in (2000, 2020, 2024, 2048, 2088)]
)
acts = st.tuples(
    st.sampled_from(["claim", "claim", "claim", "back", "run"]),
    st.sampled_from(["training", "conference", "volunteering", "instruction", "event", "book"]),
    st.integers(0, 10),
    st.sampled_from([-1, 0, 1, 40, 300, 364]),
    st.decimals(D("0.5"), D(40), places=2),
    st.sampled_from([1, 2, None]),
    st.sampled_from(["", "", "envr1", "biol5"]),
    st.sampled_from(["", "", "", "one code"]),
    st.integers(0, 30),
)


@profile(max_examples=10_000 if PROVING else FEW, derandomize=not PROVING)
@given(start_days, st.lists(acts, max_size=14))
def test_a_history_is_what_it_is_on_paper(start, history):
    """R-CAP, R-VOL, R-ONCE, R-DUP, R-DATE, R-PER-2, R-PER-4, R-UPL-5: in any order, on both sides of every border."""
    starts = [start, birthday(start, 5)]
    spans = [rules.Span(tuple(years(first, last_day(first)))) for first in starts]
    lines: list[Paper] = []
    runs = 0
    for act, what, border, offset, hours, event, course, code, which in history:
        stand = [line for line in lines if not line.taken_back and line.credits > 0]
        if act == "back" and stand:
            gone = stand[which % len(stand)]
            gone.taken_back = True
            lines.append(Paper(gone.what, gone.day, -gone.credits, taken_back=True))
        elif act == "run":
            runs += 1
            for line in lines[: which + 1]:
                line.run = line.run or f"run {runs}"
        elif act == "claim":
            day = birthday(start, border) + timedelta(days=offset)
            hours = hours if RATES[what][0] == "hours" else None
            course = course if what == "instruction" else ""
            claim = Claim(what, day, hours, event=event if what != "book" else None, course=course, code=code)
            held = [
                Credited(one.what, one.day, one.credits, event=one.event, course=one.course, code=one.code)
                for one in stand
            ]
            span = next((span for span in spans if span.holds(day)), spans[-1])
            found = rules.credit(claim, rate=rate(what), policy=POLICY, span=span, held=held)
            assert found.amount == worth_on_paper(claim, lines, lambda day: year_on_paper(starts, day))
            place = year_on_paper(starts, day)
            assert (found.year and (spans.index(span), found.year.number)) == place
            if found.amount:
                lines.append(Paper(what, day, found.amount, claim.event, course, code))
    check_sums(lines, spans, starts)
    check_exports(lines, runs)


def check_sums(lines: list[Paper], spans: list[rules.Span], starts: list[date]) -> None:
    """Every line counts in one year of one period, whichever period it is shown to (R-DATE, R-PER-4)."""
    sums = defaultdict(lambda: [D(0), D(0)])
    for line in lines:
        sums[year_on_paper(starts, line.day)][line.run is None] += line.credits
    shown = [Line(line.day, line.credits, line.run is not None) for line in lines]
    for n, span in enumerate(spans):
        found = rules.progress(shown, years=span.years, goal=D(50), yearly=D(5))
        own = [sums[n, year] for year in range(1, 6)]
        assert [[one.uploaded, one.waiting] for one in found.years] == own
        assert [one.missing for one in found.years] == [max(D(0), 5 - sum(two)) for two in own]
        assert found.missing == max(D(0), 50 - sum(map(sum, own)))
        volunteered = [line.credits for line in lines if line.what == "volunteering" and span.holds(line.day)]
        assert 0 <= sum(volunteered) <= 5
    for event in (1, 2):
        assert sum(line.credits for line in lines if line.event == event and not line.taken_back) <= 10
    assert all(
        times == 1 for times in Counter(one.course for one in lines if one.course and not one.taken_back).values()
    )


def check_exports(lines: list[Paper], runs: int) -> None:
    """What a system of whole numbers was told, and what waits for the next export, is what was posted (R-UPL-5)."""
    kept, told = D(0), D(0)
    for run in range(1, runs + 1):
        moved = [ExportLine(line.day, n, line.credits) for n, line in enumerate(lines) if line.run == f"run {run}"]
        laid = rules.export_lines(moved, carried_in=kept, whole_numbers=True)
        step = rules.carry(kept, sum((one.credits for one in moved), D(0)), whole_numbers=True)
        assert sum(one.credits for one in laid) == step.exported and all(one.credits % 1 == 0 for one in laid)
        kept, told = step.carried_out, told + step.exported
    assert told + kept == sum((line.credits for line in lines if line.run), D(0)) and 0 <= kept < 1


@profile(max_examples=10_000 if PROVING else FEW, derandomize=not PROVING)
@given(start_days, st.integers(1, 12))
def test_periods_that_follow_each_other_touch_and_hold_every_day_once(start, periods):
    """R-PER-1, R-PER-2, R-PER-6: renewed again and again, also from 29 February, no day is lost or counted twice."""
    starts = list(accumulate(range(periods), lambda first, _n: last_day(first) + timedelta(days=1), initial=start))
    assert starts == list(accumulate(range(periods), lambda first, _n: birthday(first, 5), initial=start))
    spans = [year for first in starts for year in years(first, last_day(first))]
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(spans))
    assert all(364 <= (year.last - year.first).days <= 366 for year in spans)
