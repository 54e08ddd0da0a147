"""Claims by code and lines of rosters for tests; people, offerings and dates come from ``factories``."""

import uuid
from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone

from cecs import services as cecs
from cecs.forms import CodedForm
from cecs.models import Draft
from preapprovals.models import Attendance, Occurrence, Offering, Roster, RosterRow
from serportal.accounts.models import User
from serportal.files.models import Folder
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_day
from tests.factories import certificant, coordinator, occurrence, pdf


def told(of: Occurrence, person: User | None = None, *, minutes: int = 360, **given) -> Attendance:
    """What a roster that was taken in says of ``person``, or of an address: all of the day, unless told otherwise."""
    at = timezone.now()
    by = coordinator()
    roster = Roster.objects.create(
        occurrence=of,
        folder=Folder.objects.create(),
        state="taken",
        given_at=at,
        given_by=by,
        taken_at=at,
        keep_until=of.last_day + timedelta(days=6 * 366),
    )
    facts = {"email": person.email if person else "", "name": person.name if person else "Somebody", **given}
    known = Attendance.objects.known().filter(occurrence=of)
    row = known.filter(person=person).first() if person else known.filter(email=facts["email"]).first()
    row = row or Attendance(occurrence=of, person=person)
    for name, value in {**facts, "minutes": minutes, "told_at": at}.items():
        setattr(row, name, value)
    row.save()
    RosterRow.objects.create(roster=roster, number=1, said={"name": row.name, "email": row.email}, attendance=row)
    return row


def coded_draft(owner: User, of: Offering, *, with_file: bool = True, **typed) -> Draft:
    """The short form of a claim, ready to file unless ``typed`` says otherwise."""
    made = cecs.begin(owner=owner, of=cecs.stands(of), key=uuid.uuid4())
    if with_file:
        cecs.add_files(draft=made, uploads=[pdf()], by=owner)
    posted = QueryDict(mutable=True)
    for name, value in {**made.data, "attested": "on", **typed}.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return cecs.save_coded(draft_id=made.pk, owner=owner, posted=posted, seen=cecs.Seen(made.version))


def coded_claim(owner: User | None = None, *, on: Occurrence | None = None, at=None, **typed) -> ReviewCase:
    """A claim filed by code: all of the only date there is, unless told otherwise."""
    owner, on = owner or certificant(), on or occurrence()
    made = coded_draft(owner, on.offering, **{"run": str(on.pk), **typed})
    form = CodedForm(made.data, of=cecs.stands(on.offering), files=1, today=programme_day(at))
    assert form.is_valid(), form.errors
    return cecs.file_coded(draft_id=made.pk, owner=owner, answers=form.answers(), version=made.version, at=at)
