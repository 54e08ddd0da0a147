"""What a plan stands on: the journal, what is credited and asked for already, and the dated rows that count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cecs import services as cecs
from cecs.models import CecSubmission
from journals import rules
from journals import services as journals
from journals.standing import Journal, current, lines_of, periods_of, told
from serportal.accounts.models import User
from serportal.certifications.models import Period
from serportal.certifications.states import CURRENT


@dataclass(frozen=True)
class Ground:
    """Everything that planned activities of one person are worked out on, read once."""

    person: User
    journal: Journal
    periods: Sequence[Period]
    lines: Sequence[rules.Line]
    claims: Sequence[CecSubmission]
    held: tuple[rules.Credited, ...]
    rows: journals.Rows

    @property
    def day(self) -> date:
        return self.journal.day

    @property
    def running(self) -> bool:
        """Whether the period still runs, so that new activities can count in it."""
        return self.journal.standing in CURRENT

    def progress_with(self, more: Sequence[rules.Line]) -> rules.Progress:
        """Return the sums of the journal as they would be with ``more`` approved too."""
        if not more:
            return self.journal.progress
        return told(self.journal.period, [*self.lines, *more], self.day, in_review=self.journal.in_review).progress

    def asked_in(self, first: date, last: date) -> Decimal:
        """Credits that open claims about these days may bring; they count for nothing yet."""
        return sum((one.case.amount or Decimal(0) for one in self.claims if first <= one.last_day <= last), Decimal(0))

    def credit(self, claim: rules.Claim, more: Iterable[rules.Credited] = ()) -> rules.Credit:
        """Return what ``claim`` would bring beside what is held, asked for and, with ``more``, planned before it."""
        day = claim.completed_on
        period = journals.period_among(self.periods, day, self.day)
        row, policy = self.rows.rate_on(claim.activity, day), self.rows.policy_on(day)
        return journals.credit_by(claim, period, row, policy, held=(*self.held, *more))


def ground_of(person, today: date) -> Ground | None:
    """Return what the plans of ``person`` stand on, or None for someone never certified.

    What is asked for weighs like what is held: claims take effect in the order of their approval (SPEC 2.1).
    """
    periods = periods_of(person)
    if not periods:
        return None
    period = current(periods, today)
    lines, claims = lines_of(period), cecs.open_claims(person)
    asked = [rules.as_credited(cecs.as_written(one, event=one.event), one.case.amount or Decimal(0)) for one in claims]
    return Ground(
        person=person,
        journal=told(period, lines, today, in_review=[one.case for one in claims]),
        periods=periods,
        lines=lines,
        claims=claims,
        held=(*journals.all_held_by(person), *asked),
        rows=journals.Rows.read(),
    )
