"""What a list of attendees says: headings, cells, lines, and people under two spellings (R-SPO-4)."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from preapprovals.rules import cells, columns
from preapprovals.rules.clocks import Trouble, trouble_with
from preapprovals.rules.names import alike, mailbox, near
from preapprovals.rules.roster import Event, Line, read_line, twins

DAY = date(2026, 3, 4)
WORKSHOP = Event(DAY, DAY, 360, own_days=False, today=date(2026, 3, 20))
WEBINAR = Event(DAY, date(2026, 6, 30), 90, own_days=True, today=date(2026, 3, 20))


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        ("Name,E-mail,Hours", "name email hours"),
        ("hours,EMAIL ADDRESS,Surname,Given name", "hours email last first"),
        ("Full name (as on the certificate),E-mail (required),CERP No.", "name email certificate"),
        ("First Name,Last Name,Email,Duration (Minutes),Attended", "first last email minutes completed"),
        ("Participant,Mail,Completed?,Grade,Completed on", "name email completed grade day"),
        ("Organisation,Telephone,Notes", ""),
        ("Name,Name,E-mail", "name email"),
    ],
)
def test_columns_are_told_by_their_headings_in_any_order(headings, found):
    mapping = columns.mapping_of(headings.split(","))
    assert list(mapping) == found.split()


def test_headings_stand_below_a_title_or_are_not_there():
    named = [["Wetland soils"], ["4 March 2026"], ["Name", "E-mail"], ["Amara Okafor", "amara@marsh.example"]]
    assert columns.headings_at(named) == 2
    assert columns.headings_at(named[3:]) is None
    bare = [["Amara Okafor", "amara@marsh.example", "6,5", "x"], ["Jan de Boer", "jan@dike.example", "4", "x"]]
    assert columns.mapping_by_content(bare) == {"name": 0, "email": 1, "hours": 2, "completed": 3}


MEANINGS = ["name", "email", "certificate", "hours", "completed", "grade"]
HEADED = {
    "name": ["Name", "Participant", "FULL NAME"],
    "email": ["E-mail", "email address", "Mail"],
    "certificate": ["CERP number", "Certificate No."],
    "hours": ["Hours", "Contact hours", "hrs"],
    "completed": ["Completed", "Attended (y/n)", "Present"],
    "grade": ["Grade", "Mark", "Score"],
}
WHO = some.sampled_from(["Amara Okafor", "Jan de Boer", "Nguyễn Văn An", "O'Brien Null", "Ng"])


@given(some.permutations(MEANINGS), some.data(), WHO, some.integers(1, 24))
def test_a_line_reads_the_same_in_whichever_order_its_columns_stand(order, data, name, quarters):
    """Round trip: what is written into a list is what is read from it."""
    headings = [data.draw(some.sampled_from(HEADED[meaning])) for meaning in order]
    said = {
        "name": name,
        "email": "Someone@Marsh.example",
        "certificate": "cerp 42",
        "hours": data.draw(
            some.sampled_from([f"{quarters / 4}", f"{quarters / 4}h".replace(".", ","), f"{quarters * 15} min"])
        ),
        "completed": data.draw(some.sampled_from(["yes", "X", "true", "✓"])),
        "grade": "B",
    }
    mapping = columns.mapping_of(headings)
    line, problems = read_line(columns.said_by([said[one] for one in order], mapping), WORKSHOP, mapping)
    assert problems == []
    assert line == Line(name, "someone@marsh.example", "CERP-0042", quarters * 15, "B", None)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *[("6", 360), ("6.5", 390), ("6,5", 390), ("6h", 360), ("6 hours", 360), ("6:30", 390), ("6 h 30 min", 390)],
        *[("390 min", 390), ("1h 5m 10s", 65), ("0", 0), ("６", 360), ("6h30", 390), ("0.99", 59), ("30:00", 1800)],
        *[
            ("", None),
            ("-2", None),
            ("NaN", None),
            ("1e5", None),
            ("٣", None),
            ("all", None),
            ("h", None),
            ("6:75", None),
        ],
    ],
)
def test_hours_are_read_as_people_write_them(text, minutes):
    assert cells.minutes_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", DAY),
        ("4 March 2026", DAY),
        ("March 4, 2026", DAY),
        ("04.03.2026", DAY),
        ("2026-03-04 10:00", DAY),
        ("14/03/2026", date(2026, 3, 14)),
        ("3/14/2026", date(2026, 3, 14)),
        ("03/04/2026", None),
        ("31/31/2026", None),
        ("2026-02-29", None),
        ("soon", None),
    ],
)
def test_a_day_that_means_two_days_in_two_countries_is_none(text, day):
    assert cells.day_in(text) == day


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Amara@Marsh.example", "amara@marsh.example"),
        ("Amara Okafor <amara@marsh.example>", "amara@marsh.example"),
        ("mailto:amara@marsh.example", "amara@marsh.example"),
        ("amara@münster.example", "amara@münster.example"),
        *[
            (text, "")
            for text in ("amara", "amara@", "amara@marsh", "a b@marsh.example", "a@b.org; c@d.org", "a..b@c.org")
        ],
    ],
)
def test_an_address_is_one_address(text, address):
    assert cells.address_in(text) == address


@pytest.mark.parametrize(
    ("said", "event", "codes"),
    [
        ({}, WORKSHOP, {"name": "no-name", "email": "no-email"}),
        ({"name": "Li Na", "certificate": "CERPIT-7"}, WORKSHOP, {}),
        ({"name": "Li Na", "email": "li@"}, WORKSHOP, {"email": "odd-email"}),
        ({"name": "li@reed.example", "email": "li@reed.example"}, WORKSHOP, {"name": "odd-name"}),
        (
            {"name": "Li Na", "email": "li@reed.example", "certificate": "12"},
            WORKSHOP,
            {"certificate": "odd-certificate"},
        ),
        ({"name": "Li Na", "email": "li@reed.example", "hours": "7"}, WORKSHOP, {"hours": "too-many-hours"}),
        ({"name": "Li Na", "email": "li@reed.example", "hours": "0"}, WORKSHOP, {"hours": "zero-hours"}),
        ({"name": "Li Na", "email": "li@reed.example", "hours": "many"}, WORKSHOP, {"hours": "odd-hours"}),
        ({"name": "Li Na", "email": "li@reed.example", "completed": "no"}, WORKSHOP, {"completed": "not-completed"}),
        ({"name": "Li Na", "email": "li@reed.example", "completed": "maybe"}, WORKSHOP, {"completed": "odd-completed"}),
        ({"name": "=A1", "email": "li@reed.example"}, WORKSHOP, {"name": "formula"}),
        ({"name": "Li Na", "email": "#N/A"}, WORKSHOP, {"email": "formula"}),
        ({"name": "Li Na", "email": "li@reed.example"}, WEBINAR, {"day": "no-day"}),
        ({"name": "Li Na", "email": "li@reed.example", "day": "03/04/2026"}, WEBINAR, {"day": "odd-day"}),
        ({"name": "Li Na", "email": "li@reed.example", "day": "2026-03-21"}, WEBINAR, {"day": "other-day"}),
        ({"name": "Li Na", "email": "li@reed.example", "day": "2026-03-20"}, WEBINAR, {}),
    ],
)
def test_each_line_tells_what_is_wrong_with_it(said, event, codes):
    """R-SPO-4."""
    assert {one.column.value: one.code for one in read_line(said, event, {})[1]} == codes


def test_whoever_is_not_marked_otherwise_attended_the_whole():
    """Partial attendance is told; an empty cell of hours says nothing unless the person is marked as completed."""
    said = {"name": "Li Na", "email": "li@reed.example"}
    assert read_line(said, WORKSHOP, {"name": 0, "email": 1})[0].minutes == 360
    hours = {"name": 0, "email": 1, "hours": 2}
    assert [one.code for one in read_line(said, WORKSHOP, hours)[1]] == ["no-hours"]
    marked = read_line({**said, "completed": "x"}, WORKSHOP, {**hours, "completed": 3})
    assert (marked[0].minutes, marked[1]) == (360, [])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Amara Okafor", "Okafor Amara", True),
        ("José García", "Jose Garcia", True),
        ("Amara N. Okafor", "Amara Okafor", True),
        ("A. Okafor", "Amara Okafor", True),
        ("Dr. Amara Okafor, PhD", "amara okafor", True),
        ("Amara Okafor", "Amara Obi", False),
        ("A. O.", "Amara Okafor", False),
        ("", "Amara Okafor", False),
        ("Ng", "Ng", True),
    ],
)
def test_two_names_are_alike_where_one_person_can_have_both(one, other, same):
    assert alike(one, other) is alike(other, one) is same


def test_a_slip_of_the_pen_is_near_and_another_person_is_not():
    assert near("Christina Johansson", "Christine Johansson") and not near("Anna Berg", "Anne Berg")
    assert mailbox("Am.ara+roster@marsh.example") == mailbox("amara@marsh.example")


def line(name: str, email: str = "", certificate: str = "") -> Line:
    return Line(name, email, certificate, 360, "", None)


def test_the_second_of_two_lines_about_one_person_says_so():
    found = twins(
        enumerate(
            [
                line("Amara Okafor", "amara@marsh.example", "CERP-0042"),
                line("Okafor Amara", "amara@marsh.example"),
                line("Jan de Boer", "amara@marsh.example"),
                line("Jan de Boer", "jan@dike.example", "CERP-0042"),
                line("Jan d. Boer", "boer@dike.example"),
                line("Wanjiru Kamau", "a.mara+1@marsh.example"),
                line("Li Na", "li@reed.example"),
            ],
            start=2,
        )
    )
    assert {number: (one.code, one.told, one.doubt) for number, one in found.items()} == {
        3: ("twice", "2", False),
        4: ("one-address", "2", False),
        5: ("twice", "2", False),
        6: ("like-name", "4", True),
        7: ("like-address", "2", True),
    }


@pytest.mark.parametrize(
    ("first", "last", "starts", "ends", "zone", "trouble"),
    [
        ("2026-03-04", "2026-03-04", "09:00", "17:00", "America/New_York", None),
        ("2026-03-04", "2026-03-04", None, None, "America/New_York", None),
        ("2026-03-05", "2026-03-04", None, None, "UTC", Trouble.BACKWARDS),
        ("2026-03-04", "2027-03-05", None, None, "UTC", Trouble.TOO_LONG),
        ("2026-03-04", "2026-03-04", "09:00", None, "UTC", Trouble.ONE_TIME),
        ("2026-03-04", "2026-03-04", "09:00", "09:00", "UTC", Trouble.NO_LENGTH),
        ("2026-03-04", "2026-03-04", "22:00", "02:00", "UTC", Trouble.OVER_MIDNIGHT),
        ("2026-03-04", "2026-03-05", "22:00", "02:00", "UTC", None),
        ("2026-03-08", "2026-03-08", "02:30", "17:00", "America/New_York", Trouble.SKIPPED),
        ("2026-03-07", "2026-03-08", "09:00", "02:30", "America/New_York", Trouble.SKIPPED),
        ("2026-11-01", "2026-11-01", "01:30", "17:00", "America/New_York", Trouble.TWICE),
        ("2026-11-01", "2026-11-01", "01:30", "17:00", "UTC", None),
        ("2026-03-29", "2026-03-29", "02:00", "05:00", "Europe/Amsterdam", Trouble.SKIPPED),
        ("2026-03-29", "2026-03-29", "03:00", "05:00", "Europe/Amsterdam", None),
    ],
)
def test_days_and_times_that_cannot_be_are_found(first, last, starts, ends, zone, trouble):
    clock = [one and time.fromisoformat(one) for one in (starts, ends)]
    found = trouble_with(date.fromisoformat(first), date.fromisoformat(last), *clock, zone)
    assert (found and found[0]) == trouble
