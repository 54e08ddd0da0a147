"""The fees in force, as dated rows."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serportal.dated import services as dated
from serportal.dated.services import DatedRows, held_by
from serportal.fees.models import FeeRow
from serportal.ui.words import money


def fee_on(kind: str, day: date) -> FeeRow:
    """Return the fee of ``kind`` in force on ``day``; whoever shows it hands this row to ``bill``."""
    return FeeRow.objects.in_force(day).filter(kind=kind)[0]


def fees_around(day: date) -> tuple[list[FeeRow], list[tuple[date, list[str]]]]:
    """Return the fees in force on ``day`` in their own order, and (from when, what changes) of those stored for later.

    One query.
    """
    held, later = dated.around(FeeRow, day)
    order = list(FeeRow._meta.get_field("kind").choices)
    held.sort(key=lambda row: [key for key, _label in order].index(row.kind))
    return held, [(row.effective_from, changes(before, row)) for before, row in later]


def changes(before: FeeRow | None, after: FeeRow) -> list[str]:
    """Say what ``after`` changes of what ``before`` says."""
    who = [
        ("member_amount", _("{what}: {new} for members of SER instead of {old}.")),
        ("other_amount", _("{what}: {new} for everyone else instead of {old}.")),
    ]
    return [
        text.format(what=after, new=money(getattr(after, name)), old=money(getattr(before, name)))
        for name, text in who
        if getattr(after, name) != getattr(before, name)
    ]


class Fees(DatedRows):
    turn = "fees dated rows"

    def changes(self, before, after) -> list[str]:
        return changes(before, after)

    def stays(self, before, row, by) -> list[str]:
        billed = held_by(before)
        return [
            ngettext(
                "One bill was made by the row that holds until then, and its amount does not change.",
                "{n} bills were made by the row that holds until then, and none of their amounts changes.",
                billed,
            ).format(n=billed),
            _("Whoever has been shown a fee in an open form pays the fee that was shown."),
        ]

    def in_use(self, count: int) -> str:
        return ngettext(
            "{n} bill was made by this row, so it stays. Store a row that follows it.",
            "{n} bills were made by this row, so it stays. Store a row that follows it.",
            count,
        ).format(n=count)


FEES = Fees()
