"""When things happened in the demonstration: everything is told from the programme's day of seeding."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from journals import rules
from journals import services as journals
from serportal.ui.words import programme_day, programme_zone

SEED = 2026


def dice(part: str) -> random.Random:
    """Return the dice of one ``part`` of the demonstration; they fall the same way whatever other parts throw."""
    return random.Random(f"{SEED} {part}")


def upload_moment(day: date) -> datetime:
    """Return when the scheduled upload of ``day`` runs (R-UPL-1)."""
    return datetime.combine(day, journals.UPLOAD_HOUR, tzinfo=programme_zone()).astimezone(UTC)


@dataclass(frozen=True)
class Clock:
    """The day of seeding: its first instant, which every story ends before, and the last upload that ran."""

    today: date
    now: datetime
    dawn: datetime
    uploads_a_year: int
    last_upload_on: date

    @classmethod
    def read(cls) -> "Clock":
        now = timezone.now()
        today = programme_day(now)
        a_year = journals.policy_on(today).uploads_a_year
        last = rules.last_upload(today, a_year=a_year)
        if upload_moment(last) > now:
            last = rules.last_upload(last - timedelta(days=1), a_year=a_year)
        dawn = datetime.combine(today, time(), tzinfo=programme_zone()).astimezone(UTC)
        return cls(today, now, dawn, a_year, last)

    @property
    def last_upload_at(self) -> datetime:
        return upload_moment(self.last_upload_on)

    def ago(self, days: float) -> datetime:
        return self.dawn - timedelta(days=days)

    def since_upload(self, days: float) -> datetime:
        """Return ``days`` before today, or, where the last upload is nearer, a moment between it and now."""
        wanted = self.ago(days)
        if wanted > self.last_upload_at:
            return wanted
        end = self.dawn if self.dawn > self.last_upload_at else self.now
        return self.last_upload_at + (end - self.last_upload_at) * 0.6

    def upload_days(self, first: date) -> list[date]:
        """Return every upload day from ``first`` to the last that ran."""
        days = [rules.next_upload(first, a_year=self.uploads_a_year)]
        while days[-1] < self.last_upload_on:
            days.append(rules.next_upload(days[-1], a_year=self.uploads_a_year))
        return days
