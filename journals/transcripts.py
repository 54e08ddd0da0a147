"""Everything in a journal on paper: every period, every entry, every correction, and where to ask about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from journals import rules, services
from journals.exports import categories, certificate
from journals.models import Entry
from journals.papers import LINE, note_of, shared, title_of
from journals.standing import current
from serportal.certifications import services as certifications
from serportal.certifications import wording as certified
from serportal.certifications.models import Certification, Period
from serportal.documents import paper
from serportal.ui.words import day_text, in_credits, programme_day, signed, span_text


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
            **shared(day),
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
            "periods": [_chapter(one, day, category, a_year=policy.uploads_a_year) for one in past],
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


def _chapter(one: Past, day: date, category, *, a_year: int) -> dict:
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
                        "title": title_of(row),
                        "note": note_of(row, category),
                        "sentence": row.sentence,
                        "credits": signed(row.credits),
                        "state": _state(row, day, a_year),
                    }
                    for row in one.rows[year.year.number]
                ],
            }
            for year in one.progress.years
        ],
    }


def _period_says(progress: rules.Progress) -> str:
    """“47 credits; 41 are in the journal, 6 are approved and wait for their upload.”"""
    total = in_credits(progress.total)
    if not progress.waiting:
        return _("{total}, all in the journal.").format(total=total)
    text = _("{total}: {uploaded} in the journal, {waiting} approved and waiting for the upload.")
    return text.format(total=total, uploaded=signed(progress.uploaded), waiting=signed(progress.waiting))


def _year_title(year: rules.YearSum) -> str:
    text = _("Year {k}, {days}: {credits}")
    days = span_text(year.year.first, year.year.last)
    return text.format(k=year.year.number, days=days, credits=in_credits(year.total))


def _state(row, day: date, a_year: int) -> str:
    """“Uploaded on 1 January 2027”, or what is to come on ``day`` (R-UPL-2)."""
    if row.upload__posted_at:
        return _("Uploaded on {day}").format(day=day_text(programme_day(row.upload__posted_at)))
    approved_on = programme_day(row.approved_at)
    due_on = rules.next_upload(approved_on, a_year=a_year)
    text = _("Approved on {day}, uploads on {due}")
    if due_on < day:
        text = _("Approved on {day}; the upload of {due} has not run yet")
    return text.format(day=day_text(approved_on), due=day_text(due_on))
