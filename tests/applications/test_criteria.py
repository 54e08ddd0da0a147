"""R-APP-4, R-APP-5, R-APP-6: the criteria as dated rows, previewed, stored and announced."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Criteria
from applications.services.criteria import CRITERIA, FIGURES, changes, criteria_around, criteria_on
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
TODAY = programme_day()
LATER = TODAY + timedelta(days=40)


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


def version(**figures) -> Criteria:
    """A new version from a later day, with ``figures`` in place of those in force."""
    row = criteria_on(TODAY)
    row.pk, row.effective_from = None, LATER
    for name, value in figures.items():
        setattr(row, name, value)
    return row


def refused(code: str, act) -> str:
    with pytest.raises(Refusal) as found:
        act()
    assert found.value.code == code
    return str(found.value)


SAID = [
    ("biological", 16, "Biological science: 16 semester credits instead of 15."),
    ("ecology", 10, "Biological science: 10 of its credits in ecology instead of 9."),
    ("physical", 14, "Physical science: 14 semester credits instead of 15."),
    ("earth", 5, "Physical science: 5 of its credits in soils, hydrology or climate instead of 6."),
    ("resource", 13, "Resource management and conservation: 13 semester credits instead of 12."),
    ("ecological", 4, "Resource management and conservation: 4 of its credits in ecological dimensions instead of 3."),
    ("human", 2, "Resource management and conservation: 2 of its credits in human dimensions instead of 3."),
    ("quantitative", 6, "Quantitative science: 6 semester credits instead of 9."),
    ("restoration", 10, "Ecological restoration: 10 semester credits instead of 12."),
    ("months", 48, "Experience: 48 months of full-time work instead of 60."),
    ("projects", 4, "Experience: at least 4 projects instead of 3."),
    ("references_least", 1, "References: at least 1 instead of 2."),
    ("references_most", 4, "References: at most 4 instead of 3."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), SAID)
def test_each_figure_that_changes_is_said(name, value, sentence):
    assert changes(criteria_on(TODAY), version(**{name: value})) == [sentence]


def test_every_figure_has_its_sentence():
    figures = {field.name for field in Criteria._meta.concrete_fields} - {"id", "effective_from"}
    assert figures == set(FIGURES) == {name for name, _value, _sentence in SAID}


HARDER = [
    ({"ecology": 10}, "exactly the credits asked until then", "9 of 10 credits in ecology; 1 more are needed."),
    (
        {"restoration": 14},
        "exactly the credits asked until then",
        "12 of 14 credits in ecological restoration; 2 more are needed.",
    ),
    (
        {"months": 72},
        "exactly the months and projects asked until then",
        "60 of 72 months of full-time work; 12 more are needed.",
    ),
    ({"projects": 5}, "exactly the months and projects asked until then", "3 of 5 projects; 2 more are needed."),
]


@pytest.mark.parametrize(("figures", "what", "lacks"), HARDER)
def test_the_preview_works_out_whom_it_touches(figures, what, lacks):
    examples = {one.what: one for one in CRITERIA.preview(version(**figures)).examples}
    assert examples[what].before == "enough" and examples[what].after.endswith(lacks)
    assert [one.what for one in examples.values() if one.differs] == [what]


def test_easier_criteria_show_who_is_helped():
    examples = {one.what: one for one in CRITERIA.preview(version(months=48)).examples}
    helped = examples["exactly the months and projects asked from then on"]
    assert (helped.before, helped.after) == ("48 of 60 months of full-time work; 12 more are needed.", "enough")


def test_a_version_is_stored_once_by_a_coordinator_and_holds_from_its_day(ruth):
    row = version(months=48)
    change = CRITERIA.preview(row)
    assert change.stays[0] == "0 applications were filed under the row that holds until then, and are judged by it."
    amara = factories.PersonFactory()
    refused("not-yours", lambda: CRITERIA.store(row, digest=change.digest, by=amara))
    CRITERIA.store(row, digest=change.digest, by=ruth)
    assert criteria_on(LATER - timedelta(days=1)).months == 60 and criteria_on(LATER).months == 48
    held, later = criteria_around(TODAY)
    assert held.months == 60
    assert later == [(LATER, ["Experience: 48 months of full-time work instead of 60."])]


def test_what_would_change_nothing_or_the_past_is_refused():
    refused("nothing-changes", lambda: CRITERIA.preview(version()))
    row = version(months=48)
    row.effective_from = TODAY - timedelta(days=1)
    assert "is past" in refused("past", lambda: CRITERIA.preview(row))


def values(**typed) -> dict:
    row = {name: str(getattr(criteria_on(TODAY), name)).removesuffix(".00") for name in FIGURES}
    return {**row, "effective_from": LATER.isoformat(), **typed}


def test_the_coordinator_previews_and_stores_a_version(client, ruth):
    client.force_login(ruth)
    path = reverse("admin:applications_criteria_add")
    assert 'value="15"' in client.get(path).content.decode()
    assert "to be verified with SER" in text_of(client.get(path))
    page = client.post(path, values(months="48"))
    words = text_of(page)
    assert "Experience: 48 months of full-time work instead of 60." in words
    assert "exactly the months and projects asked from then on" in words
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.content.decode())[1]
    client.post(path, values(months="48", confirm="1", digest=digest))
    assert Criteria.objects.get(effective_from=LATER).months == 48
    assert "48 months, 3 projects" in text_of(client.get(reverse("admin:applications_criteria_changelist")))


BAD = [
    ({"ecology": "16"}, "Biological science, semester credits: its parts need more than the whole area."),
    ({"ecological": "7", "human": "6"}, "Resource management and conservation, semester credits: its parts need more"),
    ({"references_most": "1"}, "References, at most: write a number that is not below the least."),
    ({"months": "-1"}, "Months of full-time work: write a number from 0 to 600, in steps of 1."),
    ({"quantitative": "201"}, "Quantitative science, semester credits (to be verified with SER): write a number"),
    ({"effective_from": "soon"}, "In force from: write a day as 2027-01-31."),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_what_the_database_would_refuse_is_answered_in_a_sentence(client, ruth, typed, sentence):
    client.force_login(ruth)
    response = client.post(reverse("admin:applications_criteria_add"), values(**typed))
    assert response.status_code == 422 and sentence in text_of(response)
    assert Criteria.objects.count() == 1
