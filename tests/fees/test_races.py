"""Two tabs, two coordinators, a gateway and a list at the same instant: one bill, one payment, no number lost."""

from collections import Counter

import pytest

from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.certifications.states import Level
from serportal.fees import services
from serportal.fees.models import Bill, Payment
from serportal.fees.states import FeeKind
from serportal.home.invariants import broken
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = programme_day()


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


def test_one_thing_billed_four_times_at_once_is_one_bill():
    amara, row = factories.PersonFactory(), services.fee_on(FeeKind.CERP, TODAY)
    made = at_once(*[lambda: factories.billed(amara, row=row)] * 4)
    assert len({bill.pk for bill in made}) == Bill.objects.count() == 1
    assert Message.objects.filter(template="fee-invoice").count() == 1


def test_many_bills_at_once_have_numbers_without_a_gap():
    people = [factories.PersonFactory() for _ in range(6)]
    row = services.fee_on(FeeKind.CERP, TODAY)
    at_once(*[lambda n=n, one=one: factories.billed(one, row=row, about=f"APP-{n}") for n, one in enumerate(people)])
    numbers = sorted(Bill.objects.values_list("number", flat=True))
    assert numbers == [f"INV-{TODAY.year}-{n:04d}" for n in range(1, 7)]


def test_a_payment_told_by_hand_by_list_and_by_a_gateway_at_once_is_one():
    ruth, deputy, bill = factories.coordinator(), factories.coordinator(), factories.billed()
    values = {"bill_id": bill.pk, "reference": "bank 77", "amount": bill.amount, "paid_on": TODAY}
    row = f"{bill.number},{bill.amount},{TODAY},bank 77"
    answers = at_once(
        lambda: services.record_payment(**values, by=ruth)[1],
        lambda: services.record_payment(**values)[1],
        lambda: services.record_payments_from_list(row, by=deputy)[0].outcome == "recorded",
        lambda: services.record_payments_from_list(row, by=ruth)[0].outcome == "recorded",
    )
    assert Counter(answers) == {True: 1, False: 3} and Payment.objects.count() == 1


def test_paying_waiving_and_covering_at_once_is_one_of_them():
    ruth, bill = factories.coordinator(), factories.billed()
    answers = at_once(
        lambda: services.record_payment(bill_id=bill.pk, reference="b", amount=bill.amount, paid_on=TODAY, by=ruth),
        lambda: services.waive(bill_id=bill.pk, reason="Kind.", by=ruth),
        lambda: services.cover(bill_id=bill.pk, partner="Niagara College"),
    )
    assert sum(isinstance(answer, Refusal) for answer in answers) == 2


def test_a_reference_for_two_bills_at_once_is_recorded_for_one():
    ruth = factories.coordinator()
    bills = [factories.billed(about=f"APP-{n}") for n in range(2)]
    answers = at_once(
        *[
            lambda one=one: services.record_payment(
                bill_id=one.pk, reference="bank 77", amount=one.amount, paid_on=TODAY, by=ruth
            )
            for one in bills
        ]
    )
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["reference-taken"]


def test_an_upgrade_told_twice_at_once_is_one():
    diego = factories.certificant(level=Level.CERPIT)
    periods = at_once(*[lambda: certifications.upgrade(person=diego, on=TODAY)] * 3)
    assert len({period.pk for period in periods}) == 1 and Certification.objects.count() == 2
