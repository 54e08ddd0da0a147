"""Loads the demonstration: all of it in one transaction, once, and only where nobody else’s data is."""

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from serportal.accounts.models import User
from serportal.bell import ring
from serportal.certifications.models import Certification
from serportal.demo import (
    applying,
    arranging,
    asking,
    cases,
    certified,
    drafts,
    history,
    letters,
    people,
    renewing,
    sponsoring,
    volume,
)
from serportal.demo.clock import Clock
from serportal.files.models import StoredFile
from serportal.outbox.services import DRAIN
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal

# Making thousands of rows takes longer than a request may. Foreign keys keep the plan they made while the tables were
# empty, which must therefore not be a sequential scan. They are checked at once, because every row that meets a trigger
# opens a subtransaction, and each of these would walk the whole queue of checks put off to the end.
SETTINGS = [
    "SET LOCAL statement_timeout = '120s'",
    "SET LOCAL idle_in_transaction_session_timeout = '300s'",
    "SET LOCAL enable_seqscan = off",
    "SET CONSTRAINTS ALL IMMEDIATE",
]


def loaded() -> bool:
    """Whether the demonstration is here: its accounts come and go together, in one transaction."""
    emails = [people.address(key) for key in people.ACCOUNTS]
    return User.objects.filter(email__in=emails).count() == len(emails)


def check_may_seed() -> None:
    """Raise Refusal wherever demonstration data has no business."""
    if not (settings.DEMO or settings.PORTAL_MODE == "test"):
        raise Refusal(
            "not-a-demonstration",
            "This portal does not run as a demonstration, so nothing was loaded. "
            "Set PORTAL_MODE=demo and name a database of its own.",
        )
    if User.objects.exists():
        raise Refusal(
            "other-people",
            "This database holds people who are not the demonstration’s, so nothing was loaded. "
            "Name an empty database in DATABASE_URL, or start over with `make demo-reset`.",
        )


def seed(*, scale: int = 1) -> str:
    """Load the demonstration ``scale`` times as large; return a sentence that says what is there now.

    Raises Refusal outside demo mode and in a database with other people; does nothing where it is loaded already.
    """
    if loaded():
        return f"The demonstration is already loaded: {told()}. `make demo-reset` starts over."
    check_may_seed()
    with all_or_nothing():
        load(Clock.read(), scale)
    return f"Loaded the demonstration: {told()}."


def told() -> str:
    certified = Certification.objects.values("person").distinct().count()
    return f"{certified:,} certificants, {ReviewCase.objects.count():,} cases"


def load(clock: Clock, scale: int) -> None:
    accounts = people.make_accounts(clock)
    holders = people.make_certificants(clock, accounts, scale)
    applying.prepare(clock)
    certify(clock, holders)
    sponsoring.open_list(clock)
    count_rows()
    asking.play_all(clock, holders[: people.CERTIFICANTS])
    count_rows()
    uploads = history.Uploads(clock, min(holder.starts[0] for holder in holders))
    stage = cases.Stage(clock, holders[: people.CERTIFICANTS])
    cases.play_all(stage)
    drafts.leave_drafts(stage)
    applying.play_all(clock, holders)
    history.write_journals(clock, holders, uploads)
    arranging.play_all(clock, holders)
    renewing.play_all(clock, holders)
    letters.tell_of_grace(clock)
    letters.mark_sent()
    if scale > 1:
        claims = volume.A_SCALE * (scale - 1)
        volume.pile_up(clock, holders, claims)
        certified.pile_up(clock, holders, claims // volume.TO_AN_APPLICATION)
    uploads.post()


def certify(clock: Clock, holders: list[people.Holder]) -> None:
    """Certify everyone, the second by the application that is still to be read; numbers follow the days."""
    applied = holders[1]
    rest = [one for one in holders if one is not applied]
    people.certify([one for one in rest if one.starts[0] < applied.starts[0]])
    applying.certify_by_application(clock, applied)
    people.certify([one for one in rest if one.starts[0] >= applied.starts[0]])


@contextlib.contextmanager
def all_or_nothing() -> Iterator[None]:
    """Keep the rows only together; a failure also takes back the files written so far.

    The bell rings once in the end, not once for each letter of the last year.
    """
    rung = len(connection.run_on_commit)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for setting in SETTINGS:
                cursor.execute(setting)
        try:
            yield
        except BaseException:
            forget_files()
            raise
        count_rows()
        del connection.run_on_commit[rung:]
        ring(DRAIN)


def count_rows() -> None:
    """Let the planner know how many rows there are, which nobody else can see before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def forget_files() -> None:
    """Remove the files written so far, as long as the database still answers about them."""
    with contextlib.suppress(DatabaseError, OSError):
        for stored in StoredFile.objects.all():
            stored.content.delete(save=False)
