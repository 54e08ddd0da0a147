"""The fields that forms make of their tables of questions."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from serportal.ui.asks import NumberField

SENTENCE = "Credits: write a number from 0 to 500."


def field() -> NumberField:
    return NumberField(most=Decimal(500), required=False, error_messages={"invalid": SENTENCE})


@pytest.mark.parametrize(
    ("text", "figure"), [("12", 12), ("6,5", Decimal("6.5")), (" 500 ", 500), ("0", 0), ("", None)]
)
def test_a_number_is_read_as_people_type_it(text, figure):
    assert field().clean(text) == figure


@pytest.mark.parametrize("text", ["many", "-1", "500.01", "1e2", "NaN", "²", "1.234", "12345678901"])
def test_anything_else_gets_the_sentence_of_the_field(text):
    with pytest.raises(ValidationError) as found:
        field().clean(text)
    assert found.value.messages == [SENTENCE]
