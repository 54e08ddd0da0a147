"""R-CAT: one claim of every activity, typed into its own form, read back in its own words, worth what the rules say."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cecs.asks import FORMS
from cecs.models import CecSubmission, Draft
from journals.models import Event
from journals.states import Activity
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

WORTH = {
    "course": (10, "42 classroom hours = 42; a single event counts at most 10."),
    "training": (6, "6 hours = 6."),
    "conference": (3, "6 hours ÷ 2 = 3."),
    "instruction": (6, "6 hours of instruction = 6."),
    "book": (10, "One book = 10."),
    "chapter": (5, "One book chapter = 5."),
    "paper": (5, "One peer-reviewed paper = 5."),
    "material": (1, "One technical document or educational material = 1."),
    "board": (5, "One year on a board = 5."),
    "committee": (3, "One year on a committee = 3."),
    "event": (2, "Organising one event = 2."),
    "volunteering": (Decimal("1.5"), "6 contact hours ÷ 4 = 1.5."),
}


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=1000))


@pytest.fixture
def draft(amara, client):
    client.force_login(amara)

    def begin(activity):
        return factories.draft(amara, data={"activity": activity})

    return begin


def send(client, draft, data, **extra):
    draft.refresh_from_db()
    path = reverse("cecs:draft", args=[draft.pk])
    return client.post(path, {**data, "version": draft.version, "check": "1", **extra})


def sentences(response) -> str:
    assert response.status_code == 422, response
    page = response.content.decode()
    for anchor, _text in response.context["summary"]:
        assert f'id="{anchor}"' in page
    return " ".join(text for _anchor, text in response.context["summary"])


def test_every_activity_has_its_form_and_its_worth():
    assert set(FORMS) == set(Activity) == set(WORTH)


@pytest.mark.parametrize("activity", Activity.values)
def test_a_claim_is_typed_checked_filed_and_read_back(client, draft, amara, activity):
    made = draft(activity)
    given = factories.answers_about(activity)
    credits, sentence = WORTH[activity]
    assert send(client, made, factories.draft_data(given)).url == reverse("cecs:check", args=[made.pk])
    page = client.get(reverse("cecs:check", args=[made.pk])).content.decode()
    assert sentence in page
    made.refresh_from_db()
    filed = client.post(reverse("cecs:check", args=[made.pk]), {"version": made.version})
    case = ReviewCase.objects.get(filed_by=amara)
    assert filed.url == reverse("cecs:case", args=[case.reference])
    assert (case.amount, case.topic) == (credits, activity)
    claim = CecSubmission.objects.get(case=case)
    assert claim.sentence == sentence
    for ask in FORMS[activity].asks():
        expected = getattr(given, ask.name)
        found = getattr(claim, ask.name)
        assert (tuple(found) if ask.kind == "many" else found) == expected, ask.name
    page = client.get(filed.url).content.decode()
    for text in (sentence, given.learned, given.provider if activity not in {"board", "committee"} else ""):
        assert text in page


@pytest.mark.parametrize("activity", Activity.values)
def test_an_empty_form_asks_everything_the_activity_needs_and_nothing_else(client, draft, activity):
    made = draft(activity)
    response = send(client, made, {})
    missing = {str(ask.missing) for ask in FORMS[activity].asks() if ask.missing}
    texts = [text for _anchor, text in response.context["summary"]]
    assert missing <= set(texts)
    assert len(texts) == len(missing) + FORMS[activity].has_hours + 1


CORPUS = [
    ("training", {"delivery": "online"}, "Nothing says how your attendance was verified"),
    ("conference", {"delivery": "on demand"}, "Nothing says how your attendance was verified"),
    ("course", {"grade": ""}, "Nothing is ticked for grades"),
    ("course", {"what-0": "Lectures", "hours-0": "2001"}, "2001 cannot be right"),
    ("course", {"hours-0": "1e3"}, "are not a number we can read"),
    ("instruction", {"regular": ""}, "Such a course counts only the first time you teach it"),
    ("instruction", {"regular": "yes"}, "When you first taught this course is missing"),
    ("instruction", {"regular": "yes", "first_taught_on": "2031-01-01"}, "so the first time cannot be"),
    ("instruction", {"regular": "yes", "first_taught_on": "0001-01-01"}, "from 1950 on"),
    ("paper", {"last_day": ""}, "counts from the day the publisher accepted it"),
    ("paper", {"last_day": "soon"}, "is not a date we can use"),
    ("board", {"level": "chapter", "unit": ""}, "The name of the section or chapter is missing"),
    ("board", {"level": "galaxy"}, "is none of the three"),
    ("board", {"first_day": "2020-01-01"}, "is more than a year. One claim is one year of service"),
    ("volunteering", {"not_for_profit": ""}, "Only those count"),
    ("volunteering", {"admin_name": "\u200b"}, "The administrator who documents your hours is missing"),
    ("training", {"asked": "NaN"}, "“NaN” is not a number of credits"),
    ("training", {"asked": "0.1"}, "“0.1” is not a number of credits"),
    ("training", {"asked": "-2"}, "“-2” is not a number of credits"),
    ("training", {"asked": "100.25"}, "“100.25” is not a number of credits"),
    ("training", {"areas": ["astrology"]}, "is not on the list"),
]


@pytest.mark.parametrize(("activity", "changes", "sentence"), CORPUS)
def test_each_wrong_answer_has_a_sentence_at_its_field(client, draft, activity, changes, sentence):
    made = draft(activity)
    response = send(client, made, {**factories.draft_data(factories.answers_about(activity)), **changes})
    assert sentence in sentences(response)
    assert not ReviewCase.objects.exists()


NOTHING = [
    ("volunteering", {"not_for_profit": "no"}, "counts only for a not-for-profit"),
    ("course", {"grade": "failed"}, "graded and not passed"),
    ("training", {"hours-0": "0.75"}, "less than the 60 minutes"),
    ("instruction", {"regular": "yes", "first_taught_on": "2010-09-01"}, "was taught before, from 1\xa0September 2010"),
    ("paper", {"last_day": "2001-05-05"}, "lies before your period"),
]


@pytest.mark.parametrize(("activity", "changes", "sentence"), NOTHING)
def test_what_brings_nothing_is_said_before_it_is_filed_and_not_filed(client, draft, activity, changes, sentence):
    made = draft(activity)
    assert send(client, made, {**factories.draft_data(factories.answers_about(activity)), **changes}).status_code == 302
    path = reverse("cecs:check", args=[made.pk])
    assert sentence in client.get(path).content.decode()
    made.refresh_from_db()
    answer = client.post(path, {"version": made.version})
    assert answer.status_code == 422
    assert "This claim would bring no credits" in answer.content.decode() and sentence in answer.content.decode()
    assert not ReviewCase.objects.exists()


def test_a_change_of_activity_keeps_what_was_typed_for_both(client, draft):
    made = draft("training")
    data = factories.draft_data(factories.answers_about("training"))
    send(client, made, data)
    path = reverse("cecs:activity", args=[made.pk])
    assert client.post(path, {"activity": "gliding"}).status_code == 422
    client.post(path, {"activity": "conference"})
    page = client.get(reverse("cecs:draft", args=[made.pk])).content.decode()
    assert "Seed mixes for dikes" in page and "What qualifies them" not in page
    made.refresh_from_db()
    posted = {name: text for name, text in data.items() if name not in {"instructor", "instructor_basis", "objectives"}}
    send(client, made, {**posted, "title": "Dike Days"})
    client.post(path, {"activity": "training"})
    made.refresh_from_db()
    assert (made.data["title"], made.data["instructor"], made.data["objectives"]) == (
        "Dike Days",
        "Piet Zwart",
        "Choose a mix.",
    )


def test_longer_than_two_weeks_is_told_in_parts_and_every_saved_part_makes_room_for_another(client, draft):
    made = draft("course")
    data = factories.draft_data(factories.answers_about("course"))
    assert [name for name in data if name.startswith("hours-")] == ["hours-0"]
    client.post(reverse("cecs:draft", args=[made.pk]), {**data, "version": made.version, "work-out": "1"})
    page = client.get(reverse("cecs:draft", args=[made.pk])).content.decode()
    assert "Part 1" in page and "Part 2" in page and "Part 3" not in page
    made.refresh_from_db()
    response = send(client, made, {**data, "what-1": "Field days", "hours-1": "2400"})
    assert "at most 2000 hours can be counted; 2400 cannot be right" in sentences(response)


def test_the_sum_so_far_needs_no_complete_form(client, draft):
    made = draft("board")
    last = programme_day() - timedelta(days=30)
    data = {"level": "ser", "first_day": (last - timedelta(days=364)).isoformat(), "last_day": last.isoformat()}
    answer = client.post(
        reverse("cecs:draft", args=[made.pk]), {**data, "version": made.version}, HTTP_HX_REQUEST="true"
    )
    assert "One year on a board = 5." in answer.content.decode()


def test_sessions_of_one_event_share_its_cap_across_activities(client, amara):
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    factories.decided(ruth, committee, owner=amara, hours="16")
    conference = factories.answers()
    taught = factories.claim(
        amara,
        about="instruction",
        title=conference.title.upper(),
        provider="Wadden Coast  Research Network",
        last_day=conference.last_day,
    )
    assert taught.amount == 2
    claim = taught.cecs_cecsubmission
    assert claim.sentence == (
        "6 hours of instruction = 6; a single event counts at most 10, and 8 are already credited for it, which "
        "leaves 2."
    )
    assert Event.objects.count() == 1


def test_a_member_names_the_event_a_claim_is_part_of(client, amara):
    factories.claim(amara, hours="16")
    client.force_login(amara)
    event = Event.objects.get()
    last = factories.answers().last_day
    made = factories.draft(amara, data=factories.draft_data(factories.answers_about("training", last_day=last)))
    page = client.get(reverse("cecs:draft", args=[made.pk])).content.decode()
    assert "Is it part of an event you reported before?" in page and event.name in page
    assert "is not one of yours" in sentences(send(client, made, {**made.data, "part_of": "999999"}))
    send(client, made, {**made.data, "part_of": str(event.pk)})
    made.refresh_from_db()
    client.post(reverse("cecs:check", args=[made.pk]), {"version": made.version})
    assert CecSubmission.objects.get(activity="training").event == event
    assert Event.objects.count() == 1


def test_what_looks_like_an_earlier_claim_is_shown_before_filing_and_changes_no_number(client, amara):
    first = factories.claim(amara)
    client.force_login(amara)
    made = factories.draft(amara, data=factories.draft_data(factories.answers(title="North Sea Wetland Conference")))
    path = reverse("cecs:check", args=[made.pk])
    page = client.get(path).content.decode()
    assert "This looks like something you reported before" in page and first.reference in page
    client.post(path, {"version": made.version})
    assert ReviewCase.objects.latest("pk").amount == 10
    other = factories.draft(factories.certificant(), data=factories.draft_data())
    client.force_login(other.owner)
    assert first.reference not in client.get(reverse("cecs:check", args=[other.pk])).content.decode()


def test_a_denied_first_teaching_may_be_filed_again_and_a_later_one_may_not(amara):
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    first = programme_day() - timedelta(days=400)
    course = {"about": "instruction", "regular": "yes", "course_no": "ENVR101", "provider": "Wadden University"}
    teaching = {**course, "last_day": first, "first_taught_on": first}
    case = factories.voted(ruth, committee, ["deny", "deny", "deny"], owner=amara, **teaching)
    factories.reviews.decide(case.pk, digest=factories.reviews.preview(case).digest, by=ruth)
    again = factories.claim(amara, **{**teaching, "course_no": "envr 101"})
    assert again.amount == 6
    with pytest.raises(Refusal) as refused:
        factories.claim(amara, **{**course, "first_taught_on": programme_day() - timedelta(days=14)})
    assert "was taught before" in str(refused.value)


def test_the_next_claim_starts_as_a_copy_without_days_hours_and_proof(client, amara):
    case = factories.claim(amara, about="training")
    client.force_login(amara)
    page = client.get(reverse("cecs:case", args=[case.reference]))
    key = page.context["copy"]["submit_key"].value()
    for _twice in range(2):
        answer = client.post(reverse("cecs:copy", args=[case.reference]), {"submit_key": key})
        assert answer.url == reverse("cecs:draft", args=[key])
    copy = Draft.objects.get(pk=key)
    assert (copy.data["instructor"], copy.activity) == ("Piet Zwart", "training")
    assert not {"first_day", "last_day", "attested", "hours-0", "what-0"} & set(copy.data)
    assert not copy.folder.files.exists()


def test_those_named_are_shown_to_reviewers_and_never_seated(amara):
    ruth = factories.coordinator()
    named = factories.member(name="Thandiwe Mokoena")
    others = [factories.member() for _ in range(3)]
    case = factories.screened(ruth, owner=amara, about="paper", with_people="THANDIWE MOKOENA\nLi Na")
    assert list(case.parties.values_list("role", "name"))[-2:] == [
        ("co-author", "THANDIWE MOKOENA"),
        ("co-author", "Li Na"),
    ]
    found = [person for person, _facts in factories.reviews.candidates(case, case.filed_at)]
    assert set(found) == set(others)
    assert not ReviewCase.objects.visible_to(named).exists()
