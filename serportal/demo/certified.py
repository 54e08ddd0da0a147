"""How those who are certified came to be so: decided applications by the hundred, for the benchmark, made in bulk."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.urls import reverse

from applications import rules, wording
from applications.models import Application, Criteria, Draft, NextStep, Reference, Window
from applications.services import sheets
from applications.states import Kind, ReferenceState
from serportal.accounts.models import Agreement, Signature, User
from serportal.accounts.states import Committee, Purpose
from serportal.certifications.states import Level
from serportal.demo import dossiers
from serportal.demo.applying import RATED, somebody
from serportal.demo.clock import Clock, dice
from serportal.demo.people import COMMITTEES, Holder, account
from serportal.demo.stories import CERPIT, DENIED, REFEREES
from serportal.demo.verdicts import Verdicts
from serportal.fees.models import Bill, BillEvent, FeeRow, Payment
from serportal.fees.states import Act, BillState
from serportal.files.models import Folder
from serportal.numbers import services as numbers
from serportal.outbox.models import Message
from serportal.reviews.models import Decision, Panel, Party, ReviewCase, Timetable
from serportal.reviews.rules import Vote, tally
from serportal.reviews.states import CaseState, Choice, Judgement, PartyRole, Step
from serportal.ui.text import tidy
from serportal.ui.words import day_text, programme_day

YEARS_BACK = 4
CHUNK = 600
KINDS = {Level.CERP: Kind.CERP, Level.CERPIT: Kind.CERPIT}
CRITERIA = ["biological", "physical", "resource", "quantitative", "restoration", "experience", "breadth", "references"]
TEMPLATES = {
    (Kind.CERP, True): "application-approved",
    (Kind.CERPIT, True): "application-approved-cerpit",
    (Kind.CERP, False): "application-denied",
}


class Filed:
    """One decided application: what brought ``holder`` their certificate, or a first one that was denied."""

    def __init__(self, rng: random.Random, holder: Holder, *, approved: bool, decided: datetime):
        self.person, self.decided = holder.user, decided
        self.certification = holder.periods[0].certification if approved else None
        self.kind = KINDS[holder.level] if approved else Kind.CERP
        self.filed = decided - timedelta(days=rng.randint(40, 90))
        self.filed_on = programme_day(self.filed)
        self.dossier = rng.choice(sorted(dossiers.DOSSIERS)) if approved else "chalk grassland"
        self.bench = rng.sample(range(4), 3)
        choice = Choice.APPROVE if approved else Choice.DENY
        self.votes = [Vote(choice, None)] * 3
        self.outcome = tally(self.votes, most=Decimal(0))
        self.judged = dict.fromkeys(CRITERIA, Judgement.MET if approved else Judgement.NOT_MET)
        self.referees = [somebody(rng) for _ in range(2)]
        self.key = uuid.UUID(int=rng.getrandbits(128), version=4)
        self.steps = list(CERPIT.steps) if self.kind == Kind.CERPIT else []

    def moment(self, step: int) -> datetime:
        """Return when the ``step``-th of ten things happened."""
        return self.filed + (self.decided - self.filed) * step / 10

    def content(self) -> dict:
        """Return what was typed: the dossier, and what every form asks."""
        name, typed = self.person.name, typed_of(self.dossier, self.filed_on.year)
        return {
            "person": {"name_on_certificate": name, "country": str(self.person.country)},
            "documents": {},
            "agreement": {"typed_name": name, "agreed": "on", "truthful": "on"},
            "fee": {"member": "no"},
            **typed,
        }


@cache
def typed_of(name: str, year: int) -> dict:
    one, day = dossiers.DOSSIERS[name], date(year, 1, 2)
    rows = {
        "degree": dossiers.degree_rows(one, "US", day),
        "course": dossiers.course_rows(one, day),
        "job": dossiers.job_rows(one, day, ""),
        "project": dossiers.project_rows(one, day, ""),
    }
    return {name: [{"id": f"{name}-{n}", **row} for n, row in enumerate(found)] for name, found in rows.items()}


def pile_up(clock: Clock, holders: list[Holder], count: int) -> None:
    """Make ``count`` applications of past years: one behind each certificate, then earlier ones that were denied."""
    made = sorted(draw(dice("applied"), clock, holders, count), key=lambda one: one.filed)
    coordinator = account("coordinator")
    bench = [account(key) for key in COMMITTEES[Committee.CERTIFICATION]]
    outcomes = Outcomes(coordinator=coordinator, bench=bench)
    office = Office(coordinator)
    for start in range(0, len(made), CHUNK):
        chunk = made[start : start + CHUNK]
        cases = office.file_all(chunk)
        decisions = outcomes.reach(chunk, cases)
        NextStep.objects.bulk_create(
            NextStep(certification=one.certification, decision=decision, number=n, text=step)
            for one, decision in zip(chunk, decisions, strict=True)
            for n, step in enumerate(decision.steps, start=1)
        )
        Message.objects.bulk_create(outcomes.letters(chunk, cases, decisions), batch_size=CHUNK)


def draw(rng: random.Random, clock: Clock, holders: list[Holder], count: int) -> list[Filed]:
    found = [one for one in holders[2:] if 30 < (clock.today - one.starts[0]).days < YEARS_BACK * 365]
    rng.shuffle(found)
    days = [(one, (clock.today - one.starts[0]).days) for one in found]
    granted = [(one, True, clock.ago(age - 0.6)) for one, age in days]
    denied = [(one, False, clock.ago(age + 300)) for one, age in days]
    return [Filed(rng, one, approved=approved, decided=at) for one, approved, at in [*granted, *denied][:count]]


class Office:
    """Files piles of applications as ``applications.services`` files one."""

    def __init__(self, coordinator: User):
        self.coordinator = coordinator
        self.windows = list(Window.objects.order_by("closes_on"))
        self.criteria = Criteria.objects.order_by("effective_from")[0]
        self.agreement = Agreement.objects.filter(purpose=Purpose.APPLICANTS).earliest("effective_from")
        self.timetable = Timetable.objects.filter(kind="application")[0]
        self.fees = {row.kind: row for row in FeeRow.objects.order_by("-effective_from")}
        self.worked_out: dict[tuple[str, int], tuple] = {}

    def file_all(self, made: list[Filed]) -> list[ReviewCase]:
        """Make the cases with content, sheets, draft, references, parties, signatures and bills."""
        numbered = self._numbers("APP", [one.filed_on.year for one in made])
        folders = Folder.objects.bulk_create(Folder(made_at=one.filed) for one in made)
        rows = zip(made, folders, numbered, strict=True)
        cases = ReviewCase.objects.bulk_create(self._case(*row) for row in rows)
        pairs = list(zip(made, cases, strict=True))
        bills = self._bill_all(pairs)
        Application.objects.bulk_create(
            self._application(one, case, bill) for (one, case), bill in zip(pairs, bills, strict=True)
        )
        Draft.objects.bulk_create(draft(one, case) for one, case in pairs)
        Reference.objects.bulk_create(reference(one, n, name) for one in made for n, name in enumerate(one.referees))
        Party.objects.bulk_create(party for one, case in pairs for party in parties(one, case))
        Signature.objects.bulk_create(
            Signature(
                person=one.person,
                agreement=self.agreement,
                typed_name=one.person.name,
                signed_at=one.filed,
                about=case.reference,
            )
            for one, case in pairs
        )
        return cases

    def _numbers(self, series: str, years: list[int]) -> Iterator[str]:
        """Yield the next number of each of ``years``, which are in order."""
        for year in sorted(set(years)):
            yield from numbers.take_many(series, years.count(year), year)

    def _window(self, one: Filed) -> Window:
        return next(window for window in self.windows if window.closes_on >= one.filed_on)

    def _case(self, one: Filed, folder: Folder, number: str) -> ReviewCase:
        window = self._window(one)
        return ReviewCase(
            reference=number,
            kind="application",
            headline=f"{one.kind.label}: {one.person.name}"[:200],
            topic=one.kind,
            granted=Decimal(0),
            filed_by=one.person,
            filed_at=one.filed,
            filed_on=one.filed_on,
            clock_on=window.closes_on,
            due_on=window.decided_by,
            timetable=self.timetable,
            state=CaseState.APPROVED if one.outcome.approved else CaseState.DENIED,
            step=Step.DONE,
            step_since=one.decided,
            ballots_in=3,
            folder=folder,
            decided_at=one.decided,
        )

    def _application(self, one: Filed, case: ReviewCase, bill: Bill) -> Application:
        one.knowledge, one.experience = self._sheets(one)
        return Application(
            case=case,
            kind=one.kind,
            content=one.content(),
            name_on_certificate=one.person.name,
            sides=["knowledge"] if one.kind == Kind.CERPIT else [],
            criteria=self.criteria,
            window=self._window(one),
            knowledge=sheets.stored(one.knowledge),
            experience=sheets.stored(one.experience),
            ready_as=rules.ready_as(one.knowledge, one.experience),
            bill=bill,
            course_verified_at=one.moment(1),
            course_verified_by=self.coordinator,
            complete_at=one.moment(1),
            granted=one.certification,
        )

    def _sheets(self, one: Filed) -> tuple[rules.Sheet, rules.Experience]:
        key = (one.dossier, one.filed_on.year)
        if key not in self.worked_out:
            typed = typed_of(*key)
            self.worked_out[key] = (
                sheets.knowledge_of(typed, self.criteria),
                sheets.experience_of(typed, self.criteria, one.filed_on),
            )
        return self.worked_out[key]

    def _bill_all(self, pairs: list[tuple[Filed, ReviewCase]]) -> list[Bill]:
        """Bill each application at the fee of people who are not members of SER, and record its payment."""
        years = [one.filed_on.year for one, _case in pairs]
        bills = Bill.objects.bulk_create(
            Bill(
                number=number,
                person=one.person,
                kind=one.kind,
                about=case.reference,
                row=self.fees[one.kind],
                member=False,
                full_amount=self.fees[one.kind].other_amount,
                amount=self.fees[one.kind].other_amount,
                state=BillState.PAID,
                billed_at=one.filed,
                settled_at=one.moment(1),
            )
            for (one, case), number in zip(pairs, self._numbers("INV", years), strict=True)
        )
        Payment.objects.bulk_create(
            Payment(
                receipt=receipt,
                bill=bill,
                reference=f"transfer {bill.number}",
                amount=bill.amount,
                paid_on=programme_day(bill.settled_at),
                method="bank transfer",
                entered_by=self.coordinator,
                entered_at=bill.settled_at,
            )
            for bill, receipt in zip(bills, self._numbers("RCT", years), strict=True)
        )
        BillEvent.objects.bulk_create(
            event
            for bill in bills
            for event in (
                BillEvent(bill=bill, act=Act.BILLED, by=bill.person, at=bill.billed_at, new_amount=bill.amount),
                BillEvent(bill=bill, act=Act.PAID, by=self.coordinator, at=bill.settled_at, new_amount=bill.amount),
            )
        )
        return bills


def draft(one: Filed, case: ReviewCase) -> Draft:
    return Draft(
        id=one.key,
        owner=one.person,
        kind=one.kind,
        folder=case.folder,
        started_at=one.filed - timedelta(days=30),
        saved_at=one.filed,
        case=case,
        sent_at=one.filed,
    )


def parties(one: Filed, case: ReviewCase) -> Iterator[Party]:
    yield Party(case=case, role=PartyRole.SUBMITTER, name=one.person.name, person=one.person)
    for name in one.referees:
        yield Party(case=case, role=PartyRole.REFEREE, name=name)


def reference(one: Filed, n: int, name: str) -> Reference:
    position, relationship, years, seen = REFEREES[n]
    data = {"position": position, "relationship": relationship, "years": str(years), "seen": seen}
    data |= {f"rated-{what}": "good" for what in RATED} | {"recommends": "yes", "signature": name}
    email = f"referee{n}@referees.example"
    return Reference(
        draft_id=one.key,
        name=name,
        email=email,
        relationship=relationship,
        state=ReferenceState.RECEIVED,
        name_key=rules.name_key(name),
        email_key=rules.email_key(email),
        links=1,
        data=data,
        named_at=one.filed - timedelta(days=20),
        invited_at=one.filed - timedelta(days=20),
        opened_at=one.filed - timedelta(days=9),
        received_at=one.filed - timedelta(days=8),
        saved_at=one.filed - timedelta(days=8),
    )


class Outcomes(Verdicts):
    """Decides piles of applications as ``reviews.services`` decides one."""

    kind = "application"
    reasons = {Choice.DENY: DENIED}

    def _decision(self, one: Filed, case: ReviewCase, panel: Panel) -> Decision:
        subject, letter = self._filled(TEMPLATES[one.kind, one.outcome.approved], self._told(one, case))
        return Decision(
            case=case,
            panel=panel,
            approved=one.outcome.approved,
            steps=one.steps,
            credits=Decimal(0),
            subject=subject,
            letter=tidy(letter),
            decided_at=one.decided,
            decided_by=self.coordinator,
        )

    def _facts(self, one: Filed, case: ReviewCase) -> dict[str, str]:
        return {
            "name": one.person.name,
            "reference": case.reference,
            "title": case.headline,
            "link": settings.SITE_URL + reverse("applications:case", args=[case.reference]),
        }

    def _told(self, one: Filed, case: ReviewCase) -> dict[str, str]:
        sheet = [*wording.knowledge_sentences(one.knowledge), *wording.experience_sentences(one.experience)]
        return {
            **self._facts(one, case),
            "certificate_name": one.person.name,
            "sheet": "\n".join(sheet),
            "reasons": "" if one.outcome.approved else DENIED,
            "steps": "\n".join(f"{n}. {step}" for n, step in enumerate(one.steps, start=1)),
            "today": day_text(programme_day(one.decided)),
        }

    def _receipt(self, one: Filed, case: ReviewCase) -> tuple[str, dict[str, str]]:
        days = {"filed": case.filed_on, "window": case.clock_on, "due": case.due_on}
        told = {name: day_text(day) for name, day in days.items()}
        return "application-receipt", {**self._facts(one, case), **told, "blocks": "The fee is not paid yet."}
