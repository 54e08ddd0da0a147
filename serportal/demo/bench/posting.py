"""A hundred thousand: entries uploaded, beside the same UPDATE typed by hand (R-UPL-3); members summed (R-PER-4)."""

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from journals import services as journals
from journals.models import Entry, Upload
from serportal.accounts.models import User
from serportal.certifications.models import Certification, Period
from serportal.certifications.rules import last_day
from serportal.certifications.states import Level, PeriodStart
from serportal.demo.bench.procfs import memory_of
from serportal.demo.bench.subjects import entries_of
from serportal.demo.people import account
from serportal.home.figures.asking import read
from serportal.home.figures.shortfalls import Shortfalls
from serportal.ui.words import programme_day

ENTRIES = 100_000
A_MEMBER = 5
MEMBERS = 100_000
# Their first year ends in 65 days, near enough to be looked at.
SINCE = timedelta(days=300)
BY_HAND = "UPDATE journals_entry SET upload_id = %s WHERE upload_id IS NULL AND approved_at <= %s"


@dataclass(frozen=True)
class Posting:
    """Seconds of the UPDATE by hand, of an upload of as many entries, and of the same upload once more."""

    entries: int
    members: int
    by_hand: float
    upload: float
    again: float
    memory_mb: float

    @property
    def times(self) -> float:
        return self.upload / self.by_hand


def measure_posting() -> Posting:
    """Move two batches alike, one by hand and one by the service; each is committed, for a disk takes its time too."""
    now = timezone.now()
    journals.post_upload(journals.prepare_upload(key="bench: what waited", due_on=programme_day()), at=now)
    wait_for_upload("by hand", now)
    bare = journals.prepare_upload(key="bench: by hand", due_on=programme_day(), at=now)
    by_hand = seconds(lambda: type_by_hand(bare, now))
    wait_for_upload("by service", now)
    upload = journals.prepare_upload(key="bench: by service", due_on=programme_day(), at=now)
    before, _most = memory_of(os.getpid())
    took = seconds(lambda: journals.post_upload(upload, at=now))
    after, _most = memory_of(os.getpid())
    again = seconds(lambda: journals.post_upload(upload, at=now))
    upload.refresh_from_db()
    return Posting(upload.entries_posted, upload.members, by_hand, took, again, max(0.0, after - before))


@dataclass(frozen=True)
class Summing:
    """Seconds of the statement that finds, among ``members``, the ``short`` whose year or period ends too soon."""

    members: int
    short: int
    seconds: float


def measure_summing() -> Summing:
    """Find who will fall short among a hundred thousand members, those of the uploads among them."""
    now = timezone.now()
    wait_for_upload("to sum", now, members=max(0, MEMBERS - Period.objects.count()), each=1)
    asked = read({}, (), programme_day(now))
    found = Shortfalls(account("coordinator"), asked)
    took = seconds(lambda: found.keys)
    return Summing(Period.objects.count(), len(found.keys), took)


def seconds(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@transaction.atomic
def type_by_hand(upload: Upload, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [upload.pk, now])


def wait_for_upload(batch: str, now: datetime, *, members: int = ENTRIES // A_MEMBER, each: int = A_MEMBER) -> None:
    """Let so many members with so many entries each wait; by default as many as make up the entries."""
    today = programme_day(now)
    since = today - SINCE
    people = User.objects.bulk_create(
        (User(email=f"{batch} {n}@many.example".replace(" ", "-"), name=f"Member {n}") for n in range(members)),
        batch_size=5_000,
    )
    held = Certification.objects.bulk_create(
        (
            Certification(
                person=person,
                level=Level.CERP,
                number=f"{batch} {n}",
                name_on_certificate=person.name,
                certified_on=since,
            )
            for n, person in enumerate(people)
        ),
        batch_size=5_000,
    )
    periods = Period.objects.bulk_create(
        (
            Period(
                certification=one,
                person_id=one.person_id,
                starts_on=since,
                ends_on=last_day(since),
                began_as=PeriodStart.CERTIFIED,
            )
            for one in held
        ),
        batch_size=5_000,
    )
    for start in range(0, members, 2_000):
        some = periods[start : start + 2_000]
        Entry.objects.bulk_create(entry for period in some for entry in list(entries_of(period, today, now))[:each])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
