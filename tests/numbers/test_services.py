"""Numbers the portal issues have no gaps, never repeat and grow past 9999."""

import pytest
from django.db import transaction

from serportal.numbers import services
from serportal.numbers.models import Counter

pytestmark = pytest.mark.django_db


def test_a_series_starts_at_one_each_year():
    assert [services.take("CEC", 2026), services.take("CEC", 2026), services.take("CEC", 2027)] == [
        "CEC-2026-0001",
        "CEC-2026-0002",
        "CEC-2027-0001",
    ]


def test_a_certificate_has_no_year():
    assert services.take("CERP") == "CERP-0001"


def test_a_number_comes_back_when_what_carried_it_does_not_come_to_be():
    services.take("CEC", 2026)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.take("CEC", 2026)
        _ = 1 / 0
    assert services.take("CEC", 2026) == "CEC-2026-0002"


def test_numbers_grow_past_9999():
    Counter.objects.create(series="CEC", year=2026, last=9999)
    assert services.take("CEC", 2026) == "CEC-2026-10000"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_inside_the_transaction_that_uses_it():
    with pytest.raises(RuntimeError):
        services.take("CEC", 2026)
