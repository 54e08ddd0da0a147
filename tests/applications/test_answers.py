"""What is said of answers that cannot be: one sentence each, beside its field (SPEC 6, R-APP-4, R-APP-5)."""

from datetime import date
from decimal import Decimal

import pytest

from applications import asks, reading
from applications.answers import CHECKS
from applications.models import Criteria
from applications.services import sheets
from applications.states import Kind, Listed, Section, Unit
from applications.wording import experience_sentences, knowledge_sentences, result, shortfall
from serportal.drafts.answers import Judge

TODAY = date(2026, 11, 20)

COURSE = {
    "title": "Plant ecology",
    "institution": "Wadden University",
    "unit": "semester",
    "credits": "6",
    "passed": "yes",
    "area1": "biological.ecology",
}
JOB = {
    "employer": "Dollard Marsh Trust",
    "title": "Restorer",
    "first_day": "2020-01-01",
    "weekly_hours": "40",
    "restoration": "100",
    "duties": "Marshes.",
}
PROJECT = {
    "title": "Dollard creek",
    "place": "Delfzijl",
    "ecosystem": "salt marsh",
    "role": "lead",
    "first_day": "2022-03-01",
    "phases": ["planning"],
    "narrative": "Dug creeks.",
    "outcome": "Sedge came.",
}
PRIOR = {"area": "quantitative", "credits": "3", "learned": "R.", "how": "At work."}
DEGREE = {"institution": "Wadden University", "country": "NL", "degree": "BSc", "field": "Biology", "year": "2015"}
FEE = {"member": "no"}
WHOLE = {
    Listed.COURSE: COURSE,
    Listed.JOB: JOB,
    Listed.PROJECT: PROJECT,
    Listed.PRIOR: PRIOR,
    Listed.DEGREE: DEGREE,
    Section.FEE: FEE,
}


def found(where, **changes):
    judge = Judge(asks.asked_of(where, Kind.CERP), CHECKS.get(where), today=TODAY)
    return [(field, code) for field, code, _sentence in judge.found({**WHOLE[where], **changes})]


@pytest.mark.parametrize("where", WHOLE)
def test_whole_answers_lack_nothing(where):
    assert found(where) == []


@pytest.mark.parametrize(
    ("where", "changes", "wanted"),
    [
        (Listed.COURSE, {"title": ""}, [("title", "required")]),
        (Listed.COURSE, {"credits": "-3"}, [("credits", "invalid")]),
        (Listed.COURSE, {"credits": "0"}, [("credits", "no-credits")]),
        (Listed.COURSE, {"credits": "NaN"}, [("credits", "invalid")]),
        (Listed.COURSE, {"credits": "101"}, [("credits", "invalid")]),
        (Listed.COURSE, {"credits": "1e3"}, [("credits", "invalid")]),
        (Listed.COURSE, {"unit": "fortnights"}, [("unit", "invalid_choice")]),
        (Listed.COURSE, {"unit": "other"}, [("basis", "no-basis")]),
        (Listed.COURSE, {"unit": "other", "basis": "30 hours each"}, []),
        (Listed.COURSE, {"area1": "alchemy"}, [("area1", "invalid_choice")]),
        (Listed.COURSE, {"area1": "physical.ecology"}, [("area1", "invalid_choice")]),
        (Listed.COURSE, {"area1": ""}, [("area1", "required")]),
        (Listed.COURSE, {"credits1": "3", "area2": "physical.earth", "credits2": "3"}, []),
        (
            Listed.COURSE,
            {"credits1": "3", "area2": "physical", "credits2": "3.01"},
            [("credits1", "more-than-the-course")],
        ),
        (Listed.COURSE, {"area2": "physical", "credits2": "1"}, [("credits1", "more-than-the-course")]),
        (Listed.COURSE, {"area2": "physical"}, [("credits1", "more-than-the-course")]),
        (Listed.COURSE, {"credits1": "0"}, [("credits1", "empty-share")]),
        (Listed.COURSE, {"credits1": "3", "credits2": "3"}, [("area2", "no-area")]),
        (Listed.COURSE, {"credits1": "-3"}, [("credits1", "invalid")]),
        (Listed.COURSE, {"passed": "perhaps"}, [("passed", "invalid_choice")]),
        (Listed.JOB, {"last_day": "2019-12-31"}, [("last_day", "end-before-start")]),
        (Listed.JOB, {"first_day": "2026-11-21"}, [("first_day", "to-come")]),
        (Listed.JOB, {"last_day": "2026-11-21"}, [("last_day", "to-come")]),
        (Listed.JOB, {"last_day": "2026-11-20"}, []),
        (Listed.JOB, {"first_day": "31 May 2020"}, [("first_day", "invalid")]),
        (Listed.JOB, {"first_day": "1949-12-31"}, [("first_day", "invalid")]),
        (Listed.JOB, {"weekly_hours": "200"}, [("weekly_hours", "invalid")]),
        (Listed.JOB, {"weekly_hours": "0"}, [("weekly_hours", "no-hours")]),
        (Listed.JOB, {"restoration": "101"}, [("restoration", "invalid")]),
        (Listed.JOB, {"restoration": "33.5"}, [("restoration", "not-whole")]),
        (Listed.JOB, {"restoration": "0"}, []),
        (Listed.PROJECT, {"phases": []}, [("phases", "required")]),
        (Listed.PROJECT, {"phases": ["dreaming"]}, [("phases", "invalid_choice")]),
        (Listed.PROJECT, {"last_day": "2022-02-28"}, [("last_day", "end-before-start")]),
        (Listed.PRIOR, {"credits": "0"}, [("credits", "no-credits")]),
        (Listed.PRIOR, {"area": ""}, [("area", "required")]),
        (Listed.DEGREE, {"year": "2027"}, [("year", "no-year")]),
        (Listed.DEGREE, {"year": "MMXV"}, [("year", "no-year")]),
        (Listed.DEGREE, {"year": "٢٠١٥"}, [("year", "no-year")]),
        (Listed.DEGREE, {"country": "Atlantis"}, [("country", "invalid_choice")]),
        (Section.FEE, {"member": "yes"}, [("membership_number", "needed")]),
        (Section.FEE, {"reduction": "on"}, [("reduction_why", "needed")]),
        (Section.FEE, {"member": ""}, [("member", "required")]),
    ],
)
def test_bad_input_is_told_beside_its_field(where, changes, wanted):
    assert found(where, **changes) == wanted


def test_every_sentence_says_what_to_do():
    """Nothing typed at all, and nonsense everywhere: each field has a sentence, none of them Django’s own."""
    for where in (*asks.BY_LISTED, *asks.BY_SECTION, Section.PERSON):
        judge = Judge(asks.asked_of(where, Kind.CERPIT), CHECKS.get(where), today=TODAY)
        nonsense = {name: ["?"] if name in {"phases", "sides"} else "?" for name in asks.names_of(where, Kind.CERPIT)}
        for raw in ({}, nonsense):
            for field, code, sentence in judge.found(raw):
                own = not sentence.startswith(("This field", "Enter ", "Select a valid"))
                assert own and ". " in f"{sentence} ", (where, field, code)


# Both sheets -----------------------------------------------------------
CRITERIA = Criteria(effective_from=date(2000, 1, 1))


def lines(*courses, prior=()):
    sheet = sheets.knowledge_of({"course": list(courses), "prior": list(prior)}, CRITERIA)
    return {(line.area, line.part): line.total for line in sheet.lines if line.total}


@pytest.mark.parametrize(
    ("course", "wanted"),
    [
        (COURSE, {("biological", None): 6, ("biological", "ecology"): 6}),
        ({**COURSE, "unit": Unit.QUARTER, "credits": "22.5"},
         {("biological", None): 15, ("biological", "ecology"): 15}),
        ({**COURSE, "unit": Unit.ECTS, "credits": "5"},
         {("biological", None): Decimal("2.5"), ("biological", "ecology"): Decimal("2.5")}),
        ({**COURSE, "credits1": "2", "area2": "quantitative", "credits2": "4"},
         {("biological", None): 2, ("biological", "ecology"): 2, ("quantitative", None): 4}),
        ({**COURSE, "passed": "no"}, {}),
        ({**COURSE, "passed": ""}, {}),
        ({**COURSE, "credits": "six"}, {}),
        ({**COURSE, "credits": "-6"}, {}),
        ({**COURSE, "unit": ""}, {}),
        ({**COURSE, "area1": ""}, {}),
        ({**COURSE, "credits1": "7"}, {}),
        ({**COURSE, "credits1": "?"}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_knowledge_counts_what_can_be_read(course, wanted):
    assert lines(course) == wanted


def test_a_sheet_is_stored_exactly():
    content = {
        "course": [{**COURSE, "unit": "quarter", "credits": "5"}],
        "prior": [PRIOR],
        "job": [JOB],
        "project": [PROJECT],
    }
    knowledge = sheets.knowledge_of(content, CRITERIA)
    experience = sheets.experience_of(content, CRITERIA, TODAY)
    assert sheets.restored(sheets.stored(knowledge)) == knowledge
    assert sheets.restored(sheets.stored(experience)) == experience
    assert sheets.restored({}) is None


@pytest.mark.parametrize(
    ("changes", "months"),
    [
        ({"last_day": "2020-12-31"}, "12"),
        ({"last_day": "2020-12-31", "weekly_hours": "20"}, "6"),
        ({"last_day": "2020-12-31", "restoration": "49"}, "6"),
        ({"last_day": ""}, "82.6"),
        ({"last_day": "2099-01-01"}, "82.6"),
        ({"last_day": "2019-01-01"}, "0"),
        ({"last_day": "soon"}, "0"),
        ({"first_day": ""}, "0"),
        ({"weekly_hours": "200"}, "0"),
        ({"restoration": "half"}, "0"),
    ],
)
def test_months_count_what_can_be_read(changes, months):
    sheet = sheets.experience_of({"job": [{**JOB, **changes}], "project": []}, CRITERIA, TODAY)
    assert str(sheet.shown).removesuffix(".0") == months


def test_the_sheets_in_words():
    content = {"course": [{**COURSE, "credits": "12"}], "prior": [PRIOR], "job": [JOB], "project": [PROJECT]}
    knowledge = sheets.knowledge_of(content, CRITERIA)
    said = knowledge_sentences(knowledge)
    assert said[0] == "12 of 15 credits in biological science; 3 more are needed."
    assert said[1] == "12 credits in ecology; 9 are needed."
    assert (
        "3 of 9 credits in quantitative science; 6 more are needed. 3 of them are asked for as prior learning." in said
    )
    experience = sheets.experience_of(content, CRITERIA, TODAY)
    assert experience_sentences(experience) == [
        "82.6 months of full-time work; 60 are needed.",
        "1 of 3 projects; 2 more are needed.",
        "No project shows: baseline inventory, implementation, monitoring.",
    ]
    assert "12 credits in ecology; 9 are needed." not in shortfall(knowledge, experience)
    assert len(shortfall(knowledge, experience)) == 10


@pytest.mark.parametrize(
    ("ready", "kind", "begin"),
    [
        ("cerp", "cerp", "Ready for CERP:"),
        ("cerp", "cerpit", "Ready for CERPIT."),
        ("cerpit", "cerp", "Ready for CERPIT, not yet for CERP:"),
        ("cerpit", "cerpit", "Ready for CERPIT:"),
        ("cerpit", "upgrade", "Not yet ready for CERP:"),
        ("neither", "cerp", "Not yet ready:"),
        ("", "upgrade", "The written list of next steps guides the review."),
    ],
)
def test_the_result_line(ready, kind, begin):
    assert result(ready, kind).startswith(begin)


def test_a_proof_says_which_prior_learning_it_is_of():
    found = reading.chapters("cerp", {"prior": [{"id": "a", **PRIOR}, {"id": "b", **PRIOR, "area": "restoration"}]})
    assert reading.rows_with_files(found) == {
        "prior:a": "Prior learning: Quantitative science",
        "prior:b": "Prior learning: Ecological restoration",
    }
