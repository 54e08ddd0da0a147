"""The uploads: approved credits are moved into journals by a run, once (R-UPL)."""

from datetime import datetime, time

from django.db import connection, transaction
from django.utils import timezone

from journals import rules
from journals.models import SCHEDULED, Upload
from journals.services.rows import policy_on
from serportal.ui.words import programme_day, programme_zone

UPLOAD_HOUR = time(3)

POST = """
    WITH moved AS (
        UPDATE journals_entry SET upload_id = %(upload)s
        WHERE upload_id IS NULL AND approved_at <= %(until)s
        RETURNING person_id, credits
    ), told AS (
        SELECT count(*) AS entries, count(DISTINCT person_id) AS members, coalesce(sum(credits), 0) AS total FROM moved
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


def post_upload(upload: Upload, *, by=None, until: datetime | None = None, at: datetime | None = None) -> Upload:
    """Move every credit approved by ``until`` (now) into ``upload``, once; a posted run stays as it is (R-UPL-3).

    Two runs at once, or one killed and started again, never move a credit twice: only entries without an upload
    move, and the control total is the sum of exactly those.
    """
    at = at or timezone.now()
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.posted_at is None:
            values = {"upload": upload.pk, "until": until or at, "at": at, "by": by.pk if by else None}
            with connection.cursor() as cursor:
                cursor.execute(POST, values)
            upload.refresh_from_db()
    return upload


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
