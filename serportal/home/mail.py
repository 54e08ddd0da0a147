"""What a coordinator may know of the mail, and how it is told: a conflict hides it as it hides its case (R-REV-5)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import StrIndex
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.services.coming import coming
from applications.services.partner_reminders import REMINDER
from journals.services import STATEMENT_LETTER
from serportal.accounts.models import User
from serportal.outbox import services as outbox
from serportal.outbox.models import LetterTemplate, Message, Reminder
from serportal.outbox.rules import Due
from serportal.outbox.services.reminding import DIGEST
from serportal.outbox.states import MessageState
from serportal.reviews.models import ReviewCase
from serportal.ui.words import moment_text

DAYS_AHEAD = 7


def messages_visible_to(user):
    """Messages about no case or one that ``user`` coordinates; about a case ``user`` filed, their own mail only.

    A digest is about every case it has a line on, a reminder of a college about every graduate it names, a letter with
    a statement about every case whose credits it tells.
    """
    hidden, own = ReviewCase.objects.hidden_from(user), ReviewCase.objects.filter(filed_by=user)
    letters = Message.objects.alias(references=KT("context__references"))
    return letters.filter(~_is_about(hidden), Q(person=user) | ~_is_about(own))


def _is_about(cases) -> Q:
    lines = Reminder.objects.filter(message=OuterRef("pk"), about__in=cases.values("reference"))
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


def coming_to(user, *, at: datetime | None = None) -> list[tuple[date, list[Planned]]]:
    """Return (day, what goes to whom) of the next week if nothing changes, about cases that ``user`` coordinates."""
    plan = outbox.coming(days=DAYS_AHEAD, at=at)
    letters = coming(days=DAYS_AHEAD, at=at or timezone.now())
    planned = [one for _day, told in plan for one, _line in told]
    about = {one.about for one in planned}.union(*(letter.about for letter in letters))
    cases = ReviewCase.objects.coordinated_by(user).filter(reference__in=about)
    seen = {"", *cases.values_list("reference", flat=True)}
    people = User.objects.in_bulk({one.person for one in planned if one.about in seen})
    outside = [letter for letter in letters if letter.about <= seen]
    return [
        (
            day,
            [
                *_by_person([(one, line) for one, line in told if one.about in seen], people),
                *sorted((Planned(one.to, [one.line]) for one in outside if one.day == day), key=lambda one: one.name),
            ],
        )
        for day, told in plan
    ]


def _by_person(told: list[tuple[Due, str]], people: dict[int, User]) -> list[Planned]:
    lines = defaultdict(list)
    for one, line in told:
        lines[one.person].append(line)
    return sorted((Planned(people[key].name, own) for key, own in lines.items()), key=lambda one: one.name)


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
        MessageState.FAILED: _("It was refused for good: {why}. Mend the cause, then send it again."),
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
