"""R-UPL-5: quarters are carried from export to export, and never lost, made or told twice."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journals import rules
from journals.rules import ExportLine
from serportal.ui.sheets import MARK, inert, lines

D = Decimal
DAY = date(2026, 3, 1)
quarters = st.integers(1, 40).map(lambda n: n * D("0.25"))
runs = st.lists(st.lists(st.tuples(quarters, st.integers(0, 400), st.booleans()), max_size=6), max_size=8)


def total(found) -> Decimal:
    return sum((line.credits for line in found), D(0))


def exports_of(told) -> list[tuple[rules.Carried, list[ExportLine], list[ExportLine]]]:
    """Export run after run, as (lines of credits, days, whether an earlier line is taken back with it)."""
    carried, done, key, earlier = D(0), [], 0, []
    for run in told:
        found = []
        for credits, days, back in run:
            key += 1
            found.append(ExportLine(DAY + timedelta(days=days), key, credits))
            earlier.append(found[-1])
            if back:
                key += 1
                gone = earlier.pop(0)
                found.append(ExportLine(gone.day, key, -gone.credits))
        step = rules.carry(carried, total(found), whole_numbers=True)
        done.append((step, rules.export_lines(found, carried_in=carried, whole_numbers=True), found))
        carried = step.carried_out
    return done


@given(runs)
def test_what_is_exported_and_carried_is_what_was_posted_to_the_quarter(told):
    done = exports_of(told)
    posted = sum((total(found) for _step, _laid, found in done), D(0))
    exported = sum((step.exported for step, _laid, _found in done), D(0))
    assert exported + (done[-1][0].carried_out if done else 0) == posted


@given(runs)
def test_the_lines_of_an_export_are_whole_none_is_nothing_and_they_add_up(told):
    for step, laid, _found in exports_of(told):
        assert total(laid) == step.exported == int(step.exported)
        assert all(line.credits and line.credits == int(line.credits) for line in laid)
        assert 0 <= step.carried_out < 1
        assert [line.day for line in laid] == sorted(line.day for line in laid)


@given(runs)
def test_every_line_is_told_once_and_less_than_a_credit_away_from_its_own(told):
    for _step, laid, found in exports_of(told):
        told_of = {line.key: line.credits for line in laid}
        assert len(told_of) == len(laid)
        assert all(abs(told_of.get(line.key, D(0)) - line.credits) < 1 for line in found)


@given(st.lists(st.tuples(quarters, st.integers(0, 400)), max_size=6), st.integers(0, 3))
def test_a_system_that_holds_quarters_is_told_every_line_as_it_is(told, kept):
    found = [ExportLine(DAY + timedelta(days=days), n, credits) for n, (credits, days) in enumerate(told)]
    carried_in = kept * D("0.25")
    laid = rules.export_lines(found, carried_in=carried_in, whole_numbers=False)
    step = rules.carry(carried_in, total(found), whole_numbers=False)
    assert step.carried_out == 0
    if found:
        assert total(laid) == step.exported
        assert laid[0].credits == sorted(found, key=lambda line: (line.day, line.key))[0].credits + carried_in


@pytest.mark.parametrize(
    ("carried_in", "credits", "laid", "exported", "carried_out"),
    [
        ("0", ["10"], ["10"], 10, "0"),
        ("0", ["0.75"], [], 0, "0.75"),
        ("0.75", ["0.5"], ["1"], 1, "0.25"),
        ("0.5", ["1.25", "1.25", "1.25"], ["1", "2", "1"], 4, "0.25"),
        ("0.25", ["-10"], ["-10"], -10, "0.25"),
        ("0.25", ["-2.5"], ["-3"], -3, "0.75"),
        ("0", ["10", "-10"], ["10", "-10"], 0, "0"),
        ("0.5", ["0.25", "-0.25"], [], 0, "0.5"),
    ],
)
def test_table_of_exports(carried_in, credits, laid, exported, carried_out):
    found = [ExportLine(DAY, n, D(one)) for n, one in enumerate(credits)]
    step = rules.carry(D(carried_in), sum(map(D, credits)), whole_numbers=True)
    assert (step.exported, step.carried_out) == (exported, D(carried_out))
    told = rules.export_lines(found, carried_in=D(carried_in), whole_numbers=True)
    assert [line.credits for line in told] == [D(one) for one in laid]


DANGEROUS = [
    *("=1+1", '=HYPERLINK("http://x")', "+cmd", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", "＝1+1", "＋1", "－2+3"),
    *("＠SUM", " =1+1", "\u200b=1+1", "\ufeff=1+1", "|cmd", "%0A", "\x01=1"),
]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_runs(cell):
    """RELIABILITY C27: cells that begin with = + - @ TAB CR or their full-width forms are inert."""
    (read,) = next(csv.reader(io.StringIO("".join(lines([[cell]], mark=False)), newline="")))
    assert read.startswith("'")


@pytest.mark.parametrize(
    "cell", ["Amara Okafor", "2 − 1", "Ng", "O'Brien", "王秀英", "Ａ wide", "5 = five", "", 'She said "1, 2"\nand 3']
)
def test_other_cells_stay_as_they_are(cell):
    assert inert(cell) == cell
    assert next(csv.reader(io.StringIO("".join(lines([[cell, "x"]], mark=False)), newline=""))) == [cell, "x"]


@pytest.mark.parametrize(
    ("cell", "read"), [(D("-2.5"), "-2.5"), ("-10", "-10"), (-3, "-3"), (None, ""), (DAY, "2026-03-01")]
)
def test_numbers_below_zero_stay_numbers(cell, read):
    assert "".join(lines([[cell, 1]])) == f"{MARK}{read},1\r\n"
