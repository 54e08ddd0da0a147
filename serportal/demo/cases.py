"""Plays the scenes through the services that the portal itself uses, each step at its moment of the past."""

import itertools
import random
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from cecs import services as cecs
from cecs.asks import FORMS
from cecs.models import CecSubmission, Draft
from cecs.services.filing import COLUMNS
from serportal.accounts.models import User
from serportal.demo import evidence
from serportal.demo.claims import answers_of
from serportal.demo.clock import Clock, dice
from serportal.demo.people import NEIGHBOUR_OF, Holder, address, files_claims
from serportal.demo.scenes import HOURS, OPEN, PAST, WAITING, Scene
from serportal.demo.topics import DENIED, LOWERED, Event, draw_event
from serportal.files import services as files
from serportal.files.models import StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.rules import floor_quarter
from serportal.reviews.states import Choice, Step
from serportal.ui.words import number, programme_day, span_text

ACTS = {"a": Choice.APPROVE, "f": Choice.FEWER, "n": Choice.DENY, "o": Choice.ABSTAIN}


class Stage:
    """Who can file, who coordinates, and the dice that the scenes share."""

    def __init__(self, clock: Clock, holders: list[Holder]):
        self.clock = clock
        self.rng = dice("cases")
        self.coordinator = User.objects.get(email=address("coordinator"))
        shared = User.objects.get(email=address(NEIGHBOUR_OF)).employer
        able = [one.user for one in holders if files_claims(one.starts[-1], clock.today)]
        self.cast = {
            "cerp": holders[0].user,
            "cerpit": holders[1].user,
            "neighbour": next(one for one in able if one.employer == shared),
        }
        others = [one for one in able if one not in self.cast.values()]
        self.others = itertools.cycle(self.rng.sample(others, k=min(52, len(others))))
        self.hours = itertools.cycle(HOURS)
        self.shared = draw_event(dice("shared"), clock.today.year)
        self.reasons = {Choice.FEWER: itertools.cycle(LOWERED), Choice.DENY: itertools.cycle(DENIED)}

    def who(self, scene: Scene) -> User:
        return self.cast[scene.who] if scene.who else next(self.others)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def play_all(stage: Stage) -> None:
    """Play every scene in the order of filing, so that references tell that order."""
    played = [(*moments(stage.clock, scene), scene) for scene in [*PAST, *WAITING, *OPEN]]
    for filed, ended, scene in sorted(played, key=lambda one: one[0]):
        play(stage, scene, filed, ended)


def moments(clock: Clock, scene: Scene) -> tuple[datetime, datetime]:
    """Return when the claim was filed, and when the last thing happened to it."""
    if scene.waiting:
        ended = clock.since_upload(scene.filed)
        return ended - timedelta(days=18, hours=5), ended
    filed = clock.ago(scene.filed)
    if scene.decided is not None:
        return filed, filed + timedelta(days=scene.decided)
    return filed, min(filed + timedelta(days=13), clock.dawn)


def play(stage: Stage, scene: Scene, filed: datetime, ended: datetime) -> None:
    person = stage.who(scene)
    last = programme_day(filed) - timedelta(days=stage.rng.randint(4, 25))
    if scene.ahead is not None:
        last = stage.clock.today + timedelta(days=scene.ahead)
    event = stage.shared if scene.shared else event_of(stage.rng, scene, last.year)
    if scene.shared:
        last = programme_day(stage.clock.ago(60))
    answers = answers_of(stage.rng, event, last, scene.hours or next(stage.hours), scene.about)
    if scene.code:
        answers = replace(answers, approval_code=scene.code)
    case = file(stage, person, event, answers, filed)
    if scene.screened:
        steps = Steps(case, stage, scene, filed, ended)
        steps.screen()
        if scene.marks:
            steps.review()
        if scene.waiting or scene.decided is not None:
            steps.decide(ended)
        if scene.then:
            getattr(steps, scene.then)()


def event_of(rng: random.Random, scene: Scene, year: int) -> Event:
    event = draw_event(rng, year)
    return Event(scene.title.format(year=year), scene.provider, event.topic) if scene.title else event


def typed(answers: cecs.Answers) -> dict:
    """Return what the member typed to give ``answers``, as a draft keeps it."""
    data = {"attested": "on"}
    for ask in FORMS[answers.activity].asks():
        value = getattr(answers, ask.name)
        data[ask.name] = list(value) if ask.kind == "many" else value.isoformat() if isinstance(value, date) else value
    for n, row in enumerate(answers.rows):
        data |= {f"what-{n}": row.what, f"hours-{n}": number(row.hours)}
    return {name: value for name, value in data.items() if value}


def file(stage: Stage, person: User, event: Event, answers: cecs.Answers, at: datetime) -> ReviewCase:
    """Start, type, prove and file a claim, as the member did in the hours before ``at``."""
    draft = cecs.start(owner=person, key=stage.key(), at=at - timedelta(hours=3))
    draft = cecs.save(
        draft_id=draft.pk,
        owner=person,
        data=typed(answers),
        seen=cecs.Seen(draft.version),
        at=at - timedelta(minutes=9),
    )
    prove(stage, draft, event, answers, at - timedelta(minutes=4))
    return cecs.file_claim(draft_id=draft.pk, owner=person, answers=answers, version=draft.version, at=at)


def prove(stage: Stage, draft: Draft, event: Event, answers: cecs.Answers, at: datetime) -> None:
    """Put a certificate into the draft’s folder, and a picture of the programme into every second one."""
    days = span_text(answers.first_day, answers.last_day)
    uploads = [evidence.certificate(event, days, number(answers.hours or 1))]
    if stage.rng.random() < 0.5:
        uploads.append(evidence.programme(stage.rng.randint(200, 250)))
    for n, upload in enumerate(uploads):
        stored = files.receive(folder=draft.folder, upload=upload, by=draft.owner)
        StoredFile.objects.filter(pk=stored.pk).update(received_at=at + timedelta(seconds=n))


class Steps:
    """The steps of one case between two moments, spread so that none comes before the one it follows."""

    def __init__(self, case: ReviewCase, stage: Stage, scene: Scene, filed: datetime, ended: datetime):
        self.case, self.stage, self.scene = case, stage, scene
        self.filed, self.span = filed, ended - filed
        self.count = 7 + 2 * len(scene.marks)
        self.taken = 0

    def next_at(self) -> datetime:
        """Return the next moment: the first ones close together, the last before the end."""
        self.taken += 1
        return self.filed + self.span * (self.taken / self.count) ** 1.3

    def screen(self) -> None:
        reviews.screen(self.case.pk, by=self.stage.coordinator, at=self.next_at())

    def seat(self, places: int) -> list[Seat]:
        at = self.next_at()
        members = [person.pk for person, _facts in reviews.candidates(self.case, at)[:places]]
        panel = reviews.seat(self.case.pk, members=members, by=self.stage.coordinator, at=at)
        return list(panel.seats.filter(member__in=members).select_related("member").order_by("place"))

    def review(self) -> None:
        """Let the three reviewers act, then the alternate whom the portal seated, where the scene has one."""
        marks = self.scene.marks
        first = self.seat(3)
        self._act(first, marks[:3])
        if len(marks) > 3:
            alternates = Seat.objects.awaiting_ballots().filter(panel__case=self.case).select_related("member")
            self._act(list(alternates.exclude(pk__in=[seat.pk for seat in first])), marks[3:])
        ends = self.scene.waiting or self.scene.decided is not None
        if ends and ReviewCase.objects.get(pk=self.case.pk).step == Step.SETTLE:
            self.settle()

    def settle(self) -> None:
        """Let every ballot of a split panel stand."""
        for seat in Seat.objects.filter(panel__case=self.case, counts=True).select_related("member"):
            reviews.confirm(seat.pk, by=seat.member, at=self.next_at())

    def _act(self, seats: list[Seat], marks: str) -> None:
        for seat, mark in zip(seats, marks, strict=True):
            if mark not in "ig":
                steps_out = mark == "x"
                note = "We run a project together." if steps_out else ""
                reviews.declare(seat.pk, conflict=steps_out, by=seat.member, note=note, at=self.next_at())
        for seat, mark in zip(seats, marks, strict=True):
            if mark == "g":
                reviews.decline(seat.pk, by=seat.member, note="In the field until spring.", at=self.next_at())
        for seat, mark in zip(seats, marks, strict=True):
            if mark in ACTS:
                self._vote(seat, ACTS[mark])

    def _vote(self, seat: Seat, choice: Choice) -> None:
        reasons = self.stage.reasons.get(choice)
        reviews.cast(
            seat.pk,
            by=seat.member,
            key=self.stage.key(),
            revision=self.case.revision,
            choice=choice,
            credits=lowered(self.case.amount) if choice == Choice.FEWER else None,
            reason=next(reasons) if reasons else "",
            at=self.next_at(),
        )

    def decide(self, at: datetime) -> None:
        case = ReviewCase.objects.get(pk=self.case.pk)
        digest = reviews.preview(case, at=at).digest
        reviews.decide(case.pk, digest=digest, by=self.stage.coordinator, at=at)

    # How a case goes on where it does not go straight through: named by the scene’s ``then``
    def asked(self) -> None:
        question = "The certificate does not show the day. Could you add the programme, or a letter that names it?"
        reviews.ask(self.case.pk, parts=["proof"], question=question, by=self.stage.coordinator, at=self.next_at())

    def answered(self) -> None:
        """The question was asked and answered; the reviewers are to look again."""
        self.asked()
        self.reply(self.next_at(), "The programme is attached now; the day is on its first page.")

    def over(self) -> None:
        """The activity that was approved in advance is over, and the member was asked for the proof."""
        reviews.await_proof(self.stage.clock.dawn - timedelta(hours=5))

    def proved(self) -> None:
        self.over()
        self.reply(self.stage.clock.dawn - timedelta(hours=2), "")

    def withdrawn(self) -> None:
        reviews.withdraw(self.case.pk, by=self.case.filed_by, reason="Filed twice.", at=self.next_at())

    def extended(self) -> None:
        reviews.extend(
            self.case.pk,
            until=self.case.due_on + timedelta(days=14),
            reason="Two members of the committee are in the field, and we are finding others.",
            by=self.stage.coordinator,
            at=self.next_at(),
        )

    def replaced(self) -> None:
        """A member who is on leave was relieved of the seat, and the portal found an alternate."""
        seat = Seat.objects.awaiting_ballots().filter(panel__case=self.case).order_by("pk").first()
        reviews.replace(seat.pk, reason="On leave until March.", by=self.stage.coordinator, at=self.next_at())

    def noted(self) -> None:
        text = "Called the organiser: the third day was an excursion with teaching on the way."
        reviews.note(self.case.pk, text=text, by=self.stage.coordinator, at=self.next_at())

    def reopened(self) -> None:
        """Decided, opened again, and waiting for a new panel."""
        reason = "The organiser wrote to us that the programme was another one."
        reviews.reopen(self.case.pk, reason=reason, by=self.stage.coordinator, at=self.stage.clock.ago(2.2))

    def reply(self, at: datetime, text: str) -> None:
        """Let the member answer what is open, with another file and a word."""
        case = ReviewCase.objects.get(pk=self.case.pk)
        draft = cecs.begin_reply(reference=case.reference, owner=case.filed_by, key=self.stage.key(), at=at)
        upload = evidence.programme(self.stage.rng.randint(150, 199))
        stored = files.receive(folder=draft.folder, upload=upload, by=case.filed_by)
        StoredFile.objects.filter(pk=stored.pk).update(received_at=at)
        data = {**draft.data, "answer": text, "attested": "on"}
        draft = cecs.save(draft_id=draft.pk, owner=case.filed_by, data=data, seen=cecs.Seen(draft.version), at=at)
        answers = as_answers(CecSubmission.objects.get(pk=case.pk))
        cecs.send_reply(draft_id=draft.pk, owner=case.filed_by, answers=answers, version=draft.version, at=at)


def as_answers(claim: CecSubmission) -> cecs.Answers:
    """Return a filed claim as the answers that made it."""
    columns = {name: getattr(claim, name) for name in COLUMNS}
    rows = tuple(cecs.Row(row.day, row.sessions, row.hours) for row in claim.days.all())
    return cecs.Answers(**{**columns, "activity": claim.activity, "areas": tuple(claim.areas), "rows": rows})


def lowered(amount: Decimal) -> Decimal:
    """Return three quarters of ``amount``, rounded down to a quarter credit and never all of it."""
    return max(Decimal("0.25"), floor_quarter(amount * 3 / 4))
