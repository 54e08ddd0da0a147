"""What a renewal needs, by table (R-PER-2, R-PER-3, R-PER-4, R-PER-6)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from journals import gates as words
from journals import rules
from journals.rules import Arranged, Held, Line
from serportal.certifications.rules import last_day, reinstated_until, renewal_opens, years
from serportal.ui.words import day_text

START = date(2021, 3, 15)
END = last_day(START)
YEARS = list(years(START, END))
OPENS = renewal_opens(END)
D, DAY = Decimal, timedelta(days=1)
REFERENCE = "ARR-2026-0001"


def held(*credits: str, arranged=(), uploaded: bool = True, **facts) -> Held:
    """A period whose years have these credits, each earned on the tenth day of its year."""
    lines = [Line(year.first + 10 * DAY, D(one), uploaded) for year, one in zip(YEARS, credits, strict=True)]
    progress = rules.progress(lines, years=YEARS, goal=D(50), yearly=D(5), arranged=arranged)
    return Held(ends_on=END, progress=progress, **facts)


WHOLE = held("10", "10", "10", "10", "10")
LAPSED = END + 100 * DAY


@pytest.mark.parametrize(
    ("said", "facts", "today", "missing"),
    [
        ("everything is there", WHOLE, OPENS, []),
        ("R-PER-6: it opens 180 days before the end, not a day earlier", WHOLE, OPENS - DAY, ["opens"]),
        ("R-PER-6: on the last day of the period", WHOLE, END, []),
        ("R-PER-6: in grace", WHOLE, END + 90 * DAY, []),
        ("R-PER-4: approved credits count, uploaded or not", held(*["10"] * 5, uploaded=False), OPENS, []),
        ("R-PER-2: 49.75 are not 50", held("10", "10", "10", "10", "9.75"), OPENS, ["total"]),
        ("R-PER-2: 49.75 when the period is over", held("10", "10", "10", "10", "9.75"), END + DAY, ["total-over"]),
        ("R-PER-2: 50 with one short year", held("15", "15", "4.75", "10", "10"), OPENS, ["year-short"]),
        ("R-PER-2: a last year that still runs", held("15", "15", "10", "10", "4"), END, ["year-runs"]),
        ("R-PER-4: a last year that is over", held("15", "15", "10", "10", "4"), END + DAY, ["year-short"]),
        (
            "R-PER-4: surplus counts to the 50, not to another year",
            held("46", "4", "4", "4", "4"),
            END,
            [
                *["year-short"] * 3,
                "year-runs",
            ],
        ),
        ("nothing at all", held(*["0"] * 5), OPENS - DAY, ["opens", "total", *["year-short"] * 4, "year-runs"]),
        (
            "R-PER-3: a lower minimum",
            held("15", "15", "4", "10", "10", arranged=[Arranged(REFERENCE, 3, D(4))]),
            END,
            [],
        ),
        (
            "R-PER-3: a lower minimum that is not reached either",
            held("15", "15", "3", "10", "10", arranged=[Arranged(REFERENCE, 3, D(4))]),
            END,
            ["year-short"],
        ),
        (
            "R-PER-3: a make-up date to come",
            held("15", "15", "4", "15", "5", arranged=[Arranged(REFERENCE, 3, until=YEARS[2].last + DAY)]),
            YEARS[2].last + DAY,
            ["opens", "year-made-up"],
        ),
        (
            "R-PER-3: a make-up date that has passed",
            held("15", "15", "4", "15", "5", arranged=[Arranged(REFERENCE, 3, until=YEARS[2].last + DAY)]),
            END,
            ["year-short"],
        ),
        (
            "R-PER-3: made up",
            held("15", "15", "4", "15", "5", arranged=[Arranged(REFERENCE, 3, until=YEARS[2].last + 30 * DAY)]),
            END,
            [],
        ),
        (
            "R-PER-4: a request about it is read",
            held("15", "15", "4", "10", "10", asked={3: REFERENCE}),
            END,
            ["year-asked"],
        ),
        ("upgraded, revoked or retired", replace(WHOLE, ended=True), OPENS, ["ended"]),
        ("followed by a period", replace(WHOLE, following=END + DAY), OPENS, ["followed"]),
        ("a renewal is open", replace(WHOLE, open="REN-2026-0001"), OPENS, ["open"]),
        ("R-PER-6: lapsed", replace(WHOLE, lapsed_on=LAPSED), LAPSED, []),
        ("R-PER-6: the last day", replace(WHOLE, lapsed_on=LAPSED), reinstated_until(LAPSED), []),
        ("R-PER-6: over", replace(WHOLE, lapsed_on=LAPSED), reinstated_until(LAPSED) + DAY, ["too-late"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_keeps_a_period_from_being_renewed(said, facts, today, missing):
    found = rules.gates(facts, today)
    assert [one.code for one in found if not one.met] == missing, said
    sentences = [words.sentence(one) for one in found]
    assert all(sentences) and not any("{" in one for one in sentences)


def test_each_says_how_much_until_when_and_leads_to_the_way_out():
    facts = held("15", "15", "4.5", "10", "4")
    told = {one.code: one for one in words.told(rules.gates(facts, END)) if not one.met}
    third, last = day_text(YEARS[2].last), day_text(END)
    assert told["year-short"].sentence.startswith(f"Year 3 ended on {third} with 0.5 too few.")
    assert told["year-short"].url == "/journal/arrangements/new/?year=3"
    assert told["year-runs"].sentence == f"Year 5 still needs 1 by {last}."
    assert told["total"].sentence == f"1.5 of the 50 credits are still missing. They are earned by {last}."
    assert told["total"].url == told["year-runs"].url == "/journal/plan/"


def test_what_rules_it_out_is_told_alone():
    facts = replace(held(*["0"] * 5), ended=True, following=END + DAY)
    assert [one.code for one in rules.gates(facts, OPENS)] == ["ended"]
