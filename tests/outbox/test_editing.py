"""SPEC 5: every message has a template that the coordinator edits, tries out and takes back; no wording is lost."""

import re

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from serportal.outbox import services
from serportal.outbox.models import LetterTemplate, Message, Wording
from serportal.ui.refusal import Refusal
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def row():
    return LetterTemplate.objects.get(key="seat-invitation")


def edit(row, by, **words):
    words = {"subject": row.subject, "body": row.body, **words}
    return services.edit_template(row.pk, **words, seen=row.fingerprint, by=by)


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ({"subject": "{referenz}"}, "unknown-placeholder", ["{referenz}", "{due}, {link}, {name}, {reference}"]),
        ({"body": "{title} {credits}"}, "unknown-placeholder", ["{credits}, {title}"]),
        ({"body": "Dear {name, your case {reference}"}, "lone-brace", ["{name, your case"]),
        ({"body": "Dear name}, by {due}"}, "lone-brace", ["name}"]),
        ({"body": "Dear {Name} and { due }"}, "lone-brace", ["{Name}", "{ due }"]),
        ({"body": "Dear {{name}}"}, "lone-brace", ["{}"]),
    ],
)
def test_words_that_cannot_be_filled_are_refused_by_name(row, ruth, words, code, named):
    with pytest.raises(Refusal) as refused:
        edit(row, ruth, **words)
    assert refused.value.code == code and all(name in str(refused.value) for name in named)
    row.refresh_from_db()
    assert not row.is_edited and not Wording.objects.exists()


def test_earlier_words_are_kept_with_who_replaced_them_and_never_change(row, ruth):
    first = row.subject
    row = edit(row, ruth, subject="Second: {reference}")
    row = edit(row, factories.coordinator(name="Deputy"), subject="Third: {reference}")
    kept = [(one.subject, one.replaced_by.name) for one in row.wordings.all()]
    assert kept == [("Second: {reference}", "Deputy"), (first, "Ruth Okello")]
    edit(row, ruth)
    assert row.wordings.count() == 2
    for change in (lambda: Wording.objects.update(subject="x"), lambda: Wording.objects.all()._raw_delete("default")):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_the_original_comes_back_as_one_more_change(row, ruth):
    row = edit(row, ruth, subject="Ours: {reference}", body="{link}")
    assert row.is_edited
    row = services.take_back_original(row.pk, seen=row.fingerprint, by=ruth)
    assert not row.is_edited and "{due}" in row.subject
    assert [one.subject for one in row.wordings.all()] == ["Ours: {reference}", row.original_subject]


def test_a_new_release_changes_untouched_words_and_leaves_edited_ones(row, ruth):
    edited = edit(LetterTemplate.objects.get(key="cec-denied"), ruth, subject="Ours: {reference}")
    LetterTemplate.objects.update(original_subject="Older", original_body="Older", known=[])
    LetterTemplate.objects.filter(pk=row.pk).update(subject="Older", body="Older")
    services.seed_templates()
    for one in (row, edited):
        one.refresh_from_db()
    assert (row.is_edited, edited.is_edited) == (False, True)
    assert "{due}" in row.subject and edited.subject == "Ours: {reference}"
    assert edited.original_subject == "{reference}: your claim was not approved" and "reasons" in edited.known


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(ruth):
    row = LetterTemplate.objects.get(key="seat-invitation")
    answers = at_once(*[lambda n=n: edit(row, ruth, subject=f"Number {n}") for n in range(2)])
    assert sorted(type(one).__name__ for one in answers) == ["LetterTemplate", "Refusal"]
    assert Wording.objects.count() == 1


class Page:
    """The template’s page, with what its form would send."""

    def __init__(self, client, row):
        self.client, self.path = client, reverse("admin:outbox_lettertemplate_change", args=[row.pk])
        self.read(client.get(self.path))

    def read(self, response):
        self.html = response.content.decode()
        self.form = {name: self.hidden(name) for name in ("submit_key", "seen")}

    def hidden(self, name: str) -> str:
        return re.search(rf'name="{name}" value="([^"]+)"', self.html)[1]

    def press(self, button: str, **typed):
        response = self.client.post(self.path, {**self.form, **typed, button: "1"})
        if response.status_code != 302:
            self.read(response)
        return response.status_code


@pytest.fixture
def page(client, row, ruth):
    client.force_login(ruth)
    return Page(client, row)


def test_the_page_names_every_placeholder_with_a_sample_and_previews_both_parts(page):
    for text in ("{due}", "14 December 2026", "{reference}", "CEC-2026-0042", "The day by which something is due"):
        assert text in page.html
    assert "CEC-2026-0042: your ballot is asked for by 14 December 2026" in page.html
    assert "<p>Dear Amara Okafor,</p>" in page.html and "These are the words SER wrote first." in page.html


def test_a_preview_shows_what_is_typed_and_saves_nothing(page, row):
    assert page.press("preview", subject="Mine", body="Hello {name}, http://x.example/ <b>") == 200
    assert "Hello Amara Okafor" in page.html and "&lt;b&gt;" in page.html and "<b>" not in page.html
    assert '<a href="http://x.example/">' in page.html
    row.refresh_from_db()
    assert not row.is_edited and not Message.objects.exists()


def test_a_test_goes_to_the_coordinator_once_a_form_and_marked(page, row, ruth):
    typed, first = {"subject": "Mine: {reference}", "body": "Hello {name}, http://x.example/"}, dict(page.form)
    assert page.press("test", **typed) == 200
    assert f"on its way to {ruth.email}" in page.html and "Mine: {reference}" in page.html
    page.client.post(page.path, {**first, **typed, "test": "1"})
    message = Message.objects.get()
    assert (message.to, message.subject) == (ruth.email, "Test: Mine: CEC-2026-0042")
    assert message.text == "Hello Amara Okafor, http://x.example/" and '<a href="http://x.example/">' in message.html
    page.press("test", **typed)
    assert Message.objects.count() == 2
    row.refresh_from_db()
    assert not row.is_edited


@pytest.mark.parametrize("button", ["preview", "test", "save"])
def test_refused_words_stay_typed(page, button):
    assert page.press(button, subject="Hello {nobody}", body="Typed for an hour.") == 422
    assert "This letter has no value for {nobody}." in page.html
    assert 'value="Hello {nobody}"' in page.html and "Typed for an hour." in page.html
    assert page.press(button, subject=" ", body="Typed for an hour.") == 422
    assert "The subject is missing." in page.html and "Typed for an hour." in page.html
    assert not Message.objects.exists() and not Wording.objects.exists()


def test_a_stale_page_is_told_keeps_its_words_and_may_save_again(page, row):
    edit(row, factories.coordinator(name="Deputy Dana"), subject="Theirs")
    page.press("preview", subject="Mine", body="Mine")
    assert page.press("save", subject="Mine", body="Mine") == 409
    assert "Deputy Dana changed this letter" in page.html and 'value="Mine"' in page.html and "Theirs" in page.html
    assert page.press("save", subject="Mine", body="Mine") == 302
    row.refresh_from_db()
    assert row.subject == "Mine" and row.wordings.count() == 2


def test_the_page_takes_the_original_back_whatever_is_typed(page, row, ruth):
    edit(row, ruth, subject="Ours", body="Ours")
    page.read(page.client.get(page.path))
    assert "Put SER’s original back in place" in page.html and "Last changed by Ruth Okello" in page.html
    assert page.press("original", subject="", body="") == 302
    row.refresh_from_db()
    assert not row.is_edited


def test_the_subject_stays_one_line(page, row):
    page.press("save", subject="One\r\nBcc: x@x.example", body="B")
    row.refresh_from_db()
    assert row.subject == "One Bcc: x@x.example"
