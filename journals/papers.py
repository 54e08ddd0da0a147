"""One statement, as a page and on paper (R-UPL-5), and the words that every paper of a journal shares."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from journals import rules
from journals.exports import certificate
from journals.models import Entry, Statement
from journals.standing import Journal, told
from journals.states import Activity
from serportal.documents import paper
from serportal.ui.words import day_text, number, programme_day, signed, span_text

LINE = (
    *("pk", "period", "earned_on", "credits", "activity", "description", "sentence", "approved_at", "reverses"),
    *("upload", "upload__posted_at", "decision__case__reference", "reverses__decision__case__reference"),
)


@dataclass(frozen=True)
class Stated:
    """One statement with the entries it posted, and the period as the journal held it then."""

    statement: Statement
    posted_on: date
    rows: list
    journal: Journal

    @property
    def certificate(self) -> str:
        held = self.statement.period.certification
        return certificate(held.level, held.number)

    @property
    def kept(self) -> str:
        """Say which quarters the membership system was not told yet; empty where it was told everything."""
        one = self.statement
        if not one.whole_numbers or not (one.carried_in or one.carried_out):
            return ""
        text = _(
            "SER’s membership system holds whole credits. {carried_in} came from your earlier statements, it was told "
            "{exported}, and {carried_out} is kept for your next one. Here nothing is rounded."
        )
        values = {name: signed(getattr(one, name)) for name in ("carried_in", "exported", "carried_out")}
        return text.format(**values)

    @property
    def left_out(self) -> str:
        return _(
            "Credits that were approved later, or that waited for their upload on that day, are not in this statement. "
            "They count from their approval, and the journal shows them."
        )


def stated(statement: Statement) -> Stated:
    """Return what ``statement`` says, by the policy of its day; needs its upload, and its period’s certification.

    What the journal held then is what this statement and the earlier ones of the period posted.
    """
    posted_on = programme_day(statement.upload.posted_at)
    known = Statement.objects.filter(period=statement.period, pk__lte=statement.pk)
    held = Entry.objects.filter(period=statement.period, upload__in=known.values("upload"))
    rows = list(held.order_by("earned_on", "pk").values_list(*LINE, named=True))
    lines = [rules.Line(row.earned_on, row.credits, uploaded=True) for row in rows]
    return Stated(
        statement=statement,
        posted_on=posted_on,
        rows=[row for row in rows if row.upload == statement.upload_id],
        journal=told(statement.period, lines, posted_on, in_review=()),
    )


def statement_name(found: Stated) -> str:
    """Return the name of the file of a statement."""
    return f"statement-{found.posted_on}-{found.statement.period.certification.number}"


def statement_pdf(found: Stated) -> bytes:
    """Return a statement as PDF; the same statement makes the same bytes."""
    one, goal = found.statement, found.journal.progress.goal
    return paper.pdf(
        "statement",
        {
            **shared(found.posted_on),
            "title": _("Statement of {day}").format(day=day_text(found.posted_on)),
            "what": one.person.name,
            "facts": [
                [_("Certificate"), found.certificate],
                [_("Period"), span_text(one.period.starts_on, one.period.ends_on)],
                [_("Credits before"), number(one.opening)],
                [_("Uploaded"), signed(one.posted)],
                [_("Credits after"), number(one.closing)],
                [_("Still needed"), _("{n} of {goal}").format(n=number(one.needed), goal=number(goal))],
            ],
            "lines_title": _("What was uploaded"),
            "headings": [_("Day"), _("Activity, and how its number was reached"), _("Credits")],
            "lines": [
                {
                    "day": day_text(row.earned_on),
                    "title": title_of(row),
                    "note": note_of(row),
                    "sentence": row.sentence,
                    "credits": signed(row.credits),
                }
                for row in found.rows
            ],
            "total": [_("Uploaded"), signed(one.posted)],
            "years_title": _("Year by year"),
            "year_headings": [_("Year"), _("Days"), _("Credits"), _("Least"), _("Still needed")],
            "years": [
                [
                    str(year.year.number),
                    span_text(year.year.first, year.year.last),
                    *(signed(value) for value in (year.total, year.least, year.missing)),
                ]
                for year in found.journal.progress.years
            ],
            "notes": [note for note in (found.kept, found.left_out) if note],
        },
    )


def shared(day: date) -> dict[str, str]:
    """Return what stands on every paper of a journal."""
    return {
        "day": day.isoformat(),
        "from": _("Society for Ecological Restoration, Certification Program"),
        "contact": _("Questions? Write to {address}.").format(address=settings.CONTACT_EMAIL),
    }


def title_of(row) -> str:
    """“North Sea Wetlands Conference”, “Correction: North Sea Wetlands Conference”."""
    return _("Correction: {title}").format(title=row.description) if row.reverses else row.description


def note_of(row, category=None) -> str:
    """“Category 3, Attending a conference or symposium, CEC-2026-0042”."""
    parts = [str(Activity(row.activity).label)]
    if category is not None:
        parts.insert(0, _("Category {n}").format(n=category(row.activity, row.earned_on)))
    reference = row.decision__case__reference or row.reverses__decision__case__reference
    return ", ".join([*parts, *([reference] if reference else [])])
