"""Plays the stories of applicants through the services that the portal itself uses, each step at its moment."""

import random
import uuid
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import rules
from applications.kind import BREADTH, EXPERIENCE
from applications.models import Application, Draft, Programme, Reference, RowText, SectionText, Window
from applications.services import drafts, gates, partners, referees, references
from applications.services.checking import look
from applications.services.filing import file_application
from applications.services.reference_letters import link_key
from applications.states import Kind, Listed, Section, Via
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import User
from serportal.accounts.states import Purpose
from serportal.certifications import services as certifications
from serportal.demo import dossiers, evidence, names, places
from serportal.demo.clock import Clock, dice
from serportal.demo.people import Holder, account, files_claims, save_people
from serportal.demo.stories import (
    AGAINST,
    CERPIT,
    DENIED,
    NOT_CONFIRMED,
    OFFERED,
    QUESTION,
    REFEREES,
    STORIES,
    Story,
)
from serportal.drafts.services import Seen
from serportal.fees import services as fees
from serportal.files.models import StoredFile
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.states import Choice, Judgement, Step
from serportal.ui.words import programme_day

COLLEGE = "Niagara College"
YEARS_BACK = 6
CHOICES = {"a": Choice.APPROVE, "c": Choice.OFFER, "n": Choice.DENY}
JUDGED = {"a": Judgement.MET, "c": Judgement.PARTLY, "n": Judgement.NOT_MET}
# How long after the close of a window its applications are still with the committee, and how many days before it
# the last of them was filed.
IN_REVIEW, BEFORE_CLOSE = 46, 12
SEATED = 8.2
LETTERS = {"resume": "Résumé", "transcript": "Transcript of records", "course": "Certificate of the e-learning course"}


class Applicants:
    """Who applies, by the names of the stories, and the dice that the stories share."""

    def __init__(self, clock: Clock, people: dict[str, User], part: str):
        self.clock, self.people = clock, people
        self.rng = dice(part)
        self.coordinator = account("coordinator")
        self.partner = account("partner")

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def prepare(clock: Clock) -> None:
    """Bring in the windows of years past, in which those who are certified applied."""
    years = range(clock.today.year - YEARS_BACK, clock.today.year + 1)
    Window.objects.bulk_create(
        (
            Window(closes_on=one.closes_on, decided_by=one.decided_by)
            for year in years
            for one in rules.standard_windows(year)
        ),
        ignore_conflicts=True,
    )


def certify_by_application(clock: Clock, holder: Holder) -> None:
    """Let ``holder`` become a CERPIT on their day by an application, with next steps in the letter (R-APP-8)."""
    cast = Applicants(clock, {CERPIT.who: holder.user}, "first application")
    decided = clock.ago((clock.today - holder.starts[0]).days - 0.6)
    case = Steps(cast, CERPIT, decided - timedelta(days=CERPIT.filed), decided).play()
    holder.periods.extend(Application.objects.get(pk=case.pk).granted.periods.all())


def play_all(clock: Clock, holders: list[Holder]) -> None:
    """Play every story in the order of filing, then leave the applications that nobody has sent yet."""
    cast = Applicants(clock, make_people(clock, holders), "applications")
    filed = [(clock.ago(filed_ago(clock, story)), story) for story in STORIES]
    for at, story in sorted(filed, key=lambda one: one[0]):
        Steps(cast, story, at, clock.ago(story.decided) if story.decided else clock.dawn).play()
    begin_upgrade(cast, holders[1].user)
    begin_first(cast, account("applicant"))


def make_people(clock: Clock, holders: list[Holder]) -> dict[str, User]:
    """Make those who apply for the first time; whoever upgrades is a CERPIT of the demonstration."""
    rng = dice("applicants")
    people = {}
    for story in (one for one in STORIES if one.country):
        given, *_more, family = story.who.split()
        people[story.who] = User(
            email=f"{names.letters(given)}.{names.letters(family)}@example.org",
            password=make_password(None),
            name=story.who,
            country=story.country,
            time_zone=places.COUNTRIES[story.country][1],
            employer=dossiers.DOSSIERS[story.dossier].jobs[-1][0] if story.dossier else places.employer(rng),
            job_title=dossiers.DOSSIERS[story.dossier].jobs[-1][1] if story.dossier else rng.choice(places.TITLES),
            joined_at=clock.ago(story.filed + 90),
        )
    save_people(list(people.values()))
    training = (one for one in holders[2:] if one.level == "CERPIT" and files_claims(one.starts[-1], clock.today))
    return {**people, "upgrading": next(training).user}


def filed_ago(clock: Clock, story: Story) -> float:
    """Return how many days ago a story was filed; what is in review came before its window closed (R-APP-2)."""
    if not story.marks:
        return story.filed
    closed = Window.objects.filter(closes_on__lt=clock.today).latest("closes_on").closes_on
    since = (clock.today - closed).days
    return story.filed + BEFORE_CLOSE + (since if since <= IN_REVIEW else SEATED)


class Desk:
    """One applicant at the form, at one moment: what is typed, the files, the referees."""

    def __init__(self, cast: Applicants, owner: User, kind: Kind, at: datetime):
        self.cast, self.owner, self.rng = cast, owner, cast.rng
        self.draft = drafts.start(owner=owner, kind=kind, key=cast.key(), at=at)
        self.at, self.today = at, programme_day(at)

    def write(self, section: Section, **data) -> None:
        typed = SectionText.objects.filter(draft=self.draft, section=section).first()
        drafts.save_section(
            draft_id=self.draft.pk,
            owner=self.owner,
            section=section,
            data={**(typed.data if typed else {}), **data},
            seen=Seen(typed.version if typed else 1),
            at=self.at,
        )

    def list(self, listed: Listed, rows: list[dict]) -> None:
        """Type rows; what a draft holds has no consequence yet, so they come in one statement."""
        RowText.objects.bulk_create(
            RowText(pk=self.cast.key(), draft=self.draft, listed=listed, number=n, data=row, saved_at=self.at)
            for n, row in enumerate(rows, start=1)
        )

    def tell(self, one: dossiers.Dossier) -> None:
        self.list(Listed.COURSE, dossiers.course_rows(one, self.today))
        self.list(Listed.DEGREE, dossiers.degree_rows(one, str(self.owner.country), self.today))
        supervisor = somebody(self.rng)
        self.list(Listed.JOB, dossiers.job_rows(one, self.today, supervisor))
        self.list(Listed.PROJECT, dossiers.project_rows(one, self.today, supervisor))
        if one.statement:
            self.write(Section.PERSON, statement=one.statement)

    def attach(self, *purposes: str) -> None:
        for purpose in purposes:
            lines = [LETTERS[purpose], self.owner.name, "Made for a demonstration"]
            upload = SimpleUploadedFile(f"{LETTERS[purpose]}.pdf", evidence.pdf(lines), "application/pdf")
            drafts.add_files(draft=self.draft, uploads=[upload], purpose=purpose, by=self.owner)
        StoredFile.objects.filter(folder=self.draft.folder_id).update(received_at=self.at)
        Draft.objects.filter(pk=self.draft.pk).update(saved_at=self.at)

    def sign(self) -> None:
        agreement = agreement_on(Purpose.APPLICANTS, self.today)
        signed = {"typed_name": self.owner.name, "agreed": "on", "truthful": "on", "agreement": str(agreement.pk)}
        self.write(Section.AGREEMENT, **signed)

    def refer(self, marks: str, first: datetime) -> None:
        """Name and invite a referee for each of ``marks``, and let those answer who do."""
        for n, mark in enumerate(marks):
            name = somebody(self.rng)
            position, how, years, seen = REFEREES[(n + len(self.owner.name)) % len(REFEREES)]
            named = references.Named(
                name=name,
                email=f"{names.letters(name)}@referees.example",
                organisation=places.employer(self.rng) or "independent",
                relationship=how,
                note="It would mean a lot to me if you could answer before the window closes.",
            )
            at = first + timedelta(hours=n + 1)
            made = references.name(draft_id=self.draft.pk, named=named, by=self.owner, at=at)
            made = references.invite(draft_id=self.draft.pk, reference_id=made.pk, by=self.owner, at=at)
            if mark in "ro":
                answer(made, opened=at + timedelta(days=2 + n), sends=mark == "r", texts=(position, how, years, seen))


def somebody(rng: random.Random) -> str:
    return names.draw(rng, rng.choice([culture for culture, _zone, _towns in places.COUNTRIES.values()])).name


def answer(made: Reference, *, opened: datetime, sends: bool, texts: tuple[str, str, int, str]) -> None:
    """Let a referee open the link in their letter, and send what they typed."""
    token = Message.objects.get(key=link_key(made)).secret
    made = referees.open_form(token=token, at=opened)
    position, relationship, years, seen = texts
    data = {
        "position": f"{position}, {made.organisation}",
        "relationship": relationship,
        "years": str(years),
        "seen": seen,
    }
    data |= {f"rated-{what}": "excellent" if n % 2 else "good" for n, what in enumerate(RATED)}
    if sends:
        data |= {"recommends": "yes", "signature": made.name}
    later = opened + timedelta(minutes=34)
    kept = referees.keep_answer(reference_id=made.pk, data=data, seen=Seen(made.version), at=later)
    if sends:
        referees.send_answer(reference_id=made.pk, version=kept.version, at=later)


RATED = ("knowledge", "breadth", "judgement", "ethics", "communication")


class Steps:
    """One application from its first typed word to where its story ends."""

    def __init__(self, cast: Applicants, story: Story, filed: datetime, ended: datetime):
        self.cast, self.story, self.filed, self.ended = cast, story, filed, ended
        self.owner = cast.people[story.who]
        self.case: ReviewCase | None = None

    def play(self) -> ReviewCase:
        story = self.story
        self.case = self.file()
        if story.fee == "paid" and story.kind != Kind.PARTNER:
            self.pay(self.filed + timedelta(hours=8))
        if story.college:
            self.answer_of_college(self.filed + timedelta(hours=13))
        if story.screened:
            reviews.screen(self.case.pk, by=self.cast.coordinator, at=self.filed + timedelta(hours=19))
            if story.course and story.kind != Kind.UPGRADE:
                self.verify(self.filed + timedelta(hours=20))
            gates.settle(self.case.pk, at=self.filed + timedelta(hours=21))
        if story.marks:
            self.review()
        if story.decided is not None:
            self.decide()
        if story.then:
            getattr(self, story.then)()
        return self.case

    def file(self) -> ReviewCase:
        desk = Desk(self.cast, self.owner, self.story.kind, self.filed - timedelta(days=21))
        if self.story.kind == Kind.PARTNER:
            self.write_short_form(desk)
        else:
            self.write_form(desk)
        whole = look(Draft.objects.get(pk=desk.draft.pk), at=self.filed)
        shown = whole.fingerprint(whole.fee)
        return file_application(draft_id=desk.draft.pk, owner=self.owner, fee_row=whole.fee, shown=shown, at=self.filed)

    def write_form(self, desk: Desk) -> None:
        story = self.story
        if story.kind == Kind.CERPIT:
            desk.write(Section.PERSON, sides=["knowledge"])
        desk.tell(dossiers.DOSSIERS[story.dossier])
        desk.attach("resume", "transcript", *(["course"] if story.course else []))
        if story.course:
            desk.write(Section.DOCUMENTS, course_completed_on=str(desk.today - timedelta(days=40)))
        desk.refer(story.refs, self.filed - timedelta(days=11))
        desk.sign()
        fee = {"member": "yes", "membership_number": "SER-20418"} if story.member else {"member": "no"}
        if story.fee == "smaller":
            why = "I live and work in Uganda. A month’s salary is about USD 400; I could pay USD 60."
            fee |= {"reduction": "on", "reduction_why": why}
        desk.write(Section.FEE, **fee)

    def write_short_form(self, desk: Desk) -> None:
        programme = Programme.objects.get(partner__name=COLLEGE)
        completed = date(desk.today.year - 1, 4, 24)
        number = f"N{self.cast.rng.randrange(10**7, 10**8)}"
        desk.write(
            Section.PROGRAMME,
            programme=str(programme.pk),
            student_number=number,
            completed_on=str(completed),
            consent="on",
        )
        if self.story.course:
            desk.attach("course")
            desk.write(Section.DOCUMENTS, course_completed_on=str(desk.today - timedelta(days=6)))
        desk.sign()

    def pay(self, at: datetime) -> None:
        bill = Application.objects.get(pk=self.case.pk).bill
        fees.record_payment(
            bill_id=bill.pk,
            reference=f"transfer {bill.number}",
            amount=bill.amount,
            paid_on=programme_day(at),
            method="bank transfer",
            by=self.cast.coordinator,
            at=at,
        )

    def answer_of_college(self, at: datetime) -> None:
        graduate = Application.objects.get(pk=self.case.pk).graduate
        yes = self.story.college == "yes"
        note = "" if yes else NOT_CONFIRMED
        partners.answer(graduate_id=graduate.pk, yes=yes, note=note, via=Via.PAGE, by=self.cast.partner, at=at)

    def verify(self, at: datetime) -> None:
        gates.verify_course(application_id=self.case.pk, by=self.cast.coordinator, at=at)

    def moment(self, step: int) -> datetime:
        """Return when the ``step``-th thing of the review happened: a decision leaves time after the last ballot."""
        first = self.filed + timedelta(days=20) if self.story is CERPIT else self.cast.clock.ago(SEATED)
        return first + (self.ended - first) * step / (12 if self.story.decided is not None else 9)

    def review(self) -> None:
        members = [account(f"committee{number}") for number in self.story.panel]
        reviews.seat(
            self.case.pk,
            members=[one.pk for one in members],
            by=self.cast.coordinator,
            considered=True,
            at=self.moment(0),
        )
        seats = {seat.member_id: seat for seat in Seat.objects.filter(panel__case=self.case)}
        kind, case = kind_of(self.case), ReviewCase.objects.get(pk=self.case.pk)
        reasons = {"c": OFFERED, "n": AGAINST.get(self.story.who, DENIED)}
        criteria = [one.key for one in kind.criteria(kind.read(case))]
        for n, (member, mark) in enumerate(zip(members, self.story.marks, strict=True)):
            seat = seats[member.pk]
            if mark != "i":
                reviews.declare(seat.pk, conflict=False, by=member, at=self.moment(1 + 3 * n))
            if mark in CHOICES:
                reviews.cast(
                    seat.pk,
                    by=member,
                    key=self.cast.key(),
                    revision=case.revision,
                    choice=CHOICES[mark],
                    reason=reasons.get(mark, ""),
                    judgements=self.judged(criteria, mark),
                    at=self.moment(2 + 3 * n),
                )
        case.refresh_from_db()
        if case.step == Step.SETTLE and self.story.decided is not None:
            for member in members:
                reviews.confirm(seats[member.pk].pk, by=member, at=self.moment(11))

    def judged(self, criteria: list[str], mark: str) -> dict[str, Judgement]:
        """Whoever becomes a CERPIT by their knowledge has shown a part of the experience."""
        found = dict.fromkeys(criteria, JUDGED[mark])
        if self.story.kind == Kind.CERPIT:
            found |= dict.fromkeys([EXPERIENCE, BREADTH], Judgement.PARTLY)
        return found

    def decide(self) -> None:
        case, steps = ReviewCase.objects.get(pk=self.case.pk), self.story.steps or None
        digest = reviews.preview(case, steps=steps, at=self.ended).digest
        reviews.decide(case.pk, digest=digest, steps=steps, by=self.cast.coordinator, at=self.ended)

    # How a story ends where it does not end with the decision: named by its ``then``
    def asked(self) -> None:
        parts = [Section.COURSES, Section.DOCUMENTS]
        at = self.filed + timedelta(days=3)
        reviews.ask(self.case.pk, parts=parts, question=QUESTION, by=self.cast.coordinator, at=at)

    def listed(self) -> None:
        """The new CERP lets the directory show her country."""
        certifications.set_listing(
            person=self.owner, listed=True, show_country=True, at=self.ended + timedelta(hours=5)
        )


def begin_upgrade(cast: Applicants, owner: User) -> None:
    """An upgrade that follows the next steps of a letter: one told of, the others not yet (R-APP-8)."""
    desk = Desk(cast, owner, Kind.UPGRADE, cast.clock.ago(5.5))
    step = desk.draft.rows.filter(listed=Listed.STEP).first()
    told = (
        "Full time at Puna Verde since the certificate, nine tenths of it on bofedales: sixteen months so far, and the "
        "contract runs on."
    )
    drafts.save_row(
        draft_id=desk.draft.pk,
        owner=owner,
        listed=Listed.STEP,
        row_id=step.pk,
        data={"evidence": told},
        seen=Seen(step.version),
        at=cast.clock.ago(1.8),
    )


def begin_first(cast: Applicants, owner: User) -> None:
    """A CERP application half filled: some courses, both jobs, the projects; one reference in, one asked for."""
    desk = Desk(cast, owner, Kind.CERP, cast.clock.ago(24))
    one = dossiers.DOSSIERS["aapa mire"]
    desk.list(Listed.DEGREE, dossiers.degree_rows(one, str(owner.country), desk.today))
    desk.list(Listed.COURSE, dossiers.course_rows(one, desk.today)[:9])
    supervisor = somebody(cast.rng)
    desk.list(Listed.JOB, dossiers.job_rows(one, desk.today, supervisor))
    desk.list(Listed.PROJECT, dossiers.project_rows(one, desk.today, supervisor))
    desk.write(Section.PERSON, statement=one.statement)
    desk.attach("resume")
    desk.refer("ri", cast.clock.ago(9))
