"""Decided claims by the thousand, for the benchmark: the rows the services would have made, made in bulk."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cecs.models import CecSubmission, SessionDay
from cecs.services.filing import columns_of
from cecs.services.parties import parties_of
from journals import rules, wording
from journals import services as journals
from journals.models import Entry
from journals.states import Activity, Source
from serportal.accounts.states import Committee
from serportal.certifications.models import Period
from serportal.demo.cases import lowered
from serportal.demo.claims import answers_of
from serportal.demo.clock import Clock, dice
from serportal.demo.people import COMMITTEES, Holder, account
from serportal.demo.scenes import HOURS
from serportal.demo.topics import draw_event
from serportal.demo.verdicts import Verdicts
from serportal.files.models import Folder
from serportal.numbers import services as numbers
from serportal.outbox.models import Message
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Party, ReviewCase, Timetable
from serportal.reviews.rules import Vote, tally
from serportal.reviews.states import CaseState, Choice, Step
from serportal.ui.words import programme_day

A_SCALE = 1200
TO_AN_APPLICATION = 5
CHUNK = 600
YEARS_BACK = 4
BALLOTS = [
    *[[Choice.APPROVE] * 3] * 7,
    [Choice.APPROVE, Choice.FEWER, Choice.FEWER],
    [Choice.DENY, Choice.DENY, Choice.APPROVE],
    [Choice.FEWER, Choice.APPROVE, Choice.DENY],
]


class Claim:
    """One decided claim: drawn and judged by the portal’s own rules, before it has rows."""

    def __init__(self, rng: random.Random, holder: Holder, period: Period, filed: datetime):
        last = max(programme_day(filed) - timedelta(days=rng.randint(4, 40)), period.starts_on)
        self.person, self.period, self.filed = holder.user, period, filed
        self.filed_on = programme_day(filed)
        self.decided = filed + timedelta(days=rng.randint(9, 27), minutes=rng.randint(1, 400))
        self.answers = answers_of(rng, draw_event(rng, last.year), last, rng.choice(HOURS))
        self.choices = rng.choice(BALLOTS)
        self.bench, self.judged = rng.sample(range(4), 3), {}

    def judge(self, rate: rules.Rate, policy: rules.Policy) -> None:
        span = rules.Span(tuple(self.period.years()))
        given = self.answers
        claim = rules.Claim(given.activity, given.last_day, given.hours)
        self.credit = rules.credit(claim, rate=rate, policy=policy, span=span)
        fewer = lowered(self.credit.amount)
        self.votes = [Vote(choice, fewer if choice == Choice.FEWER else None) for choice in self.choices]
        self.outcome = tally(self.votes, most=self.credit.amount)
        self.final = self.credit
        if self.outcome.credits < self.credit.amount:
            self.final = rules.credit(replace(claim, lowered=self.outcome.credits), rate=rate, policy=policy, span=span)

    def moment(self, step: int) -> datetime:
        """Return when the ``step``-th of ten things happened."""
        return self.filed + (self.decided - self.filed) * step / 10


def pile_up(clock: Clock, holders: list[Holder], count: int) -> None:
    """Make ``count`` decided claims over the last four years, each with panel, ballots, decision, letters and entry."""
    rows = journals.rate_on(Activity.CONFERENCE, clock.today), journals.policy_on(clock.today)
    claims = sorted(draw_claims(dice("volume"), clock, holders, count), key=lambda claim: claim.filed)
    verdicts = Verdicts(
        coordinator=account("coordinator"),
        bench=[account(key) for key in COMMITTEES[Committee.CONTINUING_EDUCATION]],
    )
    references = iter_references([claim.filed_on.year for claim in claims])
    for start in range(0, count, CHUNK):
        chunk = claims[start : start + CHUNK]
        for claim in chunk:
            claim.judge(rows[0].as_rate(), rows[1].as_policy())
        cases = file_all(chunk, references, rows)
        decisions = verdicts.reach(chunk, cases)
        enter_all(chunk, decisions)
        Message.objects.bulk_create(verdicts.letters(chunk, cases, decisions), batch_size=CHUNK)


def draw_claims(rng: random.Random, clock: Clock, holders: list[Holder], count: int) -> list[Claim]:
    claims = []
    while len(claims) < count:
        holder = rng.choice(holders[2:])
        period = rng.choice(holder.periods)
        first = max((clock.today - period.starts_on).days - 60, 0)
        last = max((clock.today - period.ends_on).days, 30)
        first = min(first, YEARS_BACK * 365)
        if first > last:
            claims.append(Claim(rng, holder, period, clock.ago(rng.randint(last, first) + rng.random() / 2)))
    return claims


def iter_references(years: list[int]) -> Iterable[str]:
    """Yield the next references of each year, in the order of the claims."""
    for year in sorted(set(years)):
        yield from numbers.take_many(kinds()["cec"].series, years.count(year), year)


def file_all(claims: list[Claim], references: Iterable[str], rows: tuple) -> list[ReviewCase]:
    """Make the cases of ``claims`` with their content and parties, by the ``rows`` of schedule and policy."""
    folders = Folder.objects.bulk_create(Folder(made_at=claim.filed) for claim in claims)
    days = timedelta(days=kinds()["cec"].days.answer_days)
    timetable = Timetable.objects.filter(kind="cec")[0]
    cases = ReviewCase.objects.bulk_create(
        ReviewCase(
            reference=next(references),
            kind="cec",
            headline=claim.answers.title,
            topic=Activity.CONFERENCE,
            party=claim.answers.provider,
            amount=claim.credit.amount,
            granted=claim.outcome.credits,
            filed_by=claim.person,
            filed_at=claim.filed,
            filed_on=claim.filed_on,
            clock_on=claim.filed_on,
            due_on=claim.filed_on + days,
            timetable=timetable,
            state=CaseState.APPROVED if claim.outcome.approved else CaseState.DENIED,
            step=Step.DONE,
            step_since=claim.decided,
            ballots_in=3,
            folder=folder,
            decided_at=claim.decided,
        )
        for claim, folder in zip(claims, folders, strict=True)
    )
    submissions = CecSubmission.objects.bulk_create(
        CecSubmission(
            case=case,
            activity=Activity.CONFERENCE,
            **columns_of(claim.answers),
            hours=claim.answers.hours,
            period=claim.period,
            schedule_row=rows[0],
            policy_row=rows[1],
            reasons=wording.stored(claim.credit.reasons),
            sentence=wording.sentence(claim.credit.reasons),
        )
        for claim, case in zip(claims, cases, strict=True)
    )
    SessionDay.objects.bulk_create(
        SessionDay(submission=submission, number=n, day=row.day, sessions=row.what, hours=row.hours)
        for claim, submission in zip(claims, submissions, strict=True)
        for n, row in enumerate(claim.answers.rows, start=1)
    )
    Party.objects.bulk_create(
        Party(case=case, role=one.role, name=one.name, person=one.person)
        for claim, case in zip(claims, cases, strict=True)
        for one in parties_of(claim.person, claim.answers)
    )
    return cases


def enter_all(claims: list[Claim], decisions: list) -> None:
    """Make the entries of what was approved; they wait for the upload that came after their decision."""
    Entry.objects.bulk_create(
        Entry(
            person=claim.person,
            period=claim.period,
            source=Source.CLAIM,
            decision=decision,
            activity=Activity.CONFERENCE,
            description=claim.answers.title,
            earned_on=claim.answers.last_day,
            credits=decision.credits,
            reasons=wording.stored(claim.final.reasons),
            sentence=wording.sentence(claim.final.reasons),
            approved_at=claim.decided,
        )
        for claim, decision in zip(claims, decisions, strict=True)
        if decision.approved
    )
