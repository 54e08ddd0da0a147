"""The completion kit: what a sponsor gives to its participants, and what it owes them and SER (R-SPO-4, R-SPO-5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from journals.models import PolicyRow, ScheduleRow
from journals.states import Activity, Delivery
from preapprovals.models import Attendance, Occurrence, Offering
from preapprovals.services.worth import credits_for
from preapprovals.states import STANDING
from preapprovals.wording import category_text, hours_text
from serportal.certifications.rules import anniversary
from serportal.documents import paper
from serportal.documents.fields import Field, fillable
from serportal.ui.words import day_text, number, programme_day, span_text

MARK = Path(settings.BASE_DIR) / "static" / "img" / "mark.svg"
# The lines of a confirmation, in cm from the top left of the page: (name, x, y, width).
LINES = [
    ("participant", 2.2, 14.2, 16.6),
    ("days", 2.2, 16.0, 9.4),
    ("hours", 12.2, 16.0, 3.0),
    ("credits", 15.8, 16.0, 3.0),
    ("confirmed_by", 2.2, 17.8, 9.4),
    ("confirmed_on", 12.2, 17.8, 6.6),
]
HEIGHT = 0.9


@dataclass(frozen=True)
class Completed:
    """What one attendance brings by what the sponsor confirmed; ``credits`` are 0 where it was too short (R-MIN)."""

    attendance: Attendance
    last_day: date
    minutes: int
    credits: Decimal

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60


@dataclass(frozen=True)
class Duty:
    """What is owed for one occurrence: to confirm completion by ``confirm_by``, to keep its records ``keep_until``."""

    occurrence: Occurrence
    confirm_by: date
    keep_until: date
    late: bool


def code_address(offering: Offering) -> str:
    """Return where the code of an offering leads to: the claim that it fills (SPEC 9)."""
    return f"{settings.SITE_URL}/claim/{offering.code}/"


def duties_of(occurrences: Iterable[Occurrence], today: date) -> list[Duty]:
    return [
        Duty(
            one,
            one.confirm_by,
            anniversary(one.last_day, settings.FILE_RETENTION_YEARS),
            one.confirmed_at is None and one.confirm_by < today,
        )
        for one in occurrences
    ]


def counting(offering: Offering):
    """Return the occurrences whose participants get credits, the latest first.

    Of an approval that ended before its time they are those over by then (R-SPO-8).
    """
    held = offering.occurrences.held().order_by("-last_day", "-pk")
    if offering.state in STANDING:
        return held
    ended = offering.notices.filter(act=offering.state).latest("at", "pk")
    return held.filter(last_day__lte=programme_day(ended.at))


def confirmed(occurrence: Occurrence):
    """Return the attendances that the sponsor confirmed with their time, in the order of the names."""
    return occurrence.attendances.known().filter(minutes__isnull=False)


def completed(occurrence: Occurrence, attendances: Iterable[Attendance]) -> list[Completed]:
    """Return what each of ``attendances`` brings; the rows in force are read once, however many there are."""
    offering = occurrence.offering
    rates = list(ScheduleRow.objects.filter(activity=offering.category).order_by("effective_from"))
    policies = list(PolicyRow.objects.order_by("effective_from"))
    found = []
    for one in attendances:
        day = one.on_demand_day or occurrence.last_day
        minutes = min(one.minutes, offering.minutes) if offering.minutes else one.minutes
        rows = _held(rates, day), _held(policies, day)
        found.append(Completed(one, day, minutes, credits_for(offering, one.minutes, day, rows)))
    return found


def _held(rows: list, day: date):
    return [row for row in rows if row.effective_from <= day][-1]


def sample(offering: Offering) -> bytes:
    """Return the Confirmation of Completion of an offering as a form to type or write into."""
    labels = _labels()
    fields = [Field(name, labels[name], x, y, width, HEIGHT) for name, x, y, width in LINES]
    return fillable(_paper(offering, offering.valid_from, {}), fields)


def confirmation(occurrence: Occurrence, one: Completed) -> bytes:
    """Return the Confirmation of Completion of one participant."""
    days = (
        day_text(one.last_day) if one.attendance.on_demand_day else span_text(occurrence.first_day, occurrence.last_day)
    )
    told = one.attendance.told_at
    values = {
        "participant": one.attendance.name,
        "days": days,
        "hours": number(one.hours.quantize(Decimal("0.01"))),
        "credits": number(one.credits),
        "confirmed_by": occurrence.offering.sponsor.name,
        "confirmed_on": day_text(programme_day(told)) if told else "",
    }
    return _paper(occurrence.offering, one.last_day, values)


def all_confirmations(occurrence: Occurrence) -> Iterator[tuple[str, bytes]]:
    """Yield (name of the file, PDF) for everyone whom an occurrence brought credits, each made when it is asked for."""
    earned = (one for one in completed(occurrence, confirmed(occurrence)) if one.credits)
    for place, one in enumerate(earned, start=1):
        yield f"{place:04d}-{slugify(one.attendance.name)[:60] or 'participant'}.pdf", confirmation(occurrence, one)


def list_template(occurrence: Occurrence | None, offering: Offering) -> tuple[list[tuple[str, int]], list[list]]:
    """Return (columns with their widths, rows) of an empty list of attendance, with one line that shows how.

    Its address is none, so that nobody takes the line in.
    """
    first, last = (occurrence.first_day, occurrence.last_day) if occurrence else ("", "")
    cells = [
        (_("Name"), 34, _("Example Person: delete this line")),
        (_("E-mail"), 32, "your.name@organisation"),
        (_("Certificate number"), 18, "CERP-0000"),
        (_("Minutes attended"), 16, offering.minutes),
        (_("Completed"), 12, _("yes")),
        (_("Grade"), 10, ""),
        *([(_("Completed on"), 14, last)] if offering.delivery == Delivery.ON_DEMAND else []),
        (_("Approval code"), 16, offering.code),
        (_("First day"), 12, first),
        (_("Last day"), 12, last),
    ]
    return [(heading, width) for heading, width, _cell in cells], [[cell for _heading, _width, cell in cells]]


def web_text(offering: Offering) -> str:
    """Return what a sponsor may say of an approval, word for word: what is approved, and whose credits they are."""
    named = _("“{title}”, a session of {whole},") if offering.part_of else _("“{title}”")
    paragraphs = [
        _(
            "{what} is pre-approved by the Society for Ecological Restoration (SER) for up to {n} continuing education "
            "credits (CECs) in the category “{category}”. The approval holds from {span}."
        ).format(
            what=named.format(title=offering.title, whole=offering.part_of),
            n=number(offering.credits),
            category=Activity(offering.category).label,
            span=span_text(offering.valid_from, offering.valid_to),
        ),
        _(
            "The credits are for Certified Ecological Restoration Practitioners (CERP) and Practitioners-in-Training "
            "(CERPIT). Those who complete it get a Confirmation of Completion from {sponsor} within 30 days and claim "
            "their credits with it; those who attend a part get the credits of that part."
        ).format(sponsor=offering.sponsor.name),
        _(
            "The pre-approval is of this offering alone. It does not certify those who take part, and it is no "
            "endorsement of other courses, services or products."
        ),
        _("About SER’s certification: {address}").format(address=f"{settings.SITE_URL}/"),
    ]
    return "\n\n".join(paragraphs)


def _labels() -> dict[str, str]:
    return {
        "participant": _("Name of the participant"),
        "days": _("Day or days attended"),
        "hours": _("Hours attended"),
        "credits": _("Credits (CECs)"),
        "confirmed_by": _("Confirmed for the sponsor by"),
        "confirmed_on": _("On"),
    }


def _paper(offering: Offering, day: date, values: dict[str, str]) -> bytes:
    labels, address = _labels(), code_address(offering)
    approved = _("{hours}, at most {n} credits").format(hours=hours_text(offering.minutes), n=number(offering.credits))
    return paper.pdf(
        "confirmation",
        {
            "title": _("Confirmation of Completion"),
            "day": day.isoformat(),
            "from": _("Continuing education pre-approved by the Society for Ecological Restoration"),
            "mark": MARK.read_text(encoding="utf-8"),
            "what": offering.title,
            "facts": [
                [_("Sponsor"), offering.sponsor.name],
                *([[_("Part of"), offering.part_of]] if offering.part_of else []),
                [_("Category"), category_text(offering.category)],
                [_("Approved for"), approved],
            ],
            "lines": [
                {"label": labels[name], "value": values.get(name, ""), "x": x, "y": y, "width": width, "height": HEIGHT}
                for name, x, y, width in LINES
            ],
            "code_says": _("Approval code"),
            "code": offering.code,
            "notes": [
                _(
                    "To the participant: keep this page. If SER has certified you, claim the credits with the code, or "
                    "point a telephone at it:"
                )
            ],
            "address": address,
            "qr": paper.qr(address),
            "qr_says": _("Code that leads to {address}").format(address=address),
        },
    )
