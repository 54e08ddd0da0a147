"""Reminders: noted once as they fall due, and told in at most one digest a person and programme day (SPEC 5).

They are noted all day long; the digests go out from ``DIGEST_HOUR`` on. Ticks may be lost, late or doubled: what is due
and not yet told is found again. What a reader stopped or put off is not due (``choosing``).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from serportal import bell
from serportal.outbox import rules, twin
from serportal.outbox.models import LetterTemplate, Message, PutOff, Reminder, Stopped
from serportal.outbox.rules import Due
from serportal.outbox.services import links
from serportal.outbox.services.links import DIGEST
from serportal.outbox.services.owing import DRAIN
from serportal.outbox.services.settling import cancel
from serportal.outbox.services.wording import filled
from serportal.outbox.states import MessageState, ReminderState
from serportal.ui.words import programme_day, programme_zone

DIGEST_HOUR = time(7)
# What was put off is over by then: nobody is reminded of anything half a year ahead.
FORGOTTEN = timedelta(days=400)
OPEN = [ReminderState.WAITING, ReminderState.DROPPED]
DONE = [ReminderState.TOLD, ReminderState.PASSED]


def due_by(day: date, *, today: date | None = None, person: int | None = None) -> list[Due]:
    """Return what every app named in ``settings.REMINDER_SOURCES`` says is due by ``day``, told already or not.

    It is asked as things stand ``today`` (the same day, if none is given); ``person`` asks for one alone. What its
    reader stopped or put off is left out.
    """
    sources = [import_string(source) for source in settings.REMINDER_SOURCES]
    due = [one for source in sources for one in source(day, today=today or day, person=person)]
    if not any(one.family for one in due):
        return due
    stopped = set(Stopped.objects.values_list("person", "family"))
    later = PutOff.objects.filter(until__gt=day - FORGOTTEN).values_list("person", "purpose", "object", "until")
    return rules.as_chosen(due, day, stopped=stopped, put_off={tuple(key): until for *key, until in later})


def note_due(*, at: datetime | None = None) -> int:
    """Note every reminder that is due by now and not yet owed; return how many are new. Any tick may run it."""
    return note(due_by(programme_day(at)), at=at)


@transaction.atomic
def note(due: Iterable[Due], *, at: datetime | None = None) -> int:
    """Note each of ``due`` once; return how many are new. However many beats note at once, each is one row.

    A row that was not told yet follows the facts: its line and day are written anew, and it waits again if its reason
    had been gone.
    """
    due = {one.key: one for one in due}
    lines = lines_of(due.values())
    known = {row.key: row for row in _rows_of(due.values())}
    fresh = [
        Reminder(
            person_id=one.person,
            purpose=one.purpose,
            object=one.object,
            step=one.step,
            due_on=one.due_on,
            line=lines[key],
            about=one.about,
            noted_at=at or timezone.now(),
        )
        for key, one in due.items()
        if key not in known
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    stale = [
        row.pk
        for row in known.values()
        if row.key in due
        and row.state in OPEN
        and (row.state, row.due_on, row.line) != (ReminderState.WAITING, due[row.key].due_on, lines[row.key])
    ]
    if stale:
        rows = list(Reminder.objects.select_for_update().filter(pk__in=stale, state__in=OPEN))
        for row in rows:
            row.state, row.due_on, row.line = ReminderState.WAITING, due[row.key].due_on, lines[row.key]
        Reminder.objects.bulk_update(rows, ["state", "due_on", "line"])
    return len(fresh)


@transaction.atomic
def send_digests(*, at: datetime | None = None) -> int:
    """Owe each person one message with all that waits for them, unless they had today’s; return how many were owed.

    Nothing happens before ``DIGEST_HOUR``, or while another beat is at it. The reasons are asked for once more first:
    what is done by now is dropped, and a digest that still waits for the mail server is cancelled if none is left.
    """
    at = at or timezone.now()
    day = programme_day(at)
    if at < datetime.combine(day, DIGEST_HOUR, tzinfo=programme_zone()) or not _alone():
        return 0
    _take_back_refused()
    waiting = list(Reminder.objects.select_for_update().filter(state=ReminderState.WAITING))
    unsent = list(Reminder.objects.filter(message__state=MessageState.OWED).select_related("message"))
    if not waiting and not unsent:
        return 0
    due = {one.key: one for one in due_by(day)}
    _withdraw(unsent, due)
    people = get_user_model().objects.filter(is_active=True).in_bulk({row.person_id for row in waiting})
    gone = {row.pk for row in waiting if row.key not in due or row.person_id not in people}
    Reminder.objects.filter(pk__in=gone).update(state=ReminderState.DROPPED)
    told_today = _told_on(day, people)
    rows = {row.key: row for row in waiting if row.pk not in gone and row.person_id not in told_today}
    return _tell(rows, [one for key, one in due.items() if key in rows], people, at) if rows else 0


def coming(*, days: int, at: datetime | None = None, person: int | None = None) -> list[tuple[date, list[Due]]]:
    """Return (day, what is told) of the programme’s next ``days``, today first, if nothing changes."""
    today = programme_day(at)
    last = today + timedelta(days=days - 1)
    return planned(due_by(last, today=today, person=person), today, days)


def planned(due: list[Due], today: date, days: int) -> list[tuple[date, list[Due]]]:
    """Return (day, which of ``due`` is told) of ``days`` days: what is told already or overtaken is left out."""
    settled = set(_rows_of(due).filter(state__in=DONE).values_list("person", "purpose", "object", "step"))
    pending = [one for one in due if one.key not in settled]
    told_today = _told_on(today, {one.person for one in pending})
    plan = []
    for day in (today + timedelta(days=offset) for offset in range(days)):
        ripe = [one for one in pending if one.due_on <= day and not (day == today and one.person in told_today)]
        plan.append((day, rules.to_tell(ripe)))
        keys = {one.key for one in ripe}
        pending = [one for one in pending if one.key not in keys]
    return plan


def _alone() -> bool:
    """Take the lock of this transaction, unless somebody has it: two beats compose one digest after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [DIGEST])
        return cursor.fetchone()[0]


def _rows_of(due: Iterable[Due]):
    return Reminder.objects.filter(purpose__in={one.purpose for one in due}, object__in={one.object for one in due})


def lines_of(due: Iterable[Due]) -> dict[tuple, str]:
    """Return the line of each of ``due`` by its key, from the template of its purpose."""
    templates = LetterTemplate.objects.in_bulk({one.purpose for one in due}, field_name="key")
    texts = {one.key: filled(templates[one.purpose], one.context)[1] for one in due}
    return {key: " ".join(filter(None, text.splitlines())) for key, text in texts.items()}


def digest_key(person: int, day: date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def _told_on(day: date, people: Iterable[int]) -> set[int]:
    """Return which of ``people`` have their digest of ``day``."""
    keys = {digest_key(person, day): person for person in people}
    return {keys[key] for key in Message.objects.filter(key__in=keys).values_list("key", flat=True)}


def _withdraw(unsent: list[Reminder], due: dict[tuple, Due]) -> None:
    """Cancel digests that the mail server has not taken yet and that have no reason left."""
    alive = {row.message_id for row in unsent if row.key in due}
    keys = {row.message.key for row in unsent if row.message_id not in alive}
    if keys and cancel(key__in=keys):
        rows = Reminder.objects.filter(message__key__in=keys, message__state=MessageState.CANCELLED)
        rows.update(state=ReminderState.DROPPED, message=None)


def _take_back_refused() -> None:
    """Let wait again what stood in a digest that was refused for good, once its reader has another address."""
    refused = Reminder.objects.filter(message__state=MessageState.FAILED, message__template=DIGEST)
    moved = refused.exclude(message__to=F("person__email"))
    moved.update(state=ReminderState.WAITING, message=None)


def _tell(rows: dict[tuple, Reminder], due: list[Due], people: dict, at: datetime) -> int:
    """Put ``rows`` into one message a person; what a later step has overtaken is marked as passed over."""
    told, lines = rules.to_tell(due), lines_of(due)
    templates = LetterTemplate.objects.in_bulk({DIGEST, *(one.purpose for one in told)}, field_name="key")
    own = defaultdict(list)
    for one in told:
        own[one.person].append(one)
    messages = {key: _digest(people[key], ones, lines, templates, at) for key, ones in own.items()}
    Message.objects.bulk_create(messages.values())
    for row in rows.values():
        row.state = ReminderState.PASSED
    for one in told:
        row = rows[one.key]
        row.state, row.message, row.line = ReminderState.TOLD, messages[one.person], lines[one.key]
    Reminder.objects.bulk_update(rows.values(), ["state", "message", "line"])
    bell.ring(DRAIN)
    return len(messages)


def _digest(person, due: list[Due], lines: dict, templates: dict[str, LetterTemplate], at: datetime) -> Message:
    """Return the message of the day; a single line brings the subject of its own template along."""
    own, day = "\n\n".join(lines[one.key] for one in due), programme_day(at)
    secret = links.token_of(person.pk, day) if any(one.family for one in due) else ""
    choices = links.invitation() if secret else ""
    context = {"name": person.get_short_name(), "count": str(len(due)), "lines": own, "choices": choices}
    subject, text = filled(templates[DIGEST], context)
    if len(due) == 1:
        subject = filled(templates[due[0].purpose], due[0].context)[0]
    words = "\n".join(row.body for row in templates.values())
    return Message(
        key=digest_key(person.pk, day),
        to=person.email,
        person=person,
        template=DIGEST,
        subject=subject,
        text=text,
        html=twin.document(subject, text, words=words),
        secret=secret,
        owed_at=at,
        next_try_at=at,
    )
