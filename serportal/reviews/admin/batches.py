"""What is done to several chosen cases at once: shown first for each of them, then done one by one (SPEC 4).

A batch calls the same services as the page of one case, each case in a transaction of its own. What cannot be done to a
case is said beforehand, and again where it turned out only then.
"""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serportal.reviews import rules, services
from serportal.reviews.forms import MOST_AT_ONCE, MOST_SEATED, ExtensionForm
from serportal.reviews.kinds import Check, Letter, kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED, Basis, CaseState, Choice, Move, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, in_credits


@dataclass(frozen=True)
class Plan:
    """What a batch would do to one case: ``change`` says it, or ``refusal`` why not; ``key`` is what was shown.

    ``checked`` is what the portal compared before.
    """

    case: ReviewCase
    change: str = ""
    refusal: str = ""
    key: str = ""
    letter: Letter | None = None
    checked: Sequence[Check] = ()


class Batch(ABC):
    """One thing that can be done to several cases. Subclasses say what it would be, and do it."""

    name: str
    label: str
    title: str
    button: str
    only: str
    most = MOST_AT_ONCE
    form_class = None

    def __init__(self, by, form=None):
        self.by, self.form, self.now = by, form, timezone.now()

    @property
    def ready(self) -> bool:
        return self.form is None or self.form.is_valid()

    def plans(self, cases: list[ReviewCase]) -> list[Plan]:
        """Return what would be done to each case; those that would be left out come last."""
        return sorted(self._plans(cases), key=lambda plan: bool(plan.refusal))

    def _plans(self, cases: list[ReviewCase]) -> list[Plan]:
        return [self._planned(case) for case in cases]

    def _planned(self, case: ReviewCase) -> Plan:
        try:
            if not self.fits(case):
                raise Refusal("step", _("It is “{step}”. {only}").format(step=case.get_step_display(), only=self.only))
            return self.plan(case)
        except Refusal as refusal:
            return Plan(case, refusal=str(refusal))

    @abstractmethod
    def fits(self, case: ReviewCase) -> bool:
        """Whether ``case`` stands where this can be done; ``only`` says where that is."""

    @abstractmethod
    def plan(self, case: ReviewCase) -> Plan:
        """Return what would be done to ``case``; raises Refusal where it cannot be."""

    @abstractmethod
    def act(self, case: ReviewCase, key: str) -> None:
        """Do what was shown as ``key``; raises Refusal where it cannot be done (any more)."""

    @abstractmethod
    def done(self, count: int) -> str:
        """Say that it was done to ``count`` cases."""

    def shares(self) -> list[tuple[str, int]]:
        """Return (name, how much) of what the plans together ask of each person; nothing for most batches."""
        return []

    def run(self, cases: list[ReviewCase], keys: Mapping[int, str]) -> tuple[int, list[str]]:
        """Do it to every case that was shown; return how many it was done to, and a sentence for each other."""
        count, refused = 0, []
        for case in cases:
            if case.pk not in keys:
                continue
            try:
                self.act(case, keys[case.pk])
                count += 1
            except Refusal as refusal:
                refused.append(f"{case.reference}: {refusal}")
        return count, refused


class Screen(Batch):
    """The coordinator found them complete (R-REV-3)."""

    name = "screen_all"
    label = gettext_lazy("Mark as complete")
    title = gettext_lazy("Mark these cases as complete?")
    button = gettext_lazy("Mark as complete")
    only = gettext_lazy("Only cases to screen can be marked as complete.")

    def fits(self, case):
        return case.step == Step.SCREEN

    def plan(self, case):
        blocks = kind_of(case).blocks(case)
        if blocks:
            return Plan(case, _("Screened; it still waits: {what}").format(what=" ".join(blocks)), key="screen")
        if not kind_of(case).has_panel:
            return Plan(case, _("Complete; it is yours to decide next."), key="screen")
        return Plan(case, _("Complete; three members are to be seated next."), key="screen")

    def act(self, case, key):
        services.screen(case.pk, by=self.by)

    def done(self, count):
        return ngettext("%d case is complete.", "%d cases are complete.", count) % count


class Seat(Batch):
    """The members whom each case’s own page would propose, the work spread evenly over all chosen cases (R-REV-3)."""

    name = "seat_all"
    label = gettext_lazy("Seat the proposed members")
    title = gettext_lazy("Seat these members?")
    button = gettext_lazy("Seat and invite them")
    only = gettext_lazy("Only cases with open seats that you fill can be seated.")
    most = MOST_SEATED

    def fits(self, case):
        return rules.after(case.state, case.step, Move.SEAT) is not None

    def _plans(self, cases):
        """Propose case by case: one member’s cases go to one panel; who just got one counts as busier."""
        self.given = Counter()
        self.names: dict[int, str] = {}
        self.panels: dict[int, list[int]] = {}
        ordered = sorted(cases, key=lambda case: (case.filed_by_id, case.due_on))
        planned = {case.pk: self._planned(case) for case in ordered}
        return [planned[case.pk] for case in cases]

    def plan(self, case):
        found = services.candidates(case, self.now, by=self.by)
        people = {person.pk: person for person, _facts in found}
        places = len(services.open_places(services.current_panel(case)))
        self.names.update((key, person.name) for key, person in people.items())
        order = rules.propose([self._busier(case, facts) for _person, facts in found], places=places)
        facts = {one.person: one for _person, one in found}
        if len(order) < places:
            raise Refusal("too-few", _("Too few may sit. Open the case to seat somebody from another committee."))
        if any(facts[key].hint or facts[key].away_until for key in order):
            raise Refusal("look", _("A proposed member may know the submitter or is away. Open the case to choose."))
        self.given.update(order)
        self.panels.setdefault(case.filed_by_id, order)
        names = ", ".join(people[key].name for key in order)
        return Plan(case, names, key=",".join(map(str, order)))

    def shares(self):
        """Return every member who may sit on any of the cases, with the seats that they would get."""
        return sorted(((name, self.given[key]) for key, name in self.names.items()), key=lambda one: (-one[1], one[0]))

    def _busier(self, case: ReviewCase, facts: rules.Candidate) -> rules.Candidate:
        given = self.given[facts.person]
        return replace(
            facts,
            open_seats=facts.open_seats + given,
            seats_this_year=facts.seats_this_year + given,
            together=facts.together or facts.person in self.panels.get(case.filed_by_id, []),
        )

    def act(self, case, key):
        members = [as_key(one) for one in key.split(",")]
        services.seat(case.pk, members=[one for one in members if one is not None], by=self.by)

    def done(self, count):
        return (
            ngettext("%d case is seated, its members invited.", "%d cases are seated, their members invited.", count)
            % count
        )


class Decide(Batch):
    """Every letter is read here first; sent is exactly what was read (R-REV-9)."""

    name = "decide_all"
    label = gettext_lazy("Read and send the letters")
    title = gettext_lazy("Send these letters?")
    button = gettext_lazy("Send the letters")
    only = gettext_lazy("Only cases whose ballots are all in have a letter to send.")

    def fits(self, case):
        return case.step == Step.DECIDE

    def plan(self, case):
        made, kind = services.preview(case), kind_of(case)
        outcome = made.outcome
        if outcome.offer:
            change = _("CERPIT is offered")
        elif not outcome.approved:
            change = capfirst(kind.state_label(CaseState.DENIED))
        elif not kind.credits:
            change = capfirst(kind.state_label(CaseState.APPROVED))
        elif made.verdict.advance:
            change = _("Approved in advance, up to {credits}").format(credits=in_credits(outcome.credits))
        else:
            change = _("Approved, {credits}").format(credits=in_credits(outcome.credits))
        return Plan(case, change, key=made.digest, letter=made.letter)

    def act(self, case, key):
        services.decide(case.pk, digest=key, by=self.by)

    def done(self, count):
        return (
            ngettext(
                "%d case is decided, its letter on its way.", "%d cases are decided, their letters on their way.", count
            )
            % count
        )


class ByCode(Batch):
    """Claims with a valid approval code: every letter is read here first, no panel is needed (R-REV-7)."""

    name = "decide_by_code"
    label = gettext_lazy("Approve by code: read and send the letters")
    title = gettext_lazy("Approve these by their codes?")
    button = gettext_lazy("Approve and send the letters")
    only = gettext_lazy("Only cases that no panel has yet can be decided by their code.")
    alone = services.Alone(Basis.CODE, Choice.APPROVE)

    def fits(self, case):
        return case.state == CaseState.SUBMITTED and case.step in {Step.SCREEN, Step.SEAT}

    def plan(self, case):
        made = services.preview(case, alone=self.alone, at=self.now)
        if kind_of(case).flags(made.reading, by=self.by) or not all(one.holds for one in made.reading.checked):
            raise Refusal("look", _("Something about it is to be looked at. Open the case to decide it."))
        change = _("Approved, {credits}").format(credits=in_credits(made.outcome.credits))
        return Plan(case, change, key=made.digest, letter=made.letter, checked=made.reading.checked)

    def act(self, case, key):
        self.plan(case)  # a roster that says otherwise may have come since
        services.decide(case.pk, digest=key, alone=self.alone, by=self.by)

    def done(self, count):
        return (
            ngettext(
                "%d claim is approved, its letter on its way.",
                "%d claims are approved, their letters on their way.",
                count,
            )
            % count
        )


class Alone(Batch):
    """What no panel reads and what misses nothing, such as renewals: every letter is read here first (R-PER-7)."""

    name = "decide_alone"
    label = gettext_lazy("Approve without a panel: read and send the letters")
    title = gettext_lazy("Approve these without a panel?")
    button = gettext_lazy("Approve and send the letters")
    only = gettext_lazy("Only what no panel reads, and what has been screened, can be approved here.")

    def fits(self, case):
        return not kind_of(case).has_panel and case.step in {Step.ALONE, Step.GATES}

    def plan(self, case):
        kind = kind_of(case)
        if case.step == Step.GATES:
            blocks = kind.blocks(case) or [_("Nothing is missing any more; it can be approved in a minute.")]
            raise Refusal("blocked", " ".join(blocks))
        made = services.preview(case, alone=self._alone(case), at=self.now)
        if kind.flags(made.reading, by=self.by):
            raise Refusal("look", _("Something about it is to be looked at. Open the case to decide it."))
        return Plan(case, capfirst(kind.state_label(CaseState.APPROVED)), key=made.digest, letter=made.letter)

    def _alone(self, case: ReviewCase) -> services.Alone:
        return services.Alone(kind_of(case).own_ground, Choice.APPROVE)

    def act(self, case, key):
        services.decide(case.pk, digest=key, alone=self._alone(case), by=self.by)

    def done(self, count):
        return (
            ngettext(
                "%d case is approved, its letter on its way.",
                "%d cases are approved, their letters on their way.",
                count,
            )
            % count
        )


class Extend(Batch):
    """One new day and one reason for all of them; each member gets a letter (R-REV-3)."""

    name = "extend_all"
    label = gettext_lazy("Send extension letters")
    title = gettext_lazy("Send extension letters?")
    button = gettext_lazy("Send the extension letters")
    only = gettext_lazy("Only open cases can be answered later.")
    form_class = ExtensionForm

    def fits(self, case):
        return case.state not in ENDED

    def plan(self, case):
        if not self.ready:
            return Plan(case, _("The letter is promised by {due}.").format(due=day_text(case.due_on)))
        until = self.form.cleaned_data["until"]
        services.check_extension(case, until)
        change = _("Promised by {due}; then by {until}.").format(due=day_text(case.due_on), until=day_text(until))
        return Plan(case, change, key=self._shown(case))

    def _shown(self, case: ReviewCase) -> str:
        """Name the day, the new day and the reason, so that none of them is another when it is confirmed."""
        data = self.form.cleaned_data
        return hashlib.sha256(repr((case.due_on, data["until"], data["reason"])).encode()).hexdigest()

    def act(self, case, key):
        data = self.form.cleaned_data
        if key != self._shown(case):
            raise Refusal(
                "changed", _("The day or the reason changed since it was shown. Nothing was sent. Show it again.")
            )
        services.extend(case.pk, until=data["until"], reason=data["reason"], by=self.by)

    def done(self, count):
        return ngettext("%d extension letter is on its way.", "%d extension letters are on their way.", count) % count


BATCHES = [Screen, Seat, Decide, ByCode, Alone, Extend]
