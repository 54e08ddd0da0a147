"""What is owed: fees in force, bills, payments, reductions (R-APP-10)."""

from serportal.fees.services.billing import asked, bill, cover, drop, make_out, waive
from serportal.fees.services.lists import MOST_ROWS, Line, preview_payments, record_payments_from_list, summary
from serportal.fees.services.papers import invoice, receipt
from serportal.fees.services.paying import record_payment
from serportal.fees.services.reducing import ask_reduction, can_ask, grant_reduction, refuse_reduction
from serportal.fees.services.rows import FEES, fee_on, fees_around

__all__ = [
    "FEES",
    "MOST_ROWS",
    "Line",
    "ask_reduction",
    "asked",
    "bill",
    "can_ask",
    "cover",
    "drop",
    "fee_on",
    "fees_around",
    "grant_reduction",
    "invoice",
    "make_out",
    "preview_payments",
    "receipt",
    "record_payment",
    "record_payments_from_list",
    "refuse_reduction",
    "summary",
    "waive",
]
