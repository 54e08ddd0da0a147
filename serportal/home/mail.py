"""What a coordinator may know of the mail, and how it is told: a conflict hides it as it hides its case (R-REV-5)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import StrIndex
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.services.coming import Coming, coming
from applications.services.partner_reminders import REMINDER
from journals.services import STATEMENT_LETTER
from journals.services.reminding import RENEWAL, YEAR
from serportal.accounts.models import User
from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message, Reminder
from serportal.outbox.rules import Due
from serportal.outbox.services.reminding import DIGEST
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase
from serportal.ui.words import moment_text

DAYS_AHEAD = 7
# Reminders that tell sums, of credits from whichever case.
SUMS = [YEAR, RENEWAL]


def messages_visible_to(user):
    """Messages about no case or one that ``user`` coordinates; about a case ``user`` filed, their own mail only.

    A digest is about every case it has a line on, and with a line about somebody’s sums about every case of theirs; a
    reminder of a college about every graduate it names, a letter with a statement about every case whose credits it
    tells.
    """
    hidden, own = ReviewCase.objects.hidden_from(user), ReviewCase.objects.filter(filed_by=user)
    letters = Message.objects.alias(references=KT("context__references"))
    return letters.filter(~_is_about(hidden), Q(person=user) | ~_is_about(own))


def _is_about(cases) -> Q:
    told = Q(about__in=cases.values("reference")) | Q(purpose__in=SUMS, person__in=cases.values("filed_by"))
    lines = Reminder.objects.filter(told, message=OuterRef("pk"))
    named = cases.annotate(place=StrIndex(OuterRef("references"), F("reference"))).filter(place__gt=0)
    return (
        Q(Exists(cases.filter(reference=OuterRef("about"))))
        | Q(Q(template=DIGEST), Exists(lines))
        | Q(Q(template__in=[REMINDER, STATEMENT_LETTER]), Exists(named))
    )


@dataclass(frozen=True)
class Planned:
    """What somebody is told on one day; referees and colleges have no account."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class Day:
    """One day of what goes out: how many people and lines in all, and those of them that are ``shown``."""

    day: date
    people: int
    lines: int
    shown: list[Planned]


def coming_to(user, *, most: int, page: int = 1, at: datetime | None = None) -> list[Day]:
    """Return what goes to whom in the next week if nothing changes, about cases that ``user`` coordinates.

    Of each day the ``page`` with ``most`` people is worded, by their names; what is not shown is only counted. The
    sums of members with a case hidden from ``user`` are left out: they tell of it.
    """
    plan = outbox.coming(days=DAYS_AHEAD, at=at)
    letters = coming(days=DAYS_AHEAD, at=at or timezone.now())
    about = {one.about for _day, told in plan for one in told}.union(*(letter.about for letter in letters))
    cases = ReviewCase.objects.coordinated_by(user).filter(reference__in=about)
    seen = {"", *cases.values_list("reference", flat=True)}
    closed = set(ReviewCase.objects.hidden_from(user).values_list("filed_by", flat=True))
    own = [
        (day, [one for one in told if one.about in seen and not (one.purpose in SUMS and one.person in closed)])
        for day, told in plan
    ]
    people = User.objects.filter(pk__in={one.person for _day, told in own for one in told})
    names = dict(people.values_list("pk", "name"))
    outside = [letter for letter in letters if letter.about <= seen]
    days = [(day, _rows(told, names, [one for one in outside if one.day == day])) for day, told in own]
    shown = {day: rows[(page - 1) * most : page * most] for day, rows in days}
    due = [one for rows in shown.values() for _name, told in rows for one in told if isinstance(one, Due)]
    lines = outbox.lines_of(due)
    return [
        Day(
            day,
            len(rows),
            sum(len(told) for _name, told in rows),
            [
                Planned(name, [lines[one.key] if isinstance(one, Due) else one for one in told])
                for name, told in shown[day]
            ],
        )
        for day, rows in days
    ]


def _rows(told: list[Due], names: dict[int, str], letters: list[Coming]) -> list[tuple[str, list[Due | str]]]:
    """Return (name, what they are told) of one day, people by their names, then referees and colleges by theirs."""
    own = defaultdict(list)
    for one in told:
        own[one.person].append(one)
    outside = sorted((letter.to, [letter.line]) for letter in letters)
    return [*sorted(((names[key], told) for key, told in own.items()), key=lambda row: row[0]), *outside]


def told(message: Message) -> str:
    """Say where a message is and what happens next."""
    if message.state == MessageState.OWED:
        if message.attempts:
            again = _("It waits: the mail server did not take it yet ({why}). It is tried again from {at} on.")
            return again.format(why=message.error, at=moment_text(message.next_try_at))
        return _("It waits for the worker, who sends it within a minute.")
    if message.state == MessageState.SENT:
        return _("It went out on {at}.").format(at=moment_text(message.sent_at))
    return {
        MessageState.SENDING: _("A worker is sending it right now."),
        MessageState.FAILED: _("It did not arrive: {why}. Its link is gone with it: ask anew where it was asked from.")
        if message.is_spent
        else _("It did not arrive: {why}. Mend the cause, such as the address; then send it again."),
        MessageState.UNCERTAIN: _(
            "Whether it arrived is not known: {why}. Ask the reader; then settle it as arrived, or send it again."
        ),
        MessageState.CANCELLED: _("It was cancelled and does not go out."),
    }[MessageState(message.state)].format(why=message.error.rstrip("."))


def as_it_reads(message: Message) -> Message | None:
    """Return the message with the words it has, or would get now; None where none can be made. Saves nothing."""
    try:
        if not message.text:
            outbox.write(message)
    except (LetterTemplate.DoesNotExist, KeyError):
        return None
    return message
