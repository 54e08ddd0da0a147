"""Looking through a list of attendees: who each line is, and what is wrong with it, in words (R-SPO-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _

from journals.states import Delivery
from preapprovals.models import Attendance, Occurrence, Roster, RosterRow
from preapprovals.rules.columns import Meaning
from preapprovals.rules.names import alike
from preapprovals.rules.roster import Event, Line, Problem, read_line, twins
from serportal.certifications.models import Certification
from serportal.ui.words import day_text, length_text, programme_day, span_text

M = Meaning


@dataclass(frozen=True)
class Looked:
    """One row of a list as it was read. ``person`` is whose account it is, where that is certain."""

    row: RosterRow
    line: Line
    problems: list[Problem]
    person: object | None = None
    known: Attendance | None = None

    @property
    def is_good(self) -> bool:
        return not self.problems


@dataclass
class People:
    """Whom the portal knows among the people of a list, and what it knows of their attendance already."""

    by_address: dict = field(default_factory=dict)
    by_number: dict = field(default_factory=dict)
    attended_by_person: dict = field(default_factory=dict)
    attended_by_address: dict = field(default_factory=dict)

    @classmethod
    def among(cls, lines: Iterable[Line], run: Occurrence) -> "People":
        lines = list(lines)
        addresses = EmailAddress.objects.filter(
            email__in={line.email for line in lines} - {""}, verified=True, user__is_active=True
        )
        numbers = Certification.objects.filter(number__in={line.certificate for line in lines} - {""})
        attended = list(run.attendances.known().select_related("case"))
        return cls(
            {one.email.lower(): one.user for one in addresses.select_related("user")},
            {one.number: one.person for one in numbers.select_related("person")},
            {one.person_id: one for one in attended if one.person_id},
            {one.email.lower(): one for one in attended if one.email},
        )

    def look(self, line: Line) -> tuple[object | None, Attendance | None, list[Problem]]:
        """Return (whose account a line is, their attendance as known so far, what is wrong with it)."""
        holder, owner = self.by_number.get(line.certificate), self.by_address.get(line.email)
        wrong = []
        if line.certificate and holder is None:
            wrong.append(Problem(M.CERTIFICATE, "no-certificate", line.certificate))
        elif holder is not None and not alike(holder.name, line.name):
            wrong.append(Problem(M.CERTIFICATE, "other-certificate", line.certificate))
        elif holder is not None and owner is not None and holder != owner:
            wrong.append(Problem(M.EMAIL, "two-people", line.certificate))
        elif owner is not None and not alike(owner.name, line.name):
            wrong.append(Problem(M.EMAIL, "other-name", line.email, doubt=True))
        person = next((one for one in (holder, owner) if one is not None and alike(one.name, line.name)), None)
        known = self.attended_by_person.get(person.pk) if person else None
        known = known or self.attended_by_address.get(line.email)
        if known is not None and known.person_id and known.person_id != (person.pk if person else None):
            wrong.append(Problem(M.EMAIL, "claimed-by-other", line.email))
        return person, known, wrong


def event_of(run: Occurrence, *, at: datetime | None = None) -> Event:
    """Return what the lines of a list about ``run`` are measured by; needs its offering."""
    offering = run.offering
    return Event(
        first=run.first_day,
        last=run.last_day,
        minutes=offering.minutes or None,
        own_days=offering.delivery == Delivery.ON_DEMAND,
        today=programme_day(at or timezone.now()),
    )


def look_through(roster: Roster, rows: Iterable[RosterRow], run: Occurrence, *, at=None) -> list[Looked]:
    """Look at every row that is neither dropped nor taken in; needs the offering of ``run``."""
    event = event_of(run, at=at)
    read = [(row, *read_line(row.said, event, mapping_for(row, roster.mapping))) for row in rows]
    people = People.among((line for _row, line, _problems in read), run)
    # Who is there already stands in the place of the line that said so.
    beside = twins((row.number, line) for row, line, problems in read if line.name)
    looked, taken = [], {}
    for row, line, problems in read:
        person, known, wrong = people.look(line) if line.name else (None, None, [])
        problems = [*problems, *wrong]
        # Two addresses, or a number beside an address, can lead to one account; no answer makes them two people.
        first = taken.setdefault(person.pk, row.number) if person else row.number
        if first != row.number:
            problems.append(Problem(M.NAME, "twice", str(first)))
        elif row.number in beside:
            problems.append(beside[row.number])
        if known is not None and known.minutes is not None:
            problems.append(Problem(M.NAME, "already", _told_of(known)))
        if row.said.get("sure"):
            problems = [one for one in problems if not one.doubt]
        looked.append(Looked(row, line, problems, person, known))
    return looked


def mapping_for(row: RosterRow, mapping: Mapping[str, int]) -> Mapping[str, int]:
    """Return which columns a row answers: those of its list, or all that the screen asked where it was mended."""
    return {M.HOURS.value: 0, M.COMPLETED.value: 0} if row.said.get("mended") else mapping


def _told_of(known: Attendance) -> str:
    return day_text(programme_day(known.told_at)) if known.told_at else ""


def worded(problems: Iterable[Problem], event: Event) -> dict[str, str]:
    """Return the sentences of each column, in the order of the columns."""
    found: dict[str, list[str]] = {}
    for problem in sorted(problems, key=lambda one: list(Meaning).index(one.column)):
        found.setdefault(problem.column.value, []).append(sentence(problem, event))
    return {column: " ".join(sentences) for column, sentences in found.items()}


def sentence(problem: Problem, event: Event) -> str:
    """Say what is wrong, then what to do."""
    words = {
        "formula": _("“{told}” is a formula without a value, or an error. Type what it should say."),
        "no-name": _("The name is missing. Type it as it should stand on the Confirmation of Completion."),
        "odd-name": _("This is no name, or longer than 200 signs. Type the name of one person."),
        "no-email": _(
            "There is neither an e-mail address nor a certificate number, so this person cannot be reached. Add one."
        ),
        "odd-email": _("“{told}” is no e-mail address. Type one address, such as amara@marsh.example."),
        "odd-certificate": _("“{told}” is no certificate number. They look like CERP-0042; or leave it empty."),
        "no-certificate": _("Nobody holds the certificate {told}. Mend the number, or leave it empty."),
        "other-certificate": _("{told} is the certificate of somebody with another name. Mend one of the two."),
        "two-people": _("This address and {told} belong to two different people. Mend one of the two."),
        "other-name": _(
            "We know this address under another name. Mend the one that is wrong. If both are right, tick that they "
            "are: then the person gets a letter and says whether it is them."
        ),
        "claimed-by-other": _("Somebody else has claimed this date with this address. Mend the address."),
        "odd-completed": _("“{told}” is neither yes nor no. Say whether this person completed it."),
        "not-completed": _("Not marked as completed, so there is nothing to confirm. If it was completed, say yes."),
        "no-hours": _("The hours are missing. Type how many hours this person attended."),
        "odd-hours": _("“{told}” is no length of time. Type hours as 6 or 6.5, or minutes as 390 min."),
        "zero-hours": _("0 hours bring no credit. Type how many hours this person attended, or leave the row out."),
        "too-many-hours": _("“{told}” is more than the {most} of the agenda. Type what was attended of it."),
        "no-day": _("The day of completion is missing. Type it as 2026-12-14."),
        "odd-day": _("“{told}” is no day, or a different one in different countries. Type it as 2026-12-14."),
        "other-day": _("“{told}” lies outside {span}, or in the future. Type the day on which it was completed."),
        "twice": _("This person stands in row {told} already. Leave this row out, or mend it."),
        "one-address": _("Row {told} has the same address under another name. Each person needs their own address."),
        "like-address": _("Row {told} has nearly the same address. If these are two people, tick that it is right."),
        "like-name": _("Row {told} has nearly the same name. If these are two people, tick that it is right."),
        "already": _("An earlier list, taken in on {told}, has this person already. Leave this row out."),
    }
    most = length_text(event.minutes or 0)
    return words[problem.code].format(told=problem.told[:80], most=most, span=span_text(event.first, event.last))
