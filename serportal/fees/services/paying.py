"""Money that came. ``record_payment`` is the only door: whoever knows of a payment, a card gateway too, calls it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.fees.models import Bill, Payment
from serportal.fees.services.billing import check_due, locked, note, settle
from serportal.fees.services.letters import tell
from serportal.fees.states import Act, BillState
from serportal.numbers import services as numbers
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, money, programme_day


@transaction.atomic
def record_payment(
    *,
    bill_id: int,
    reference: str,
    amount: Decimal,
    paid_on: date,
    method: str = "",
    by=None,
    at: datetime | None = None,
) -> tuple[Payment, bool]:
    """Record that ``bill_id`` was paid; return (the payment, whether it is recorded only now).

    ``reference`` names the payment wherever it came from: told again with it, the same payment changes nothing. ``by``
    is the coordinator who enters it, empty for a gateway that has proved the payment. Raises Refusal for another
    amount than is due, a bill that is settled, a day to come and a reference that another payment has.
    """
    at, reference = at or timezone.now(), reference.strip()
    held = locked(bill_id, by) if by is not None else Bill.objects.select_for_update().get(pk=bill_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"payment {reference}"])
    made = Payment.objects.filter(reference=reference).select_related("bill").first()
    if made is not None:
        if (made.bill_id, made.amount) == (held.pk, amount):
            return made, False
        text = _("The payment “{reference}” is recorded already: {amount} for {number}. Check the reference.")
        values = {"reference": reference, "amount": money(made.amount), "number": made.bill.number}
        raise Refusal("reference-taken", text.format(**values))
    _check(held, reference, amount, paid_on, programme_day(at))
    made = Payment.objects.create(
        receipt=numbers.take("RCT", programme_day(at).year),
        bill=held,
        reference=reference,
        amount=amount,
        paid_on=paid_on,
        method=method.strip(),
        entered_by=by,
        entered_at=at,
    )
    settle(held, BillState.PAID, at)
    note(held, Act.PAID, by=by, at=at, text=made.receipt, new=amount)
    tell(held, "fee-received", at=at, receipt=made.receipt, paid=day_text(paid_on))
    return made, True


def _check(held: Bill, reference: str, amount: Decimal, paid_on: date, today: date) -> None:
    if not reference:
        raise Refusal("no-reference", _("Write the reference of the payment; it keeps it from being recorded twice."))
    check_due(held)
    if amount < held.amount:
        text = _(
            "{amount} is less than the {due} due on {number}. Ask for the rest and record the whole sum once it is "
            "there, or reduce the bill first."
        )
        raise Refusal("too-little", text.format(amount=money(amount), due=money(held.amount), number=held.number))
    if amount > held.amount:
        text = _("{amount} is more than the {due} due on {number}. Return the difference, then record {due}.")
        raise Refusal("too-much", text.format(amount=money(amount), due=money(held.amount), number=held.number))
    if not date(2000, 1, 1) <= paid_on <= today:
        text = _("{day} cannot be the day of a payment. Write a day that is not to come.")
        raise Refusal("day", text.format(day=day_text(paid_on)))
