"""The ledger and its uploads: entries are added by decisions, moved once by a run, never changed (R-UPL)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from journals import rules, wording
from journals.models import SCHEDULED, Entry, PolicyRow, ScheduleRow, Upload
from journals.states import Source
from serportal.certifications.models import Period
from serportal.reviews.models import Decision
from serportal.ui.words import number, programme_day, programme_zone

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


def policy_on(day) -> PolicyRow:
    """Return the policy in force on ``day``."""
    return PolicyRow.objects.in_force(day)[0]


def rate_on(activity: str, day) -> ScheduleRow:
    """Return the line of the credit schedule for an activity completed on ``day`` (R-CAT)."""
    return ScheduleRow.objects.in_force(day).filter(activity=activity)[0]


def period_for(person, day, today) -> Period | None:
    """Return the period of ``person`` that holds ``day``, else the one of ``today``, else the latest (R-DATE)."""
    periods = list(Period.objects.of(person))
    for wanted in (day, today):
        for period in periods:
            if period.starts_on <= wanted <= period.ends_on:
                return period
    return periods[0] if periods else None


@dataclass(frozen=True)
class Work:
    """What a claim is worth, in which period, and the dated rows that said so; a filed claim keeps them."""

    credit: rules.Credit
    period: Period
    schedule_row: ScheduleRow
    policy_row: PolicyRow


def work_out(*, person, activity: str, claim: rules.Claim, at: datetime | None = None) -> Work:
    """Work out what ``claim`` is worth for ``person`` by the rows in force on its day (R-CAT).

    Raises Period.DoesNotExist for someone who was never certified (R-CEC).
    """
    period = period_for(person, claim.completed_on, programme_day(at))
    if period is None:
        raise Period.DoesNotExist(f"{person} has no certification period.")
    schedule_row, policy_row = rate_on(activity, claim.completed_on), policy_on(claim.completed_on)
    return Work(credit_by(claim, period, schedule_row, policy_row), period, schedule_row, policy_row)


def credit_by(claim: rules.Claim, period: Period, schedule_row: ScheduleRow, policy_row: PolicyRow) -> rules.Credit:
    """Return what ``claim`` is worth in ``period`` by exactly these rows."""
    return rules.credit(
        claim,
        rate=schedule_row.as_rate(),
        policy=policy_row.as_policy(),
        span=rules.Span(tuple(period.years())),
    )


def enter(
    *,
    decision: Decision,
    activity: str,
    description: str,
    earned_on: date,
    credit: rules.Credit,
    period: Period,
    at: datetime,
) -> Entry:
    """Add the entry of an approved claim, under a lock on the person’s row; asked again, return it."""
    reasons = credit.reasons
    if decision.credits < credit.amount:
        reasons = (*reasons, rules.Reason("lowered", {"credits": number(decision.credits)}))
    with transaction.atomic():
        person = get_user_model().objects.select_for_update(no_key=True).get(pk=period.person_id)
        entry, _created = Entry.objects.get_or_create(
            decision=decision,
            defaults={
                "person": person,
                "period": period,
                "source": Source.CLAIM,
                "activity": activity,
                "description": description,
                "earned_on": earned_on,
                "credits": decision.credits,
                "reasons": wording.stored(reasons),
                "sentence": wording.sentence(reasons),
                "approved_at": at,
            },
        )
    return entry


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
