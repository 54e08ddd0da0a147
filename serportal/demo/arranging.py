"""Arrangements of the demonstration: one agreed, one still to be read, each about a year that really ended short."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from journals.models import ArrangementDraft
from journals.services import arranging
from journals.standing import journal_of
from journals.states import Shape
from serportal.demo import evidence
from serportal.demo.clock import Clock
from serportal.demo.people import Holder, account
from serportal.drafts.services import Seen
from serportal.files.models import StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Basis, Choice
from serportal.ui.words import number, programme_day

ILL = (
    "I had an operation on my back in that spring and could not travel or sit through a course until autumn. The "
    "letter of the clinic is attached. I am well again and have signed up for two workshops."
)
FLOODED = (
    "The flood took our office and the road to it. For seven months I worked for the emergency service, not in "
    "restoration. I cannot make it up any more, and ask you to count that year as it stands."
)
WISH = "Thank you for writing to us so openly. We wish you a good recovery."


def play_all(clock: Clock, holders: list[Holder]) -> None:
    """Let two members whose journals have a short year ask: the coordinator agreed to one, the other is to be read."""
    agreed, asking = _short(clock, holders)
    coordinator = account("coordinator")
    filed = clock.ago(31.4)
    case = _ask(*agreed, ILL, filed)
    reviews.screen(case.pk, by=coordinator, at=filed + timedelta(days=2))
    decided = filed + timedelta(days=9)
    alone = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)
    case.refresh_from_db()
    digest = reviews.preview(case, note=WISH, alone=alone, at=decided).digest
    reviews.decide(case.pk, digest=digest, note=WISH, alone=alone, by=coordinator, at=decided)
    _ask(*asking, FLOODED, clock.ago(5.6))


def _short(clock: Clock, holders: list[Holder]) -> list[tuple]:
    """Return (person, number of the year, credits it has) of the first two of whom a year ended short."""
    found, before = [], programme_day(clock.ago(60))
    for holder in holders[2:]:
        period = holder.periods[-1]
        if not period.starts_on < clock.today - timedelta(days=500) < clock.today < period.ends_on:
            continue
        journal = journal_of(holder.user, clock.today, in_review=[])
        short = [one for one in journal.short_years if one.total and one.year.last < before]
        if short:
            found.append((holder.user, short[-1].year.number, short[-1].total))
        if len(found) == 2:
            break
    return found


def _ask(person, year: int, has, reason: str, at: datetime) -> ReviewCase:
    draft = arranging.begin(period=person.periods.latest("starts_on"), by=person, at=at)
    data = {"shape": Shape.REDUCED, "year": str(year), "credits": number(has), "reason": reason}
    arranging.save(draft_id=draft.pk, by=person, data=data, seen=Seen(1), at=at)
    lines = ["To whom it may concern", person.name, "Made for a demonstration"]
    upload = SimpleUploadedFile("Letter.pdf", evidence.pdf(lines), "application/pdf")
    arranging.add_files(draft=draft, uploads=[upload], by=person)
    StoredFile.objects.filter(folder=draft.folder_id).update(received_at=at)
    ArrangementDraft.objects.filter(pk=draft.pk).update(saved_at=at)
    return arranging.file_arrangement(draft_id=draft.pk, by=person, at=at)
