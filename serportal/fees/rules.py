"""Amounts and days as people and banks write them: pure."""

import re
from datetime import date
from decimal import Decimal

GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?", re.ASCII)
PLAIN = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", re.ASCII)
CURRENCY = re.compile(r"^(?:USD|US\$|\$)\s*|\s*(?:USD|US\$|\$)$", re.IGNORECASE)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_amount(text: str) -> Decimal | None:
    """Read dollars: “250”, “250.00”, “250,00”, “$1,250.00”, “USD 250”; None for anything else."""
    text = CURRENCY.sub("", text.strip()).strip()
    if GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".")) if PLAIN.fullmatch(text) else None


def read_day(text: str) -> date | None:
    """Read a day as 2026-11-25; None for anything else, and for days that no calendar has."""
    text = text.strip()
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
