"""A smaller fee for people from low-income countries: asked for, granted or refused (R-APP-10)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.fees.models import Bill
from serportal.fees.services.billing import check_due, locked, note, note_plea, with_reason
from serportal.fees.services.letters import tell
from serportal.fees.states import Act, BillState
from serportal.ui.refusal import Refusal
from serportal.ui.words import money


def can_ask(bill: Bill) -> bool:
    """Whether the owner of ``bill`` may ask for a reduction: while it is due, and once."""
    return bill.state == BillState.DUE and not bill.is_reduced and not bill.events.filter(act=Act.ASKED).exists()


@transaction.atomic
def ask_reduction(*, bill_id: int, text: str, by, at: datetime | None = None) -> Bill:
    """Ask for a smaller fee, with the words of the person who owes it; asked twice, it is one request."""
    at = at or timezone.now()
    held = Bill.objects.select_for_update().get(pk=bill_id, person=by)
    if held.asked_at:
        return held
    check_due(held)
    if not can_ask(held):
        raise Refusal(
            "asked-before", _("A reduction was decided already. If something has changed, write to us about it.")
        )
    if not text.strip():
        raise Refusal("no-words", _("Say in which country you live and work, and what you can pay."))
    note_plea(held, text, by=by, at=at)
    return held


@transaction.atomic
def grant_reduction(*, bill_id: int, amount: Decimal, reason: str, by, at: datetime | None = None) -> Bill:
    """Ask less than was billed, whether or not it was asked for; the old amount and the reason are kept."""
    at = at or timezone.now()
    held = locked(bill_id, by)
    check_due(held)
    if not 0 < amount < held.amount:
        text = _("The new amount must be more than nothing and less than {amount}. To ask nothing at all, waive it.")
        raise Refusal("not-less", text.format(amount=money(held.amount)))
    old, held.amount, held.asked_at = held.amount, amount, None
    held.save(update_fields=["amount", "asked_at"])
    made = note(held, Act.REDUCED, by=by, at=at, text=with_reason(reason), old=old, new=amount)
    tell(held, "fee-reduced", at=at, key=made.pk, reason=reason.strip())
    return held


@transaction.atomic
def refuse_reduction(*, bill_id: int, reason: str, by, at: datetime | None = None) -> Bill:
    """Leave the amount as it is, with a reason the person who asked reads."""
    at = at or timezone.now()
    held = locked(bill_id, by)
    if not held.asked_at:
        raise Refusal("not-asked", _("Nobody waits for an answer about a reduction of {}.").format(held.number))
    held.asked_at = None
    held.save(update_fields=["asked_at"])
    made = note(held, Act.NOT_REDUCED, by=by, at=at, text=with_reason(reason))
    tell(held, "fee-not-reduced", at=at, key=made.pk, reason=reason.strip())
    return held
