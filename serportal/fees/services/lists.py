"""Payments from a list, as a bank or another office gives it: good rows in, bad rows explained."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serportal.fees.models import Bill
from serportal.fees.rules import read_amount, read_day
from serportal.fees.services.paying import record_payment
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text, one_line
from serportal.ui.words import day_text, money

MOST_ROWS = 500
COLUMNS = {
    "bill": {"reference", "invoice", "number", "invoice number", "bill"},
    "amount": {"amount", "paid", "sum", "usd"},
    "day": {"date", "day", "paid on"},
    "payment": {"payment", "payment reference", "transaction", "transaction id"},
}
PLACES = {"bill": 0, "amount": 1, "day": 2, "payment": 3}


@dataclass(frozen=True)
class Line:
    """One row of a list and what becomes of it: ``recorded``, ``known`` already, or ``bad``."""

    number: int
    text: str
    outcome: str
    sentence: str


def preview_payments(text: str, *, by, bills=None) -> list[Line]:
    """Say what recording the list would do, row by row; does exactly that and takes all of it back."""
    with transaction.atomic():
        lines = record_payments_from_list(text, by=by, bills=bills)
        transaction.set_rollback(True)
    return lines


@transaction.atomic
def record_payments_from_list(text: str, *, by, bills=None, at: datetime | None = None) -> list[Line]:
    """Record every good row of a list of reference, amount and day; return what became of each row.

    A reference is the number of the invoice or of what it is for. A fourth column may name the payment; else the
    number of the invoice does, so that the same list again changes nothing. ``bills`` are those ``by`` may know of.
    Raises Refusal for a list without rows or with too many.
    """
    bills = Bill.objects.all() if bills is None else bills
    rows = list(_rows(text))
    if not rows:
        raise Refusal("empty", _("The list has no row. Paste rows of reference, amount and date."))
    if len(rows) > MOST_ROWS:
        raise Refusal("too-many", _("The list has more than {n} rows. Record it in parts.").format(n=MOST_ROWS))
    return [_recorded(number, cells, shown, by=by, bills=bills, at=at) for number, cells, shown in rows]


def summary(lines: list[Line]) -> str:
    """“2 payments recorded, 1 known already, 1 not recorded.”"""
    counts = {name: sum(line.outcome == name for line in lines) for name in ("recorded", "known", "bad")}
    said = [ngettext("{n} payment recorded", "{n} payments recorded", counts["recorded"]).format(n=counts["recorded"])]
    if counts["known"]:
        said.append(_("{n} known already").format(n=counts["known"]))
    if counts["bad"]:
        said.append(_("{n} not recorded").format(n=counts["bad"]))
    return ", ".join(said) + "."


def _rows(text: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield (number of the line, its cells by name, the line) of pasted rows or CSV, without a heading."""
    text = clean_text(text.lstrip("\ufeff"))
    sign = "\t" if "\t" in text else ";" if text.count(";") > text.count(",") else ","
    places = PLACES
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    for first, cells in enumerate(reader):
        cells = [one_line(cell) for cell in cells]
        if not any(cells):
            continue
        if first == 0 and (named := _heading(cells)):
            places = named
            continue
        found = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        yield reader.line_num, found, f"{sign.strip() or ' '} ".join(cells)


def _heading(cells: list[str]) -> dict[str, int]:
    """Return which column holds what if this row names the columns, in any order; nothing if it does not."""
    words = [cell.casefold() for cell in cells]
    found = {name: words.index(word) for name, known in COLUMNS.items() for word in words if word in known}
    return found if "bill" in found and "amount" in found else {}


def _recorded(number: int, cells: dict[str, str], shown: str, *, by, bills, at) -> Line:
    try:
        with transaction.atomic():
            held = _bill(cells["bill"], bills)
            amount, paid_on = read_amount(cells["amount"]), read_day(cells.get("day", ""))
            if amount is None:
                raise Refusal("amount", _("“{}” is no amount. Write it as 250.00.").format(cells["amount"]))
            if paid_on is None:
                raise Refusal("day", _("“{}” is no date. Write it as 2026-11-25.").format(cells.get("day", "")))
            made, new = record_payment(
                bill_id=held.pk,
                reference=cells.get("payment") or held.number,
                amount=amount,
                paid_on=paid_on,
                method=_("from a list"),
                by=by,
                at=at,
            )
    except Refusal as refusal:
        return Line(number, shown, "bad", str(refusal))
    values = {"amount": money(made.amount), "number": held.number, "name": held.person.name}
    values["day"] = day_text(made.paid_on)
    if new:
        return Line(number, shown, "recorded", _("{amount} of {name} for {number}, paid on {day}.").format(**values))
    return Line(
        number, shown, "known", _("{number} was paid by this payment already. Nothing changes.").format(**values)
    )


def _bill(reference: str, bills) -> Bill:
    if not reference:
        raise Refusal("no-bill", _("The row names no invoice. Write its number, such as INV-2026-0001."))
    wanted = reference.upper()
    found = list(bills.filter(number=wanted).select_related("person")) or list(
        bills.filter(about=wanted).select_related("person")[:2]
    )
    if not found:
        raise Refusal("no-bill", _("No bill has the number {}. Check it against the invoice.").format(reference))
    if len(found) > 1:
        raise Refusal("two-bills", _("{} has more than one bill. Write the number of the invoice.").format(reference))
    return found[0]
