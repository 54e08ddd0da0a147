"""A renewal of the demonstration: filed and paid a few days ago, it waits for the coordinator to confirm it."""

from datetime import timedelta

from journals.models import RenewalDraft
from journals.services import renewing
from serportal.certifications.models import Period
from serportal.certifications.rules import renewal_opens
from serportal.demo.clock import Clock, dice
from serportal.demo.people import Holder, account
from serportal.drafts.services import Seen
from serportal.fees import services as fees
from serportal.ui.words import programme_day

SAID = {
    "truthful": "on",
    "sanctions": "no",
    "unchanged": "yes",
    "agreed": "on",
    "member": "yes",
    "membership_number": "SER-30077",
}


def play_all(clock: Clock, holders: list[Holder]) -> None:
    """Let the first member who may renew do so; all others who may are left to do it themselves."""
    filed = clock.ago(5.3)
    period = _renewable(holders, clock)
    member = period.person
    draft = renewing.begin(period=period, by=member, at=filed)
    data = {**SAID, "typed_name": member.name}
    renewing.save(draft_id=draft.pk, by=member, data=data, seen=Seen(1), at=filed)
    RenewalDraft.objects.filter(pk=draft.pk).update(saved_at=filed)
    day = programme_day(filed)
    shown = renewing.shown(renewing.fee_of(period, day), renewing.agreement_of(day))
    case = renewing.file_renewal(draft_id=draft.pk, by=member, shown=shown, lot=dice("renewals"), at=filed)
    bill, paid = case.journals_renewal.bill, filed + timedelta(days=2)
    fees.record_payment(
        bill_id=bill.pk,
        reference=f"Wire {bill.number}",
        amount=bill.amount,
        paid_on=programme_day(paid),
        method="Bank transfer",
        by=account("coordinator"),
        at=paid,
    )
    renewing.settle_all(at=paid + timedelta(minutes=1))


def _renewable(holders: list[Holder], clock: Clock) -> Period:
    """Return the period of the first who has nothing left to earn, and whose renewal was open by the day of filing."""
    day = clock.today - timedelta(days=7)
    for period in (holder.periods[-1] for holder in holders[2:]):
        is_open = renewal_opens(period.ends_on) <= day and clock.today < period.ends_on
        if is_open and not renewing.missing(renewing.held_of(period, day), day):
            return period
    raise LookupError("Nobody of the demonstration can renew.")
