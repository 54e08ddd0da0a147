"""What the portal compares about a claim by code: the code, its date, and what the roster says (R-REV-7, R-SPO-4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cecs import rules
from cecs.models import CecSubmission
from cecs.services.attending import addresses_of
from cecs.services.codes import minutes_of, offering_of, stands
from preapprovals.models import Attendance
from preapprovals.rules.names import alike
from serportal.reviews.kinds import Check
from serportal.ui.words import day_text, number, programme_day, span_text


@dataclass(frozen=True)
class Roster:
    """What the sponsor’s roster says of a claim: its line, or that there is a roster without one."""

    line: Attendance | None
    given: bool

    @property
    def confirms(self) -> bool:
        return self.line is not None and self.line.minutes is not None

    @property
    def hours(self) -> Decimal:
        return rules.in_hours([self.line.minutes])[0]


def roster_of(claim: CecSubmission) -> Roster:
    """Return what rosters say of ``claim``, which was read ``with_rosters``."""
    return Roster(getattr(claim.case, "attendance", None), claim.rostered)


@dataclass(frozen=True)
class Compared:
    """A check, and whether the coordinator can decide alone only where it holds."""

    check: Check
    needed: bool = True


def code_checks(claim: CecSubmission, roster: Roster) -> list[Compared]:
    """Return what was compared about the code of ``claim``, as it stands now."""
    if claim.occurrence is None:
        known = offering_of(claim.approval_code)
        said = _("The code is valid, but not for this activity on these days.") if known else _("It was never issued.")
        return [Compared(Check(said, False))]
    return list(_compared(claim, roster))


def _compared(claim: CecSubmission, roster: Roster) -> Iterator[Compared]:
    offering = claim.occurrence.offering
    of = stands(offering)
    said = _("It stands for “{title}” of {sponsor}, approved for {credits} credits.")
    values = {"title": offering.title, "sponsor": offering.sponsor.name, "credits": number(offering.credits)}
    right = claim.activity == offering.category
    yield Compared(Check(said.format(**values), right))
    yield Compared(_date_check(claim, of))
    hours = claim.hours or Decimal(0)
    whole = rules.in_hours([minutes_of(offering)])[0]
    if hours > whole:
        said = _("{claimed} hours are claimed; all of it takes {whole}.")
        yield Compared(Check(said.format(claimed=number(hours), whole=number(whole)), False), needed=False)
    if roster.confirms:
        said = _("The roster says {told} hours; {claimed} are claimed.")
        agrees = not rules.differs(claimed=hours, told=roster.line.minutes)
        yield Compared(Check(said.format(told=number(roster.hours), claimed=number(hours)), agrees), needed=False)
    elif roster.given:
        yield Compared(Check(_("The roster of this date does not name them."), False), needed=False)
    else:
        yield Compared(Check(_("There is no roster of this date yet. The proof is below."), True), needed=False)


def _date_check(claim: CecSubmission, of) -> Check:
    occurrence = claim.occurrence
    run = of.run(occurrence, claim.last_day if of.on_demand else None)
    problem = rules.run_problem(run, today=programme_day())
    days = span_text(claim.first_day, claim.last_day)
    if problem == "cancelled":
        return Check(_("{days} was cancelled.").format(days=days), False)
    if problem == "approval-ended":
        ended = day_text(of.ended_on)
        return Check(_("The approval ended on {ended}, before {days}.").format(ended=ended, days=days), False)
    if problem or (run.first, run.last) != (claim.first_day, claim.last_day):
        return Check(_("{days} is not one of its dates.").format(days=days), False)
    if of.on_demand:
        return Check(_("It was taken on demand on {days}, while the approval held.").format(days=days), True)
    return Check(_("{days} is one of its dates.").format(days=days), True)


def roster_flags(claim: CecSubmission, roster: Roster) -> list[str]:
    """Say where the roster says otherwise than the claim; none of it changes a number by itself."""
    said = []
    if roster.confirms and rules.differs(claimed=claim.hours, told=roster.line.minutes):
        text = _("The roster confirms {told} hours, and {claimed} are claimed.")
        said.append(text.format(told=number(roster.hours), claimed=number(claim.hours)))
    if roster.confirms and not alike(roster.line.name, claim.case.filed_by.name):
        said.append(_("The roster names {name}.").format(name=roster.line.name))
    if roster.confirms and roster.line.email and not _owns(claim, roster.line):
        said.append(_("The e-mail address on the roster is not one of this account."))
    if claim.occurrence is not None and roster.given and not roster.confirms:
        said.append(_("The sponsor’s roster of this date does not name the member."))
    return said


def _owns(claim: CecSubmission, line: Attendance) -> bool:
    person = claim.case.filed_by
    mail = line.email.casefold()
    return mail == person.email.casefold() or mail in addresses_of(person)
