"""People and cases for tests. Whatever has a consequence goes through the real services, so no case is impossible."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from applications import asks as application_asks
from applications import rules
from applications.models import Application, Criteria, Graduate, Partner, Programme, Reference, Window
from applications.models import Draft as ApplicationDraft
from applications.services import drafts as application_drafts
from applications.services import partners, referees, references, sheets
from applications.services.checking import look
from applications.services.filing import file_application
from applications.states import Kind
from cecs import services as cecs
from cecs.asks import FORMS
from cecs.services import Answers, Row
from journals import wording
from journals.models import Entry
from journals.services import arranging, renewing
from journals.states import Activity, Delivery, Source
from preapprovals import asks as request_asks
from preapprovals.models import Contact, Instructor, Occurrence, Offering, PreapprovalRequest, Roster, Sponsor
from preapprovals.models import Draft as RequestDraft
from preapprovals.rules import read_agenda
from preapprovals.services import appealing, offerings, oversight, rosters, sponsors
from preapprovals.services import drafts as request_drafts
from preapprovals.services.checking import look as look_at_request
from preapprovals.services.filing import file_request
from preapprovals.services.worth import worth_of
from preapprovals.states import Act, Listed, SponsorKind
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import CommitteeTerm, Signature, User
from serportal.accounts.services import COORDINATORS
from serportal.accounts.states import Committee, Purpose
from serportal.certifications import rules as certification_rules
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.certifications.states import Level
from serportal.drafts.services import Seen
from serportal.fees import services as fees
from serportal.fees.models import Bill
from serportal.fees.states import FeeKind
from serportal.files import services as files
from serportal.files.models import Folder
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Party, ReviewCase, Seat, Timetable, Voter
from serportal.reviews.states import Answer, Basis, Choice, PartyRole
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


def listed(person: User, **shown) -> User:
    """The same person, in the public directory, with nothing beside what every entry shows unless named."""
    certifications.set_listing(person=person, **{"listed": True, **shown})
    return person


def certification_of(person: User) -> Certification:
    """The latest certification of ``person``, with the days of its period."""
    return Certification.objects.with_period().filter(person=person).latest("certified_on", "pk")


def pdf(name: str = "certificate.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + extra, content_type="application/pdf")


def answers(hours: str = "22", *, last_day: date | None = None, **fields) -> Answers:
    """A conference of four days that ended two weeks ago; the hours lie on its days, at most 8 on each."""
    last = last_day or programme_day() - timedelta(days=14)
    first = last - timedelta(days=3)
    left, rows = Decimal(hours), []
    for offset in range(4):
        part = min(left, Decimal(8))
        if part:
            rows.append(Row(first + timedelta(days=offset), f"Sessions of day {offset + 1}", part))
        left -= part
    given = {
        "activity": Activity.CONFERENCE,
        "title": "North Sea Wetlands Conference",
        "provider": "Wadden Coast Research Network",
        "first_day": first,
        "last_day": last,
        "place": "Groningen, Netherlands",
        "delivery": "in person",
        "areas": ("biological", "restoration"),
        "learned": "Three sediment traps that hold.",
        "rows": tuple(rows),
    }
    return Answers(**{**given, **fields})


def answers_about(activity: str, *, last_day: date | None = None, **fields) -> Answers:
    """A claim about any activity, with all that its form asks and nothing else."""
    last = last_day or programme_day() - timedelta(days=14)
    year = last - timedelta(days=364)
    when = {"place": "Leeuwarden, Netherlands", "delivery": "in person", "areas": ("restoration",)}
    day = (Row(last, "Seeding by hand and by drill", Decimal(6)),)
    long = (Row(None, "14 weeks of 3 hours", Decimal(42)),)
    author = {"citation": "Okafor, A. (2026).", "role": "First author", "areas": ("biological",)}
    given = {
        Activity.COURSE: {"title": "Restoration Ecology", "provider": "Wadden University", "course_no": "ENVR 501",
                          "first_day": last - timedelta(days=100), "grade": "passed", "rows": long,
                          "objectives": "Reference systems.", **when},
        Activity.TRAINING: {"title": "Seed mixes for dikes", "provider": "Dike Academy", "instructor": "Piet Zwart",
                            "instructor_basis": "CERP", "objectives": "Choose a mix.", "rows": day, **when},
        Activity.CONFERENCE: {"title": "North Sea Wetlands Conference", "provider": "Wadden Coast Research Network",
                              "rows": day, **when},
        Activity.INSTRUCTION: {"title": "Dune planting", "provider": "Dune Trust", "audience": "20 rangers",
                               "regular": "no", "rows": day, **when},
        Activity.BOOK: {"title": "Marshes", "provider": "Reed Press", **author},
        Activity.CHAPTER: {"title": "Salt, in: Marshes", "provider": "Reed Press", **author},
        Activity.PAPER: {"title": "Salt and sedge", "provider": "Journal of Shores", "with_people": "Li Na", **author},
        Activity.MATERIAL: {"title": "Field guide to sedges", "provider": "Province of Fryslân", **author},
        Activity.BOARD: {"title": "Treasurer", "level": "chapter", "unit": "SER Europe", "provider": "SER Europe",
                         "first_day": year},
        Activity.COMMITTEE: {"title": "Science committee", "level": "ser", "role": "Member", "first_day": year,
                             "provider": "Society for Ecological Restoration"},
        Activity.EVENT: {"title": "Chapter day", "level": "chapter", "unit": "SER Europe", "provider": "SER Europe",
                         "role": "Programme", "place": "Gent, Belgium", "areas": ("management",)},
        Activity.VOLUNTEERING: {"title": "Planting marram", "provider": "Dollard Marsh Trust", "not_for_profit": "yes",
                                "place": "Delfzijl, Netherlands", "admin_name": "Jan de Boer", "rows": day,
                                "admin_contact": "jan@marsh.example", "areas": ("restoration",)},
    }[activity]  # fmt: skip
    base = {"activity": activity, "first_day": last, "last_day": last, "learned": "What lasts and what does not."}
    return Answers(**{**base, **given, **fields})


def draft_data(given: Answers | None = None, **changes) -> dict:
    """The same answers as they are typed into the form."""
    given = given or answers()
    data = {"activity": given.activity, "attested": "on"}
    for ask in FORMS[given.activity].asks():
        value = getattr(given, ask.name)
        data[ask.name] = list(value) if ask.kind == "many" else value.isoformat() if isinstance(value, date) else value
    for n, row in enumerate(given.rows):
        place = (row.day - given.first_day).days if row.day else n
        data |= {f"what-{place}": row.what, f"hours-{place}": str(row.hours)}
    return {**{name: value for name, value in data.items() if value}, **changes}


def draft(owner: User | None = None, *, data: dict | None = None, with_file: bool = True):
    owner = owner or certificant()
    data = draft_data() if data is None else data
    made = cecs.start(owner=owner, key=uuid.uuid4(), activity=data.get("activity", Activity.CONFERENCE))
    if with_file:
        cecs.add_files(draft=made, uploads=[pdf()], by=owner)
    return cecs.save(draft_id=made.pk, owner=owner, data=data, seen=cecs.Seen(made.version))


def claim(owner: User | None = None, *, at=None, about: str = "", **given) -> ReviewCase:
    """A filed claim, to be screened: a conference, or whatever it is ``about``."""
    owner = owner or certificant()
    filled = answers_about(about, **given) if about else answers(**given)
    made = draft(owner, data=draft_data(filled))
    return cecs.file_claim(draft_id=made.pk, owner=owner, answers=filled, version=made.version, at=at)


def imported(person: User, *, credits: str = "2", **fields) -> Entry:
    """A line of an earlier journal that waits for its upload."""
    period = person.periods.order_by("-starts_on")[0]
    given = {
        "period": period,
        "source": Source.IMPORT,
        "activity": Activity.TRAINING,
        "description": f"Field day of {credits}",
        "earned_on": period.starts_on + timedelta(days=40),
        "credits": Decimal(credits),
        "sentence": "Hours = credits.",
        "approved_at": timezone.now(),
    }
    return Entry.objects.create(person=person, **{**given, **fields})


def screened(by: User, **given) -> ReviewCase:
    return reviews.screen(claim(**given).pk, by=by)


def seated(by: User, members: list[User], **given) -> ReviewCase:
    """A claim with three seats, nobody having declared yet."""
    case = screened(by, **given)
    reviews.seat(case.pk, members=[one.pk for one in members], by=by)
    case.refresh_from_db()
    return case


def seat_of(case: ReviewCase, member: User) -> Seat:
    return Seat.objects.filter(panel__case=case, member=member).order_by("-panel__round").first()


def vote(case: ReviewCase, by: User, choice: Choice = Choice.APPROVE, credits=None, reason: str = ""):
    seat = seat_of(case, by)
    if seat.state == "invited":
        reviews.declare(seat.pk, conflict=False, by=by)
    return reviews.cast(
        seat.pk, by=by, key=uuid.uuid4(), revision=case.revision, choice=choice, credits=credits, reason=reason
    )


def voted(by: User, members: list[User], choices=(Choice.APPROVE,) * 3, **given) -> ReviewCase:
    """A claim whose three ballots are in, and stand."""
    case = seated(by, members, **given)
    for one, choice in zip(members, choices, strict=True):
        vote(case, one, choice, reason="The programme lists product talks." if choice == Choice.DENY else "")
    settled(case, members)
    return case


def settled(case: ReviewCase, members: list[User]) -> None:
    """Let everyone’s ballot stand where the panel was opened to itself."""
    case.refresh_from_db()
    if case.step == "settle":
        for one in members:
            reviews.confirm(seat_of(case, one).pk, by=one)
        case.refresh_from_db()


def filling_by_hand() -> None:
    """Leave open seats to the coordinator."""
    Timetable.objects.update(fills_itself=False)


def decided(by: User, members: list[User], **given) -> ReviewCase:
    """A claim that is decided, its letter owed and its credits in the journal."""
    case = voted(by, members, **given)
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=by)
    case.refresh_from_db()
    return case


def billed(person: User | None = None, *, about: str = "APP-2026-0001", kind: FeeKind = FeeKind.CERP, **fields) -> Bill:
    """A bill that is due: an application by someone who is no member of SER, unless told otherwise."""
    row = fields.pop("row", None) or fees.fee_on(kind, programme_day())
    person = person or PersonFactory()
    return fees.bill(person=person, kind=kind, about=about, row=row, **{"member": False, **fields})


def paid(bill: Bill, by: User | None = None, **fields):
    """The payment of a bill, whole and today."""
    given = {"reference": f"bank {bill.number}", "amount": bill.amount, "paid_on": programme_day(), **fields}
    return fees.record_payment(bill_id=bill.pk, by=by, **given)[0]


def application(
    kind: str = "cerp",
    owner: User | None = None,
    *,
    at=None,
    paid: bool = False,
    draft: ApplicationDraft | None = None,
    **columns,
) -> Application:
    """A filed application of one kind as filing leaves it: one referee named twice over, nothing answered yet.

    ``paid`` settles everything its applicant can settle, ``draft`` is what it is filed from. ``columns`` are those of
    the application.
    """
    at = at or timezone.now()
    holds = kind == Kind.UPGRADE
    draft = draft or application_draft(
        owner or (certificant(level=Level.CERPIT) if holds else PersonFactory()), kind, started_at=at, saved_at=at
    )
    owner, folder = draft.owner, draft.folder
    for purpose in ("resume", "transcript", "course"):
        files.receive(folder=folder, upload=pdf(f"{purpose}.pdf", purpose.encode()), by=owner, purpose=purpose)
    window = None if kind == Kind.PARTNER else Window.objects.open_on(programme_day(at)).first()
    criteria = Criteria.objects.get(effective_from=columns.pop("criteria_from", date(2000, 1, 1)))
    content = columns.pop("content", None) or application_content(kind, owner)
    case = reviews.file_case(
        kind=kinds()["partner" if kind == Kind.PARTNER else "application"],
        by=owner,
        headline=f"{Kind(kind).label}: {owner.name}",
        folder=folder,
        parties=[Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner)],
        topic=kind,
        clock_on=window.closes_on if window else None,
        due_on=window.decided_by if window else None,
        at=at,
    )
    knowledge, experience = (
        sheets.knowledge_of(content, criteria),
        sheets.experience_of(content, criteria, programme_day(at)),
    )
    bill = None
    if kind != Kind.PARTNER:
        row = fees.fee_on(kind, programme_day(at))
        bill = fees.bill(person=owner, kind=kind, about=case.reference, member=False, row=row, at=at)
    given = {
        "name_on_certificate": owner.name,
        "sides": ["knowledge"] if kind == Kind.CERPIT else [],
        "knowledge": {} if kind == Kind.PARTNER else sheets.stored(knowledge),
        "experience": {} if kind == Kind.PARTNER else sheets.stored(experience),
        "ready_as": "" if kind == Kind.PARTNER else rules.ready_as(knowledge, experience),
        "certification": certification_of(owner) if holds else None,
        "bill": bill,
        **columns,
    }
    made = Application.objects.create(case=case, kind=kind, content=content, criteria=criteria, window=window, **given)
    Signature.objects.create(
        person=owner,
        agreement=agreement_on(Purpose.APPLICANTS, programme_day(at)),
        typed_name=owner.name,
        signed_at=at,
        about=case.reference,
    )
    draft.case, draft.sent_at = case, at
    draft.save()
    reviews.keep_revision(case, at=at)
    if paid and bill:
        Bill.objects.filter(pk=bill.pk).update(state="paid", settled_at=at)
    return Application.objects.select_related("case").get(pk=made.pk)


def application_content(kind: str, owner: User) -> dict:
    """What an application says that has all CERP asks: five courses, six years of work, three projects."""
    courses = [
        ("Plant ecology", "15", "biological.ecology"),
        ("Soils", "15", "physical.earth"),
        ("Managing catchments", "6", "resource.ecological"),
        ("People and rivers", "6", "resource.human"),
        ("Statistics", "9", "quantitative"),
        ("Restoration ecology", "12", "restoration"),
    ]
    today = programme_day()
    person = {"name_on_certificate": owner.name, "country": "NL", "employer": owner.employer}
    content = {"person": person, "documents": {"course_completed_on": "2026-03-01"}, "agreement": {"agreed": "on"}}
    if kind == Kind.PARTNER:
        programme = Programme.objects.first()
        return {**content, "programme": {"programme": str(programme.pk), "completed_on": "2026-04-24", "consent": "on"}}
    return {
        **content,
        "fee": {"member": "no"},
        "degree": [{"id": "d1", "institution": "Wadden University", "country": "NL", "degree": "BSc",
                    "field": "Biology", "year": "2015"}],
        "course": [
            {"id": f"c{number}", "title": title, "institution": "Wadden University", "unit": "semester",
             "credits": credits, "passed": "yes", "area1": area}
            for number, (title, credits, area) in enumerate(courses)
        ],
        "prior": [],
        "job": [{"id": "j1", "employer": "Dollard Marsh Trust", "title": "Restorer", "weekly_hours": "40",
                 "restoration": "100", "duties": "Marshes.", "first_day": f"{today.year - 6}-01-01", "last_day": ""}],
        "project": [
            {"id": f"p{number}", "title": title, "place": "Delfzijl", "ecosystem": "salt marsh", "role": "lead",
             "first_day": "2022-03-01", "phases": list(phases), "narrative": "Dug creeks.", "outcome": "Sedge came."}
            for number, (title, phases) in enumerate([
                ("Dollard creek", ("inventory", "planning")),
                ("Ems dunes", ("implementation",)),
                ("Lauwers reeds", ("monitoring",)),
            ])
        ],
        "step": [],
    }  # fmt: skip


def reference_in(made: Application, name: str = "Wanjiru Kamau", **typed) -> Reference:
    """A reference about ``made`` that is in."""
    return referred(made.case.application_drafts.get(request__isnull=True), name, **typed)


def graduate(made: Application, state: str = "pending", **columns) -> Graduate:
    """What a college was asked, and said, about a partner’s applicant."""
    answered = {} if state == "pending" else {"answered_at": timezone.now(), "via": "page"}
    return Graduate.objects.create(
        application=made,
        programme=Programme.objects.first(),
        completed_on=date(2026, 4, 24),
        asked_at=timezone.now(),
        state=state,
        **answered,
        **columns,
    )


def application_draft(owner: User | None = None, kind: str = "cerp", **fields) -> ApplicationDraft:
    """An application of which nothing is typed yet."""
    given = {"folder": Folder.objects.create(), "started_at": timezone.now(), "saved_at": timezone.now(), **fields}
    return ApplicationDraft.objects.create(owner=owner or PersonFactory(), kind=kind, **given)


def named(draft: ApplicationDraft, name: str = "Wanjiru Kamau", email: str = "", **fields) -> Reference:
    """A referee whom the owner of ``draft`` named, and nobody wrote to."""
    at, replaces = fields.pop("at", None), fields.pop("replaces", None)
    email = email or f"{name.split()[0].lower()}@referees.example"
    given = {"organisation": "Dollard Marsh Trust", "relationship": "My supervisor for two years", **fields}
    who = references.Named(name=name, email=email, **given)
    return references.name(draft_id=draft.pk, named=who, by=draft.owner, replaces=replaces, at=at)


def invited(draft: ApplicationDraft, name: str = "Wanjiru Kamau", email: str = "", *, at=None, **fields) -> Reference:
    """A referee to whom the letter with the link is owed."""
    made = named(draft, name, email, at=at, **fields)
    return references.invite(draft_id=draft.pk, reference_id=made.pk, by=draft.owner, at=at)


def token_of(reference: Reference) -> str:
    """What stands in the newest letter to a referee, while it waits to be sent."""
    own = Message.objects.filter(key__startswith=f"reference:{reference.pk}:").exclude(secret="")
    return own.latest("pk").secret


def reference_data(**changes) -> dict[str, str]:
    """A reference as it is typed, with all that is asked."""
    ratings = {f"rated-{what}": "good" for what in ("knowledge", "breadth", "judgement", "ethics", "communication")}
    return {
        "position": "Head of works, Dollard Marsh Trust",
        "certified": "no",
        "relationship": "I led the project she worked on.",
        "years": "6",
        "seen": "She planned the sediment traps and kept them honest.",
        **ratings,
        "recommends": "yes",
        "comment": "I would hire her again.",
        "signature": "Wanjiru Kamau",
        **changes,
    }


def referred(draft: ApplicationDraft, name: str = "Wanjiru Kamau", *, at=None, **typed) -> Reference:
    """A reference that was opened, typed and sent."""
    made = referees.open_form(token=token_of(invited(draft, name, at=at)), at=at)
    kept = referees.keep_answer(reference_id=made.pk, data=reference_data(**typed), seen=Seen(made.version), at=at)
    return referees.send_answer(reference_id=made.pk, version=kept.version, at=at)


def partner(name: str = "Escarpment College", contact: User | None = None, **fields) -> Partner:
    """A college with one programme, that answers through the account of ``contact`` if one is given."""
    given = {"contact_name": "Robert Beauséjour", "contact_email": "registrar@escarpment.example", "fee_covered": True}
    made = Partner.objects.create(name=name, contact=contact, **{**given, **fields})
    made.programmes.create(name="Ecosystem Restoration")
    return made


@transaction.atomic
def asked_of(
    college: Partner, *, name: str = "Chloé Tremblay", owner: User | None = None, at=None, **fields
) -> Graduate:
    """An applicant about whom ``college`` was asked, and is silent."""
    filed = application(Kind.PARTNER, owner or PersonFactory(name=name), at=at, name_on_certificate=name)
    given = {"programme": college.programmes.first(), "student_number": "4471902", "completed_on": date(2026, 4, 24)}
    return partners.ask_college(application=filed, at=at, **{**given, **fields})


def prepared(
    kind: str = "cerp", owner: User | None = None, *, referees: int = 2, at=None, **changes
) -> ApplicationDraft:
    """A draft with all that its form asks, typed and saved as the pages do; ``changes`` are whole parts of it.

    Its rows are those of ``application_content``; the agreement is the one in force.
    """
    at = at or timezone.now()
    owner = owner or (certificant(level=Level.CERPIT) if kind == Kind.UPGRADE else PersonFactory())
    draft = application_drafts.start(owner=owner, kind=kind, key=uuid.uuid4(), at=at)
    agreement = agreement_on(Purpose.APPLICANTS, programme_day(at))
    content = application_content(kind, owner) | {
        "agreement": {"agreement": str(agreement.pk), "typed_name": owner.name, "agreed": "on", "truthful": "on"}
    }
    if kind == Kind.CERPIT:
        content["person"]["sides"] = ["knowledge"]
    for part in application_drafts.sections_of(draft):
        typed_part(draft, part, {**content, **changes}, at)
    if kind != Kind.PARTNER:
        for number in range(referees):
            address = f"{uuid.uuid4().hex}@referee.example"
            Reference.objects.create(
                draft=draft, name=f"Referee {number}", email=address, name_key=f"referee {number}", email_key=address,
                named_at=at, saved_at=at,
            )  # fmt: skip
        for purpose in ("resume", "transcript"):
            upload = pdf(f"{purpose}.pdf", purpose.encode())
            application_drafts.add_files(draft=draft, uploads=[upload], purpose=purpose, by=owner)
    draft.refresh_from_db()
    return draft


def typed_part(draft: ApplicationDraft, part: str, content: dict, at) -> None:
    """Type one part of a draft: its answers, or each of its rows."""
    listed = application_asks.LISTED.get(part)
    given = {"draft_id": draft.pk, "owner": draft.owner, "at": at}
    if listed:
        for row in content.get(listed, []):
            data = {name: text for name, text in row.items() if name != "id" and text}
            seen = application_drafts.Seen(0)
            application_drafts.save_row(**given, listed=listed, row_id=uuid.uuid4(), data=data, seen=seen)
    elif part != "references":
        seen = application_drafts.Seen(1)
        application_drafts.save_section(**given, section=part, data=content.get(part, {}), seen=seen)


def sent(draft: ApplicationDraft, *, at=None) -> ReviewCase:
    """File a draft as its check page shows it at that moment."""
    draft = ApplicationDraft.objects.select_related("folder", "request", "certification").get(pk=draft.pk)
    whole = look(draft, at=at)
    return file_application(
        draft_id=draft.pk, owner=draft.owner, fee_row=whole.fee, shown=whole.fingerprint(whole.fee), at=at
    )


def sponsor(by=None, **given) -> Sponsor:
    """A sponsor that ``by`` manages."""
    by = by or PersonFactory()
    return sponsors.add_sponsor(
        **{"name": "Delta Restoration Institute", "kind": SponsorKind.NON_PROFIT, **given}, by=by
    )


def contact(of: Sponsor, email: str, role: str, person: User | None = None) -> Contact:
    """Someone who acts for a sponsor, or was invited to and has not come."""
    given = {"email": email, "person": person, "role": role, "joined_at": timezone.now() if person else None}
    return Contact.objects.create(
        sponsor=of, invited_at=timezone.now(), invited_by=of.contacts.earliest("pk").person, **given
    )


def offering(of: Sponsor | None = None, **given) -> Offering:
    """A pre-approved workshop of six hours, recurring, on the list from thirty days ago for two years."""
    start = given.pop("valid_from", programme_day() - timedelta(days=30))
    facts = {
        "title": "Wetland soils in the field",
        "category": Activity.TRAINING,
        "delivery": Delivery.IN_PERSON,
        "credits": Decimal(6),
        "minutes": 360,
        "recurring": True,
        "valid_from": start,
        "valid_to": start + timedelta(days=729),
        "by": None,
        **given,
    }
    return offerings.list_offering(sponsor=of or sponsor(), **facts)


def occurrence(of: Offering | None = None, *, days: int = -10, **given) -> Occurrence:
    """One day of an offering, ``days`` from today."""
    day = programme_day() + timedelta(days=days)
    facts = {"first_day": day, "last_day": day, "zone": "America/New_York", "place": "Ithaca", "country": "US", **given}
    return offerings.add_occurrence(offering_id=(of or offering()).pk, by=None, **facts)


def roster(
    run: Occurrence | None = None, *lines: str, by: User | None = None, headings: str = "Name,E-mail,Hours", at=None
) -> Roster:
    """A list of who attended a date, as it is checked: one row is ready, the other cannot be reached."""
    run = run or occurrence()
    lines = lines or ("Amara Okafor,amara@marsh.example,6", "Li Na,,6")
    content = "\n".join([headings, *lines]).encode()
    by = by or run.offering.sponsor.contacts.first().person
    return rosters.give(occurrence_id=run.pk, content=content, name="list.csv", by=by, at=at)


def appeal(by: User, of: Offering | None = None, *, at=None) -> ReviewCase:
    """An appeal that the manager of a sponsor filed against a termination by ``by``, as filing leaves it."""
    made = of or offering()
    notice = oversight.act_on(made.pk, act=Act.TERMINATED, reason="A product show.", by=by, at=at)
    owner = made.sponsor.contacts.earliest("pk").person
    draft = appealing.begin(notice=notice, by=owner)
    draft = appealing.save(draft_id=draft.pk, by=owner, grounds="It was another event.", seen=Seen(draft.version))
    return appealing.file_appeal(draft_id=draft.pk, by=owner)


def preapproval_content(**changes) -> dict:
    """What a sponsor types for a workshop of six hours, over one day next month."""
    day = (programme_day() + timedelta(days=40)).isoformat()
    return {
        "sponsor": {"sponsor": "new", "name": "Delta Restoration Institute", "kind": "non-profit", "country": "NL"},
        "offering": {
            "category": "training",
            "title": "Wetland soils in the field",
            "description": "A day in the salt marsh.",
            "objectives": "Name the horizons of a marsh soil.",
            "areas": ["physical"],
            "delivery": "in person",
            "recurring": "yes",
        },
        "teacher": [{"id": str(uuid.uuid4()), "name": "Wanjiru Kamau", "qualification": "ser", "detail": "CERP-0042"}],
        "agenda": {
            **{"day-0": "1", "from-0": "09:00", "to-0": "12:00", "what-0": "Soils", "item-0": "teach"},
            **{"day-1": "1", "from-1": "12:00", "to-1": "13:00", "what-1": "Lunch", "item-1": "break"},
            **{"day-2": "1", "from-2": "13:00", "to-2": "16:00", "what-2": "In the marsh", "item-2": "field"},
        },
        "date": [
            {"id": str(uuid.uuid4()), "first_day": day, "last_day": day, "starts": "09:00", "ends": "16:00",
             "zone": "Europe/Amsterdam", "place": "Groningen", "country": "NL"}
        ],
        "register": {"contact_name": "Bram Vos", "contact_email": "bram@delta.example", "url": "https://delta.example/"},
        **changes,
    }  # fmt: skip


def preapproval(owner: User | None = None, of: Sponsor | None = None, *, at=None, **changes) -> ReviewCase:
    """A filed request as filing leaves it; ``changes`` are sections and lists of its content."""
    at = at or timezone.now()
    owner = owner or PersonFactory()
    of = of or sponsor(owner)
    content = preapproval_content(**changes)
    said = content["offering"]
    days = sorted(date.fromisoformat(row[name]) for row in content["date"] for name in ("first_day", "last_day"))
    minutes = read_agenda(content["agenda"]).minutes or int(content["agenda"].get("minutes", 0))
    worth = worth_of(said["category"], minutes, programme_day(at))
    folder = Folder.objects.create()
    files.receive(folder=folder, upload=pdf("syllabus.pdf", b"syllabus"), by=owner, purpose="syllabus")
    case = reviews.file_case(
        kind=kinds()["preapproval"],
        by=owner,
        headline=said["title"],
        folder=folder,
        parties=[
            Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner),
            Party(role=PartyRole.ORGANISER, name=of.name),
            *(Party(role=PartyRole.INSTRUCTOR, name=row["name"]) for row in content["teacher"]),
        ],
        topic=said["category"],
        party=of.name,
        amount=worth.credit.amount,
        at=at,
    )
    made = PreapprovalRequest.objects.create(
        case=case,
        sponsor=of,
        content=content,
        category=said["category"],
        title=said["title"],
        part_of=said.get("part_of", ""),
        delivery=said["delivery"],
        recurring=said["recurring"] == "yes",
        areas=said["areas"],
        area_names="Physical science",
        first_planned=days[0] if days else None,
        last_planned=days[-1] if days else None,
        minutes=minutes,
        credits=worth.credit.amount,
        reasons=wording.stored(worth.credit.reasons),
        sentence=wording.sentence(worth.credit.reasons),
        schedule_row=worth.schedule_row,
        policy_row=worth.policy_row,
    )
    for row in content["teacher"]:
        Instructor.objects.create(
            request=made, key=row["id"], name=row["name"], qualification=row["qualification"], detail=row["detail"]
        )
    reviews.keep_revision(case, at=at)
    return case


def other_teacher(**fields) -> dict:
    """An instructor whose credentials the whole committee is asked about."""
    given = {"name": "Wanjiru Kamau", "qualification": "other", "detail": "Thirty years of dike work"}
    return {"id": str(uuid.uuid4()), **given, **fields}


def answer_question(case: ReviewCase, by: User, answer=Answer.YES, *, reason: str = "", number=None, revision=None):
    """One member’s vote on a question to the whole committee, the newest one unless told otherwise."""
    poll = case.polls.get(number=number) if number else case.polls.latest("number")
    voter = Voter.objects.get(poll=poll, member=by)
    if voter.state == "invited":
        reviews.declare_on(voter.pk, conflict=False, by=by)
    revision = revision or ReviewCase.objects.get(pk=case.pk).revision
    return reviews.vote(voter.pk, by=by, key=uuid.uuid4(), revision=revision, answer=answer, reason=reason)


def preapproved(by: User, members: list[User], choice=Choice.APPROVE, credits=None, **given) -> ReviewCase:
    """A request that three members voted on alike, decided with its letter."""
    case = reviews.screen(preapproval(**given).pk, by=by)
    reviews.seat(case.pk, members=[one.pk for one in members], by=by)
    case.refresh_from_db()
    for one in members:
        reason = "" if choice == Choice.APPROVE else "Two hours are about products."
        vote(case, one, choice, credits=credits, reason=reason)
    case.refresh_from_db()
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=by)
    case.refresh_from_db()
    return case


def request_draft(owner: User | None = None, *, at=None, **changes) -> RequestDraft:
    """A draft with all that its form asks, typed and saved as the pages do; ``changes`` are whole parts of it."""
    at = at or timezone.now()
    owner = owner or PersonFactory()
    draft = request_drafts.start(owner=owner, key=uuid.uuid4(), at=at)
    terms = agreement_on(Purpose.SPONSORS, programme_day(at))
    content = preapproval_content(
        terms={"agreement": str(terms.pk), "typed_name": owner.name, "agreed": "on"},
    )
    content["sponsor"] |= {"contact_name": owner.name, "contact_email": owner.email}
    content["teacher"][0] |= {"ser_number": "CERP-0042"}
    content |= changes
    given = {"draft_id": draft.pk, "owner": owner, "at": at}
    for section in request_asks.sections_of(content["offering"]):
        listed = request_asks.LISTED.get(section)
        for row in content.get(listed, []) if listed else []:
            data = {name: text for name, text in row.items() if name != "id"}
            key = uuid.uuid4()
            request_drafts.PARTS.save_row(**given, listed=listed, row_id=key, data=data, seen=Seen(0))
            if listed == Listed.INSTRUCTOR:
                upload = pdf("resume.pdf", key.bytes)
                request_drafts.PARTS.add_files(draft=draft, uploads=[upload], purpose=f"teacher:{key}", by=owner)
        if listed is None and section in content:
            seen = Seen(1)
            request_drafts.PARTS.save_section(**given, section=section, data=content[section], seen=seen)
    request_drafts.PARTS.add_files(draft=draft, uploads=[pdf("syllabus.pdf")], purpose="syllabus", by=owner)
    return RequestDraft.objects.get(pk=draft.pk)


def filed(draft: RequestDraft, *, at=None) -> ReviewCase:
    """File a draft of a request as its check page shows it at that moment."""
    whole = look_at_request(RequestDraft.objects.select_related("owner", "folder").get(pk=draft.pk), at=at)
    shown = whole.fingerprint(whole.fee)
    return file_request(draft_id=draft.pk, owner=draft.owner, shown=shown, fee_row=whole.fee, at=at)


def arrangement(owner: User | None = None, *, at=None, reason: str = "", **typed) -> ReviewCase:
    """A filed request for an arrangement: by default a minimum of 3 credits for year 1 of ``owner``’s period."""
    owner = owner or certificant()
    period = owner.periods.latest("starts_on")
    draft = arranging.begin(period=period, by=owner, at=at)
    data = {"shape": "reduced", "year": "1", "credits": "3", **typed}
    data["reason"] = reason or "Six months of chemotherapy, March to August."
    arranging.save(draft_id=draft.pk, by=owner, data=data, seen=Seen(draft.version), at=at)
    return arranging.file_arrangement(draft_id=draft.pk, by=owner, at=at)


def arranged(by: User, owner: User | None = None, choice: Choice = Choice.APPROVE, **typed) -> ReviewCase:
    """A request for an arrangement that the coordinator ``by`` has read and decided."""
    case = arrangement(owner, **typed)
    reviews.screen(case.pk, by=by)
    return settle_alone(case, by, choice)


def settle_alone(case: ReviewCase, by: User, choice: Choice = Choice.APPROVE, *, at=None) -> ReviewCase:
    """Send the letter by which the coordinator ``by`` alone decides an arrangement."""
    case.refresh_from_db()
    reason = "The claims of that year are still to be read." if choice == Choice.DENY else ""
    alone = reviews.Alone(basis=Basis.OFFICE, choice=choice, reason=reason)
    digest = reviews.preview(case, alone=alone, at=at).digest
    reviews.decide(case.pk, digest=digest, alone=alone, by=by, at=at)
    case.refresh_from_db()
    return case


class Lot:
    """Draws what it is told to: whether a renewal is audited, and then its first entries."""

    def __init__(self, *, audited: bool):
        self.audited = audited

    def random(self) -> float:
        return 0.0 if self.audited else 0.99

    def sample(self, found: list, count: int) -> list:
        return found[:count]


def renewable(*, ends_in: int = 30, level: Level = Level.CERP, short: dict[int, str] | None = None, **fields) -> User:
    """A member whose period ends in so many days (below zero: ended so many days ago), with 10 credits in each year.

    ``short`` names other credits by the number of a year; every one was earned on the tenth day of its year.
    """
    end = programme_day() + timedelta(days=ends_in)
    start = next(
        day for day in (end - timedelta(days=n) for n in range(1820, 1830)) if certification_rules.last_day(day) == end
    )
    person = certificant(since=start, level=level, **fields)
    for year in person.periods.get().years():
        credits = (short or {}).get(year.number, "10")
        if Decimal(credits):
            imported(person, credits=credits, earned_on=year.first + timedelta(days=10))
    return person


DECLARED = {
    "truthful": "on",
    "sanctions": "no",
    "unchanged": "yes",
    "agreed": "on",
    "member": "yes",
    "membership_number": "SER-7001",
}


def renewal_draft(owner: User, *, at=None, **typed):
    """What ``owner`` typed to renew the last of their periods."""
    draft = renewing.begin(period=owner.periods.latest("starts_on"), by=owner, at=at)
    data = {**DECLARED, "typed_name": owner.name, **typed}
    return renewing.save(draft_id=draft.pk, by=owner, data=data, seen=Seen(draft.version), at=at)


def renewal(owner: User | None = None, *, audited: bool = False, at=None, **typed) -> ReviewCase:
    """A filed renewal of the last period of ``owner``; its fee is due."""
    owner = owner or renewable()
    draft = renewal_draft(owner, at=at, **typed)
    today = programme_day(at)
    shown = renewing.shown(renewing.fee_of(draft.period, today), renewing.agreement_of(today))
    return renewing.file_renewal(draft_id=draft.pk, by=owner, shown=shown, lot=Lot(audited=audited), at=at)


def paid_renewal(owner: User | None = None, by: User | None = None, **given) -> ReviewCase:
    """A renewal whose fee is recorded, so that the coordinator can confirm it."""
    case = renewal(owner, **given)
    paid(case.journals_renewal.bill, by)
    renewing.settle_all()
    case.refresh_from_db()
    return case


def renewed(by: User, owner: User | None = None) -> ReviewCase:
    """A renewal that the coordinator ``by`` confirmed."""
    return settle_alone(paid_renewal(owner), by)
