"""Journals as a machine: whatever is done to them in whatever order, every sum is the one that is kept on paper.

Three members: one certified on a 29 February, one whose period is over and may be renewed, one with a CERPIT that may
be upgraded. Their claims are approved, lines of earlier journals brought in, credits taken back, arrangements agreed,
replaced and taken back, runs posted in part, in full and again. Every step goes through the services; what is refused
is refused in a sentence and leaves no trace. ``make test`` plays a few short games with one seed, ``make prove`` many.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as play

from cecs.services import Row
from journals import exports, services
from journals.models import Arrangement, Entry, Statement, Upload
from journals.rules import Claim
from journals.services import importing
from journals.standing import lines_of, told
from journals.states import Shape
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.certifications.states import Level
from serportal.home.invariants import broken
from serportal.reviews import services as reviews
from serportal.reviews.states import Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.journals.test_histories import Paper, Place, birthday, worth_on_paper
from tests.journals.test_importing import listed
from tests.reviews.test_machine import games

pytestmark = pytest.mark.django_db
D = Decimal
who = st.integers(0, 2)
quarters = st.integers(1, 48).map(lambda n: D(n) / 4)


@dataclass
class Held:
    """What is on paper about one member: the first days of the periods, the lines, what was agreed, latest last."""

    starts: list[date]
    lines: list[Paper] = field(default_factory=list)
    agreed: dict[tuple[int, int], list[tuple[str, object, str]]] = field(default_factory=lambda: defaultdict(list))


def last_leap_day(today: date) -> date:
    year = next(year for year in range(today.year, 0, -1) if year % 4 == 0 and date(year, 2, 29) < today)
    return date(year, 2, 29)


class Journals(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.point = transaction.savepoint()
        self.today = programme_day()
        self.ruth = factories.coordinator()
        self.committee = [factories.member() for _ in range(3)]
        since = [last_leap_day(self.today), birthday(self.today, -5) - timedelta(days=20), self.today - timedelta(500)]
        levels = [Level.CERP, Level.CERP, Level.CERPIT]
        self.people = [
            factories.certificant(since=day, level=level, membership_id=f"m{n}")
            for n, (day, level) in enumerate(zip(since, levels, strict=True))
        ]
        self.paper = [Held([day]) for day in since]
        self.count = 0

    def teardown(self):
        if hasattr(self, "point"):
            assert list(broken()) == []
            transaction.savepoint_rollback(self.point)

    def attempt(self, act):
        """Do ``act``, or get a sentence and have nothing changed."""
        before = Entry.objects.count(), Upload.objects.count(), list(Period.objects.order_by("pk").values_list())
        try:
            with transaction.atomic():
                return act()
        except Refusal as refusal:
            assert str(refusal).endswith(".") and not set("{}%") & set(str(refusal)), refusal
        assert before == (
            Entry.objects.count(), Upload.objects.count(), list(Period.objects.order_by("pk").values_list())
        )  # fmt: skip
        return None

    def periods(self, n: int) -> list[Period]:
        return list(Period.objects.filter(person=self.people[n]).order_by("starts_on").select_related("certification"))

    def place(self, n: int, day: date) -> Place:
        """Return (period, year) of ``day``, as on paper: a period is cut by an upgrade and longer by an extension."""
        held = self.paper[n]
        for period, start in reversed(list(enumerate(held.starts))):
            later = held.starts[period + 1] if period + 1 < len(held.starts) else date.max
            agreed = held.agreed[period, 0]
            end = agreed[-1][1] if agreed else birthday(start, 5) - timedelta(days=1)
            if start <= day <= min(end, later - timedelta(days=1)):
                return period, min(5, next(year for year in range(1, 9) if day < birthday(start, year)))
        return None

    def waiting(self) -> list[Paper]:
        return [line for held in self.paper for line in held.lines if line.run is None]

    def stacks(self) -> list[list]:
        """What is agreed, each with what it replaced below it."""
        return [stack for held in self.paper for stack in held.agreed.values() if stack]

    def write(self, n: int, entry: Entry, **facts) -> None:
        """Put an entry that came about on paper."""
        kept = {"entry": entry.pk, "at": entry.approved_at, "period": self.periods(n).index(entry.period)}
        self.paper[n].lines.append(Paper(entry.activity, entry.earned_on, entry.credits, **kept, **facts))

    # Lines ------------------------------------------------------------------------------------------------------
    @rule(
        n=who, what=st.sampled_from(["conference", "volunteering", "training", "instruction"]),
        ago=st.sampled_from([3, 40, 300]), hours=st.integers(2, 32), event=st.integers(0, 1),
    )  # fmt: skip
    def claim(self, n, what, ago, hours, event):
        """One is filed and approved as computed; where the rules leave nothing, for nothing."""
        self.count += 1
        day, hours = self.today - timedelta(days=ago), D(hours) if what == "conference" else D(hours) / 4
        given = {
            "about": what,
            "last_day": day,
            "rows": (Row(day, "In the field", hours),),
            "title": f"No. {self.count}",
        }
        if what == "conference":
            given = {"hours": str(hours), "last_day": day, "title": f"Forum {event}"}
        if what == "instruction":
            given |= {"regular": "yes", "course_no": "ENVR 101"}
        case = self.attempt(lambda: factories.decided(self.ruth, self.committee, owner=self.people[n], **given))
        if case is None:
            return
        facts = {
            "event": (ago, event) if what == "conference" else self.count,
            "course": "once" if what == "instruction" else "",
        }
        claim = Claim(what, day, hours, **facts)
        entry = Entry.objects.filter(decision__case=case).first()
        found = worth_on_paper(claim, self.paper[n].lines, lambda day: self.place(n, day))
        assert (entry.credits if entry else D(0)) == case.granted == found
        if entry:
            self.write(n, entry, **facts)

    @rule(n=who, border=st.integers(0, 5), offset=st.sampled_from([-1, 0, 1, 30]), credits=quarters)
    def bring_in(self, n, border, offset, credits):
        """A line of an earlier journal, on the first and last days of years; the same list again changes nothing."""
        day = birthday(self.paper[n].starts[0], border) + timedelta(days=offset)
        if day >= self.today:
            return
        self.count += 1
        columns = {"ID": f"m{n}", "EntryDate": str(day), "Description": f"No. {self.count}", "CEUsEarned": str(credits)}
        text = listed({**columns, "CreditTypeCode": "2"})
        plan, upload = importing.import_history(text, by=self.ruth)
        assert [line.outcome for line in plan.lines] == ["new" if self.place(n, day) else "bad"]
        if upload:
            self.write(n, upload.entries.get(), run=upload.key, event=self.count)
            assert importing.import_history(text, by=self.ruth)[1] is None

    @precondition(lambda self: any(held.lines for held in self.paper))
    @rule(which=st.integers(0, 99))
    def take_back(self, which):
        """A line is taken back once; a line that takes back never is (R-UPL-4)."""
        lines = [(n, line) for n, held in enumerate(self.paper) for line in held.lines]
        n, line = lines[which % len(lines)]
        made = self.attempt(lambda: services.reverse(line.entry, reason="It was cancelled.", by=self.ruth))
        assert (made is None) == (line.credits < 0)
        if made and not line.taken_back:
            line.taken_back = True
            self.write(n, made, taken_back=True)

    @precondition(lambda self: self.waiting())
    @rule(part=st.none() | st.integers(0, 99))
    def upload(self, part):
        """All that waits, or what was approved by the moment of some of it; posted again it moves nothing."""
        waiting = self.waiting()
        until = timezone.now() if part is None else waiting[part % len(waiting)].at
        key = f"run {Upload.objects.count()}"
        moved = [line for line in waiting if line.at <= until]
        for line in moved:
            line.run = key
        made = services.post_upload(services.prepare_upload(key=key, due_on=self.today), until=until)
        assert made.control_total == sum(line.credits for line in moved) and made.entries_posted == len(moved)
        assert services.post_upload(made).posted_at == made.posted_at
        rows = list(exports.membership_rows(made, self.ruth))[1:]
        assert all(D(row[4].replace("\N{MINUS SIGN}", "-")) % 1 == 0 for row in rows)
        for stated in made.statements.select_related("person"):
            own = [row for row in rows if row[0] == stated.person.membership_id]
            told = sum(D(row[4].replace("\N{MINUS SIGN}", "-")) for row in own)
            same = made.statements.filter(person=stated.person)
            assert told == sum(one.exported for one in same)

    # What is agreed ---------------------------------------------------------------------------------------------
    @rule(
        n=who,
        shape=st.sampled_from([*Shape.values, Shape.MAKE_UP]),
        nth=st.integers(0, 4),
        credits=st.sampled_from(["0", "2.5", "4.75"]),
        days=st.sampled_from([30, 200, 500]),
    )
    def arrange(self, n, shape, nth, credits, days):
        """Asked for and agreed: a lower minimum, a make-up day, a later end; about the latest period."""
        period = self.periods(n)[-1]
        begun = [one.number for one in period.years() if one.first <= self.today]
        year = begun[nth % len(begun)] if begun else 1
        short = min(birthday(period.starts_on, year) - timedelta(days=1), period.ends_on)
        day = (short + timedelta(days=days)).isoformat()
        ends = (period.ends_on + timedelta(days=days)).isoformat()
        asked = {"shape": shape, "year": str(year), "credits": credits, "day": day, "ends": ends}
        case = self.attempt(lambda: factories.arranged(self.ruth, self.people[n], **asked))
        if case is not None:
            held = Arrangement.objects.get(pk=case.pk)
            value = held.agreed_day if shape != Shape.REDUCED else held.agreed_credits
            key = len(self.paper[n].starts) - 1, 0 if shape == Shape.EXTENSION else year
            self.paper[n].agreed[key].append((shape, value, case.pk))

    @precondition(lambda self: self.stacks())
    @rule(which=st.integers(0, 9))
    def end_arrangement(self, which):
        """The latest about something is opened again and denied: what it had replaced holds again."""
        stack = self.stacks()[which % len(self.stacks())]

        def deny():
            case = reviews.reopen(stack[-1][2], reason="It was meant for somebody else.", by=self.ruth)
            return factories.settle_alone(case, self.ruth, Choice.DENY)

        if self.attempt(deny):
            stack.pop()

    # Periods ----------------------------------------------------------------------------------------------------
    @rule(n=who, upgraded=st.booleans())
    def begin_anew(self, n, upgraded):
        """Renewed from the day after the old end, or upgraded from today; twice is once (R-PER-1, R-PER-5, R-PER-6)."""
        old = self.periods(n)[-1]

        def act():
            if upgraded:
                return certifications.upgrade(person=self.people[n], on=self.today, by=self.ruth)
            return certifications.renew(period_id=old.pk, by=self.ruth)

        made = self.attempt(act)
        if made and made.pk > old.pk:
            self.paper[n].starts.append(self.today if upgraded else old.ends_on + timedelta(days=1))
            assert act() == made

    # What must hold after each step -----------------------------------------------------------------------------
    @invariant()
    def every_sum_is_the_one_on_paper(self):
        if not hasattr(self, "point"):
            return
        for n in range(3):
            for number, period in enumerate(self.periods(n)):
                self.check_period(n, number, period)
            self.check_exports(n)
        assert Entry.objects.count() == sum(len(held.lines) for held in self.paper)

    def check_period(self, n: int, number: int, period: Period) -> None:
        held = self.paper[n]
        assert (period.starts_on, self.place(n, period.ends_on)) == (
            held.starts[number],
            (number, period.years()[-1].number),
        )
        assert self.place(n, period.ends_on + timedelta(days=1)) in {None, (number + 1, 1)}
        own, days = defaultdict(lambda: [D(0), D(0)]), defaultdict(D)
        for line in held.lines:
            place = self.place(n, line.day)
            if line.period == number and place and place[0] == number:
                own[place[1]][line.run is None] += line.credits
                days[line.day] += line.credits
        found = told(period, lines_of(period), self.today, in_review=[]).progress
        in_force = {year: stack[-1] for (of, year), stack in held.agreed.items() if of == number and year and stack}
        assert (found.uploaded, found.waiting) == tuple(sum(two[k] for two in own.values()) for k in (0, 1))
        assert sum(one.made_up for one in found.years) == sum(one.gave for one in found.years)
        make_ups = [year for year, (shape, _value, _case) in in_force.items() if shape == Shape.MAKE_UP]
        for one in found.years:
            year, total = one.year.number, sum(own[one.year.number])
            shape, value, _case = in_force.get(year, ("", None, 0))
            assert one.least == (value if shape == Shape.REDUCED else 5)
            assert one.total == total + one.made_up - one.gave and one.uploaded >= 0 <= one.total
            assert one.made_up <= max(D(0), one.least - total + one.gave)
            if year not in make_ups:
                assert one.made_up == 0
            elif make_ups == [year]:
                later = sum(max(D(0), credits) for day, credits in days.items() if one.year.last < day <= value)
                assert one.made_up == min(max(D(0), one.least - total), later) and one.gave == 0
        self.check_statements(held, number, period)

    def check_statements(self, held: Held, number: int, period: Period) -> None:
        """They open where the one before closed, and all of them together are the ledger that was uploaded."""
        closed = D(0)
        for stated in Statement.objects.filter(period=period).select_related("upload").order_by("pk"):
            posted = [one.credits for one in held.lines if one.run == stated.upload.key and one.period == number]
            assert (stated.opening, stated.posted) == (closed, sum(posted))
            closed += sum(posted)
            assert (stated.closing, stated.needed) == (closed, max(D(0), 50 - closed))
        assert closed == sum(one.credits for one in held.lines if one.run and one.period == number)

    def check_exports(self, n: int) -> None:
        """Whole numbers lose nothing: what was told and what is kept for the next export is what was posted."""
        stated = list(Statement.objects.filter(person=self.people[n]).order_by("pk"))
        kept = stated[-1].carried_out if stated else D(0)
        posted = sum(one.credits for one in self.paper[n].lines if one.run)
        assert sum(one.exported for one in stated) + kept == posted and all(one.exported % 1 == 0 for one in stated)
        own = list(exports.own_rows(self.people[n]))[1:]
        assert sum(D(row[4].replace("\N{MINUS SIGN}", "-")) for row in own) == sum(
            one.credits for one in self.paper[n].lines
        )


@pytest.mark.long
def test_whatever_happens_to_journals_every_sum_is_the_one_on_paper():
    play(Journals, settings=games(few=6, steps=30))
