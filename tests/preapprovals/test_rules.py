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


# Agendas -----------------------------------------------------------------
def typed(*rows):
    """Rows as the form posts them: (day, from, to, what, item, track), the end of each may be left out."""
    names = ("day", "from", "to", "what", "item", "track")
    return {f"{name}-{n}": text for n, row in enumerate(rows) for name, text in zip(names, row, strict=False)}


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        ([("1", "09:00", "12:00", "Soils")], 180),
        ([("1", "9", "10:30", "Soils", "teach"), ("1", "10:30", "10:45", "Coffee", "break")], 90),
        ([("1", "8:00", "8:30", "Welcome", "admin"), ("1", "18:00", "22:00", "Dinner", "social")], 0),
        ([("1", "8:00", "9:00", "Bus", "travel"), ("1", "9:00", "11:00", "Site", "field")], 120),
        # Side by side: one person attends one of them.
        ([("1", "9:00", "10:00", "A", "teach", "East"), ("1", "9:00", "10:00", "B", "teach", "West")], 60),
        ([("1", "9:00", "10:30", "A", "teach", "East"), ("1", "10:00", "11:30", "B", "teach", "West")], 150),
        ([("1", "9:00", "10:00", "A"), ("2", "9:00", "10:00", "B")], 120),
        ([("1", "22:00", "24:00", "Bats"), ("2", "0:00", "01:00", "Moths")], 180),
        ([("", "", "", "")], 0),
        ([("1", "", "", "", "teach")], 0),
        # What is wrong with one line leaves the others.
        ([("1", "9:00", "8:00", "A"), ("1", "13:00", "14:00", "B")], 60),
    ],
)
def test_only_instruction_is_contact_time(rows, minutes):
    """R-MIN: breaks, meals, administration, social events and travel do not count."""
    assert rules.read_agenda(typed(*rows)).minutes == minutes


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("1", "22:00", "01:00", "Bats")], [("to-0", "over-midnight")]),
        ([("1", "9:00", "9:00", "A")], [("to-0", "no-minutes")]),
        ([("1", "9:00", "", "A")], [("to-0", "to-missing")]),
        ([("1", "", "9:00", "A")], [("from-0", "from-missing")]),
        ([("1", "25:00", "26:00", "A")], [("from-0", "no-time"), ("to-0", "no-time")]),
        ([("1", "٩", "10", "A")], [("from-0", "no-time")]),
        ([("1", "9:00", "10:00", "")], [("what-0", "what-missing")]),
        ([("0", "9:00", "10:00", "A")], [("day-0", "no-day")]),
        ([("²", "9:00", "10:00", "A")], [("day-0", "no-day")]),
        ([("31", "9:00", "10:00", "A")], [("day-0", "no-day")]),
        ([("1", "9:00", "10:00", "A", "nap")], [("item-0", "no-item")]),
        ([("1", "9:00", "11:00", "A"), ("1", "10:00", "12:00", "B")], [("from-1", "overlap")]),
        ([("1", "9:00", "12:00", "A"), ("1", "9:30", "10:00", "B"), ("1", "11:00", "12:30", "C")],
         [("from-1", "overlap"), ("from-2", "overlap")]),
        ([("1", "9:00", "10:00", "A"), ("1", "10:00", "11:00", "B")], []),
        ([("1", "9:00", "10:00", "A", "teach", "x"), ("1", "9:00", "10:00", "B", "teach", "X")],
         [("from-1", "overlap")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_agenda_is_said_of_its_field(rows, found):
    assert [(one.field, one.code) for one in rules.read_agenda(typed(*rows)).wrong] == found


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9", "09:00"), ("9:05", "09:05"), ("09.30", "09:30"), ("0930", "09:30"), ("9h30", "09:30"),
        ("2:30 pm", "14:30"),
        ("12 am", "00:00"), ("12 p.m.", "12:00"), ("24:00", "23:59"), ("00:00", "00:00"), ("9:60", None),
        ("13 pm", None),
        ("9:5", None), ("noon", None), ("-9", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(text, read):
    found = rules.read_time(text)
    assert (f"{found:%H:%M}" if found else None) == read


AT = some.integers(0, 24 * 60 - 2)
STRETCH = some.tuples(some.integers(1, 3), AT, some.integers(1, 600), some.sampled_from(["teach", "break"]))


@given(some.lists(STRETCH, max_size=12))
def test_contact_time_is_what_the_clock_shows_of_instruction(stretches):
    """Counted minute by minute: no order, no overlap and no break changes what one person can have attended."""
    rows, minutes = [], set()
    for n, (day, start, length, item) in enumerate(stretches):
        end = min(start + length, 24 * 60 - 1)
        rows.append((str(day), f"{start // 60}:{start % 60:02}", f"{end // 60}:{end % 60:02}", "A", item, str(n)))
        minutes |= {(day, minute) for minute in range(start, end)} if item == "teach" else set()
    agenda = rules.read_agenda(typed(*rows))
    assert agenda.minutes == len(minutes)
    assert not agenda.wrong
    assert agenda.minutes + agenda.side_by_side == sum(row.minutes for row in agenda.sessions)
