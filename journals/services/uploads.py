"""The uploads: approved credits are moved into journals by a run, once (R-UPL)."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import rules
from journals.models import SCHEDULED, Upload
from journals.services.rows import policy_on
from journals.services.statements import owe_statements
from journals.states import Fault, Progress
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day, programme_zone

logger = logging.getLogger("journals.uploads")

UPLOAD_HOUR = time(3)
BROKEN = (DatabaseError, InterfaceError)

# Held from the first statement of a run to its last, and gone with the connection: it tells who runs from who died.
RUNNING = "SELECT pg_advisory_xact_lock(hashtext('journals upload'), %s::int)"
RUNS = """
    SELECT EXISTS (
        SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 2 AND objid::bigint = %s
            AND classid::bigint = hashtext('journals upload')::bigint & 4294967295
    )
"""

# A quarter of a large society takes longer than a request may.
PATIENCE = "SET LOCAL statement_timeout = '100s'"
# Runs take turns: a statement begins where the one before it ended.
TURN = "SELECT pg_advisory_xact_lock(hashtext('journals upload'))"
POST = """
    WITH moved AS (
        UPDATE journals_entry SET upload_id = %(upload)s
        WHERE upload_id IS NULL AND approved_at <= %(until)s
            AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s::bigint[]))
        RETURNING person_id, period_id, credits
    ), posted AS (
        SELECT person_id, period_id, count(*) AS entries, sum(credits) AS credits
        FROM moved GROUP BY person_id, period_id
    ), sums AS (
        SELECT posted.*, coalesce(earlier.closing, 0) AS opening, period.starts_on,
            row_number() OVER member = 1 AS begins, coalesce(kept.carried_out, 0) AS kept,
            coalesce(kept.carried_out, 0) + sum(posted.credits) OVER member AS reached
        FROM posted JOIN certifications_period period ON period.id = posted.period_id
        LEFT JOIN LATERAL (
            SELECT closing FROM journals_statement WHERE period_id = posted.period_id ORDER BY id DESC LIMIT 1
        ) earlier ON true
        LEFT JOIN LATERAL (
            SELECT carried_out FROM journals_statement WHERE person_id = posted.person_id ORDER BY id DESC LIMIT 1
        ) kept ON true
        WINDOW member AS (PARTITION BY posted.person_id ORDER BY period.starts_on)
    ), carried AS (
        SELECT *,
            CASE WHEN begins THEN kept WHEN %(whole)s THEN reached - credits - floor(reached - credits) ELSE 0 END
                AS came,
            CASE WHEN %(whole)s THEN reached - floor(reached) ELSE 0 END AS stays
        FROM sums
    ), stated AS (
        INSERT INTO journals_statement (upload_id, person_id, period_id, entries, opening, posted, closing, needed,
            whole_numbers, carried_in, exported, carried_out)
        SELECT %(upload)s, person_id, period_id, entries, opening, credits, opening + credits,
            greatest(0, %(goal)s - opening - credits), %(whole)s, came, came + credits - stays, stays
        FROM carried ORDER BY person_id, starts_on
    ), told AS (
        SELECT coalesce(sum(entries), 0) AS entries, count(DISTINCT person_id) AS members,
            coalesce(sum(credits), 0) AS total
        FROM posted
    )
    UPDATE journals_upload SET entries_posted = told.entries, members = told.members, control_total = told.total,
        posted_at = %(at)s, posted_by_id = %(by)s
    FROM told WHERE id = %(upload)s
"""


def next_upload_on(at: datetime | None = None):
    """Return the day on which credits approved now are uploaded (R-UPL-2)."""
    today = programme_day(at)
    return rules.next_upload(today, a_year=policy_on(today).uploads_a_year)


def prepare_upload(*, key: str, due_on, by=None, at: datetime | None = None) -> Upload:
    """Return the run named ``key``, prepared; however often it is asked for, there is one."""
    upload, _created = Upload.objects.get_or_create(
        key=key, defaults={"due_on": due_on, "prepared_at": at or timezone.now(), "prepared_by": by}
    )
    return upload


def release_upload(upload: Upload, *, by, note: str = "", at: datetime | None = None) -> Upload:
    """Post what waits for its release, or start a run again that was stopped; a posted one stays as it is.

    Raises Refusal where the policy asks for a second person and ``by`` prepared the run, or says nothing of why.
    """
    if upload.posted_at is None and policy_on(programme_day(at)).second_person:
        if upload.prepared_by_id == by.pk:
            sentence = _(
                "You prepared this upload, so another coordinator releases it. Ask one of them to open this page."
            )
            raise Refusal("prepared-by-you", sentence)
        if not (note.strip() or upload.release_note):
            raise Refusal("no-reason", _("Write what you compared before you release it. It is kept with the upload."))
    return post_upload(upload, by=by, note=note.strip() or upload.release_note, at=at)


def post_upload(
    upload: Upload,
    *,
    by=None,
    until: datetime | None = None,
    at: datetime | None = None,
    note: str = "",
    only: Sequence[int] | None = None,
) -> Upload:
    """Move every credit approved by ``until`` (now) into ``upload``, once; a posted run stays as it is (R-UPL-3).

    Two runs at once, or one killed and started again, never move a credit twice: only entries without an upload
    move, and the control total is the sum of exactly those. The same SQL statement writes what it did for each member
    (R-UPL-5), by the policy of the day. Those who asked for their statement by e-mail are owed it with the posting.
    ``only`` names the entries of a run that moves no others. What makes a run fail is kept with it and raised.
    """
    at = at or timezone.now()
    unposted = Upload.objects.filter(pk=upload.pk, posted_at__isnull=True)
    try:
        unposted.update(started_at=at, started_by=by, fault="", release_note=note)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RUNNING, [upload.pk])
            upload = Upload.objects.select_for_update().get(pk=upload.pk)
            if upload.posted_at is None:
                policy = policy_on(programme_day(at))
                values = {
                    "upload": upload.pk,
                    "until": until or at,
                    "only": None if only is None else list(only),
                    "at": at,
                    "by": by.pk if by else None,
                    "goal": policy.period_credits,
                    "whole": policy.whole_numbers,
                }
                cursor.execute(PATIENCE)
                cursor.execute(TURN)
                cursor.execute(POST, values)
                upload.refresh_from_db()
                owe_statements(upload)
    except BROKEN as error:
        logger.exception("Upload %s failed.", upload.pk)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with suppress(*BROKEN):
            unposted.update(started_at=at, started_by=by, fault=_fault_of(error))
        raise
    return upload


def _fault_of(error: Exception) -> Fault:
    code = getattr(error.__cause__, "pgcode", None)
    known = {"55P03": Fault.BUSY, "57014": Fault.SLOW, None: Fault.LOST, "57P01": Fault.LOST}
    return known.get(code, Fault.REFUSED)


def progress_of(upload: Upload) -> Progress:
    """Return how far a run has come: one that began and holds nothing any more was stopped, and moved nothing."""
    if upload.posted_at is not None:
        return Progress.POSTED
    if upload.started_at is None:
        return Progress.PREPARED
    with connection.cursor() as cursor:
        cursor.execute(RUNS, [upload.pk])
        if cursor.fetchone()[0]:
            return Progress.POSTING
    return Progress.FAILED if upload.fault else Progress.STOPPED


def post_due_upload(at: datetime | None = None) -> Upload | None:
    """Prepare and post the scheduled run whose moment has come, unless it is posted or waits for the coordinator.

    Runs on any tick: a missed day is made up by the next one, a doubled tick changes nothing (R-UPL-1). However late
    it runs, it moves what was approved by its moment; members were told the next date for the rest (R-UPL-2).
    """
    at = at or timezone.now()
    today = programme_day(at)
    policy = policy_on(today)
    due_on = rules.last_upload(today, a_year=policy.uploads_a_year)
    moment = datetime.combine(due_on, UPLOAD_HOUR, tzinfo=programme_zone())
    if at < moment:
        return None
    upload = prepare_upload(key=f"{SCHEDULED} {due_on.isoformat()}", due_on=due_on, at=at)
    if upload.posted_at is None and not policy.upload_waits:
        return post_upload(upload, until=moment, at=at)
    return upload
