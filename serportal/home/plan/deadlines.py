"""A member’s own deadlines as their calendar program reads them: by stable ids, changed ones counted up."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from cecs.models import Draft
from cecs.rules import IDLE_DAYS
from journals.models import Entry
from journals.standing import Journal, journal_of
from preapprovals.icalendars import framed, stamp, written
from serportal.certifications.rules import RENEWAL_OPENS
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import Step
from serportal.ui.words import in_credits, number, programme_day, programme_zone

# Ids are made of what they are about, so that the same deadline is the same event however often it is read.
OURS = uuid.UUID("5a1f8f0e-5a0f-4c55-9d0a-0d3a6c1d7b52")


@dataclass(frozen=True)
class Deadline:
    """One day in the calendar. ``sequence`` never counts down, and up with every change; ``changed`` says when."""

    about: str
    day: date
    title: str
    said: str
    path: str
    sequence: int
    changed: datetime

    @property
    def uid(self) -> uuid.UUID:
        return uuid.uuid5(OURS, self.about)


def deadlines_of(person, today: date) -> list[Deadline]:
    """Return the deadlines of ``person``, the soonest first: of the journal, of drafts and of proof that is due."""
    journal = journal_of(person, today)
    found = [*_of_journal(person, journal), *_of_drafts(person, today), *_of_proof(person)]
    return sorted(found, key=lambda one: (one.day, one.about))


def _of_journal(person, journal: Journal | None) -> Iterator[Deadline]:
    if journal is None:
        return
    # Lines and decisions are only added, and each line is uploaded once: the counts only grow.
    told = Entry.objects.filter(person=person).aggregate(
        lines=Count("pk"), posted=Count("upload"), approved=Max("approved_at"), ran=Max("upload__posted_at")
    )
    period, progress = journal.period, journal.progress
    decisions = Decision.objects.filter(case__journals_arrangement__period=period)
    agreed = decisions.aggregate(times=Count("pk"), last=Max("decided_at"))
    began = datetime.combine(period.starts_on, time(), tzinfo=programme_zone())
    state = {
        "sequence": told["lines"] + told["posted"] + agreed["times"],
        "changed": max(filter(None, (began, told["approved"], told["ran"], agreed["last"]))),
    }
    plan, own = reverse("plan:plan"), reverse("journals:journal")
    for one in progress.years:
        if one.year.last >= journal.day:
            about, values = f"year:{period.pk}:{one.year.number}", {"n": one.year.number}
            title = _("Certification year {n} ends: {missing}").format(**values, missing=_missing(one.missing))
            yield Deadline(about, one.year.last, title, _of(one.total, one.least), plan, **state)
        elif one.missing and one.arranged and one.arranged.until and one.arranged.until >= journal.day:
            about, values = f"make-up:{period.pk}:{one.year.number}", {"n": one.year.number}
            title = _("Year {n} is made up until today: {missing}").format(**values, missing=_missing(one.missing))
            yield Deadline(about, one.arranged.until, title, _of(one.total, one.least), plan, **state)
    title = _("Your certification period ends: {missing}").format(missing=_missing(progress.missing))
    said = _of(progress.total, progress.goal)
    yield Deadline(f"period:{period.pk}", period.ends_on, title, said, plan, **state)
    opens = period.ends_on - RENEWAL_OPENS + timedelta(days=1)
    yield Deadline(f"renewal:{period.pk}", opens, _("The renewal of your certification opens"), said, own, **state)
    if progress.waiting > 0:
        title = _("Uploaded to your journal: {credits}").format(credits=in_credits(progress.waiting))
        about = f"upload:{journal.next_upload.isoformat()}:{period.pk}"
        yield Deadline(about, journal.next_upload, title, said, own, **state)


def _missing(n) -> str:
    return _("{n} still to find").format(n=number(n)) if n else _("nothing left to find")


def _of(total, least) -> str:
    return _("{total} of {least} credits are approved.").format(total=number(total), least=number(least))


def _of_drafts(person, today: date) -> Iterator[Deadline]:
    """Yield a day for each claim that was begun and not sent: thirty days after it was saved, then every thirty."""
    for draft in Draft.objects.of(person).unsent().claims():
        saved = programme_day(draft.saved_at)
        times = max(1, -((saved - today).days // IDLE_DAYS))
        day = saved + timedelta(days=IDLE_DAYS * times)
        yield Deadline(
            about=f"draft:{draft.pk}",
            day=day,
            title=_("Not sent yet: {title}").format(title=draft.title),
            said=_("A claim you started. Send it, or discard it."),
            path=reverse("cecs:draft", args=[draft.pk]),
            # A draft that waits a hundred times thirty days is eight years old.
            sequence=draft.version * 100 + min(times, 99),
            changed=draft.saved_at,
        )


def _of_proof(person) -> Iterator[Deadline]:
    """Yield the day by which proof is due of each activity that was approved in advance and is over (R-DATE)."""
    for case in ReviewCase.objects.filter(filed_by=person, step=Step.PROOF):
        yield Deadline(
            about=f"proof:{case.pk}",
            day=case.due_on,
            title=_("Proof is due: {title}").format(title=case.headline),
            said=_("The activity is over: add the proof, and its credits are confirmed."),
            path=reverse("cecs:case", args=[case.reference]),
            sequence=(case.due_on - case.filed_on).days,
            changed=case.step_since,
        )


def calendar(found: Iterable[Deadline]) -> bytes:
    """Return ``found`` as a calendar of whole days that leave one’s time free."""
    return framed([line for one in found for line in _lines(one)], name=_("SER certification: my deadlines"))


def _lines(one: Deadline) -> list[str]:
    page, changed, after = settings.SITE_URL + one.path, stamp(one.changed), one.day + timedelta(days=1)
    return [
        *("BEGIN:VEVENT", f"UID:{one.uid}", f"SEQUENCE:{one.sequence}"),
        *(f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}", "STATUS:CONFIRMED", "CLASS:PRIVATE"),
        *(f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}", "TRANSP:TRANSPARENT"),
        *(f"SUMMARY:{written(one.title)}", f"DESCRIPTION:{written(one.said + chr(10) + page)}", f"URL:{page}"),
        "END:VEVENT",
    ]
