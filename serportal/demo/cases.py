"""Plays the scenes through the services that the portal itself uses, each step at its moment of the past."""

import itertools
import random
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from cecs import services as cecs
from cecs.asks import FORMS
from cecs.models import Draft
from journals.states import Activity
from serportal.accounts.models import User
from serportal.demo import evidence, places
from serportal.demo.clock import Clock, dice
from serportal.demo.people import NEIGHBOUR_OF, Holder, address, files_claims
from serportal.demo.scenes import HOURS, OPEN, PAST, WAITING, Scene
from serportal.demo.topics import DENIED, LOWERED, Event, draw_event
from serportal.files import services as files
from serportal.files.models import StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Seat
from serportal.reviews.rules import floor_quarter
from serportal.reviews.states import Choice
from serportal.ui.words import number, programme_day, span_text

ACTS = {"a": Choice.APPROVE, "f": Choice.FEWER, "n": Choice.DENY, "o": Choice.ABSTAIN}
MOST_A_DAY = 7


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
    event = event_of(stage.rng, scene, last.year)
    answers = answers_of(stage.rng, event, last, scene.hours or next(stage.hours))
    case = file(stage, person, event, answers, filed)
    if scene.screened:
        steps = Steps(case, stage, scene, filed, ended)
        steps.screen()
        if scene.marks:
            steps.review()
        if scene.waiting or scene.decided is not None:
            steps.decide(ended)


def event_of(rng: random.Random, scene: Scene, year: int) -> Event:
    event = draw_event(rng, year)
    return Event(scene.title.format(year=year), scene.provider, event.topic) if scene.title else event


def answers_of(rng: random.Random, event: Event, last: date, hours: int) -> cecs.Answers:
    """Spread ``hours`` over the days that end on ``last``, and fill in the rest of the form."""
    count = max(1, -(-hours // MOST_A_DAY), min(2, hours // 4))
    first = last - timedelta(days=count - 1)
    each, more = divmod(Decimal(hours) * 2, count)
    rows = tuple(
        cecs.Row(
            first + timedelta(days=n),
            event.topic.sessions[n % len(event.topic.sessions)],
            (each + (1 if n < more else 0)) / 2,
        )
        for n in range(count)
    )
    online = rng.random() < 0.2
    return cecs.Answers(
        activity=Activity.CONFERENCE,
        title=event.title,
        provider=event.provider,
        first_day=first,
        last_day=last,
        place="https://meet.example.org" if online else places.place(rng),
        delivery="online" if online else "in person",
        verification="Log of attendance" if online else "",
        areas=event.topic.areas,
        learned=event.topic.learned,
        rows=rows,
    )


def typed(answers: cecs.Answers) -> dict:
    """Return what the member typed to give ``answers``, as a draft keeps it."""
    data = {"attested": "on"}
    for ask in FORMS[answers.activity].asks():
        value = getattr(answers, ask.name)
        data[ask.name] = list(value) if ask.kind == "areas" else value.isoformat() if isinstance(value, date) else value
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
    uploads = [evidence.certificate(event, days, number(answers.hours))]
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
        self.count = 4 + 2 * len(scene.marks)
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
        """Let the three reviewers act, then seat a fourth where the scene has one."""
        marks = self.scene.marks
        self._act(self.seat(3), marks[:3])
        if len(marks) > 3:
            self._act(self.seat(1), marks[3:])

    def _act(self, seats: list[Seat], marks: str) -> None:
        for seat, mark in zip(seats, marks, strict=True):
            if mark != "i":
                steps_out = mark == "x"
                note = "We run a project together." if steps_out else ""
                reviews.declare(seat.pk, conflict=steps_out, by=seat.member, note=note, at=self.next_at())
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


def lowered(amount: Decimal) -> Decimal:
    """Return three quarters of ``amount``, rounded down to a quarter credit and never all of it."""
    return max(Decimal("0.25"), floor_quarter(amount * 3 / 4))
