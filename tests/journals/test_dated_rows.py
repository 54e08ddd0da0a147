"""Schedule, policy and knowledge areas: previewed, stored once, never changed once they hold (ARCHITECTURE 15)."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db import Error, InternalError, transaction
from django.db.models.expressions import RawSQL
from django.urls import reverse

from cecs.models import CecSubmission
from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.services import RULES
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
D = Decimal
SOON = programme_day() + timedelta(days=40)
MODELS = {"schedulerow": ScheduleRow, "policyrow": PolicyRow, "knowledgearea": KnowledgeArea}


@pytest.fixture
def ruth(client):
    ruth = factories.coordinator(name="Ruth Okello")
    client.force_login(ruth)
    return ruth


def said(day) -> str:
    return day_text(day).replace("\xa0", " ")


def latest(model, **series):
    return model.objects.filter(**series).latest("effective_from")


def following(model, day=SOON, *, of=None, **changed):
    """A row that follows the latest one of its series from ``day`` on, not stored."""
    held = of or latest(model, **{"activity": "conference"} if model is ScheduleRow else {})
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    return RULES.draft(model, {**{name: getattr(held, name) for name in names}, "effective_from": day, **changed})


def store(row, by):
    return RULES.store(row, digest=RULES.preview(row).digest, by=by)


def refused(code: str, action) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        action()
    assert refusal.value.code == code
    return str(refusal.value)


def typed(row) -> dict:
    """The row as it is typed into the form."""
    fields = [field for field in row._meta.concrete_fields if field.name not in {"id", "category", "measure"}]
    values = {field.name: getattr(row, field.name) for field in fields}
    return {name: ("on" if value is True else str(value)) for name, value in values.items() if value is not False}


# ── What a preview says ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_rate_says_what_changes_and_works_it_out(ruth):
    change = RULES.preview(following(ScheduleRow, rate=D(3)))
    assert change.sentences == (
        "Attending a conference or symposium: 3 hours = 1 credit instead of 2 hours = 1 credit.",
    )
    worked = {one.what: (one.before, one.after) for one in change.examples}
    assert worked["22 hours"] == (
        "22 hours ÷ 2 = 11; a single event counts at most 10.",
        "22 hours ÷ 3 = 7.3333; rounded down to steps of 0.25, that is 7.25.",
    )
    assert worked["1.5 hours"] == ("1.5 hours ÷ 2 = 0.75.", "1.5 hours ÷ 3 = 0.5.")
    assert ScheduleRow.objects.filter(activity="conference").count() == 1


POLICY = [
    ("event_cap", D(8), "A single event counts at most 8 credits instead of 10.", "counts at most 8."),
    (
        "volunteer_cap",
        D(4),
        "Volunteering counts at most 4 credits in a period instead of 5.",
        "at most 4 in a period.",
    ),
    ("least_minutes", 30, "An activity needs at least 30 minutes of contact instead of 60.", "that is 0.75."),
    ("least_months", 8, "A year of service needs at least 8 months instead of 6.", "fewer than the 8"),
    ("step", D("0.5"), "Credits are rounded down to steps of 0.5 instead of 0.25.", "steps of 0.5, that is 7."),
    ("period_credits", D(40), "A period needs 40 credits instead of 50, periods that run then included.", "Has the 40"),
    ("year_credits", D(3), "Each year needs 3 credits instead of 5, years that run then included.", "Has the 3 it"),
    ("uploads_a_year", 2, "Approved credits are uploaded 2 times a year instead of 4.", "Uploads on 1 J"),
    ("upload_waits", True, "An upload waits for the coordinator’s release.", ""),
    ("second_person", True, "Whoever prepared an upload cannot release it; a second person does.", ""),
    ("whole_numbers", False, "Exports tell quarters of a credit as they are.", ""),
]


@pytest.mark.parametrize(("figure", "value", "sentence", "worked"), POLICY)
def test_every_figure_of_the_policy_has_its_sentence_and_its_example(figure, value, sentence, worked):
    change = RULES.preview(following(PolicyRow, date(2027, 8, 2), **{figure: value}))
    assert change.sentences == (sentence,)
    differing = [one.after.replace("\xa0", " ") for one in change.examples if one.differs]
    if figure == "least_minutes":
        assert differing == ["0.75 hours = 0.75."]
    elif worked:
        assert any(worked in text for text in differing), differing
    else:
        assert differing == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "Biology"}, "The knowledge area “Biological science” is called “Biology”."),
        ({"offered": False}, "“Biological science” can no longer be chosen."),
        ({"place": 9}, "“Biological science” stands at place 9 of the list instead of 1."),
        ({"key": "soils", "name": "Soils"}, "A new knowledge area: “Soils”."),
    ],
)
def test_a_knowledge_area_says_what_changes_and_what_the_form_offers(changed, sentence):
    row = following(KnowledgeArea, of=KnowledgeArea.objects.get(key="biological"), **changed)
    change = RULES.preview(row)
    assert change.sentences == (sentence,)
    [offered] = change.examples
    assert offered.before.startswith("Biological science, Physical science") and offered.differs


def test_filed_claims_are_counted_and_keep_their_row(ruth):
    factories.claim()
    factories.claim(about="book")
    amara = factories.certificant()
    factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara)
    change = RULES.preview(following(ScheduleRow, rate=D(3)))
    assert change.stays[:2] == (
        "2 filed claims were worked out by the row that holds until then, and keep it.",
        "There is one journal entry that this is about, and it does not change.",
    )
    change = RULES.preview(following(PolicyRow, event_cap=D(8)))
    assert change.stays[0] == "3 filed claims were worked out by the row that holds until then, and keep it."
    row, new = store(following(ScheduleRow, programme_day(), rate=D(4)), ruth)
    assert new and not CecSubmission.objects.filter(schedule_row=row).exists()
    assert factories.claim(last_day=programme_day(), hours="8").amount == 2


def test_a_row_says_until_when_it_holds(ruth):
    store(following(ScheduleRow, SOON + timedelta(days=30), rate=D(4)), ruth)
    change = RULES.preview(following(ScheduleRow, rate=D(3), of=ScheduleRow.objects.get(activity="conference", rate=2)))
    assert change.until == SOON + timedelta(days=30)
    assert change.sentences[0].endswith("3 hours = 1 credit instead of 2 hours = 1 credit.")


# ── What is stored ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_pressed_twice_it_is_one_row(ruth):
    row = following(ScheduleRow, rate=D(3))
    digest = RULES.preview(row).digest
    first, new = RULES.store(row, digest=digest, by=ruth)
    again, anew = RULES.store(following(ScheduleRow, rate=D(3), of=first), digest=digest, by=ruth)
    assert (again, new, anew) == (first, True, False)
    assert ScheduleRow.objects.filter(activity="conference").count() == 2


def test_only_what_was_previewed_is_stored(ruth):
    row = following(ScheduleRow, rate=D(3))
    refused("changed-preview", lambda: RULES.store(row, digest="0" * 64, by=ruth))
    digest = RULES.preview(row).digest
    refused("changed-preview", lambda: RULES.store(following(ScheduleRow, rate=D(4)), digest=digest, by=ruth))
    store(following(ScheduleRow, SOON - timedelta(days=9), rate=D(5)), ruth)
    refused("changed-preview", lambda: RULES.store(row, digest=digest, by=ruth))
    refused("not-yours", lambda: store(row, factories.member()))
    assert ScheduleRow.objects.filter(activity="conference").count() == 2


def test_a_row_of_a_later_day_can_be_changed_and_withdrawn(ruth):
    row, _new = store(following(ScheduleRow, rate=D(3)), ruth)
    row.rate, row.effective_from = D(4), SOON + timedelta(days=1)
    change = RULES.preview(row)
    assert change.sentences == (
        "Attending a conference or symposium: 4 hours = 1 credit instead of 2 hours = 1 credit.",
        f"Until now a change is stored for {day_text(SOON)}; this one takes its place.",
    )
    assert RULES.store(row, digest=change.digest, by=ruth) == (row, True)
    change = RULES.preview_withdrawal(row)
    assert change.sentences[0].startswith("Nothing changes on ")
    refused("changed-preview", lambda: RULES.withdraw(row, digest="", by=ruth))
    refused("not-yours", lambda: RULES.withdraw(row, digest=change.digest, by=factories.member()))
    assert RULES.withdraw(row, digest=change.digest, by=ruth) is True
    assert RULES.withdraw(row, digest=change.digest, by=ruth) is False
    assert ScheduleRow.objects.filter(activity="conference").count() == 1


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("past", programme_day() - timedelta(days=1)),
        ("past", date(1, 1, 1)),
        ("too-far", programme_day() + timedelta(days=5000)),
        ("nothing-changes", SOON),
    ],
)
@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_days_that_cannot_be_are_refused_in_a_sentence(model, code, day):
    sentence = refused(code, lambda: RULES.preview(following(model, day)))
    assert sentence.endswith(".") and (said(day) in sentence.replace("\xa0", " ") or code == "nothing-changes")


def test_a_day_is_taken_once(ruth):
    store(following(ScheduleRow, rate=D(3)), ruth)
    held = ScheduleRow.objects.get(activity="conference", rate=2)
    refused("duplicate-day", lambda: RULES.preview(following(ScheduleRow, rate=D(5), of=held)))


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_row_in_force_is_changed_and_withdrawn_by_nobody(ruth, model):
    row = model.objects.first()
    refused("in-force", lambda: RULES.preview(row))
    refused("in-force", lambda: RULES.preview_withdrawal(row))
    for action in (
        lambda: model.objects.update(effective_from=SOON),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(InternalError, match="followed, never changed"), transaction.atomic():
            action()


def test_a_row_that_a_claim_filed_in_advance_was_worked_out_by_is_kept(ruth):
    """R-DATE: a claim filed before its activity is worked out by the row of the day it will be complete."""
    row, _new = store(following(ScheduleRow, rate=D(4)), ruth)
    case = factories.claim(factories.certificant(), last_day=SOON + timedelta(days=5), hours="8")
    assert case.cecs_cecsubmission.schedule_row == row
    row.rate = D(5)
    sentence = refused("in-force", lambda: RULES.preview(row))
    assert sentence.startswith("1 claim filed in advance was worked out by this row")
    refused("in-force", lambda: RULES.preview_withdrawal(row))
    with pytest.raises(Error), transaction.atomic():
        row.delete()


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (ScheduleRow, {"rate": "10.01"}),
        (ScheduleRow, {"rate": "-1"}),
        (ScheduleRow, {"unit": ""}),
        (ScheduleRow, {"effective_from": date(1, 1, 1)}),
        (PolicyRow, {"event_cap": "10.01"}),
        (PolicyRow, {"step": "0.3"}),
        (PolicyRow, {"period_credits": "-50"}),
        (PolicyRow, {"uploads_a_year": 3}),
        (PolicyRow, {"effective_from": date(1, 1, 1)}),
        (KnowledgeArea, {"name": ""}),
        (KnowledgeArea, {"effective_from": date(9999, 1, 1)}),
    ],
)
def test_the_database_refuses_rows_that_cannot_be(model, changed):
    row = following(model)
    for name, value in changed.items():
        setattr(row, name, value)
    with pytest.raises(Error), transaction.atomic():
        model.objects.bulk_create([row])


@pytest.mark.parametrize(("model", "figure"), [(ScheduleRow, "rate"), (PolicyRow, "event_cap"), (PolicyRow, "step")])
def test_the_database_refuses_what_is_no_number(ruth, model, figure):
    row, _new = store(following(model, **{"rate": D(3)} if model is ScheduleRow else {"event_cap": D(8)}), ruth)
    with pytest.raises(Error), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{figure: RawSQL("'NaN'::numeric", ())})


# ── The pages ───────────────────────────────────────────────────────────────────────────────────────────────────────


def path_of(model, page: str, *args) -> str:
    return reverse(f"admin:journals_{model._meta.model_name}_{page}", args=args)


def digest_in(response) -> str:
    return re.search(r'name="digest" value="([0-9a-f]{64})"', response.content.decode())[1]


@pytest.mark.parametrize(
    ("model", "changed"),
    [(ScheduleRow, {"rate": D(3)}), (PolicyRow, {"event_cap": D(8)}), (KnowledgeArea, {"name": "Something else"})],
)
def test_from_the_form_over_the_preview_to_the_row(client, ruth, model, changed):
    row = following(model, **changed)
    path = f"{path_of(model, 'add')}?after={latest(model, **{model.SERIES: row.series} if model.SERIES else {}).pk}"
    assert client.get(path).status_code == 200
    data = typed(row)
    count = model.objects.count()
    response = client.post(path, data)
    assert "Store exactly this" in response.content.decode() and model.objects.count() == count
    digest = digest_in(response)
    response = client.post(path, {**data, "confirm": "1"})
    assert "Store exactly this" in response.content.decode() and model.objects.count() == count
    for _press in range(2):
        response = client.post(path, {**data, "confirm": "1", "digest": digest}, follow=True)
        assert f"It is stored and holds from {said(SOON)}." in text_of(response)
    assert model.objects.count() == count + 1
    assert LogEntry.objects.filter(user=ruth).count() == 1
    stored = model.objects.get(effective_from=SOON)
    path = path_of(model, "change", stored.pk)
    assert client.get(path).status_code == 200
    later = {**data, "effective_from": str(SOON + timedelta(days=2))}
    digest = digest_in(client.post(path, later))
    client.post(path, {**later, "confirm": "1", "digest": digest})
    stored.refresh_from_db()
    assert stored.effective_from == SOON + timedelta(days=2)
    path = path_of(model, "withdraw", stored.pk)
    digest = digest_in(client.get(path))
    assert client.post(path, {"digest": "old"}).status_code == 409
    for _press in range(2):
        response = client.post(path, {"digest": digest}, follow=True)
        assert "It is withdrawn; what holds until then goes on." in text_of(response)
    assert model.objects.count() == count and client.get(path).status_code == 404


def test_a_preview_leads_back_to_what_was_typed(client, ruth):
    data = typed(following(ScheduleRow, rate=D(3), unit="whole hours"))
    response = client.post(path_of(ScheduleRow, "add"), {**data, "edit": "1"})
    assert response.status_code == 200 and 'value="whole hours"' in response.content.decode()


def test_a_preview_that_no_longer_holds_is_shown_anew(client, ruth):
    data = typed(following(ScheduleRow, rate=D(3)))
    path = path_of(ScheduleRow, "add")
    digest = digest_in(client.post(path, data))
    store(following(ScheduleRow, SOON - timedelta(days=9), rate=D(5)), ruth)
    response = client.post(path, {**data, "confirm": "1", "digest": digest})
    assert response.status_code == 409
    assert "Something changed since you read the preview." in text_of(response)
    assert "instead of 5 hours = 1 credit" in text_of(response)


BAD = [
    (ScheduleRow, {"rate": "-1"}, "Rate: write a number from 0.25 to 100, in steps of 0.25."),
    (ScheduleRow, {"rate": "NaN"}, "Rate: write a number"),
    (ScheduleRow, {"rate": "10.01"}, "Rate: write a number"),
    (ScheduleRow, {"rate": "1E+1"}, "Rate: write a number"),
    (ScheduleRow, {"rate": "٥"}, "Rate: write a number"),
    (ScheduleRow, {"rate": "1_0"}, "Rate: write a number"),
    (ScheduleRow, {"rate": ""}, "Rate: write a number"),
    (ScheduleRow, {"rate": "9" * 50}, "Rate: write a number"),
    (ScheduleRow, {"unit": "\u200b"}, "Unit: write what is counted"),
    (ScheduleRow, {"activity": "sleeping"}, "Select a valid choice."),
    (ScheduleRow, {"effective_from": "0001-01-01"}, "is past, and what happened by then stays as it was."),
    (ScheduleRow, {"effective_from": "2027-02-30"}, "In force from: write a day as 2027-01-31."),
    (ScheduleRow, {"effective_from": ""}, "In force from: choose a day."),
    (ScheduleRow, {"effective_from": "9999-12-31"}, "is more than ten years ahead."),
    (PolicyRow, {"least_minutes": "7.5"}, "Least minutes of contact: write a number from 0 to 600, in steps of 1."),
    (PolicyRow, {"step": "0.3"}, "Step of rounding: write a number from 0.25 to 1, in steps of 0.25."),
    (PolicyRow, {"event_cap": "10.01"}, "Most credits of a single event: write a number from 0.25 to 100"),
    (PolicyRow, {"uploads_a_year": "3"}, "Select a valid choice."),
    (KnowledgeArea, {"key": "Sóils!"}, "Key: up to 20 small letters, digits and hyphens"),
    (KnowledgeArea, {"name": ""}, "Name: write what the area is called."),
    (KnowledgeArea, {"place": "0"}, "Place in the list: write a number from 1 to 99, in steps of 1."),
]


@pytest.mark.parametrize(("model", "wrong", "sentence"), BAD)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, ruth, model, wrong, sentence):
    changed = {ScheduleRow: {"rate": D(3)}, PolicyRow: {"event_cap": D(8)}, KnowledgeArea: {"name": "Else"}}[model]
    response = client.post(path_of(model, "add"), {**typed(following(model, **changed)), **wrong})
    assert response.status_code in {409, 422}
    assert sentence in text_of(response).replace("\xa0", " ")
    assert model.objects.filter(effective_from__gt=programme_day()).count() == 0


def test_a_comma_is_a_decimal_point(client, ruth):
    data = {**typed(following(ScheduleRow, rate=D(3))), "rate": "2,5"}
    assert "2.5 hours = 1 credit instead of 2 hours" in text_of(client.post(path_of(ScheduleRow, "add"), data))


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_row_in_force_is_shown_with_the_way_to_follow_it(client, ruth, model):
    row = model.objects.first()
    words = text_of(client.get(path_of(model, "change", row.pk)))
    assert "It stays as it is" in words and "Store a row that follows it" in words
    response = client.post(path_of(model, "change", row.pk), typed(following(model)))
    assert response.status_code == 409 and model.objects.filter(effective_from=SOON).count() == 0
    response = client.get(path_of(model, "withdraw", row.pk))
    assert response.url == path_of(model, "change", row.pk)
    assert client.post(path_of(model, "withdraw", row.pk), {"digest": "x"}).url == path_of(model, "change", row.pk)


def test_the_measure_and_the_category_of_an_activity_stay(client, ruth):
    """The claim form asks for what the measure needs; a row cannot take that from under it."""
    data = {**typed(following(ScheduleRow, rate=D(3))), "measure": "each", "category": "7"}
    path = path_of(ScheduleRow, "add")
    client.post(path, {**data, "confirm": "1", "digest": digest_in(client.post(path, data))})
    stored = ScheduleRow.objects.get(effective_from=SOON)
    assert (stored.measure, stored.category) == ("hours", 3)


def test_the_series_of_a_row_stays(client, ruth):
    row, _new = store(following(ScheduleRow, rate=D(3)), ruth)
    words = text_of(
        client.post(path_of(ScheduleRow, "change", row.pk), {**typed(row), "activity": "book", "rate": "4"})
    )
    assert "Attending a conference or symposium: 4 hours" in words


def test_the_public_rules_page_announces_what_is_stored_and_follows_what_holds(client, ruth):
    assert "What will change" not in text_of(client.get("/rules/"))
    store(following(ScheduleRow, rate=D(3)), ruth)
    store(following(PolicyRow, SOON + timedelta(days=1), event_cap=D(8), upload_waits=True), ruth)
    biology = KnowledgeArea.objects.get(key="biological")
    store(following(KnowledgeArea, of=biology, name="Biology"), ruth)
    store(following(KnowledgeArea, programme_day(), of=KnowledgeArea.objects.get(key="physical"), offered=False), ruth)
    words = text_of(client.get("/rules/"))
    words = words.replace(" :", ":")
    assert f"From {said(SOON)}: Attending a conference or symposium: 3 hours = 1 credit instead of 2 hours" in words
    assert "The knowledge area “Biological science” is called “Biology”." in words
    assert f"From {said(SOON + timedelta(days=1))}: A single event counts at most 8 credits instead of 10." in words
    assert "An upload waits" not in words
    areas = words.split("The knowledge areas")[1].split("Three sums")[0]
    assert "Biological science" in areas and "Physical science" not in areas
    assert "2 hours = 1 credit" in words.split("Credit schedule on")[1]


def test_rows_stored_for_two_days_are_each_told_against_the_one_before(client, ruth):
    store(following(ScheduleRow, rate=D(3)), ruth)
    store(following(ScheduleRow, SOON + timedelta(days=30), rate=D(4)), ruth)
    words = text_of(client.get("/rules/"))
    assert "3 hours = 1 credit instead of 2 hours = 1 credit." in words
    assert "4 hours = 1 credit instead of 3 hours = 1 credit." in words
