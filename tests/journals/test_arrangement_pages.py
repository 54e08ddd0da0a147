"""The pages of an arrangement: written, followed, answered, withdrawn; the coordinator’s; journal and dashboard."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from journals.models import Arrangement, ArrangementDraft
from journals.pictures import year_bars
from journals.standing import journal_of
from serportal.reviews import services as reviews
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import CaseState, Step
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db

NEW = "/journal/arrangements/new/"
REASON = "The flood of May took the field station."
TYPED = {"shape": "reduced", "year": "1", "credits": "3", "reason": REASON}


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara(client):
    """In her second year; the first ended with 3 credits."""
    person = factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=500))
    factories.imported(person, credits="3", earned_on=programme_day() - timedelta(days=400))
    client.force_login(person)
    return person


def sent(client, version: int = 1, path: str = NEW, **typed):
    return client.post(path, {"version": str(version), **TYPED, "send": "1", **typed})


def test_a_link_beside_a_short_year_names_it_and_looking_begins_nothing(client, amara):
    page = client.get(f"{NEW}?year=1")
    assert '<option value="1" selected>' in page.content.decode()
    assert "2 short" in text_of(page)
    for year in ("5", "nine", ""):
        assert '" selected>Year' not in client.get(f"{NEW}?year={year}").content.decode()
    assert not ArrangementDraft.objects.exists()


def test_sent_it_leads_to_its_page_and_pressed_twice_it_is_one(client, amara):
    """SPEC 6: two submits of one form make one submission."""
    first, second = sent(client), sent(client)
    case = ReviewCase.objects.get()
    assert first["Location"] == second["Location"] == f"/journal/arrangements/{case.reference}/"
    assert ArrangementDraft.objects.get().case == case
    words = text_of(client.get(first["Location"]))
    assert "With the coordinator, who checks that it is complete." in words and " of 28. You will hear by" in words
    assert "A minimum of 3 credits for year 1" in words and REASON in words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"shape": ""}, "Nothing is ticked. Tick what would help you."),
        ({"shape": "more"}, "This is none of the three. Tick what would help you."),
        ({"year": ""}, "The year is missing."),
        ({"year": "5"}, "This is no year of your period that has begun."),
        ({"credits": ""}, "The number of credits is missing."),
        ({"credits": "three"}, "Write the credits as a plain number, such as 2 or 2.5."),
        ({"credits": "2.1"}, "Credits are counted in quarters."),
        ({"credits": "5"}, "Year 1 needs 5 credits now. Write a smaller number, or 0."),
        ({"reason": " \u200b "}, "The reason is missing. Write what happened, in your own words."),
        ({"shape": "make-up"}, "The make-up date is missing."),
        ({"shape": "make-up", "day": "30 February"}, "This is no day that can be meant."),
        ({"shape": "make-up", "day": "2020-01-01"}, "itself runs until"),
        ({"shape": "make-up", "day": "2099-01-01"}, "Choose a day up to then, or ask for a longer period instead."),
        ({"shape": "extension"}, "The new last day is missing."),
        ({"shape": "extension", "ends": "2020-01-01"}, "Choose a later day."),
        ({"shape": "extension", "ends": "2099-01-01"}, "One arrangement makes a period at most two years longer."),
    ],
)
def test_what_cannot_be_filed_is_said_in_a_sentence_and_nothing_is_lost(client, amara, typed, sentence):
    """SPEC 6: a rejected form gives back what was typed, and files are kept through any validation error."""
    page = sent(client, files=factories.pdf("doctor.pdf"), **typed)
    words = text_of(page)
    assert page.status_code == 422 and sentence in words
    assert "doctor.pdf" in words and not ReviewCase.objects.exists()
    if "reason" not in typed:
        assert REASON in words and REASON in client.get(NEW).content.decode()


def test_a_reason_that_is_too_long_is_refused_and_not_cut(client, amara):
    long = "The flood took it all. " * 400
    refused = sent(client, reason=long)
    assert refused.status_code == 422 and not ReviewCase.objects.exists()
    assert long.strip() in text_of(refused) and ArrangementDraft.objects.get().data["reason"] == long.strip()


def test_what_was_typed_for_another_wish_is_not_judged_and_stays(client, amara):
    typed = {"credits": "three", "day": "soon", "shape": "extension", "ends": "2020-01-01"}
    page = sent(client, **typed).content.decode()
    assert "Choose a later day." in page and "as a plain number" not in page and "no day that can be meant" not in page
    assert 'value="three"' in page and ArrangementDraft.objects.get().data["day"] == "soon"


def test_files_are_added_read_by_their_owner_and_removed(client, amara):
    assert client.post(NEW, {"version": "1", **TYPED, "add": "1", "files": factories.pdf()}).status_code == 302
    draft = ArrangementDraft.objects.get()
    stored = draft.folder.files.get()
    assert b"".join(client.get(f"/files/{stored.pk}/").streaming_content)
    bad = client.post(NEW, {"version": str(draft.version), **TYPED, "send": "1", "files": factories.pdf("x.exe")})
    assert bad.status_code == 422 and REASON in bad.content.decode()
    client.post(NEW, {"version": str(draft.version), **TYPED, "remove": str(stored.pk)})
    stored.refresh_from_db()
    assert stored.removed_at is not None
    client.force_login(factories.certificant())
    assert client.get(f"/files/{stored.pk}/").status_code == 404


def test_a_stale_tab_is_told_so_and_keeps_its_text(client, amara):
    client.post(NEW, {"version": "1", **TYPED, "later": "1"})
    page = client.post(NEW, {"version": "1", **TYPED, "reason": "From another tab.", "later": "1"})
    assert page.status_code == 409 and "From another tab." in page.content.decode()
    assert ArrangementDraft.objects.get().data["reason"] == REASON


def test_where_nothing_can_be_arranged_it_says_why(client, ruth):
    """R-PER-6: a past period, once reinstatement is over."""
    person = factories.certificant(since=programme_day() - timedelta(days=1826 + 470))
    client.force_login(person)
    words = text_of(client.get(NEW))
    assert "A new application is the way back." in words and "Send the request" not in words
    assert sent(client).status_code == 422 and not ReviewCase.objects.exists()
    client.force_login(factories.PersonFactory())
    assert client.get(NEW).status_code == 404


def test_it_is_read_by_who_asked_alone(client, amara):
    case = factories.arrangement(amara)
    path = reverse("journals:arrangement", args=[case.reference])
    assert client.get(path).status_code == 200
    client.force_login(factories.certificant())
    for page in ("", "answer/", "withdraw/"):
        assert client.get(f"{path}{page}").status_code == 404
        assert client.post(f"{path}withdraw/").status_code == 404


def test_withdrawn_on_its_page(client, amara):
    case = factories.arrangement(amara)
    path = reverse("journals:arrangement-withdraw", args=[case.reference])
    assert "nothing changes in your journal" in text_of(client.get(path))
    assert client.post(path, {"text": "It is solved."}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert client.get(path).status_code == 302
    page = client.get(reverse("journals:arrangement", args=[case.reference]))
    assert "Withdrawn. Nothing was decided." in text_of(page)
    assert sent(client).status_code == 302 and ReviewCase.objects.count() == 2


def test_a_question_is_answered_on_its_page(client, ruth, amara):
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    reviews.ask(case.pk, parts=["reason", "files"], question="From when to when?", by=ruth)
    path = reverse("journals:arrangement-answer", args=[case.reference])
    assert path in client.get(reverse("journals:arrangement", args=[case.reference])).content.decode()
    page = client.get(path)
    assert "From when to when?" in text_of(page) and 'name="shape"' not in page.content.decode()
    empty = client.post(
        path, {"version": "1", "reason": "", "answer": "", "send": "1", "files": factories.pdf("a.pdf")}
    )
    assert empty.status_code == 422 and "a.pdf" in text_of(empty)
    version = ArrangementDraft.objects.get(request__isnull=False).version
    told = {"reason": "May to July.", "answer": "See above.", "shape": "extension", "send": "1"}
    assert client.post(path, {"version": str(version), **told}).status_code == 302
    held = Arrangement.objects.get()
    assert (held.reason, held.shape) == ("May to July.", "reduced")
    assert client.get(path).status_code == 302
    words = text_of(client.get(reverse("journals:arrangement", args=[case.reference])))
    assert "You answered" in words and "See above." in words and "a.pdf" in words


def test_asked_about_the_terms_alone_the_reason_stays_as_it_was(client, ruth, amara):
    """R-REV-8: what is not asked about needs no answer."""
    case = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    reviews.ask(case.pk, parts=["asked"], question="Would 4 help as well?", by=ruth)
    path = reverse("journals:arrangement-answer", args=[case.reference])
    before = Arrangement.objects.get().reason
    told = {"shape": "reduced", "year": "1", "credits": "4", "answer": "It would.", "send": "1"}
    assert client.post(path, {"version": "1", **told}).status_code == 302
    held = Arrangement.objects.get()
    assert (held.reason, held.credits) == (before, Decimal(4))


def test_the_coordinator_reads_changes_and_decides_it_on_one_page(client, ruth, amara):
    case = factories.arrangement(amara, credits="0")
    client.force_login(ruth)
    path = reverse("admin:reviews_reviewcase_change", args=[case.pk])
    words = text_of(client.get(path))
    assert "A minimum of 0 credits for year 1" in words and "3 of 5" in words and "chemotherapy" in words
    client.post(reverse("admin:reviews_reviewcase_screen", args=[case.pk]))
    terms = reverse("admin:journals_arrangement_terms", args=[case.pk])
    page = client.post(terms, {"shape": "reduced", "credits": "9"}, follow=True)
    assert "Write a smaller number, or 0." in text_of(page)
    assert "Nothing is ticked." in text_of(client.post(terms, {}, follow=True))
    page = text_of(client.post(terms, {"shape": "reduced", "credits": "2.5"}, follow=True))
    assert "An approval now agrees to: a minimum of 2.5 credits for year 1" in page
    assert "Changed what would be agreed" in page
    assert "needs 2.5 credits." in page and "asked for a minimum of 0 credits" in page
    alone = reverse("admin:reviews_reviewcase_alone", args=[case.pk])
    shown = client.get(path).context["alone_preview"].digest
    client.post(alone, {"basis": "office", "choice": "approve", "digest": shown, "send": "1"})
    case.refresh_from_db()
    assert case.state == CaseState.APPROVED and Decision.objects.get().decided_by == ruth
    assert "Approved" in text_of(client.get(path))
    listed = text_of(client.get(reverse("admin:journals_arrangement_changelist")))
    assert case.reference in listed and "approved by Ruth Okello" in listed


def test_the_queue_counts_open_ones_and_a_conflict_hides_them(client, ruth, amara):
    """R-REV-5: hidden from a coordinator with a conflict, in the queue, the list and by its address."""
    case = factories.arrangement(amara)
    cousin = factories.coordinator(name="Cousin")
    case.parties.create(role="organiser", name="Cousin", person=cousin)
    listed = reverse("admin:journals_arrangement_changelist")
    for person, seen in ((ruth, True), (cousin, False)):
        client.force_login(person)
        boxes = {one["label"]: one["n"] for one in client.get("/admin/").context["tally"]}
        assert boxes["arrangements"] == int(seen)
        for state in ("open", "", "yes"):
            found = case.reference in client.get(listed, {"holds": state}).content.decode()
            assert found == (seen and state != "yes")
        terms = reverse("admin:journals_arrangement_terms", args=[case.pk])
        assert client.post(terms).status_code == (302 if seen else 404)


def test_a_case_of_another_kind_has_no_terms(client, ruth):
    client.force_login(ruth)
    assert client.post(reverse("admin:journals_arrangement_terms", args=[factories.claim().pk])).status_code == 404


def test_the_journal_shows_what_was_agreed_in_bars_table_and_words(client, ruth, amara):
    """R-PER-3: “3 of 3 by arrangement ARR-…”."""
    assert "Ask for an arrangement for year 1" in text_of(client.get("/journal/"))
    case = factories.arranged(ruth, amara)
    words = text_of(client.get("/journal/"))
    assert words.count(f"3 of 3 by arrangement {case.reference}.") == 2
    assert f"what year 1 needs by arrangement {case.reference}: 3." in words
    assert "Ask for an arrangement for year 1" not in words
    bars = year_bars(journal_of(amara, programme_day()), programme_day())
    assert [one["own_least_y"] is not None for one in bars["bars"]] == [True, False, False, False, False]
    assert bars["bars"][0]["own_least_y"] > bars["least_y"]


def test_the_journal_says_where_made_up_credits_went(client, ruth, amara):
    factories.imported(amara, credits="6", earned_on=programme_day() - timedelta(days=20))
    until = programme_day() + timedelta(days=60)
    case = factories.arranged(ruth, amara, shape="make-up", day=until.isoformat())
    words = text_of(client.get("/journal/"))
    assert f"2 credits earned later count here by arrangement {case.reference}" in words
    assert "2 credits earned in it make up for an earlier year and count there alone." in words


def test_the_journal_and_the_dashboard_say_until_when_a_year_is_made_up(client, ruth, amara):
    assert "Ask for an arrangement for year 1" in text_of(client.get("/dashboard/"))
    until = programme_day() + timedelta(days=60)
    case = factories.arranged(ruth, amara, shape="make-up", day=until.isoformat())
    assert f"By arrangement {case.reference}, 2 can still be made up until {day_text(until)}." in text_of(
        client.get("/journal/")
    ).replace("\xa0", " ").replace(day_text(until).replace("\xa0", " "), day_text(until))
    assert f"Arrangement {case.reference} says how." in text_of(client.get("/dashboard/"))


def test_one_that_was_replaced_says_so(client, ruth, amara):
    first, later = (factories.arranged(ruth, amara, credits=credits) for credits in ("4", "2"))
    words = text_of(client.get(reverse("journals:arrangement", args=[first.reference])))
    assert f"It was agreed, and {later.reference} has taken its place." in words
    assert "agreed, replaced by a later one" in text_of(client.get("/journal/"))


@pytest.mark.parametrize("path", ["/dashboard/", "/journal/", "/journal/plan/"])
def test_a_short_year_leads_to_the_form_until_it_was_sent(client, amara, path):
    """R-PER-4"""
    assert "Ask for an arrangement for year 1" in text_of(client.get(path))
    factories.arrangement(amara)
    said = text_of(client.get(path))
    assert "Ask for an arrangement for year 1" not in said and "being read" in said


def test_an_open_one_stands_on_the_dashboard_until_it_is_decided(client, ruth, amara):
    case = factories.arrangement(amara)
    page = client.get("/dashboard/").content.decode()
    assert reverse("journals:arrangement", args=[case.reference]) in page
    reviews.screen(case.pk, by=ruth)
    assert ReviewCase.objects.get().step == Step.ALONE
    factories.settle_alone(case, ruth)
    assert journal_of(amara, programme_day()).progress.years[0].least == Decimal(3)
    assert "Approved" in text_of(client.get("/dashboard/"))
