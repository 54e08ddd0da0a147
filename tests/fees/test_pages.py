"""The pages about money: a person’s own bills, and the coordinator’s work on them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from serportal.fees import services
from serportal.fees.models import FeeRow, Payment
from serportal.fees.states import BillState
from serportal.reviews.models import Conflict
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:fees_bill_changelist")
PAYMENTS = reverse("admin:fees_bill_payments")
TODAY = programme_day()


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    return factories.PersonFactory(name="Amara Okafor")


@pytest.fixture
def bill(amara):
    return factories.billed(amara)


@pytest.fixture
def desk(client, ruth):
    client.force_login(ruth)
    return client


def act(client, bill, name: str, **data):
    address = reverse("admin:fees_bill_act", args=[bill.pk, name])
    return client.post(address, {f"{name}-{field}": value for field, value in data.items()}, follow=True)


# The person who owes ---------------------------------------------------
def test_a_bill_says_how_to_pay_it_and_asks_for_a_smaller_one(client, amara, bill):
    client.force_login(amara)
    assert "Fees" in text_of(client.get("/dashboard/")) and "This fee is due." in text_of(client.get("/dashboard/"))
    page = text_of(client.get(f"/fees/{bill.number}/"))
    assert f"Please pay USD 350.00 in one sum and name {bill.number}." in page
    assert "The fee is not refundable, whatever is decided." in page
    response = client.post(f"/fees/{bill.number}/", {"text": " "})
    assert response.status_code == 422 and "Say in which country you live and work" in text_of(response)
    response = client.post(f"/fees/{bill.number}/", {"text": "I work in Malawi."}, follow=True)
    assert "You asked for a smaller fee on" in text_of(response) and "I work in Malawi." in text_of(response)
    assert "Is the fee too high where you live?" not in text_of(response)


def test_papers_are_the_owners_and_the_receipt_comes_with_the_payment(client, amara, bill, ruth):
    client.force_login(amara)
    response = client.get(f"/fees/{bill.number}/invoice.pdf")
    assert response.content.startswith(b"%PDF") and response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{bill.number}.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(f"/fees/{bill.number}/receipt.pdf").status_code == 404
    payment = factories.paid(bill, ruth)
    assert payment.receipt in client.get(f"/fees/{bill.number}/receipt.pdf")["Content-Disposition"]
    assert "Nothing is owed." in text_of(client.get(f"/fees/{bill.number}/"))
    assert client.get(f"/fees/{bill.number}/other.pdf").status_code == 404


def test_a_bill_of_somebody_else_does_not_exist(client, bill):
    client.force_login(factories.PersonFactory())
    for page in ("", "invoice.pdf", "receipt.pdf"):
        assert client.get(f"/fees/{bill.number}/{page}").status_code == 404
    assert client.post(f"/fees/{bill.number}/", {"text": "x"}).status_code == 404
    assert bill.number not in client.get("/fees/").content.decode()
    assert "Fees" not in re.findall(r'<ul class="menu">(.*?)</ul>', client.get("/fees/").content.decode(), re.S)[0]


def test_the_rules_page_shows_the_fees_and_announces_changes(client, ruth):
    words = text_of(client.get("/rules/"))
    assert "Application for CERP USD 250.00 USD 350.00" in words
    assert "Pre-approval of a course free free" in words
    assert words.index("Application for CERP ") < words.index("Recertification as CERP ")
    later = TODAY + timedelta(days=30)
    FeeRow.objects.create(kind="cerp", member_amount=260, other_amount=350, effective_from=later)
    words = text_of(client.get("/rules/"))
    assert "Application for CERP: USD 260.00 for members of SER instead of USD 250.00." in words
    assert "Application for CERP USD 250.00 USD 350.00" in words


# The coordinator -------------------------------------------------------
def test_a_payment_is_recorded_on_the_page_of_its_bill(desk, bill):
    page = text_of(desk.get(reverse("admin:fees_bill_change", args=[bill.pk])))
    assert "Record a payment" in page and "Waive the fee" in page and "Refuse the reduction" not in page
    response = act(desk, bill, "payment", reference="B 1", amount="300", paid_on=TODAY)
    assert response.status_code == 409 and "is less than the USD 350.00 due" in text_of(response)
    assert 'value="B 1"' in response.content.decode()
    response = act(desk, bill, "payment", reference="", amount="x", paid_on="2026-13-01")
    assert response.status_code == 422
    assert "Amount: write US dollars" in text_of(response) and "Paid on: write a day" in text_of(response)
    for _press in range(2):
        response = act(desk, bill, "payment", reference="B 1", amount="350", paid_on=TODAY)
        assert "The payment is recorded, and its owner is told." in text_of(response)
    assert Payment.objects.get().method == "" and "Record a payment" not in text_of(response)


def test_a_fee_is_reduced_refused_waived_and_covered_on_its_page(desk, amara, bill):
    services.ask_reduction(bill_id=bill.pk, text="I work in Malawi.", by=amara)
    assert "1 smaller fees asked for" in text_of(desk.get("/admin/"))
    assert bill.number in desk.get(f"{LIST}?asked=yes").content.decode()
    page = text_of(desk.get(reverse("admin:fees_bill_change", args=[bill.pk])))
    assert "Refuse the reduction" in page and "I work in Malawi." in page
    assert "The fee stays" in text_of(act(desk, bill, "refuse", reason="Not on the list."))
    response = act(desk, bill, "reduce", amount="400", reason="x")
    assert response.status_code == 409 and "To ask nothing at all, waive it." in text_of(response)
    assert "USD 100.00 instead of USD 350.00" in text_of(act(desk, bill, "reduce", amount="100", reason="Malawi."))
    assert "The fee is waived" in text_of(act(desk, bill, "waive", reason="A hard year."))
    other = factories.billed(amara, about="APP-2026-0002")
    assert "Nothing is owed" in text_of(act(desk, other, "cover", partner="Niagara College"))
    other.refresh_from_db()
    assert other.state == BillState.COVERED
    assert desk.post(reverse("admin:fees_bill_act", args=[bill.pk, "nothing"])).status_code == 404


def test_the_list_is_narrowed_searched_and_taken_along(desk, amara, bill, ruth):
    other = factories.billed(about="REN-2026-0001", kind="renew-cerp")
    factories.paid(other, ruth, reference="bank 77")

    def listed(query: str) -> set[str]:
        return set(re.findall(r"INV-\d+-\d+", desk.get(f"{LIST}?{query}").content.decode()))

    assert listed("") == {bill.number, other.number}
    assert listed("state__exact=due") == listed("q=okafor") == listed(f"member={amara.pk}") == {bill.number}
    assert listed("kind__exact=renew-cerp") == listed("q=bank+77") == listed("q=REN-2026") == {other.number}
    assert listed("asked=yes") == set()
    text = desk.get(reverse("admin:fees_bill_export", args=["csv"]) + "?state__exact=paid").getvalue().decode()
    assert "bank 77" in text and bill.number not in text
    assert desk.get(reverse("admin:fees_bill_export", args=["xlsx"])).content[:2] == b"PK"


def test_a_list_of_payments_is_read_first_then_recorded(desk, bill):
    text = f"{bill.number},350,{TODAY}\nINV-1999-0001,350,{TODAY}"
    assert desk.get(PAYMENTS).status_code == 200
    page = text_of(desk.post(PAYMENTS, {"rows": text}))
    assert "Nothing is recorded yet." in page and "Would be recorded: USD 350.00 of Amara Okafor" in page
    assert "Not recorded: No bill has the number INV-1999-0001." in page and not Payment.objects.exists()
    assert text in desk.post(PAYMENTS, {"rows": text, "edit": "1"}).content.decode()
    page = text_of(desk.post(PAYMENTS, {"rows": text, "confirm": "1"}))
    assert "1 payment recorded, 1 not recorded." in page and Payment.objects.count() == 1
    page = text_of(desk.post(PAYMENTS, {"rows": text, "confirm": "1"}))
    assert "0 payments recorded, 1 known already, 1 not recorded." in page and Payment.objects.count() == 1


def test_a_list_comes_as_a_file_too(desk, bill):
    file = SimpleUploadedFile("payments.csv", f"\ufeff{bill.number};350,00;{TODAY}".encode(), "text/csv")
    assert "Would be recorded" in text_of(desk.post(PAYMENTS, {"file": file}))
    file = SimpleUploadedFile("payments.csv", b"\xff\xfe\x00I", "text/csv")
    response = desk.post(PAYMENTS, {"file": file})
    assert response.status_code == 422 and "The file is no CSV in UTF-8." in text_of(response)
    assert desk.post(PAYMENTS, {"rows": ""}).status_code == 422


def test_a_conflict_hides_a_bill_with_its_case(client, ruth, bill):
    """R-REV-5: in the list, on its page, in exports, in a list of payments."""
    case = factories.claim()
    hidden = factories.billed(about=case.reference)
    Conflict.objects.create(case=case, member=ruth, declared_at=timezone.now())
    own = factories.billed(ruth, about="APP-2026-0009")
    client.force_login(ruth)
    page = client.get(LIST).content.decode()
    assert bill.number in page and hidden.number not in page and own.number not in page
    export = client.get(reverse("admin:fees_bill_export", args=["csv"])).getvalue().decode()
    assert bill.number in export and hidden.number not in export
    for one in (hidden, own):
        assert client.get(reverse("admin:fees_bill_change", args=[one.pk])).status_code in {302, 404}
        assert client.get(reverse("admin:fees_bill_paper", args=[one.pk, "invoice"])).status_code == 404
        assert act(client, one, "waive", reason="x").status_code == 404
    page = text_of(client.post(PAYMENTS, {"rows": f"{hidden.number},350,{TODAY}"}))
    assert f"No bill has the number {hidden.number}." in page


def test_a_fee_is_stored_as_previewed(desk):
    data = {"kind": "cerp", "member_amount": "260", "other_amount": "350,50"}
    data["effective_from"] = str(TODAY + timedelta(days=30))
    path = reverse("admin:fees_feerow_add") + f"?after={FeeRow.objects.get(kind='cerp').pk}"
    assert 'value="250"' in desk.get(path).content.decode()
    page = desk.post(path, data)
    words = text_of(page)
    assert "USD 260.00 for members of SER instead of USD 250.00." in words and "USD 350.50 for everyone" in words
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.content.decode())[1]
    desk.post(path, {**data, "confirm": "1", "digest": digest})
    assert FeeRow.objects.filter(kind="cerp").count() == 2
    response = desk.post(path, {**data, "member_amount": "-1", "other_amount": "1.001"})
    assert response.status_code == 422
    assert "write a number from 0 to 9999, in steps of 0.01." in text_of(response)


def test_the_owner_says_whom_the_invoice_is_for_even_after_it_is_paid(client, ruth, amara, bill):
    client.force_login(amara)
    said = "Dollard Marsh Trust\nAccounts, Delfzijl"
    page = text_of(client.post(f"/fees/{bill.number}/", {"billed_to": said}, follow=True))
    assert "The invoice is made out as you said." in page
    factories.paid(bill, ruth)
    client.post(f"/fees/{bill.number}/", {"billed_to": said})
    bill.refresh_from_db()
    assert bill.billed_to == said and bill.events.filter(act="addressed").count() == 1
    assert client.get(f"/fees/{bill.number}/receipt.pdf").getvalue().startswith(b"%PDF-")
    assert client.post(f"/fees/{bill.number}/", {"billed_to": "x" * 501}).status_code == 422
    client.force_login(factories.PersonFactory())
    assert client.post(f"/fees/{bill.number}/", {"billed_to": "Mine"}).status_code == 404
