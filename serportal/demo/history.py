"""Earlier journals: what everyone did before the portal, and the uploads that once brought it."""

import random
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Sum

from journals import services as journals
from journals.models import Entry, Upload
from journals.states import Activity, Source
from serportal.certifications.models import Period
from serportal.demo import activities
from serportal.demo.activities import Done
from serportal.demo.clock import Clock, dice, upload_moment
from serportal.demo.people import CHUNK, Holder
from serportal.reviews.models import ReviewCase

A = Activity


class Uploads:
    """The scheduled runs of the past, by the moment each one ran."""

    def __init__(self, clock: Clock, first: date):
        self.runs = [
            journals.prepare_upload(key=f"scheduled {day.isoformat()}", due_on=day, at=upload_moment(day))
            for day in clock.upload_days(first)
        ]
        self.moments = [run.prepared_at for run in self.runs]

    def after(self, moment: datetime) -> Upload | None:
        """Return the run that moved what was approved at ``moment``; None while it waits."""
        index = bisect_right(self.moments, moment)
        return self.runs[index] if index < len(self.runs) else None

    def post(self) -> None:
        """Let each run move the credits that were approved by its day, in order, as the scheduled task would have."""
        for run in self.runs:
            journals.post_upload(run, at=upload_moment(run.due_on))


def write_journals(clock: Clock, holders: list[Holder], uploads: Uploads) -> None:
    """Write the earlier journal of everyone, many people at a time so that memory stays small."""
    rng = dice("history")
    rows: list[Entry] = []
    told = {"cerp": AMARA, "cerpit": DIEGO}
    claimed = dict(
        ReviewCase.objects.filter(topic=A.VOLUNTEERING)
        .values_list("cecs_cecsubmission__period")
        .annotate(total=Sum("amount"))
    )
    for holder in holders:
        for period in holder.periods:
            if holder.key in told:
                lines = told_lines(period, told[holder.key])
            else:
                left = max(Decimal(0), activities.VOLUNTEER_CAP - claimed.get(period.pk, 0))
                lines = drawn_lines(rng, period, clock.today, left)
            rows.extend(posted(rng, period, lines, uploads))
        if len(rows) > 10 * CHUNK:
            Entry.objects.bulk_create(rows, batch_size=CHUNK)
            rows.clear()
    Entry.objects.bulk_create(rows, batch_size=CHUNK)


def posted(rng: random.Random, period: Period, lines: Iterator[tuple[date, Done]], uploads: Uploads) -> Iterator[Entry]:
    """Make entries of those ``lines`` that an upload of the past brings."""
    for day, done in lines:
        noon = datetime.combine(day, time(rng.randint(13, 20), rng.randint(0, 59)), tzinfo=UTC)
        approved = noon + timedelta(days=rng.randint(6, 8))
        if uploads.after(approved) is None:
            continue
        yield Entry(
            person_id=period.person_id,
            period=period,
            source=Source.IMPORT,
            activity=done.activity,
            description=done.description,
            earned_on=day,
            credits=done.credits,
            sentence=done.sentence,
            approved_at=approved,
        )


def drawn_lines(rng: random.Random, period: Period, today: date, left: Decimal) -> Iterator[tuple[date, Done]]:
    """Draw six to twelve activities a year, fewer in one year of eight, in order.

    Volunteering keeps to what claims through the portal ``left`` of its most.
    """
    last = min(period.ends_on, today)
    days = (last - period.starts_on).days
    serves = rng.random()
    count = round(days / 365 * rng.uniform(6, 12))
    dates = {period.starts_on + timedelta(days=rng.randrange(days + 1)): False for _ in range(count)}
    if serves < 0.15:
        dates |= {
            date(year, 12, 31): True for year in range(period.starts_on.year, last.year + 1) if rng.random() < 0.6
        }
    slack = {year.number for year in period.years() if rng.random() < 0.12}
    for day in sorted(day for day in dates if period.starts_on <= day <= last):
        if period.year_of(day).number in slack and rng.random() < 0.7:
            continue
        done = activities.service(serves < 0.04, day) if dates[day] else activities.draw(rng, day, left)
        if done.activity == A.VOLUNTEERING:
            left -= done.credits
        yield day, done


def told_lines(period: Period, lines: list[tuple]) -> Iterator[tuple[date, Done]]:
    """Place the lines of a told journal: a number of days into the period, or the last day of a service year."""
    for offset, activity, what, credits, sentence in lines:
        day = period.starts_on + timedelta(days=offset)
        if activity == A.COMMITTEE:
            day = date(day.year, 12, 31)
            what = f"{what} {day.year}"
        yield day, Done(activity, what, Decimal(credits), sentence)


AMARA = [
    (130, A.CONFERENCE, "Rivers and Coasts Congress", 10, "21 hours ÷ 2 = 10.5; a single event counts at most 10."),
    (1, A.COMMITTEE, "Chapter committee, service year", 3, "Committee member = 3 a year."),
    (501, A.TRAINING, "Short course on peat hydrology", "6.5", "6 hours 30 minutes = 6.5."),
    (366, A.COMMITTEE, "Chapter committee, service year", 3, "Committee member = 3 a year."),
    (944, A.VOLUNTEERING, "Volunteering for the Dollard Marsh Trust", 3,
     "12 contact hours ÷ 4 = 3. Volunteering so far in this period: 3 of 5."),
    (1035, A.TRAINING, "Workshop on seed mixes for dikes", "3.25", "3 hours 15 minutes = 3.25."),
    (1257, A.TRAINING, "Webinar: eelgrass from seed", "1.5", "90 minutes = 1.5."),
    (1392, A.CONFERENCE, "Delta Days, two sessions", 2, "4 hours ÷ 2 = 2."),
    (1539, A.TRAINING, "Field tour of the Drentsche Aa", 2, "2 hours = 2."),
]  # fmt: skip
DIEGO = [
    (48, A.TRAINING, "Webinar: reference ecosystems", 1, "1 hour = 1."),
    (121, A.TRAINING, "Field tour: high Andean bofedales", 2, "2 hours = 2."),
    (203, A.VOLUNTEERING, "Volunteering for Larkspur Prairie Volunteers", 1,
     "4 contact hours ÷ 4 = 1. Volunteering so far in this period: 1 of 5."),
    (288, A.TRAINING, "Short course on vegetation sampling", "3.25", "3 hours 15 minutes = 3.25."),
    (372, A.TRAINING, "Webinar: native seed storage", "1.5", "90 minutes = 1.5."),
]  # fmt: skip
