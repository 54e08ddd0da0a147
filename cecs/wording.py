"""A claim in words: the same lines on the check page, the ballot, the admin and the member’s page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cecs import asks
from journals.states import PUBLICATIONS, SERVICE, Activity
from serportal.ui.words import day_text, number, span_text

QUOTED = frozenset({"learned", "objectives"})


@dataclass(frozen=True)
class Fact:
    """One answer as it is read: the part of the form it belongs to, what was asked, what was said."""

    part: str
    label: str
    text: str
    quoted: bool = False


def facts(content, areas: dict) -> list[Fact]:
    """Return the answers of ``content`` (answers, or a filed claim); ``areas`` are named as in force when it was "
    "filed."""
    form = asks.FORMS[content.activity]
    told = [Fact("where", _("Activity"), str(Activity(content.activity).label))]
    for part in ("where", "taught"):
        for ask in getattr(form, part):
            if ask.name == "first_day" or (ask.name == "title" and content.activity not in SERVICE):
                continue
            text = said(content, ask, areas)
            if text:
                label = when(content) if ask.name == "last_day" else str(ask.title)
                told.append(Fact(part, label, text, ask.name in QUOTED))
    if content.asked:
        told.append(Fact("send", _("Asked for"), _("{n} credits").format(n=number(content.asked))))
    return told


def when(content) -> str:
    if content.activity in PUBLICATIONS:
        return _("Released") if content.activity == Activity.MATERIAL else _("Accepted")
    return _("Served") if content.activity in SERVICE else _("When")


def said(content, ask: asks.Ask, areas: dict) -> str:
    """Return the answer to ``ask`` as text; "" where there is none."""
    value = getattr(content, ask.name)
    if ask.name == "last_day":
        return span_text(content.first_day, content.last_day)
    if ask.kind == "areas":
        return ", ".join(areas[key].name if key in areas else key for key in value)
    if ask.kind == "choice":
        return str(dict(ask.choices).get(value, ""))
    if ask.kind == "day":
        return day_text(value) if value else ""
    return str(value or "")


def rows_label(content) -> str:
    """Return the heading of the rows of hours: what this activity's rows tell."""
    return str(asks.FORMS[content.activity].rows)
