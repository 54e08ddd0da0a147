"""Where one stands, in plain sentences: needed, in hand, being reviewed, still to find, and the day by which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serportal.certifications.states import Standing
from serportal.home.plan.ground import Ground
from serportal.ui.words import day_text, number


@dataclass(frozen=True)
class Stand:
    """One span, this year or the whole period, against what it needs."""

    name: str
    needed: Decimal
    in_hand: Decimal
    asked: Decimal
    missing: Decimal
    by: date


def stands_of(ground: Ground) -> list[Stand]:
    """Return where this year stands, while one runs, and the period."""
    journal, period = ground.journal, ground.journal.period
    found = []
    if journal.this_year:
        one = journal.this_year
        name = _("Year {n}").format(n=one.year.number)
        asked = ground.asked_in(one.year.first, one.year.last)
        found.append(Stand(name, one.least, one.total, asked, one.missing, one.year.last))
    whole = journal.progress
    asked = ground.asked_in(period.starts_on, period.ends_on)
    found.append(Stand(_("The period"), whole.goal, whole.total, asked, whole.missing, period.ends_on))
    return found


def answer(ground: Ground) -> str:
    """Answer the question that the page asks."""
    journal = ground.journal
    year = journal.this_year.missing if journal.this_year else Decimal(0)
    whole = journal.progress.missing
    if not year and not whole and journal.short_years:
        return _("Not yet: nothing is left to find, but a year that ended short needs an arrangement.")
    if not year and not whole:
        return _("Yes: counting what is approved, nothing is left to find.")
    if not year or year == whole:
        return _("Not yet: {n} still to find.").format(n=number(whole or year))
    if not whole:
        return _("Not yet: {n} still to find this year.").format(n=number(year))
    return _("Not yet: {year} still to find this year, {n} in the period.").format(year=number(year), n=number(whole))


def sentences(ground: Ground) -> Iterator[str]:
    """Say of this year and of the period what is still to find and in how many days; nothing to find is said too."""
    journal = ground.journal
    last = journal.period.ends_on
    if journal.this_year:
        one = journal.this_year
        if one.missing:
            text = _("You are {n} short of the {least} that year {year} needs, {days}: it ends on {last}.")
            yield text.format(**_short(one.missing, one.least, one.year.last, ground), year=one.year.number)
        else:
            yield _("Year {year} has the {least} it needs.").format(year=one.year.number, least=number(one.least))
    whole = journal.progress
    if not whole.missing:
        yield _("The period has the {least} it needs.").format(least=number(whole.goal))
    elif journal.day <= last:
        text = _("You are {n} short of the {least}, {days}: your period ends on {last}.")
        yield text.format(**_short(whole.missing, whole.goal, last, ground))
    else:
        text = _(
            "Your period ended on {last}, {n} short of the {least}. Only what was complete by that day still counts."
        )
        yield text.format(**_short(whole.missing, whole.goal, last, ground))
    if journal.standing == Standing.LAPSED:
        yield _("Your certification has lapsed: new activities count only once it is reinstated.")
    asked = ground.asked_in(journal.period.starts_on, last)
    if whole.missing and asked:
        yield _if_approved(whole.missing, asked)


def _if_approved(missing: Decimal, asked: Decimal) -> str:
    left = max(Decimal(0), missing - asked)
    if not left:
        return _("If all that is being reviewed is approved as asked, the period has what it needs.")
    text = _("If all that is being reviewed is approved as asked, {n} are left to find in the period.")
    return text.format(n=number(left))


def _short(missing: Decimal, least: Decimal, last: date, ground: Ground) -> dict[str, str]:
    days = (last - ground.day).days
    to_go = ngettext("with one day to go", "with {days} days to go", days).format(days=days)
    said = to_go if days else _("and today is the last day")
    return {"n": number(missing), "least": number(least), "last": day_text(last), "days": said}
