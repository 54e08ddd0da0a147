"""A request and an offering in words: the same on the ballot, in the letter and on the sponsor's pages."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journals.states import Activity, Delivery
from preapprovals.models import Offering, PreapprovalRequest
from preapprovals.rules import Agenda, Wrong
from preapprovals.states import OFFERED, Qualification
from serportal.ui.words import day_text, number, span_text

WRONG = {
    "from-missing": gettext_lazy("Line {row}: when it begins is missing. Type a time, such as 09:30."),
    "to-missing": gettext_lazy("Line {row}: when it ends is missing. Type a time, such as 10:30."),
    "no-time": gettext_lazy("Line {row}: “{typed}” is not a time of day. Write it like this: 09:30."),
    "no-minutes": gettext_lazy("Line {row}: it begins and ends at {at}. Type when it ends, or empty the line."),
    "over-midnight": gettext_lazy(
        "Line {row}: from {from} to {to} goes over midnight. End it at 24:00, and begin the next day at 00:00."
    ),
    "what-missing": gettext_lazy("Line {row}: say what happens then."),
    "no-day": gettext_lazy("Line {row}: “{typed}” is not a day. Count the days from 1; there are at most {most}."),
    "no-item": gettext_lazy("Line {row}: what it is is not on the list. Choose from the list."),
    "overlap": gettext_lazy(
        "Line {row} begins before line {other} is over. Correct a time, or give each a name of its own under "
        "“Side by side” if people choose one of them."
    ),
}


def category_text(category: str) -> str:
    """“Category 2: Attending a short course, workshop, field tour or webinar”."""
    activity = Activity(category)
    return _("Category {n}: {what}").format(n=OFFERED.index(activity) + 1, what=activity.label)


def hours_text(minutes: int) -> str:
    """“6 hours 30 minutes of contact time”."""
    hours, rest = divmod(minutes, 60)
    told = [ngettext("{n} hour", "{n} hours", hours).format(n=hours)] if hours else []
    told += [ngettext("{n} minute", "{n} minutes", rest).format(n=rest)] if rest or not hours else []
    return _("{time} of contact time").format(time=" ".join(told))


def agenda_text(agenda: Agenda) -> str:
    """Say what the lines of an agenda add up to, and what does not count in it (R-MIN)."""
    said = [hours_text(agenda.minutes) + "."]
    if len(agenda.by_day) > 1:
        days = [_("day {n}: {time}").format(n=day, time=_clock(minutes)) for day, minutes in agenda.by_day.items()]
        said.append(_("Of this, {days}.").format(days=", ".join(days)))
    if agenda.side_by_side:
        said.append(
            _("Sessions side by side count once: {minutes} minutes of them are at the same time as others.").format(
                minutes=agenda.side_by_side
            )
        )
    apart = len(agenda.rows) - len(agenda.sessions)
    if apart:
        said.append(
            ngettext(
                "{n} line is no instruction and counts nothing.",
                "{n} lines are no instruction and count nothing.",
                apart,
            ).format(n=apart)
        )
    return " ".join(said)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}\xa0h"


def validity_text(first: date, last: date, *, recurring: bool, delivery: str) -> str:
    """Say which days an approval is for (R-SPO-2)."""
    if delivery == Delivery.ON_DEMAND:
        return _("It holds for whoever completes it from {first} to {last}.").format(
            first=day_text(first), last=day_text(last)
        )
    if recurring:
        return _("It holds for every date from {first} to {last}.").format(first=day_text(first), last=day_text(last))
    return _("It holds for its own dates, {span}.").format(span=span_text(first, last))


def wrong_instructors(request: PreapprovalRequest) -> list[str]:
    """Say which instructors the whole committee was not satisfied with, or has not judged yet (R-REV-10)."""
    said = []
    for one in request.instructors.all():
        if one.qualification == Qualification.OTHER and one.accepted is None:
            said.append(_("The whole committee has not said yet whether the credentials of {name} are accepted."))
        elif one.accepted is False:
            said.append(_("The whole committee did not accept the credentials of {name}."))
        else:
            continue
        said[-1] = said[-1].format(name=one.name)
    return said


def appeal_validity(offering: Offering, today: date) -> str:
    """Say whether an offering is back on the list, or its time ran out while it was terminated (R-SPO-2, R-SPO-6)."""
    if offering.valid_to < today:
        return _("Its approval ended on {day}, so it does not return to the list.").format(
            day=day_text(offering.valid_to)
        )
    return _("It is on the list again, its code counts, and it holds until {day}.").format(
        day=day_text(offering.valid_to)
    )


def fewer_text(credits, most) -> str:
    """Say that the committee granted less than the agenda brings by the rules; "" where it did not."""
    if credits >= most:
        return ""
    return _("The committee granted {credits} of the {most} credits that the agenda brings by itself.").format(
        credits=number(credits), most=number(most)
    )


def paragraphs(texts: Sequence[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def wrong_text(wrong: Wrong) -> str:
    """Say what is wrong with a line of the agenda, and what to do."""
    return str(WRONG[wrong.code]).format(**wrong.values)
