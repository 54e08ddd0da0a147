"""What the measured pages are about: a member of thirty years, a busy reviewer, and cases made by the real services.

They come on top of the demonstration, so that the same rows are measured whatever the demonstration tells.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Draft as ApplicationDraft
from applications.models import Reference
from applications.services import drafts as applications
from applications.services.reference_letters import link_key
from applications.states import Kind
from cecs import services as cecs
from cecs.models import Draft
from journals import services as journals
from journals.models import Entry, Statement, Upload
from journals.states import Activity, Source
from serportal.accounts.models import CommitteeTerm, User
from serportal.accounts.states import Committee
from serportal.certifications import rules as calendar
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification, Period
from serportal.certifications.states import Level, PeriodStart
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Choice, SeatState
from serportal.ui.words import programme_day

ACCOUNTS = ("cerp", "coordinator", "committee1", "committee5", "applicant", "partner")
SLOTS = 4
CLAIMS = 34
CAST = 8
PERIODS = 6
ENTRIES_A_YEAR = 10
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PASSWORD = "measured-by-the-bench"  # noqa: S105 - of an account in a database that is thrown away


@dataclass(frozen=True)
class Applying:
    """What the demonstration holds of applications, and drafts that are saved again and again, each by its owner."""

    draft: ApplicationDraft
    to_read: ReviewCase
    referee: str
    to_save: list[tuple[ApplicationDraft, str]]


@dataclass(frozen=True)
class Subjects:
    """Session keys by person, and the rows that the scripts ask for."""

    sessions: dict[str, str]
    elder: User
    statement: Statement
    drafts: list[Draft]
    for_ballots: list[ReviewCase]
    to_read: ReviewCase
    to_decide: ReviewCase
    upload: Upload
    applying: Applying


def make_subjects() -> Subjects:
    people = {name: User.objects.get(email=f"{name}@example.org") for name in ACCOUNTS}
    people["filer"] = (to_judge := case_to_judge(people["committee5"])).filed_by
    people["elder"] = elder = make_elder()
    people["caster"] = caster = User.objects.get(email="committee2@example.org")
    people["reviewer"] = reviewer = make_person("Busy Reviewer")
    CommitteeTerm.objects.create(
        member=reviewer, committee=Committee.CONTINUING_EDUCATION, starts_on=programme_day() - timedelta(days=400)
    )
    panel = [reviewer, caster, User.objects.get(email="committee3@example.org")]
    cases = [file_claim(elder, n) for n in range(CLAIMS)]
    for case in cases:
        seat(case, panel, by=people["coordinator"])
    for case in cases[:CAST]:
        vote(case, reviewer)
    # Declared, not voted: they stay on the reviewer's desk.
    to_read, to_decide, *_rest = cases[CAST:]
    declare(to_read, reviewer)
    for member in panel:
        vote(to_decide, member)
    # Someone else's desk grows under the load, and no panel of these closes: two of three never vote.
    for_ballots = cases[-SLOTS:]
    for case in for_ballots:
        vote(case, caster)
    return Subjects(
        sessions={name: open_session(person) for name, person in people.items()},
        elder=elder,
        statement=elder.statements.latest("pk"),
        drafts=[make_draft(elder, n) for n in range(SLOTS)],
        for_ballots=for_ballots,
        to_read=to_read,
        to_decide=to_decide,
        upload=Upload.objects.order_by("-members", "pk")[0],
        applying=Applying(
            draft=ApplicationDraft.objects.open_of(people["applicant"]).get(),
            to_read=to_judge,
            referee=referee_session(people["applicant"]),
            to_save=[begin_application(n) for n in range(SLOTS)],
        ),
    )


def case_to_judge(member: User) -> ReviewCase:
    """Return the application on which ``member`` has declared no conflict and not voted yet."""
    seats = Seat.objects.filter(member=member, state=SeatState.DECLARED, panel__case__kind="application")
    return seats.select_related("panel__case__filed_by").earliest("pk").panel.case


def referee_session(applicant: User) -> str:
    """Open the silent referee’s form by the link in their letter."""
    reference = Reference.objects.silent().get(draft__owner=applicant)
    client = Client()
    client.post(reverse("references:link", args=[Message.objects.get(key=link_key(reference)).secret]))
    return client.session.session_key


def begin_application(n: int) -> tuple[ApplicationDraft, str]:
    """Return an application that someone of their own has begun, and their session."""
    owner = make_person(f"Applicant Number {n + 1}")
    owner.job_title = "Restoration ecologist"
    owner.save(update_fields=["job_title"])
    return applications.start(owner=owner, kind=Kind.CERP, key=uuid.uuid4()), open_session(owner)


def open_session(person: User) -> str:
    """Sign ``person`` in without their password: what its hash costs is measured once, as a page of its own."""
    client = Client()
    client.force_login(person)
    return client.session.session_key


def make_person(name: str) -> User:
    slug = name.lower().replace(" ", "-")
    email = f"{slug}@{slug}.example"
    person = User.objects.create_user(email, PASSWORD, name=name, country="NL", employer=f"Office of {name}")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def make_elder() -> User:
    """Someone who recertified five times: thirty years, ten entries in each, all uploaded."""
    elder = make_person("Member Of Thirty Years")
    today = programme_day()
    start = calendar.anniversary(today, 1 - calendar.YEARS * PERIODS)
    periods = [certifications.certify(person=elder, level=Level.CERP, on=start)]
    for n in range(1, PERIODS):
        first = calendar.anniversary(start, calendar.YEARS * n)
        periods.append(
            Period.objects.create(
                certification=periods[0].certification,
                person=elder,
                starts_on=first,
                ends_on=calendar.last_day(first),
                began_as=PeriodStart.RECERTIFIED,
            )
        )
    # Each was renewed in time: what lapsed with the first of them, long ago, stands.
    Certification.objects.filter(pk=periods[0].certification_id).update(lapsed_on=None)
    now = timezone.now()
    upload = journals.prepare_upload(key="bench: thirty years", due_on=today, at=now)
    Entry.objects.bulk_create(entry for period in periods for entry in entries_of(period, today, now))
    journals.post_upload(upload, at=now)
    return elder


def entries_of(period: Period, today: date, now: datetime):
    day, step = period.starts_on, timedelta(days=365 // ENTRIES_A_YEAR)
    while day <= min(period.ends_on, today):
        yield Entry(
            person_id=period.person_id,
            period=period,
            source=Source.IMPORT,
            activity=Activity.TRAINING,
            description=f"Field day on {day}",
            earned_on=day,
            credits=Decimal("1.25"),
            sentence="75 minutes = 1.25.",
            approved_at=min(datetime.combine(day, time(12), tzinfo=now.tzinfo), now),
        )
        day += step


def answers(n: int) -> cecs.Answers:
    last = programme_day() - timedelta(days=20 + n)
    first = last - timedelta(days=2)
    return cecs.Answers(
        activity=Activity.CONFERENCE,
        title=f"Meeting {n + 1} of the Wetland Seed Network",
        provider="Wetland Seed Network",
        first_day=first,
        last_day=last,
        place="Groningen, Netherlands",
        delivery="in person",
        areas=("biological", "restoration"),
        learned="Three sediment traps that hold, and how to tell early that one does not.",
        rows=tuple(
            cecs.Row(first + timedelta(days=day), f"Sessions of day {day + 1}", Decimal("6.5")) for day in range(3)
        ),
    )


def as_typed(given: cecs.Answers) -> dict:
    """Return the answers as the fields of the form hold them."""
    names = ("activity", "title", "provider", "place", "delivery", "areas", "learned")
    data = {name: getattr(given, name) for name in names}
    data |= {"first_day": given.first_day.isoformat(), "last_day": given.last_day.isoformat(), "attested": "on"}
    for n, row in enumerate(given.rows):
        data |= {f"what-{n}": row.what, f"hours-{n}": str(row.hours)}
    return data


def make_draft(owner: User, n: int) -> Draft:
    made = cecs.start(owner=owner, key=uuid.uuid4(), activity=Activity.CONFERENCE)
    proof = SimpleUploadedFile("certificate.pdf", PDF, content_type="application/pdf")
    cecs.add_files(draft=made, uploads=[proof], by=owner)
    return cecs.save(draft_id=made.pk, owner=owner, data=as_typed(answers(n)), seen=cecs.Seen(made.version))


def file_claim(owner: User, n: int) -> ReviewCase:
    made = make_draft(owner, n)
    return cecs.file_claim(draft_id=made.pk, owner=owner, answers=answers(n), version=made.version)


def seat(case: ReviewCase, panel: list[User], *, by: User) -> None:
    reviews.screen(case.pk, by=by)
    reviews.seat(case.pk, members=[one.pk for one in panel], by=by)


def declare(case: ReviewCase, member: User) -> Seat:
    return reviews.declare(Seat.objects.get(panel__case=case, member=member).pk, conflict=False, by=member)


def vote(case: ReviewCase, member: User) -> None:
    seat = declare(case, member)
    reviews.cast(seat.pk, by=member, key=uuid.uuid4(), revision=case.revision, choice=Choice.APPROVE)
