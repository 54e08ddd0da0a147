"""People and cases for tests. Whatever has a consequence goes through the real services, so no case is impossible."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from cecs import services as cecs
from cecs.services import Answers
from serportal.accounts.models import CommitteeTerm, User
from serportal.accounts.services import COORDINATORS
from serportal.accounts.states import Committee
from serportal.certifications import services as certifications
from serportal.certifications.states import Level
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{0}@place{0}.example".format)
    name = factory.Sequence("Person Number {}".format)
    country = "NL"
    employer = factory.Sequence("Employer {}".format)
    password = "!"

    @factory.post_generation
    def address(self, create, extracted, **kwargs):
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


def coordinator(**fields) -> User:
    person = PersonFactory(is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=COORDINATORS))
    return person


def member(committee=Committee.CONTINUING_EDUCATION, **fields) -> User:
    person = PersonFactory(**fields)
    CommitteeTerm.objects.create(member=person, committee=committee, starts_on=date(2020, 1, 1))
    return person


def certificant(*, since: date | None = None, level: Level = Level.CERP, **fields) -> User:
    """A person certified a year ago (or on ``since``)."""
    person = PersonFactory(**fields)
    certifications.certify(person=person, level=level, on=since or programme_day() - timedelta(days=365))
    return person


def pdf(name: str = "certificate.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + extra, content_type="application/pdf")


def answers(hours: str = "22", *, last_day: date | None = None, **fields) -> Answers:
    """A conference of four days that ended two weeks ago; the hours lie on its days, at most 8 on each."""
    last = last_day or programme_day() - timedelta(days=14)
    first = last - timedelta(days=3)
    left, sessions = Decimal(hours), []
    for offset in range(4):
        part = min(left, Decimal(8))
        if part:
            sessions.append((first + timedelta(days=offset), f"Sessions of day {offset + 1}", part))
        left -= part
    given = {
        "title": "North Sea Wetlands Conference",
        "provider": "Wadden Coast Research Network",
        "first_day": first,
        "last_day": last,
        "place": "Groningen, Netherlands",
        "delivery": "in person",
        "areas": ["biological", "restoration"],
        "learned": "Three sediment traps that hold.",
        "sessions": sessions,
    }
    return Answers(**{**given, **fields})


def draft_data(given: Answers | None = None, **changes) -> dict:
    """The same answers as they are typed into the form."""
    given = given or answers()
    data = {
        "title": given.title,
        "provider": given.provider,
        "first_day": given.first_day.isoformat(),
        "last_day": given.last_day.isoformat(),
        "place": given.place,
        "delivery": given.delivery,
        "areas": given.areas,
        "learned": given.learned,
        "attested": "on",
    }
    for day, what, hours in given.sessions:
        row = (day - given.first_day).days
        data |= {f"what-{row}": what, f"hours-{row}": str(hours)}
    return {**data, **changes}


def draft(owner: User | None = None, *, data: dict | None = None, with_file: bool = True):
    owner = owner or certificant()
    made = cecs.start(owner=owner, key=uuid.uuid4())
    if with_file:
        cecs.add_files(draft=made, uploads=[pdf()], by=owner)
    if data is None:
        data = draft_data()
    return cecs.save(draft_id=made.pk, owner=owner, data=data, seen=cecs.Seen(made.version))


def claim(owner: User | None = None, *, at=None, **given) -> ReviewCase:
    """A filed claim, to be screened."""
    owner = owner or certificant()
    made = draft(owner)
    return cecs.file_claim(draft_id=made.pk, owner=owner, answers=answers(**given), version=made.version, at=at)


def screened(by: User, **given) -> ReviewCase:
    return reviews.screen(claim(**given).pk, by=by)


def seated(by: User, members: list[User], **given) -> ReviewCase:
    """A claim with three seats, nobody having declared yet."""
    case = screened(by, **given)
    reviews.seat(case.pk, members=[one.pk for one in members], by=by)
    case.refresh_from_db()
    return case


def vote(case: ReviewCase, by: User, choice: Choice = Choice.APPROVE, credits=None, reason: str = ""):
    seat = Seat.objects.get(panel__case=case, member=by)
    if seat.state == "invited":
        reviews.declare(seat.pk, conflict=False, by=by)
    return reviews.cast(
        seat.pk, by=by, key=uuid.uuid4(), revision=case.revision, choice=choice, credits=credits, reason=reason
    )


def voted(by: User, members: list[User], choices=(Choice.APPROVE,) * 3, **given) -> ReviewCase:
    """A claim whose three ballots are in."""
    case = seated(by, members, **given)
    for one, choice in zip(members, choices, strict=True):
        vote(case, one, choice, reason="The programme lists product talks." if choice == Choice.DENY else "")
    case.refresh_from_db()
    return case


def decided(by: User, members: list[User], **given) -> ReviewCase:
    """A claim that is decided, its letter owed and its credits in the journal."""
    case = voted(by, members, **given)
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=by)
    case.refresh_from_db()
    return case
