"""Bills, payments and reductions (R-APP-10): what was shown holds, nothing is paid twice, nothing is lost."""

import io
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
from django.db import Error, IntegrityError, InternalError, transaction
from django.utils import timezone

from serportal.fees import services
from serportal.fees.models import Bill, BillEvent, FeeRow, Payment
from serportal.fees.rules import read_amount, read_day
from serportal.fees.seeds import FEES, seed_fees
from serportal.fees.states import Act, BillState, FeeKind
from serportal.numbers.models import Counter
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = programme_day()


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    return factories.PersonFactory(name="Amara Okafor")


def refused(code: str, action) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        action()
    assert refusal.value.code == code
    return str(refusal.value).replace("\xa0", " ")


def letter(key: str) -> str:
    message = Message.objects.get(key=key)
    outbox.write(message)
    return f"{message.subject}\n{message.text}".replace("\xa0", " ")


def pay(bill, by=None, **fields):
    given = {"reference": "bank 1", "amount": bill.amount, "paid_on": TODAY, **fields}
    return services.record_payment(bill_id=bill.pk, by=by, **given)


# Fees in force ---------------------------------------------------------
PUBLISHED = [
    ("cerp", 250, 350),
    ("cerpit", 100, 200),
    ("upgrade", 100, 150),
    ("renew-cerp", 125, 225),
    ("renew-cerpit", 100, 200),
    ("preapproval", 0, 0),
]


@pytest.mark.parametrize(("kind", "member", "other"), PUBLISHED)
def test_the_fees_are_those_last_published(kind, member, other):
    row = services.fee_on(kind, TODAY)
    assert (row.amount_for(True), row.amount_for(False)) == (member, other)


def test_seeding_again_changes_nothing_and_brings_back_what_is_missing():
    assert len(PUBLISHED) == len(FEES) == len(FeeKind)
    seed_fees()
    assert FeeRow.objects.count() == 6


def test_a_new_fee_says_what_it_changes_and_what_it_leaves(ruth, amara):
    factories.billed(amara)
    row = FeeRow(kind="cerp", member_amount=D(260), other_amount=D(350), effective_from=TODAY + timedelta(days=30))
    change = services.FEES.preview(row)
    assert [text.replace("\xa0", " ") for text in change.sentences] == [
        "Application for CERP: USD 260.00 for members of SER instead of USD 250.00."
    ]
    assert change.stays[0] == "One bill was made by the row that holds until then, and its amount does not change."
    services.FEES.store(row, digest=change.digest, by=ruth)
    refused("not-yours", lambda: services.FEES.store(row, digest=change.digest, by=amara))


# Billing ---------------------------------------------------------------
def test_the_fee_that_was_shown_holds_when_it_changes_while_the_form_is_open(ruth, amara):
    shown = services.fee_on(FeeKind.CERP, TODAY)
    FeeRow.objects.create(kind="cerp", member_amount=300, other_amount=400, effective_from=TODAY)
    bill = factories.billed(amara, row=shown)
    assert (bill.amount, bill.full_amount, bill.row) == (350, 350, shown)
    assert factories.billed(row=services.fee_on(FeeKind.CERP, TODAY), about="APP-2026-0002").amount == 400


def test_one_thing_is_billed_once(amara):
    bill = factories.billed(amara)
    again = factories.billed(amara, member=True)
    assert (again, again.amount) == (bill, 350)
    assert bill.number == f"INV-{TODAY.year}-0001" and Counter.objects.get(series="INV").last == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.bulk_create(
            [Bill(number="X", person=amara, kind="cerp", about=bill.about, row=bill.row, member=False,
                  full_amount=1, amount=1, billed_at=timezone.now())]
        )  # fmt: skip


def test_a_row_of_another_kind_or_of_a_later_day_is_refused(amara):
    refused("not-this-fee", lambda: factories.billed(amara, row=services.fee_on(FeeKind.UPGRADE, TODAY)))
    later = FeeRow.objects.create(
        kind="cerp", member_amount=1, other_amount=1, effective_from=TODAY + timedelta(days=9)
    )
    refused("not-this-fee", lambda: factories.billed(amara, row=later))
    assert not Bill.objects.exists() and not Counter.objects.filter(series="INV").exists()


def test_a_fee_of_nothing_is_settled_from_the_start_and_sends_nothing(amara):
    bill = factories.billed(amara, kind=FeeKind.PREAPPROVAL, about="PRE-2026-0001")
    assert bill.is_settled and bill.state == BillState.WAIVED and not Message.objects.exists()


def test_the_invoice_letter_says_that_the_fee_is_not_refundable(amara):
    bill = factories.billed(amara, member=True)
    words = letter(f"fee-invoice:{bill.number}")
    assert f"{bill.number}: USD 250.00, Application for CERP" in words
    assert "The fee is not refundable, whatever is decided." in words and f"/fees/{bill.number}/" in words


# Paying ----------------------------------------------------------------
def test_a_payment_settles_the_bill_once_however_often_it_is_told(ruth, amara):
    bill = factories.billed(amara)
    payment, new = pay(bill, ruth, method="bank transfer")
    again, anew = pay(bill, ruth)
    assert (again, new, anew) == (payment, True, False)
    bill.refresh_from_db()
    assert bill.state == BillState.PAID and bill.settled_at and payment.receipt == f"RCT-{TODAY.year}-0001"
    assert Counter.objects.get(series="RCT").last == 1 and bill.events.filter(act=Act.PAID).count() == 1
    words = letter(f"fee-received:{bill.number}")
    assert f"{bill.number} is paid: your receipt {payment.receipt}" in words
    assert f"USD 350.00, paid on {day_text(TODAY)}".replace("\xa0", " ") in words


CANNOT = [
    ("too-little", {"amount": D("349.99")}, "USD 349.99 is less than the USD 350.00 due on"),
    ("too-much", {"amount": D("350.01")}, "Return the difference, then record USD 350.00."),
    ("no-reference", {"reference": "  "}, "Write the reference of the payment"),
    ("day", {"paid_on": TODAY + timedelta(days=1)}, "Write a day that is not to come."),
]


@pytest.mark.parametrize(("code", "fields", "sentence"), CANNOT, ids=[code for code, *_rest in CANNOT])
def test_what_cannot_be_a_payment_is_refused_with_the_way_out(ruth, amara, code, fields, sentence):
    bill = factories.billed(amara)
    assert sentence in refused(code, lambda: pay(bill, ruth, **fields))
    assert not Payment.objects.exists() and not Counter.objects.filter(series="RCT").exists()


def test_a_reference_belongs_to_one_payment(ruth, amara):
    one, other = factories.billed(amara), factories.billed(amara, about="APP-2026-0002")
    pay(one, ruth)
    assert f"USD 350.00 for {one.number}" in refused("reference-taken", lambda: pay(other, ruth))
    assert "is paid already" in refused("settled", lambda: pay(one, ruth, reference="bank 2"))


def test_nobody_settles_their_own_bill_and_only_coordinators_settle(ruth, amara):
    own = factories.billed(ruth)
    refused("not-yours", lambda: pay(own, ruth))
    refused("not-yours", lambda: services.waive(bill_id=own.pk, reason="Kind.", by=ruth))
    refused("not-yours", lambda: pay(factories.billed(amara, about="APP-2026-0002"), factories.member()))


def test_a_gateway_records_without_a_person(amara):
    payment, _new = pay(factories.billed(amara), reference="gateway ch_123", method="card")
    assert payment.entered_by is None


# Reducing, waiving, covering -------------------------------------------
def test_a_reduction_is_asked_for_granted_and_paid(ruth, amara):
    bill = factories.billed(amara)
    asked = services.ask_reduction(bill_id=bill.pk, text="I work in Malawi.", by=amara)
    assert services.ask_reduction(bill_id=bill.pk, text="Again.", by=amara).asked_at == asked.asked_at
    bill = services.grant_reduction(bill_id=bill.pk, amount=D("87.50"), reason="Malawi.", by=ruth)
    assert (bill.amount, bill.full_amount, bill.asked_at, bill.is_reduced) == (D("87.50"), 350, None, True)
    event = bill.events.get(act=Act.REDUCED)
    assert (event.old_amount, event.new_amount, event.note, event.by) == (350, D("87.50"), "Malawi.", ruth)
    words = letter(f"fee-reduced:{bill.number}:{event.pk}")
    assert "USD 87.50 instead of USD 350.00" in words and "Malawi." in words
    refused("asked-before", lambda: services.ask_reduction(bill_id=bill.pk, text="More.", by=amara))
    refused("too-much", lambda: pay(bill, ruth, amount=D(350)))
    assert pay(bill, ruth)[1]


@pytest.mark.parametrize("amount", [D(0), D(350), D(351), D(-1)])
def test_a_reduced_fee_is_less_and_more_than_nothing(ruth, amara, amount):
    bill = factories.billed(amara)
    sentence = refused(
        "not-less", lambda: services.grant_reduction(bill_id=bill.pk, amount=amount, reason="x", by=ruth)
    )
    assert "waive it" in sentence


def test_a_refused_reduction_leaves_the_amount_and_says_why(ruth, amara):
    bill = factories.billed(amara)
    refused("not-asked", lambda: services.refuse_reduction(bill_id=bill.pk, reason="No.", by=ruth))
    services.ask_reduction(bill_id=bill.pk, text="It is a lot.", by=amara)
    bill = services.refuse_reduction(bill_id=bill.pk, reason="Only for low-income countries.", by=ruth)
    event = bill.events.get(act=Act.NOT_REDUCED)
    assert bill.asked_at is None and bill.amount == 350
    assert "Only for low-income countries." in letter(f"fee-not-reduced:{bill.number}:{event.pk}")
    refused("asked-before", lambda: services.ask_reduction(bill_id=bill.pk, text="Please.", by=amara))


def test_somebody_elses_bill_does_not_exist_for_a_question(amara):
    with pytest.raises(Bill.DoesNotExist):
        services.ask_reduction(bill_id=factories.billed().pk, text="Mine?", by=amara)


def test_a_waived_fee_is_owed_no_more_and_its_owner_reads_why(ruth, amara):
    bill = factories.billed(amara)
    refused("no-reason", lambda: services.waive(bill_id=bill.pk, reason=" ", by=ruth))
    for _press in range(2):
        bill = services.waive(bill_id=bill.pk, reason="A board decision.", by=ruth)
    assert bill.state == BillState.WAIVED and bill.events.filter(act=Act.WAIVED).count() == 1
    assert "A board decision." in letter(f"fee-waived:{bill.number}")
    assert "is waived" in refused("settled", lambda: pay(bill, ruth))


def test_a_partner_covers_a_fee_with_or_without_a_person(ruth, amara):
    bill = services.cover(bill_id=factories.billed(amara).pk, partner="Niagara College")
    assert bill.state == BillState.COVERED and bill.events.get(act=Act.COVERED).note == "Niagara College"
    refused("settled", lambda: services.waive(bill_id=bill.pk, reason="x", by=ruth))
    other = factories.billed(amara, about="APP-2026-0002")
    refused("no-partner", lambda: services.cover(bill_id=other.pk, partner=" ", by=ruth))


# What the database holds -----------------------------------------------
def test_what_was_shown_and_what_was_paid_stay(ruth, amara):
    bill = factories.billed(amara)
    pay(bill, ruth)
    for action in (
        lambda: Bill.objects.update(full_amount=1, amount=1),
        lambda: Bill.objects.update(number="INV-2026-9999"),
        lambda: Bill.objects.all()._raw_delete("default"),
        lambda: Payment.objects.update(amount=1),
        lambda: Payment.objects.all()._raw_delete("default"),
        lambda: BillEvent.objects.update(note="other"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            action()
    for action in (
        lambda: Bill.objects.update(amount=999),
        lambda: Bill.objects.update(state="due"),
        lambda: Bill.objects.update(state="lost"),
    ):
        with pytest.raises(Error), transaction.atomic():
            action()


# Lists -----------------------------------------------------------------
AMOUNTS = [
    ("250", D(250)), ("250.00", D(250)), ("250,5", D("250.5")), ("$1,250.00", D(1250)), ("USD 250", D(250)),
    ("250 usd", D(250)), ("1,250", D(1250)), ("-250", None), ("2.5.0", None), ("1E3", None), ("٢٥٠", None), ("", None),
    ("250.001", None), ("NaN", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), AMOUNTS)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert read_amount(text) == amount


@pytest.mark.parametrize("text", ["", "25.11.2026", "11/25/2026", "2026-02-30", "2026-1-1", "２０２６-11-25"])
def test_a_day_is_read_in_one_way_only(text):
    assert read_day(text) is None


def test_a_list_records_its_good_rows_explains_the_others_and_again_changes_nothing(ruth, amara):
    bills = [factories.billed(amara, about=f"APP-2026-{n:04d}") for n in range(1, 6)]
    day = TODAY.isoformat()
    rows = [
        f"{bills[0].number}\t350.00\t{day}",
        f"{bills[1].about}\t$350\t{day}\tbank 77",
        f"{bills[2].number}\t300\t{day}",
        f"{bills[3].number}\t350\t25.11.2026",
        f"{bills[4].number}\tmuch\t{day}",
        f"INV-1999-0001\t350\t{day}",
        f"{bills[0].number}\t350.00\t{day}",
        "",
        f"\t350\t{day}",
    ]
    text = "\n".join(rows)
    outcomes = ["recorded", "recorded", "bad", "bad", "bad", "bad", "known", "bad"]
    seen = services.preview_payments(text, by=ruth)
    assert [line.outcome for line in seen] == outcomes and not Payment.objects.exists()
    assert not Message.objects.filter(template="fee-received").exists()
    lines = services.record_payments_from_list(text, by=ruth)
    assert [line.sentence for line in lines] == [line.sentence for line in seen]
    assert services.summary(lines) == "2 payments recorded, 1 known already, 5 not recorded."
    said = [line.sentence.replace("\xa0", " ") for line in lines]
    assert "is less than the USD 350.00 due" in said[2] and "is no date. Write it as 2026-11-25." in said[3]
    assert "“much” is no amount." in said[4] and "No bill has the number INV-1999-0001." in said[5]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert {one.reference for one in Payment.objects.all()} == {bills[0].number, "bank 77"}
    again = services.record_payments_from_list(text, by=ruth)
    assert [line.outcome for line in again] == ["known", "known", "bad", "bad", "bad", "bad", "known", "bad"]
    assert Payment.objects.count() == 2 and Counter.objects.get(series="RCT").last == 2


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_list_with_a_heading_has_its_columns_in_any_order(ruth, amara, sign):
    bill = factories.billed(amara)
    amount = '"1,350.00"' if sign == "," else "350,00" if sign == ";" else "350"
    text = sign.join(["Date", "Amount", "Transaction ID", "Invoice"]) + "\n"
    text += sign.join([TODAY.isoformat(), amount, "T-9", bill.number.lower()])
    [line] = services.record_payments_from_list("\ufeff" + text, by=ruth)
    assert line.outcome == ("bad" if sign == "," else "recorded"), line
    assert Payment.objects.filter(reference="T-9").exists() == (sign != ",")


def test_a_list_that_is_none_is_refused(ruth):
    refused("empty", lambda: services.record_payments_from_list(" \n\t\n", by=ruth))
    refused("empty", lambda: services.record_payments_from_list("reference,amount,date", by=ruth))
    refused("too-many", lambda: services.record_payments_from_list("INV,1,2026-01-01\n" * 501, by=ruth))


def test_a_list_knows_only_the_bills_it_is_given(ruth, amara):
    bill = factories.billed(amara)
    [line] = services.record_payments_from_list(
        f"{bill.number},350,{TODAY}", by=ruth, bills=Bill.objects.exclude(pk=bill.pk)
    )
    assert line.sentence == f"No bill has the number {bill.number}. Check it against the invoice."


# On paper --------------------------------------------------------------
def words_of(document: bytes) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]
    return " ".join(" ".join(pages).replace("\xa0", " ").split())


def test_invoice_and_receipt_say_who_what_and_how_much(ruth):
    bill = factories.billed(factories.PersonFactory(name='Nguyễn "Bình" #1 $x$'))
    words = words_of(services.invoice(bill))
    assert all(part in words for part in [bill.number, 'Nguyễn "Bình" #1 $x$', "Application for CERP, APP-2026-0001"])
    assert "USD 350.00" in words and "not refundable" in words and f"name {bill.number}" in words
    bill = services.grant_reduction(bill_id=bill.pk, amount=D(90), reason="Nepal.", by=ruth)
    assert "−USD 260.00" in words_of(services.invoice(bill)) and "USD 90.00" in words_of(services.invoice(bill))
    payment = factories.paid(bill, ruth)
    bill.refresh_from_db()
    receipt = services.receipt(bill)
    assert payment.receipt in words_of(receipt) and "Received USD 90.00" in words_of(receipt)
    assert "Paid. Nothing is owed." in words_of(services.invoice(bill))
    with pikepdf.open(io.BytesIO(receipt)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == f"Receipt {payment.receipt}"
