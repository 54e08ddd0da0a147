"""A claim in words: the same lines on the check page, the ballot, the admin and the member’s page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cecs import asks
from journals.states import PUBLICATIONS, SERVICE, Activity
from serportal.reviews.states import Basis
from serportal.ui.words import day_text, number, programme_day, span_text

QUOTED = frozenset({"learned", "objectives"})


@dataclass(frozen=True)
class Fact:
    """One answer as it is read: the part of the form it belongs to, what was asked, what was said."""

    part: str
    label: str
    text: str
    quoted: bool = False


def facts(content, areas: dict | None = None) -> list[Fact]:
    """Return the answers of ``content``: a filed claim, or answers together with the ``areas`` in force."""
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


def said(content, ask: asks.Ask, areas: dict | None) -> str:
    """Return the answer to ``ask`` as text; "" where there is none."""
    value = getattr(content, ask.name)
    if ask.name == "last_day":
        return span_text(content.first_day, content.last_day)
    if ask.kind == "many":
        return names_of(value, areas) if areas is not None else content.area_names
    if ask.kind == "choice":
        return str(dict(ask.choices).get(value, ""))
    if ask.kind == "day":
        return day_text(value) if value else ""
    return str(value or "")


def names_of(keys, areas: dict) -> str:
    """“Biological science, Ecological restoration”, as the areas are called now."""
    return ", ".join(areas[key].name if key in areas else key for key in keys)


def told(claim) -> list[list[str]]:
    """Return a filed claim as [part, label, text], as its versions are kept and compared (R-REV-6)."""
    return _told(claim, None, [(row.day, row.sessions, row.hours) for row in claim.days.all()])


def told_by(answers, areas: dict) -> list[list[str]]:
    """Return answers that are not filed yet in the same form."""
    return _told(answers, areas, [(row.day, row.what, row.hours) for row in answers.rows])


def _told(content, areas: dict | None, rows) -> list[list[str]]:
    lines = [["title", _("Title"), content.title]]
    lines += [[fact.part, fact.label, fact.text] for fact in facts(content, areas)]
    for n, (day, what, hours) in enumerate(rows, start=1):
        lines.append(["hours", day_text(day) if day else _("Part {n}").format(n=n), f"{what}, {number(hours)} h"])
    return lines


def after_the_end(ended: date) -> str:
    """Say that the pre-approval of a claim’s code was terminated before its last day (R-SPO-6, R-SPO-8)."""
    said = _("The pre-approval of its code was terminated on {day}, before the last day of the activity.")
    return said.format(day=day_text(ended))


def noticed(flags: Iterable[Sequence], *, hidden: Collection[str]) -> list[str]:
    """Word what a reader of a claim should notice, without the references ``hidden`` from them (R-REV-5).

    None of it changes a number by itself.
    """
    sentences = {
        "alike": _("It looks like {references} of the same member: the same activity on common days."),
        "same-file": _("A file of it was sent with {references} before."),
        "two-committees": _("Another committee at the same level is credited for these months; both count."),
        "two-units": _("Service at another {level} is credited for these months; two chapters are one level."),
        "other-board": _("Another board at the same level is credited for these months."),
        "code-unknown": _("The approval code {code} was never issued."),
        "code-elsewhere": _("The approval code {code} is valid, but not for this activity on these days."),
    }
    said = []
    for code, values in flags:
        named = [one for one in values.get("references", "").split(", ") if one not in hidden]
        if named:
            shown = {"level": values.get("level", ""), "code": values.get("code", "")}
            said.append(sentences[code].format(references=", ".join(named), **shown))
    return said


def ground(basis: Basis, *, roster: bool = False) -> str:
    """Say in a letter who decided, and on what ground (R-REV-3, R-REV-7, R-DATE); ``roster`` confirms attendance."""
    if roster and basis == Basis.CODE:
        return _("The course was pre-approved, and its sponsor confirms that you took part.")
    return {
        Basis.PANEL: _("The Continuing Education Committee has read it."),
        Basis.TWO: _("The Continuing Education Committee has read it."),
        Basis.PRECEDENT: _(
            "The Continuing Education Committee has decided about this event before; the same holds for it."
        ),
        Basis.CODE: _("The course was pre-approved, and your Confirmation of Completion carries its approval code."),
        Basis.PROOF: _("It was approved in advance, and the proof of it has been read."),
    }[Basis(basis)]


def in_journal(outcome, standing, *, stays: bool, upload, advance: bool) -> str:
    """Say in a letter what a decision does to the journal, beside the credits ``standing`` from an earlier one.

    ``stays`` tells that these say already what this decision would enter.
    """
    if advance:
        return ""
    if not outcome.approved:
        if standing is None:
            return _("Nothing changes in your journal.")
        return _(
            "The {credits} credits granted before are taken back from today; your journal keeps both lines."
        ).format(credits=number(standing))
    if stays:
        return _("The {credits} credits granted before stay in your journal as they are.").format(
            credits=number(standing)
        )
    said = _("The credits are approved from today and count at once. They are uploaded to your journal on {upload}.")
    if standing is not None:
        said += " " + _("They take the place of the {credits} credits granted before.").format(credits=number(standing))
    return said.format(upload=day_text(upload))


def decided_anew(case, at) -> str:
    """Say in the journal why an entry was taken back by a later decision (R-UPL-4)."""
    return _("{reference} was decided anew on {day}.").format(reference=case.reference, day=day_text(programme_day(at)))


def rows_label(content) -> str:
    """Return the heading of the rows of hours: what this activity's rows tell."""
    return str(asks.FORMS[content.activity].rows)
