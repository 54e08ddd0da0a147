"""Claims approved = entries = exported, to the quarter credit: each figure summed apart, and what differs (R-UPL-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from journals.models import Entry, Statement, Upload
from journals.states import Source
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState

# Reviews name this kind of submission; its approval is what makes an entry.
CLAIM = "cec"
SHOWN = 100
ZERO = Decimal(0)

# A case brought what its entries hold, less what was taken back; anything else is listed with its reason.
CASES = """
    SELECT c.id, c.reference, c.headline, c.state = 'approved' AS approved,
        CASE WHEN c.state = 'approved' THEN c.granted ELSE 0 END AS granted,
        coalesce(sum(e.credits), 0) + coalesce(sum(r.credits), 0) AS held, min(r.id) AS correction,
        count(*) OVER () AS found
    FROM reviews_reviewcase c LEFT JOIN reviews_decision d ON d.case_id = c.id
    LEFT JOIN journals_entry e ON e.decision_id = d.id LEFT JOIN journals_entry r ON r.reverses_id = e.id
    WHERE c.kind = %s AND c.id <> ALL (%s::bigint[])
    GROUP BY c.id
    HAVING CASE WHEN c.state = 'approved' THEN c.granted ELSE 0 END
        <> coalesce(sum(e.credits), 0) + coalesce(sum(r.credits), 0)
    ORDER BY c.filed_at DESC, c.id DESC LIMIT %s
"""
RUNS = """
    WITH moved AS (
        SELECT e.upload_id, count(*) AS entries, sum(e.credits) AS credits, sum(d.credits) AS approved,
            sum(e.credits) FILTER (WHERE e.source = 'claim') AS claims,
            sum(e.credits) FILTER (WHERE e.source = 'import') AS earlier,
            sum(e.credits) FILTER (WHERE e.source = 'reversal') AS corrections
        FROM journals_entry e LEFT JOIN reviews_decision d ON d.id = e.decision_id
        WHERE e.upload_id IS NOT NULL GROUP BY e.upload_id
    ), stated AS (
        SELECT upload_id, sum(posted) AS posted, sum(exported) AS exported, sum(carried_out - carried_in) AS kept
        FROM journals_statement GROUP BY upload_id
    )
    SELECT u.id, coalesce(approved, 0), coalesce(claims, 0), coalesce(earlier, 0), coalesce(corrections, 0),
        coalesce(credits, 0), u.control_total, coalesce(posted, 0), coalesce(exported, 0), coalesce(kept, 0),
        coalesce(entries, 0) = u.entries_posted
    FROM journals_upload u LEFT JOIN moved ON moved.upload_id = u.id LEFT JOIN stated ON stated.upload_id = u.id
    WHERE u.posted_at IS NOT NULL ORDER BY u.posted_at DESC, u.id DESC
"""
# The last statement of a period closes at what its uploaded entries come to.
PERIODS = """
    WITH moved AS (
        SELECT period_id, person_id, sum(credits) AS credits FROM journals_entry
        WHERE upload_id IS NOT NULL GROUP BY period_id, person_id
    ), last AS (SELECT DISTINCT ON (period_id) period_id, closing FROM journals_statement ORDER BY period_id, id DESC)
    SELECT person.id, person.name, moved.credits, coalesce(last.closing, 0)
    FROM moved LEFT JOIN last USING (period_id) JOIN accounts_user person ON person.id = moved.person_id
    WHERE moved.credits <> coalesce(last.closing, 0) AND person.id <> ALL (%s::bigint[])
    ORDER BY person.name, person.id LIMIT %s
"""


class Run(NamedTuple):
    """One posted upload: what was approved for its claims, what its entries are, what it told, what was exported."""

    upload: Upload
    approved: Decimal
    claims: Decimal
    earlier: Decimal
    corrections: Decimal
    credits: Decimal
    control_total: Decimal
    posted: Decimal
    exported: Decimal
    kept: Decimal
    counted: bool

    @property
    def agrees(self) -> bool:
        totals = {self.credits, self.control_total, self.posted, self.exported + self.kept}
        return self.counted and self.approved == self.claims and len(totals) == 1


class Case(NamedTuple):
    """A claim whose entries do not come to what it was granted."""

    pk: int
    reference: str
    headline: str
    approved: bool
    granted: Decimal
    held: Decimal
    correction: int | None
    found: int


class Member(NamedTuple):
    """A member whose statements do not close at what the uploaded entries come to."""

    pk: int
    name: str
    entries: Decimal
    statements: Decimal


@dataclass(frozen=True)
class Sums:
    """What everything comes to, each figure from its own table."""

    cases: int
    approved: Decimal
    claims: Decimal
    earlier: Decimal
    uploaded: Decimal
    waiting: Decimal
    control_totals: Decimal
    posted: Decimal
    exported: Decimal
    kept: Decimal

    @property
    def entries(self) -> Decimal:
        return self.claims + self.earlier

    @property
    def uploads_agree(self) -> bool:
        return len({self.uploaded, self.control_totals, self.posted, self.exported + self.kept}) == 1

    @property
    def more(self) -> Decimal:
        """Credits in entries of claims beyond what stands approved."""
        return self.claims - self.approved

    @property
    def less(self) -> Decimal:
        return -self.more


@dataclass(frozen=True)
class Reconciliation:
    """All figures, run by run and in all; ``cases`` and ``members`` are what does not agree, as far as one may know."""

    sums: Sums
    runs: Sequence[Run]
    cases: Sequence[Case]
    members: Sequence[Member]

    @property
    def agrees(self) -> bool:
        """Whether everything agrees but claims whose difference was somebody’s act: taken back, or opened again."""
        told = all(case.correction or not case.approved for case in self.cases)
        return told and self.sums.uploads_agree and not self.members and all(run.agrees for run in self.runs)

    @property
    def unlisted(self) -> int:
        return self.cases[0].found - len(self.cases) if self.cases else 0


def reconcile(user) -> Reconciliation:
    """Return every figure, and what differs but cases that a conflict hides from ``user`` (R-REV-5)."""
    hidden = list(ReviewCase.objects.hidden_from(user).values_list("pk", "filed_by"))
    cases = _rows(CASES, CLAIM, [case for case, _person in hidden], SHOWN)
    members = _rows(PERIODS, [person for _case, person in hidden], SHOWN)
    uploads = Upload.objects.filter(posted_at__isnull=False).in_bulk()
    runs = [Run(uploads[pk], *figures) for pk, *figures in _rows(RUNS) if pk in uploads]
    return Reconciliation(_sums(), runs, list(starmap(Case, cases)), list(starmap(Member, members)))


def _sums() -> Sums:
    approved = ReviewCase.objects.filter(kind=CLAIM, state=CaseState.APPROVED)
    of_claims = Q(source=Source.CLAIM) | Q(reverses__source=Source.CLAIM)
    stated = Statement.objects.aggregate(
        posted=_total("posted"), exported=_total("exported"), came=_total("carried_in"), stays=_total("carried_out")
    )
    return Sums(
        **approved.aggregate(cases=Count("pk"), approved=_total("granted")),
        **Entry.objects.aggregate(
            claims=_total("credits", of_claims),
            earlier=_total("credits", ~of_claims),
            uploaded=_total("credits", Q(upload__isnull=False)),
            waiting=_total("credits", Q(upload__isnull=True)),
        ),
        **Upload.objects.filter(posted_at__isnull=False).aggregate(control_totals=_total("control_total")),
        posted=stated["posted"],
        exported=stated["exported"],
        kept=stated["stays"] - stated["came"],
    )


def _total(field: str, which: Q | None = None):
    return Coalesce(Sum(field, filter=which), ZERO)


def _rows(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
