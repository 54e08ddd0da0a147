"""What one person owes: billed once, at the amount that was shown (R-APP-10)."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.fees.models import Bill, BillEvent, FeeRow
from serportal.fees.permissions import can_settle
from serportal.fees.services.letters import tell
from serportal.fees.states import Act, BillState, FeeKind
from serportal.numbers import services as numbers
from serportal.ui.refusal import Refusal
from serportal.ui.words import money, programme_day


@transaction.atomic
def bill(
    *,
    person,
    kind: FeeKind,
    about: str,
    member: bool,
    row: FeeRow,
    covered_by: str = "",
    plea: str = "",
    billed_to: str = "",
    at: datetime | None = None,
) -> Bill:
    """Bill ``person`` for what ``about`` names, at the amount of the ``row`` they were shown; once for each thing.

    Asked again for the same thing, return the bill there is, whatever the fee is by now. A fee of nothing is a bill
    that is waived from the start, and one that the partner ``covered_by`` pays is covered from the start. ``plea`` asks
    for a smaller fee from the start; ``billed_to`` is what the papers say in place of the person’s name. Raises
    Refusal for a row of another kind or one that does not hold yet.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    made = Bill.objects.filter(kind=kind, about=about).first()
    if made is not None:
        return made
    if row.kind != kind or row.effective_from > programme_day(at):
        raise Refusal("not-this-fee", _("This fee does not hold for that today. Open the page again to see the one."))
    amount = row.amount_for(member)
    made = Bill.objects.create(
        number=numbers.take("INV", programme_day(at).year),
        person=person,
        kind=kind,
        about=about,
        billed_to=billed_to.strip(),
        row=row,
        member=member,
        full_amount=amount,
        amount=amount,
        state=BillState.COVERED if covered_by else BillState.DUE if amount else BillState.WAIVED,
        billed_at=at,
        settled_at=at if covered_by or not amount else None,
    )
    note(made, Act.BILLED, by=person, at=at, new=amount)
    if covered_by:
        note(made, Act.COVERED, by=None, at=at, text=covered_by, old=amount)
    elif amount and plea.strip():
        note_plea(made, plea, by=person, at=at)
        tell(made, "fee-invoice-asked", at=at)
    elif amount:
        tell(made, "fee-invoice", at=at)
    else:
        note(made, Act.WAIVED, by=None, at=at, text=_("No fee is asked for this today."))
    return made


@transaction.atomic
def make_out(*, bill_id: int, billed_to: str, by, at: datetime | None = None) -> Bill:
    """Make the papers of a bill out to ``billed_to``, or to the person who owes it where that is empty.

    Its owner may do so at any time: an office often wants it after it has paid.
    """
    held = Bill.objects.select_for_update().get(pk=bill_id, person=by)
    if held.billed_to != billed_to.strip():
        held.billed_to = billed_to.strip()
        held.save(update_fields=["billed_to"])
        note(held, Act.ADDRESSED, by=by, at=at or timezone.now(), text=held.billed_to)
    return held


@transaction.atomic
def waive(*, bill_id: int, reason: str, by, at: datetime | None = None) -> Bill:
    """Ask nothing of a bill that is due, with a reason its owner reads; done already, change nothing."""
    at = at or timezone.now()
    held = locked(bill_id, by)
    if held.state == BillState.WAIVED:
        return held
    check_due(held)
    settle(held, BillState.WAIVED, at)
    note(held, Act.WAIVED, by=by, at=at, text=with_reason(reason), old=held.amount)
    tell(held, "fee-waived", at=at, reason=reason.strip())
    return held


@transaction.atomic
def drop(*, bill_id: int, reason: str, at: datetime) -> Bill:
    """Ask nothing more of a bill whose reason is gone, with a sentence its owner reads; settled, it stays as it is."""
    held = Bill.objects.select_for_update().get(pk=bill_id)
    if not held.is_settled:
        settle(held, BillState.WAIVED, at)
        note(held, Act.WAIVED, by=None, at=at, text=reason, old=held.amount)
        tell(held, "fee-waived", at=at, reason=reason)
    return held


@transaction.atomic
def cover(*, bill_id: int, partner: str, by=None, at: datetime | None = None) -> Bill:
    """Note that ``partner`` covers a bill that is due (R-APP-7); ``by`` is empty where the partner’s row says so."""
    at = at or timezone.now()
    held = locked(bill_id, by) if by is not None else Bill.objects.select_for_update().get(pk=bill_id)
    if held.state == BillState.COVERED:
        return held
    if not partner.strip():
        raise Refusal("no-partner", _("Write the name of the partner who covers the fee."))
    check_due(held)
    settle(held, BillState.COVERED, at)
    note(held, Act.COVERED, by=by, at=at, text=partner.strip(), old=held.amount)
    return held


def locked(bill_id: int, by) -> Bill:
    """Lock a bill for ``by``, who must be a coordinator and not owe it."""
    held = Bill.objects.select_for_update().get(pk=bill_id)
    if not can_settle(by, held):
        raise Refusal("not-yours", _("This bill is not yours to settle. Ask another coordinator."))
    return held


def check_due(held: Bill) -> None:
    """Raise Refusal for a bill of which nothing is owed any more, in words that say why."""
    texts = {
        BillState.PAID: _("{number} is paid already. Nothing is owed on it."),
        BillState.WAIVED: _("{number} is waived: nothing is owed on it. Return what was paid, or write to its owner."),
        BillState.COVERED: _("{number} is covered by a partner: nothing is owed on it. Return what was paid."),
    }
    if held.state != BillState.DUE:
        raise Refusal("settled", texts[BillState(held.state)].format(number=held.number))


def settle(held: Bill, state: BillState, at: datetime) -> None:
    """A bill of which nothing is owed any more waits for no answer either."""
    held.state, held.settled_at, held.asked_at = state, at, None
    held.save(update_fields=["state", "settled_at", "asked_at"])


def note_plea(held: Bill, text: str, *, by, at: datetime) -> None:
    held.asked_at = at
    held.save(update_fields=["asked_at"])
    note(held, Act.ASKED, by=by, at=at, text=text.strip())


def note(held: Bill, act: Act, *, by, at: datetime, text: str = "", old=None, new=None) -> BillEvent:
    return BillEvent.objects.create(bill=held, act=act, by=by, at=at, note=text, old_amount=old, new_amount=new)


def with_reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal("no-reason", _("Give a reason. Whoever owes the fee reads it in the letter."))
    return reason.strip()


def asked(held: Bill) -> str:
    """“USD 250.00 instead of USD 350.00”, or the amount alone where nothing was taken off."""
    if not held.is_reduced:
        return money(held.amount)
    return _("{amount} instead of {full}").format(amount=money(held.amount), full=money(held.full_amount))
