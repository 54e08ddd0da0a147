"""Quarters of a credit for a membership system that holds whole numbers: carried, never lost (R-UPL-5)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal


@dataclass(frozen=True)
class Carried:
    """What one export tells the membership system of one member, and the part of a credit it keeps for the next."""

    carried_in: Decimal
    exported: Decimal
    carried_out: Decimal


@dataclass(frozen=True)
class ExportLine:
    """One line of an export: the day it was earned, its key in the journal, its credits."""

    day: date
    key: Hashable
    credits: Decimal


def carry(carried_in: Decimal, posted: Decimal, *, whole_numbers: bool) -> Carried:
    """Export the whole part of what was carried and what is posted; the rest, below one credit, waits.

    Corrections may make it negative: 0.25 carried and 10 taken back are exported as −10, and 0.25 stays carried.
    """
    exported = _told(carried_in + posted, whole_numbers)
    return Carried(carried_in, exported, carried_in + posted - exported)


def export_lines(lines: Iterable[ExportLine], *, carried_in: Decimal, whole_numbers: bool) -> list[ExportLine]:
    """Lay what is exported over the lines of one statement, in the order of their days.

    Each line brings the total up to the whole part of what is reached with it; lines that bring nothing are left out.
    The sum is exactly what ``carry`` exports.
    """
    reached, told, laid = carried_in, Decimal(0), []
    for line in sorted(lines, key=lambda one: (one.day, one.key)):
        reached += line.credits
        part = _told(reached, whole_numbers) - told
        told += part
        if part:
            laid.append(replace(line, credits=part))
    return laid


def _told(total: Decimal, whole_numbers: bool) -> Decimal:
    return total.to_integral_value(rounding=ROUND_FLOOR) if whole_numbers else total
