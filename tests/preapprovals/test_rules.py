"""The pure rules of pre-approvals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from preapprovals import rules

CODES = some.text(rules.ALPHABET, min_size=8, max_size=8).map(lambda signs: f"SER-{signs[:4]}-{signs[4:]}")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("SER-7F3K-9QXM", "SER-7F3K-9QXM"),
        (" ser 7f3k 9qxm ", "SER-7F3K-9QXM"),
        ("7f3k9qxm", "SER-7F3K-9QXM"),
        ("SER–7F3K–9QXM.", "SER-7F3K-9QXM"),
        ("SER-O1IL-UUUU", "SER-0111-VVVV"),
        ("SER-SERS-ERSE", "SER-SERS-ERSE"),
        ("sersersers", None),
        ("SER-7F3K-9QX", None),
        ("SER-7F3K-9QXMM", None),
        ("", None),
        ("СER-7F3K-9QXM", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    """SPEC 9: no look-alike letters, case ignored; spaces, dashes and O for 0 are forgiven."""
    assert rules.read_code(typed) == code


@given(CODES)
def test_every_code_is_read_as_itself_however_it_is_spaced(code):
    plain = code.replace("-", "")
    for typed in (code, code.lower(), plain, " ".join(plain), plain[3:], plain.replace("0", "o").replace("1", "l")):
        assert rules.read_code(typed) == code


@pytest.mark.parametrize(
    ("decided", "planned", "first"),
    [
        (date(2026, 11, 1), None, date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 12, 1), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 9, 15), date(2026, 9, 15)),
    ],
)
def test_an_approval_holds_from_its_decision_or_an_earlier_planned_day(decided, planned, first):
    """R-SPO-2."""
    assert rules.valid_from(decided, planned) == first


@pytest.mark.parametrize(
    ("recurring", "planned", "last"),
    [
        (True, date(2027, 1, 5), date(2028, 2, 29)),
        (True, None, date(2028, 2, 29)),
        (False, date(2026, 4, 2), date(2026, 4, 2)),
        (False, date(2030, 4, 2), date(2028, 2, 29)),
        (False, date(2025, 4, 2), date(2026, 3, 1)),
        (False, None, date(2028, 2, 29)),
    ],
)
def test_what_recurs_holds_two_years_and_a_single_event_until_its_last_day(recurring, planned, last):
    """R-SPO-2: up to two years; the day two years on is no longer in it."""
    assert rules.last_valid_day(date(2026, 3, 1), recurring=recurring, last_planned=planned) == last


def test_the_thirtieth_day_after_a_termination_still_counts():
    """R-SPO-6."""
    assert rules.appeal_until(date(2026, 11, 1)) == date(2026, 12, 1)
