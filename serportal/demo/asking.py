"""What sponsors asked for, what came of it, and who attended: through the portal's own steps, at their moments."""

import csv
import io
import itertools
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from cecs.services import offers
from journals.states import Activity, Delivery
from preapprovals.models import Attendance, Draft, Occurrence, Offering, SectionText, Sponsor
from preapprovals.services import appealing, oversight, roster_taking, rosters
from preapprovals.services import drafts as requests
from preapprovals.services.checking import look
from preapprovals.services.filing import file_request
from preapprovals.states import Act, Listed, Qualification, Section
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import User
from serportal.accounts.states import Purpose
from serportal.demo import catalogue, evidence, names, places
from serportal.demo.cases import Steps
from serportal.demo.clock import Clock, dice
from serportal.demo.people import Holder, account, files_claims
from serportal.demo.scenes import Scene
from serportal.demo.topics import TOPICS
from serportal.drafts.services import Seen
from serportal.files.models import StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Voter
from serportal.reviews.states import Answer, Basis, Choice, Step
from serportal.ui.words import programme_day

LOWERED = ["Two hours of the second day are about the products of a supplier, which is not continuing education."]
DENIED = ["It is a fair for buyers of seed: the agenda shows stands and no instruction, and no objectives."]
WARNED = "Three participants told us that half of the last day was a presentation of products. Please send the agenda."
ENDED = (
    "The agenda that was approved was not the one taught: of twelve hours, seven were a sales event, on two dates, and "
    "our warning of the spring had no answer."
)
GROUNDS = (
    "Both dates were taught by a partner who has left since, without our knowledge. The course of this autumn was "
    "taught as approved; the agenda signed by all eighteen participants is attached, and so is our new contract."
)


@dataclass(frozen=True)
class Asking:
    """One request: whose, when filed and decided (days ago, days after filing), and how it goes on.

    ``who`` is an account, or the place of a sponsor among those of the catalogue. ``runs`` are the planned dates in
    days from today. ``marks`` are those of a scene; ``then`` names a method of ``Played``.
    """

    who: str | int
    title: str
    filed: float
    marks: str = ""
    decided: int | None = None
    shape: str = "field day"
    topic: int = 0
    runs: tuple[int, ...] = ()
    recurring: bool = True
    qualified: str = Qualification.EMPLOYED
    screened: bool = True
    then: str = ""


HOME = "sponsor"
ASKED = [
    Asking(HOME, "Soil seed banks above the tree line", 712.4, "aaa", 24, "webinar", 13, (-600, -300, 14)),
    Asking(6, "Possums, fences and forest", 640.2, "aaa", 28, "field day", 8, (-500, -380, -120), then="warned"),
    Asking(12, "Peat, step by step", 420.6, "aaa", 21, "short course", 1, (-330, -210, -90, 60), then="appealed"),
    Asking(HOME, "Collecting and cleaning alpine seed", 401.3, "aaa", 30, "short course", 14,
           (-300, -160, -75, -18, 52, 140), then="attended"),
    Asking(4, "Dune grasses: planting that holds", 260.8, "aaa", 30, "field day", 0, (-200, -100), then="late"),
    Asking(HOME, "Seed fair and exhibition", 151.5, "nnn", 25, "field day", 14, (-90,), recurring=False),
    Asking(8, "Prairie plantings: second year and after", 96.3, "fff", 29, "short course", 2, (-20, 110)),
    Asking(1, "Rivers that meander again", 30.4, "aaf", None, "field day", 4, (70, 150)),
    Asking(5, "Semillas del bosque seco", 12.5, "ai", None, "short course", 5, (95,), qualified=Qualification.OTHER,
           then="questioned"),
    Asking(HOME, "Hay transfer for ski slopes", 9.4, "ad", None, "field day", 13, (80,), recurring=False),
    Asking(HOME, "Growing native plugs: nursery training", 6.3, "", None, "short course", 14, (120,), then="asked"),
    Asking(0, "Sediment works on a living coast", 0.6, "", None, "short course", 0, (64, 180), screened=False),
]  # fmt: skip


class Secretary:
    """What the steps of a case share here: who coordinates, the dice, the reasons of reviewers."""

    def __init__(self, clock: Clock, holders: list[Holder]):
        self.clock, self.holders = clock, holders
        self.rng = dice("requests")
        self.coordinator = account("coordinator")
        self.reasons = {Choice.FEWER: itertools.cycle(LOWERED), Choice.DENY: itertools.cycle(DENIED)}

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def play_all(clock: Clock, holders: list[Holder]) -> None:
    """Play every request in the order of filing, then leave one that nobody has sent yet."""
    of = Secretary(clock, holders)
    for story in ASKED:
        Played(of, story).play()
    begin_one(of)
    confirm_most(clock)


def confirm_most(clock: Clock) -> None:
    """Confirm what took place, two weeks after its last day; one sponsor is late with all of it (R-SPO-4)."""
    late = catalogue.BODIES[1].name
    over = Occurrence.objects.to_confirm(clock.today - timedelta(days=25)).exclude(offering__sponsor__name=late)
    runs = list(over.select_related("offering__sponsor").prefetch_related("offering__sponsor__contacts__person"))
    for run in runs:
        run.confirmed_at = clock.ago((clock.today - run.last_day).days - 14)
        run.confirmed_by = next(iter(run.offering.sponsor.contacts.all())).person
    Occurrence.objects.bulk_update(runs, ["confirmed_at", "confirmed_by"])


class Played:
    """One story, from the form to whatever came after the decision."""

    def __init__(self, of: Secretary, story: Asking):
        self.of, self.story, self.clock = of, story, of.clock
        self.at = of.clock.ago(story.filed)
        self.owner = account(story.who) if isinstance(story.who, str) else contact_of(catalogue.BODIES[story.who])
        self.shape = catalogue.SHAPES[story.shape]

    def play(self) -> None:
        case = self.file()
        if not self.story.screened:
            return
        ended = self.clock.dawn
        if self.story.decided is not None:
            ended = self.at + timedelta(days=self.story.decided)
        scene = Scene(self.story.filed, self.story.marks, decided=self.story.decided)
        self.steps = Steps(case, self.of, scene, self.at, min(ended, self.at + timedelta(days=30)))
        self.steps.screen()
        if self.story.marks:
            self.review(case)
        if self.story.decided is not None:
            self.steps.decide(ended)
        if self.story.then:
            getattr(self, self.story.then)(case)

    def review(self, case: ReviewCase) -> None:
        """Seat three; the marks say what the first of them did by now."""
        seats = self.steps.seat(3)
        self.steps._act(seats[: len(self.story.marks)], self.story.marks)
        if self.story.decided is not None and ReviewCase.objects.get(pk=case.pk).step == Step.SETTLE:
            self.steps.settle()

    # The form ----------------------------------------------------
    def file(self) -> ReviewCase:
        draft = requests.start(owner=self.owner, key=self.of.key(), at=self.at - timedelta(hours=4))
        for section, data in self.sections().items():
            write(draft, section, data, self.at)
        for listed, rows in ((Listed.INSTRUCTOR, self.instructors()), (Listed.DATE, self.dates())):
            for row in rows:
                self.add(draft, listed, row)
        self.attach(draft, "Syllabus", "syllabus")
        StoredFile.objects.filter(folder=draft.folder_id).update(received_at=self.at - timedelta(minutes=20))
        whole = look(Draft.objects.select_related("owner", "folder").get(pk=draft.pk), at=self.at)
        shown = whole.fingerprint(whole.fee)
        return file_request(draft_id=draft.pk, owner=self.owner, shown=shown, fee_row=whole.fee, at=self.at)

    def sections(self) -> dict[str, dict]:
        """Return what is typed, part by part; what is offered comes first, for it decides what else is asked."""
        story, topic = self.story, TOPICS[self.story.topic]
        mine = Sponsor.objects.of(self.owner).first()
        who = {"sponsor": str(mine.pk)} if mine else new_sponsor()
        terms = agreement_on(Purpose.SPONSORS, programme_day(self.at))
        return {
            Section.OFFERING: {
                "category": str(self.shape.category),
                "title": story.title,
                "description": f"{story.title}: a course for people who do the work. {topic.learned}",
                "objectives": catalogue.objectives(topic),
                "areas": topic.areas,
                "audience": "Practitioners with a first project behind them",
                "delivery": str(self.shape.delivery),
                "recurring": "yes" if story.recurring else "no",
                "verification": "Sign-in, and questions in between"
                if self.shape.delivery != Delivery.IN_PERSON
                else "",
                "graded": "no",
            },
            Section.SPONSOR: {
                **who,
                "contact_name": self.owner.name,
                "contact_email": self.owner.email,
                "contact_phone": "+44 1463 555 0199",
            },
            Section.AGENDA: self.agenda(),
            Section.REGISTRATION: {
                "contact_name": self.owner.name,
                "contact_email": self.owner.email,
                "url": "https://courses.example/register/",
                "price": self.shape.price,
            },
            Section.TERMS: {"agreement": str(terms.pk), "agreed": "on", "typed_name": self.owner.name},
        }

    def agenda(self) -> dict[str, str]:
        """Return the lines of the agenda, with a welcome and the lunch that count nothing."""
        lines = [("1", "08:30", "09:00", "Welcome and introductions", "admin")] if self.shape.every > 60 else []
        for day, rows in enumerate(self.shape.days, start=1):
            for n, (what, start, end) in enumerate(rows):
                lines.append(
                    (str(day), f"{start:%H:%M}", f"{end:%H:%M}", what, "field" if "field" in what else "teach")
                )
                if n + 1 < len(rows) and rows[n + 1][1] > end:
                    lines.append((str(day), f"{end:%H:%M}", f"{rows[n + 1][1]:%H:%M}", "Lunch", "break"))
        named = ("day", "from", "to", "what", "item")
        return {"style": "agenda"} | {
            f"{name}-{n}": text for n, line in enumerate(lines) for name, text in zip(named, line, strict=True)
        }

    def instructors(self) -> Iterator[dict[str, str]]:
        culture = places.COUNTRIES[str(self.owner.country)][0]
        for n in range(2):
            other = self.story.qualified == Qualification.OTHER and n == 1
            yield {
                "name": names.draw(self.of.rng, culture).name,
                "employer": self.owner.employer,
                "qualification": str(Qualification.OTHER if other else Qualification.SOCIETY),
                "detail": "Twenty-two years of seed collecting with her community; no degree"
                if other
                else "Chartered ecologist",
            }

    def dates(self) -> Iterator[dict[str, str]]:
        _culture, zone, towns = places.COUNTRIES[str(self.owner.country)]
        here = self.shape.delivery == Delivery.IN_PERSON
        for days in self.story.runs:
            first = self.clock.today + timedelta(days=days)
            yield {
                "first_day": first.isoformat(),
                "last_day": (first + timedelta(days=len(self.shape.days) - 1)).isoformat(),
                "starts": f"{self.shape.days[0][0][1]:%H:%M}",
                "ends": f"{self.shape.days[-1][-1][2]:%H:%M}",
                "zone": zone,
                "place": towns.split(", ")[0] if here else "",
                "country": str(self.owner.country) if here else "",
                "url": "" if here else "https://courses.example/join/",
            }

    def add(self, draft: Draft, listed: Listed, data: dict[str, str]) -> None:
        key = self.of.key()
        requests.PARTS.save_row(
            draft_id=draft.pk, owner=self.owner, listed=listed, row_id=key, data=data, seen=Seen(0), at=self.at
        )
        if listed == Listed.INSTRUCTOR:
            self.attach(draft, f"Résumé of {data['name']}", f"{Listed.INSTRUCTOR}:{key}")

    def attach(self, draft: Draft, what: str, purpose: str) -> None:
        content = evidence.pdf([what, self.story.title, "Made for a demonstration"])
        upload = SimpleUploadedFile(f"{what}.pdf", content, "application/pdf")
        requests.PARTS.add_files(draft=draft, uploads=[upload], purpose=purpose, by=self.owner)

    # What comes after --------------------------------------------
    def asked(self, case: ReviewCase) -> None:
        question = "The résumé of the second instructor is of somebody else. Could you add the right one?"
        parts = [str(Section.INSTRUCTORS)]
        reviews.ask(case.pk, parts=parts, question=question, by=self.of.coordinator, at=self.steps.next_at())

    def questioned(self, case: ReviewCase) -> None:
        """The whole committee is asked about the instructor; one of them has answered."""
        voter = Voter.objects.filter(poll__case=case).select_related("member").order_by("pk").first()
        reviews.declare_on(voter.pk, conflict=False, by=voter.member, at=self.steps.next_at())
        answer = {"revision": 1, "answer": Answer.YES, "at": self.steps.next_at()}
        reviews.vote(voter.pk, by=voter.member, key=self.of.key(), **answer)

    def warned(self, case: ReviewCase) -> None:
        made = Offering.objects.get(request=case.pk)
        oversight.act_on(made.pk, act=Act.WARNED, reason=WARNED, by=self.of.coordinator, at=self.clock.ago(40.3))

    def appealed(self, case: ReviewCase) -> None:
        """Warned, terminated, and appealed: one of three has voted."""
        made = Offering.objects.get(request=case.pk)
        oversight.act_on(made.pk, act=Act.WARNED, reason=WARNED, by=self.of.coordinator, at=self.clock.ago(190.2))
        at = self.clock.ago(12.5)
        appeal = self.appeal(made, terminated=34.4, at=at)
        voter = Voter.objects.filter(poll__case=appeal).select_related("member").order_by("pk").first()
        reviews.declare_on(voter.pk, conflict=False, by=voter.member, at=at + timedelta(days=4))
        given = {"revision": 1, "answer": Answer.YES, "reason": "The partner who did this is gone."}
        reviews.vote(voter.pk, by=voter.member, key=self.of.key(), at=at + timedelta(days=4, minutes=9), **given)

    def late(self, case: ReviewCase) -> None:
        """Terminated, and appealed a week too late: it waits for the coordinator."""
        self.appeal(Offering.objects.get(request=case.pk), terminated=47.2, at=self.clock.ago(9.3))

    def appeal(self, made: Offering, *, terminated: float, at: datetime) -> ReviewCase:
        ended = self.clock.ago(terminated)
        notice = oversight.act_on(made.pk, act=Act.TERMINATED, reason=ENDED, by=self.of.coordinator, at=ended)
        draft = appealing.begin(notice=notice, by=self.owner, at=at)
        appealing.save(draft_id=draft.pk, by=self.owner, grounds=GROUNDS, seen=Seen(draft.version), at=at)
        content = evidence.pdf(["Agenda as it was taught", "Signed by all participants"])
        upload = SimpleUploadedFile("Agenda, signed.pdf", content, "application/pdf")
        appealing.add_files(draft=draft, uploads=[upload], by=self.owner)
        appeal = appealing.file_appeal(draft_id=draft.pk, by=self.owner, at=at + timedelta(minutes=30))
        return reviews.screen(appeal.pk, by=account("deputy"), at=at + timedelta(days=2))

    def attended(self, case: ReviewCase) -> None:
        """Two lists: of one the credits are in the journals; of the other some wait, and rows are to be mended."""
        made = Offering.objects.get(request=case.pk)
        past = list(made.occurrences.filter(last_day__lt=self.clock.today).order_by("-first_day"))
        people = [one for one in self.of.holders[2:] if files_claims(one.starts[-1], self.clock.today)]
        earlier, latest = past[1], past[0]
        self.give(earlier, people[:7], good=True, at=self.moment(earlier, 9))
        for claim in accepted(earlier, 4, at=self.moment(earlier, 12)):
            self.decide_by_code(claim, at=self.moment(earlier, 15))
        self.give(latest, [self.of.holders[0], *people[7:13]], good=False, at=self.moment(latest, 9))
        accepted(latest, 3, at=self.moment(latest, 12), but=self.of.holders[0].user)

    def decide_by_code(self, claim: ReviewCase, *, at: datetime) -> None:
        alone = reviews.Alone(basis=Basis.CODE, choice=Choice.APPROVE)
        digest = reviews.preview(claim, alone=alone, at=at).digest
        reviews.decide(claim.pk, digest=digest, alone=alone, by=self.of.coordinator, at=at)

    def moment(self, run, days: int) -> datetime:
        return self.clock.ago((self.clock.today - run.last_day).days - days)

    def give(self, run, holders: list[Holder], *, good: bool, at: datetime) -> None:
        content = attendance_list(self.of.rng, holders, good=good)
        given = {"by": self.owner, "at": at}
        roster = rosters.give(occurrence_id=run.pk, content=content, name="Attendance.csv", **given)
        roster_taking.take_in(roster_id=roster.pk, told=True, confirmations=good, by=self.owner, at=at)


def accepted(run: Occurrence, count: int, *, at: datetime, but: User | None = None) -> list[ReviewCase]:
    """Let the first ``count`` people of a list take the credit that it offers them."""
    rows = Attendance.objects.filter(occurrence=run, person__isnull=False).exclude(person=but).order_by("pk")[:count]
    return [offers.accept(attendance_id=row.pk, by=row.person, at=at) for row in rows]


def attendance_list(rng: random.Random, holders: list[Holder], *, good: bool) -> bytes:
    """Return a list as a spreadsheet program saves it; one that is not ``good`` has three rows to mend."""
    rows = [(one.user.name, one.user.email, "", "13", "yes") for one in holders]
    for _n in range(4):
        guest = names.draw(rng, "english")
        rows.append((guest.name, f"{guest.letters}@guests.example", "", "13", "yes"))
    rows[1] = (*rows[1][:3], "6.5", "yes")
    if not good:
        rows += [
            ("Rhona Kerr", "rhona.kerr(at)guests.example", "", "13", "yes"),
            ("", "somebody@guests.example", "", "13", "yes"),
            (rows[0][0], rows[0][1], "", "31", "yes"),
        ]
    file = io.StringIO()
    csv.writer(file).writerows([("Name", "E-mail", "Certificate number", "Hours attended", "Completed"), *rows])
    return file.getvalue().encode()


def write(draft: Draft, section: str, data: dict, at: datetime) -> None:
    typed = SectionText.objects.filter(draft=draft, section=section).first()
    requests.PARTS.save_section(
        draft_id=draft.pk,
        owner=draft.owner,
        section=section,
        data={**(typed.data if typed else {}), **data},
        seen=Seen(typed.version if typed else 1),
        at=at,
    )


def begin_one(of: Secretary) -> None:
    """Leave a request of the sponsor's account half typed."""
    owner, at = account(HOME), of.clock.ago(1.3)
    draft = requests.start(owner=owner, key=of.key(), at=at)
    said = {
        "category": str(Activity.TRAINING),
        "title": "Restoring cushion plants",
        "delivery": str(Delivery.IN_PERSON),
    }
    write(draft, Section.OFFERING, said, at)


def contact_of(body: catalogue.Body) -> User:
    return Sponsor.objects.get(name=body.name).contacts.get().person


def new_sponsor() -> dict[str, str]:
    body = catalogue.HOME
    return {
        "sponsor": "new",
        "name": body.name,
        "kind": str(body.kind),
        "country": body.country,
        "website": "https://alpineseed.example/",
    }
