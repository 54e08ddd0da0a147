"""Invoice and receipt on paper."""

from django.conf import settings
from django.utils.translation import gettext as _

from serportal.documents import paper
from serportal.fees.models import Bill
from serportal.fees.states import BillState
from serportal.ui.words import day_text, money, programme_day


def invoice(bill: Bill) -> bytes:
    """Return the invoice of ``bill`` as PDF, as it stands now."""
    lines = [[_("Fee for {who}").format(who=_rate(bill)), money(bill.full_amount)]]
    if bill.is_reduced:
        lines.append([_("Reduction"), f"−{money(bill.full_amount - bill.amount)}"])
    standing = {
        BillState.DUE: _("Pay the whole amount in one sum and name {number}.").format(number=bill.number),
        BillState.PAID: _("Paid. Nothing is owed."),
        BillState.WAIVED: _("Waived. Nothing is owed."),
        BillState.COVERED: _("Covered by a partner of SER. You owe nothing."),
    }[BillState(bill.state)]
    return _paper(
        bill,
        title=_("Invoice {number}").format(number=bill.number),
        day=programme_day(bill.billed_at),
        total=[_("Amount"), money(bill.amount)],
        lines=lines,
        facts=[[_("Invoice"), bill.number], [_("Date"), day_text(programme_day(bill.billed_at))]],
        notes=[standing, _("The fee is not refundable, whatever is decided.")],
    )


def receipt(bill: Bill) -> bytes:
    """Return the receipt of a bill that is paid as PDF."""
    payment = bill.payment
    facts = [[_("Receipt"), payment.receipt], [_("Invoice"), bill.number], [_("Paid on"), day_text(payment.paid_on)]]
    facts.append([_("Reference of the payment"), payment.reference])
    return _paper(
        bill,
        title=_("Receipt {number}").format(number=payment.receipt),
        day=payment.paid_on,
        total=[_("Received"), money(payment.amount)],
        lines=[[_("Fee for {who}").format(who=_rate(bill)), money(payment.amount)]],
        facts=facts,
        notes=[_("The invoice is settled. Nothing is owed.")],
    )


def _rate(bill: Bill) -> str:
    return _("members of SER") if bill.member else _("those who are not members of SER")


def _paper(bill: Bill, *, title: str, day, total: list[str], lines: list, facts: list, notes: list[str]) -> bytes:
    return paper.pdf(
        "money",
        {
            "title": title,
            "day": day.isoformat(),
            "from": _("Society for Ecological Restoration, Certification Program"),
            "to_label": _("To"),
            "to": bill.billed_to or bill.person.name,
            "what": ", ".join([bill.get_kind_display(), bill.about, *([bill.person.name] if bill.billed_to else [])]),
            "facts": facts,
            "headings": [_("What for"), _("Amount")],
            "lines": lines,
            "total": total,
            "notes": notes,
            "contact": _("Questions? Write to {address}.").format(address=settings.CONTACT_EMAIL),
        },
    )
