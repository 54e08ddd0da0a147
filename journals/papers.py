"""A journal on paper: the statement of one upload, and the transcript of everything (R-UPL-5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals import rules, services
from journals.exports import categories, certificate
from journals.models import Entry, Statement
from journals.standing import Journal, current, told
from journals.states import Activity
from serportal.certifications import services as certifications
from serportal.certifications import wording as certified
from serportal.certifications.models import Certification, Period
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
        if not (one.carried_in or one.carried_out):
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
            **_shared(found.posted_on),
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
                    "title": _title(row),
                    "note": _note(row),
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


@dataclass(frozen=True)
class Past:
    """One period of a transcript: its sums, and the entries of each of its years."""

    period: Period
    progress: rules.Progress
    rows: dict[int, list]


def transcript_name(day: date) -> str:
    return f"transcript-{day}"


def transcript_pdf(person, day: date) -> bytes:
    """Return everything in the journal of ``person`` as PDF, every period and every correction, as it is on ``day``.

    Raises Period.DoesNotExist for someone never certified.
    """
    periods = list(Period.objects.of(person))
    if not periods:
        raise Period.DoesNotExist(f"{person} has no certification period.")
    policy, category = services.policy_on(day), categories()
    entries = Entry.objects.filter(person=person).order_by("earned_on", "pk").values_list(*LINE, named=True)
    past = list(pasts(periods, list(entries), goal=policy.period_credits, yearly=policy.year_credits))
    own = Certification.objects.with_period().filter(person=person).select_related("succeeded_by")
    address = certifications.address_of(current(periods, day).certification)
    return paper.pdf(
        "transcript",
        {
            **_shared(day),
            "title": _("Transcript of continuing education"),
            "what": person.name,
            "facts": [[_("As of"), day_text(day)], *_certificates(own.order_by("-certified_on", "-pk"), person, day)],
            "qr": paper.qr(address),
            "qr_says": _("Code that leads to {address}").format(address=address),
            "check": _("Is the certificate still true? Ask here:"),
            "address": address,
            "sums_title": _("Credits by period and year"),
            "sum_headings": [_("Period"), _("Certificate"), *_year_headings(past), _("Total")],
            "sums": [_sums(one, most=_most_years(past)) for one in past],
            "headings": [_("Day"), _("Activity, and how its number was reached"), _("Credits"), _("In the journal")],
            "periods": [_chapter(one, category, a_year=policy.uploads_a_year) for one in past],
            "none": _("No entry"),
            "notes": [
                _("A correction takes an earlier line back; its credits are below zero. Nothing is ever deleted."),
            ],
        },
    )


def pasts(periods: Iterable[Period], rows: Iterable, *, goal, yearly) -> Iterator[Past]:
    """Yield each of ``periods`` with its sums and its entries by the number of their year."""
    of: dict[int, list] = {}
    for row in rows:
        of.setdefault(row.period, []).append(row)
    for period in periods:
        years, held = period.years(), of.get(period.pk, [])
        lines = [rules.Line(row.earned_on, row.credits, row.upload is not None) for row in held]
        by_year: dict[int, list] = {year.number: [] for year in years}
        for row in held:
            by_year[period.year_of(row.earned_on).number].append(row)
        yield Past(period, rules.progress(lines, years=years, goal=goal, yearly=yearly), by_year)


def _shared(day: date) -> dict[str, str]:
    return {
        "day": day.isoformat(),
        "from": _("Society for Ecological Restoration, Certification Program"),
        "contact": _("Questions? Write to {address}.").format(address=settings.CONTACT_EMAIL),
    }


def _certificates(own: Iterable[Certification], person, day: date) -> Iterator[list[str]]:
    for one in own:
        name = "" if one.name_on_certificate == person.name else f"{one.name_on_certificate}. "
        yield [certificate(one.level, one.number), f"{name}{one.get_level_display()}. {certified.told(one, day)}"]


def _most_years(past: Iterable[Past]) -> int:
    return max(len(one.progress.years) for one in past)


def _year_headings(past: Iterable[Past]) -> list[str]:
    return [_("Year {n}").format(n=n) for n in range(1, _most_years(past) + 1)]


def _sums(one: Past, *, most: int) -> list[str]:
    held, totals = one.period.certification, [signed(year.total) for year in one.progress.years]
    days = span_text(one.period.starts_on, one.period.ends_on)
    empty = ["–"] * (most - len(totals))
    return [days, certificate(held.level, held.number), *totals, *empty, signed(one.progress.total)]


def _chapter(one: Past, category, *, a_year: int) -> dict:
    days = span_text(one.period.starts_on, one.period.ends_on)
    return {
        "title": _("Period {days}").format(days=days),
        "says": _period_says(one.progress),
        "years": [
            {
                "title": _year_title(year),
                "lines": [
                    {
                        "day": day_text(row.earned_on),
                        "title": _title(row),
                        "note": _note(row, category),
                        "sentence": row.sentence,
                        "credits": signed(row.credits),
                        "state": _state(row, a_year),
                    }
                    for row in one.rows[year.year.number]
                ],
            }
            for year in one.progress.years
        ],
    }


def _period_says(progress: rules.Progress) -> str:
    """“47 credits; 41 are in the journal, 6 are approved and wait for their upload.”"""
    total = ngettext("{n} credit", "{n} credits", 1 if progress.total == 1 else 2).format(n=signed(progress.total))
    if not progress.waiting:
        return _("{total}, all in the journal.").format(total=total)
    text = _("{total}: {uploaded} in the journal, {waiting} approved and waiting for the upload.")
    return text.format(total=total, uploaded=signed(progress.uploaded), waiting=signed(progress.waiting))


def _year_title(year: rules.YearSum) -> str:
    text = ngettext("Year {k}, {days}: {n} credit", "Year {k}, {days}: {n} credits", 1 if year.total == 1 else 2)
    days = span_text(year.year.first, year.year.last)
    return text.format(k=year.year.number, days=days, n=signed(year.total))


def _title(row) -> str:
    return _("Correction: {title}").format(title=row.description) if row.reverses else row.description


def _note(row, category=None) -> str:
    """“Category 3, Attending a conference or symposium, CEC-2026-0042”."""
    parts = [str(Activity(row.activity).label)]
    if category is not None:
        parts.insert(0, _("Category {n}").format(n=category(row.activity, row.earned_on)))
    reference = row.decision__case__reference or row.reverses__decision__case__reference
    return ", ".join([*parts, *([reference] if reference else [])])


def _state(row, a_year: int) -> str:
    """“Uploaded on 1 January 2027”, or what became of it until now."""
    if row.upload__posted_at:
        return _("Uploaded on {day}").format(day=day_text(programme_day(row.upload__posted_at)))
    approved_on = programme_day(row.approved_at)
    values = {"day": day_text(approved_on), "upload": day_text(rules.next_upload(approved_on, a_year=a_year))}
    return _("Approved on {day}, uploads on {upload}").format(**values)
