"""Bad input at the claim form: the field, the rule, the way out; never a 500, never a lost text (SPEC 6)."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cecs.models import Draft
from serportal.files.models import StoredFile
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor")


@pytest.fixture
def draft(amara, client):
    client.force_login(amara)
    return factories.draft(amara, data={})


def send(client, draft, data, **extra):
    draft.refresh_from_db()
    return client.post(
        reverse("cecs:draft", args=[draft.pk]), {**data, "version": draft.version, "check": "1", **extra}
    )


def days(first: int, last: int) -> dict:
    today = programme_day()
    return {
        "first_day": (today + timedelta(days=first)).isoformat(),
        "last_day": (today + timedelta(days=last)).isoformat(),
    }


CORPUS = [
    ({"title": ""}, "The event has no name yet"),
    ({"title": "\u200b\u200b"}, "The event has no name yet"),
    ({"title": "x" * 201}, "at most 200 characters"),
    ({"provider": ""}, "The organiser is missing"),
    ({"place": " "}, "The place is missing"),
    ({"first_day": ""}, "The first day is missing"),
    ({"first_day": "0001-01-01"}, "The first day is not a date we can use"),
    ({"first_day": "9999-12-31"}, "The first day is not a date we can use"),
    ({"first_day": "2023-02-29"}, "The first day is not a date we can use"),
    ({"last_day": "02/29/24"}, "The last day is not a date we can use"),
    ({"last_day": "２０２６-10-12"}, "The last day is not a date we can use"),
    (days(-10, -12), "comes before the first day"),
    (days(-30, -2), "is more than 14 days"),
    (days(1200, 1202), "lies more than 2 years ahead"),
    ({"delivery": ""}, "Nothing is ticked for how you took part"),
    ({"delivery": "by pigeon"}, "none of the four choices"),
    ({"areas": []}, "No knowledge area is ticked"),
    ({"areas": ["astrology"]}, "is not on the list"),
    ({"learned": ""}, "Nothing says what you learned"),
    ({"attested": ""}, "Tick that what you report is true"),
    ({"hours-0": "6,5h"}, "“6,5h”, are not a number we can read"),
    ({"hours-0": "NaN"}, "“NaN”, are not a number we can read"),
    ({"hours-0": "Infinity"}, "are not a number we can read"),
    ({"hours-0": "1e5"}, "are not a number we can read"),
    ({"hours-0": "1_0"}, "are not a number we can read"),
    ({"hours-0": "５"}, "are not a number we can read"),
    ({"hours-0": "-1"}, "are not a number we can read"),
    ({"hours-0": "5.555"}, "are not a number we can read"),
    ({"hours-0": "25"}, "has 24 hours; “25” cannot be right"),
    ({"hours-0": "0"}, "has 24 hours; “0” cannot be right"),
    ({"hours-0": ""}, "are missing. Type them"),
    ({"what-0": ""}, "What the hours of"),
    ({"what-9": "Late talk", "hours-9": "2"}, "lies after the last day."),
]


@pytest.mark.parametrize(("changes", "sentence"), CORPUS)
def test_each_wrong_answer_has_a_sentence_at_its_field_and_nothing_is_lost(client, draft, changes, sentence):
    data = {**factories.draft_data(), **changes}
    response = send(client, draft, data)
    assert response.status_code == 422
    summary = response.context["summary"]
    assert any(sentence in text for _anchor, text in summary), summary
    page = response.content.decode()
    for anchor, _text in summary:
        assert f'id="{anchor}"' in page
    assert 'id="errors"' in page and "autofocus" in page
    assert data.get("learned", "")[:30] in page
    draft.refresh_from_db()
    assert draft.data["place"] == data["place"].strip()
    assert not ReviewCase.objects.exists()


def test_an_empty_form_names_every_answer_in_the_order_of_the_page(client, draft):
    StoredFile.objects.filter(folder=draft.folder).delete()
    anchors = [anchor for anchor, _text in send(client, draft, {}).context["summary"]]
    assert anchors == [
        "id_title",
        "id_provider",
        "id_first_day",
        "id_last_day",
        "id_place",
        "id_delivery_0",
        "id_hours-0",
        "id_areas_0",
        "id_learned",
        "id_files",
        "id_attested",
    ]


@pytest.mark.parametrize("junk", ["\x00", "a\x00b", "é" * 30_000, "<script>alert(1)</script>", "{{7*7}}"])
def test_no_text_makes_a_500_and_none_of_it_runs(client, draft, junk):
    response = send(client, draft, factories.draft_data(title=junk))
    assert response.status_code in {302, 422, 400}
    page = client.get(reverse("cecs:draft", args=[draft.pk])).content.decode()
    assert "<script>alert" not in page and ">49<" not in page


def test_foreign_fields_are_not_kept(client, draft):
    send(client, draft, factories.draft_data(), is_staff="on", owner="1", **{"what-99": "x", "hours-x": "y"})
    draft.refresh_from_db()
    assert set(draft.data) == set(factories.draft_data())


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<html>", "is not a kind of file we can read"),
        ("scan.pdf", b"", "is empty"),
        ("scan.png", factories.PDF, "its name ends differently"),
    ],
)
def test_a_refused_file_says_so_and_the_good_one_beside_it_stays(client, draft, name, content, sentence):
    bad = factories.SimpleUploadedFile(name, content)
    good = factories.pdf("good.pdf", b"good")
    response = send(client, draft, factories.draft_data(title=""), files=[good, bad])
    assert response.status_code == 422
    texts = [text for _anchor, text in response.context["summary"]]
    assert any(sentence in text and name in text for text in texts)
    assert any("no name yet" in text for text in texts)
    assert StoredFile.objects.filter(folder=draft.folder, name="good.pdf").exists()


def test_a_stale_tab_is_told_so_keeps_its_text_and_may_save_over(client, draft):
    path = reverse("cecs:draft", args=[draft.pk])
    old = draft.version
    client.post(path, {**factories.draft_data(learned="From the other tab."), "version": old, "work-out": "1"})
    stale = client.post(path, {**factories.draft_data(learned="From this tab."), "version": old, "work-out": "1"})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Another tab or device saved this draft" in page and "From this tab." in page
    draft.refresh_from_db()
    assert draft.data["learned"] == "From the other tab."
    again = {**factories.draft_data(learned="From this tab."), "version": stale.context["version"], "work-out": "1"}
    assert client.post(path, again).status_code == 302
    draft.refresh_from_db()
    assert draft.data["learned"] == "From this tab."


def test_a_save_in_the_background_answers_with_the_sum_and_never_overwrites(client, draft):
    path = reverse("cecs:draft", args=[draft.pk])
    answer = client.post(path, {**factories.draft_data(), "version": draft.version}, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert "22 hours ÷ 2 = 11; a single event counts at most 10." in page and "Saved" in page
    stale = client.post(path, {**factories.draft_data(title="Other"), "version": 1}, HTTP_HX_REQUEST="true")
    assert "Not saved" in stale.content.decode()
    draft.refresh_from_db()
    assert draft.data["title"] == factories.draft_data()["title"]


def test_saves_of_one_page_count_as_one_person_typing_even_when_they_overtake_each_other(client, draft):
    """A save in the background that is still on its way must not make the press on a button a stale one."""
    path = reverse("cecs:draft", args=[draft.pk])
    page = {"version": draft.version, "page": str(uuid.uuid4())}

    def post(turn: int, learned: str, **more):
        return client.post(path, {**factories.draft_data(learned=learned), **page, "turn": turn, **more})

    assert post(2, "First words", **{"work-out": "1"}).status_code == 302
    assert post(4, "First words, and more", check="1").status_code == 302
    assert post(3, "First words, and").status_code == 409
    assert post(4, "Replayed").status_code == 409
    draft.refresh_from_db()
    assert draft.data["learned"] == "First words, and more"
    other = {
        **factories.draft_data(learned="Other tab"),
        "version": draft.version,
        "page": str(uuid.uuid4()),
        "turn": 1,
    }
    assert client.post(path, {**other, "work-out": "1"}).status_code == 302
    assert post(5, "First words again").status_code == 409


@pytest.mark.parametrize("version", ["", "abc", "-1", "９", "9" * 30])
def test_a_page_without_a_readable_version_is_a_stale_one(client, draft, version):
    path = reverse("cecs:draft", args=[draft.pk])
    assert client.post(path, {**factories.draft_data(), "version": version}).status_code == 409


def test_filing_what_was_not_checked_is_refused(client, draft):
    send(client, draft, factories.draft_data())
    checked = Draft.objects.get(pk=draft.pk).version
    send(client, draft, factories.draft_data(learned="Changed meanwhile."))
    answer = client.post(reverse("cecs:check", args=[draft.pk]), {"version": checked})
    assert answer.status_code == 409
    assert "The answers changed after this page was shown" in answer.content.decode()
    assert not ReviewCase.objects.exists()


def test_a_claim_worth_nothing_is_not_filed_and_says_why(client, draft):
    short = factories.draft_data(factories.answers("0.75"))
    send(client, draft, short)
    draft.refresh_from_db()
    answer = client.post(reverse("cecs:check", args=[draft.pk]), {"version": draft.version})
    assert answer.status_code == 422
    assert "45 minutes is less than the 60 minutes" in answer.content.decode()
    assert not ReviewCase.objects.exists()


def test_a_replayed_filing_leads_to_the_one_case(client, draft):
    send(client, draft, factories.draft_data())
    draft.refresh_from_db()
    path = reverse("cecs:check", args=[draft.pk])
    first = client.post(path, {"version": draft.version})
    second = client.post(path, {"version": draft.version})
    assert first.url == second.url
    assert client.get(reverse("cecs:draft", args=[draft.pk])).url == first.url
    late = client.post(reverse("cecs:draft", args=[draft.pk]), factories.draft_data(title="Too late"))
    assert late.url == first.url
    assert ReviewCase.objects.get().headline == factories.answers().title


def test_another_persons_draft_does_not_exist(client, draft):
    client.force_login(factories.certificant())
    for name in ("draft", "check", "discard"):
        path = reverse(f"cecs:{name}", args=[draft.pk])
        assert client.get(path).status_code == 404
        assert client.post(path, {}).status_code == 404
    stored = StoredFile.objects.get(folder=draft.folder)
    assert client.get(reverse("home:file", args=[stored.pk])).status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_the_key_of_another_persons_draft_starts_nothing(client, draft):
    stranger = factories.certificant()
    client.force_login(stranger)
    answer = client.post(reverse("cecs:new"), {"submit_key": str(draft.pk), "activity": "conference"}, follow=True)
    assert "This form is not yours" in answer.content.decode()
    assert not Draft.objects.of(stranger).exists()


def test_a_file_of_another_draft_cannot_be_removed(client, draft):
    other = factories.draft()
    stored = StoredFile.objects.get(folder=other.folder)
    path = reverse("cecs:draft", args=[draft.pk])
    for key in (str(stored.pk), "not-a-key"):
        assert client.post(path, {"version": draft.version, "remove": key}).status_code == 302
    stored.refresh_from_db()
    assert stored.removed_at is None


def test_discarding_says_what_goes_and_takes_only_that(client, draft):
    path = reverse("cecs:discard", args=[draft.pk])
    assert "one file" in client.get(path).content.decode()
    stored = StoredFile.objects.get(folder=draft.folder)
    assert client.post(path).status_code == 302
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (None, "this account holds neither"),
        (date(2015, 1, 1), "Your certification lapsed"),
    ],
)
def test_who_may_not_file_is_told_why_and_whom_to_write_to(client, since, sentence):
    person = factories.certificant(since=since) if since else factories.PersonFactory()
    client.force_login(person)
    page = client.get(reverse("cecs:new")).content.decode()
    assert sentence in page and "certification@ser.org" in page and "Start a claim" not in page
    client.post(reverse("cecs:new"), {"submit_key": str(uuid.uuid4())})
    assert not Draft.objects.exists()


def test_in_grace_only_days_of_the_old_period_count(client):
    ended = programme_day() - timedelta(days=30)
    person = factories.certificant(since=date(ended.year - 5, ended.month, min(ended.day, 28)))
    client.force_login(person)
    draft = factories.draft(person, data={})
    send(client, draft, factories.draft_data(factories.answers(last_day=programme_day() - timedelta(days=2))))
    draft.refresh_from_db()
    answer = client.post(reverse("cecs:check", args=[draft.pk]), {"version": draft.version})
    assert answer.status_code == 422
    assert "only activities up to that day" in answer.content.decode()


def test_an_address_with_a_nul_is_no_500(client, amara):
    client.force_login(amara)
    assert client.get("/cecs/?page=%00").status_code == 400
    assert client.get("/cecs/?page=nonsense").status_code == 404
