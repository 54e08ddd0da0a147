"""What an approval code stands for, and which of its dates can be claimed (R-REV-7, R-SPO-2, R-SPO-8)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cecs import rules
from journals import services as journals
from journals.rules import Rate
from journals.states import Delivery
from preapprovals.models import Occurrence, Offering
from preapprovals.rules import read_code
from preapprovals.states import STANDING, Act
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day, span_text

ENDING = (Act.TERMINATED, Act.WITHDRAWN)


@dataclass(frozen=True)
class Stands:
    """An offering with the day on which its approval was ended early, if it was."""

    offering: Offering
    ended_on: date | None

    @property
    def on_demand(self) -> bool:
        return self.offering.delivery == Delivery.ON_DEMAND

    def run(self, occurrence: Occurrence, day: date | None = None) -> rules.Run:
        """Return ``occurrence`` as the rules see it; taken on demand, it is the one ``day`` of completion."""
        return rules.Run(
            first=day or occurrence.first_day,
            last=day or occurrence.last_day,
            valid_from=self.offering.valid_from,
            valid_to=self.offering.valid_to,
            ended_on=self.ended_on,
            cancelled=occurrence.cancelled_at is not None,
        )


def stands(offering: Offering) -> Stands:
    """Return how an offering stands; one query, and only where its approval was ended early."""
    if offering.state in STANDING:
        return Stands(offering, None)
    ended = offering.notices.filter(act__in=ENDING).order_by("-at", "-pk").values_list("at", flat=True).first()
    return Stands(offering, programme_day(ended) if ended else offering.valid_from)


def offering_of(code: str) -> Offering | None:
    """Return what ``code`` stands for, however it is typed; None for a code that was never issued."""
    read = read_code(code or "")
    if read is None:
        return None
    return Offering.objects.filter(code=read).select_related("sponsor", "request").first()


def check_run(of: Stands, occurrence: Occurrence, *, today: date, day: date | None = None) -> None:
    """Raise Refusal with what is true and what to do where a claim cannot be about ``occurrence``."""
    problem = rules.run_problem(of.run(occurrence, day), today=today)
    if problem is None:
        return
    sentences = {
        "cancelled": _(
            "{days} was cancelled. If it was held all the same, ask {sponsor} to put that right, or report it in the "
            "form that asks everything."
        ),
        "outside-approval": _(
            "The approval holds {valid}, and {days} is not within it. Report it in the form that asks everything: "
            "the committee then decides."
        ),
        "approval-ended": _(
            "The approval ended on {ended}, before {days}, so the code does not count for it. Report it in the form "
            "that asks everything: the committee then decides."
        ),
        "not-over": _("{days} is not over yet. Claim it once it is; nothing needs to be asked beforehand."),
    }
    values = {
        "days": span_text(day or occurrence.first_day, day or occurrence.last_day),
        "sponsor": of.offering.sponsor.name,
        "valid": span_text(of.offering.valid_from, of.offering.valid_to),
        "ended": day_text(of.ended_on) if of.ended_on else "",
    }
    raise Refusal(problem, sentences[problem].format(**values))


def claimable(of: Stands, today: date) -> list[Occurrence]:
    """Return the dates that can be claimed today, the latest first."""
    held = of.offering.occurrences.select_related("event").order_by("-first_day", "-pk")
    return [one for one in held if rules.run_problem(of.run(one), today=today) is None]


def others(of: Stands, today: date) -> list[tuple[Occurrence, str]]:
    """Return the dates that cannot be claimed today, each with its sentence, the latest first."""
    told = []
    for one in of.offering.occurrences.order_by("-first_day", "-pk"):
        try:
            check_run(of, one, today=today)
        except Refusal as refusal:
            told.append((one, str(refusal)))
    return told


def met(content, *, today: date):
    """Return ``content`` with its code as it was issued and, where code, activity and days agree, the date it names.

    What is asked before it is over is judged by a panel (R-DATE), so it names none yet.
    """
    if content.occurrence is not None or not content.approval_code:
        return content
    offering = offering_of(content.approval_code)
    if offering is None:
        return content
    content = replace(content, approval_code=offering.code)
    of = stands(offering)
    if content.activity != offering.category or content.last_day > today or of.on_demand:
        return content
    for one in offering.occurrences.filter(first_day=content.first_day, last_day=content.last_day):
        if rules.run_problem(of.run(one), today=today) is None:
            one.offering = offering
            return replace(content, occurrence=one)
    return content


def counts_on_demand(offering: Offering, content) -> bool:
    """Whether ``content`` is what a code on demand stands for, on days on which its approval holds."""
    run = rules.Run(
        content.first_day, content.last_day, offering.valid_from, offering.valid_to, stands(offering).ended_on
    )
    on_demand = offering.delivery == Delivery.ON_DEMAND and content.activity == offering.category
    return on_demand and rules.run_problem(run, today=content.last_day) is None


def minutes_of(offering: Offering) -> int:
    """Return the contact time of all of it; for one brought in with its credits alone, what these credits stand for."""
    return offering.minutes or minutes_for(offering, journals.rate_on(offering.category, programme_day()).as_rate())


def minutes_for(offering: Offering, rate: Rate) -> int:
    """Return the contact time that the credits of ``offering`` stand for at ``rate``."""
    return int((offering.credits or Decimal(0)) * rate.amount * rules.MINUTES)
